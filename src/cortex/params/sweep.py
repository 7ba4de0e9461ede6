"""A parameter sweep: which model, what varies, which observables, how often."""

from collections.abc import Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np

from cortex.errors import Amount, ParameterError, Problem, shown
from cortex.params.base import Block
from cortex.params.free_keys import FreeKeys, need_keys
from cortex.params.grid import GridParams
from cortex.params.reading import gather
from cortex.params.spec import (
    Quantity,
    Spec,
    choice,
    count,
    declare,
    quantity,
    text,
    vector,
)

MOST: Final = 1e300
BOUND: Final = Quantity(unit="1", low=-MOST, high=MOST, doc="bound of a range")


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


def read_axis(raw: Any) -> Axis:
    """Return the axis described by a config value.

    Raises
    ------
    ParameterError
        The value is none of a grid, a list of different values, and a range that rises.

    Examples
    --------
    >>> read_axis({"start": 3.0, "stop": 5.0, "num": 3}).values
    (3.0, 4.0, 5.0)
    """
    values = listed_values(raw)
    if values:
        different = _different(raw, values)
        if isinstance(raw, Mapping) and len(values) > 1:
            GridParams.from_config(raw).need_rising("start", "stop")
        return Axis(raw=raw, values=different)
    keys = set(raw) if isinstance(raw, Mapping) else set()
    if keys == {"low", "high"}:
        low, high = gather((key, partial(BOUND.read, raw[key])) for key in ("low", "high"))
        if low < high:
            return Axis(raw=raw, low=low, high=high)
        raise _refused(raw, ": low must lie below high")
    raise _refused(
        raw,
        "is no axis; write a grid {start: 3.0, stop: 8.0, num: 6}, "
        "a list [3.0, 4.0], or a range to sample {low: 3.0, high: 8.0}",
    )


def listed_values(raw: Any) -> list[Any]:
    """Return the values of a list or a grid, as config values; none for anything else."""
    if isinstance(raw, Mapping) and set(raw) == {"start", "stop", "num"}:
        values: list[Any] = GridParams.from_config(raw).values().tolist()
        return values
    return raw if isinstance(raw, list) else []


def _different(raw: Any, values: list[Any]) -> tuple[Any, ...]:
    """Return values of an axis; refuse those given twice: their points would count double."""
    seen: set[Hashable] = set()
    for value in values:
        parts = tuple(value) if isinstance(value, list) else (value,)
        if any(part != part for part in parts):  # noqa: PLR0124  # only NaN differs from itself
            raise _refused(raw, ": NaN is no value of an axis")
        with suppress(TypeError):  # what cannot be hashed is no value; the model's spec says so
            if parts in seen:
                raise _refused(raw, f"holds {shown(value)} twice; keep one")
            seen.add(parts)
    return tuple(values)


def _refused(raw: Any, reason: str) -> ParameterError:
    return ParameterError(Problem(subject=Amount(value=raw, entry=raw), reason=reason))


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes(Spec):
    """Parameters that vary: keys of the model's block, or dotted paths, and their axes."""

    def read(self, raw: Any) -> dict[str, Axis]:
        axes = gather((key, partial(read_axis, raw[key])) for key in need_keys(self, raw))
        return dict(zip(raw, axes, strict=True))

    def render(self, value: Mapping[str, Axis]) -> dict[str, Any]:
        return {key: axis.raw for key, axis in value.items()}

    def verify(self, value: Any) -> None:
        need_keys(self, value)


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


def read_tied(raw: Any) -> Tied:
    """Return the points described by a config value.

    Raises
    ------
    ParameterError
        The value is no list of different points with the same keys, and no lists of equal length.

    Examples
    --------
    >>> read_tied({"n": [1, 2], "dt_ms": {"start": 1.0, "stop": 0.5, "num": 2}}).rows
    ({'n': 1, 'dt_ms': 1.0}, {'n': 2, 'dt_ms': 0.5})
    """
    rows: list[Mapping[str, Any]] = []
    if isinstance(raw, list) and all(isinstance(row, Mapping) for row in raw):
        rows = raw
    if isinstance(raw, Mapping):
        lists = [listed_values(value) for value in raw.values()]
        if len({len(values) for values in lists}) == 1:
            rows = [dict(zip(raw, row, strict=True)) for row in zip(*lists, strict=True)]
    if rows and rows[0] and all(row.keys() == rows[0].keys() for row in rows):
        _different(raw, [list(row.values()) for row in rows])
        return Tied(raw=raw, rows=tuple(rows))
    raise _refused(
        raw,
        "ties no keys; write lists of equal length {n: [1, 2], dt_ms: [1.0, 0.5]}, "
        "or points with the same keys [{n: 1, dt_ms: 1.0}, {n: 2, dt_ms: 0.5}]",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties(Spec):
    """Groups of parameters that move together, by name."""

    def read(self, raw: Any) -> dict[str, Tied]:
        ties = gather((name, partial(read_tied, raw[name])) for name in need_keys(self, raw))
        return dict(zip(raw, ties, strict=True))

    def render(self, value: Mapping[str, Tied]) -> dict[str, Any]:
        return {name: tied.raw for name, tied in value.items()}

    def verify(self, value: Any) -> None:
        need_keys(self, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepParams(Block):
    """One sweep; the points are all combinations of `vary`, `tied` and the rows of `points`.

    Keys of `vary`, `tied` and `fixed` are config keys of the model's block with their unit
    suffix; a key that stands in several nested blocks is given as a dotted path.
    """

    model: str = text("what is computed at each point; `cortex sweep-models` lists them")
    network: str = text("network of `networks:` that it is about, for models of networks", "")
    state: str = text("state of that network, where it has several", "")
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
            self.refuse("samples", "and the ranges of vary need each other")
        apart = bool(ranges or self.points)
        if self.refine_on and (apart or self.tied or self.is_one_at_a_time or not self.vary):
            self.refuse("refine_on", "needs grids or lists in vary only")
        if self.is_one_at_a_time and (apart or not (self.vary or self.tied)):
            self.refuse("design", "needs grids or lists in vary or tied only")

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


def column_name(key: str, spec: Spec) -> str:
    """Return the table name of a varied key: no unit suffix, no dots.

    Examples
    --------
    >>> column_name("neuron.tau_m_ms", Quantity(unit="ms", low=0.0, high=1.0))
    'neuron_tau_m'
    """
    suffix = "" if unit_of(spec) == "1" else f"_{unit_of(spec)}"
    return key.removesuffix(suffix).replace(".", "_")


def unit_of(spec: Spec) -> str:
    """Return the unit of a varied key."""
    return spec.unit if isinstance(spec, Quantity) else "1"
