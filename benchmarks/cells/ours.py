"""cortex: the presets `coba`, `cuba` and `adex`, one thread, after their warm-up."""

from dataclasses import replace

import numpy as np

from benchmarks.cells.scene import LENGTHS_MS, WARM_UP_MS, measure, read_options
from cortex.config.presets import read_preset
from cortex.networks.case import read_case
from cortex.networks.courses import courses_of
from cortex.spiking import Inputs, draw_wiring, simulate


def run(name: str, seconds: float) -> None:
    """Simulate the warm-up, then time the rest."""
    case = read_case(name, read_preset(name), "default")
    settings = replace(case.study.simulation, warm_up=0.0, duration=WARM_UP_MS * 1e-3)
    course = courses_of(replace(case, study=replace(case.study, simulation=settings)))
    start = case.network
    wiring = draw_wiring(start, settings, seed=1, rule=case.rule)
    state = simulate(start, settings, seed=1, wiring=wiring, threads=1).state
    silent = Inputs()
    if course is not None:  # the drive that starts the activity has ended
        rates = np.zeros((1, *case.network.drive.rate.shape))
        silent = Inputs(rates=rates, rate_interval=1.0)

    def go_on() -> str:
        then = replace(settings, duration=seconds)
        found = simulate(
            start, then, seed=1, wiring=wiring, inputs=silent, state=state, threads=1
        ).spikes
        counts = np.bincount(found.neurons, minlength=int(start.sizes.sum()))
        rates = np.add.reduceat(counts, start.first[:-1]) / start.sizes / seconds
        return "rates (Hz) " + " ".join(f"{rate:.2f}" for rate in rates)

    simulate(
        start, replace(settings, duration=0.01), seed=1, wiring=wiring, inputs=silent, state=state
    )
    measure(name, go_on, seconds)


if __name__ == "__main__":
    options = read_options()
    for each, length in LENGTHS_MS.items():
        if options.only in each:
            run(each, round(length * options.short * 1e-3, 2))
