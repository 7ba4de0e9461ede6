"""What every registered cell must do; a new one enters by its entry in `CELLS`."""

from dataclasses import fields, replace

import numpy as np
import pytest

from cortex.cells.registry import CELLS
from cortex.errors import ParameterError
from cortex.params.drive import Drive
from cortex.params.lif import SPECS
from cortex.params.network import PopulationNetwork
from cortex.params.simulation import SimulationParams
from cortex.params.spec import spec_of
from cortex.params.synapses import Synapses
from cortex.spiking import Inputs, PerNeuron, Recorder, SpikeInputs, draw_wiring, simulate

COMMON = {"tau_m": 0.02, "tau_ref": 2e-3, "V_th": 0.015, "V_reset": 0.005}
OWN = {"Delta_T": 2e-3, "V_peak": 0.03, "tau_w": 0.1, "a": 0.2, "b": 1e-3}
# who fires at random does so within a hundredth of a millivolt of threshold here
OWN |= {"Delta_V": 1e-5, "lambda_0": 1e4, "tau_th": 0.05, "b_th": 1e-3}
MODELS = list(CELLS)


def neurons(model, **changes):
    kind = CELLS[model].neurons
    names = [each.name for each in fields(kind)]
    return kind(**{name: ({**COMMON, **OWN} | changes)[name] for name in names})


def network(model, n=40, mu=0.03, g=0.05, tau_ref=2e-3):
    return PopulationNetwork(
        names=("E", "I"),
        sizes=np.array([n, n]),
        neurons=neurons(model, tau_ref=tau_ref),
        synapses=Synapses(
            in_degrees=min(5, n - 1), J=0.0, g=[g, 2.0 * g], E_rev=[0.07, -0.01],
            tau_s=[3e-3, 6e-3], tau_rise=[0.0, 1e-3], delay=1.5e-3,
        ),
        drive=Drive(rate=500.0, J=2e-4, tau_s=2e-3, mu_dc=mu),
    )  # fmt: skip


def settings(dt=1e-4, duration=0.2, integration="fixed"):
    return SimulationParams(
        dt=dt, warm_up=0.0, duration=duration, precision="float64", integration=integration
    )


def subthreshold(model, dt):
    """V of one neuron after 20 ms under two conductances, no spike; by fixed steps."""
    net = replace(network(model, n=2, mu=0.004), drive=Drive(rate=0.0, J=0.0, tau_s=2e-3))
    net = replace(net, synapses=replace(net.synapses, delay=np.full((2, 2), 2e-3)))
    run = simulate(
        net,
        settings(dt, 0.02),
        seed=0,
        inputs=Inputs(V0=np.zeros(4), open0={"E": np.full(4, 0.3), "I": np.full(4, 1.0)}),
        record=Recorder(voltages=[0]),
    )
    assert len(run.spikes) == 0
    return run.traces["V"][-1, 0]


@pytest.mark.parametrize("model", MODELS)
def test_fixed_steps_converge_with_the_fourth_order(model):
    coarse, middle, fine = (subthreshold(model, dt) for dt in (1e-3, 5e-4, 2.5e-4))
    ratio = abs(coarse - middle) / abs(middle - fine)
    # 16 for order 4, 8 for order 3; the next order moves it by a few at steps of 1 ms
    assert 11.0 < ratio < 24.0


@pytest.mark.parametrize("model", MODELS)
def test_accurate_and_fixed_steps_agree_in_how_often_neurons_fire(model):
    net = network(model, mu=0.03, g=0.0)
    accurate = simulate(net, settings(integration="accurate"), seed=3).spikes
    fixed = simulate(net, settings(), seed=3).spikes
    # the fixed scheme finds a spike at the end of its step: none of a few hundred is lost
    assert len(accurate) > 100
    assert abs(len(accurate) - len(fixed)) <= 0.02 * len(accurate)


