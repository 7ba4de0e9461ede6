"""The one-screen summary of the acceptance table."""

from collections.abc import Mapping
from dataclasses import dataclass

from cortex.typing import AnyArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How many checks there are and a line for each that fails."""

    n_checks: int
    failing: tuple[str, ...]

    def summary(self) -> str:
        """Return a summary for the terminal."""
        n_passed = self.n_checks - len(self.failing)
        head = f"acceptance: {n_passed} of {self.n_checks} checks pass"
        if not self.failing:
            return head
        listed = "\n".join(f"  {line}" for line in self.failing)
        return f"{head}; {len(self.failing)} fail (see results/report.html):\n{listed}"


def verdict(table: Mapping[str, AnyArray]) -> Verdict:
    """Return the verdict on the columns of the acceptance table."""
    lines = [
        f"{check_id}: expected {expected:g} {unit}, got {got:g} "
        f"(deviation {deviation:.3g}, tolerance {tolerance:g} {kind})"
        for check_id, expected, unit, got, deviation, tolerance, kind, passed in zip(
            table["check_id"],
            table["expected"],
            table["unit"],
            table["got"],
            table["deviation"],
            table["tolerance"],
            table["tolerance_kind"],
            table["passed"],
            strict=True,
        )
        if not passed
    ]
    return Verdict(n_checks=len(table["check_id"]), failing=tuple(lines))
