"""Random streams: keyed by seed and name, independent of each other."""

import numpy as np

from cortex.rng import stream


def test_equal_keys_give_equal_numbers():
    np.testing.assert_array_equal(stream(3, "a", 1).random(8), stream(3, "a", 1).random(8))


def test_seed_and_each_part_of_the_name_matter():
    keys = [(3, "a", 1), (4, "a", 1), (3, "b", 1), (3, "a", 2), (3, "a"), (3, "a1")]
    firsts = [stream(*key).random() for key in keys]
    assert len(set(firsts)) == len(keys)


def test_neighbouring_streams_are_uncorrelated():
    # correlation of two independent samples of n has standard deviation 1/sqrt(n); band 4 sd
    n = 20_000
    draws = np.array([stream(0, "neuron", i).standard_normal(n) for i in range(6)])
    off_diagonal = np.corrcoef(draws)[~np.eye(6, dtype=bool)]
    assert np.all(np.abs(off_diagonal) < 4 / np.sqrt(n))