def answer(model, dt, integration):
    """V of one neuron over 20 ms after an input spike at 2 ms through a conductance that rises."""
    drive = Drive(rate=0.0, J=0.0, g=0.1, E_rev=0.07, tau_s=5e-3, tau_rise=2e-3, mu_dc=0.004)
    net = replace(network(model, n=1, g=0.0), drive=drive)
    spike = SpikeInputs(steps=[round(2e-3 / dt)], targets=[0], weights=[0.1], inputs=[0])
    inputs, record = Inputs(V0=np.zeros(2), events=spike), Recorder(voltages=[0])
    run = simulate(net, settings(dt, 0.02, integration), seed=0, inputs=inputs, record=record)
    assert len(run.spikes) == 0
    return run.traces["V"][round(1e-3 / dt) - 1 :: round(1e-3 / dt), 0]


@pytest.mark.parametrize("model", MODELS)
def test_accurate_steps_follow_a_conductance_that_rises_within_a_step(model):
    fine, accurate = answer(model, 1e-5, "fixed"), answer(model, 1e-4, "accurate")
    assert np.ptp(fine) > 1e-3
    # fixed steps of 10 us are of order 4, accurate ones keep 1e-6 of the potential
    np.testing.assert_allclose(accurate, fine, rtol=0, atol=1e-8)


@pytest.mark.parametrize("integration", ["fixed", "accurate"])
@pytest.mark.parametrize("model", MODELS)
def test_refractory_neurons_stay_at_reset_for_that_long_and_no_longer(model, integration):
    net = network(model, n=1, mu=0.06, g=0.0)
    run = simulate(
        net,
        settings(integration=integration),
        seed=1,
        record=Recorder(voltages=[0]),
    )
    steps, V = run.spikes.steps[run.spikes.neurons == 0], run.traces["V"][:, 0]
    assert len(steps) > 3
    for step in steps[:-1]:
        held = V[step : step + 20 + 1]  # the spike's own sample and 2 ms more
        np.testing.assert_array_equal(held, COMMON["V_reset"])
        assert V[step + 21] != COMMON["V_reset"]


@pytest.mark.parametrize("model", [name for name in MODELS if CELLS[name].n_variables == 2])
def test_a_spike_adds_to_adaptation_what_the_model_says(model):
    run = simulate(network(model, n=1), settings(), seed=1, record=Recorder(voltages=[0]))
    steps, w = run.spikes.steps[run.spikes.neurons == 0], run.traces["w"][:, 0]
    # in 0.1 ms of 100 ms w relaxes by a thousandth of what it is off, below 30 mV
    np.testing.assert_allclose(w[steps] - w[steps - 1], OWN["b"], rtol=0, atol=1e-3 * 0.03)


@pytest.mark.parametrize("integration", ["fixed", "accurate"])
@pytest.mark.parametrize("model", MODELS)
def test_going_on_from_a_state_gives_the_same_bytes_as_one_run(model, integration):
    net, seed = network(model), 5
    whole = simulate(net, settings(integration=integration), seed=seed)
    half = settings(duration=0.1, integration=integration)
    first = simulate(net, half, seed=seed)
    second = simulate(net, half, seed=seed, state=first.state)
    steps = np.concatenate([first.spikes.steps, second.spikes.steps + 1000])
    assert len(whole.spikes) > 100
    np.testing.assert_array_equal(steps, whole.spikes.steps)
    for name, array in whole.state.arrays.items():
        np.testing.assert_array_equal(second.state.arrays[name], array, err_msg=name)


@pytest.mark.parametrize("integration", ["fixed", "accurate"])
@pytest.mark.parametrize("model", MODELS)
def test_threads_change_no_byte(model, integration):
    net, seed = network(model, n=200), 5
    record = Recorder(voltages=[0, 200, 399], currents="population", trace_dt=4e-4)
    brief = settings(duration=0.06, integration=integration)
    alone = simulate(net, brief, seed=seed, record=record, threads=1)
    assert len(alone.spikes) > 100
    for threads in (2, 5):
        shared = simulate(net, brief, seed=seed, record=record, threads=threads)
        np.testing.assert_array_equal(alone.spikes.steps, shared.spikes.steps)
        np.testing.assert_array_equal(alone.spikes.neurons, shared.spikes.neurons)
        for name, trace in alone.traces.items():
            assert trace.tobytes() == shared.traces[name].tobytes(), name
        for name, array in alone.state.arrays.items():
            assert array.tobytes() == shared.state.arrays[name].tobytes(), name


