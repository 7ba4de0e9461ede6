"""What the explorer shows of a ring of Izhikevich cells: every membrane potential over time."""

from typing import Final

import numpy as np

from cortex.plots.potentials import HIGHEST
from cortex.report.explorer import Axis, Detail, Explorer, Observable, Series, finite
from cortex.steps.select import Table, groups, rows
from cortex.typing import FloatArray

COLUMNS: Final = 200  # of the plane; traces keep all samples


def izhikevich_payload(potentials: Table, rasters: Table, case: str = "ring_100_20") -> Explorer:
    """Return the page of one published network.

    Parameters
    ----------
    potentials, rasters : tables `izhikevich_potentials` and `izhikevich_rasters`, SI columns.
    case : str, optional
        The network.
    """
    mine = rows(potentials, case=case)
    spikes = rows(rasters, case=case, scheme="standard")
    time, neurons = np.unique(mine["time"]), np.unique(mine["neuron"])
    every = np.arange(0, time.size, -(-time.size // COLUMNS))
    shape = (time.size, neurons.size)  # rows of one time stand together
    v, u = mine["v"].reshape(shape) * 1e3, mine["u"].reshape(shape) * 1e12
    drawn = (
        ("v", "membrane potential", "mV", np.minimum(v, HIGHEST * 1e3)),
        ("u", "recovery current", "pA", u),
    )
    ms = [finite(float(t) * 1e3, 4) for t in time]
    return Explorer(
        title="Membrane potentials of a ring",
        intro=(
            "Every row is a cell of the largest published ring, every column a time; colours end "
            "below the spikes. Click a cell or move with the arrow keys: beside it, its "
            "membrane potential over the whole run."
        ),
        x=Axis(label="time (ms)", values=[round(float(t) * 1e3) for t in time[every]]),
        y=Axis(label="cell, excitatory ones first", values=[float(n) for n in neurons]),
        observables=[
            Observable(key=key, label=label, unit=unit, log=False, values=_cells(values[every]))
            for key, label, unit, values in drawn
        ],
        lines=[],
        details=[
            _detail(cell, rows(spikes, neuron=neuron), [t for t in ms if t is not None])
            for neuron, cell in groups(mine, "neuron")
        ],
        series_label=("time (ms)", "membrane potential (mV)"),
        series_log=False,
    )


def _cells(values: FloatArray) -> list[float | None]:
    """Return values of shape (times, cells) numbered time fastest."""
    return [finite(float(value), 3) for value in values.T.ravel()]


def _detail(cell: Table, spikes: Table, time: list[float]) -> Detail:
    v = [finite(float(value) * 1e3, 3) for value in cell["v"]]
    kind = "regular-spiking, excitatory" if cell["excitatory"][0] else "fast-spiking, inhibitory"
    first = f"{1e3 * np.min(spikes['time']):.1f} ms" if len(spikes["time"]) else "none"
    return Detail(
        numbers=[
            ("cell", f"{cell['neuron'][0]}"),
            ("kind", kind),
            ("spikes", f"{len(spikes['time'])}"),
            ("first spike", first),
            ("lowest potential", f"{1e3 * np.min(cell['v']):.1f} mV"),
            ("mean potential", f"{1e3 * np.mean(cell['v']):.1f} mV"),
        ],
        series=[Series(label="simulation", theory=False, x=time, y=v)],
        raster=None,
    )
