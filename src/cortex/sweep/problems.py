"""Everything wrong with the sweeps of a study, in sentences, before any job runs."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from cortex.config.messages import explain
from cortex.config.validate import violations
from cortex.errors import ConfigError, ParameterError
from cortex.params.spec import Count
from cortex.params.sweep import Axis, SweepParams
from cortex.sweep.design import read_points
from cortex.sweep.keys import find_path, flat_schema, leaves
from cortex.sweep.model import Model
from cortex.sweep.plan import complete_base, parameters, read_points_of
from cortex.sweep.registry import MODELS


def check_sweeps(sweeps: Mapping[str, SweepParams], study: Mapping[str, Any], source: str) -> None:
    """Refuse sweeps of unknown models, parameters, observables or implausible values.

    Parameters
    ----------
    sweeps : mapping
        Name -> sweep.
    study : mapping
        The whole configuration: a sweep starts from its model's sections of it.
    source : str
        Where it was read, for messages.

    Raises
    ------
    ConfigError
        Lists every problem of every sweep.
    """
    problems = [p for name, sweep in sweeps.items() for p in sweep_problems(name, sweep, study)]
    if problems:
        listed = "\n".join(f"  {i}. {problem}" for i, problem in enumerate(problems, 1))
        plural = "problem" if len(problems) == 1 else "problems"
        msg = f"{source}: {len(problems)} {plural} in the sweeps\n{listed}"
        raise ConfigError(msg)


def sweep_problems(
    name: str, sweep: SweepParams, study: Mapping[str, Any] | None = None
) -> list[str]:
    """Return what is wrong with one sweep: with its keys and values, or else with its first point.

    The first point is built only from a `study`. Points further on whose values contradict each
    other are recorded as failed when they run.
    """
    where = f"sweeps.{name}"
    if sweep.model not in MODELS:
        return [f"{where}.model = {sweep.model!r}: {_guess('model', sweep.model, list(MODELS))}"]
    model = MODELS[sweep.model]
    problems = [
        *_axis_problems(f"{where}.vary", model, sweep.vary),
        *_fixed_problems(f"{where}.fixed", model, sweep),
        *_row_problems(f"{where}.points", model, sweep),
        *_observable_problems(where, model, sweep),
        *_seed_problems(where, model, sweep),
    ]
    problems = problems or [*_doubled_problems(where, model, sweep)]
    return problems or ([*_point_problems(where, model, sweep, study)] if study else [])


def _guess(kind: str, word: str, known: list[str]) -> str:
    close = get_close_matches(word, known, n=1, cutoff=0.5)
    return f"unknown {kind}; " + (
        f"did you mean {close[0]}?" if close else f"known: {_join(known)}"
    )


def _join(words: list[str]) -> str:
    return ", ".join(words) or "none"


def _axis_problems(where: str, model: Model, vary: Mapping[str, Axis]) -> Iterator[str]:
    for key, axis in vary.items():
        values = (axis.low, axis.high) if axis.is_range else axis.values
        yield from _value_problems(where, model, key, values)


def _fixed_problems(where: str, model: Model, sweep: SweepParams) -> Iterator[str]:
    for key, value in sweep.fixed.items():
        yield from _value_problems(where, model, key, (value,))


def _doubled_problems(where: str, model: Model, sweep: SweepParams) -> Iterator[str]:
    """Yield a sentence per parameter that two keys set, in two places or by two names."""
    places = {"vary": sweep.vary, "points": read_points_of(sweep)[0], "fixed": sweep.fixed}
    setters: dict[str | None, list[str]] = defaultdict(list)
    for place, keys in places.items():
        for key in keys:
            setters[find_path(model.block, key)].append(f"{place}.{key}")
    for same in setters.values():
        if len(same) > 1:
            yield f"{where}: {' and '.join(same)} set the same parameter; keep one of them"


def _point_problems(
    where: str, model: Model, sweep: SweepParams, study: Mapping[str, Any]
) -> Iterator[str]:
    """Yield why the first point cannot be built: its values contradict each other."""
    try:
        base = complete_base(sweep, model, model.base_config(study))
        _, params = next(parameters(sweep, model, base, study["seed"]))
        model.block.from_config(params)
    except (ConfigError, ParameterError) as error:
        yield f"{where}: {error}"


def _row_problems(where: str, model: Model, sweep: SweepParams) -> Iterator[str]:
    if not sweep.points:
        return
    try:
        rows = read_points(Path(sweep.points))
    except ConfigError as error:
        yield f"{where} = {error}"
        return
    for key in rows[0]:
        yield from _value_problems(f"{sweep.points}", model, key, [row[key] for row in rows])


def _value_problems(where: str, model: Model, key: str, values: Any) -> Iterator[str]:
    """Yield one sentence per faulty value, in the words of the configuration check."""
    path = find_path(model.block, key)
    spec = leaves(model.block).get(path or "")
    schema = flat_schema(model.block)
    if path is not None and key not in schema["properties"]:
        schema["properties"][key] = schema["properties"][path.rsplit(".", 1)[-1]]
    seen: set[str] = set()
    for value in values:
        whole = isinstance(spec, Count) and isinstance(value, float) and value.is_integer()
        instance = {key: int(value) if whole else value}
        for broken in violations(instance, schema):
            seen |= {f"{where}.{sentence}" for sentence in explain(broken)}
        if path is None:
            break
    yield from sorted(seen)


def _observable_problems(where: str, model: Model, sweep: SweepParams) -> Iterator[str]:
    known = list(model.observables)
    for name in sweep.observables:
        if name not in known:
            yield f"{where}.observables: {name!r}: {_guess('observable', name, known)}"
    if sweep.refine_on and sweep.refine_on not in known:
        yield f"{where}.refine_on = {_guess('observable', sweep.refine_on, known)}"


def _seed_problems(where: str, model: Model, sweep: SweepParams) -> Iterator[str]:
    if not model.stochastic and sweep.seeds > 1:
        yield f"{where}.seeds = {sweep.seeds}: model {model.name!r} is deterministic; write 1"
