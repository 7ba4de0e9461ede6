"""The standard scheme: delays, receptors, drives; each fault of the notebook undone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from scipy.integrate import solve_ivp

from cortex.izhikevich import (
    CurrentDrive,
    IzhikevichNetwork,
    NetworkSimulator,
    Pathway,
    PoissonDrive,
    Population,
    Recorder,
    receptor_currents,
    simulate_network,
    step_response,
)
from cortex.izhikevich.published import published_case
from cortex.params.izhikevich import FAST_SPIKING, REGULAR_SPIKING, ReceptorParams
from cortex.rng import stream

RECEPTORS = ("ampa", "nmda", "gaba_a", "gaba_b")


def pair(weight=1e-9, receptor="ampa", delay=0.0, cell=REGULAR_SPIKING, **receptors):
    """Return a network of one E cell that projects to a second population of one cell."""
    return IzhikevichNetwork(
        populations=(
            Population(name="E", size=1, cell=REGULAR_SPIKING),
            Population(name="T", size=1, cell=cell),
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
        receptors=ReceptorParams(**receptors),
    )


def test_the_last_sample_is_computed_and_does_not_depend_on_where_the_run_ends():
    """The fault: the last row of the notebook's arrays is never computed, v jumps to 0 mV."""
    case = published_case("ring_100_20")
    recording = Recorder(variables=("v", "u", *RECEPTORS), every=1e-4)
    short, longer = (
        simulate_network(case.network, duration, drives=case.drives, recording=recording)
        for duration in (0.03, 0.031)
    )
    assert len(short.traces.times) == 301
    for name, values in short.traces.values.items():
        np.testing.assert_array_equal(values[-1], longer.traces.values[name][300])
    np.testing.assert_array_equal(short.traces.values["v"][-1], short.state[0])
    assert np.all(short.traces.values["v"][-1] != 0.0)


def test_subthreshold_potential_follows_an_independent_integrator():
    """DOP853 of SciPy on the equations in SI, with an NMDA and a GABA-A conductance decaying."""
    cell, g0 = REGULAR_SPIKING, {"nmda": 3e-9, "gaba_a": 5e-9}
    state = np.zeros((6, 1))
    state[0], state[3], state[4] = cell.v_r, g0["nmda"], g0["gaba_a"]
    net = IzhikevichNetwork(
        populations=(Population(name="E", size=1, cell=cell),),
        pathways=(
            Pathway(
                source="E",
                target="E",
                weights=np.zeros((1, 1)),
                receptors={"nmda": 1.0, "gaba_a": 1.0},
            ),
        ),
    )
    run = simulate_network(net, 0.1, dt=1e-5, initial_state=state)

    def derivative(t, y):
        v, u = y
        q = ((v + 80e-3) / 60e-3) ** 2
        i_syn = g0["nmda"] * np.exp(-t / 0.1) * q / (1 + q) * v
        i_syn += g0["gaba_a"] * np.exp(-t / 6e-3) * (v + 70e-3)
        dv = (cell.k * (v - cell.v_r) * (v - cell.v_t) - u - i_syn) / cell.C
        return dv, cell.a * (cell.b * (v - cell.v_r) - u)

    exact = solve_ivp(derivative, (0, 0.1), (cell.v_r, 0.0), "DOP853", rtol=1e-11, atol=1e-18)
    # second order: (1e-5 s / a few ms)^2 of a few mV
    assert run.state[0, 0] == pytest.approx(exact.y[0, -1], abs=2e-8)
    assert run.state[1, 0] == pytest.approx(exact.y[1, -1], abs=2e-16)


def test_conductances_decay_in_every_step_also_when_the_source_fires():
    """The fault: a source that spikes keeps its conductances for that step."""
    weight, tau = 1e-9, 5e-3
    net = pair(weight)
    run = simulate_network(
        net,
        0.2,
        drives=[CurrentDrive(target="E", amplitude=1e-9)],
        recording=Recorder(neurons=(1,), variables=("ampa",), every=1e-4),
    )
    times = run.traces.times
    arrivals = (run.spikes.steps[run.spikes.neurons == 0] + 1) * 1e-4
    assert len(arrivals) > 3
    late = times[:, None] - arrivals[None, :]
    kernel = np.where(late > -1e-9, np.exp(-np.maximum(late, 0.0) / tau), 0.0)
    np.testing.assert_allclose(
        run.traces.values["ampa"][:, 0], weight * kernel.sum(axis=1), rtol=1e-9, atol=1e-18
    )


def test_nothing_is_integrated_away_at_a_spike():
    """The fault: a spike costs a step in which u does not decay; u must obey u' = a(b(v-vr)-u).

    With b = 0 and a constant jump, u just before spike n is the sum of decayed jumps.
    """
    cell = replace(REGULAR_SPIKING, b=0.0)
    run = step_response(
        cell, np.array([8e-10]), 0.5, recording=Recorder(variables=("u",), every=1e-4)
    )
    spikes = run.spikes.times
    t = run.traces.times[-1]
    expected = cell.d * np.exp(-cell.a * (t - spikes)).sum()
    assert len(spikes) > 5
    # each jump is integrated by Heun with a dt = 1e-3
    assert run.traces.values["u"][-1, 0] == pytest.approx(expected, rel=1e-5)


