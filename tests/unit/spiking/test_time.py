"""When things happen: origin of steps and intervals, times of spikes and of trace samples."""

from dataclasses import replace

import numpy as np
import pytest

from cortex.params.lif import LIFParams
from cortex.params.senk import SenkParams
from cortex.params.simulation import SimulationParams
from cortex.spiking import Inputs, Recorder, SourceLists, SpikeInputs, simulate

DT, TAU_M, TAU_S, J = 1e-4, 20e-3, 5e-3, 2e-3
ONE = np.array([0])
RING = SenkParams(
    neuron=LIFParams(tau_m=TAU_M, tau_ref=2e-3, V_th=15e-3, V_reset=0.0),
    tau_s=TAU_S,
    n_exc=64,
    n_inh=64,
    rate_ext_exc=0.0,
    rate_ext_inh=0.0,
).network()
NETWORK = replace(
    RING,
    synapses=replace(RING.synapses, in_degrees=0.0),
    drive=replace(RING.drive, mu_dc=[10e-3, 0.0]),
    space=None,
)
NOBODY = SourceLists.from_connections(ONE[:0], ONE[:0], n_neurons=128, delays=ONE[:0])
SETTINGS = SimulationParams(dt=DT, warm_up=0.0, duration=0.05, precision="float64")


def run(settings=SETTINGS, *, record, steps=(), weight=J, state=None):
    """Run neurons without connections, from rest; `steps` bring input spikes to neuron 64."""
    events = SpikeInputs(
        steps=np.array(steps, dtype=int),
        targets=np.full(len(steps), 64),
        weights=np.full(len(steps), weight),
    )
    inputs = Inputs(V0=np.zeros(128), events=events)
    return simulate(
        NETWORK, settings, seed=0, wiring=NOBODY, record=record, inputs=inputs, state=state
    )


@pytest.mark.parametrize("trace_dt", [0.0, 0.5e-3])
@pytest.mark.parametrize("warm_up", [0.0, 3e-3])
def test_trace_samples_lie_at_their_times_on_an_analytic_membrane(trace_dt, warm_up):
    """V = mu (1 - exp(-t / tau_m)) from rest; t counts from the end of the warm-up."""
    settings = replace(SETTINGS, warm_up=warm_up)
    found = run(settings, record=Recorder(voltages=(0,), trace_dt=trace_dt))
    t = found.trace_times
    assert t[0] == DT
    assert np.diff(t) == pytest.approx(trace_dt or DT)
    assert len(t) == len(found.traces["V"]) == (100 if trace_dt else 500)
    exact = -10e-3 * np.expm1(-(t + warm_up) / TAU_M)
    # the scheme is exact; what is left is the rounding of at most 530 products
    np.testing.assert_allclose(found.traces["V"][:, 0], exact, rtol=1e-12)


@pytest.mark.parametrize("warm_up", [0.0, 3e-3])
def test_input_spikes_act_at_their_step_of_the_network(warm_up):
    """Step 50 is 5 ms: a current J tau_m / tau_s that decays from then on, and the V it drives."""
    settings = replace(SETTINGS, warm_up=warm_up)
    record = Recorder(voltages=(64,), currents="neuron", current_neurons=(64,))
    found = run(settings, record=record, steps=(50,))
    since = found.trace_times + warm_up - 50 * DT
    after = since > -0.5 * DT
    current = np.where(after, J * TAU_M / TAU_S * np.exp(-since * after / TAU_S), 0.0)
    np.testing.assert_allclose(found.traces["exc"][:, 0], current, rtol=1e-11, atol=1e-18)
    decays = np.exp(-since * after / TAU_M) - np.exp(-since * after / TAU_S)
    V = np.where(after, J * TAU_M / (TAU_M - TAU_S) * decays, 0.0)
    np.testing.assert_allclose(found.traces["V"][:, 0], V, rtol=1e-9, atol=1e-15)


def test_steps_of_input_spikes_go_on_across_states():
    record = Recorder(voltages=(64,))
    whole = run(record=record, steps=(50, 300))
    first = run(replace(SETTINGS, duration=0.02), record=record, steps=(50, 300))
    second = run(
        replace(SETTINGS, duration=0.03), record=record, steps=(50, 300), state=first.state
    )
    parts = np.concatenate([first.traces["V"], second.traces["V"]])
    assert np.array_equal(parts, whole.traces["V"])


def test_a_spike_lies_where_the_trace_shows_its_reset():
    found = run(record=Recorder(voltages=(64,)), steps=(50, 51), weight=0.1)
    V = found.traces["V"][:, 0]
    resets = found.trace_times[1:][(V[1:] == 0.0) & (V[:-1] > 0.0)]
    assert resets.size > 0
    np.testing.assert_allclose(found.spikes.times, resets)  # both are a whole number times dt


def test_intervals_of_rates_begin_with_the_network():
    """The same drive, 20 ms of it discarded: the recording is the rest of the whole one."""
    rates = np.array([[[0.0, 0.0], [0.0, 0.0]], [[4e3, 0.0], [8e3, 0.0]]])
    inputs = Inputs(V0=np.zeros(128), rates=rates, rate_interval=0.02)

    def spikes(warm_up, duration):
        settings = replace(SETTINGS, warm_up=warm_up, duration=duration)
        return simulate(NETWORK, settings, seed=0, wiring=NOBODY, inputs=inputs).spikes

    whole, rest = spikes(0.0, 0.05), spikes(0.02, 0.03)
    assert whole.steps.min() >= 200
    assert rest.steps.size > 50
    assert np.array_equal(rest.steps, whole.steps - 200)


def test_no_traces_have_no_times_and_no_resolution():
    found = run(record=Recorder())
    assert found.trace_dt == 0.0
    assert found.trace_times.size == 0
