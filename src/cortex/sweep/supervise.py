"""Complete a set of points: reuse what is stored, compute the rest, survive what kills."""

import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from tempfile import TemporaryFile
from typing import Any, Final

from cortex.errors import SweepError, TableError
from cortex.io.store import BEAT_SECONDS, PointStore
from cortex.sweep.model import Model
from cortex.sweep.plan import Point
from cortex.sweep.run import new_record
from cortex.sweep.worker import INTERRUPTED, INTERRUPTIONS, STORE_FAULT
from cortex.whole_files import remove_left_overs

Say = Callable[[str], None]
Watch = Callable[[], None]
LOST_JOBS: Final = 3
STARTS: Final = 3
POLL_SECONDS: Final = 0.05
SAFE: Final = "finished points are safe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a set of points in one job.

    Parameters
    ----------
    asked, reused, computed, failed : int
        Points asked for; found in the store; computed now; of all these, recorded as failed.
    damaged : list of str
        Keys whose record was unreadable and was computed again.
    seconds : float
        Wall time of the job.
    """

    asked: int
    reused: int
    computed: int
    failed: int
    damaged: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the receipt as plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervisor:
    """How the points of one model are completed.

    Parameters
    ----------
    model : Model
        The model.
    store : PointStore
        Where records are looked up and written.
    threads, retries : int
        See `run_points`.
    say : callable
        Takes each message for the user.
    watch : callable
        Called while a worker runs, for progress.
    """

    model: Model
    store: PointStore
    threads: int
    retries: int
    say: Say
    watch: Watch = lambda: None

    def complete(self, points: Sequence[Point]) -> tuple[dict[str, dict[str, Any]], Receipt]:
        """Return the record of every point by key, and what it took.

        Raises
        ------
        SweepError
            The store cannot be read or written, the worker cannot start, or it was interrupted.
        """
        started = time.perf_counter()
        remove_left_overs(self.store.folder)
        found, damaged = self._stored(points)
        todo = [point for point in points if point.key not in found]
        while missing := [p for p in todo if not self.store.path(p.key).exists()]:
            self._round(missing)
        fresh, _ = self._stored(todo)
        records = {**found, **fresh}
        receipt = Receipt(
            asked=len(points),
            reused=len(found),
            computed=len(fresh),
            failed=sum("error" in record for record in records.values()),
            damaged=damaged,
            seconds=round(time.perf_counter() - started, 3),
        )
        return records, receipt

    def _stored(self, points: Iterable[Point]) -> tuple[dict[str, dict[str, Any]], list[str]]:
        """Return sound records by key, and the keys of damaged ones, which are dropped."""
        found, damaged = {}, []
        for point in points:
            try:
                record = self.store.read(point.key)
            except TableError as error:
                self.say(f"{error}; its point is computed again")
                self.store.drop(point.key)
                damaged.append(point.key)
                record = None
            if record is not None:
                found[point.key] = record
        return found, damaged

    def _round(self, points: Sequence[Point]) -> None:
        """Run points together; those that were running when a process died, one by one."""
        suspects = [p for p in points if self.store.cut_off(p.key)]
        for point in suspects:
            self._alone(point)
        rest = [p for p in points if p not in suspects]
        code = self._worker(rest, self.threads) if rest else 0
        if code:
            self.say(f"{_death(code)} killed the worker; the points it ran now run one by one")
        elif not {p.key for p in points} <= self.store.keys():
            msg = f"{self.store.folder}: records vanish while the sweep runs; run again"
            raise SweepError(msg)

    def _alone(self, point: Point) -> None:
        """Run a suspect in a process of its own; record it as failed when it kills that too."""
        lost = self.store.cut_off(point.key)
        code = 0
        for _ in range(self.retries + 1 if lost < LOST_JOBS + self.retries else 0):
            code = self._worker([point], 1)
            if not code:
                return
        error = f"ProcessDied: {_cause(code, lost)}"
        self.say(f"point {point.key[:12]}: {error}")
        died = {"attempts": self.retries + 1, "error": error, "cpu_s": 0.0}
        self.store.write(point.key, {**new_record(point, self.model), **died})

    def _worker(self, points: Sequence[Point], threads: int) -> int:
        """Run a worker; return 0, or the number of the signal that killed it.

        One that dies before a point began or ended says nothing of its points, and starts again.
        """
        for _ in range(STARTS):
            before = self._traces(points)
            code, errors = self._run(points, threads)
            self._refuse(code, errors)
            self._pass_on_warnings(errors)
            if not code or self._traces(points) != before:
                return -code
        msg = (
            f"{_death(-code)} killed the worker of model {self.model.name!r} {STARTS} times before"
            " a point began; has the job too little memory? raise memory_MB of the sweep"
        )
        raise SweepError(msg)

    def _traces(self, points: Sequence[Point]) -> list[tuple[bool, int]]:
        """Return what the store says of points: whether each is stored, how often it was cut."""
        return [(self.store.path(p.key).exists(), self.store.cut_off(p.key)) for p in points]

    def _refuse(self, code: int, errors: str) -> None:
        """Raise what is no fault of a point: the store, an interruption, a broken worker."""
        if code == STORE_FAULT:
            msg = f"{self.store.folder}: {errors}; {_advice(errors)}"
            raise SweepError(msg)
        if code == INTERRUPTED or -code in INTERRUPTIONS:
            msg = f"the worker of model {self.model.name!r} was interrupted; {SAFE}, run again"
            raise SweepError(msg)
        if code > 0:
            msg = f"the worker of model {self.model.name!r} failed:\n{errors}"
            raise SweepError(msg)

    def _pass_on_warnings(self, errors: str) -> None:
        warned = [line for line in errors.splitlines() if "Warning: " in line]
        if warned:
            first = warned[0].partition("Warning: ")[2]
            self.say(f"{len(warned)} warnings of model {self.model.name!r}, the first: {first}")

    def _run(self, points: Sequence[Point], threads: int) -> tuple[int, str]:
        """Return exit status and messages of a worker; watch while it runs."""
        command = [sys.executable, "-m", "cortex.sweep.worker"]
        with TemporaryFile() as task, TemporaryFile("w+") as errors:
            pickle.dump(self._task(points, threads), task)
            task.seek(0)
            with subprocess.Popen(command, stdin=task, stderr=errors) as process:
                self._attend(process, points)
            errors.seek(0)
            return process.returncode, errors.read().strip()

    def _task(self, points: Sequence[Point], threads: int) -> dict[str, Any]:
        return {
            "model": replace(self.model, base={}),
            "folder": str(self.store.folder),
            "threads": threads,
            "retries": self.retries,
            "points": [{"key": p.key, "params": p.params, "seed": p.seed} for p in points],
        }

    def _attend(self, process: "subprocess.Popen[bytes]", points: Sequence[Point]) -> None:
        """Wait for a worker; tell other machines, from time to time, that its points still run."""
        beaten = time.monotonic()
        while process.poll() is None:
            time.sleep(POLL_SECONDS)
            self.watch()
            if time.monotonic() - beaten >= BEAT_SECONDS:
                self.store.refresh((p.key for p in points), process.pid)
                beaten = time.monotonic()


def _death(number: int) -> str:
    return signal.Signals(number).name


def _cause(number: int, lost: int) -> str:
    """Return what may have ended a point that `number` killed, or that lost its jobs before."""
    if number:
        return f"{_death(number)} killed it; out of memory, or a crash in compiled code?"
    return (
        f"{lost} jobs ended while it ran: out of memory, a crash, or each time an interruption"
        " that left no time to say so (kill -9, a node that failed)? `cortex sweep-forget` lets"
        " it run again"
    )


def _advice(errors: str) -> str:
    """Return what to do about a store that cannot be written."""
    if "No space left" in errors or "quota" in errors:
        return f"free some space and run again: {SAFE}"
    if "Read-only" in errors or "Permission denied" in errors:
        return f"make the folder writable and run again: {SAFE}"
    return f"see `cortex preflight`; {SAFE}"
