"""Synapses of a network file that are those of a table."""

from hashlib import sha256
from pathlib import Path

import numpy as np

from cortex.connectivity.projection import Projection
from cortex.errors import ParameterError, TableError
from cortex.networks.case import NetworkCase
from cortex.params.description.projection import SynapseList
from cortex.typing import FloatArray
from cortex.units import to_si

COLUMNS = {"source", "target", "weight", "delay_ms"}


def lists_of(case: NetworkCase) -> dict[tuple[str, str], Projection]:
    """Return the synapses of every file of a network, by (target, source).

    Raises
    ------
    TableError
        A file cannot be read, names neurons that there are not, or is not the one that theory
        took the in-degree of.
    """
    network, found = case.network, {}
    for (target, source), each in case.listed.items():
        if each.digest != _digest(each):
            msg = f"{each.file}: not the synapses that were read; load the network again"
            raise TableError(msg)
        columns = _columns(each)
        a, b = (network.names.index(name) for name in (target, source))
        weights: FloatArray | None = None
        delays: FloatArray | None = None
        if "weight" in columns and each.mean_weight:
            weights = columns["weight"] * float(network.synapses.strength[a, b]) / each.mean_weight
        if "delay_ms" in columns:
            delays = columns["delay_ms"] * to_si(1.0, "ms")
        try:
            found[target, source] = Projection.from_pairs(
                columns["source"].astype(np.int64),
                columns["target"].astype(np.int64),
                n_sources=int(network.sizes[b]),
                n_targets=int(network.sizes[a]),
                weights=weights,
                delays=delays,
                same_population=a == b,
                rule={"name": "explicit", "file": each.file},
            )
        except ParameterError as error:
            msg = f"{each.file}, synapses from {source} to {target}: {error}"
            raise TableError(msg) from None
    return found


def described(each: SynapseList) -> dict[str, float | int | str]:
    """Return the config keys that a file says: number of synapses, mean weight, digest."""
    columns = _columns(each)
    n = len(columns["source"])
    weight = float(columns["weight"].mean()) if "weight" in columns and n else 1.0
    if weight == 0.0:
        msg = f"{each.file}: factors add up to zero, theory needs a mean; split them by their sign"
        raise TableError(msg)
    return {"count": n, "mean_weight": weight, "digest": _digest(each)}


def _digest(each: SynapseList) -> str:
    try:
        return sha256(Path(each.file).read_bytes()).hexdigest()
    except OSError as error:
        msg = f"{each.file}: {error.strerror or error}"
        raise TableError(msg) from None


def _columns(each: SynapseList) -> dict[str, FloatArray]:
    """Return the columns of a table of synapses; refuse others, and numbers that are none."""
    path = Path(each.file)
    try:
        if path.suffix == ".parquet":
            from pyarrow import parquet  # noqa: PLC0415  # slow to import

            table = parquet.read_table(path)
            columns = {name: table.column(name).to_numpy() for name in table.column_names}
        else:
            with path.open(encoding="utf-8") as stream:
                header = stream.readline()
                mark = "\t" if "\t" in header else ","
                values = np.loadtxt(stream, delimiter=mark, ndmin=2)
            names = [name.strip() for name in header.split(mark)]
            values = values.reshape(-1, len(names)) if values.size == 0 else values
            columns = dict(zip(names, values.T, strict=True))
    except (OSError, ValueError) as error:
        msg = f"{each.file}: {error}"
        raise TableError(msg) from None
    if not {"source", "target"} <= columns.keys() <= COLUMNS:
        msg = (
            f"{each.file} has the columns {', '.join(columns)}; needed are source and target, "
            "allowed beside them weight (a factor) and delay_ms"
        )
        raise TableError(msg)
    ids = np.concatenate([columns["source"], columns["target"]])
    if np.any(ids != np.floor(ids)):
        msg = f"{each.file}: sources and targets are whole numbers from 0 on"
        raise TableError(msg)
    return {name: np.asarray(values, dtype=np.float64) for name, values in columns.items()}
