"""The account of a sweep: points asked, done, reused, failed with their errors, missing."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cortex.errors import TableError
from cortex.io.store import PointStore
from cortex.sweep.plan import Plan
from cortex.sweep.run import versions_of
from cortex.sweep.supervise import Receipt
from cortex.whole_files import written_whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A point that failed, its error and how often it was tried."""

    key: str
    point: Mapping[str, Any]
    replicate: int
    attempts: int
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What became of a sweep.

    Parameters
    ----------
    sweep : str
        Name of the sweep.
    asked, done, failed, missing : int
        Points asked for; with values; that failed; without a record.
    reused, computed : int, optional
        Points that the jobs behind the tables found in the store, and computed, when each of
        them ran last; None where only the store is known.
    damaged : int
        Records that were unreadable and were computed again.
    full_grid : int
        Points of the full grid; more than `asked` where only changes were refined.
    is_open : bool
        Whether refinement may still ask for more points.
    seconds : float
        Wall time of these jobs, summed.
    failures : tuple of Failure
        Every failed point with its error.
    versions : tuple of mapping
        The distinct sets of package versions under which the points were computed.
    """

    sweep: str
    asked: int
    done: int
    reused: int | None
    computed: int | None
    failed: int
    missing: int
    damaged: int
    full_grid: int
    is_open: bool
    seconds: float
    failures: tuple[Failure, ...]
    versions: tuple[Mapping[str, str], ...]

    def sentence(self) -> str:
        """Return the account in one line."""
        how = f" ({self.computed} computed, {self.reused} reused)"
        parts = [
            f"{self.sweep}: {self.asked} points asked",
            f"{self.done} done{'' if self.computed is None else how}",
            f"{self.failed} failed",
            f"{self.missing} missing",
        ]
        if self.damaged:
            parts.append(f"{self.damaged} damaged records replaced")
        if self.is_open:
            parts.append(f"refinement may ask for more, {self.full_grid} at most")
        elif self.full_grid > self.asked:
            parts.append(f"{self.full_grid - self.asked} of {self.full_grid} grid points saved")
        if len(self.versions) > 1:
            parts.append(f"computed under {len(self.versions)} sets of package versions")
        return ", ".join(parts)

    def write(self, path: Path) -> None:
        """Write the account as JSON; the file appears whole or not at all."""
        write_json(path, asdict(self))


def account_of(
    plan: Plan,
    records: Mapping[str, Mapping[str, Any]],
    receipts: Sequence[Receipt],
    full_grid: int = 0,
    *,
    is_open: bool = False,
) -> Account:
    """Return the account of a plan from the records found and the receipts of its jobs."""
    failures = tuple(_failures(plan, records))
    computed = sum(receipt.computed for receipt in receipts)
    return Account(
        sweep=plan.name,
        asked=len(plan.points),
        done=len(records) - len(failures),
        reused=max(len(records) - computed, 0) if receipts else None,
        computed=computed if receipts else None,
        failed=len(failures),
        missing=len(plan.points) - len(records),
        damaged=sum(len(receipt.damaged) for receipt in receipts),
        full_grid=full_grid or len(plan.points),
        is_open=is_open,
        seconds=round(sum(receipt.seconds for receipt in receipts), 3),
        failures=failures,
        versions=tuple(versions_of(records.values())),
    )


def account_now(
    plan: Plan, store: PointStore, full_grid: int = 0, *, is_open: bool = False
) -> Account:
    """Return the account of what the store holds at this moment; changes nothing."""
    records = {}
    for point in plan.points:
        try:
            record = store.read(point.key)
        except TableError:
            continue
        if record is not None:
            records[point.key] = record
    return account_of(plan, records, [], full_grid, is_open=is_open)


def _failures(plan: Plan, records: Mapping[str, Mapping[str, Any]]) -> Iterable[Failure]:
    for point in plan.points:
        record = records.get(point.key, {})
        if "error" in record:
            yield Failure(
                key=point.key,
                point=dict(point.varied),
                replicate=point.replicate,
                attempts=record["attempts"],
                error=record["error"],
            )


def read_receipt(path: Path) -> Receipt:
    """Return the receipt of a job."""
    return Receipt(**json.loads(path.read_text(encoding="utf-8")))


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a small JSON file whole or not at all."""
    with written_whole(path) as aside:
        aside.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
