"""What enters compiled code, which does not look at bounds, is refused when it does not fit."""

from dataclasses import replace

import numpy as np
import pytest

from cortex.analysis import interval_cv, population_counts
from cortex.errors import ParameterError, SimulationError
from cortex.params.brunel import BrunelParams
from cortex.params.simulation import SimulationParams
from cortex.params.wiring import WiringRule
from cortex.spikes import Spikes
from cortex.spiking import (
    BitRows,
    Inputs,
    Recorder,
    SourceLists,
    SpikeInputs,
    draw_bit_rows,
    draw_source_lists,
    draw_wiring,
    simulate,
)

MODEL = BrunelParams(
    n_exc=400,
    n_inh=100,
    in_degree_exc=40,
    in_degree_inh=10,
    J=1e-3,
    g=5.0,
    nu_ext_ratio=2.0,
)
NETWORK = MODEL.network()
SETTINGS = SimulationParams(dt=1e-4, warm_up=0.0, duration=0.05, precision="float64")


def events(steps=(1,), targets=(0,), weights=(1e-3,)):
    return SpikeInputs(steps=np.array(steps), targets=np.array(targets), weights=np.array(weights))


def spikes(steps=(0, 3), neurons=(0, 1)):
    return Spikes(
        steps=np.array(steps),
        neurons=np.array(neurons),
        dt=1e-3,
        n_steps=10,
        names=("E",),
        sizes=np.array([2]),
    )


@pytest.mark.parametrize("target", [500, 10**9])
def test_input_spikes_onto_neurons_that_do_not_exist_are_refused(target):
    with pytest.raises(ParameterError, match=r"SpikeInputs\.targets = \d+\.\.\d+ leaves the 500"):
        simulate(NETWORK, SETTINGS, seed=1, inputs=Inputs(events=events(targets=(target,))))


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ({"targets": (-1,)}, r"targets \(int64, from -1\) must be whole numbers from 0"),
        ({"targets": (0.5,)}, r"targets \(float64"),
        ({"steps": (0,)}, "must be whole numbers from 1; steps count from the start of the netw"),
        ({"steps": (1, 2)}, "must be equally long"),
        ({"weights": (np.nan,)}, "weights = nan V is outside"),
    ],
)
def test_input_spikes_that_fit_no_network_are_refused(wrong, match):
    with pytest.raises(ParameterError, match=match):
        events(**wrong)


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ({"neurons": (0, 2)}, r"neurons = 0\.\.2 leaves the 2 neurons"),
        ({"neurons": (-1, 0)}, r"neurons = -1\.\.0 leaves the 2 neurons"),
        ({"neurons": (0.0, 1.0)}, "must be whole numbers"),
        ({"steps": (-1, 3)}, r"steps = -1\.\.3 leaves the 10 recorded steps"),
        ({"steps": (0, 10)}, r"steps = 0\.\.10 leaves the 10 recorded steps"),
        ({"steps": (3, 0)}, "not in time order"),
        ({"steps": (0,)}, "one of each of 2 spikes"),
    ],
)
def test_spikes_outside_the_recording_or_the_network_are_refused(wrong, match):
    with pytest.raises(ParameterError, match=match):
        spikes(**wrong)


def test_spikes_at_the_edges_of_the_recording_are_counted():
    """The first and the last step, the first and the last neuron."""
    edges = spikes((0, 9), (0, 1))
    assert population_counts(edges, 5e-3).tolist() == [[1], [1]]
    assert np.isnan(interval_cv(edges)).all()


@pytest.mark.parametrize("kernel", ["bits", "lists"])
def test_a_state_of_another_network_is_refused(kernel):
    """The arrays of 500 and 490 neurons have one shape, so shapes alone do not tell."""

    def run(model, state=None, precision="float64"):
        network = model.network()
        wiring = draw_wiring(
            network, SETTINGS, seed=1, rule=WiringRule(multapses=kernel == "lists")
        )
        settings = replace(SETTINGS, precision=precision)
        return simulate(network, settings, seed=1, wiring=wiring, state=state)

    state = run(MODEL).state
    for other in (replace(MODEL, n_inh=90), replace(MODEL, n_exc=1200)):
        with pytest.raises(SimulationError, match=r"network of \[400 100\] neurons does not fit"):
            run(other, state)
    with pytest.raises(SimulationError, match=r"recent of the state is .*, this run needs"):
        run(replace(MODEL, delay=2e-3), state)
    assert run(MODEL, state, "float32").state.arrays["V"].dtype == np.float32


def test_a_state_goes_on_with_input_spikes():
    """What is under way are spikes, so it does not matter whether the lists have weights."""
    lists = draw_source_lists(NETWORK, seed=1, dt=1e-4)
    state = simulate(NETWORK, SETTINGS, seed=1, wiring=lists).state
    inputs = Inputs(events=events(steps=(state.step + 30,), weights=(0.2,)))
    run = simulate(NETWORK, SETTINGS, seed=1, wiring=lists, state=state, inputs=inputs)
    assert 29 in run.spikes.steps[run.spikes.neurons == 0]  # counted from the new start


def test_wiring_that_leads_past_its_arrays_is_refused():
    lists = draw_source_lists(NETWORK, seed=1, dt=1e-4)
    with pytest.raises(ParameterError, match=r"target 5\.\.500 leaves the 500 neurons"):
        replace(lists, targets=np.where(lists.targets < 5, 500, lists.targets))
    with pytest.raises(ParameterError, match="must rise from 0 to the"):
        replace(lists, start=lists.start + 1)
    with pytest.raises(ParameterError, match="weights must be as many"):
        replace(lists, weights=np.ones(3))
    with pytest.raises(ParameterError, match="delays of 0 to 0 steps"):
        replace(lists, delay=0)
    for blocks in ([0, 100], [64], [0, 128, 64], []):  # threads own lines of 64 neurons
        with pytest.raises(ParameterError, match="must rise from 0 by multiples of 64"):
            replace(lists, blocks=np.array(blocks, dtype=np.int64))
    one = np.array([0])
    with pytest.raises(ParameterError, match=r"70000 steps.*at most 65535"):
        SourceLists.from_connections(one, one, n_neurons=2, delays=one + 70_000)
    with pytest.raises(ParameterError, match="must be equally long"):
        SourceLists.from_connections(one, one, n_neurons=2, delays=np.ones(3, dtype=int))
    bits = draw_bit_rows(NETWORK, seed=1)
    with pytest.raises(ParameterError, match="last row empty"):
        BitRows(rows=bits.rows[:-1], n_neurons=500)


@pytest.mark.parametrize("currents", ["population", "neuron"])
def test_currents_of_delta_synapses_are_refused(currents):
    record = Recorder(currents=currents, current_neurons=(0,))
    with pytest.raises(ParameterError, match=r"delta synapses have no currents; give .*tau_s"):
        simulate(NETWORK, SETTINGS, seed=1, record=record)
