"""Samples of potentials, conductances and currents of a run of an Izhikevich network."""

from collections.abc import Sequence

import numpy as np

from cortex.params.izhikevich import RECEPTORS
from cortex.spiking.izhikevich.currents import receptor_currents
from cortex.spiking.izhikevich.layout import Record
from cortex.spiking.izhikevich.network import IzhikevichNetwork
from cortex.spiking.izhikevich.packing import VARIABLE_UNITS
from cortex.spiking.requests import Request, in_steps
from cortex.typing import AnyArray, FloatArray
from cortex.units import unit

AT_ONCE = 1 << 22  # numbers of all neurons held before they are averaged
EXCITATORY = ("ampa", "nmda")


class Samples:
    """What a recording keeps: single neurons sample by sample, populations as their means.

    `room` makes place for the samples of the next steps, `keep` takes those that were stored.
    """

    def __init__(self, network: IzhikevichNetwork, request: Request) -> None:
        record, dt = request.record, request.settings.dt
        self.network, self.record = network, record
        self.of_all = record.currents == "population"
        own = np.array([*record.voltages, *record.current_neurons], dtype=np.int64)
        self.neurons = np.arange(network.n_neurons) if self.of_all else np.unique(own)
        self.rows = np.arange(2 if record.currents == "none" else len(VARIABLE_UNITS))
        self.scales = np.array([unit(VARIABLE_UNITS[row]).scale for row in self.rows])
        self.every = int(in_steps("Recorder.trace_dt", record.trace_dt or dt, dt, least=1)[0])
        n_steps = int(in_steps("duration", request.settings.duration, dt)[0])
        n_samples = -(-n_steps // self.every) if record.has_traces and not self.of_all else 0
        self.whole = np.empty((n_samples, self.rows.size, self.neurons.size))
        self.pieces: list[dict[str, FloatArray]] = []
        self.origin = -1
        self.n_kept = 0

    def start(self, step: int) -> None:
        """Take the end of `step` as the first sample."""
        self.origin = step if self.record.has_traces else -1

    def room(self, stop: int) -> tuple[Record, int]:
        """Return where to store the samples of the steps before `stop`, and where to stop."""
        if self.origin < 0:
            none = np.empty((0, self.rows.size, self.neurons.size))
            return Record(0, 1, self.neurons, self.rows, self.scales, none), stop
        first = self.origin + self.n_kept * self.every
        trace = self.whole[self.n_kept :]
        if self.of_all:
            most = max(AT_ONCE // (self.rows.size * self.neurons.size), 1)
            stop = min(stop, first + (most - 1) * self.every + 1)
            n_samples = max(-(-(stop - first) // self.every), 0)
            trace = np.empty((n_samples, self.rows.size, self.neurons.size))
        return Record(first, self.every, self.neurons, self.rows, self.scales, trace), stop

    def keep(self, record: Record, step: int) -> None:
        """Keep what was stored before `step`; of populations their means."""
        if self.origin < 0:
            return
        n_new = max(-(-(step - record.first) // self.every), 0)
        self.n_kept += n_new
        if self.of_all:
            self.pieces.append(self._named(record.trace[:n_new]))

    def traces(self) -> dict[str, AnyArray]:
        """Return the traces by name, as `cortex.spiking.Recorder` says."""
        if self.origin < 0:
            return {}
        if not self.of_all:
            return self._named(self.whole[: self.n_kept])
        names = self.pieces[0] if self.pieces else {}
        return {name: np.concatenate([piece[name] for piece in self.pieces]) for name in names}

    def _named(self, sample: FloatArray) -> dict[str, FloatArray]:
        """Return samples (n_times, n_rows, n_neurons) as traces by name."""
        record = self.record
        traces: dict[str, FloatArray] = {}
        if len(record.voltages):
            shown = self._columns(record.voltages)
            traces = {"V": sample[:, 0, shown], "w": sample[:, 1, shown]}
        if record.currents == "none":
            return traces
        if not self.of_all:
            sample = sample[:, :, self._columns(record.current_neurons)]
        V, g = sample[:, 0], dict(zip(RECEPTORS, np.moveaxis(sample[:, 2:], 1, 0), strict=True))
        outward = receptor_currents(V, g, self.network.receptors, self.network.scheme)
        values = {name: -outward[name] for name in RECEPTORS}
        values |= {f"g_{name}": g[name] for name in RECEPTORS}
        inhibitory = [name for name in RECEPTORS if name not in EXCITATORY]
        for sign, names in (("exc", EXCITATORY), ("inh", inhibitory)):
            for kind in ("", "g_"):
                values[f"{kind}{sign}"] = values[kind + names[0]] + values[kind + names[1]]
        if self.of_all:
            values |= {"mean_V": V, "mean_w": sample[:, 1]}
            values = {name: self._mean(each) for name, each in values.items()}
        return traces | values

    def _columns(self, neurons: Sequence[int]) -> AnyArray | slice:
        """Return where neurons stand in the samples; all of them as a view."""
        at = np.searchsorted(self.neurons, np.asarray(neurons, dtype=np.int64))
        return slice(None) if np.array_equal(at, np.arange(self.neurons.size)) else at

    def _mean(self, values: FloatArray) -> FloatArray:
        """Return means over each population, shape (n_times, n_pops)."""
        sums = np.add.reduceat(values, self.network.first[:-1], axis=1)
        means: FloatArray = sums / self.network.sizes
        return means