@pytest.mark.parametrize("model", MODELS)
def test_traces_taken_in_pieces_leave_spikes_as_they_are(model, monkeypatch):
    monkeypatch.setattr("cortex.spiking.cell_engine.TRACE_ROWS", 7)
    monkeypatch.setattr("cortex.spiking.simulation.CHUNK_SPIKES", 100)
    net = network(model)
    record = Recorder(voltages=[0, 79], currents="population")
    pieces = simulate(net, settings(), seed=2, record=record)
    monkeypatch.undo()
    whole = simulate(net, settings(), seed=2, record=record)
    np.testing.assert_array_equal(pieces.spikes.steps, whole.spikes.steps)
    for name, trace in whole.traces.items():
        np.testing.assert_array_equal(pieces.traces[name], trace, err_msg=name)


@pytest.mark.parametrize("model", MODELS)
def test_any_parameter_may_differ_from_neuron_to_neuron(model):
    net, n = network(model), 80
    alike = {name: np.full(n, getattr(net.neurons, name)[0]) for name in COMMON}
    own = {each.name for each in fields(net.neurons)} - set(COMMON)
    alike_own = {name: np.full(n, getattr(net.neurons, name)[0]) for name in own}
    same = simulate(
        net, settings(), seed=4, inputs=Inputs(neurons=PerNeuron(**alike, model=alike_own))
    )
    np.testing.assert_array_equal(same.spikes.steps, simulate(net, settings(), seed=4).spikes.steps)
    slow = np.where(np.arange(n) < 10, 0.2, 0.02)
    mixed = simulate(net, settings(), seed=4, inputs=Inputs(neurons=PerNeuron(tau_m=slow)))
    counts = np.bincount(mixed.spikes.neurons, minlength=n)
    assert counts[:10].mean() < 0.5 * counts[10:40].mean()


def test_input_spikes_and_written_out_weights_leave_a_network_as_it_is():
    net, events = network("eif"), SpikeInputs(
        steps=np.array([5]), targets=np.array([0]), weights=np.array([1e-30])
    )  # fmt: skip
    wiring = draw_wiring(net, settings(), seed=3)
    plain = simulate(net, settings(), seed=3, wiring=wiring)
    written = simulate(net, settings(), seed=3, wiring=wiring.weighted(net))
    driven = simulate(net, settings(), seed=3, inputs=Inputs(events=events))
    for other in (written, driven):
        assert len(other.spikes) > 100
        np.testing.assert_array_equal(other.spikes.steps, plain.spikes.steps)


def test_scattered_conductances_have_the_spread_that_was_asked_for():
    net = network("lif")
    net = replace(net, synapses=replace(net.synapses, J_cv=np.full((2, 2), 0.2)))
    weights = draw_wiring(net, settings(), seed=1).weights
    first = weights[: weights.size // 2]  # the synapses of E come first: g = 0.05
    # 400 draws: standard errors of 1 % of the mean and 3.5 % of the spread, four of each
    assert first.mean() == pytest.approx(0.05, rel=0.04)
    assert first.std() / first.mean() == pytest.approx(0.2, rel=0.15)


@pytest.mark.parametrize("model", MODELS)
def test_nonsense_is_refused_by_name(model):
    kind = CELLS[model].neurons
    peak = kind.PEAK
    with pytest.raises(ParameterError, match=f"must lie below {peak}"):
        neurons(model, V_reset=({**COMMON, **OWN})[peak])
    for each in fields(kind):
        with pytest.raises(ParameterError, match=each.name):
            neurons(model, **{each.name: 1e6})
        assert spec_of(each).doc
    if set(SPECS) != {each.name for each in fields(kind)}:
        with pytest.raises(ParameterError, match="neurons have no nothing"):
            simulate(
                network(model),
                settings(),
                seed=0,
                inputs=Inputs(neurons=PerNeuron(model={"nothing": np.zeros(80)})),
            )


@pytest.mark.parametrize("model", MODELS)
def test_a_model_is_one_file_of_at_most_150_lines(model):
    from inspect import getsourcefile
    from pathlib import Path

    lines = Path(getsourcefile(CELLS[model].slopes)).read_text().splitlines()
    assert len(lines) <= 150
