"""How far a run is: its share, the time left and what runs now, also within long jobs."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cortex.launch.estimate import duration

STARTED: Final = re.compile(r"^Job (\d+): (.*)$")
FINISHED: Final = re.compile(r"^Finished jobid: (\d+) ")
FAILED: Final = re.compile(r"^ +jobid: (\d+)$")  # among the lines on an error
SIMULATION: Final = re.compile(r"^Simulate network (\S+), state (\S+), seed (\d+)$")
SIMULATED: Final = re.compile(r"^simulated (\S+) of (\S+) s$", flags=re.M)
OVERTIME: Final = 0.25  # of the time it took so far: what a job beyond its time still takes
OF_OTHERS: Final = 0.85  # power of the pace of others, for a kind of job of which none has ended
MOST_TOLD: Final = 0.99  # share before the last job has ended


@dataclass(slots=True)
class Progress:
    """Read what Snakemake says, line by line, and tell how far it is.

    Before anything has ended, the time left is what was planned. Then each job still to come is
    taken to last as much longer than its estimate as jobs of its kind did; nearly as much as all
    others did, where none of its kind has ended.

    Parameters
    ----------
    expected : mapping of str to float
        Message of each job -> its estimated CPU time, s.
    cores : int
        Jobs that run at a time.
    folder : path
        Folder of the run, with its logs.
    clock : callable
        Time, s.
    """

    expected: Mapping[str, float]
    cores: int
    folder: Path = field(default_factory=Path)
    clock: Callable[[], float] = time.monotonic
    running: dict[str, tuple[str, float]] = field(default_factory=dict)
    took: dict[str, float] = field(default_factory=dict)
    given_up: set[str] = field(default_factory=set)
    reached: float = 0.0

    def read(self, line: str) -> None:
        """Take note of a job that starts, ends or fails."""
        if start := STARTED.match(line):
            self.running[start[1]] = start[2], self.clock()
            self.given_up.discard(start[2])  # it is tried again
        elif (end := FINISHED.match(line)) and end[1] in self.running:
            job, since = self.running.pop(end[1])
            self.took[job] = self.clock() - since
        elif (failed := FAILED.match(line)) and failed[1] in self.running:
            self.given_up.add(self.running.pop(failed[1])[0])

    def share(self) -> float:
        """Return how much of the work is done, 0 to 1; it never falls."""
        remaining = sum(self._remaining())
        done = sum(self.took.values()) + sum(self._elapsed(since) for _, since in self._now())
        share = done / (done + remaining) if done + remaining else 0.0
        is_over = not self.running and not self._waiting()
        self.reached = max(self.reached, 1.0 if is_over else min(share, MOST_TOLD))
        return self.reached

    def left(self) -> float:
        """Return the time left, s: that of the longest job at least."""
        remaining = list(self._remaining())
        return max(sum(remaining) / self.cores, *remaining, 0.0)

    def part(self, job: str) -> tuple[float, str]:
        """Return how much of a running job is done, and that in words; what its log says."""
        named = SIMULATION.match(job)
        if named is None:
            return 0.0, ""
        log = self.folder / "logs" / "simulate_network" / named[1] / f"{named[2]}-{named[3]}.log"
        said = SIMULATED.findall(log.read_text(encoding="utf-8")) if log.is_file() else []
        if not said:
            return 0.0, ""
        done, whole = said[-1]
        return float(done) / float(whole), f" ({done} of {whole} s)"

    def line(self) -> str:
        """Return share, time left and what runs now."""
        now = "; ".join(f"{job}{self.part(job)[1]}" for job, _ in self._now())
        return (
            f"{self.share():4.0%}, about {duration(self.left())} left; "
            f"now: {now or ('between two jobs' if self._waiting() else 'the end')}"
        )

    def _now(self) -> list[tuple[str, float]]:
        return list(self.running.values())  # a copy: another thread reads on

    def _elapsed(self, since: float) -> float:
        return self.clock() - since

    def _waiting(self) -> list[str]:
        begun = {*self.took, *self.given_up, *(job for job, _ in self._now())}
        return [job for job in self.expected if job not in begun]

    def _remaining(self) -> Iterator[float]:
        """Yield how long each job that runs or waits will still take, s."""
        now = [(job, self._elapsed(since), self.part(job)[0]) for job, since in self._now()]
        known = self.took | {job: elapsed / part for job, elapsed, part in now if part}
        pace = self._paces(known)
        for job, elapsed, _ in now:  # those beyond their time tell of others
            least = (1.0 + OVERTIME) * elapsed
            if job not in known and least > self.expected.get(job, 0.0) * pace(job):
                known[job] = least
        pace = self._paces(known)
        for job, elapsed, _ in now:
            whole = known.get(job, self.expected.get(job, 0.0) * pace(job))
            yield max(whole - elapsed, 0.0)
        for job in self._waiting():
            yield self.expected[job] * pace(job)

    def _paces(self, known: Mapping[str, float]) -> Callable[[str], float]:
        """Return the time over the estimate of jobs, from those whose time is known."""
        of_all = self._pace(known) or 1.0
        own = {
            each: self._pace({job: time for job, time in known.items() if kind(job) == each})
            for each in map(kind, known)
        }
        return lambda job: own.get(kind(job)) or of_all**OF_OTHERS

    def _pace(self, known: Mapping[str, float]) -> float:
        planned = sum(self.expected.get(job, 0.0) for job in known)
        return sum(known.values()) / planned if planned else 0.0


def kind(job: str) -> str:
    """Return what kind of work a job is: the first word of its message."""
    return job.partition(" ")[0]
