"""The standard scheme: delays, receptors, drives; each fault of the notebook undone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from scipy.integrate import solve_ivp

from cortex.izhikevich import published_network, published_run, step_response
from cortex.params.izhikevich import FAST_SPIKING, RECEPTORS, REGULAR_SPIKING
from cortex.params.simulation import SimulationParams
from cortex.rng import stream
from cortex.spiking import (
    CurrentDrive,
    Inputs,
    IzhikevichNetwork,
    IzhikevichPopulation,
    Pathway,
    PoissonDrive,
    Recorder,
    receptor_currents,
    simulate,
)


def run(network, duration=0.01, dt=1e-4, seed=1, warm_up=0.0, **others):
    settings = SimulationParams(dt=dt, warm_up=warm_up, duration=duration, precision="float64")
    return simulate(network, settings, seed=seed, **others)


def conductances(*neurons, **others):
    """Return a recording of the conductances of neurons, step by step."""
    return Recorder(currents="neuron", current_neurons=neurons, **others)


def alone(size=1, cell=REGULAR_SPIKING, receptors=(), **others):
    """Return cells that their synapses, of no weight, do not join."""
    joined = dict.fromkeys(receptors, 1.0)
    weights = np.zeros((size, size))
    return IzhikevichNetwork(
        populations=(IzhikevichPopulation(name="E", size=size, cell=cell),),
        pathways=tuple(
            Pathway(source="E", target="E", weights=weights, receptors=joined) for _ in joined
        ),
        **others,
    )


def pair(weight=1e-9, receptor="ampa", delay=0.0):
    """Return a network of one E cell, driven to fire, that projects to a second population."""
    return IzhikevichNetwork(
        populations=tuple(
            IzhikevichPopulation(name=name, size=1, cell=REGULAR_SPIKING) for name in "ET"
        ),
        pathways=(
            Pathway(
                source="E",
                target="T",
                weights=np.array([[weight]]),
                receptors={receptor: 1.0},
                delay=delay,
            ),
        ),
        drives=(CurrentDrive(target="E", amplitude=1e-9),),
    )


def test_the_last_sample_is_computed_and_does_not_depend_on_where_the_run_ends():
    """The fault: the last row of the notebook's arrays is never computed, v jumps to 0 mV."""
    network = published_network("ring_100_20", "standard")
    everyone = tuple(range(network.n_neurons))
    record = conductances(*everyone, voltages=everyone)
    short, longer = (run(network, duration, record=record) for duration in (0.03, 0.031))
    assert len(short.trace_times) == 300
    for name, values in short.traces.items():
        np.testing.assert_array_equal(values[-1], longer.traces[name][299])
    cells = short.state.arrays["cells"]
    np.testing.assert_allclose(short.traces["V"][-1] * 1e3, cells[0], rtol=1e-15)
    assert np.all(short.traces["V"][-1] != 0.0)


def test_subthreshold_potential_follows_an_independent_integrator():
    """DOP853 of SciPy on the equations in SI, with an NMDA and a GABA-A conductance decaying."""
    cell, g0 = REGULAR_SPIKING, {"nmda": 3e-9, "gaba_a": 5e-9}
    start = Inputs(open0={name: np.array([g]) for name, g in g0.items()})
    record = Recorder(voltages=[0])
    traces = run(alone(receptors=g0), 0.1, dt=1e-5, inputs=start, record=record).traces

    def derivative(t, y):
        v, u = y
        q = ((v + 80e-3) / 60e-3) ** 2
        i_syn = g0["nmda"] * np.exp(-t / 0.1) * q / (1 + q) * v
        i_syn += g0["gaba_a"] * np.exp(-t / 6e-3) * (v + 70e-3)
        dv = (cell.k * (v - cell.v_r) * (v - cell.v_t) - u - i_syn) / cell.C
        return dv, cell.a * (cell.b * (v - cell.v_r) - u)

    exact = solve_ivp(derivative, (0, 0.1), (cell.v_r, 0.0), "DOP853", rtol=1e-11, atol=1e-18)
    # second order: (1e-5 s / a few ms)^2 of a few mV
    assert traces["V"][-1, 0] == pytest.approx(exact.y[0, -1], abs=2e-8)
    assert traces["w"][-1, 0] == pytest.approx(exact.y[1, -1], abs=2e-16)


def test_conductances_decay_in_every_step_also_when_the_source_fires():
    """The fault: a source that spikes keeps its conductances for that step."""
    weight, tau = 1e-9, 5e-3
    found = run(pair(weight), 0.2, record=conductances(1))
    arrivals = (found.spikes.steps[found.spikes.neurons == 0] + 1) * 1e-4
    assert len(arrivals) > 3
    late = found.trace_times[:, None] - arrivals[None, :]
    kernel = np.where(late > -1e-9, np.exp(-np.maximum(late, 0.0) / tau), 0.0)
    np.testing.assert_allclose(
        found.traces["g_ampa"][:, 0], weight * kernel.sum(axis=1), rtol=1e-9, atol=1e-18
    )


