"""LFP of a network simulated by cortex: derived currents are the simulated ones."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from cortex.config.presets import read_preset
from cortex.errors import ParameterError
from cortex.lfp import (
    SynapseClass,
    SynapticKernel,
    lfp_from_classes,
    lfp_from_spikes,
    population_currents,
    run_currents,
    weighted_sum_classes,
    wired_classes,
    wiring_charges,
)
from cortex.lfp.running import lfp_by_ways
from cortex.networks.case import case_of
from cortex.params.description.overrides import deep_merge
from cortex.params.lfp import SYNAPSES, WeightedSumParams
from cortex.params.simulation import SimulationParams
from cortex.params.wiring import PLAIN, WiringRule
from cortex.spikes import Spikes
from cortex.spiking import Recorder, draw_source_lists, simulate

DT = 1e-4
COURSES = [(2e-3, 0.4e-3), (5e-3, 0.25e-3)]  # decay and rise of AMPA and GABA
SMALL = {
    "populations": {"E": {"size": 80}, "I": {"size": 20}},
    "projections": {
        "from_E": {"in_degree": 16, "J_mV": 0.7},
        "from_I": {"in_degree": 4, "J_mV": -1.75},
    },
    "drive": {"background": {"rate_Hz": 10_000.0}},
}
NETWORK = case_of("small", deep_merge(read_preset("lfp_demonstration"), SMALL)).network


@pytest.fixture(scope="module")
def simulated():
    network = NETWORK
    wiring = draw_source_lists(network, seed=1, dt=DT)
    settings = SimulationParams(dt=DT, warm_up=0.0, duration=0.3, precision="float64")
    record = Recorder(currents="population")
    run = simulate(network, settings, seed=1, wiring=wiring, record=record)
    return network, wiring, run


def test_inhibitory_current_from_spikes_is_the_simulated_one(simulated):
    network, wiring, run = simulated
    charges = wiring_charges(wiring, network, capacitance=SYNAPSES.capacitance)
    kernels = [SynapticKernel(tau_decay=tau, tau_rise=rise) for tau, rise in COURSES]
    unweighted = WeightedSumParams(alpha=1.0, delay_ampa=0.0)
    _, gaba = weighted_sum_classes(
        charges, ampa=kernels[0], gaba=kernels[1], delay=1.5e-3, weighting=unweighted
    )
    spikes = run.spikes
    mean = np.full((1, 80), 1.0 / 80)
    # sample n of a trace stands at the end of step n, as its spikes do
    derived = -lfp_from_spikes(mean, spikes, [gaba], at=DT * np.arange(1, 3001))[:, 0]
    ri_to_current = SYNAPSES.capacitance / network.neurons.tau_m[0]
    traced = ri_to_current * run.traces["inh"][:, 0]
    # one scale, the same exponential: rounding only
    np.testing.assert_allclose(derived, traced, rtol=0, atol=1e-9 * np.abs(traced).max())
    early = -lfp_from_spikes(mean, spikes, [gaba], at=DT * np.arange(3000))[:, 0]
    # one step off; with a rise a step of 0.1 ms moves the current by a tenth at most
    assert np.abs(early - traced).max() > 0.05 * np.abs(traced).max()


def test_the_lfp_of_simulated_currents_is_that_of_the_spikes(simulated):
    network, wiring, run = simulated
    amplitude = np.random.default_rng(4).normal(size=(3, 80))
    settings = SimulationParams(dt=DT, warm_up=0.0, duration=0.3, precision="float64")
    given = {"seed": 1, "wiring": wiring, "capacitance": SYNAPSES.capacitance}
    at = DT * np.arange(1, 3001)
    simulated_lfp, in_one = (
        lfp_from_classes(
            np.eye(3),
            run_currents(amplitude, network, settings, **given, block=block),
            at=at,
            boundary="zero",
        )
        for block in (0.07, 0.3)
    )
    # blocks change no bit of the state, only where the rows of the product are cut
    np.testing.assert_allclose(simulated_lfp, in_one, rtol=0, atol=1e-14 * np.abs(in_one).max())
    classes = weighted_sum_classes(
        wiring_charges(wiring, network, capacitance=SYNAPSES.capacitance),
        ampa=SynapticKernel.of(SYNAPSES.ampa),
        gaba=SynapticKernel.of(SYNAPSES.gaba),
        delay=1.5e-3,
    )
    from_spikes = lfp_from_spikes(amplitude, run.spikes, classes, at=at)
    # every cell by its own exponentials: rounding only
    scale = np.abs(from_spikes).max()
    np.testing.assert_allclose(simulated_lfp, from_spikes, rtol=0, atol=1e-9 * scale)


def test_mean_in_degrees_give_the_same_current_up_to_the_spread_of_out_degrees(simulated):
    network, wiring, run = simulated
    spikes = run.spikes
    from_means = population_currents(spikes, network)
    charges = wiring_charges(wiring, network, capacitance=SYNAPSES.capacitance)
    classes = weighted_sum_classes(
        charges,
        ampa=SynapticKernel.of(SYNAPSES.ampa),
        gaba=SynapticKernel.of(SYNAPSES.gaba),
        delay=1.5e-3,
        weighting=WeightedSumParams(alpha=1.0, delay_ampa=0.0),
    )
    mean = np.full((1, 80), 1.0 / 80)
    ampa = lfp_from_spikes(mean, spikes, classes[:1], at=from_means.time)[:, 0]
    assert np.corrcoef(ampa, from_means.ampa)[0, 1] > 0.95
    # out-degrees of 16 +- 3.6 average out over the 80 sources
    assert ampa.mean() == pytest.approx(from_means.ampa.mean(), rel=0.1)


def test_times_found_within_a_step_are_those_of_the_lfp():
    events = Spikes(
        steps=np.array([3, 3, 7]),
        neurons=np.array([1, 0, 0]),
        times=np.array([3.2e-4, 3.8e-4, 7.5e-4]),
        dt=DT,
        n_steps=10,
        names=("E",),
        sizes=np.array([2]),
    )
    kernel = SynapticKernel(tau_decay=2e-3, tau_rise=4e-4, norm="peak")
    synapses = SynapseClass(weights=np.array([[1.0, 2.0]]), kernel=kernel)
    at = np.linspace(0, 5e-3, 51)
    found = lfp_from_spikes(np.ones((1, 1)), events, [synapses], at=at)[:, 0]
    expected = kernel(at - 3.8e-4) + 2 * kernel(at - 3.2e-4) + kernel(at - 7.5e-4)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-13)


def test_charges_of_a_target_add_up_to_its_in_degree(simulated):
    network, wiring, _ = simulated
    charges = wiring_charges(wiring, network, capacitance=1e-10)
    assert charges.shape == (80, 100)
    np.testing.assert_allclose(charges[:, :80].sum(axis=1), 16 * 7e-14, rtol=1e-12)
    np.testing.assert_allclose(charges[:, 80:].sum(axis=1), -4 * 1.75e-13, rtol=1e-12)
    everyone = wiring_charges(wiring, network, capacitance=1e-10, targets=("I", "E"))
    assert everyone.shape == (100, 100)


def test_wiring_drawn_again_is_that_of_the_simulation(simulated):
    network, wiring, _ = simulated
    given = {"seed": 1, "dt": DT, "synapses": SYNAPSES, "weighting": WeightedSumParams()}
    ampa, gaba = wired_classes(network, **given, rule=PLAIN)
    charges = wiring_charges(wiring, network, capacitance=SYNAPSES.capacitance)
    assert abs(csr_array(ampa.weights) + csr_array(gaba.weights) - charges).max() == 0.0
    assert (ampa.shift, gaba.factor) == (6e-3, -1.65)
    delays = replace(network.synapses, delay=[[1e-3, 2e-3], [1e-3, 1e-3]])
    uneven = replace(network, synapses=delays)
    with pytest.raises(ParameterError, match="one delay is needed"):
        wired_classes(uneven, **given, rule=PLAIN)


@pytest.mark.parametrize("rule", [PLAIN, WiringRule(rule="fixed_total_number")])
def test_an_lfp_from_spikes_needs_the_rule_that_the_simulation_was_wired_by(rule):
    settings = SimulationParams(dt=DT, warm_up=0.0, duration=0.2, precision="float64")
    wiring = draw_source_lists(NETWORK, seed=1, dt=DT, rule=rule)
    spikes = simulate(NETWORK, settings, seed=1, wiring=wiring).spikes
    amplitude = np.random.default_rng(4).normal(size=(2, 80))
    given = {"seed": 1, "synapses": SYNAPSES, "weighting": WeightedSumParams(), "rule": rule}
    ways = lfp_by_ways(amplitude, spikes, NETWORK, settings, **given)
    scale = np.abs(ways["simulated"]).max()
    # the same exponentials on the same connections: rounding only
    np.testing.assert_allclose(ways["from_spikes"], ways["simulated"], rtol=0, atol=1e-9 * scale)
    misread = np.abs(ways["bare"] - ways["simulated"]).max()
    assert misread > scale
