"""LFP and currents from spikes: stored cases, explicit sums, delays, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array, csr_array

from cortex.errors import ParameterError
from cortex.lfp import (
    SynapseClass,
    SynapticCurrents,
    SynapticKernel,
    amplitude_matrix,
    cell_sources,
    currents_from_spikes,
    lfp_from_currents,
    lfp_from_spikes,
    mazzoni_neuron,
    mazzoni_population,
    normalised_lfp,
    population_source,
    weighted_sum_classes,
)
from cortex.params import lfp as params
from cortex.spikes import Spikes

MS = 1e-3
AMPA = SynapticKernel(tau_decay=2e-3, tau_rise=4e-4, norm="difference")
GABA = SynapticKernel(tau_decay=5e-3, tau_rise=2.5e-4, norm="difference")


def explicit_currents(spikes, weights, kernel, delay, *, at, age_limit=np.inf):
    """Sum the kernel over every spike and synapse; the slow independent oracle."""
    weights = np.asarray(weights.todense() if hasattr(weights, "todense") else weights)
    delay = np.broadcast_to(delay, weights.shape)
    current = np.zeros((len(at), len(weights)))
    for t, j in zip(spikes.times, spikes.neurons, strict=True):
        age = at[:, None] - t - delay[None, :, j]
        seen = np.where(age <= age_limit, kernel(age), 0.0)
        current += weights[None, :, j] * seen
    return current


def stored_synapses(given_):
    shape = given_["J_shape"]
    matrix = coo_array((given_["J_val"], (given_["J_row"], given_["J_col"])), shape=shape)
    norm = "peak" if given_["normalize"] else "difference"
    kernel = SynapticKernel(
        tau_decay=given_["tau1_ms"] * MS, tau_rise=given_["tau2_ms"] * MS, norm=norm
    )
    return SynapseClass(weights=matrix.T, kernel=kernel, delay=given_["syn_delay_ms"] * MS)


def stored_spikes(given_):
    return Spikes.at(np.array(given_["t_spk_ms"]) * MS, np.array(given_["i_spk"], dtype=int))


def age_limit(kernel, threshold):
    """Age at which the peak-normalised kernel falls below the threshold of the peer."""
    t = np.linspace(kernel.peak_time, 60 * kernel.tau_decay, 4001)
    below = np.flatnonzero(kernel(t) < threshold * kernel(np.array(kernel.peak_time)))[0]
    low, high = t[below - 1], t[below]
    for _ in range(60):
        middle = 0.5 * (low + high)
        over = kernel(np.array(middle)) > threshold * kernel(np.array(kernel.peak_time))
        low, high = (middle, high) if over else (low, middle)
    return low


def test_stored_currents_of_the_peer_agree(stored):
    seen = 0
    for case in stored("spikes_to_biexp_currents")["cases"]:
        given_, expected = case["inputs"], case["outputs"]
        if "raises" in expected:
            continue
        at = np.array(given_["t_eval_ms"]) * MS
        synapses, spikes = stored_synapses(given_), stored_spikes(given_)
        found = currents_from_spikes(spikes, synapses, at=at)
        expected_I = np.array(expected["I"])
        size = np.abs(expected_I).max() + 1e-300
        # the exact kernel differs by what the peer cuts off
        np.testing.assert_allclose(found, expected_I, rtol=0, atol=given_["threshold"] * size)
        limit = age_limit(synapses.kernel, given_["threshold"])
        cut = explicit_currents(
            spikes, synapses.weights, synapses.kernel, synapses.delay, at=at, age_limit=limit
        )
        np.testing.assert_allclose(cut, expected_I, rtol=0, atol=1e-9 * size)
        seen += 1
    assert seen == 10


def test_cases_refused_by_the_peer_are_refused(stored):
    cases = {c["name"]: c["inputs"] for c in stored("spikes_to_biexp_currents")["cases"]}
    with pytest.raises(ParameterError, match=r"spike 1 at 0\.003 s comes after one at 0\.005 s"):
        stored_spikes(cases["unsorted_spikes"])
    with pytest.raises(ParameterError, match="tau_decay > tau_rise"):
        stored_synapses(cases["tau1_not_greater_than_tau2"])


@pytest.fixture(scope="module")
def demonstration(stored):
    data = stored("end_to_end")
    given_ = data["inputs"]
    n = given_["n_exc"] + given_["n_inh"]
    row, column = np.array(given_["J_row"]), np.array(given_["J_col"])
    value = np.where(row < given_["n_exc"], given_["J_exc_value"], given_["J_inh_value"])
    weights = csr_array(coo_array((value, (column, row)), shape=(given_["n_exc"], n)))
    spikes = Spikes.at(np.array(given_["spike_times_ms"]) * MS, np.array(given_["spike_ids"]))
    return given_, data["outputs"], spikes, weights


def test_lfp_of_the_demonstration_agrees_with_the_peer(demonstration):
    given_, expected, spikes, weights = demonstration
    at = np.array(given_["t_ms"]) * MS
    classes = weighted_sum_classes(weights, ampa=AMPA, gaba=GABA, delay=1.5e-3)
    amplitude = np.array(expected["amp_uV_per_neuron"])
    found = lfp_from_spikes(amplitude, spikes, classes, at=at)
    stored_lfp = np.array(expected["lfp_per_neuron_unnormalised_threshold_1e_12_every_2nd_time"])
    # the peer reads the AMPA current 6 ms ago from its samples: kernels on the same grid agree
    scale = np.abs(stored_lfp).max()
    np.testing.assert_allclose(found[::2], stored_lfp, rtol=0, atol=1e-8 * scale)


def test_currents_and_cut_off_lfp_of_the_demonstration_agree_with_the_peer(demonstration):
    given_, expected, spikes, weights = demonstration
    at = np.array(given_["t_ms"]) * MS
    dense = weights.todense()
    ampa, gaba = (
        explicit_currents(
            spikes,
            np.where(sign * dense > 0, dense, 0.0),
            kernel,
            1.5e-3,
            at=at,
            age_limit=age_limit(kernel, 1e-3),
        )
        for sign, kernel in ((1, AMPA), (-1, GABA))
    )
    for mine, name in ((ampa, "ampa"), (gaba, "gaba")):
        total = np.array(expected[f"I_{name}_sum_over_targets"])
        np.testing.assert_allclose(mine.sum(axis=1), total, atol=1e-8 * np.abs(total).max())
    few = np.array(expected["I_ampa_at_t_index_50_first_20_targets"])
    np.testing.assert_allclose(ampa[50, :20], few, rtol=0, atol=1e-8 * np.abs(few).max())
    amplitude = np.array(expected["amp_uV_per_neuron"])
    whole = SynapticCurrents(time=at, ampa=ampa, gaba=gaba)
    for mine, name in (
        (lfp_from_currents(amplitude, whole, boundary="zero"), "per_neuron_unnormalised"),
        (normalised_lfp(amplitude, whole, boundary="zero"), "per_neuron_normalised"),
        (
            normalised_lfp(
                np.array(expected["amp_uV_population"]),
                SynapticCurrents(time=at, ampa=ampa.sum(axis=1), gaba=gaba.sum(axis=1)),
                boundary="zero",
            ),
            "population_normalised",
        ),
    ):
        lfp = np.array(expected[f"lfp_{name}"])
        np.testing.assert_allclose(mine, lfp, rtol=0, atol=1e-8 * np.abs(lfp).max())


def test_own_amplitudes_of_the_demonstration_agree_within_the_table(demonstration):
    given_, expected, spikes, weights = demonstration
    at = np.array(given_["t_ms"]) * MS
    somata = np.array(given_["source_coords_um"]) * 1e-6
    electrodes = np.array(given_["elec_coords_um"]) * 1e-6
    amplitude = 1e6 * amplitude_matrix(electrodes, cell_sources(somata), mazzoni_neuron)
    classes = weighted_sum_classes(weights, ampa=AMPA, gaba=GABA, delay=1.5e-3)
    found = lfp_from_spikes(amplitude, spikes, classes, at=at)
    lfp = np.array(expected["lfp_per_neuron_unnormalised"])
    np.testing.assert_allclose(found, lfp, rtol=0, atol=2e-2 * np.abs(lfp).max())
    population = 1e6 * amplitude_matrix(electrodes, population_source(somata), mazzoni_population)
    np.testing.assert_allclose(population, expected["amp_uV_population"], rtol=0, atol=0.006)


def random_scene(seed, n_spikes=80, n_sources=7, n_targets=5):
    rng = np.random.default_rng(seed)
    weights = rng.normal(size=(n_targets, n_sources)) * (rng.random((n_targets, n_sources)) < 0.6)
    spikes = Spikes.at(
        np.sort(rng.uniform(-5e-3, 50e-3, n_spikes)),
        rng.integers(0, n_sources, n_spikes),
    )
    return rng, csr_array(weights), spikes


@given(seed=st.integers(0, 5000))
def test_collapsing_the_targets_changes_nothing(seed):
    rng, weights, spikes = random_scene(seed)
    amplitude = rng.normal(size=(3, 5))
    at = np.sort(rng.uniform(0, 60e-3, 90))
    classes = weighted_sum_classes(weights, ampa=AMPA, gaba=GABA, delay=1e-3)
    found = lfp_from_spikes(amplitude, spikes, classes, at=at)
    each = [currents_from_spikes(spikes, c, at=at) for c in classes]
    np.testing.assert_allclose(found, (each[0] + each[1]) @ amplitude.T, rtol=0, atol=1e-12)


@given(seed=st.integers(0, 5000))
def test_every_synapse_may_have_its_own_delay(seed):
    rng, weights, spikes = random_scene(seed)
    delay = weights.copy()
    delay.data = rng.uniform(0.2e-3, 4e-3, delay.nnz).round(rng.integers(3, 6))
    at = np.sort(rng.uniform(0, 60e-3, 60))
    amplitude = rng.normal(size=(2, 5))
    classes = weighted_sum_classes(weights, ampa=AMPA, gaba=GABA, delay=delay)
    found = lfp_from_spikes(amplitude, spikes, classes, at=at)
    dense, lags = weights.todense(), delay.todense()
    expected = np.zeros_like(found)
    for sign, kernel, factor, shift in ((1, AMPA, 1.0, 6e-3), (-1, GABA, -1.65, 0.0)):
        part = np.where(sign * dense > 0, dense, 0.0)
        currents = explicit_currents(spikes, part, kernel, lags + shift, at=at)
        expected += factor * currents @ amplitude.T
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-11)


def test_slow_receptors_are_two_more_classes_of_spikes():
    rng, weights, spikes = random_scene(3)
    fast = {"ampa": SynapticKernel.of(params.AMPA), "gaba": SynapticKernel.of(params.GABA)}
    slow = {"ampa": SynapticKernel.of(params.NMDA), "gaba": SynapticKernel.of(params.GABA_B)}
    at = 1e-4 * np.arange(3000)
    classes = [
        each
        for kernels, share in ((fast, 0.8), (slow, 0.2))
        for each in weighted_sum_classes(share * weights, **kernels, delay=1e-3)
    ]
    amplitude = rng.normal(size=(3, 5))
    found = lfp_from_spikes(amplitude, spikes, classes, at=at)
    part = {"ampa": np.maximum(weights.todense(), 0), "gaba": np.minimum(weights.todense(), 0)}
    currents = {
        name: explicit_currents(spikes, share * part[kind], kernels[kind], 1e-3, at=at)
        for kernels, share, names in (
            (fast, 0.8, {"ampa": "ampa", "gaba": "gaba"}),
            (slow, 0.2, {"nmda": "ampa", "gaba_b": "gaba"}),
        )
        for name, kind in names.items()
    }
    expected = lfp_from_currents(amplitude, SynapticCurrents(time=at, **currents), boundary="hold")
    late = at > 0.02  # before, spikes from before the record still arrive through the shift of 6 ms
    size = np.abs(expected).max()
    np.testing.assert_allclose(found[late], expected[late], rtol=0, atol=1e-11 * size)


def test_spikes_and_simulated_currents_share_one_scale():
    # dI/dt = (s - I)/tau_decay, ds/dt = -s/tau_rise, s += J at a spike, in small Euler steps
    dt, n = 1e-6, 30_000
    s = current = 0.0
    simulated = np.zeros(n)
    for step in range(n):
        s += 0.7 * (step in {2000, 9000})
        current += dt * (s - current) / 5e-3
        s -= dt * s / 2.5e-4
        simulated[step] = current
    synapses = SynapseClass(
        weights=np.array([[0.7]]),
        kernel=SynapticKernel(tau_decay=5e-3, tau_rise=2.5e-4, norm="cascade"),
    )
    spikes = Spikes.at(np.array([2e-3, 9e-3]), np.zeros(2, int))
    exact = currents_from_spikes(spikes, synapses, at=dt * np.arange(1, n + 1))[:, 0]
    np.testing.assert_allclose(simulated, exact, rtol=0, atol=5e-3 * exact.max())


def test_spikes_before_the_first_time_still_act():
    spikes = Spikes.at(np.array([-3e-3]), np.array([0]))
    synapses = SynapseClass(weights=np.ones((1, 1)), kernel=AMPA, delay=1e-3)
    found = currents_from_spikes(spikes, synapses, at=np.array([0.0, 1e-3]))[:, 0]
    np.testing.assert_allclose(found, AMPA(np.array([2e-3, 3e-3])), rtol=1e-12)


def test_the_tail_of_a_spike_is_never_cut_off():
    spikes = Spikes.at(np.array([0.0]), np.array([0]))
    synapses = SynapseClass(weights=np.ones((1, 1)), kernel=GABA)
    at = np.array([0.04, 0.1, 0.2])
    found = currents_from_spikes(spikes, synapses, at=at)[:, 0]
    np.testing.assert_allclose(found, np.exp(-at / 5e-3), rtol=1e-11)


def test_spikes_of_any_time_type_are_accepted():
    steps, neurons = np.array([1, 5], dtype=np.int32), np.array([0, 0], dtype=np.uint16)
    spikes = Spikes(
        steps=steps,
        neurons=neurons,
        dt=np.float32(1e-4),
        n_steps=9,
        names=("E",),
        sizes=np.array([1]),
    )
    assert spikes.times.dtype == np.float64
    empty = Spikes.at(np.zeros(0), np.zeros(0))
    found = lfp_from_spikes(
        np.ones((2, 1)),
        empty,
        [SynapseClass(weights=np.ones((1, 1)), kernel=AMPA)],
        at=np.arange(3.0),
    )
    assert np.all(found == 0.0)


@pytest.mark.parametrize(
    ("time", "source", "match"),
    [
        ([0.0, 1.0], [0], "one of each of 1 spikes"),
        ([0.0, np.nan], [0, 0], "spike 1 has a time that is not finite"),
        ([0.0, 1.0], [0.5, 1.0], "must be whole numbers"),
        ([1.0, 0.5], [0, 1], "sort the spikes"),
        ([0.0, 1.0], [0, -1], r"neurons = -1\.\.0 leaves"),
    ],
)
def test_wrong_spikes_are_refused(time, source, match):
    with pytest.raises(ParameterError, match=match):
        Spikes.at(np.array(time), np.array(source))


def test_wrong_weights_and_times_are_refused():
    _, weights, spikes = random_scene(0)
    synapses = SynapseClass(weights=weights, kernel=AMPA)
    with pytest.raises(ParameterError, match="transposed"):
        lfp_from_spikes(np.ones((2, 7)), spikes, [synapses], at=np.arange(3.0))
    with pytest.raises(ParameterError, match="spikes come from sources 0 to 6, weights have 5"):
        currents_from_spikes(
            spikes, SynapseClass(weights=weights.T, kernel=AMPA), at=np.arange(3.0)
        )
    for last, weights_of in ((5, 5), (7, 7)):  # one beyond the last neuron
        beyond = Spikes.at(np.array([0.0, 0.1]), np.array([0, last]))
        few = SynapseClass(weights=np.ones((2, weights_of)), kernel=AMPA)
        with pytest.raises(ParameterError, match=f"sources 0 to {last}, weights have {weights_of}"):
            currents_from_spikes(beyond, few, at=np.arange(3.0))
    with pytest.raises(ParameterError, match="ascending"):
        lfp_from_spikes(np.ones((2, 5)), spikes, [synapses], at=np.array([1.0, 0.0]))
    with pytest.raises(ParameterError, match="not finite"):
        currents_from_spikes(
            spikes, SynapseClass(weights=weights * np.nan, kernel=AMPA), at=np.arange(3.0)
        )
    with pytest.raises(ParameterError, match="must store the same synapses"):
        weighted_sum_classes(weights, ampa=AMPA, gaba=GABA, delay=weights.T)
    peak = SynapticKernel(tau_decay=5e-3, tau_rise=2.5e-4, norm="peak")
    with pytest.raises(ParameterError, match="two meanings"):
        weighted_sum_classes(weights, ampa=AMPA, gaba=peak, delay=1e-3)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"delay": 1.5}, r"delays span 1\.5 to 1\.5 s.*in ms"),
        ({"delay": -1.5e-3}, "allowed is 0 to"),
        ({"delay": np.nan}, "allowed is 0 to"),
        ({"delay": csr_array(np.array([[1e-3, 2.0]]))}, r"delays span 0\.001 to 2\.0 s.*in ms"),
        ({"shift": 6.0}, r"shift = 6\.0 s.*in ms"),
    ],
)
def test_delays_that_are_no_seconds_are_refused(change, match):
    with pytest.raises(ParameterError, match=match):
        SynapseClass(weights=np.ones((1, 2)), kernel=AMPA, **change)