def test_nothing_is_integrated_away_at_a_spike():
    """The fault: a spike costs a step in which u does not decay; u must obey u' = a(b(v-vr)-u).

    With b = 0 and a constant jump, u just before spike n is the sum of decayed jumps.
    """
    cell = replace(REGULAR_SPIKING, b=0.0)
    found = step_response(cell, np.array([8e-10]), 0.5, record=Recorder(voltages=[0]))
    spikes = found.spikes.times
    t = found.trace_times[-1]
    expected = cell.d * np.exp(-cell.a * (t - spikes)).sum()
    assert len(spikes) > 5
    # each jump is integrated by Heun with a dt = 1e-3
    assert found.traces["w"][-1, 0] == pytest.approx(expected, rel=1e-5)


def test_nmda_gate_closes_below_minus_80_mV():
    """The fault: the gate is even in v + 80 mV and opens again below it."""
    start = Inputs(V0=[-100e-3, -100e-3], open0={"nmda": np.array([0.0, 50e-9])})
    closed, opened = (
        run(
            alone(2, receptors=["nmda"], scheme=scheme),
            inputs=start,
            record=Recorder(voltages=[0, 1]),
        ).traces["V"][1]
        for scheme in ("standard", "reference")
    )
    assert closed[0] == closed[1]
    assert opened[1] > opened[0] + 5e-4


@pytest.mark.parametrize("scheme", ["standard", "reference"])
def test_the_gate_of_recorded_currents_is_the_one_the_scheme_used(scheme):
    """The NMDA current found in the traces moves v by -I dt/C, below -80 mV as above."""
    for v in (-100e-3, -30e-3):
        traces = run(
            alone(2, receptors=["nmda"], scheme=scheme),
            dt=1e-6,
            inputs=Inputs(V0=[v, v], open0={"nmda": np.array([0.0, 50e-9])}),
            record=conductances(0, 1, voltages=[0, 1]),
        ).traces
        current = traces["exc"][0, 1]
        moved = np.diff(traces["V"][:2], axis=0)[0]
        # the second cell differs by its conductance alone; a step of 1 us changes it by 1e-3
        wanted = current * 1e-6 / REGULAR_SPIKING.C
        assert moved[1] - moved[0] == pytest.approx(wanted, rel=5e-3, abs=1e-15)
        assert (current == 0.0) == (scheme == "standard" and v < -80e-3)


def test_receptors_have_weights_of_their_own():
    """The fault: one weight opens AMPA and NMDA alike."""
    net = pair()
    ampa, nmda = np.array([[2e-9]]), np.array([[3e-9]])
    both = IzhikevichNetwork(
        populations=net.populations,
        pathways=(
            Pathway(source="E", target="T", weights=ampa, receptors={"ampa": 1.0}),
            Pathway(source="E", target="T", weights=nmda, receptors={"nmda": 0.5}),
        ),
        drives=net.drives,
    )
    found = run(both, 0.05, record=conductances(1))
    peak = {name: found.traces[f"g_{name}"][found.spikes.steps[0], 0] for name in RECEPTORS}
    assert peak == pytest.approx({"ampa": 2e-9, "nmda": 1.5e-9, "gaba_a": 0.0, "gaba_b": 0.0})


@given(delay=st.integers(0, 40))
def test_a_spike_arrives_its_delay_after_the_end_of_its_step(delay):
    found = run(pair(delay=delay * 1e-4), 0.03, record=conductances(1))
    arrival = np.flatnonzero(found.traces["g_ampa"][:, 0])[0]
    assert arrival == found.spikes.steps[0] + delay


NOISE = (
    PoissonDrive(target="E", rate=2000.0, weight=0.4e-9),
    PoissonDrive(target="I", rate=2000.0, weight=0.2e-9, start=0.05, stop=0.15),
)


def random_network(sparse_weights=False, delay=1e-3):
    """Return 40 E and 20 I cells with noise and random weights, three quarters of them absent."""
    rng = stream(3, "test network")
    sizes = {"E": 40, "I": 20}
    pathways = []
    for target in "EI":
        for source in "EI":
            w = rng.random((sizes[target], sizes[source])) * 2e-9
            w[rng.random(w.shape) < 0.75] = 0.0
            receptors = {"ampa": 1.0, "nmda": 0.3} if source == "E" else {"gaba_a": 1.0}
            pathways.append(
                Pathway(
                    source=source,
                    target=target,
                    weights=sparse.csr_array(w) if sparse_weights else w,
                    receptors=receptors,
                    delay=delay,
                )
            )
    cells = {"E": REGULAR_SPIKING, "I": FAST_SPIKING}
    return IzhikevichNetwork(
        populations=tuple(IzhikevichPopulation(name=p, size=sizes[p], cell=cells[p]) for p in "EI"),
        pathways=tuple(pathways),
        drives=NOISE,
    )


