"""What the files of recorded inputs say, filled into the networks that they drive."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from cortex.errors import ConfigError, ParameterError, TableError
from cortex.params.description.overrides import deep_merge
from cortex.params.description.states import block_at
from cortex.params.spike_file import RecordedSource


def with_recorded(name: str, block: Mapping[str, Any]) -> dict[str, Any]:
    """Return a network with mean rate and digest of each file that drives it, in every state.

    Keys that cannot be read stay as they are: the check of the study says what is wrong.

    Raises
    ------
    ConfigError
        A file is missing or cannot be read.
    """
    own = _filled(name, block)
    filled = deep_merge(block, {"drive": {key: {"recording": own[key]} for key in own}})
    states = block.get("states")
    if not isinstance(states, Mapping):
        return filled if own else dict(block)
    changed: dict[str, Any] = {}
    for state, keys in states.items():
        found: dict[str, dict[str, Any]] = {}
        with suppress(ParameterError, AttributeError):
            found = _filled(name, block_at(block, state))
        new = {
            f"drive.{drive}.recording.{key}": value
            for drive, keys_of in found.items()
            if keys_of != own.get(drive)
            for key, value in keys_of.items()
        }
        changed[state] = {**keys, **new} if new else keys
    return {**(filled if own else block), "states": changed}


def _filled(name: str, block: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what the file of each recorded drive says."""
    drives = block.get("drive")
    found: dict[str, dict[str, Any]] = {}
    for drive, keys in drives.items() if isinstance(drives, Mapping) else ():
        if not isinstance(keys, Mapping) or not isinstance(keys.get("recording"), Mapping):
            continue
        try:
            source = RecordedSource.from_config(keys["recording"])
        except ParameterError:  # said when the study is checked
            continue
        # pulls in the readers of files, which few networks need
        from cortex.io.recorded import filled_in  # noqa: PLC0415

        try:
            found[drive] = filled_in(source)
        except (TableError, ParameterError) as error:
            msg = f"networks.{name}.drive.{drive}.recording: {error}"
            raise ConfigError(msg) from None
    return found
