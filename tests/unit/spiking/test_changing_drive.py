"""A constant drive that changes from interval to interval, exact within each of them."""

from dataclasses import replace

import numpy as np
import pytest

from cortex.errors import ParameterError, SimulationError
from cortex.params.brunel import BrunelParams
from cortex.params.drive import Drive
from cortex.params.simulation import SimulationParams
from cortex.spiking import (
    Inputs,
    PerNeuron,
    Recorder,
    SpikeInputs,
    draw_source_lists,
    draw_wiring,
    simulate,
)

DT = 1e-4
NETWORK = BrunelParams(
    n_exc=400,
    n_inh=100,
    in_degree_exc=40,
    in_degree_inh=10,
    J=1e-3,
    g=5.0,
    nu_ext_ratio=2.0,
).network()
EXPONENTIAL = replace(
    NETWORK,
    synapses=replace(NETWORK.synapses, tau_s=2e-3),
    drive=replace(NETWORK.drive, tau_s=2e-3),
)
ALONE = replace(
    NETWORK,
    synapses=replace(NETWORK.synapses, J=0.0),
    drive=Drive(rate=np.zeros((2, 1)), J=0.0, tau_s=0.0),
)
V0 = np.random.default_rng(1).uniform(0.0, 0.02, 500)


def settings(duration, warm_up=0.0):
    return SimulationParams(dt=DT, warm_up=warm_up, duration=duration, precision="float64")


def wired(network, kernel):
    """Return the wiring of one of the two compiled runs."""
    if kernel == "lists":
        return draw_source_lists(network, seed=1, dt=DT)
    return draw_wiring(network, settings(0.1), seed=1)