def assert_same(one, other):
    """Compare two runs bit for bit."""
    for name in ("steps", "neurons", "times"):
        np.testing.assert_array_equal(getattr(one.spikes, name), getattr(other.spikes, name))
    for name, trace in one.traces.items():
        assert trace.tobytes() == other.traces[name].tobytes(), name
    for name, array in one.state.arrays.items():
        assert array.tobytes() == other.state.arrays[name].tobytes(), name


@pytest.mark.parametrize("delay", [0.0, 1e-3])
def test_sparse_and_dense_weights_give_the_same_run_bit_for_bit(delay):
    dense, thin = (run(random_network(thin, delay), 0.3) for thin in (False, True))
    assert len(dense.spikes) > 100
    assert_same(dense, thin)


def test_a_step_with_few_spikes_and_one_with_many_raise_conductances_alike():
    """Few spikes go straight to the conductances, many are summed first: the sum is the same.

    k of 20 cells fire in the first step, by a state beyond the peak; each target is then due
    the plain sum of their weights.
    """
    weights = stream(8, "weights").random((30, 20)) * 1e-9
    net = IzhikevichNetwork(
        populations=tuple(
            IzhikevichPopulation(name=p, size=n, cell=REGULAR_SPIKING)
            for p, n in (("E", 20), ("T", 30))
        ),
        pathways=(
            Pathway(source="E", target="T", weights=weights, receptors={"ampa": 1.0, "nmda": 0.5}),
        ),
    )
    for k in range(21):
        V0 = net.resting_state()[0]
        V0[:k] = 60e-3
        found = run(net, inputs=Inputs(V0=V0), record=conductances(*range(20, 50)))
        arrived = weights[:, :k].sum(axis=1)
        assert np.sum(found.spikes.steps == 0) == k
        assert not np.any(found.spikes.steps == 1)
        # raised at the end of the first step, decayed over the second
        ampa, nmda = (found.traces[f"g_{name}"][1] for name in ("ampa", "nmda"))
        np.testing.assert_allclose(ampa, arrived * np.exp(-0.02), rtol=1e-12)
        np.testing.assert_allclose(nmda, 0.5 * arrived * np.exp(-1e-3), rtol=1e-12)


@pytest.mark.parametrize("currents", ["none", "neuron", "population"])
@pytest.mark.parametrize("scheme", ["standard", "reference"])
def test_chunks_and_threads_change_no_byte(scheme, currents, monkeypatch):
    network = random_network() if scheme == "standard" else published_network("ring_100_20")
    of = [1, 55] if currents == "neuron" else ()
    record = Recorder(voltages=[55, 1, 3], currents=currents, current_neurons=of, trace_dt=3e-4)
    record = replace(record, rate_bin=0.1)
    chunks: list[object] = []
    whole = run(network, 0.3, warm_up=0.1, record=record)
    monkeypatch.setattr("cortex.spiking.simulation.CHUNK_SPIKES", 1)
    pieces = run(network, 0.3, warm_up=0.1, record=replace(record, sink=chunks.append), threads=2)
    assert len(whole.spikes) > 100
    assert len(chunks) > 100
    assert_same(whole, pieces)
    np.testing.assert_array_equal(whole.rates, pieces.rates)
    np.testing.assert_allclose(whole.rates.mean(axis=0), whole.spikes.mean_rates(), rtol=1e-12)


@pytest.mark.parametrize("scheme", ["standard", "reference"])
def test_going_on_from_a_state_gives_the_same_bytes_as_one_run(scheme):
    """Noise under way and delays in the standard scheme, traces of sources in the other."""
    network = random_network() if scheme == "standard" else published_network("ring_100_20")
    record = Recorder(voltages=[0, 50])
    whole = run(network, 0.2, record=record)
    first = run(network, 0.1, record=record)
    second = run(network, 0.1, record=record, state=first.state)
    assert len(first.spikes) > 50
    steps = np.concatenate([first.spikes.steps, second.spikes.steps + 1000])
    np.testing.assert_array_equal(steps, whole.spikes.steps)
    V = np.concatenate([first.traces["V"], second.traces["V"]])
    assert V.tobytes() == whole.traces["V"].tobytes()
    for name, array in whole.state.arrays.items():
        assert array.tobytes() == second.state.arrays[name].tobytes(), name


