"""Read a configuration file, check all of it, return the typed study."""

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from cortex.config.messages import explain
from cortex.config.schema import block_schema
from cortex.errors import ConfigError, ParameterError
from cortex.params.base import Block, config_keys
from cortex.params.spec import Nested
from cortex.params.study import Study


class _UniqueKeys(yaml.SafeLoader):
    """YAML loader that refuses a key given twice (YAML itself keeps the last)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=deep) for key, _ in node.value]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        if twice:
            line = node.start_mark.line + 1
            msg = f"keys given twice in the block that starts at line {line}: {', '.join(twice)}"
            raise ConfigError(msg)
        return super().construct_mapping(node, deep=deep)


def read_yaml(path: Path) -> dict[str, Any]:
    """Return the mapping in a YAML file; refuse broken YAML and doubled keys."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeys)
    except FileNotFoundError:
        msg = f"{path}: no such file; copy config/config.yaml and change what you need"
        raise ConfigError(msg) from None
    except (yaml.YAMLError, ConfigError) as error:
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


def check_study(config: Mapping[str, Any], source: str) -> Study:
    """Return the study described by config keys; `source` is named in messages."""
    problems = _schema_problems(config) or _relation_problems(Study, config)
    if problems:
        listed = "\n".join(f"  {i}. {problem}" for i, problem in enumerate(problems, 1))
        plural = "problem" if len(problems) == 1 else "problems"
        msg = f"{source}: {len(problems)} {plural} in the configuration\n{listed}"
        raise ConfigError(msg)
    return Study.from_config(config)


def _schema_problems(config: Mapping[str, Any]) -> list[str]:
    validator = Draft202012Validator(block_schema(Study))
    errors = validator.iter_errors(config)
    ordered = sorted(errors, key=lambda error: [str(part) for part in error.absolute_path])
    return [sentence for error in ordered for sentence in explain(error)]


def _relation_problems(block: type[Block], config: Mapping[str, Any]) -> list[str]:
    """Return what the blocks themselves refuse, innermost blocks first."""
    nested = [
        (spec.block, config[key])
        for key, (_, spec) in config_keys(block).items()
        if isinstance(spec, Nested) and key in config
    ]
    problems = [problem for kind, part in nested for problem in _relation_problems(kind, part)]
    if problems:
        return problems
    try:
        block.from_config(config)
    except ParameterError as error:
        return [str(error)]
    return []
