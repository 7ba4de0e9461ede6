"""Spikes of Neo: blocks in memory, and files of any format that Neo reads (an extra)."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np

from cortex.errors import TableError
from cortex.io.readers.columns import finite
from cortex.io.readers.events import Choice, Events, Found, to_spikes
from cortex.spikes import Spikes

UNREAD: Final = {
    b"\x1f\x8b": "compressed (gzip); unpack it first",
    b"BZh": "compressed (bzip2); unpack it first",
    b"\xff\xfe": "text in UTF-16; save it as UTF-8",
    b"\xfe\xff": "text in UTF-16; save it as UTF-8",
    b"ARROW1": "an Arrow (Feather) file; save it as Parquet",
}
"""First bytes of kinds that are refused, and what to do."""


def read_neo(path: Path) -> Found:
    """Return the spikes of a file that Neo reads; one block of one segment.

    Raises
    ------
    TableError
        Neo is not installed or knows no such format, several blocks or segments.
    """
    blocks = blocks_of(path)
    trains = [segment.spiketrains for block in blocks for segment in block.segments]
    if len(trains) != 1:
        msg = f"{path}: {len(trains)} segments, each with a clock of its own; read one with neo"
        raise TableError(msg)
    return found_in_trains(path, list(trains[0]))


def blocks_of(path: Path) -> Sequence[Any]:
    """Return the blocks of a file that Neo reads.

    Raises
    ------
    TableError
        Neo is not installed or knows no such format, or the kind is none to read.
    """
    with path.open("rb") as file:
        head = file.read(8)
    for begins, what in UNREAD.items():
        if head.startswith(begins):
            msg = f"{path}: {what}"
            raise TableError(msg)
    try:
        neo = import_module("neo")
    except ImportError:
        msg = f"{path}: no kind that cortex knows; with the extra [neo] it may be: pip install neo"
        raise TableError(msg) from None
    try:
        blocks: Sequence[Any] = neo.io.get_io(str(path)).read()
    except Exception as error:  # every format of Neo fails in its own way
        msg = f"{path}: Neo cannot read it ({error})"
        raise TableError(msg) from None
    return blocks


def spikes_of_neo(trains: Sequence[Any]) -> Spikes:
    """Return the spikes of Neo spike trains, such as ``block.segments[0].spiketrains``.

    The annotation ``population`` names a neuron's population; the interval is that of the trains.

    Raises
    ------
    TableError
        See `cortex.io.spikes.read_spikes`.
    """
    return to_spikes(Path("spike trains"), found_in_trains(Path("spike trains"), trains), Choice())


def found_in_trains(path: Path, trains: Sequence[Any]) -> Found:
    """Return the spikes of Neo spike trains, one per neuron."""
    names = [train.annotations.get("population") for train in trains]
    if None in names and set(names) != {None}:
        msg = f"{path}: train {names.index(None)} has no annotation 'population', others have"
        raise TableError(msg)
    parts = []
    for name in dict.fromkeys(names):
        own = [t for t, word in zip(trains, names, strict=True) if word == name]
        times = [np.asarray(train.rescale("s").magnitude, dtype=np.float64) for train in own]
        parts.append(
            Events(
                times=finite(path, "spike trains", np.concatenate(times)),
                ids=np.repeat(np.arange(len(own), dtype=np.int32), [len(t) for t in times]),
                name=None if name is None else str(name),
                known=np.arange(len(own)),
            )
        )
    if not parts:
        msg = f"{path}: no spike trains"
        raise TableError(msg)
    return Found(
        parts=tuple(parts),
        start=min(float(train.t_start.rescale("s")) for train in trains),
        stop=max(float(train.t_stop.rescale("s")) for train in trains),
        ordered=False,
    )
