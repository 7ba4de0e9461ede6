"""The account of a sweep: points asked, done, reused, failed with their errors, missing."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cortex.errors import TableError
from cortex.io.store import PointStore
from cortex.sweep.plan import Plan
from cortex.sweep.supervise import Receipt


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
    asked, done, reused, computed, failed, missing : int
        Points asked for; with values; of all asked found in the store and computed by the
        last run; that failed; without a record.
    damaged : int
        Records that were unreadable and were computed again.
    full_grid : int
        Points of the full grid; more than `asked` where only changes were refined.
    seconds : float
        Wall time of the jobs of the last run, summed.
    failures : tuple of Failure
        Every failed point with its error.
    """

    sweep: str
    asked: int
    done: int
    reused: int
    computed: int
    failed: int
    missing: int
    damaged: int
    full_grid: int
    seconds: float
    failures: tuple[Failure, ...]

    def sentence(self) -> str:
        """Return the account in one line."""
        saved = self.full_grid - self.asked
        share = f", {saved} of {self.full_grid} grid points saved" if saved > 0 else ""
        damaged = f", {self.damaged} damaged records replaced" if self.damaged else ""
        return (
            f"{self.sweep}: {self.asked} points asked, {self.done} done ({self.computed} computed,"
            f" {self.reused} reused), {self.failed} failed, {self.missing} missing{damaged}{share}"
        )

    def write(self, path: Path) -> None:
        """Write the account as JSON; the file appears whole or not at all."""
        write_json(path, asdict(self))


def account_of(
    plan: Plan,
    records: Mapping[str, Mapping[str, Any]],
    receipts: Iterable[Receipt],
    full_grid: int = 0,
) -> Account:
    """Return the account of a plan from the records found and the receipts of its jobs."""
    receipts = list(receipts)
    failures = tuple(_failures(plan, records))
    computed = sum(receipt.computed for receipt in receipts)
    return Account(
        sweep=plan.name,
        asked=len(plan.points),
        done=len(records) - len(failures),
        reused=max(len(records) - computed, 0),
        computed=computed,
        failed=len(failures),
        missing=len(plan.points) - len(records),
        damaged=sum(len(receipt.damaged) for receipt in receipts),
        full_grid=full_grid or len(plan.points),
        seconds=round(sum(receipt.seconds for receipt in receipts), 3),
        failures=failures,
    )


def account_now(plan: Plan, store: PointStore) -> Account:
    """Return the account of what the store holds at this moment; changes nothing."""
    records = {}
    for point in plan.points:
        try:
            record = store.read(point.key)
        except TableError:
            continue
        if record is not None:
            records[point.key] = record
    return account_of(plan, records, [])


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
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    aside.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    aside.replace(path)
