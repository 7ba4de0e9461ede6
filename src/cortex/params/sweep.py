"""A parameter sweep: which model, what varies, which observables, how often."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cortex.errors import ParameterError
from cortex.params.base import Block
from cortex.params.grid import GridParams
from cortex.params.spec import (
    Spec,
    choice,
    count,
    declare,
    is_number,
    quantity,
    text,
    vector,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """What one parameter does in a sweep, in the unit of its key.

    Parameters
    ----------
    raw : object
        The config value: ``{start, stop, num}``, a list, or ``{low, high}``.
    values : tuple
        The listed values; empty for a range, which is sampled by the design.
    low, high : float
        Bounds of a range.
    """

    raw: Any
    values: tuple[Any, ...] = ()
    low: float = 0.0
    high: float = 0.0

    @property
    def is_range(self) -> bool:
        """Whether the design draws the values between `low` and `high`."""
        return not self.values


def read_axis(where: str, raw: Any) -> Axis:
    """Return the axis described by a config value.

    Raises
    ------
    ParameterError
        The value is none of a grid, a non-empty list and a range.

    Examples
    --------
    >>> read_axis("g", {"start": 3.0, "stop": 5.0, "num": 3}).values
    (3.0, 4.0, 5.0)
    """
    if isinstance(raw, list) and raw:
        return Axis(raw=raw, values=tuple(raw))
    keys = set(raw) if isinstance(raw, Mapping) else set()
    if keys == {"start", "stop", "num"}:
        grid = GridParams.from_config(raw)
        return Axis(raw=raw, values=tuple(grid.values().tolist()))
    if keys == {"low", "high"} and is_number(raw["low"]) and is_number(raw["high"]):
        if raw["low"] < raw["high"]:
            return Axis(raw=raw, low=float(raw["low"]), high=float(raw["high"]))
        msg = f"{where} = {raw!r}: low must lie below high"
        raise ParameterError(msg)
    msg = (
        f"{where} = {raw!r} is no axis; write a grid {{start: 3.0, stop: 8.0, num: 6}}, "
        "a list [3.0, 4.0], or a range to sample {low: 3.0, high: 8.0}"
    )
    raise ParameterError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes(Spec):
    """Parameters that vary: keys of the model's block, or dotted paths, and their axes."""

    def parse(self, where: str, raw: Any) -> dict[str, Axis]:
        _need_keys(where, raw, self.doc)
        return {key: read_axis(f"{where}.{key}", value) for key, value in raw.items()}

    def render(self, value: Mapping[str, Axis]) -> dict[str, Any]:
        return {key: axis.raw for key, axis in value.items()}

    def check(self, where: str, value: Any) -> None:
        _need_keys(where, value, self.doc)

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "description": self.doc}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tied:
    """Parameters that move together.

    Parameters
    ----------
    raw : object
        The config value: a list of points, or a list (or grid) of equal length for each key.
    rows : tuple of mapping
        The points: key -> value.
    """

    raw: Any
    rows: tuple[Mapping[str, Any], ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that move together."""
        return tuple(self.rows[0])


def read_tied(where: str, raw: Any) -> Tied:
    """Return the points described by a config value.

    Raises
    ------
    ParameterError
        The value is no list of points with the same keys, and no lists of equal length.

    Examples
    --------
    >>> read_tied("size", {"n": [1, 2], "dt_ms": {"start": 1.0, "stop": 0.5, "num": 2}}).rows
    ({'n': 1, 'dt_ms': 1.0}, {'n': 2, 'dt_ms': 0.5})
    """
    rows: tuple[Mapping[str, Any], ...] = ()
    if isinstance(raw, list) and all(isinstance(row, Mapping) for row in raw):
        rows = tuple(raw)
    if isinstance(raw, Mapping):
        axes = {key: read_axis(f"{where}.{key}", value).values for key, value in raw.items()}
        if len({len(values) for values in axes.values()}) == 1:
            rows = tuple(
                dict(zip(axes, row, strict=True)) for row in zip(*axes.values(), strict=True)
            )
    if rows and rows[0] and all(row.keys() == rows[0].keys() for row in rows):
        return Tied(raw=raw, rows=rows)
    msg = (
        f"{where} = {raw!r} ties no keys; write lists of equal length {{n: [1, 2], dt_ms: [1.0, "
        "0.5]}, or points with the same keys [{n: 1, dt_ms: 1.0}, {n: 2, dt_ms: 0.5}]"
    )
    raise ParameterError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties(Spec):
    """Groups of parameters that move together, by name."""

    def parse(self, where: str, raw: Any) -> dict[str, Tied]:
        _need_keys(where, raw, self.doc)
        return {name: read_tied(f"{where}.{name}", value) for name, value in raw.items()}

    def render(self, value: Mapping[str, Tied]) -> dict[str, Any]:
        return {name: tied.raw for name, tied in value.items()}

    def check(self, where: str, value: Any) -> None:
        _need_keys(where, value, self.doc)

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "description": self.doc}


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeKeys(Spec):
    """Keys of a block that is known only once the model is."""

    def parse(self, where: str, raw: Any) -> dict[str, Any]:
        _need_keys(where, raw, self.doc)
        return dict(raw)

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "description": self.doc}


def _need_keys(where: str, raw: Any, doc: str) -> None:
    if not isinstance(raw, Mapping):
        msg = f"{where} = {raw!r} is not a block of keys ({doc})"
        raise ParameterError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepParams(Block):
    """One sweep; the points are all combinations of `vary`, `tied` and the rows of `points`.

    Keys of `vary`, `tied` and `fixed` are config keys of the model's block with their unit
    suffix; a key that stands in several nested blocks is given as a dotted path.
    """

    model: str = text("what is computed at each point; `cortex sweep-models` lists them")
    vary: Mapping[str, Axis] = declare(Axes(doc="parameters that vary, and their values"), {})
    tied: Mapping[str, Tied] = declare(
        Ties(doc="groups of parameters that move together: name -> key -> values"), {}
    )
    points: str = text("table of points (TSV): a column per key, a row per point", "")
    fixed: Mapping[str, Any] = declare(FreeKeys(doc="values other than the study's own"), {})
    observables: tuple[str, ...] = vector(
        text("name of an observable"), "columns of the table; all if left out", default=()
    )
    seeds: int = count(1, 100_000, "independent repetitions of each point", 1)
    common_seeds: str = text(
        "stream of the seeds, when repetition i of every point shall have the same; empty: its own",
        "",
    )
    design: str = choice(
        ("latin_hypercube", "random", "one_at_a_time"),
        "how ranges are sampled; or each key varied alone, all others as in the study",
        "latin_hypercube",
    )
    samples: int = count(0, 10_000_000, "points drawn from the ranges", 0)
    refine_on: str = text("observable whose changes are refined; empty: the full grid", "")
    refine_from: int = count(2, 1024, "grid lines between two of the first, coarse ones", 4)
    refine_tolerance: float = quantity(
        "1", 0.0, 1e12, "change of the observable (SI) that needs no refinement", 0.0
    )
    chunk_size: int = count(1, 100_000, "points per job, about; aim at a minute of work", 64)
    threads: int = count(1, 256, "points that run at once in a job", 2)
    retries: int = count(0, 20, "further attempts at a point that fails", 1)
    memory: float = quantity("MB", 100.0, 1e6, "memory of a job at its first attempt", 2e9)
    time_limit: float = quantity(
        "min", 1.0, 1e5, "time limit of a job at its first attempt", 3600.0
    )

    def check(self) -> None:
        """Refuse ranges without samples, samples without ranges, refinement without a grid."""
        ranges = [key for key, axis in self.vary.items() if axis.is_range]
        if bool(ranges) != bool(self.samples):
            msg = f"SweepParams.samples = {self.samples} and the ranges {ranges} need each other"
            raise ParameterError(msg)
        apart = bool(ranges or self.points)
        if self.refine_on and (apart or self.tied or self.is_one_at_a_time or not self.vary):
            msg = f"SweepParams.refine_on = {self.refine_on!r} needs grids or lists in vary only"
            raise ParameterError(msg)
        if self.is_one_at_a_time and (apart or not (self.vary or self.tied)):
            msg = f"SweepParams.design = {self.design!r} needs grids or lists in vary or tied only"
            raise ParameterError(msg)

    @property
    def is_refined(self) -> bool:
        """Whether only the neighbourhood of changes is computed."""
        return bool(self.refine_on)

    @property
    def is_one_at_a_time(self) -> bool:
        """Whether each key varies alone, all others as in the study."""
        return self.design == "one_at_a_time"

    def shape(self) -> tuple[int, ...]:
        """Return the number of listed values of each axis."""
        return tuple(len(axis.values) for axis in self.vary.values() if not axis.is_range)

    def n_combinations(self) -> int:
        """Return the number of points without `points` rows and repetitions."""
        sizes = [*self.shape(), *(len(tied.rows) for tied in self.tied.values())]
        if self.is_one_at_a_time:
            return 1 + sum(sizes)
        return int(np.prod(sizes, dtype=np.int64)) * max(self.samples, 1)
