"""The verdict on a working point: every aspect turns where its condition does."""

from dataclasses import replace

import numpy as np
import pytest
from published import BRUNEL, LIF

from cortex.meanfield import firing_rate, solve_working_point
from cortex.meanfield.stability.verdict import LARGE_JUMP, Mode, judge, stability
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons
from cortex.params.network import PopulationNetwork
from cortex.params.simulation import SimulationParams
from cortex.params.synapses import Synapses
from cortex.spiking import simulate


def judged(network, mode=None, **how):
    """Return the findings by aspect, of the first population where there are several."""
    found = judge(network, solve_working_point(network), mode, **how)
    return {each.aspect: each for each in reversed(found)}


def test_another_stable_state_is_named_with_its_rates():
    # oracle: the two stable states of this network, 0 and 302.1 Hz, see `all_fixed_points`
    two = judged(replace(BRUNEL, g=3.0, nu_ext_ratio=0.8).network())["states"]
    assert (two.holds, two.value) == (False, 1.0)
    assert "302/302 Hz" in two.sentence
    one = judged(replace(BRUNEL, g=5.0, nu_ext_ratio=2.0).network())["states"]
    assert (one.holds, one.value) == (True, 0.0)


@pytest.mark.parametrize(
    ("mode", "holds", "words"),
    [
        (Mode(growth=51.5, frequency=190.2), False, "oscillation at 190.2 Hz, +51.5 per s"),
        (Mode(growth=-20.0, frequency=0.0), True, "drift of rates, decays with 20 per s"),
        (Mode(growth=3.0, frequency=0.0, wave_number=2), False, "pattern with 2 cycles per ring"),
        (Mode(growth=np.nan, frequency=np.nan), True, "No slow mode"),
    ],
)
def test_the_leading_mode_is_told_in_words(mode, holds, words):
    found = stability(mode)
    assert found.holds == holds
    assert words in found.sentence


def test_noise_of_its_own_colour_needs_no_small_share():
    network = replace(BRUNEL, g=5.0, nu_ext_ratio=2.0).network()
    assert not judged(network)["recurrence"].holds
    assert "recurrence" not in judged(network, coloured=True)
    assert judged(network)["rate"].holds
    weak = replace(BRUNEL, g=6.0, nu_ext_ratio=0.85).network()
    assert not judged(weak)["rate"].holds


def driven(J):
    """Return neurons at a mean of 16 and noise of 4 mV, from jumps of J and -J, V."""
    per_rate = LIF.tau_m * J**2
    rate = np.array([[0.5, 0.5]]) * (4e-3) ** 2 / per_rate
    drive = Drive(rate=rate, J=np.array([[J, -J]]), tau_s=np.zeros((1, 2)), mu_dc=np.array([16e-3]))
    return PopulationNetwork(
        names=("E",),
        sizes=np.array([1000]),
        neurons=LIFNeurons(
            **{k: [getattr(LIF, k)] for k in ("tau_m", "tau_ref", "V_th", "V_reset")}
        ),
        synapses=Synapses(in_degrees=0.0, J=1e-4, tau_s=0.0, delay=1e-3),
        drive=drive,
    )


def test_jumps_are_called_large_where_simulated_neurons_fire_less_than_in_theory():
    settings = SimulationParams(dt=2e-5, warm_up=0.1, duration=1.0, precision="float64")
    told = float(firing_rate(16e-3, 4e-3, LIF))
    excess = {}
    for J in (0.4e-3, 2e-3):
        network = driven(J)
        found = judged(network)["jumps"]
        assert found.value == pytest.approx(J / 4e-3)
        assert found.holds == (J / 4e-3 <= LARGE_JUMP)
        nu = simulate(network, settings, seed=3).spikes.mean_rates()[0]
        excess[J] = told / float(nu) - 1.0
    # 8 spikes of 1000 neurons: a standard error of 1 %. Where the verdict holds a fifth is
    # promised, at 0.5 of the noise 20 % are measured
    assert -0.03 < excess[0.4e-3] < 0.1
    assert 0.15 < excess[2e-3] < 0.4
