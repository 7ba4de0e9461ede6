"""Two of the many kills of `kill_study`: nothing half-written, the bytes of one left alone."""

import signal

import pytest

from kill_study import study  # isort: skip - beside this file

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_study_killed_at_any_moment_ends_with_the_bytes_of_one_left_alone(number, tmp_path):
    tally = study(1, number, seed=3, place=tmp_path)
    assert tally["kills"] == 1
    assert tally["half-written"] == tally["differences"] == 0
