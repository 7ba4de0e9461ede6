"""Everything wrong with the sweeps of a study, in sentences, before any job runs."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cortex.config.messages import refuse_listed, sentences
from cortex.errors import ConfigError, ParameterError, shown
from cortex.params.base import likely_key
from cortex.params.sweep import Axis, SweepParams, column_name
from cortex.sweep.design import read_points
from cortex.sweep.keys import Specs, find_path, normal_value, short_names
from cortex.sweep.model import RESERVED, Model, find_model, guess
from cortex.sweep.plan import complete_base, parameters, read_points_of, varied_keys


def check_sweeps(
    sweeps: Mapping[str, SweepParams],
    study: Mapping[str, Any],
    source: str,
    models: Mapping[str, Model],
) -> None:
    """Refuse sweeps of unknown models, parameters, observables or implausible values.

    Parameters
    ----------
    sweeps : mapping
        Name -> sweep.
    study : mapping
        The whole configuration: a sweep starts from its model's sections of it.
    source : str
        Where it was read, for messages.
    models : mapping
        The models that sweeps name.

    Raises
    ------
    ConfigError
        Lists every problem of every sweep.
    """
    problems = [
        problem
        for name, sweep in sweeps.items()
        for problem in sweep_problems(name, sweep, study, models=models)
    ]
    refuse_listed(problems, source, "the sweeps")


def sweep_problems(
    name: str,
    sweep: SweepParams,
    study: Mapping[str, Any] | None = None,
    *,
    models: Mapping[str, Model],
) -> list[str]:
    """Return what is wrong with one sweep: with its keys and values, or else with its first point.

    The first point is built only from a `study`. Points further on whose values contradict each
    other are recorded as failed when they run.
    """
    where = f"sweeps.{name}"
    try:
        model = find_model(sweep.model, models)
    except ConfigError as error:
        return [f"{where}.model = {sweep.model!r}: {error}"]
    if (sweep.network or sweep.state) and not callable(model.base):
        return [f"{where}: model {sweep.model!r} takes neither network nor state; drop the keys"]
    try:
        specs = model.leaves(model.base_config(study, sweep) if study else None)
    except ConfigError as error:
        return [f"{where}: {error}"]
    if model.is_named_by_study and not study:
        return []
    problems = [
        *_axis_problems(f"{where}.vary", specs, sweep.vary),
        *_tied_problems(f"{where}.tied", specs, sweep),
        *_fixed_problems(f"{where}.fixed", specs, sweep),
        *_row_problems(f"{where}.points", specs, sweep),
        *_observable_problems(where, model, sweep),
        *_seed_problems(where, model, sweep),
    ]
    problems = problems or [
        *_doubled_problems(where, specs, sweep),
        *_column_problems(where, specs, sweep, model),
    ]
    return problems or ([*_point_problems(where, model, sweep, study)] if study else [])


def _axis_problems(where: str, specs: Specs, vary: Mapping[str, Axis]) -> Iterator[str]:
    for key, axis in vary.items():
        values = (axis.low, axis.high) if axis.is_range else axis.values
        yield from _value_problems(where, specs, key, values)


def _tied_problems(where: str, specs: Specs, sweep: SweepParams) -> Iterator[str]:
    for name, tied in sweep.tied.items():
        for key in tied.keys:
            values = [row[key] for row in tied.rows]
            yield from _value_problems(f"{where}.{name}", specs, key, values)


def _fixed_problems(where: str, specs: Specs, sweep: SweepParams) -> Iterator[str]:
    for key, value in sweep.fixed.items():
        yield from _value_problems(where, specs, key, (value,))


def _doubled_problems(where: str, specs: Specs, sweep: SweepParams) -> Iterator[str]:
    """Yield a sentence per parameter that two keys set, in two places or by two names."""
    tied = {f"tied.{name}": group.keys for name, group in sweep.tied.items()}
    places = {"vary": sweep.vary, **tied, "points": read_points_of(sweep)[0], "fixed": sweep.fixed}
    setters: dict[str | None, list[tuple[str, str]]] = defaultdict(list)
    for place, keys in places.items():
        for key in keys:
            setters[find_path(specs, key)].append((place, key))
    for same in setters.values():
        names = {key for _, key in same}
        apart = sweep.is_one_at_a_time and len(names) == 1 and ("fixed", *names) not in same
        if len(same) > 1 and not apart:
            said = " and ".join(map(".".join, same))
            yield f"{where}: {said} set the same parameter; keep one of them"


def _column_problems(where: str, specs: Specs, sweep: SweepParams, model: Model) -> Iterator[str]:
    """Yield a sentence per varied parameter whose column has the name of another column."""
    arrays = (name for array in model.arrays.values() for name in array.columns)
    taken = {*RESERVED, *model.observables, *arrays}
    for key in varied_keys(sweep):
        name = column_name(key, specs[find_path(specs, key) or key])
        if name in taken:
            yield f"{where}: {key} varies, and tables have a column {name!r}; write its dotted path"


def _point_problems(
    where: str, model: Model, sweep: SweepParams, study: Mapping[str, Any]
) -> Iterator[str]:
    """Yield why the first point cannot be built: its values contradict each other."""
    try:
        base = complete_base(sweep, model, model.base_config(study, sweep))
        _, params = next(parameters(sweep, model, base, study["seed"]))
        model.block.from_config(params)
    except ConfigError as error:
        yield f"{where}: {error}"
    except ParameterError as error:
        yield from sentences(error, where)


def _row_problems(where: str, specs: Specs, sweep: SweepParams) -> Iterator[str]:
    if not sweep.points:
        return
    try:
        rows = read_points(Path(sweep.points))
    except ConfigError as error:
        yield f"{where} = {error}"
        return
    for key in rows[0]:
        yield from _value_problems(f"{sweep.points}", specs, key, [row[key] for row in rows])


def _value_problems(where: str, specs: Specs, key: str, values: Any) -> Iterator[str]:
    """Yield one sentence per faulty value, in the words of the configuration check."""
    path = find_path(specs, key)
    if path is None:
        reason, _ = likely_key(str(key), list(short_names(specs)))
        yield f"{where}.{shown(str(key))[1:-1]}: {reason}"
        return
    for value in values:
        try:
            normal_value(specs[path], value)
        except ParameterError as error:
            yield from sentences(error, f"{where}.{key}")


def _observable_problems(where: str, model: Model, sweep: SweepParams) -> Iterator[str]:
    known = list(model.observables)
    offered = [*known, *model.arrays]
    for name in sweep.observables:
        if name not in offered:
            yield f"{where}.observables: {name!r}: {guess('observable', name, offered)}"
    if sweep.refine_on and sweep.refine_on not in known:
        yield f"{where}.refine_on = {guess('observable', sweep.refine_on, known)}"


def _seed_problems(where: str, model: Model, sweep: SweepParams) -> Iterator[str]:
    if not model.stochastic and sweep.seeds > 1:
        yield f"{where}.seeds = {sweep.seeds}: model {model.name!r} is deterministic; write 1"
