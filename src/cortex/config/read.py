"""Read a configuration file, check all of it, return the typed study.

``python -m cortex.config.read FILE...`` says what is wrong with the YAML of files.
"""

import sys
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

from cortex.config.messages import explain
from cortex.config.relations import is_broken, relation_problems
from cortex.config.schema import block_schema
from cortex.config.validate import Violation, violations
from cortex.errors import ConfigError, ParameterError
from cortex.params.study import Study
from cortex.params.sweep import SweepParams

SweepCheck = Callable[[str, SweepParams], list[str]]


class _UniqueKeys(yaml.SafeLoader):
    """YAML loader that refuses a key given twice (YAML itself keeps the last)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        first: dict[Any, int] = {}
        for key, _ in node.value:
            name, line = self.construct_object(key, deep=deep), key.start_mark.line + 1
            if first.setdefault(name, line) != line:
                msg = (
                    f"line {line}: the key {name!r} stands already in line {first[name]}; "
                    "keep one, with the contents of both where it is a block"
                )
                raise ConfigError(msg)
        return super().construct_mapping(node, deep=deep)


def read_yaml(path: Path) -> dict[str, Any]:
    """Return the mapping in a YAML file; refuse broken YAML and doubled keys."""
    try:
        with path.open(encoding="utf-8") as stream:
            content = yaml.load(stream, Loader=_UniqueKeys)
    except FileNotFoundError:
        msg = f"{path}: no such file; copy config/config.yaml and change what you need"
        raise ConfigError(msg) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ConfigError) as error:
        msg = f"{path}: {error}"
        raise ConfigError(msg) from None
    if not isinstance(content, dict):
        msg = f"{path}: the file must hold a block of keys, found {type(content).__name__}"
        raise ConfigError(msg)
    return content


def read_study(path: Path) -> Study:
    """Return the study described by a configuration file.

    Raises
    ------
    ConfigError
        Lists every problem with file, key, value, unit, allowed range and likely fix.
    """
    return check_study(read_yaml(path), source=str(path))


def check_study(
    config: Mapping[str, Any], source: str, sweep_problems: SweepCheck | None = None
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
    violated = _violated(config)
    broken = {each.path for each in violated}
    problems = [sentence for each in violated for sentence in explain(each)]
    problems += relation_problems(Study, config, (), broken)
    if sweep_problems is not None:
        problems += _sweep_problems(config.get("sweeps"), sweep_problems, broken)
    if problems:
        listed = "\n".join(f"  {i}. {problem}" for i, problem in enumerate(problems, 1))
        plural = "problem" if len(problems) == 1 else "problems"
        msg = f"{source}: {len(problems)} {plural} in the configuration\n{listed}"
        raise ConfigError(msg)
    return Study.from_config(config)


def _violated(config: Mapping[str, Any]) -> list[Violation]:
    found = violations(config, block_schema(Study))
    return sorted(found, key=lambda each: [str(part) for part in each.path])


def _sweep_problems(
    sweeps: Any, check: SweepCheck, broken: Collection[tuple[str | int, ...]]
) -> list[str]:
    """Return what is wrong with the sweeps that can be read at all."""
    found: list[str] = []
    for name, block in sweeps.items() if isinstance(sweeps, Mapping) else ():
        if not is_broken(("sweeps", name), broken):
            with suppress(ParameterError):  # listed among the relations
                found += check(name, SweepParams.from_config(block))
    return found


def main(paths: Sequence[str]) -> int:
    """Say which configuration file is missing or broken, and where; return the exit status.

    Snakemake opens the files before it reads any rule and names neither file nor line.
    """
    try:
        for path in paths:
            read_yaml(Path(path))
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
