"""What files of recorded inputs and of synapses say, filled into the networks that name them."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from cortex.errors import ConfigError, ParameterError, TableError
from cortex.params.description.overrides import deep_merge
from cortex.params.description.projection import SynapseList
from cortex.params.description.states import block_at
from cortex.params.spike_file import RecordedSource

FILES: Final[tuple[tuple[str, str, type[RecordedSource | SynapseList]], ...]] = (
    ("drive", "recording", RecordedSource),
    ("projections", "list", SynapseList),
)
"""Where the blocks of a network name files: section, key of its entries, what it holds."""


def with_recorded(name: str, block: Mapping[str, Any]) -> dict[str, Any]:
    """Return a network with what each of its files says, in every state.

    Keys that cannot be read stay as they are: the check of the study says what is wrong.

    Raises
    ------
    ConfigError
        A file is missing or cannot be read.
    """
    own = _filled(name, block)
    filled = deep_merge(block, _nested(own))
    states = block.get("states")
    if not isinstance(states, Mapping):
        return filled if own else dict(block)
    changed: dict[str, Any] = {}
    for state, keys in states.items():
        found: dict[str, dict[str, Any]] = {}
        with suppress(ParameterError, AttributeError):
            found = _filled(name, block_at(block, state))
        new = {
            f"{place}.{key}": value
            for place, keys_of in found.items()
            if keys_of != own.get(place)
            for key, value in keys_of.items()
        }
        changed[state] = {**keys, **new} if new else keys
    return {**(filled if own else block), "states": changed}


def _filled(name: str, block: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what the file of each recorded drive and list of synapses says, by its place."""
    found: dict[str, dict[str, Any]] = {}
    for section, key, kind in FILES:
        entries = block.get(section)
        for entry, keys in entries.items() if isinstance(entries, Mapping) else ():
            if not isinstance(keys, Mapping) or not isinstance(keys.get(key), Mapping):
                continue
            place = f"{section}.{entry}.{key}"
            try:
                found[place] = _read(kind.from_config(keys[key]))
            except (TableError, ParameterError) as error:
                if isinstance(error, ParameterError) and not _is_readable(kind, keys[key]):
                    continue  # said when the study is checked
                msg = f"networks.{name}.{place}: {error}"
                raise ConfigError(msg) from None
    return found


def _is_readable(kind: type[RecordedSource | SynapseList], keys: Mapping[str, Any]) -> bool:
    with suppress(ParameterError):
        return bool(kind.from_config(keys))
    return False


def _read(source: RecordedSource | SynapseList) -> dict[str, Any]:
    """Return what a file says; readers are pulled in only here, which few networks need."""
    if isinstance(source, SynapseList):
        from cortex.io.listed import described  # noqa: PLC0415

        return described(source)
    from cortex.io.recorded import filled_in  # noqa: PLC0415

    return dict(filled_in(source))


def _nested(found: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Return keys at dotted places as nested blocks."""
    nested: dict[str, Any] = {}
    for place, keys in found.items():
        section, entry, key = place.split(".")
        nested.setdefault(section, {})[entry] = {key: keys}
    return nested
