"""Simulated neurons whose mean input swings, against theory of the slow and of the fast swing."""

import numpy as np
import pytest

from cortex.errors import ParameterError
from cortex.meanfield.exponents import angular
from cortex.meanfield.response.transfer import linear_response
from cortex.meanfield.stationary.derivatives import rate_slopes
from cortex.params.lif import LIFParams
from cortex.params.response import DrivenNeurons
from cortex.params.simulation import SimulationParams
from cortex.spiking import drive_neurons

LIF = LIFParams(tau_m=0.02, tau_ref=0.0, V_th=0.02, V_reset=0.015)
RUN = SimulationParams(dt=1e-4, warm_up=0.2, duration=1.0, precision="float32")
AT = {"mu": 19.66e-3, "sigma": 4e-3}
FREQUENCY = np.array([2.0, 20.0])


@pytest.fixture(scope="module")
def seen():
    cases = {name: np.full(2, value) for name, value in AT.items()}
    swing = {"frequency": FREQUENCY, "amplitude": np.full(2, 1e-3)}
    run = {"n_neurons": 2000, "settings": RUN, "seed": 3}
    return drive_neurons(LIF, **cases, **swing, tau_s=5e-4, **run)


def test_a_slow_swing_moves_the_rate_by_the_slope_of_the_stationary_rate(seen):
    slopes = rate_slopes(**AT, neuron=LIF, tau_s=5e-4, method="shift")
    # intervals are more regular than Poisson: both errors are upper bounds; 1 % is the grid's
    assert seen.rate == pytest.approx(np.full(2, slopes.nu), rel=0.015)
    assert abs(abs(seen.response[0]) - slopes.by_mu) < 3.0 * seen.error[0]
    assert seen.error[0] < 0.05 * slopes.by_mu


def test_a_faster_swing_lags_as_theory_says(seen):
    told = linear_response(angular(FREQUENCY), **AT, neuron=LIF, tau_s=5e-4, method="shift").H_mu
    off = np.abs(seen.response - told) / seen.error
    assert np.all(off < 3.5)  # two parts of one standard error each: 3.5 once in 450 points
    assert abs(seen.response[1] - told[1].conj()) > 10.0 * seen.error[1]  # a lead would be seen


def test_frequencies_whose_cycles_the_run_cuts_are_refused():
    one = {name: np.full(1, value) for name, value in AT.items()}
    with pytest.raises(ParameterError, match=r"1 s hold 2.5 cycles; take a multiple of 1 Hz"):
        drive_neurons(
            LIF, **one, tau_s=5e-4, frequency=np.array([2.5]), amplitude=np.array([1e-3]),
            n_neurons=2, settings=RUN, seed=1,
        )  # fmt: skip
    with pytest.raises(ParameterError, match=r"frequency = .*: the run cuts a cycle of 2.5 Hz"):
        DrivenNeurons(frequency=(2.0, 2.5), swing=0.2, n_neurons=10, run=RUN)
