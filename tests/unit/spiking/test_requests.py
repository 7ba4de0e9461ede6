"""Impossible requests are refused before anything is built; blow-up is no result."""

from dataclasses import replace

import numpy as np
import pytest

from cortex.errors import ParameterError, SimulationError
from cortex.params.brunel import BrunelParams
from cortex.params.drive import Drive
from cortex.params.simulation import SimulationParams
from cortex.params.wiring import WiringRule
from cortex.spiking import (
    Inputs,
    Recorder,
    SourceLists,
    SpikeInputs,
    draw_source_lists,
    draw_wiring,
    simulate,
)
from cortex.spiking.draws import list_bytes

MODEL = BrunelParams(
    n_exc=400,
    n_inh=100,
    in_degree_exc=40,
    in_degree_inh=10,
    J=1e-3,
    g=5.0,
    nu_ext_ratio=2.0,
)
SETTINGS = SimulationParams(dt=1e-4, warm_up=0.0, duration=0.1, precision="float64")


def pair(tau_s=0.0, tau_ref=2e-3):
    """Two neurons at rest, no drive; weights and delays come with the wiring."""
    network = MODEL.network()
    return replace(
        network,
        sizes=np.array([1, 1]),
        neurons=replace(network.neurons, tau_ref=tau_ref),
        synapses=replace(network.synapses, in_degrees=1.0, tau_s=tau_s),
        drive=Drive(rate=np.zeros((2, 0)), J=0.0, tau_s=0.0),
    )


def spread(network, sd=0.75e-3, **changes):
    """Return the network with delays that scatter."""
    law = {"delay_sd": sd, "delay_distribution": "truncated_gaussian", **changes}
    return replace(network, synapses=replace(network.synapses, **law))


def run_pair(network, events, weight=5e-3, delay=7, steps=100):
    wiring = SourceLists.from_connections(
        np.array([0]), np.array([1]), n_neurons=2, delays=np.array([delay]),
        weights=np.array([weight]),
    )  # fmt: skip
    steps_, targets, weights = (np.array(column) for column in zip(*events, strict=True))
    inputs = Inputs(
        V0=np.zeros(2), events=SpikeInputs(steps=steps_, targets=targets, weights=weights)
    )
    settings = replace(SETTINGS, duration=steps * 1e-4 if steps > 100 else 0.01)
    return simulate(
        network, settings, seed=0, wiring=wiring, inputs=inputs, record=Recorder(voltages=(0, 1))
    )


def test_a_spike_arrives_after_exactly_its_delay():
    run = run_pair(pair(), [(10, 0, 25e-3)])
    V = run.traces["V"][:, 1]
    assert run.spikes.steps.tolist() == [9]  # the update that yields V(10 dt)
    assert np.flatnonzero(V > 0)[0] == 16  # yields V(17 dt), 7 steps later
    assert V[16] == pytest.approx(5e-3)


def test_delta_input_during_the_refractory_time_is_lost():
    run = run_pair(pair(), [(10, 0, 25e-3), (30, 0, 4e-3), (31, 0, 4e-3)])
    V = run.traces["V"][:, 0]
    assert np.all(V[9:29] == 10e-3)  # held at reset for the 20 updates after the spike
    decay = np.exp(-1e-4 / 0.02)
    # the 20th of them (step 30) still loses its input, the next one receives it
    assert V[30] == pytest.approx(10e-3 * decay + 4e-3)


def test_current_input_during_the_refractory_time_is_kept():
    silent = run_pair(pair(tau_s=2e-3), [(1, 0, 60e-3)])
    first = silent.spikes.steps[0] + 1
    kept = run_pair(pair(tau_s=2e-3), [(1, 0, 60e-3), (first + 5, 0, 6e-3)])
    end = first + 25
    assert kept.traces["V"][end, 0] > silent.traces["V"][end, 0] + 0.5e-3


@pytest.mark.parametrize(("delay", "dt"), [(1.5e-3, 0.4e-3), (0.05e-3, 0.1e-3)])
def test_a_delay_off_the_grid_or_below_the_step_is_refused(delay, dt):
    network = replace(MODEL, delay=delay).network()
    with pytest.raises(SimulationError, match="delay from E to E = "):
        simulate(network, replace(SETTINGS, dt=dt, duration=0.1), seed=1)


