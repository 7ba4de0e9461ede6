"""cortex: start, build and simulate the networks of the scene; compare with the machine's limit."""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.spiking.limit import floor_per_step
from benchmarks.spiking.scene import (
    BRUNEL,
    DT_MS,
    PUBLISHED_RATES,
    SENK,
    SHEET,
    SIDES_MM,
    STATES,
    circuit_name,
    measure,
    read_options,
    sheet_name,
    used_cpu,
)
from cortex.config.presets import read_preset
from cortex.networks.case import read_case
from cortex.params.brunel import BrunelParams
from cortex.params.description.overrides import deep_merge
from cortex.params.microcircuit import PUBLISHED_WIRING, MicrocircuitParams
from cortex.params.network import PopulationNetwork
from cortex.params.senk import SenkParams
from cortex.params.simulation import SimulationParams
from cortex.spiking import BitRows, draw_bit_rows, draw_wiring, scale_down, simulate

GRID = SimulationParams(dt=DT_MS * 1e-3, warm_up=0.0, duration=0.1, precision="float32")


def brunel(g: float, ratio: float) -> BrunelParams:
    """Return network A at one state."""
    return BrunelParams(
        n_exc=BRUNEL["n_exc"],
        n_inh=BRUNEL["n_inh"],
        in_degree_exc=BRUNEL["k_exc"],
        in_degree_inh=BRUNEL["k_inh"],
        g=g,
        nu_ext_ratio=ratio,
    )


def sheet_network(side: float) -> PopulationNetwork:
    """Return a piece of the sheet, periodic, with its density and in-degrees."""
    sizes = {
        name: {"size": round(SHEET[f"{kind}_per_mm2"] * side**2)}
        for name, kind in (("E", "exc"), ("I", "inh"))
    }
    drive = {"wanted_rate_Hz": None, "rate_Hz": SHEET["drive_Hz"]}
    piece = {
        "populations": sizes,
        "space": {"extent_mm": [side, side]},
        "drive": {"background": drive},
    }
    return read_case("sheet", deep_merge(read_preset("sheet"), piece), "asynchronous").network


def timed_run(task: str, network: Any, wiring: Any, warm_up: float, duration: float) -> float:
    """Run the transient, then time the rest; return CPU seconds per biological second."""
    duration = max(round(duration, 4), 0.01)
    state = simulate(network, replace(GRID, duration=warm_up), seed=1, wiring=wiring).state

    def run() -> str:
        spikes = simulate(
            network, replace(GRID, duration=duration), seed=1, wiring=wiring, state=state
        ).spikes
        return "rates (Hz) " + " ".join(f"{rate:.2f}" for rate in spikes.mean_rates())

    before = used_cpu()
    measure(task, run, duration)
    return (used_cpu() - before) / duration


def measure_start(task: str, environment: Mapping[str, str]) -> None:
    """Print what a process takes that builds and runs a network of 400 neurons as bits."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    script = str(Path(__file__).with_name("start.py"))
    subprocess.run([sys.executable, script], env=dict(environment), check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"task": task, "cpu_s": cpu}), flush=True)


def measure_floor(wiring: BitRows, spikes_per_s: float, cost: float) -> None:
    """Print the floor of the asynchronous state on this machine and how near the run comes."""
    n_steps = round(1e3 / DT_MS)
    parts = floor_per_step(wiring.rows, spikes_per_s / n_steps)
    floor = n_steps * sum(parts.values())
    listed = ", ".join(f"{name} {1e6 * value:.2f}" for name, value in parts.items())
    line = {
        "task": "network A, AI, floor of this machine, per biological second",
        "cpu_s": floor,
        "result": f"{100 * floor / cost:.0f} % of the run; us per step: {listed}",
    }
    print(json.dumps(line), flush=True)


def main() -> None:
    """Print one line per task; the compiled code comes from the cache."""
    options = read_options()
    first = brunel(5.0, 2.0).network()
    chosen = {
        name: f"network A, {name}, per biological second"
        for name in STATES
        if options.only in f"network A, {name}, per biological second"
    }
    if chosen:
        measure_start("warm start: import, load or compile, one step", os.environ)
        with tempfile.TemporaryDirectory() as empty:
            environment = {**os.environ, "NUMBA_CACHE_DIR": empty}
            measure_start("cold start: import, compile, one step", environment)
        draw_bit_rows(brunel(5.0, 2.0).network(), seed=2)
        wiring: BitRows = measure("network A: build", lambda: draw_bit_rows(first, seed=1))
    for name, task in chosen.items():
        g, ratio, duration = STATES[name]
        cost = timed_run(
            task, brunel(g, ratio).network(), wiring, 0.3, 5 * duration * options.short
        )
        if name == "AI":
            measure_floor(wiring, 38.0 * 12_500, cost)
    task = "Senk ring, per biological second"
    if options.only in task:
        ring = SenkParams(
            g=SENK["g"], rate_ext_exc=SENK["rate_exc_Hz"], rate_ext_inh=SENK["rate_inh_Hz"]
        ).network()
        timed_run(task, ring, draw_wiring(ring, GRID, seed=1), 0.3, 1.0 * options.short)
    for side in SIDES_MM:
        task = sheet_name(side)
        if options.only in task:
            sheet = sheet_network(side)
            wiring = measure(f"{task}: build", partial(draw_wiring, sheet, GRID, seed=1))
            timed_run(f"{task}, per biological second", sheet, wiring, 0.2, 1.0 * options.short)
    task = circuit_name(options.scale)
    if options.only in task:
        full = replace(MicrocircuitParams(), delay_distribution="truncated_gaussian").network()
        circuit = scale_down(full, options.scale, np.array(PUBLISHED_RATES))
        wiring = measure(
            f"{task}: build", lambda: draw_wiring(circuit, GRID, seed=1, rule=PUBLISHED_WIRING)
        )
        timed_run(f"{task}, per biological second", circuit, wiring, 0.3, 1.0 * options.short)


if __name__ == "__main__":
    main()
