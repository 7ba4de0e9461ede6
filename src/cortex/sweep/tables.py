"""Tables of a sweep: one row per point and repetition, one row per point, and its arrays.

A point that failed holds NaN for a number and the empty word for a word, in every table.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby, product
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from cortex.io.schemas.sweep import (
    MOVED,
    array_schema,
    map_schema,
    parameter_columns,
    summary_schema,
    sweep_schema,
)
from cortex.io.store import PointStore
from cortex.io.tables import ARROW, Column, TableSchema, write_atomic
from cortex.params.sweep import column_name
from cortex.provenance import Provenance, canonical_json
from cortex.sweep.model import Observable
from cortex.sweep.plan import Plan, Point
from cortex.sweep.refine import Refined
from cortex.sweep.run import versions_of
from cortex.units import array_from_si

Records = Mapping[str, Mapping[str, Any]]
Columns = dict[str, Sequence[Any]]
REAL = ("float", "float32")


def write_sweep(path: Path, plan: Plan, records: Records) -> None:
    """Write the raw table, sorted by key; its bytes depend on the points alone."""
    columns = _parameters(plan, plan.points)
    columns["key"] = [point.key for point in plan.points]
    columns["replicate"] = [point.replicate for point in plan.points]
    columns["seed"] = [point.seed for point in plan.points]
    found = [records[point.key] for point in plan.points]
    columns["error"] = [record.get("error", "") for record in found]
    columns["status"] = ["failed" if "error" in record else "ok" for record in found]
    for name, column in _observables(plan).items():
        columns[name] = _edge([_value(record, name, column) for record in found], column)
    schema = sweep_schema(plan.model.name, _kinds(plan), _observables(plan))
    _write(path, schema, columns, plan, records)


def write_summary(path: Path, plan: Plan, records: Records) -> None:
    """Write mean, standard deviation and number over repetitions, sorted by parameters."""
    groups = _groups(plan)
    columns = _parameters(plan, [group[0] for group in groups])
    sound = [[records[p.key] for p in group if "error" not in records[p.key]] for group in groups]
    columns["n"] = [len(each) for each in sound]
    for name, column in _observables(plan).items():
        values = [[record["values"][name] for record in each] for each in sound]
        columns |= (
            _majority(name, values) if column.kind == "text" else _moments(name, values, column)
        )
    schema = summary_schema(plan.model.name, _kinds(plan), _observables(plan))
    _write(path, schema, columns, plan, records)


def write_map(path: Path, plan: Plan, found: Refined, records: Records) -> None:
    """Write the refined observable on the full grid, and where it was computed."""
    observable = plan.sweep.refine_on
    column = _observables(plan, (observable,))[observable]
    values = list(product(*(axis.values for axis in plan.sweep.vary.values())))
    cells = dict(zip(plan.sweep.vary, zip(*values, strict=True), strict=True))
    kinds = parameter_columns(plan.columns)
    named = {column_name(key, spec): key for key, spec in plan.columns.items()}
    columns: Columns = {name: [_cell(v, kinds[name]) for v in cells[named[name]]] for name in kinds}
    columns[observable] = _edge(list(found.values.ravel()), column)
    columns["computed"] = found.computed.ravel().tolist()
    schema = map_schema(plan.model.name, kinds, {observable: column})
    _write(path, schema, columns, plan, records)


def write_array(path: Path, plan: Plan, records: Records, store: PointStore, name: str) -> None:
    """Write one array of every point that did not fail, sorted by parameters and repetition."""
    points = [p for group in _groups(plan) for p in group if "error" not in records[p.key]]
    found = [store.arrays(point.key)[name] for point in points]
    kinds = _columns(plan.model.arrays[name].columns)
    lengths = [next(iter(array.values())).size for array in found]
    columns: dict[str, Any] = {
        key: np.repeat(np.array(values, dtype=object), lengths).tolist()
        for key, values in _parameters(plan, points).items()
    }
    columns["replicate"] = np.repeat([point.replicate for point in points], lengths)
    for key, column in kinds.items():
        parts = [array[key] for array in found]
        columns[key] = _edge(np.concatenate(parts) if parts else [], column)
    schema = array_schema(plan.model.name, name, _kinds(plan), kinds)
    _write(path, schema, columns, plan, records)


def combine(values: Sequence[float | str]) -> float | str:
    """Return the mean of numbers, leaving out NaN, or the most frequent word."""
    words = [value for value in values if isinstance(value, str)]
    return _most_frequent(words)[0] if words else _mean([float(v) for v in values])


def _groups(plan: Plan) -> list[list[Point]]:
    """Return the repetitions of each point, points sorted by their varied values."""

    def order(point: Point) -> list[tuple[bool, Any]]:
        return [
            (isinstance(v, str), v if _sorts(v) else canonical_json(v))
            for v in point.varied.values()
        ]

    ordered = sorted(plan.points, key=lambda point: (order(point), point.replicate))
    return [list(group) for _, group in groupby(ordered, key=order)]


def _sorts(value: object) -> bool:
    return isinstance(value, int | float | str)


def _parameters(plan: Plan, points: Sequence[Point]) -> Columns:
    """Return the varied values as they stand in the configuration."""
    kinds = parameter_columns(plan.columns)
    named = {column_name(key, spec): key for key, spec in plan.columns.items()}
    columns: Columns = {
        name: [_cell(point.varied[named[name]], column) for point in points]
        for name, column in kinds.items()
    }
    if plan.sweep.is_one_at_a_time:
        short = {key: column_name(key, spec) for key, spec in plan.columns.items()}
        moved = [plan.moved(point) for point in points]
        columns["varied"] = [short.get(name, name) for name in moved]
    return columns


def _kinds(plan: Plan) -> dict[str, Column]:
    """Return the columns that tell which point a row belongs to."""
    moved = {"varied": MOVED} if plan.sweep.is_one_at_a_time else {}
    return {**parameter_columns(plan.columns), **moved}


def _cell(value: Any, column: Column) -> Any:
    return json.dumps(value) if column.kind == "text" and not isinstance(value, str) else value


def _observables(plan: Plan, names: Sequence[str] = ()) -> dict[str, Column]:
    offered = plan.model.observables
    return _columns({name: offered[name] for name in names or plan.observables})


def _columns(observables: Mapping[str, Observable]) -> dict[str, Column]:
    return {name: Column(o.unit, o.doc, o.kind) for name, o in observables.items()}


def _value(record: Mapping[str, Any], name: str, column: Column) -> Any:
    missing = "" if column.kind == "text" else float("nan")
    return record["values"][name] if "error" not in record else missing


def _edge(values: Any, column: Column) -> Any:
    if column.kind not in REAL or column.unit == "1":
        return values
    return array_from_si(np.asarray(values, dtype=np.float64), column.unit)


def _moments(name: str, values: Sequence[Sequence[float]], column: Column) -> Columns:
    defined = [np.array([v for v in each if np.isfinite(v)], dtype=np.float64) for each in values]
    sd = [float(each.std(ddof=1)) if each.size > 1 else float("nan") for each in defined]
    return {
        f"{name}_mean": _edge([_mean(each) for each in defined], column),
        f"{name}_sd": _edge(sd, column),
        f"{name}_n": [each.size for each in defined],
    }


def _mean(values: Sequence[float] | np.ndarray[Any, Any]) -> float:
    finite = [float(v) for v in values if np.isfinite(v)]
    return float(np.mean(finite)) if finite else float("nan")


def _majority(name: str, values: Sequence[Sequence[str]]) -> Columns:
    most = [_most_frequent(each) for each in values]
    return {name: [word for word, _ in most], f"{name}_share": [share for _, share in most]}


def _most_frequent(words: Sequence[str]) -> tuple[str, float]:
    """Return the commonest word, the first in the alphabet among equals, and its share."""
    if not words:
        return "", float("nan")
    counts = Counter(words)
    word = min(counts, key=lambda each: (-counts[each], each))
    return word, counts[word] / len(words)


def _provenance(plan: Plan) -> Provenance:
    return Provenance(
        rule="sweep",
        params={"name": plan.name, **plan.provenance()},
        code=plan.code,
        seed=plan.seed,
    )


def _write(path: Path, schema: TableSchema, columns: Columns, plan: Plan, records: Records) -> None:
    """Write columns that already have the units of the file.

    The notes tell under which package versions the points were computed: a key does not hold
    them, so points of an earlier environment are reused.
    """
    arrays = [
        pa.array(columns[name], type=ARROW[column.kind]) for name, column in schema.columns.items()
    ]
    notes = canonical_json({"point_versions": versions_of(records.values())})
    own = {"cortex.schema": schema.name, "cortex.notes": notes}
    metadata = {**own, **_provenance(plan).metadata()}
    write_atomic(path, pa.table(arrays, schema=schema.arrow().with_metadata(metadata)))
