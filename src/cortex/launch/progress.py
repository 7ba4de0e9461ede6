"""How far a run is: its share, the time left and what runs now, also within long jobs."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cortex.launch.estimate import duration

STARTED: Final = re.compile(r"^Job (\d+): (.*)$")
FINISHED: Final = re.compile(r"^Finished jobid: (\d+) ")
SIMULATION: Final = re.compile(r"^Simulate network (\S+), state (\S+), seed (\d+)$")
SIMULATED: Final = re.compile(r"^simulated (\S+) of (\S+) s$", flags=re.M)
LEAST: Final = 0.03  # share below which the time left rests on the estimate


@dataclass(slots=True)
class Progress:
    """Read what Snakemake says, line by line, and tell how far it is.

    Parameters
    ----------
    expected : mapping of str to float
        Message of each job -> its estimated CPU time, s.
    cores : int
        Jobs that run at a time.
    folder : path
        Folder of the run, with its logs.
    """

    expected: Mapping[str, float]
    cores: int
    folder: Path = field(default_factory=Path)
    started: float = field(default_factory=time.monotonic)
    running: dict[str, str] = field(default_factory=dict)
    done: float = 0.0

    def read(self, line: str) -> None:
        """Take note of a job that starts or ends."""
        if start := STARTED.match(line):
            self.running[start[1]] = start[2]
        elif end := FINISHED.match(line):
            self.done += self.expected.get(self.running.pop(end[1], ""), 0.0)

    def share(self) -> float:
        """Return how much of the estimated work is done, 0 to 1."""
        whole = sum(self.expected.values()) or 1.0
        inside = sum(
            self.expected.get(job, 0.0) * self.part(job)[0] for job in self.running.values()
        )
        return min((self.done + inside) / whole, 1.0)

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
        share, elapsed = self.share(), time.monotonic() - self.started
        # at first the estimate tells more than the pace
        left = sum(self.expected.values()) / self.cores
        if share > LEAST:
            left = elapsed * (1.0 - share) / share
        now = "; ".join(f"{job}{self.part(job)[1]}" for job in self.running.values())
        return f"{share:4.0%}, about {duration(left)} left; now: {now or 'between two jobs'}"
