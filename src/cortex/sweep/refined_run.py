"""Run a sweep that is refined where one of its observables changes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from cortex.provenance import canonical_json
from cortex.sweep.keys import normal_value
from cortex.sweep.plan import Plan, Point
from cortex.sweep.progress import Progress
from cortex.sweep.refine import Index, Refined, refine
from cortex.sweep.supervise import Receipt, Supervisor
from cortex.sweep.tables import combine


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RefinedRun:
    """Points that were needed, their records, and the observable on the full grid."""

    plan: Plan
    records: dict[str, dict[str, Any]]
    receipts: list[Receipt]
    found: Refined


def run_refined(plan: Plan, supervisor: Supervisor) -> RefinedRun:
    """Complete the points of a plan that refinement asks for, round by round.

    Parameters
    ----------
    plan : Plan
        The full grid.
    supervisor : Supervisor
        Completes the points of each round; those in the store are reused. It tells how far
        each round is; how many rounds follow is not known.

    Notes
    -----
    The observable of a grid point is its mean over repetitions, or its most frequent word;
    a point that failed counts as a change.
    """
    at = _points_by_index(plan)
    records: dict[str, dict[str, Any]] = {}
    receipts: list[Receipt] = []

    def look(new: Sequence[Index]) -> list[float | str]:
        points = [point for index in new for point in at[index]]
        watch = Progress(
            name=f"{plan.name}, round {len(receipts) + 1}",
            keys=frozenset(point.key for point in points),
            store=supervisor.store,
            say=supervisor.say,
        )
        fresh, receipt = replace(supervisor, watch=watch).complete(points)
        records.update(fresh)
        receipts.append(receipt)
        supervisor.say(f"{plan.name}: round {len(receipts)}, {len(records)} points")
        return [_value(plan, at[index], records) for index in new]

    sweep = plan.sweep
    found = refine(sweep.shape(), look, stride=sweep.refine_from, tolerance=sweep.refine_tolerance)
    kept = tuple(point for point in plan.points if point.key in records)
    return RefinedRun(
        plan=replace(plan, points=kept), records=records, receipts=receipts, found=found
    )


def _points_by_index(plan: Plan) -> dict[Index, list[Point]]:
    """Return the repetitions at every index of the grid."""
    places = {
        key: {
            canonical_json(normal_value(plan.columns[key], value)): i
            for i, value in enumerate(axis.values)
        }
        for key, axis in plan.sweep.vary.items()
    }
    at: dict[Index, list[Point]] = defaultdict(list)
    for point in plan.points:
        index = tuple(places[key][canonical_json(point.varied[key])] for key in places)
        at[index].append(point)
    return at


def _value(plan: Plan, points: Sequence[Point], records: dict[str, dict[str, Any]]) -> float | str:
    name = plan.sweep.refine_on
    sound = [records[p.key]["values"][name] for p in points if "error" not in records[p.key]]
    if not sound:
        return "" if plan.model.observables[name].kind == "text" else float("nan")
    return combine(sound)
