"""Config keys of a model's block: every leaf by dotted path, and by its name where unique."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from cortex.config.schema import block_schema
from cortex.params.base import Block, config_keys
from cortex.params.spec import Count, Nested, Spec


def leaves(block: type[Block], prefix: str = "") -> dict[str, Spec]:
    """Return dotted config path -> spec of every value of a block and its nested blocks."""
    found: dict[str, Spec] = {}
    for key, (_, spec) in config_keys(block).items():
        if isinstance(spec, Nested):
            found |= leaves(spec.block, f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = spec
    return found


def short_names(block: type[Block]) -> dict[str, str]:
    """Return name -> dotted path; the last part of a path where no other path ends alike.

    Examples
    --------
    >>> from cortex.params.brunel import BrunelParams
    >>> short_names(BrunelParams)["tau_m_ms"]
    'neuron.tau_m_ms'
    """
    paths = list(leaves(block))
    ends = Counter(path.rsplit(".", 1)[-1] for path in paths)
    last = {path: path.rsplit(".", 1)[-1] for path in paths}
    return {(last[path] if ends[last[path]] == 1 else path): path for path in paths}


def find_path(block: type[Block], key: str) -> str | None:
    """Return the dotted path that `key` (a path or a unique name) stands for."""
    return key if key in leaves(block) else short_names(block).get(key)


def flat_schema(block: type[Block]) -> dict[str, Any]:
    """Return the closed schema of a block as one level of short names."""
    nested = block_schema(block)
    names = short_names(block)
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _part(nested, path) for name, path in names.items()},
    }


def _part(schema: Mapping[str, Any], path: str) -> Any:
    for key in path.split("."):
        schema = schema["properties"][key]
    return schema


def with_value(tree: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a copy of nested config keys with one value replaced; the rest is shared."""
    key, _, rest = path.partition(".")
    return {**tree, key: with_value(tree[key], rest, value) if rest else value}


def normal_value(spec: Spec, value: Any) -> Any:
    """Return a config value in its one spelling: 5 as 5.0 for a quantity, 4.0 as 4 for a count."""
    if isinstance(spec, Count) and isinstance(value, float) and value.is_integer():
        value = int(value)
    return spec.render(spec.parse("", value))
