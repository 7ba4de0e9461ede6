"""How many threads, who does what, and that a failure ends all of them."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit

from cortex._loops_gate import meet
from cortex.errors import ParameterError
from cortex.threads import shares, thread_number, together


@njit(nogil=True)
def rounds(gate, k, n_threads, n_rounds, seen):
    """Write the round into an own place, meet, and tell whether all others wrote theirs."""
    for r in range(1, n_rounds + 1):
        seen[k, r % 2] = r
        if not meet(gate, n_threads, r):
            return False
        for other in range(n_threads):
            if seen[other, r % 2] != r:
                return False
    return True


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_whoever_passes_the_gate_sees_what_all_did_before_it(threads):
    seen = np.zeros((threads, 2), dtype=np.int64)
    met = together(lambda k, gate: rounds(gate, k, threads, 500, seen), threads)
    assert met == [True] * threads


def test_a_thread_that_fails_ends_those_that_wait_for_it():
    seen = np.zeros((3, 2), dtype=np.int64)

    def work(k, gate):
        if k == 1:
            raise MemoryError
        return rounds(gate, k, 3, 500, seen)

    with pytest.raises(MemoryError):
        together(work, 3)


@given(st.lists(st.integers(1, 100), min_size=1, max_size=60), st.integers(1, 9))
def test_shares_cover_all_items_once_and_none_is_much_heavier(weights, threads):
    bounds = shares(np.array(weights), threads)
    assert bounds[0] == 0
    assert bounds[-1] == len(weights)
    assert np.all(np.diff(bounds) >= 0)
    heaviest = max(sum(weights[a:b]) for a, b in pairwise(bounds))
    # a bound lies at most one item beyond where the weight would be split evenly
    assert heaviest <= sum(weights) / threads + max(weights)


@pytest.mark.parametrize(
    ("given", "usable", "most", "expected"),
    [
        ("3", 8, 5, 3),
        ("3", 8, 2, 2),
        ("", 8, 5, 5),
        ("", 2, 5, 2),
        ("two", 2, 5, 2),
        ("0", 4, 0, 1),
    ],
)
def test_the_default_is_what_the_environment_grants_as_far_as_it_pays(
    given, usable, most, expected, monkeypatch
):
    monkeypatch.setenv("OMP_NUM_THREADS", given)
    monkeypatch.setattr("cortex.threads._cores", lambda: usable)
    assert thread_number(None, most) == expected


@pytest.mark.parametrize("threads", [0, -1, 1.5, "2"])
def test_a_number_of_threads_that_is_none_is_refused(threads):
    with pytest.raises(ParameterError, match="threads"):
        thread_number(threads, 4)
