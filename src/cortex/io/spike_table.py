"""Spikes of a simulation as a Parquet table that carries its grid and its populations."""

from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cortex.errors import ParameterError, TableError
from cortex.io.digest import KEY, TableDigest
from cortex.io.schemas.spiking import SPIKES
from cortex.io.tables import arrow_array, read_provenance, read_table, write_table
from cortex.provenance import Provenance, canonical_json
from cortex.spikes import Spikes
from cortex.whole_files import aside_of, remove_left_overs


def write_spikes(path: Path | str, spikes: Spikes, provenance: Provenance) -> None:
    """Write spikes in time order, with step length, number of steps and populations."""
    columns = {"step": spikes.steps, "neuron": spikes.neurons}
    write_table(path, SPIKES, columns, provenance, _notes(spikes))


def _notes(spikes: Spikes) -> dict[str, Any]:
    """Return the grid, the populations and their neurons, which the rows do not tell."""
    known = {
        "start_s": spikes.start or None,
        "ids": None if spikes.ids is None else spikes.ids.tolist(),
        "positions_m": None if spikes.positions is None else spikes.positions.tolist(),
    }
    return {name: value for name, value in known.items() if value is not None} | {
        "dt_s": spikes.dt,
        "n_steps": spikes.n_steps,
        "populations": {n: int(k) for n, k in zip(spikes.names, spikes.sizes, strict=True)},
        "order": list(spikes.names),
    }


class SpikeWriter:
    """Parquet file that receives spikes chunk by chunk while a simulation runs.

    Hand it to `cortex.spiking.Recorder` as `sink`; the memory of the run then does not
    grow with its duration. The file is the one `write_spikes` makes, and appears whole or
    not at all.

    Parameters
    ----------
    path : path
        Destination; its folder is made when missing.
    provenance : Provenance
        What the spikes are made from.

    Examples
    --------
    ``with SpikeWriter(path, provenance) as sink:``
    ``    simulate(..., record=Recorder(spikes=False, sink=sink))``
    """

    def __init__(self, path: Path | str, provenance: Provenance) -> None:
        self.path, self.provenance = Path(path), provenance
        self.aside = aside_of(self.path)
        self.writer: pq.ParquetWriter | None = None
        self.digest: TableDigest | None = None

    def __enter__(self) -> Self:
        """Make the folder of the file, without what a killed writer left there."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        remove_left_overs(self.path.parent, self.path.name)
        return self

    def __call__(self, spikes: Spikes) -> None:
        """Append one chunk; the first one brings grid and populations."""
        if self.writer is None or self.digest is None:
            metadata = {
                "cortex.schema": SPIKES.name,
                **self.provenance.metadata(),
                "cortex.notes": canonical_json(_notes(spikes)),
            }
            schema = SPIKES.arrow().with_metadata(metadata)
            self.digest = TableDigest(schema)
            self.writer = pq.ParquetWriter(
                self.aside, schema, compression="zstd", write_page_checksum=True
            )
        arrays = [
            arrow_array(f"{self.path}: spikes", each, pa.int32())
            for each in (spikes.steps, spikes.neurons)
        ]
        table = pa.table(arrays, schema=self.writer.schema)
        self.writer.write_table(table)
        self.digest.add(table)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        """Close and rename the file; drop it when the run failed or wrote nothing."""
        if self.writer is None or self.digest is None:
            return
        self.writer.add_key_value_metadata({KEY: self.digest.value()})
        self.writer.close()
        try:
            if kind is None:
                self._check(self.digest.rows)
                self.aside.replace(self.path)
        finally:
            self.aside.unlink(missing_ok=True)

    def _check(self, written: int) -> None:
        rows = pq.ParquetFile(self.aside, page_checksum_verification=True).metadata.num_rows
        if rows != written:
            msg = f"{self.aside}: wrote {written} spikes, found {rows} on reading back"
            raise TableError(msg)


def read_spike_table(path: Path | str) -> Spikes:
    """Return the spikes written by `write_spikes`.

    Raises
    ------
    TableError
        The file is missing, damaged, of another schema, lacks its grid, or holds spikes
        outside of it.
    """
    table = read_table(path, SPIKES)
    notes = read_provenance(path).get("notes")
    if notes is None:
        msg = f"{path}: a spike table without grid and populations; it was not written by cortex"
        raise TableError(msg)
    try:
        return Spikes(
            steps=table["step"],
            neurons=table["neuron"],
            dt=notes["dt_s"],
            n_steps=notes["n_steps"],
            names=tuple(notes["order"]),
            sizes=np.array([notes["populations"][name] for name in notes["order"]]),
            start=notes.get("start_s", 0.0),
            ids=np.array(notes["ids"]) if "ids" in notes else None,
            positions=np.array(notes["positions_m"]) if "positions_m" in notes else None,
        )
    except ParameterError as error:
        msg = f"{path}: {error}"
        raise TableError(msg) from None
