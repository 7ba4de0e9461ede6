"""Drives that start a network and end before it is recorded are none of the recorded one."""

import numpy as np
import pytest

from cortex.config.presets import read_preset
from cortex.networks.case import read_case
from cortex.networks.courses import as_recorded
from cortex.steps.predict import predict


def test_theory_of_coba_knows_nothing_of_the_drive_that_starts_it():
    """It is the asynchronous state that sustains itself; NEST, which bursts, fires at 18.6 Hz."""
    case = read_case("coba", read_preset("coba"), "default")
    assert np.all(case.network.drive.rate == 400.0)
    assert np.all(as_recorded(case).network.drive.rate == 0.0)
    tables, refused = predict(case, ("rates", "course", "modes"))
    assert "course" not in tables
    assert refused.keys() <= {"course"}
    # fits of both populations had pairs of poles whose residues cancelled but for rounding
    assert np.all(np.isfinite(tables["modes"]["growth"]))
    nu = tables["rates"]["nu"]
    assert 2.0 < nu[0] < 18.6
    # both populations hear the same, through the same neurons
    assert nu[0] == pytest.approx(nu[1], rel=1e-6)


def test_drives_that_change_while_recorded_stay_as_they_are():
    case = read_case("step_response", read_preset("step_response"), "step")
    same = as_recorded(case)
    assert same.courses == case.courses
    np.testing.assert_array_equal(same.network.drive.rate, case.network.drive.rate)
