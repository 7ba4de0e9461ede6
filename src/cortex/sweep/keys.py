"""Config keys of a model's parameters: every value by dotted path, and by a unique ending of it."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from cortex.errors import ConfigError
from cortex.params.base import Block, config_keys
from cortex.params.spec import Count, Nested, Spec, Table

Specs = Mapping[str, Spec]


def leaves(block: type[Block], config: Any = None, prefix: str = "") -> dict[str, Spec]:
    """Return dotted config path -> spec of every value of a block and its nested blocks.

    Parameters
    ----------
    block : type of Block
        The parameters.
    config : mapping, optional
        Their config keys; the entries of tables (populations, projections, states) are found
        there by name. Without it a table is one value.
    prefix : str
        Path of the block, with a dot behind it.
    """
    found: dict[str, Spec] = {}
    for key, (_, spec) in config_keys(block).items():
        found |= _below(spec, _at(config, key), f"{prefix}{key}")
    return found


def _below(spec: Spec, config: Any, path: str) -> dict[str, Spec]:
    if isinstance(spec, Nested):
        return leaves(spec.block, config, f"{path}.")
    if not isinstance(spec, Table) or not isinstance(config, Mapping):
        return {path: spec}
    entries = [_below(spec.item, entry, f"{path}.{name}") for name, entry in config.items()]
    return {key: value for entry in entries for key, value in entry.items()}


def _at(config: Any, key: str) -> Any:
    return config.get(key) if isinstance(config, Mapping) else None


def find_path(specs: Specs, key: str) -> str | None:
    """Return the dotted path that `key` stands for: the path itself, or an ending of one only.

    Examples
    --------
    >>> from cortex.params.lif import LIFParams
    >>> find_path(leaves(LIFParams, prefix="neuron."), "tau_m_ms")
    'neuron.tau_m_ms'
    """
    if key in specs:
        return key
    ends = [path for path in specs if path.endswith(f".{key}")]
    return ends[0] if len(ends) == 1 else None


def short_names(specs: Specs) -> dict[str, str]:
    """Return name -> dotted path; the last part of a path where no other path ends alike.

    Examples
    --------
    >>> from cortex.params.lif import LIFParams
    >>> short_names(leaves(LIFParams, prefix="neuron."))["tau_m_ms"]
    'neuron.tau_m_ms'
    """
    last = {path: path.rsplit(".", 1)[-1] for path in specs}
    ends = Counter(last.values())
    return {(last[path] if ends[last[path]] == 1 else path): path for path in specs}


def value_at(tree: Any, path: str) -> Any:
    """Return the value at a dotted path of nested config keys.

    Raises
    ------
    ConfigError
        Nothing stands there.
    """
    for key in path.split("."):
        if not isinstance(tree, Mapping) or key not in tree:
            msg = f"{path} has no value in the study; design: one_at_a_time has to start from one"
            raise ConfigError(msg)
        tree = tree[key]
    return tree


def with_value(tree: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a copy of nested config keys with one value replaced; the rest is shared."""
    key, _, rest = path.partition(".")
    return {**tree, key: with_value(tree.get(key) or {}, rest, value) if rest else value}


def normal_value(spec: Spec, value: Any) -> Any:
    """Return a config value in its one spelling: 5 as 5.0 for a quantity, 4.0 as 4 for a count."""
    if isinstance(spec, Count) and isinstance(value, float) and value.is_integer():
        value = int(value)
    return spec.render(spec.read(value))
