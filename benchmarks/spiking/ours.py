"""cortex: build and simulate the networks of the scene."""

from dataclasses import replace
from typing import Any

import numpy as np
from scene import BRUNEL, DT_MS, PUBLISHED_RATES, SCALE, SENK, STATES, measure

from cortex.params.brunel import BrunelParams
from cortex.params.lif import LIFParams
from cortex.params.microcircuit import MicrocircuitParams
from cortex.params.senk import SenkParams
from cortex.params.simulation import SimulationParams
from cortex.spiking import BitRows, draw_bit_rows, draw_wiring, scale_down, simulate

GRID = SimulationParams(dt=DT_MS * 1e-3, warm_up=0.0, duration=0.1, precision="float32")


def brunel(g: float, ratio: float) -> BrunelParams:
    """Return network A at one state."""
    return BrunelParams(
        neuron=LIFParams(tau_m=20e-3, tau_ref=2e-3, V_th=20e-3, V_reset=10e-3),
        n_exc=BRUNEL["n_exc"],
        n_inh=BRUNEL["n_inh"],
        in_degree_exc=BRUNEL["k_exc"],
        in_degree_inh=BRUNEL["k_inh"],
        J=1e-4,
        g=g,
        nu_ext_ratio=ratio,
        delay=1.5e-3,
        multapses=False,
    )


def timed_run(task: str, network: Any, wiring: Any, warm_up: float, duration: float) -> None:
    """Run the transient, then time the rest."""
    state = simulate(network, replace(GRID, duration=warm_up), seed=1, wiring=wiring).state

    def run() -> str:
        spikes = simulate(
            network, replace(GRID, duration=duration), seed=1, wiring=wiring, state=state
        ).spikes
        return "rates (Hz) " + " ".join(f"{rate:.2f}" for rate in spikes.mean_rates())

    measure(task, run, duration)


def main() -> None:
    """Print one line per task; the compiled code comes from the cache."""
    first = brunel(5.0, 2.0).network()
    draw_bit_rows(brunel(5.0, 2.0).network(), seed=2)
    wiring: BitRows = measure("network A: build", lambda: draw_bit_rows(first, seed=1))
    for name, (g, ratio, duration) in STATES.items():
        task = f"network A, {name}, per biological second"
        timed_run(task, brunel(g, ratio).network(), wiring, 0.3, 5 * duration)
    ring = SenkParams(
        g=SENK["g"], rate_ext_exc=SENK["rate_exc_Hz"], rate_ext_inh=SENK["rate_inh_Hz"]
    ).network()
    timed_run("Senk ring, per biological second", ring, draw_wiring(ring, GRID, seed=1), 0.3, 1.0)
    full = replace(MicrocircuitParams(), delay_distribution="truncated_gaussian").network()
    tenth = scale_down(full, SCALE, np.array(PUBLISHED_RATES))
    wiring = draw_wiring(tenth, GRID, seed=1, multapses=True)
    timed_run("a tenth of the microcircuit, per biological second", tenth, wiring, 0.3, 1.0)


if __name__ == "__main__":
    main()
