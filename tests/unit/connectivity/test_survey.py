"""Matrices in cells, weights and lengths of networks against the dense matrix."""

import numpy as np
import pytest

from cortex.connectivity import (
    Gaussian,
    Lattice,
    Populations,
    excitatory_inhibitory,
    kernel_weights,
    pairwise_bernoulli,
    survey_tables,
)
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


def test_a_survey_counts_every_connection_once_under_its_source():
    built, who = sheet(), Populations({"E": 12, "I": 8})
    tables = survey_tables(built, name="mine", populations=who, source=SHEET, target=SHEET)
    dense = built.dense()
    for kind, values in (("E", dense[:, :12]), ("I", dense[:, 12:])):
        weights = {key: column[tables["weights"]["source"] == kind]
                   for key, column in tables["weights"].items()}  # fmt: skip
        assert weights["connections"].sum() == np.count_nonzero(values)
        np.testing.assert_allclose(weights["mean"], values[values > 0.0].mean(), rtol=1e-12)
    lengths = tables["lengths"]
    assert lengths["connections"].sum() == built.n_connections
    assert lengths["high"].max() == connection_lengths(built, SHEET, SHEET).max()
    matrix = tables["matrices"]
    assert matrix["source"][matrix["population"] == "I"].min() == 12
    assert set(survey_tables(built, name="mine")["weights"]["source"]) == {"all"}
    with pytest.raises(ParameterError, match="populations hold 21 neurons, the projection has 20"):
        survey_tables(built, populations=Populations({"E": 21}))


def test_excitatory_and_inhibitory_neurons_project_onto_another_population():
    who, p, weight = Populations({"E": 300, "I": 100}), {"E": 0.1, "I": 0.2}, {"E": 1.0, "I": -4.0}
    rng = np.random.default_rng(3)
    built = excitatory_inhibitory(who, p=p, weight=weight, rng=rng, autapses=False, onto=200)
    assert (built.n_sources, built.n_targets, built.same_population) == (400, 200, False)
    weights = survey_tables(built, populations=who)["weights"]
    for kind in "EI":
        own = weights["source"] == kind
        count, pairs = weights["connections"][own].sum(), who.sizes[kind] * 200
        # binomial law, 4 standard deviations
        assert count == pytest.approx(p[kind] * pairs, abs=4 * np.sqrt(pairs * p[kind]))
        assert np.all(weights["mean"][own] == weight[kind])
        assert np.max(weights["high"][own] - weights["low"][own]) < 0.05 * abs(weight[kind])
