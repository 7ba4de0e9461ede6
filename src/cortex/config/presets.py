"""Configurations read as blocks of keys, with presets laid beneath their networks."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from cortex.config.loader import read_yaml
from cortex.config.recorded import with_recorded
from cortex.errors import ConfigError, shown
from cortex.installation import workflow_root
from cortex.params.description.overrides import deep_merge

PRESET: Final = "preset"
FORMS: Final = frozenset({"populations", "model", PRESET})
"""Keys at the top of a file that tell that it holds one network."""
BESIDE: Final = frozenset({"seed", "sweeps", "recordings"})
"""Keys of the study in such a file; all others are those of the network."""


def preset_folder() -> Path:
    """Return the folder of the network files that cortex brings."""
    return workflow_root() / "config" / "networks"


def preset_names() -> list[str]:
    """Return the networks that cortex brings as files."""
    return sorted(path.stem for path in preset_folder().glob("*.yaml"))


def read_preset(name: str) -> dict[str, Any]:
    """Return the block of keys of a network that cortex brings.

    Raises
    ------
    ConfigError
        There is no such file; the message lists those there are.
    """
    if name not in preset_names():
        msg = f"no preset {name!r}; there are {', '.join(preset_names())}"
        raise ConfigError(msg)
    return read_yaml(preset_folder() / f"{name}.yaml")


def with_presets(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration in which each `preset: name` of a network is replaced by that file.

    The network's own keys are laid over it, block by block; an empty key drops what the preset
    has there. Drives that are recordings get what their files say, see `with_recorded`.

    Raises
    ------
    ConfigError
        A preset does not exist, or a recording cannot be read.
    """
    networks = config.get("networks")
    if not isinstance(networks, Mapping):
        return dict(config)
    filled: dict[str, Any] = {}
    for name, block in networks.items():
        filled[name] = block
        if isinstance(block, Mapping) and PRESET in block:
            if block[PRESET] not in preset_names():
                there = ", ".join(preset_names())
                said = f"networks.{name}.{PRESET} = {shown(block[PRESET])}"
                msg = f"{said}: no such preset; there are {there}"
                raise ConfigError(msg)
            own = {key: value for key, value in block.items() if key != PRESET}
            filled[name] = deep_merge(read_preset(block[PRESET]), own)
        if isinstance(block, Mapping):
            filled[name] = with_recorded(str(name), filled[name])
    return {**config, "networks": filled}


def complete(config: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a configuration with `networks:`, presets filled in.

    A file may hold the keys of one network beside `seed`, `sweeps` and `recordings`, without
    `networks:`; the network bears the name of the file.

    Parameters
    ----------
    config : mapping
        Config keys.
    name : str
        Name of the file, without its ending.
    """
    if "networks" not in config and not config.keys().isdisjoint(FORMS):
        study = {key: value for key, value in config.items() if key in BESIDE}
        own = {key: value for key, value in config.items() if key not in BESIDE}
        config = {**study, "networks": {name: own}}
    return with_presets(config)


def read_config(paths: Sequence[Path]) -> dict[str, Any]:
    """Return configuration files laid over each other, block by block, and completed."""
    config: dict[str, Any] = {}
    for path in paths:
        config = deep_merge(config, read_yaml(path))
    return complete(config, paths[0].stem)
