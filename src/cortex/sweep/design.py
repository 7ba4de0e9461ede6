"""Which points a sweep asks for: grids, lists and tables crossed, ranges sampled."""

import csv
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from cortex.errors import ConfigError
from cortex.params.sweep import Axis, SweepParams
from cortex.rng import stream
from cortex.typing import FloatArray


def combinations(
    sweep: SweepParams, seed: int, whole: Collection[str] = ()
) -> Iterator[dict[str, Any]]:
    """Yield the values of every varied key, in config units, point by point.

    Listed values, tied keys, rows of the table and samples of the ranges are crossed with each
    other; one at a time, a point holds only what it changes, and the first one nothing.

    Parameters
    ----------
    sweep : SweepParams
        The sweep.
    seed : int
        Seed of the study; the design draws from a stream of its own.
    whole : collection of str
        Keys that take whole numbers, for `sample_ranges`.
    """
    if sweep.is_one_at_a_time:
        yield from _one_at_a_time(sweep)
        return
    listed = {key: axis.values for key, axis in sweep.vary.items() if not axis.is_range}
    tied = [group.rows for group in sweep.tied.values()]
    rows = read_points(Path(sweep.points)) if sweep.points else [{}]
    samples = sample_ranges(sweep, seed, whole)
    for row, sample, *moved in product(rows, samples, *tied, *listed.values()):
        together, alone = moved[: len(tied)], moved[len(tied) :]
        values = dict(zip(listed, alone, strict=True))
        tied_values = {key: value for part in together for key, value in part.items()}
        yield {**row, **values, **sample, **tied_values}


def _one_at_a_time(sweep: SweepParams) -> Iterator[dict[str, Any]]:
    yield {}
    for key, axis in sweep.vary.items():
        yield from ({key: value} for value in axis.values)
    for group in sweep.tied.values():
        yield from map(dict, group.rows)


def sample_ranges(
    sweep: SweepParams, seed: int, whole: Collection[str] = ()
) -> list[dict[str, float]]:
    """Return the sampled values of all ranges; one empty sample when there is no range.

    Notes
    -----
    A random design of n + m samples begins with that of n samples, so it can grow. In a Latin
    hypercube each of n equal strata of every axis holds one sample (McKay et al. 1979,
    Technometrics 21:239); another n is another design. A key in `whole` takes each whole number
    from `low` to `high`, both included, with equal probability.
    """
    ranges = {key: axis for key, axis in sweep.vary.items() if axis.is_range}
    columns = [
        _scaled(axis, _unit_sample(sweep, seed, key), whole=key in whole)
        for key, axis in ranges.items()
    ]
    return [dict(zip(ranges, row, strict=True)) for row in zip(*columns, strict=True)] or [{}]


def _unit_sample(sweep: SweepParams, seed: int, key: str) -> FloatArray:
    rng = stream(seed, "sweep", "design", key)
    unit = rng.random(sweep.samples)
    if sweep.design == "latin_hypercube":
        unit = (rng.permutation(sweep.samples) + unit) / sweep.samples
    return unit


def _scaled(axis: Axis, unit: FloatArray, *, whole: bool) -> list[float]:
    width = axis.high - axis.low
    values = np.floor(axis.low + (width + 1.0) * unit) if whole else axis.low + width * unit
    return [int(value) if whole else float(value) for value in values.round(12)]


def read_points(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a table of points; an id column `point` is left out.

    Raises
    ------
    ConfigError
        The file is missing, empty, has a ragged row or a key twice.
    """
    try:
        with path.open(encoding="utf-8", newline="") as stream_:
            table = csv.DictReader(stream_, delimiter="\t")
            rows = list(table)
    except FileNotFoundError:
        msg = f"{path}: no such table of points"
        raise ConfigError(msg) from None
    except (OSError, ValueError, csv.Error) as error:
        msg = f"{str(path)!r}: {error}"
        raise ConfigError(msg) from None
    if not rows:
        msg = f"{path}: a table of points needs a line of keys and a line per point"
        raise ConfigError(msg)
    twice = [key for key, n in Counter(table.fieldnames).items() if n > 1]
    if twice:
        msg = f"{path}, line 1: keys given twice: {', '.join(twice)}"
        raise ConfigError(msg)
    for number, row in enumerate(rows, 2):
        if None in row or None in row.values():
            msg = f"{path}, line {number}: not as many cells as there are keys in the first line"
            raise ConfigError(msg)
    return [_cells(row) for row in rows]


def _cells(row: Mapping[str, str]) -> dict[str, Any]:
    return {key: _cell(text) for key, text in row.items() if key != "point"}


def _cell(text: str) -> Any:
    """Return a cell as number, flag or list where it reads as one, else as text."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
