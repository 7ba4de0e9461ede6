"""What a process has begun is taken back whenever the interruption strikes."""

from threading import Event, Thread

import pytest

from cortex.io.store import PointStore
from cortex.sweep.in_progress import InProgress

FIRST, SECOND = "a" * 64, "b" * 64


@pytest.fixture
def store(tmp_path):
    return PointStore(tmp_path / "store")


def attempts(store, key):
    """Return how many attempts at a point are noted."""
    note = store._noted(key)
    return 0 if note is None else note["attempts"]


def test_points_begun_are_taken_back_once_and_no_other_begins(store):
    in_progress = InProgress(store)
    assert in_progress.begin(FIRST)
    assert in_progress.begin(SECOND)
    store._note(SECOND, 3)  # cut off twice before
    for _ in range(2):  # an interruption during the withdrawal withdraws again
        in_progress.withdraw()
    assert (attempts(store, FIRST), attempts(store, SECOND)) == (0, 2)
    assert not in_progress.begin(FIRST)
    assert attempts(store, FIRST) == 0


def test_a_point_that_ended_is_not_taken_back(store):
    in_progress = InProgress(store)
    in_progress.begin(FIRST)
    store.write(FIRST, {"values": {}})
    in_progress.end(FIRST)
    in_progress.withdraw()
    assert store.path(FIRST).exists()


def test_a_point_caught_while_it_begins_is_taken_back_too(store, monkeypatch):
    noted, go_on = Event(), Event()
    begin = store.begin

    def slowly(key):
        begin(key)
        noted.set()
        assert go_on.wait(30)

    monkeypatch.setattr(PointStore, "begin", lambda _, key: slowly(key))
    in_progress = InProgress(store)
    threads = [Thread(target=in_progress.begin, args=(FIRST,)), Thread(target=in_progress.withdraw)]
    threads[0].start()
    assert noted.wait(30)
    threads[1].start()
    threads[1].join(0.2)  # it waits for the point to have begun
    go_on.set()
    for thread in threads:
        thread.join()
    assert attempts(store, FIRST) == 0
