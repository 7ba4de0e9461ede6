"""Spikes of a simulation as a Parquet table that carries its grid and its populations."""

from pathlib import Path

import numpy as np

from cortex.errors import TableError
from cortex.io.schemas.spiking import SPIKES
from cortex.io.tables import read_provenance, read_table, write_table
from cortex.provenance import Provenance
from cortex.spiking.spikes import Spikes


def write_spikes(path: Path | str, spikes: Spikes, provenance: Provenance) -> None:
    """Write spikes in time order, with step length, number of steps and populations."""
    notes = {
        "dt_s": spikes.dt,
        "n_steps": spikes.n_steps,
        "populations": {n: int(k) for n, k in zip(spikes.names, spikes.sizes, strict=True)},
        "order": list(spikes.names),
    }
    columns = {"step": spikes.steps, "neuron": spikes.neurons}
    write_table(path, SPIKES, columns, provenance, notes)


def read_spikes(path: Path | str) -> Spikes:
    """Return the spikes written by `write_spikes`.

    Raises
    ------
    TableError
        The file is missing, damaged, of another schema, or lacks its grid.
    """
    table = read_table(path, SPIKES)
    notes = read_provenance(path).get("notes")
    if notes is None:
        msg = f"{path}: a spike table without grid and populations; it was not written by cortex"
        raise TableError(msg)
    return Spikes(
        steps=table["step"],
        neurons=table["neuron"],
        dt=notes["dt_s"],
        n_steps=notes["n_steps"],
        names=tuple(notes["order"]),
        sizes=np.array([notes["populations"][name] for name in notes["order"]]),
    )
