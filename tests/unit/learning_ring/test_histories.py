"""Histories of the full matrix against the transient and the profile of the locked wave."""

import numpy as np
import pytest

from cortex.learning_ring import standard_params
from cortex.learning_ring.histories import pair_histories, rule_columns
from cortex.learning_ring.rules import differential_hebbian

RING = standard_params(n_neurons=100, dt=1e-3, periods=60, beta=0.05)


@pytest.fixture(scope="module")
def histories():
    return pair_histories(RING, 1, n_times=6, n_shown=50)


def test_kernels_over_time_lie_on_the_transient(histories):
    history = histories["history"]
    largest = np.max(np.abs(history["predicted"]))
    # what the first steps of learning leave: of order beta over the periods since
    off = np.max(np.abs(history["weight"] - history["predicted"])) / largest
    assert off < 2e-3
    first = history["time"] == history["time"][0]
    assert np.max(np.abs(history["weight"][first] - history["predicted"][-100:])) > 0.1 * largest


def test_sources_that_lead_by_more_than_the_delay_come_to_excite(histories):
    history = histories["history"]
    last = history["time"] == history["time"][-1]
    lead, weight = history["lead"][last], history["weight"][last]
    inside = np.abs(lead) < 0.4 * RING.ring.period
    away = inside & (np.abs(lead) > 2.0 * RING.ring.dt)  # the kernel crosses zero within a step
    assert np.all(np.sign(weight[away]) == np.sign(lead[away]))


def test_a_step_changes_pairs_and_their_mean_as_the_locked_wave_says(histories):
    changes = histories["changes"]
    # random initial weights and the ripple, left out, are of order beta lambda dt
    assert changes["pairs"] == pytest.approx(changes["pairs_predicted"], rel=0.01)
    assert changes["kernel"] == pytest.approx(changes["kernel_predicted"], rel=0.02)
    assert changes["kernel"][0] > 10.0 * changes["kernel"][-1]


def test_the_picture_of_a_step_is_the_derivative_of_its_targets_times_what_arrives(histories):
    weights, activity = histories["weights"], histories["activity"]
    last = activity["time"] == activity["time"].max()
    assert weights["target"].size == 50 * 50
    assert np.unique(activity["neuron"]).tolist() == list(range(0, 100, 2))
    change = weights["change"].reshape(50, 50)
    steepest = np.argmax(change.max(axis=1))
    derivative = activity["derivative"][last]
    # the picture of activity ends one step before that of the weights: the wave moves by one
    assert abs(steepest - np.argmax(derivative)) <= 1


def test_the_built_in_rule_as_a_function_has_one_kernel_in_three_columns():
    params = RING.at(rule="pairwise", beta=0.2)
    columns = rule_columns("stated", params, differential_hebbian, 1)
    # beta lambda t = 24: initial weights are forgotten to rounding
    assert columns["predicted"] == pytest.approx(columns["built_in"], abs=1e-9)
    assert columns["weight"] == pytest.approx(columns["built_in"], abs=1e-6)
