"""Gabor-wired cells answer to gratings as the transform of their kernel predicts.

Oracle: theory against simulation; a cell with a shifted kernel shows that the test can fail.
"""

import numpy as np
import pytest

from cortex.connectivity import Projection
from cortex.params.connectivity import GratingParams
from cortex.steps.tuning import _hear, orientation_tuning

BLOCK = {
    "sheet": {"extent_um": 400.0, "n_side": 33},
    "sigma_um": 40.0,
    "frequency_per_um": 0.015,
    "theta_deg": [30.0, 120.0],
    "tuning": {"n_cells": 10, "n_angles": 12, "rate_Hz": 30.0, "duration_s": 1.0, "J_mV": 0.6},
}


@pytest.fixture(scope="module")
def tuning():
    return orientation_tuning(GratingParams.from_config(BLOCK), seed=5)


def test_rates_at_every_angle_are_those_of_the_transform(tuning):
    apart = tuning["simulated"] - tuning["predicted"]
    top = tuning["predicted"].max()
    # four standard errors, and 6 % of the highest rate: jumps of 0.6 mV are no white noise, and at
    # 3 Hz the rate lags behind the stationary one
    assert np.all(np.abs(apart) < 4.0 * tuning["error"] + 0.06 * top)
    assert top > 5.0 * tuning["predicted"].min()
    shifted = np.roll(tuning["simulated"], 2) - tuning["predicted"]
    assert np.abs(shifted).max() > 0.3 * top  # kernels 30 degrees off are told apart


def test_cells_answer_most_to_the_angle_of_their_kernel(tuning):
    for theta in (30.0, 120.0):
        own = tuning["theta"] == np.deg2rad(theta)
        best = tuning["angle"][own][np.argmax(tuning["simulated"][own])]
        assert best == pytest.approx(np.deg2rad(theta))


def test_every_synapse_of_a_spike_is_heard_once():
    wiring = Projection.from_pairs(
        [0, 2, 2, 1], [0, 0, 1, 1], n_sources=3, n_targets=2, weights=[0.1, 0.2, 0.3, 0.4]
    )
    step, target, weight = _hear(10, (np.array([0.0, 2.5e-4]), np.array([2, 1])), wiring)
    assert list(zip(step, target, weight.tolist(), strict=True)) == [
        (1, 10, 0.2),
        (1, 11, 0.3),
        (3, 11, 0.4),
    ]
