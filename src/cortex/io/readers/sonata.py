"""Spikes of SONATA files: ``/spikes/<population>/{timestamps, node_ids}``, and the old layout."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from cortex.errors import TableError
from cortex.io.readers.columns import UNIT_WORDS, compact, finite
from cortex.io.readers.events import Events, Found
from cortex.io.readers.hdf5 import dataset_of, group_of, number_of, opened, text_of
from cortex.typing import FloatArray
from cortex.units import unit as unit_called

UNSORTED: Final = {"none", "by_id", "0", "1"}  # what the file itself says of its order


def read_sonata(path: Path, unit: str | None) -> Found:
    """Return the spikes of all populations.

    Without the attribute ``units`` times are in ms, as the format has it, unless `unit` says
    otherwise. Files that say they are sorted by id or not at all are sorted.

    Raises
    ------
    TableError
        Naming file and place.

    Notes
    -----
    SONATA developer guide, "Spike file"; before version 0.1 ``/spikes/{timestamps, gids}``.
    """
    with opened(path) as file:
        spikes = group_of(path, file, "spikes")
        if spikes is None:
            msg = f"{path}: no /spikes; not a SONATA spike file (nor NWB, which has /units)"
            raise TableError(msg)
        if "timestamps" in spikes:
            groups: dict[str | None, Any] = {None: spikes}
            places = "gids" if "gids" in spikes else "node_ids"
        else:
            found = {str(name): group_of(path, spikes, name) for name in spikes}
            groups = {name: group for name, group in found.items() if group is not None}
            places = "node_ids"
        parts = [_part(path, name, group, places, unit) for name, group in groups.items()]
        parts = [replace(part, positions=_positions(path, file, part)) for part in parts]
        order = {text_of(g.attrs.get("sorting", "by_time")) for g in groups.values()}
        return Found(
            parts=tuple(parts),
            start=number_of(path, spikes, "start_s"),
            stop=number_of(path, spikes, "stop_s"),
            ordered=not order & UNSORTED,
        )


def _part(path: Path, name: str | None, group: Any, places: str, unit: str | None) -> Events:
    stamps = dataset_of(path, group, "timestamps")
    nodes = dataset_of(path, group, places, kinds="iu")
    if stamps.shape != nodes.shape:
        msg = f"{path}: {stamps.name} has {stamps.shape[0]} values, {nodes.name} {nodes.shape[0]}"
        raise TableError(msg)
    said = text_of(stamps.attrs["units"]) if "units" in stamps.attrs else (unit or "ms")
    if said not in UNIT_WORDS:
        msg = f"{path}: timestamps have units {said!r}, known are {', '.join(UNIT_WORDS)}"
        raise TableError(msg)
    if unit is not None and unit != UNIT_WORDS[said]:
        msg = f"{path}: timestamps is in {said!r}, unit = {unit!r} contradicts it; leave unit out"
        raise TableError(msg)
    times = stamps.astype(np.float64)[:]
    times *= unit_called(UNIT_WORDS[said]).scale
    n = number_of(path, group, "n_neurons")
    return Events(
        times=finite(path, stamps.name, times),
        ids=compact(nodes[:]),
        name=name,
        known=None if n is None else np.arange(int(n)),
    )


def _positions(path: Path, file: Any, part: Events) -> FloatArray | None:
    """Return the places that cortex writes beside the spikes; SONATA keeps them elsewhere."""
    place = f"cortex/positions_m/{part.name}"
    return dataset_of(path, file, place, ndim=2)[:] if place in file else None
