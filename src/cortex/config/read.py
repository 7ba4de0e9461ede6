"""Read a configuration file, check all of it, return the typed study."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from cortex.config.loader import load_yaml
from cortex.config.messages import refuse_listed, sentences
from cortex.config.presets import read_config, with_presets
from cortex.errors import ConfigError, ParameterError
from cortex.params.base import config_keys
from cortex.params.description.check import mended
from cortex.params.spec import Nested
from cortex.params.study import Study
from cortex.params.sweep import SweepParams

SECTIONS: Final = tuple(
    key for key, (_, spec) in config_keys(Study).items() if isinstance(spec, Nested)
)
SweepCheck = Callable[..., list[str]]


def typed(value: Any) -> Any:
    """Return config values with each text read as YAML reads it.

    Snakemake leaves what is inside ``--config 'networks={brunel: {seeds: 2}}'`` as text.

    Examples
    --------
    >>> typed({"model": {"g": "4.2", "multapses": "false"}, "seed": 7})
    {'model': {'g': 4.2, 'multapses': False}, 'seed': 7}
    """
    if isinstance(value, Mapping):
        return {key: typed(each) for key, each in value.items()}
    if isinstance(value, list):
        return [typed(each) for each in value]
    if isinstance(value, str):
        with suppress(ConfigError):
            read = load_yaml(value)
            return value if isinstance(read, dict | list) else read
    return value


def read_study(path: Path) -> Study:
    """Return the study described by a configuration file.

    Raises
    ------
    ConfigError
        Lists every problem with file, key, value, unit, allowed range and likely fix.
    """
    return check_study(read_config([path]), source=str(path))


def check_study(
    config: Mapping[str, Any],
    source: str,
    sweep_problems: SweepCheck | None = None,
) -> Study:
    """Return the study described by config keys.

    Parameters
    ----------
    config : mapping
        Config keys.
    source : str
        Where they were read, for messages.
    sweep_problems : callable, optional
        Takes name and parameters of a sweep, returns what is wrong with it; see
        `cortex.sweep.problems.sweep_problems`.

    Raises
    ------
    ConfigError
        Lists every problem: of single values, of blocks that contradict themselves, of sweeps.
    """
    problems: list[str] = []
    try:
        filled = with_presets(config)
        study = Study.from_config(filled)
    except ParameterError as error:
        problems += sentences(error)
        problems += _behind(filled, error, sweep_problems)
    except ConfigError as error:  # a preset that does not exist: its network cannot be read
        problems.append(str(error))
    if sweep_problems is not None:
        problems += _sweep_problems(config.get("sweeps"), sweep_problems)
    problems = list(dict.fromkeys(problems))
    refuse_listed(problems, source, "the configuration")
    return study


def _behind(
    config: Mapping[str, Any], error: ParameterError, check: SweepCheck | None
) -> Iterable[str]:
    """Return what else is wrong with a study: with what names its networks, once they are mended.

    As in `cortex.params.description.check`: what is wrong whatever was meant.
    """
    broken = {problem.subject.place[0] for problem in error.problems if problem.subject.place}
    rest = {key: value for key, value in config.items() if key not in broken}
    networks, sweeps = config.get("networks", {}), config.get("sweeps", {})
    if not isinstance(networks, Mapping) or not all(
        isinstance(n, Mapping) for n in networks.values()
    ):
        return []
    found: list[dict[str, None]] = []
    for end in (0, -1):
        sound = {name: mended(block, end) or block for name, block in networks.items()}
        study = {"seed": 1, **rest, "networks": sound}
        said = dict.fromkeys(_sweep_problems(sweeps, partial(check, study=study)) if check else ())
        try:
            Study.from_config(study)
        except ParameterError as other:
            said |= dict.fromkeys(sentences(other))
        found.append(said)
    of_networks = {said.split(".", 2)[-1] for said in sentences(error)}
    both = [said for said in found[0] if said in found[1]]
    return [said for said in both if said.split(".", 2)[-1] not in of_networks]


def _sweep_problems(sweeps: Any, check: SweepCheck) -> Iterable[str]:
    """Yield what is wrong with the sweeps that can be read at all."""
    for name, block in sweeps.items() if isinstance(sweeps, Mapping) else ():
        if isinstance(name, str) and isinstance(block, Mapping):
            with suppress(ParameterError):  # listed by the study
                yield from check(name, SweepParams.from_config(block))
