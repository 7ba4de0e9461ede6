"""How far a sweep is, how fast it goes, how long it will take."""

import logging
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from cortex.io.store import PointStore

LOG: Final = logging.getLogger("cortex")
LATELY_SECONDS: Final = 600.0


@dataclass(slots=True, kw_only=True)
class Progress:
    """Count the stored points of a whole sweep, over all its jobs, at intervals.

    Parameters
    ----------
    name : str
        Name of the sweep.
    keys : frozenset of str
        Keys of all its points.
    store : PointStore
        Where finished points appear.
    say : callable
        Takes each line.
    interval : float
        Time between two lines, s.
    """

    name: str
    keys: frozenset[str]
    store: PointStore
    say: Callable[[str], None]
    interval: float = 10.0
    started: float = field(default_factory=time.monotonic)
    last: float = field(default_factory=time.monotonic)
    first: int = -1

    def __call__(self) -> None:
        """Say how far the sweep is if the interval has passed."""
        if self.first < 0:
            self.first = self.done()
        now = time.monotonic()
        if now - self.last >= self.interval:
            self.last = now
            self.say(self.line(self.done(), now - self.started))

    def done(self) -> int:
        """Return how many points of the sweep are stored."""
        return len(self.keys & self.store.keys())

    def line(self, done: int, seconds: float) -> str:
        """Return one line of progress after `seconds` of this job.

        Examples
        --------
        >>> store = PointStore(folder=None)
        >>> p = Progress(name="plane", keys=frozenset("abcd"), store=store, say=print, first=0)
        >>> p.line(2, 4.0)
        'plane: 2 of 4 points (50 %), 0.5 points/s, 4 s left'
        """
        total = len(self.keys)
        head = f"{self.name}: {done} of {total} points ({100 * done // max(total, 1)} %)"
        rate = (done - max(self.first, 0)) / seconds
        if rate <= 0.0:
            return head
        return f"{head}, {time_left(total - done, rate)}"


def points_per_second(keys: Iterable[str], store: PointStore, now: float) -> float:
    """Return how many of these points were stored per second lately, 1/s; 0 if none were.

    Parameters
    ----------
    keys : iterable of str
        Keys of the points.
    store : PointStore
        Where they are stored; the time stamps of its records tell when.
    now : float
        Time, s since the epoch.
    """
    stamps = [store.path(key).stat().st_mtime for key in store.keys().intersection(keys)]
    recent = [stamp for stamp in stamps if now - stamp < LATELY_SECONDS]
    return (len(recent) - 1) / max(now - min(recent), 1e-3) if recent else 0.0


def time_left(missing: int, rate: float) -> str:
    """Return what to expect of the points that are missing.

    Examples
    --------
    >>> time_left(30, 0.5), time_left(30, 0.0)
    ('0.5 points/s, 60 s left', 'no points stored in the last 10 min')
    """
    if rate <= 0.0:
        return f"no points stored in the last {span(LATELY_SECONDS)}"
    return f"{rate:.3g} points/s, {span(missing / rate)} left"


def span(seconds: float) -> str:
    """Return a time a reader grasps at once.

    Examples
    --------
    >>> span(40.4), span(600.0), span(7300.0)
    ('40 s', '10 min', '2 h 1 min')
    """
    if seconds < 120.0:
        return f"{seconds:.0f} s"
    minutes = int(seconds // 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"


def tell(line: str) -> None:
    """Write a line to the terminal and to the log of the job."""
    sys.stderr.write(f"{line}\n")
    LOG.info(line)
