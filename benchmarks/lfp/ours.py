"""cortex: LFP of the demonstration scene, from spikes and from currents."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import csc_array

from benchmarks.lfp.scene import first_call, make_scene, measure, wall_clock
from cortex.lfp import (
    SynapseClass,
    SynapticCurrents,
    SynapticKernel,
    amplitude_matrix,
    cell_sources,
    currents_from_spikes,
    lfp_from_currents,
    lfp_from_spikes,
    weighted_sum_classes,
)
from cortex.spikes import Spikes
from cortex.typing import FloatArray

AMPA = SynapticKernel(tau_decay=2e-3, tau_rise=4e-4, norm="difference")
GABA = SynapticKernel(tau_decay=5e-3, tau_rise=2.5e-4, norm="difference")


def prepare(scene: dict[str, Any]) -> tuple[FloatArray, Spikes, csc_array, FloatArray]:
    """Return amplitudes (uV), spikes, weights (target x source) and times (s)."""
    amplitude = 1e6 * amplitude_matrix(
        1e-6 * scene["electrodes_um"], cell_sources(1e-6 * scene["somata_um"], soma_radius=0.0)
    )
    spikes = Spikes.at(1e-3 * scene["spike_ms"], scene["source"])
    return amplitude, spikes, csc_array(scene["weights"].T), 1e-3 * scene["t_ms"]


def from_spikes(scene: dict[str, Any]) -> Callable[[], FloatArray]:
    """Return a function that makes the LFP from spikes, weights collapsed anew each time."""
    amplitude, spikes, weights, at = prepare(scene)

    def run() -> FloatArray:
        classes = weighted_sum_classes(weights, ampa=AMPA, gaba=GABA, delay=1e-3)
        return lfp_from_spikes(amplitude, spikes, classes, at=at)

    return run


def main() -> None:
    """Print one line per task."""
    scene = make_scene()
    amplitude, spikes, weights, at = prepare(scene)
    classes = [
        SynapseClass(weights=part, kernel=kernel, delay=1e-3)
        for part, kernel in ((weights.maximum(0.0), AMPA), (weights.minimum(0.0), GABA))
    ]
    lines = [measure("spikes to LFP of 30 electrodes", from_spikes(scene), 20)]

    def all_currents() -> FloatArray:
        return np.hstack([currents_from_spikes(spikes, each, at=at) for each in classes])

    lines.append(measure("spikes to currents of 800 cells", all_currents, 5))
    ampa, gaba = (currents_from_spikes(spikes, each, at=at) for each in classes)
    currents = SynapticCurrents(time=at, ampa=ampa, gaba=gaba)

    def from_currents() -> FloatArray:
        return lfp_from_currents(amplitude, currents, boundary="zero")

    def on_threads() -> FloatArray:
        return lfp_from_currents(amplitude, currents, boundary="zero", threads=2)

    task = "currents to LFP of 30 electrodes"
    again = measure(task, from_currents, 10)
    lines += [first_call(again), again, wall_clock(measure(task, on_threads, 20))]
    single = SynapticCurrents(time=at, ampa=ampa.astype(np.float32), gaba=gaba.astype(np.float32))

    def from_float32() -> FloatArray:
        return lfp_from_currents(amplitude, single, boundary="zero", precision="float32")

    lines.append(measure("float32 currents to LFP of 30 electrodes", from_float32, 10))
    for neurons, duration in ((10, 1), (1, 10), (10, 10)):
        task = f"spikes to LFP, {neurons} x the cells, {duration} x the time"
        lines.append(measure(task, from_spikes(make_scene(neurons, duration)), 3))
    for line in lines:
        print(json.dumps(line))


if __name__ == "__main__":
    main()
