"""Read a configuration file, check all of it, return the typed study."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from cortex.config.loader import load_yaml
from cortex.config.messages import refuse_listed, sentences
from cortex.config.presets import read_config, with_presets
from cortex.errors import ConfigError, ParameterError
from cortex.params.base import config_keys
from cortex.params.spec import Nested
from cortex.params.study import Study
from cortex.params.sweep import SweepParams

SECTIONS: Final = tuple(
    key for key, (_, spec) in config_keys(Study).items() if isinstance(spec, Nested)
)
SweepCheck = Callable[[str, SweepParams], list[str]]


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
        study = Study.from_config(with_presets(config))
    except ParameterError as error:
        problems += sentences(error)
    except ConfigError as error:  # a preset that does not exist: its network cannot be read
        problems.append(str(error))
    if sweep_problems is not None:
        problems += _sweep_problems(config.get("sweeps"), sweep_problems)
    refuse_listed(problems, source, "the configuration")
    return study


def _sweep_problems(sweeps: Any, check: SweepCheck) -> Iterable[str]:
    """Yield what is wrong with the sweeps that can be read at all."""
    for name, block in sweeps.items() if isinstance(sweeps, Mapping) else ():
        if isinstance(name, str) and isinstance(block, Mapping):
            with suppress(ParameterError):  # listed by the study
                yield from check(name, SweepParams.from_config(block))
