"""Every row of the acceptance table of network dynamics passes."""

import numpy as np
import pytest

from cortex.acceptance.meanfield_dynamics import measure_all
from cortex.acceptance.table import judge, read_checks
from cortex.params.microcircuit import MicrocircuitParams
from cortex.params.senk import SenkParams


@pytest.mark.slow
def test_every_published_or_independent_number_is_met(root, brunel):
    got = measure_all(brunel, SenkParams(), MicrocircuitParams.bos2016())
    checks = read_checks(root / "config" / "acceptance" / "meanfield_dynamics.tsv")
    table = judge(checks, got)
    failed = [check.check_id for check in checks if not check.passes(got[check.check_id])]
    assert failed == []
    assert len(table["check_id"]) == len(checks) > 100
    assert np.all(np.isfinite(list(got.values())))
