"""From a sweep to its points: full parameters, seed, key and chunk of each."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cortex.params.spec import Count, Spec
from cortex.params.sweep import SweepParams
from cortex.provenance import digest_of
from cortex.rng import child_seed
from cortex.sweep.design import combinations, read_points
from cortex.sweep.keys import Specs, find_path, normal_value, value_at, with_value
from cortex.sweep.model import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One evaluation of a model.

    Parameters
    ----------
    key : str
        SHA-256 of model, full parameters, seed and code: the address in the store.
    params : mapping
        All parameters of the model as config keys.
    varied : mapping
        Those that the sweep varies, by the names used in the sweep.
    replicate : int
        Which of the independent repetitions.
    seed : int
        Seed of the repetition, derived from study seed, parameters and replicate.
    """

    key: str
    params: Mapping[str, Any]
    varied: Mapping[str, Any]
    replicate: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All points of a sweep, sorted by key, and what they have in common."""

    name: str
    model: Model
    code: str
    seed: int
    sweep: SweepParams
    base: Mapping[str, Any]
    columns: Mapping[str, Spec]
    paths: Mapping[str, str]
    points: tuple[Point, ...]

    @property
    def observables(self) -> tuple[str, ...]:
        """Names of the numbers and words that enter the table."""
        return self._chosen(self.model.observables)

    @property
    def arrays(self) -> tuple[str, ...]:
        """Names of the arrays that have a table of their own."""
        return self._chosen(self.model.arrays)

    def _chosen(self, offered: Collection[str]) -> tuple[str, ...]:
        chosen = self.sweep.observables
        return tuple(name for name in chosen or offered if name in offered)

    def moved(self, point: Point) -> str:
        """Return what alone differs from the base at a point: a key or a group of tied keys."""
        at = {key: value_at(self.base, path) for key, path in self.paths.items()}
        moved = {key for key, value in point.varied.items() if value != at[key]}
        if len(moved) == 1 and moved <= self.sweep.vary.keys():
            return moved.pop()
        groups = self.sweep.tied.items()
        return next((name for name, tied in groups if moved and moved <= {*tied.keys}), "")

    def chunk(self, index: int, n_chunks: int) -> tuple[Point, ...]:
        """Return the points whose key falls into one of `n_chunks` equal shares."""
        return tuple(p for p in self.points if int(p.key[:8], 16) % n_chunks == index)

    def provenance(self) -> dict[str, Any]:
        """Return what the table depends on: nothing about chunks, cores or machines."""
        return {"sweep": science(self.sweep), "base": self.base}


def science(sweep: SweepParams) -> dict[str, Any]:
    """Return the config keys that decide which points there are, and what they are."""
    config = sweep.to_config()
    keys = ["model", "vary", "points", "fixed", "seeds", "design", "samples"]
    keys += ["refine_on", "refine_from", "refine_tolerance"] if sweep.is_refined else []
    keys += [key for key in ("network", "state", "tied", "common_seeds") if config[key]]
    return {key: config[key] for key in keys}


def count_points(sweep: SweepParams, model: Model) -> int:
    """Return how many points a sweep asks for, without building them."""
    rows = len(read_points_of(sweep))
    return sweep.n_combinations() * rows * (sweep.seeds if model.stochastic else 1)


def read_points_of(sweep: SweepParams) -> list[dict[str, Any]]:
    """Return the rows of the sweep's table of points, one empty row without a table."""
    return read_points(Path(sweep.points)) if sweep.points else [{}]


def count_chunks(sweep: SweepParams, model: Model) -> int:
    """Return the number of jobs: a power of two, so that a grown sweep keeps its chunks."""
    share = -(-count_points(sweep, model) // sweep.chunk_size)
    return 1 << max(share - 1, 0).bit_length()


def plan_sweep(
    name: str, sweep: SweepParams, model: Model, *, base: Mapping[str, Any], seed: int, code: str
) -> Plan:
    """Return the plan of a sweep.

    Parameters
    ----------
    name : str
        Name of the sweep.
    sweep : SweepParams
        What varies.
    model : Model
        What is computed.
    base : mapping
        The model's part of the study's configuration, `Model.base_config`.
    seed : int
        Seed of the study.
    code : str
        Digest of the code that makes the numbers, `Model.code`.
    """
    base = complete_base(sweep, model, base)
    specs, points = model.leaves(base), dict[str, Point]()
    paths = {key: _path(specs, key) for key in varied_keys(sweep)}
    for varied, params in parameters(sweep, model, base, seed):
        for point in _repetitions(model, params, varied, sweep=sweep, seed=seed, code=code):
            points[point.key] = point
    return Plan(
        name=name,
        model=model,
        code=code,
        seed=seed,
        sweep=sweep,
        base=base,
        columns={key: specs[path] for key, path in paths.items()},
        paths=paths,
        points=tuple(points[key] for key in sorted(points)),
    )


def complete_base(sweep: SweepParams, model: Model, base: Mapping[str, Any]) -> dict[str, Any]:
    """Return every parameter of the model before anything varies: base, defaults, `fixed`.

    Values of `fixed` may contradict the base where what varies settles it, so that only whole
    points are checked.
    """
    whole = model.block.from_config(base).to_config()
    specs = model.leaves(whole)
    fixed = {_path(specs, key): value for key, value in sweep.fixed.items()}
    plain = {path: normal_value(specs[path], value) for path, value in fixed.items()}
    return _replaced(whole, plain)


def parameters(
    sweep: SweepParams, model: Model, base: Mapping[str, Any], seed: int
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield what each point varies, and all its parameters; `base` is that of `complete_base`."""
    specs = model.leaves(base)
    paths = {key: _path(specs, key) for key in varied_keys(sweep)}
    columns = {key: specs[path] for key, path in paths.items()}
    whole = {key for key, spec in columns.items() if isinstance(spec, Count)}
    alone = sweep.is_one_at_a_time
    here = {key: value_at(base, path) for key, path in paths.items()} if alone else {}
    for values in combinations(sweep, seed, whole):
        new = {key: normal_value(columns[key], value) for key, value in values.items()}
        varied = {**here, **new}
        yield varied, _replaced(base, {paths[key]: value for key, value in varied.items()})


def varied_keys(sweep: SweepParams) -> list[str]:
    """Return the keys that differ between points, in the order of their columns."""
    tied = [key for group in sweep.tied.values() for key in group.keys]
    return [*read_points_of(sweep)[0], *sweep.vary, *tied]


def _path(specs: Specs, key: str) -> str:
    path = find_path(specs, key)
    if path is None:
        msg = f"the model has no parameter {key!r}"
        raise KeyError(msg)
    return path


def _replaced(base: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    params = dict(base)
    for path, value in values.items():
        params = with_value(params, path, value)
    return params


def _repetitions(
    model: Model,
    params: Mapping[str, Any],
    varied: Mapping[str, Any],
    *,
    sweep: SweepParams,
    seed: int,
    code: str,
) -> Iterator[Point]:
    """Yield the repetitions of one set of parameters; a deterministic model has one."""
    content = digest_of({"model": model.name, "params": params})
    stream = sweep.common_seeds or content
    for replicate in range(sweep.seeds if model.stochastic else 1):
        own = child_seed(seed, stream, replicate) if model.stochastic else 0
        key = digest_of([content, own, code])
        yield Point(key=key, params=params, varied=varied, replicate=replicate, seed=own)
