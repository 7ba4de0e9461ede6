"""Samples of potentials, conductances and currents of a run of an Izhikevich network."""

from collections.abc import Sequence

import numpy as np

from cortex.params.izhikevich import RECEPTORS
from cortex.spiking.izhikevich.layout import CURRENTS, N_ROWS, G, Record
from cortex.spiking.izhikevich.network import IzhikevichNetwork
from cortex.spiking.requests import Recorder, Request, in_steps
from cortex.typing import AnyArray
from cortex.units import array_from_si

NEVER = 1 << 62


def room_for(network: IzhikevichNetwork, request: Request) -> Record:
    """Return room for what a recording keeps of a run: single neurons, and means of populations."""
    asked, dt = request.record, request.settings.dt
    every = int(in_steps("Recorder.trace_dt", asked.trace_dt or dt, dt, least=1)[0])
    n_steps = int(in_steps("duration", request.settings.duration, dt)[0])
    n_samples = -(-n_steps // every) if asked.has_traces else 0
    n_rows = G if asked.currents == "none" else N_ROWS
    neurons = np.unique(np.array([*asked.voltages, *asked.current_neurons], dtype=np.int64))
    n_means = n_samples if asked.currents == "population" else 0
    return Record(
        first=NEVER,
        every=every,
        neurons=neurons,
        traces=np.zeros((n_samples, n_rows, neurons.size)),
        populations=network.first,
        means=np.zeros((n_means, n_rows, network.n_pops)),
        E_mV=array_from_si(np.array(network.receptors.E), "mV"),
        opens_again=network.scheme == "reference",
    )


def named(samples: Record, asked: Recorder) -> dict[str, AnyArray]:
    """Return the traces by name, as `cortex.spiking.Recorder` says."""
    traces: dict[str, AnyArray] = {}
    if len(asked.voltages):
        shown = _picked(samples, asked.voltages)
        traces = {"V": shown[:, 0], "w": shown[:, 1]}
    if asked.currents == "none":
        return traces
    of_all = asked.currents == "population"
    rows = samples.means if of_all else _picked(samples, asked.current_neurons)
    traces |= {f"g_{name}": rows[:, G + r] for r, name in enumerate(RECEPTORS)}
    for r, sign in enumerate(("exc", "inh")):
        traces[sign] = rows[:, CURRENTS + r]
        traces[f"g_{sign}"] = rows[:, G + 2 * r] + rows[:, G + 2 * r + 1]
    return traces | ({"mean_V": rows[:, 0], "mean_w": rows[:, 1]} if of_all else {})


def _picked(samples: Record, neurons: Sequence[int]) -> AnyArray:
    """Return the samples of some neurons; of all of them as a view."""
    at = np.searchsorted(samples.neurons, np.asarray(neurons, dtype=np.int64))
    whole = np.array_equal(at, np.arange(samples.neurons.size))
    return samples.traces if whole else samples.traces[:, :, at]
