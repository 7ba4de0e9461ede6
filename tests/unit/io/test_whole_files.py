"""Files appear whole or not at all: oracles are the folder's content and processes that ended."""

import os
import platform
import subprocess
import sys

import pytest

from cortex.whole_files import STALE_SECONDS, aside_of, remove_left_overs, written_whole

HERE = platform.node()


@pytest.fixture(scope="module")
def ended():
    """Return the number of a process of this machine that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_there_only_when_it_is_whole(tmp_path):
    path = tmp_path / "new" / "table.parquet"
    with written_whole(path) as aside:
        aside.write_text("whole")
        assert names(path.parent) == [aside.name]
    assert names(path.parent) == ["table.parquet"]
    assert path.read_text() == "whole"


def test_a_writer_that_fails_leaves_the_file_of_before(tmp_path):
    path = tmp_path / "table.parquet"
    path.write_text("before")

    def fail():
        with written_whole(path) as aside:
            aside.write_text("ha")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert names(tmp_path) == ["table.parquet"]
    assert path.read_text() == "before"


def test_what_a_killed_writer_left_goes_when_the_file_is_written_again(tmp_path, ended):
    path = tmp_path / "spikes.v1.parquet"
    (tmp_path / f".{path.name}.{HERE}.{ended}.7.part").touch()
    (tmp_path / f".other.parquet.{HERE}.{ended}.7.part").touch()
    with written_whole(path) as aside:
        aside.write_text("whole")
    assert names(tmp_path) == [f".other.parquet.{HERE}.{ended}.7.part", path.name]


def test_what_somebody_still_writes_stays(tmp_path, ended):
    ours = aside_of(tmp_path / "a")
    fresh = tmp_path / f".a.elsewhere.{ended}.7.part"
    old = tmp_path / ".a.elsewhere.1.7.part"
    foreign = tmp_path / ".notes.part"
    for each in (ours, fresh, old, foreign):
        each.touch()
    os.utime(old, (0, 0))
    assert STALE_SECONDS > 0.0
    remove_left_overs(tmp_path)
    assert names(tmp_path) == sorted([ours.name, fresh.name, foreign.name])


@pytest.mark.parametrize("name", ["a[b]*.parquet", "a?.parquet"])
def test_a_name_with_signs_of_patterns_finds_its_own_left_overs_only(tmp_path, ended, name):
    own, other = (tmp_path / f".{each}.{HERE}.{ended}.7.part" for each in (name, "ab.parquet"))
    own.touch()
    other.touch()
    remove_left_overs(tmp_path, name)
    assert names(tmp_path) == [other.name]
