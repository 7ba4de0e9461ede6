"""Several models of neurons in one network, and conductances that act at once."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from cortex.cells.adex import AdExNeurons
from cortex.cells.eif import EIFNeurons
from cortex.cells.mixed import MixedNeurons
from cortex.errors import ParameterError
from cortex.meanfield.stationary.cell_inputs import CellInputs, relax_cells
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons
from cortex.params.network import PopulationNetwork
from cortex.params.simulation import SimulationParams
from cortex.params.synapses import Synapses
from cortex.spiking import Inputs, PerNeuron, Recorder, SpikeInputs, simulate

COMMON = {"tau_m": 0.02, "tau_ref": 2e-3, "V_th": 0.015, "V_reset": 0.005}
UPSWING = {"Delta_T": 2e-3, "V_peak": 0.03}
ADAPTED = AdExNeurons(**COMMON, **UPSWING, tau_w=0.1, a=0.2, b=1e-3)
LEAKY = LIFNeurons(**{**COMMON, "tau_m": 0.01})


def network(neurons, coupling=1.0, g=0.0, delay=1.5e-3):
    return PopulationNetwork(
        names=("E", "I"),
        sizes=np.array([80, 20]),
        neurons=neurons,
        synapses=Synapses(
            in_degrees=[8.0 * coupling, 4.0 * coupling], J=np.array([3e-4, -6e-4]) * (g == 0.0),
            g=[g, 2.0 * g], E_rev=[0.07, -0.01], tau_s=[3e-3, 6e-3], delay=delay,
        ),
        drive=Drive(rate=1000.0, J=4e-4, tau_s=2e-3, mu_dc=0.012),
    )  # fmt: skip


def settings(integration="fixed", duration=0.3):
    return SimulationParams(
        dt=1e-4, warm_up=0.0, duration=duration, precision="float64", integration=integration
    )


def spikes_of(net, population, integration):
    spikes = simulate(net, settings(integration), seed=4).spikes
    own = (spikes.neurons >= net.first[population]) & (spikes.neurons < net.first[population + 1])
    return spikes.steps[own], spikes.neurons[own]


@pytest.mark.parametrize(("integration", "g"), [("fixed", 0.0), ("accurate", 0.01)])
def test_uncoupled_populations_of_unlike_models_spike_as_each_in_a_network_of_its_model(
    integration, g
):
    """Without synapses nothing but the model of its own population decides over a neuron."""
    mixed = network(MixedNeurons.of(ADAPTED, LEAKY), coupling=0.0, g=g)
    for population, neurons in enumerate((ADAPTED, LEAKY)):
        alone = spikes_of(network(neurons, coupling=0.0, g=g), population, integration)
        together = spikes_of(mixed, population, integration)
        assert len(alone[0]) > 20
        np.testing.assert_array_equal(alone, together)


def test_parts_of_one_model_are_the_network_of_that_model_spike_for_spike():
    own = EIFNeurons(**{**COMMON, "tau_m": [0.02, 0.01]}, **UPSWING)
    parts = [EIFNeurons(**{**COMMON, "tau_m": tau}, **UPSWING) for tau in (0.02, 0.01)]
    plain = simulate(network(own), settings(), seed=4).spikes
    mixed = simulate(network(MixedNeurons.of(*parts)), settings(), seed=4).spikes
    assert len(plain) > 100
    np.testing.assert_array_equal(plain.steps, mixed.steps)


def test_neurons_of_a_mixed_network_differ_one_by_one_where_their_model_has_the_field():
    net = network(MixedNeurons.of(ADAPTED, LEAKY))
    strong = PerNeuron(model={"b": np.where(np.arange(100) < 40, 0.05, 1e-3)})
    run = simulate(
        net,
        settings(),
        seed=4,
        inputs=Inputs(neurons=strong),
        record=Recorder(currents="population"),
    )
    counts = np.bincount(run.spikes.neurons, minlength=100)
    assert counts[:40].mean() < 0.6 * counts[40:80].mean()
    assert counts[80:].sum() > 0
    assert np.all(run.traces["mean_w"][:, 1] == 0.0)  # LIF neurons do not adapt
    assert run.traces["mean_w"][-1, 0] > 0.0


def test_theory_of_a_mixed_network_is_that_of_each_population_by_its_model():
    """Uncoupled populations have the rates they have beside their like, by the same solver."""
    mixed = network(MixedNeurons.of(ADAPTED, LEAKY), coupling=0.0)
    found = relax_cells(CellInputs.of(mixed), np.zeros(2)).nu
    for population, neurons in enumerate((ADAPTED, LEAKY)):
        alike = CellInputs.of(network(neurons, coupling=0.0))
        assert found[population] > 1.0
        told = relax_cells(alike, np.zeros(2)).nu[population]
        assert found[population] == pytest.approx(told, rel=1e-8)


@pytest.mark.parametrize("integration", ["fixed", "accurate"])
def test_a_conductance_without_decay_moves_the_potential_by_its_exponential(integration):
    """V -> E + (V - E) exp(-g); two at once pull towards their weighted mean."""
    net = replace(
        network(EIFNeurons(**COMMON, **UPSWING), coupling=0.0),
        drive=Drive(rate=[0.0, 0.0], J=0.0, g=[0.1, 0.1], tau_s=0.0, E_rev=[0.012, -0.004]),
    )
    events = SpikeInputs(
        steps=np.array([50, 120, 120]), targets=np.zeros(3, dtype=int),
        weights=np.array([0.3, 0.2, 0.5]), inputs=np.array([0, 0, 1]),
    )  # fmt: skip
    free, kicked = (
        simulate(
            net, settings(integration, 0.02), seed=0, record=Recorder(voltages=[0]),
            inputs=Inputs(V0=np.zeros(100), events=given),
        ).traces["V"][:, 0]
        for given in (None, events)
    )  # fmt: skip
    assert kicked[49] == pytest.approx(0.012 + (free[49] - 0.012) * np.exp(-0.3), rel=1e-12)
    rest, pull = (0.2 * 0.012 - 0.5 * 0.004) / 0.7, np.exp(-0.7)
    # in one step of 0.1 ms V relaxes by a two-hundredth of what it is off
    assert kicked[119] == pytest.approx(rest + (kicked[118] - rest) * pull, abs=3e-5)
    assert abs(kicked[119] - kicked[118]) > 5e-4


def test_a_current_that_rises_and_decays_moves_the_potential_as_scipy_integrates_it():
    rise, decay, kick = 1e-3, 4e-3, 2e-3
    net = replace(
        network(EIFNeurons(**COMMON, **UPSWING), coupling=0.0),
        drive=Drive(rate=0.0, J=kick, tau_s=decay, tau_rise=rise),
    )
    events = SpikeInputs(
        steps=np.array([1]), targets=np.array([0]), weights=np.array([kick]), inputs=np.array([0])
    )
    traced = simulate(
        net, settings("accurate", 0.02), seed=0, record=Recorder(voltages=[0]),
        inputs=Inputs(V0=np.zeros(100), events=events),
    ).traces["V"][:, 0]  # fmt: skip

    def slopes(_, state):
        V, s, y = state
        upswing = UPSWING["Delta_T"] * np.exp((V - COMMON["V_th"]) / UPSWING["Delta_T"])
        return [(upswing - V + s) / COMMON["tau_m"], (y - s) / decay, -y / rise]

    # a charge J: the current rises by tau_m J / tau_s, spread over the time of the rise
    start = [traced[0], 0.0, kick * COMMON["tau_m"] / rise]
    times = 1e-4 * np.arange(len(traced))
    exact = solve_ivp(slopes, (0.0, times[-1]), start, t_eval=times, rtol=1e-10, atol=1e-14).y[0]
    assert exact.max() > 5e-4
    # Runge-Kutta of fourth order in parts of a quarter of 0.1 ms
    np.testing.assert_allclose(traced, exact, atol=1e-9)


def test_what_is_no_model_is_refused():
    with pytest.raises(ParameterError, match="one record per population"):
        MixedNeurons(**COMMON, parts=(3,))
