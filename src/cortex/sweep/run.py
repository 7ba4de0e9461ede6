"""Evaluate points on threads; every finished point is in the store at once."""

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from math import isfinite
from typing import Any, Final

import numpy as np

from cortex.errors import InstallationError, SimulationError
from cortex.installation import damaged_cache
from cortex.io.store import Arrays
from cortex.provenance import canonical_json, versions
from cortex.sweep.in_progress import InProgress
from cortex.sweep.model import ArrayObservable, Evaluate, Model, Observable, Value
from cortex.sweep.plan import Point
from cortex.typing import AnyArray

DTYPES: Final = {"float": np.float64, "int": np.int64, "text": np.str_}


def run_points(
    points: Sequence[Point],
    model: Model,
    in_progress: InProgress,
    *,
    threads: int,
    retries: int,
) -> None:
    """Evaluate points and store a record of each, with its values or its error.

    Parameters
    ----------
    points : sequence of Point
        Points to evaluate; one that another job has stored meanwhile is left alone.
    model : Model
        Their model.
    in_progress : InProgress
        Holds the points that run, while they run; the records go to its store.
    threads : int
        Points that run at once; compiled loops that release the GIL run in parallel.
    retries : int
        Further attempts at a point that raises or returns no sound value.

    Raises
    ------
    OSError
        The store cannot be written; what was finished before is safe.
    InstallationError
        The cache of compiled loops is damaged.
    """
    evaluate, store = model.function(), in_progress.store
    parent = os.getppid()

    def run(point: Point) -> None:
        if os.getppid() != parent:
            return  # the job that asked is gone: leave the rest to the next one
        if store.path(point.key).exists() or not in_progress.begin(point.key):
            return
        store.write(point.key, *evaluate_point(point, model, evaluate, retries))
        in_progress.end(point.key)

    with ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(run, point) for point in points]
        try:
            for future in futures:
                future.result()
        except BaseException:
            in_progress.withdraw()
            pool.shutdown(cancel_futures=True)
            raise


def new_record(point: Point, model: Model) -> dict[str, Any]:
    """Return what a record holds whatever becomes of its point."""
    own = {"params": point.params, "seed": point.seed}
    return {"model": model.name, **own, "versions": _versions()}


@cache
def _versions() -> dict[str, str]:
    return versions()


def versions_of(records: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return the distinct sets of package versions under which points were computed."""
    sets = {canonical_json(found): found for found in (r.get("versions", {}) for r in records)}
    return [sets[key] for key in sorted(sets)]


def evaluate_point(
    point: Point, model: Model, evaluate: Evaluate, retries: int
) -> tuple[dict[str, Any], Arrays]:
    """Return the record of a point, values or the error of the last attempt, and its arrays.

    The CPU time it took stands in the record, for benchmarks, and in no table; the versions of
    the packages that made it stand beside it, and in the metadata of the tables.
    """
    record, arrays = new_record(point, model), {}
    started = time.thread_time()
    for attempt in range(1, retries + 2):
        record["attempts"] = attempt
        try:
            params = model.block.from_config(point.params)
            found = evaluate(params, point.seed)
            values, arrays = sound_values(model, found), sound_arrays(model, found)
            record["values"] = values
        except Exception as error:  # whatever a point raises stays its own
            if advice := damaged_cache(error):  # but this is no fault of a point
                raise InstallationError(advice) from error
            record["error"] = f"{type(error).__name__}: {error}"
        else:
            record.pop("error", None)
            break
    record["cpu_s"] = round(time.thread_time() - started, 4)
    return record, arrays


def sound_values(model: Model, values: Mapping[str, Any]) -> dict[str, Value]:
    """Return the observables as plain numbers and words; refuse missing ones and bare NaN.

    Raises
    ------
    SimulationError
        An observable is missing or unknown, or not finite though it is always defined.
    """
    offered = model.observables.keys() | model.arrays.keys()
    if values.keys() != offered:
        msg = f"returned {sorted(values)}, model {model.name!r} offers {sorted(offered)}"
        raise SimulationError(msg)
    return {name: _sound(name, o, values[name]) for name, o in model.observables.items()}


def _sound(name: str, observable: Observable, value: Value) -> Value:
    if observable.kind == "text":
        return str(value)
    number = float(value)
    if not isfinite(number) and not observable.undefined:
        msg = f"observable {name!r} is {number}, though it is always defined"
        raise SimulationError(msg)
    return number


def sound_arrays(model: Model, values: Mapping[str, Any]) -> Arrays:
    """Return the array observables as columns of equal length; refuse missing ones and bare NaN.

    Raises
    ------
    SimulationError
        A column is missing, unknown, of another length or shape, or not finite though it is
        always defined.
    """
    return {name: _sound_array(name, array, values[name]) for name, array in model.arrays.items()}


def _sound_array(name: str, array: ArrayObservable, found: Any) -> dict[str, AnyArray]:
    if found.keys() != array.columns.keys():
        msg = f"array {name!r} has columns {sorted(found)}, needs {sorted(array.columns)}"
        raise SimulationError(msg)
    columns: dict[str, AnyArray] = {
        key: np.asarray(found[key], DTYPES[c.kind]) for key, c in array.columns.items()
    }
    shapes = {key: column.shape for key, column in columns.items()}
    if len(set(shapes.values())) > 1 or any(len(shape) != 1 for shape in shapes.values()):
        msg = f"columns of array {name!r} are no lists of equal length: {shapes}"
        raise SimulationError(msg)
    for key, column in columns.items():
        observable = array.columns[key]
        if observable.kind == "float" and not (observable.undefined or np.isfinite(column).all()):
            msg = f"column {key!r} of array {name!r} is not finite, though it is always defined"
            raise SimulationError(msg)
    return columns
