"""Every row of the acceptance table of the learning ring is measured, and passes."""

import pytest

from cortex.acceptance.learning import measure_learning
from cortex.acceptance.table import read_checks
from cortex.config.read import read_study


@pytest.mark.slow
def test_the_learning_ring_passes_its_acceptance_rows(root):
    study = read_study(root / "config" / "config.yaml")
    checks = {c.check_id: c for c in read_checks(root / "config" / "acceptance" / "learning.tsv")}
    got = measure_learning(study.learning.model, study.seed)
    assert got.keys() == checks.keys()
    assert {name: value for name, value in got.items() if not checks[name].passes(value)} == {}