def test_a_mean_of_spread_delays_below_the_step_is_refused():
    network = spread(MODEL.network(), 0.02e-3, delay=0.05e-3)
    with pytest.raises(SimulationError, match=r"delay from E to E = 5e-05 s is not"):
        simulate(network, SETTINGS, seed=1)


def test_weights_of_the_network_that_are_not_finite_are_refused():
    network = MODEL.network()
    J = network.synapses.J.copy()
    J[0, 1] = np.nan
    with pytest.raises(ParameterError, match=r"Synapses\.J = nan V is outside"):
        replace(network, synapses=replace(network.synapses, J=J))


def test_a_refractory_time_off_the_grid_is_refused():
    network = replace(MODEL, neuron=replace(MODEL.neuron, tau_ref=1.05e-3)).network()
    with pytest.raises(SimulationError, match=r"refractory time of E = 0\.00105 s is not a mult"):
        simulate(network, SETTINGS, seed=1)


def test_more_memory_than_the_machine_has_is_refused_with_the_amount_needed():
    giant = replace(MODEL, n_exc=9_000_000, n_inh=1_000_000, in_degree_exc=900_000, J=1e-6)
    with pytest.raises(SimulationError, match=r"needs \d+\.\d GB, this machine has"):
        draw_wiring(giant.network(), SETTINGS, seed=1)


def test_sparse_lists_beyond_the_memory_are_refused_before_a_source_is_drawn(monkeypatch):
    """Ten million neurons of 100,000 synapses, spread delays: 4 + 1 bytes each, 5 TB."""
    sparse = replace(
        MODEL, n_exc=8_000_000, n_inh=2_000_000, in_degree_exc=80_000, in_degree_inh=20_000, J=1e-6
    )
    wide = spread(sparse.network())
    monkeypatch.setattr("cortex.spiking.draws.draw_sources", None)
    with pytest.raises(SimulationError, match=r"1e\+12 synapses in lists needs 5000\.2 GB"):
        draw_source_lists(wide, seed=1, dt=1e-4)


def test_the_memory_announced_for_lists_is_what_they_take():
    for network in (MODEL.network(), spread(MODEL.network())):
        lists = draw_source_lists(network, seed=1, dt=1e-4)
        # row starts take 8 bytes a neuron, two counters of the drawing as much again each
        assert list_bytes(network) == pytest.approx(lists.n_bytes + 16 * 500, abs=8)


@pytest.mark.parametrize("multapses", [False, True], ids=["bits", "lists"])
def test_blow_up_is_reported_and_not_returned(multapses):
    excited = replace(MODEL, g=0.0, J=5e-3, nu_ext_ratio=1000.0).network()
    wiring = draw_wiring(excited, SETTINGS, seed=1, rule=WiringRule(multapses=multapses))
    with pytest.raises(SimulationError, match="the activity blew up"):
        simulate(excited, SETTINGS, seed=1, wiring=wiring)


def test_wrong_wiring_state_rates_and_neurons_are_refused():
    network = MODEL.network()
    other = draw_wiring(replace(MODEL, n_inh=120).network(), SETTINGS, seed=1)
    with pytest.raises(SimulationError, match="wiring of 520 neurons for a network of 500"):
        simulate(network, SETTINGS, seed=1, wiring=other)
    lists = draw_wiring(network, SETTINGS, seed=1, rule=WiringRule(multapses=True))
    state = simulate(network, SETTINGS, seed=1).state
    with pytest.raises(SimulationError, match="cannot go on"):
        simulate(network, SETTINGS, seed=1, wiring=lists, state=state)
    with pytest.raises(ParameterError, match="leaves the 500 neurons"):
        simulate(network, SETTINGS, seed=1, record=Recorder(voltages=(500,)))
    with pytest.raises(ParameterError, match="must not be negative"):
        simulate(network, SETTINGS, seed=1, inputs=Inputs(rates=-np.ones((1, 2, 1))))
    with pytest.raises(ParameterError, match="V0 = nan V is outside"):
        simulate(network, SETTINGS, seed=1, inputs=Inputs(V0=np.full(500, np.nan)))


def test_time_dependent_rates_switch_the_drive_at_the_step():
    network = MODEL.network()
    rates = np.stack([network.drive.rate * 0.0, network.drive.rate])
    run = simulate(network, SETTINGS, seed=1, inputs=Inputs(
        V0=np.zeros(500), rates=rates, rate_interval=0.05))  # fmt: skip
    assert run.spikes.steps.min() > 500
    assert run.spikes.steps.size > 100
