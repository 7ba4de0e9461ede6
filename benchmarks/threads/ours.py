"""cortex: one network on one and on more threads, beside as many one-thread copies side by side.

Wall time, so on a quiet machine only. The shares that threads reach are printed with the times:
the speed-up, and what of the throughput of copies that run side by side is kept.
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from benchmarks.spiking.scene import BRUNEL, PUBLISHED_RATES, SENK
from cortex.params.brunel import BrunelParams
from cortex.params.microcircuit import PUBLISHED_WIRING, MicrocircuitParams
from cortex.params.network import PopulationNetwork
from cortex.params.senk import SenkParams
from cortex.params.simulation import SimulationParams
from cortex.spiking import draw_wiring, scale_down, simulate
from cortex.spiking.wiring import Wiring

LONG = 1.0  # s on one thread, from which on a task is measured in
SERIES, SHORT_SERIES = 3, 9  # rounds, otherwise in
GRID = SimulationParams(dt=1e-4, warm_up=0.0, duration=0.1, precision="float32")


def wall(work: Callable[[int], Any], copies: int = 1) -> tuple[float, float]:
    """Return wall and CPU seconds of some copies of the work, side by side."""
    clock, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(copies) as pool:
        list(pool.map(work, range(copies)))
    return time.perf_counter() - clock, time.process_time() - cpu


def drawn(network: PopulationNetwork, threads: int) -> Wiring:
    """Return a wiring that some threads draw."""
    return draw_wiring(network, GRID, seed=1, threads=threads)


def compare(task: str, work: Callable[[int], Any], threads: int, per: float = 1.0) -> None:
    """Print the times on one thread, on more, and of copies, in turn; `work` takes the threads."""
    work(1)
    work(threads)
    runs: list[tuple[tuple[float, float], ...]] = []
    while len(runs) < (SERIES if not runs or runs[0][0][0] > LONG else SHORT_SERIES):
        one, more = wall(lambda _: work(1)), wall(lambda _: work(threads))
        runs.append((one, more, wall(lambda _: work(1), threads)))
    times = np.array(runs)
    alone, shared, beside = times[:, :, 0].T
    share = 100.0 * beside / threads / shared
    gained = (
        f"speed-up {np.median(alone / shared):.2f}, of {threads} copies side by side "
        f"{np.median(threads * alone / beside):.2f}: {np.median(share):.0f}% of theirs "
        f"({share.min():.0f}-{share.max():.0f}%)"
    )
    (alone_cpu, shared_cpu) = np.median(times[:, :2, 1], axis=0)
    lines = {
        f"{task}, 1 thread": (np.median(alone), alone_cpu, None),
        f"{task}, {threads} threads": (np.median(shared), shared_cpu, gained),
    }
    for name, (seconds, cpu, result) in lines.items():
        line = {"task": name, "cpu_s": cpu / per, "wall_s": seconds / per, "result": result}
        print(json.dumps(line), flush=True)


def timed(task: str, network: Any, wiring: Any, duration: float, threads: int) -> None:
    """Compare runs of some biological time after a transient."""
    state = simulate(network, GRID, seed=1, wiring=wiring, threads=threads).state
    settings = replace(GRID, duration=duration)

    def work(n: int) -> None:
        simulate(network, settings, seed=1, wiring=wiring, state=state, threads=n)

    compare(f"{task}, per biological second", work, threads, duration)


def main() -> None:
    """Print two lines per task."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the microcircuit")
    asked = parser.parse_args()
    threads = asked.threads
    state_c = BrunelParams(
        n_exc=BRUNEL["n_exc"],
        n_inh=BRUNEL["n_inh"],
        in_degree_exc=BRUNEL["k_exc"],
        in_degree_inh=BRUNEL["k_inh"],
        g=5.0,
        nu_ext_ratio=2.0,
    ).network()
    ring = SenkParams(
        g=SENK["g"], rate_ext_exc=SENK["rate_exc_Hz"], rate_ext_inh=SENK["rate_inh_Hz"]
    ).network()
    for task, network in {"network A, AI": state_c, "Senk ring": ring}.items():
        compare(
            f"{task}: build",
            partial(drawn, network),
            threads,
        )
        timed(task, network, draw_wiring(network, GRID, seed=1), 10.0, threads)
    full = replace(MicrocircuitParams(), delay_distribution="truncated_gaussian").network()
    circuit = scale_down(full, asked.scale, np.array(PUBLISHED_RATES))
    draw = partial(draw_wiring, circuit, GRID, seed=1, rule=PUBLISHED_WIRING)
    task = f"microcircuit, {asked.scale:g} of its neurons and synapses"
    compare(f"{task}: build", lambda n: draw(threads=n), threads)
    timed(task, circuit, draw(), 2.0, threads)


if __name__ == "__main__":
    main()