def test_nmda_gate_closes_below_minus_80_mV():
    """The fault: the gate is even in v + 80 mV and opens again below it."""
    state = np.zeros((6, 2))
    state[0] = -100e-3
    state[3, 1] = 50e-9
    net = IzhikevichNetwork(
        populations=(Population(name="E", size=2, cell=REGULAR_SPIKING),),
        pathways=(
            Pathway(source="E", target="E", weights=np.zeros((2, 2)), receptors={"nmda": 1.0}),
        ),
    )
    closed = simulate_network(net, 2e-4, initial_state=state).state[0]
    opened = simulate_network(net, 2e-4, initial_state=state, scheme="reference").state[0]
    assert closed[0] == closed[1]
    assert opened[1] > opened[0] + 5e-4


@pytest.mark.parametrize("scheme", ["standard", "reference"])
def test_the_gate_of_recorded_currents_is_the_one_the_scheme_used(scheme):
    """The NMDA current found in the traces moves v by -I dt/C, below -80 mV as above."""
    for v in (-100e-3, -30e-3):
        state = np.zeros((6, 2))
        state[0], state[3, 1] = v, 50e-9
        net = IzhikevichNetwork(
            populations=(Population(name="E", size=2, cell=REGULAR_SPIKING),),
            pathways=(
                Pathway(source="E", target="E", weights=np.zeros((2, 2)), receptors={"nmda": 1.0}),
            ),
        )
        run = simulate_network(
            net,
            2e-6,
            dt=1e-6,
            scheme=scheme,
            initial_state=state,
            recording=Recorder(variables=("v", *RECEPTORS), every=1e-6),
        )
        current = receptor_currents(run.traces, net.receptors, scheme)["nmda"][0, 1]
        moved = run.traces.values["v"][1]
        # the second cell differs by its conductance alone; a step of 1 us changes it by 1e-3
        wanted = -current * 1e-6 / REGULAR_SPIKING.C
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
    )
    recording = Recorder(neurons=(1,), variables=RECEPTORS, every=1e-4)
    run = simulate_network(
        both, 0.05, drives=[CurrentDrive(target="E", amplitude=1e-9)], recording=recording
    )
    first = run.spikes.steps[0] + 1
    peak = {name: values[first, 0] for name, values in run.traces.values.items()}
    assert peak == pytest.approx({"ampa": 2e-9, "nmda": 1.5e-9, "gaba_a": 0.0, "gaba_b": 0.0})


@given(delay=st.integers(0, 40))
def test_a_spike_arrives_its_delay_after_the_end_of_its_step(delay):
    net = pair(delay=delay * 1e-4)
    run = simulate_network(
        net,
        0.03,
        drives=[CurrentDrive(target="E", amplitude=1e-9)],
        recording=Recorder(neurons=(1,), variables=("ampa",), every=1e-4),
    )
    arrival = np.flatnonzero(run.traces.values["ampa"][:, 0])[0]
    assert arrival == run.spikes.steps[0] + 1 + delay


def random_network(n=60, sparse_weights=False, delay=1e-3):
    """Return 40 E and 20 I cells with random weights, three quarters of them absent."""
    rng = stream(3, "test network")
    sizes = {"E": 2 * n // 3, "I": n // 3}
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
        populations=tuple(Population(name=p, size=sizes[p], cell=cells[p]) for p in "EI"),
        pathways=tuple(pathways),
    )


NOISE = [
    PoissonDrive(target="E", rate=2000.0, weight=0.4e-9),
    PoissonDrive(target="I", rate=2000.0, weight=0.2e-9, start=0.05, stop=0.15),
]


@pytest.mark.parametrize("delay", [0.0, 1e-3])
def test_sparse_and_dense_weights_give_the_same_run_bit_for_bit(delay):
    runs = [
        simulate_network(
            random_network(sparse_weights=s, delay=delay),
            0.3,
            drives=NOISE,
            rng=stream(1, "noise"),
        )
        for s in (False, True)
    ]
    assert len(runs[0].spikes.steps) > 100
    np.testing.assert_array_equal(runs[0].spikes.times, runs[1].spikes.times)
    np.testing.assert_array_equal(runs[0].state, runs[1].state)


