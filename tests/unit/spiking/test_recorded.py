"""Recorded spikes drive a network as its own population did."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csc_array

from cortex.errors import ParameterError
from cortex.params.lif import LIFParams
from cortex.params.senk import SenkParams
from cortex.params.simulation import SimulationParams
from cortex.rng import stream
from cortex.spikes import Spikes
from cortex.spiking import Inputs, Recorder, SourceLists, recorded_inputs, simulate
from cortex.spiking.recorded import check_receptor

DT, N = 1e-4, 128
RING = SenkParams(
    neuron=LIFParams(tau_m=20e-3, tau_ref=2e-3, V_th=15e-3, V_reset=0.0),
    tau_s=5e-3,
    n_exc=64,
    n_inh=64,
    rate_ext_exc=0.0,
    rate_ext_inh=0.0,
).network()


def network(drive):
    """Return 64 neurons with a constant drive, V, and 64 without, no connections of their own."""
    return replace(
        RING,
        synapses=replace(RING.synapses, in_degrees=0.0),
        drive=replace(RING.drive, mu_dc=[drive, 0.0]),
        space=None,
    )


def synapses():
    """Return jumps (V) and delays (s) from the first 64 neurons to the last 64."""
    rng = stream(2, "synapses")
    target, source = np.nonzero(rng.random((64, 64)) < 0.3)
    weight, delay = rng.uniform(1e-3, 4e-3, len(target)), DT * rng.integers(1, 40, len(target))
    shape = (N, 64)
    return (csc_array((x, (target + 64, source)), shape) for x in (weight, delay))


def test_recorded_spikes_act_as_the_neurons_that_sent_them():
    weights, delays = synapses()
    settings = SimulationParams(dt=DT, warm_up=0.0, duration=0.2, precision="float64")
    record = Recorder(voltages=(64, 100, 127))
    whole = SourceLists.from_connections(
        weights.tocoo().col,
        weights.tocoo().row,
        n_neurons=N,
        delays=np.rint(delays.tocoo().data / DT).astype(int),
        weights=weights.tocoo().data,
    )
    none = np.zeros(0, dtype=int)
    nobody = SourceLists.from_connections(none, none, n_neurons=N, delays=none)
    V0 = np.linspace(0.0, 14e-3, N)
    start = {"seed": 0, "record": record}
    run = simulate(network(30e-3), settings, wiring=whole, inputs=Inputs(V0=V0), **start)
    sent = run.spikes.of("E")
    assert len(sent) > 500
    assert len(run.spikes.of("I")) > 100
    driven = recorded_inputs(sent, weights, delay=delays)
    again = simulate(
        network(0.0), settings, wiring=nobody, inputs=Inputs(V0=V0, events=driven), **start
    )
    np.testing.assert_array_equal(again.spikes.of("I").steps, run.spikes.of("I").steps)
    np.testing.assert_array_equal(again.spikes.of("I").neurons, run.spikes.of("I").neurons)
    # inputs of one step are summed in another order
    np.testing.assert_allclose(again.traces["V"], run.traces["V"], rtol=0, atol=1e-15)


def test_a_spike_enters_its_delay_after_its_step_behind_the_warm_up():
    spikes = Spikes(
        steps=np.array([0, 7]),
        neurons=np.array([1, 0]),
        dt=DT,
        n_steps=10,
        names=("E",),
        sizes=np.array([2]),
    )
    weights = csc_array(np.array([[0.0, 1e-3], [2e-3, 3e-3]]))
    found = recorded_inputs(spikes, weights, delay=1.5e-3, warm_up=0.1)
    # step 0 ends at dt, the first update of the network; 1000 steps of warm-up, 15 of delay
    assert found.steps.tolist() == [1016, 1016, 1023]
    assert found.targets.tolist() == [0, 1, 1]
    assert found.weights.tolist() == [1e-3, 3e-3, 2e-3]


def test_recordings_that_do_not_fit_the_run_are_refused():
    weights, _ = synapses()
    free = Spikes.at(np.array([1e-3]), np.array([3]), populations={"E": 64})
    with pytest.raises(ParameterError, match="lie on no grid"):
        recorded_inputs(free, weights, delay=1e-3)
    gridded = free.on_grid(DT)
    with pytest.raises(ParameterError, match=r"do not fit 64 neurons"):
        recorded_inputs(gridded, weights.T, delay=1e-3)
    with pytest.raises(ParameterError, match=r"delay = 0.00015 s is not a multiple"):
        recorded_inputs(gridded, weights, delay=1.5 * DT)
    with pytest.raises(ParameterError, match="must store the same synapses"):
        recorded_inputs(gridded, weights, delay=csc_array((N, 64)))


@pytest.mark.parametrize(("J", "own", "other"), [(1e-4, 2e-3, 8e-3), (-1e-4, 8e-3, 2e-3)])
def test_recorded_spikes_act_through_the_receptor_of_their_sign(J, own, other):
    drive = replace(RING.drive, J=np.full_like(RING.drive.J, J))
    net = replace(RING, synapses=replace(RING.synapses, tau_s=[2e-3, 8e-3]), drive=drive)
    alike, unlike = (
        replace(net, drive=replace(drive, tau_s=np.full_like(drive.tau_s, tau)))
        for tau in (own, other)
    )
    check_receptor(alike, 1, 0)
    with pytest.raises(ParameterError, match=f"of their sign, tau_s = {1e3 * own:g} ms, not one"):
        check_receptor(unlike, 1, 0)