def test_currents_of_populations_are_the_means_of_those_of_their_neurons():
    """And those of a sign g (E - V), inward positive, with V and u beside them."""
    network = random_network()
    of_all = run(network, 0.1, record=Recorder(currents="population")).traces
    everyone = tuple(range(60))
    found = run(network, 0.1, record=conductances(*everyone, voltages=everyone)).traces
    found |= {"mean_V": found["V"], "mean_w": found["w"]}
    assert of_all.keys() == found.keys() - {"V", "w"}
    for name, means in of_all.items():
        expected = np.stack([found[name][:, :40].mean(axis=1), found[name][:, 40:].mean(axis=1)], 1)
        # sums of 40 numbers in another order
        np.testing.assert_allclose(means, expected, rtol=1e-12, atol=1e-30, err_msg=name)
    g = {name: found[f"g_{name}"] for name in RECEPTORS}
    outward = receptor_currents(found["V"], g, network.receptors)
    for sign, names in (("exc", RECEPTORS[:2]), ("inh", RECEPTORS[2:])):
        currents, conductance = (sum(each[name] for name in names) for each in (outward, g))
        # units of the loops, or SI
        np.testing.assert_allclose(found[sign], -currents, rtol=1e-9, atol=1e-24)
        np.testing.assert_array_equal(found[f"g_{sign}"], conductance)
    assert found["exc"].max() > 0.0 > found["inh"].min()


@pytest.mark.parametrize("scheme", ["standard", "reference"])
def test_a_current_given_step_by_step_equals_the_same_step_current(scheme):
    network = published_network("ring_2_2", scheme)
    amplitude = np.zeros((3000, 2))
    amplitude[500:2000] = [5e-10, 4e-10]
    steps = CurrentDrive(target="E", amplitude=amplitude)
    window = CurrentDrive(target="E", amplitude=np.array([5e-10, 4e-10]), start=0.05, stop=0.2)
    first, second = (
        run(replace(network, drives=(drive,)), 0.25, warm_up=0.05) for drive in (steps, window)
    )
    assert len(first.spikes) > 10
    np.testing.assert_array_equal(first.spikes.times, second.spikes.times)
    cells = [each.state.arrays["cells"] for each in (first, second)]
    np.testing.assert_allclose(cells[0], cells[1], rtol=1e-12, atol=1e-8)


@pytest.mark.parametrize("scheme", ["standard", "reference"])
def test_no_spike_is_lost_where_one_step_fills_the_buffer(scheme, monkeypatch):
    # cells of one current spike together: 30 and 45 in a buffer of 150 often leave too little room
    monkeypatch.setattr("cortex.spiking.simulation.CHUNK_SPIKES", 150)

    def counts(*copies):
        drive = CurrentDrive(target="E", amplitude=np.repeat([300e-12, 200e-12], copies))
        net = alone(sum(copies), FAST_SPIKING, drives=(drive,), scheme=scheme)
        return np.bincount(run(net, 0.3).spikes.neurons, minlength=sum(copies))

    each = counts(1, 1)
    assert each[0] > each[1] + 3
    np.testing.assert_array_equal(counts(30, 45), np.repeat(each, [30, 45]))


def test_poisson_drive_has_the_mean_and_variance_of_shot_noise():
    """Campbell: mean = w rate tau, variance = w^2 rate tau / 2 in the limit of small steps."""
    n, rate, weight, tau = 500, 800.0, 0.05e-9, 5e-3
    net = alone(n, drives=(PoissonDrive(target="E", rate=rate, weight=weight),))
    found = run(net, 0.9, seed=5, warm_up=0.1, record=conductances(*range(n), trace_dt=20e-3))
    g = found.traces["g_ampa"].ravel()
    # spikes arrive on the grid: the integrals of the filter and of its square become sums
    mean, variance = (
        weight**power * rate * 1e-4 / -np.expm1(-power * 1e-4 / tau) for power in (1, 2)
    )
    # independent samples: 20 ms apart, 500 cells; their excess kurtosis is 1/(rate tau)
    assert g.mean() == pytest.approx(mean, abs=4 * np.sqrt(variance / g.size))
    assert g.var() == pytest.approx(variance, rel=4 * np.sqrt((2 + 1 / (rate * tau)) / g.size))


def test_recorded_traces_are_decimated_samples_of_the_chosen_cells():
    full, few = (
        published_run("ring_100_20", "standard", record=record)
        for record in (
            Recorder(voltages=range(120)),
            conductances(7, voltages=[110, 3], trace_dt=5e-3),
        )
    )
    assert full.traces["V"].shape == (9999, 120)
    assert few.trace_times[:2] == pytest.approx([1e-4, 5.1e-3])
    for name in "Vw":
        np.testing.assert_array_equal(few.traces[name], full.traces[name][::50][:, [110, 3]])
