"""What the rules of connectivity return can be simulated: weights, delays, places.

Oracle: an independent slow simulation that keeps a list of arrivals; NEST in `test_exact`.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cortex.connectivity import (
    Gaussian,
    Lattice,
    MexicanHat,
    Points,
    Projection,
    distance_delays,
    fixed_in_degree,
    kernel_probability,
    kernel_weights,
    pairwise_bernoulli,
)
from cortex.errors import ParameterError
from cortex.lfp import wiring_charges
from cortex.params.drive import Drive
from cortex.params.izhikevich import REGULAR_SPIKING
from cortex.params.lif import LIFNeurons
from cortex.params.network import PopulationNetwork
from cortex.params.simulation import SimulationParams
from cortex.params.synapses import Synapses
from cortex.rng import stream
from cortex.spiking import (
    CurrentDrive,
    Inputs,
    IzhikevichNetwork,
    IzhikevichPopulation,
    Pathway,
    lay_out,
    simulate,
)

DT, STEPS = 1e-4, 2000
SETTINGS = SimulationParams(dt=DT, warm_up=0.0, duration=STEPS * DT, precision="float64")
SIZES = np.array([81, 30])
PERIOD = np.array([1e-3, 1e-3])


def network(tau_s):
    """Two populations driven above threshold by a current, so that no number is drawn."""
    return PopulationNetwork(
        names=("E", "I"),
        sizes=SIZES,
        neurons=LIFNeurons(tau_m=0.01, tau_ref=1e-3, V_th=0.015, V_reset=0.0),
        synapses=Synapses(
            in_degrees=0, J=[3e-4, -1e-3], tau_s=tau_s, delay=[[1e-3, 2e-3], [3e-4, 1.5e-3]]
        ),
        drive=Drive(rate=np.zeros((2, 0)), J=0.0, tau_s=0.0, mu_dc=[0.018, 0.017]),
    )


def sheet():
    """Wiring by kernels on a torus: distance delays on three pairs, kernel weights on two."""
    E = Lattice.over((1e-3, 1e-3), (9, 9), periodic=True)
    I = Points(coordinates=stream(3, "places").random((30, 2)) * PERIOD, period=PERIOD)  # noqa: E741
    rng = stream(5, "wiring")
    to_E = kernel_weights(E, E, MexicanHat(1e-4), weight=3e-4, autapses=False, same_population=True)
    from_I = kernel_probability(I, E, Gaussian(2e-4), amplitude=0.5, rng=rng, autapses=True)
    to_I = kernel_probability(E, I, Gaussian(1.5e-4), amplitude=0.6, rng=rng, autapses=True)
    own = fixed_in_degree(30, 30, 6, rng=rng, multapses=True, autapses=False, same_population=True)
    return {
        ("E", "E"): distance_delays(to_E, E, E, offset=5e-4, speed=0.1),
        ("E", "I"): distance_delays(from_I, I, E, offset=3e-4, speed=0.07),
        ("I", "E"): distance_delays(to_I, E, I, offset=5e-4, speed=0.2),
        ("I", "I"): own,
    }


def slow_spikes(net, wiring, V0):
    """Return (step, neuron) pairs: one synapse after the other, arrivals kept in a dictionary."""
    first, synapses = net.first, net.synapses
    reach: list[list[Any]] = [[] for _ in range(int(SIZES.sum()))]
    arrivals: dict[Any, Any] = {}
    for (a, b), p in wiring.items():
        i, j = net.names.index(a), net.names.index(b)
        for c, (s, t) in enumerate(zip(p.sources, p.targets, strict=True)):
            delay = synapses.delay[i, j] if p.delays is None else p.delays[c]
            jump = synapses.J[i, j] if p.weights is None else p.weights[c]
            reach[first[j] + s].append((int(first[i] + t), max(round(delay / DT), 1), jump, j))
    tau_m, tau_s = 0.01, synapses.tau_s[0]
    V, wait = V0.copy(), np.zeros(len(V0), dtype=int)
    current = np.zeros((2, len(V0)))  # R I of excitatory and inhibitory synapses
    drive = np.repeat(net.drive.mu_dc, SIZES) * -np.expm1(-DT / tau_m)
    spikes = []
    for step in range(1, STEPS + 1):
        add = np.zeros((2, len(V0)))
        for neuron, jump, kind in arrivals.pop(step, ()):
            add[kind, neuron] += jump
        new = V * np.exp(-DT / tau_m) + drive
        if net.is_delta:
            new += add.sum(axis=0)
        else:
            for kind in (0, 1):
                tau = tau_s[kind]
                gain = np.exp(-DT / tau_m) - np.exp(-DT / tau)
                new += tau / (tau_m - tau) * gain * current[kind]
                current[kind] = current[kind] * np.exp(-DT / tau) + add[kind] * tau_m / tau
        V = np.where(wait > 0, V, new)
        hit = V >= 0.015
        V[hit], wait = 0.0, np.where(hit, 10, np.maximum(wait - 1, 0))
        for neuron in np.flatnonzero(hit):
            spikes.append((step, int(neuron)))
            for target, delay, jump, kind in reach[neuron]:
                arrivals.setdefault(step + delay, []).append((target, jump, kind))
    return spikes


@pytest.mark.parametrize("tau_s", [0.0, [2e-3, 5e-3]])
def test_every_spike_of_a_wired_sheet_equals_that_of_a_slow_simulation(tau_s):
    net, wiring = network(tau_s), sheet()
    V0 = stream(1, "V0").uniform(0.0, 0.015, 111)
    inputs = Inputs(V0=V0)
    run = simulate(net, SETTINGS, seed=1, wiring=wiring, inputs=inputs)
    # sums are added in another order: potentials differ by 1e-17 V, thresholds lie further off
    assert len(run.spikes) > 500
    found = zip((run.spikes.steps + 1).tolist(), run.spikes.neurons.tolist(), strict=True)
    assert list(found) == slow_spikes(net, wiring, V0)


def joined(wiring, net):
    """Return the same wiring as one projection over all neurons."""
    offset = dict(zip(net.names, net.first, strict=False))
    columns = [
        (p.sources + offset[b], p.targets + offset[a], p.weights, p.delays)
        for (a, b), p in wiring.items()
    ]
    sources, targets, weights, delays = (
        np.concatenate(part) for part in zip(*columns, strict=True)
    )
    n = int(net.sizes.sum())
    return Projection.from_pairs(
        sources, targets, n_sources=n, n_targets=n, weights=weights, delays=delays
    )


def test_one_projection_over_all_neurons_is_the_same_wiring():
    net, wiring = network([2e-3, 5e-3]), sheet()
    own = wiring["I", "I"]
    written = own.with_values(
        weights=np.full(own.n_connections, -1e-3), delays=np.full(own.n_connections, 1.5e-3)
    )
    full = {pair: written if p is own else p for pair, p in wiring.items()}
    full = {
        (a, b): p if p.weights is not None else p.with_values(
            weights=np.full(p.n_connections, net.synapses.J[net.names.index(a), net.names.index(b)])
        )
        for (a, b), p in full.items()
    }  # fmt: skip
    one, apart = (simulate(net, SETTINGS, seed=1, wiring=w) for w in (joined(full, net), wiring))
    np.testing.assert_array_equal(one.spikes.steps, apart.spikes.steps)
    np.testing.assert_array_equal(one.spikes.neurons, apart.spikes.neurons)


def test_plain_projections_run_on_bits_with_the_spikes_of_lists():
    net = network(0.0)
    synapses = replace(net.synapses, delay=np.full((2, 2), 1.5e-3))
    net = replace(net, synapses=synapses)
    rng = stream(2, "wiring")
    degrees = {"rng": rng, "multapses": False, "autapses": False}
    sizes = dict(zip(net.names, SIZES, strict=True))
    wiring = {
        (a, b): fixed_in_degree(sizes[b], sizes[a], 9, same_population=a == b, **degrees)
        for a in net.names
        for b in net.names
    }
    bits = simulate(net, SETTINGS, seed=1, wiring=wiring)
    lists = simulate(net, SETTINGS, seed=1, wiring=lay_out(net, wiring, seed=1, dt=DT))
    assert (bits.kernel, lists.kernel) == ("bits", "lists")
    np.testing.assert_array_equal(bits.spikes.steps, lists.spikes.steps)
    np.testing.assert_array_equal(bits.spikes.neurons, lists.spikes.neurons)


def test_a_wiring_that_does_not_fit_is_refused_with_what_would():
    net, rng = network(0.0), stream(1, "wiring")
    few = pairwise_bernoulli(30, 80, 0.1, rng=rng, autapses=True)
    for wiring, said in (
        ({("E", "X"): few}, r"joins \['X'\]: the populations are E, I"),
        ({("E", "I"): few}, r"I to E joins 30 sources to 80 targets; there are 30 and 81"),
        (few, r"the network joins 30 sources to 80 targets; there are 111 and 111"),
    ):
        with pytest.raises(ParameterError, match=said):
            simulate(net, SETTINGS, seed=1, wiring=wiring)
    near = Projection.from_pairs([0], [1], n_sources=111, n_targets=111, delays=[4e-5])
    with pytest.raises(ParameterError, match=r"delays of 0 to 1 steps: at least one step"):
        simulate(net, SETTINGS, seed=1, wiring=near)


def test_the_lfp_takes_the_projections_of_a_simulation():
    """Oracle: the charges of the lists that the same projections are laid out in."""
    net, wiring = network([2e-3, 5e-3]), sheet()
    lists = lay_out(net, wiring, seed=1, dt=DT)
    for targets in (["E"], ["E", "I"]):
        expected, found = (
            wiring_charges(each, net, capacitance=2.5e-10, targets=targets).toarray()
            for each in (lists, wiring)
        )
        assert np.any(expected < 0.0)
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_izhikevich_networks_take_projections():
    """Oracle: the same weights as a dense matrix."""
    rng = stream(6, "wiring")
    E = Lattice.over((1e-3, 1e-3), (6, 6), periodic=True)
    drawn = kernel_weights(E, E, Gaussian(2e-4), weight=2e-9, autapses=False, same_population=True)
    cells = IzhikevichPopulation(name="E", size=36, cell=REGULAR_SPIKING)
    drive = CurrentDrive(target="E", amplitude=rng.uniform(1e-10, 4e-10, 36))
    runs = [
        simulate(
            IzhikevichNetwork(
                populations=(cells,),
                pathways=(
                    Pathway(
                        source="E", target="E", weights=weights, receptors={"ampa": 1.0}, delay=1e-3
                    ),
                ),
                drives=(drive,),
            ),
            SETTINGS,
            seed=0,
        )
        for weights in (drawn, drawn.dense())
    ]
    assert len(runs[0].spikes) > 50
    for name in ("times", "neurons"):
        np.testing.assert_array_equal(*(getattr(run.spikes, name) for run in runs))
    with pytest.raises(ParameterError, match="a projection needs weights"):
        Pathway(
            source="E", target="E", receptors={"ampa": 1.0},
            weights=distance_delays(drawn, E, E, offset=1e-3, speed=0.1),
        )  # fmt: skip
