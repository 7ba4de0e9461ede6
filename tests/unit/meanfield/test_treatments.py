"""One neuron by four treatments of its synapses: simulations, slopes, the range of each."""

from typing import Any

import numpy as np
import pytest

from cortex.meanfield import firing_rate
from cortex.meanfield.response.treatments import HIGHEST, treat
from cortex.params.lif import LIFParams

LIF = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.015, V_reset=0.0)
AT: dict[str, Any] = {"mu": 0.016, "sigma": 4e-3, "neuron": LIF}


@pytest.mark.parametrize("name", ["white", "shift", "taylor", "nodes"])
def test_the_response_begins_at_the_slope_of_the_rate_found_by_differences(name):
    slow = np.array([1e-3])
    own = treat(name, **AT, tau_s=5e-4, frequency=slow)
    up, down = (
        treat(name, **{**AT, "mu": AT["mu"] + step}, tau_s=5e-4, frequency=slow).nu
        for step in (1e-5, -1e-5)
    )
    # differences of 10 uV leave 1e-6. On nodes the rate keeps a white part of a twentieth and the
    # response is extrapolated to none: 0.5 % apart here, a third of what is asked of a response
    assert own.slope == pytest.approx((up - down) / 2e-5, rel=1e-5)
    assert own.H_mu[0].real == pytest.approx(own.slope, rel=0.01 if name == "nodes" else 1e-5)


def test_without_a_filter_the_rate_is_that_of_white_noise_and_a_filter_lowers_it():
    rates = [treat(name, **AT, tau_s=5e-4, frequency=np.array([1.0])).nu
             for name in ("white", "shift", "nodes")]  # fmt: skip
    assert rates[0] == pytest.approx(float(firing_rate(AT["mu"], AT["sigma"], LIF)), rel=1e-12)
    assert max(rates[1:]) < rates[0]


def test_on_nodes_the_response_is_that_of_simulated_neurons_where_they_resolve_it():
    """Means of four simulations of swinging input, Hz/mV, with a standard error of 0.025."""
    f = np.array([40.0, 125.0, 240.0])
    found = treat("nodes", **AT, tau_s=2e-3, frequency=f)
    assert HIGHEST / (2.0 * np.pi * 2e-3) == pytest.approx(238.7, abs=0.1)
    assert found.frequency.tolist() == [40.0, 125.0]
    simulated = np.array([3.267 - 1.157j, 2.529 - 0.618j])
    assert np.all(np.abs(1e-3 * found.H_mu - simulated) < 3.0 * np.sqrt(2.0) * 0.025)
    shifted = treat("shift", **AT, tau_s=2e-3, frequency=f)
    assert abs(1e-3 * shifted.H_mu[1] - simulated[1]) > 10.0 * 0.025
