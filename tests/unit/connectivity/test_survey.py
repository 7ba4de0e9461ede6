"""Matrices in cells, weights and lengths of networks against the dense matrix."""

import numpy as np
import pytest

from cortex.connectivity import Gaussian, Lattice, kernel_weights, pairwise_bernoulli
from cortex.connectivity.survey import connection_lengths, matrix_in_cells, weights_of
from cortex.errors import ParameterError

SHEET = Lattice(shape=(5, 4), pitch=(1e-4, 1e-4), periodic=False)


def sheet(**how):
    same = {"autapses": False, "same_population": True}
    return kernel_weights(SHEET, SHEET, Gaussian(1e-4), weight=2e-9, **same, **how)


def test_cells_hold_the_mean_of_the_dense_matrix():
    built = sheet()
    dense = built.dense()
    cells = matrix_in_cells(built, 3)  # 20 neurons: the last cells hold two
    means = [[dense[i : i + 3, j : j + 3].mean() for j in range(0, 20, 3)] for i in range(0, 20, 3)]
    np.testing.assert_allclose(cells, means, rtol=1e-12)


def test_the_weight_of_a_kernel_is_that_of_the_length_of_its_connection():
    built = sheet()
    d = connection_lengths(built, SHEET, SHEET)
    np.testing.assert_allclose(weights_of(built), 2e-9 * np.exp(-0.5 * (d / 1e-4) ** 2), rtol=1e-12)


def test_connections_without_weights_count_one_and_places_have_to_fit():
    rng = np.random.default_rng(1)
    built = pairwise_bernoulli(6, 20, 0.5, rng=rng, autapses=True)
    assert np.all(weights_of(built) == 1.0)
    with pytest.raises(ParameterError, match="20 and 20 places for 6 sources"):
        connection_lengths(built, SHEET, SHEET)