def mu_of_each(mu_dc, interval, n_steps):
    """Return the drive of every neuron in every step, shape (n_steps, n_neurons)."""
    of_step = np.minimum(np.arange(n_steps) // round(interval / DT), len(mu_dc) - 1)
    return np.repeat(mu_dc[of_step], NETWORK.sizes, axis=1)


def spikes_of_single_neurons(mu, neurons):
    """Integrate single neurons exactly, step by step, in plain NumPy."""
    tau_m, tau_ref, V_th, V_reset = (
        np.repeat(getattr(neurons, name), NETWORK.sizes)
        for name in ("tau_m", "tau_ref", "V_th", "V_reset")
    )
    V, wait, spikes = V0.copy(), np.zeros(V0.size), []
    for step, drive in enumerate(mu):
        V = np.where(wait > 0, V, drive + (V - drive) * np.exp(-DT / tau_m))
        fired = V_th <= V
        wait = np.where(fired, np.rint(tau_ref / DT), np.maximum(wait - 1, 0))
        V[fired] = V_reset[fired]
        spikes += [(step, neuron) for neuron in np.flatnonzero(fired)]
    return spikes


@pytest.mark.parametrize("kernel", ["bits", "lists"])
def test_neurons_without_synapses_fire_as_exact_integration_says(kernel):
    mu_dc = np.array([[0.015, 0.03], [0.026, 0.01], [0.0, 0.05], [0.023, 0.0237]])
    run = simulate(
        ALONE,
        settings(0.2),
        seed=1,
        wiring=wired(ALONE, kernel),
        inputs=Inputs(V0=V0, mu_dc=mu_dc, mu_dc_interval=0.03),
    )
    assert run.kernel == kernel
    expected = spikes_of_single_neurons(mu_of_each(mu_dc, 0.03, 2000), ALONE.neurons)
    assert len(expected) > 2000
    found = zip(run.spikes.steps.tolist(), run.spikes.neurons.tolist(), strict=True)
    assert list(found) == expected


def test_potential_is_the_closed_form_of_all_intervals_with_a_synaptic_current_on_top():
    """V = mu + (V_k - mu) exp(-t/tau_m) within interval k, plus the potential of one spike."""
    mu_dc, interval, J, arrives = np.array([[8e-3] * 2, [-5e-3] * 2, [12e-3] * 2]), 0.02, 2e-3, 250
    tau_m, tau_s = 0.02, 2e-3
    silent = replace(EXPONENTIAL, drive=replace(ALONE.drive, tau_s=tau_s))
    events = SpikeInputs(steps=np.array([arrives]), targets=np.array([7]), weights=np.array([J]))
    run = simulate(
        silent,
        settings(0.1),
        seed=1,
        record=Recorder(voltages=(7,)),
        inputs=Inputs(V0=np.zeros(500), mu_dc=mu_dc, mu_dc_interval=interval, events=events),
    )
    t, V_k, expected = run.trace_times, 0.0, np.empty(1000)
    for k, mu in enumerate(mu_dc[:, 0]):
        later = t > k * interval * (1 + 1e-9)
        expected[later] = mu + (V_k - mu) * np.exp(-(t[later] - k * interval) / tau_m)
        V_k = mu + (V_k - mu) * np.exp(-interval / tau_m)
    since = np.maximum(t - arrives * DT, 0.0)
    expected += J * tau_m / (tau_m - tau_s) * (np.exp(-since / tau_m) - np.exp(-since / tau_s))
    assert run.spikes.steps.size == 0
    # 1000 steps round at 1e-18 V each
    np.testing.assert_allclose(run.traces["V"][:, 0], expected, rtol=0.0, atol=1e-15)


@pytest.mark.parametrize(
    ("network", "kernel"),
    [(NETWORK, "bits"), (NETWORK, "lists"), (EXPONENTIAL, "lists")],
    ids=["bits", "lists", "exponential"],
)
def test_intervals_equal_runs_that_go_on_with_another_drive(network, kernel, monkeypatch):
    """Warm-up, rates in intervals of another length and chunks of all sizes included."""
    mu_dc = np.array([[1e-3, 0.0], [4e-3, -1e-3], [-3e-3, 2e-3]])
    wiring = wired(network, kernel)
    rates = np.stack([network.drive.rate, 1.1 * network.drive.rate])
    drive = {"rates": rates, "rate_interval": 0.05}
    inputs = Inputs(mu_dc=mu_dc, mu_dc_interval=0.04, **drive)
    whole = simulate(network, settings(0.12, 0.03), seed=1, wiring=wiring, inputs=inputs)
    monkeypatch.setattr("cortex.spiking.simulation.CHUNK_SPIKES", 1)
    state, steps, neurons = None, [], []
    for mu, duration in zip(mu_dc, (0.04, 0.04, 0.07), strict=True):
        part = simulate(
            replace(network, drive=replace(network.drive, mu_dc=mu)),
            settings(duration),
            seed=1,
            wiring=wiring,
            inputs=Inputs(**drive),
            state=state,
        )
        steps.append(part.spikes.steps + (0 if state is None else state.step) - 300)
        neurons.append(part.spikes.neurons)
        state = part.state
    step, neuron = np.concatenate(steps), np.concatenate(neurons)
    assert whole.kernel == kernel
    assert whole.spikes.steps.size > 1000
    np.testing.assert_array_equal(whole.spikes.steps, step[step >= 0])
    np.testing.assert_array_equal(whole.spikes.neurons, neuron[step >= 0])
    for name, array in whole.state.arrays.items():
        np.testing.assert_array_equal(array, state.arrays[name], err_msg=name)


def test_drives_that_do_not_fit_the_network_are_refused():
    def refused(error, match, **inputs):
        with pytest.raises(error, match=match):
            simulate(NETWORK, settings(0.1), seed=1, inputs=Inputs(**inputs))

    for mu_dc in (np.zeros(2), np.zeros((3, 3)), np.zeros((0, 2)), np.full((1, 2), np.nan)):
        refused(ParameterError, r"mu_dc of shape .* \(n_intervals, 2\)", mu_dc=mu_dc)
    good = np.zeros((2, 2))
    refused(SimulationError, r"Inputs\.mu_dc_interval", mu_dc=good)
    refused(SimulationError, r"Inputs\.mu_dc_interval", mu_dc=good, mu_dc_interval=1.5e-4)
    neurons = PerNeuron(mu_dc=np.zeros(500))
    refused(ParameterError, "not both", mu_dc=good, mu_dc_interval=0.1, neurons=neurons)
