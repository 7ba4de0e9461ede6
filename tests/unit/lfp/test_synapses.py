"""Several synapses of a pair, their delays, and the matrices that hold them."""

import numpy as np
import pytest
from scipy.sparse import coo_array, coo_matrix, csc_array, csr_array

from cortex.errors import ParameterError
from cortex.lfp import (
    SynapseClass,
    SynapticKernel,
    currents_from_spikes,
    weighted_sum_classes,
)
from cortex.params.lfp import WeightedSumParams
from cortex.spikes import Spikes

MS = 1e-3
AMPA = SynapticKernel(tau_decay=2e-3, tau_rise=4e-4, norm="difference")
GABA = SynapticKernel(tau_decay=5e-3, tau_rise=2.5e-4, norm="difference")


@pytest.mark.parametrize("stored_as", [coo_array, coo_matrix, csr_array, csc_array])
def test_several_synapses_of_one_pair_keep_their_own_delays(stored_as):
    pairs = (np.array([0, 1, 0, 0, 1]), np.array([1, 0, 1, 0, 0]))  # two of (0, 1), two of (1, 0)
    values = {"weights": np.array([1.0, 4.0, 2.0, 8.0, -16.0]), "delay": 1e-3 * np.arange(1, 6)}
    first = {  # SciPy adds up what one pair has, so compressed forms are made by hand
        csr_array: ([0, 3, 5], [0, 2, 3, 1, 4], 1),
        csc_array: ([0, 3, 5], [1, 3, 4, 0, 2], 0),
    }

    def matrix(data):
        if stored_as not in first:
            return stored_as((data, pairs), shape=(2, 2))
        start, order, axis = first[stored_as]
        return stored_as((data[order], pairs[axis][order], start), shape=(2, 2))

    spikes = Spikes.at(np.array([0.0, 2e-3]), np.array([1, 0]))
    at = np.linspace(0.0, 0.02, 41)
    classes = weighted_sum_classes(
        matrix(values["weights"]), ampa=AMPA, gaba=AMPA, delay=matrix(values["delay"]),
        weighting=WeightedSumParams(alpha=1.0, delay_ampa=0.0),
    )  # fmt: skip
    ampa, gaba = (currents_from_spikes(spikes, each, at=at) for each in classes)
    expected = np.zeros((len(at), 2))
    for target, source, weight, delay in zip(*pairs, *values.values(), strict=True):
        time = {1: 0.0, 0: 2e-3}[source]
        expected[:, target] += np.maximum(weight, 0.0) * AMPA(at - time - delay)
    np.testing.assert_allclose(ampa, expected, rtol=0, atol=1e-13)
    assert gaba[-1, 1] == pytest.approx(16.0 * AMPA(np.array(0.02 - 2e-3 - 5e-3)), rel=1e-12)


@pytest.mark.parametrize("stored_as", [coo_array, csr_array, csc_array, np.asarray])
def test_several_synapses_of_one_pair_add_up_under_one_delay(stored_as):
    dense = np.array([[0.0, 3.0], [4.0, 0.0]])
    twice = coo_array(([1.0, 2.0, 4.0], ([0, 0, 1], [1, 1, 0])), shape=(2, 2))
    spikes = Spikes.at(np.array([0.0, 1e-3]), np.array([1, 0]))
    at = np.linspace(0.0, 0.02, 21)
    found, expected = (
        currents_from_spikes(spikes, SynapseClass(weights=w, kernel=AMPA, delay=1e-3), at=at)
        for w in (twice if stored_as is coo_array else stored_as(dense), dense)
    )
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-13)


def test_a_delay_for_a_pair_with_two_weights_is_refused():
    pairs = (np.array([0, 0]), np.array([0, 0]))
    weights = coo_array((np.array([1.0, 2.0]), pairs), shape=(1, 1))
    one = coo_array(np.array([[1e-3]]))
    with pytest.raises(ParameterError, match="with 1 entries must store the same synapses"):
        weighted_sum_classes(weights, ampa=AMPA, gaba=GABA, delay=one)


def test_the_matrices_of_the_caller_are_left_as_they_were():
    unsorted = csc_array((np.array([1.0, 2.0]), np.array([1, 0]), np.array([0, 2])), shape=(2, 1))
    spikes = Spikes.at(np.array([0.0]), np.array([0]))
    currents_from_spikes(spikes, SynapseClass(weights=unsorted, kernel=AMPA), at=np.arange(3.0))
    assert unsorted.indices.tolist() == [1, 0]


@pytest.mark.parametrize("delay", [np.float32(2e-3), np.float64(2e-3), np.array(2e-3)])
def test_any_scalar_is_a_delay(delay):
    spikes = Spikes.at(np.array([0.0]), np.array([0]))
    at = np.linspace(0.0, 0.02, 21)
    found = [
        currents_from_spikes(spikes, each, at=at)
        for value in (delay, 2e-3)
        for each in (
            SynapseClass(weights=np.ones((1, 1)), kernel=AMPA, delay=value),
            weighted_sum_classes(np.ones((1, 1)), ampa=AMPA, gaba=GABA, delay=value)[0],
        )
    ]
    # single precision holds 2 ms to 1e-7 of it
    np.testing.assert_allclose(found[:2], found[2:], rtol=0, atol=1e-6)
    assert SynapseClass(weights=np.ones((1, 1)), kernel=AMPA, delay=np.int64(0)).delay == 0.0