def test_a_step_with_few_spikes_and_one_with_many_raise_conductances_alike():
    """Few spikes go straight to the conductances, many are summed first: the sum is the same.

    k of 20 cells fire in the first step, by a state beyond the peak; each target is then due
    the plain sum of their weights.
    """
    weights = stream(8, "weights").random((30, 20)) * 1e-9
    net = IzhikevichNetwork(
        populations=tuple(
            Population(name=p, size=n, cell=REGULAR_SPIKING) for p, n in (("E", 20), ("T", 30))
        ),
        pathways=(
            Pathway(source="E", target="T", weights=weights, receptors={"ampa": 1.0, "nmda": 0.5}),
        ),
    )
    for k in range(21):
        state = net.resting_state()
        state[0, :k] = 60e-3
        run = simulate_network(net, 2e-4, initial_state=state)
        arrived = weights[:, :k].sum(axis=1)
        assert np.all(run.spikes.steps == 0)
        assert len(run.spikes.steps) == k
        # raised at the end of the first step, decayed over the second
        np.testing.assert_allclose(run.state[2, 20:], arrived * np.exp(-0.02), rtol=1e-12)
        np.testing.assert_allclose(run.state[3, 20:], 0.5 * arrived * np.exp(-1e-3), rtol=1e-12)


def test_a_run_does_not_depend_on_how_its_spikes_are_handed_out(monkeypatch):
    whole = simulate_network(random_network(), 0.3, drives=NOISE, rng=stream(1, "noise"))
    monkeypatch.setattr("cortex.izhikevich.simulation.SPIKE_BUFFER", 1)
    simulator = NetworkSimulator(random_network(), 0.3, drives=NOISE, rng=stream(1, "noise"))
    chunks = list(simulator.spikes())
    assert len(chunks) > 3
    np.testing.assert_array_equal(np.concatenate([c.times for c in chunks]), whole.spikes.times)
    np.testing.assert_array_equal(simulator.state, whole.state)


@pytest.mark.parametrize("scheme", ["standard", "reference"])
def test_a_current_given_step_by_step_equals_the_same_step_current(scheme):
    case = published_case("ring_2_2")
    amplitude = np.zeros((3000, 2))
    amplitude[500:2000] = [5e-10, 4e-10]
    steps = CurrentDrive(target="E", amplitude=amplitude)
    window = CurrentDrive(target="E", amplitude=np.array([5e-10, 4e-10]), start=0.05, stop=0.2)
    first, second = (
        simulate_network(case.network, 0.3, drives=[drive], scheme=scheme)
        for drive in (steps, window)
    )
    assert len(first.spikes.times) > 10
    np.testing.assert_array_equal(first.spikes.times, second.spikes.times)
    np.testing.assert_allclose(first.state, second.state, rtol=1e-12, atol=1e-20)


@pytest.mark.parametrize("scheme", ["standard", "reference"])
def test_no_spike_is_lost_where_one_step_fills_the_buffer(scheme, monkeypatch):
    # cells of one current spike together: 30 and 45 in a buffer of 150 often leave too little room
    monkeypatch.setattr("cortex.izhikevich.simulation.SPIKE_BUFFER", 1)

    def counts(*copies):
        cells = Population(name="I", size=sum(copies), cell=FAST_SPIKING)
        drive = CurrentDrive(target="I", amplitude=np.repeat([300e-12, 200e-12], copies))
        net = IzhikevichNetwork(populations=(cells,))
        return simulate_network(net, 0.3, drives=[drive], scheme=scheme).spike_counts()

    alone = counts(1, 1)
    assert alone[0] > alone[1] + 3
    np.testing.assert_array_equal(counts(30, 45), np.repeat(alone, [30, 45]))


def test_poisson_drive_has_the_mean_and_variance_of_shot_noise():
    """Campbell: mean = w rate tau, variance = w^2 rate tau / 2 in the limit of small steps."""
    n, rate, weight, tau = 500, 800.0, 0.05e-9, 5e-3
    net = IzhikevichNetwork(populations=(Population(name="E", size=n, cell=REGULAR_SPIKING),))
    run = simulate_network(
        net,
        1.0,
        drives=[PoissonDrive(target="E", rate=rate, weight=weight)],
        rng=stream(5, "poisson"),
        recording=Recorder(variables=("ampa",), every=20e-3),
    )
    g = run.traces.values["ampa"][5:].ravel()
    # spikes arrive on the grid: the integrals of the filter and of its square become sums
    mean, variance = (
        weight**power * rate * 1e-4 / -np.expm1(-power * 1e-4 / tau) for power in (1, 2)
    )
    # independent samples: 20 ms apart, 500 cells; their excess kurtosis is 1/(rate tau)
    assert g.mean() == pytest.approx(mean, abs=4 * np.sqrt(variance / g.size))
    assert g.var() == pytest.approx(variance, rel=4 * np.sqrt((2 + 1 / (rate * tau)) / g.size))


def test_recorded_traces_are_decimated_samples_of_the_chosen_cells():
    case = published_case("ring_100_20")
    full = case.run(scheme="standard", recording=Recorder(variables=("v", "u"), every=1e-4))
    few = case.run(
        scheme="standard",
        recording=Recorder(neurons=(3, 110), variables=("u",), every=5e-3, precision="float32"),
    )
    assert full.traces.values["v"].shape == (10_000, 120)
    assert few.traces.values["u"].shape == (200, 2)
    expected = full.traces.values["u"][::50][:, [3, 110]]
    np.testing.assert_allclose(few.traces.values["u"], expected, rtol=1e-6)
