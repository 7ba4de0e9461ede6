"""Every row of the acceptance table of connectivity is measured, and passes."""

from pathlib import Path

import pytest

from cortex.acceptance.connectivity import (
    measure_closed_forms,
    measure_random_network,
    measure_rings,
    measure_sheet,
    measure_tutorial,
)
from cortex.acceptance.table import read_checks
from cortex.config.read import read_study

ROOT = Path(__file__).parents[3]
CHECKS = {
    check.check_id: check for check in read_checks(ROOT / "config/acceptance/connectivity.tsv")
}


@pytest.fixture(scope="module")
def got():
    study = read_study(ROOT / "config" / "config.yaml")
    wiring, seed = study.connectivity, study.seed
    return {
        **measure_tutorial(wiring),
        **measure_random_network(wiring.random, seed),
        **measure_sheet(wiring.sheet_network, seed),
        **measure_rings(wiring, seed),
        **measure_closed_forms(seed),
    }


def test_every_check_is_measured_and_nothing_else(got):
    assert got.keys() == CHECKS.keys()


@pytest.mark.parametrize("check_id", CHECKS)
def test_the_measured_value_passes(got, check_id):
    check = CHECKS[check_id]
    assert check.passes(got[check_id]), f"got {got[check_id]}, expected {check.expected}"
