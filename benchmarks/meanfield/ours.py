"""cortex: working point, CV, transfer function and rate-model fit."""

import json
import time
from typing import Any

START = time.process_time()

import numpy as np  # noqa: E402

from benchmarks.meanfield.scene import (  # noqa: E402
    CIRCUIT_NEURON,
    FIT_FREQUENCIES,
    FREQUENCIES,
    INPUTS,
    JUMP,
    K_EXT,
    RING_NEURON,
    SIZES,
    circuit,
    measure,
    ring,
)
from cortex.meanfield.response.mapping import fit_rate_model  # noqa: E402
from cortex.meanfield.response.transfer import population_transfer  # noqa: E402
from cortex.meanfield.stationary.cv import population_cv  # noqa: E402
from cortex.meanfield.stationary.external_drive import hold_input  # noqa: E402
from cortex.meanfield.stationary.packed import Method  # noqa: E402
from cortex.meanfield.stationary.working_point import solve_working_point  # noqa: E402
from cortex.params.drive import Drive  # noqa: E402
from cortex.params.lif import LIFNeurons  # noqa: E402
from cortex.params.network import PopulationNetwork  # noqa: E402
from cortex.params.synapses import Synapses  # noqa: E402

IMPORT_CPU = time.process_time() - START


def network(
    J: np.ndarray, K: np.ndarray, neuron: dict[str, Any], J_ext: np.ndarray, rate_ext: np.ndarray
) -> PopulationNetwork:
    """Return the normal form of the scene's arrays."""
    n = len(J)
    cell = dict(neuron)
    tau_s = cell.pop("tau_s")
    return PopulationNetwork(
        names=tuple(f"p{i}" for i in range(n)),
        sizes=np.array(SIZES[:n]),
        neurons=LIFNeurons(**cell),
        synapses=Synapses(in_degrees=K, J=J, tau_s=tau_s, delay=1e-3),
        drive=Drive(rate=rate_ext, J=J_ext, tau_s=tau_s),
    )


def main() -> None:
    """Print one line per task."""
    print(json.dumps({"task": "cold import", "cpu_s": IMPORT_CPU, "result": None}))
    J, K = circuit()
    model = network(J, K, CIRCUIT_NEURON, np.full((8, 1), JUMP), 8.0 * K_EXT[:, None])
    lines = []
    methods: tuple[Method, ...] = ("shift", "taylor")
    for method in methods:

        def rates(method: Method = method) -> np.ndarray:
            return solve_working_point(model, method=method).nu

        lines.append(measure(f"working point of the microcircuit, {method}", rates, 200))
    point = solve_working_point(model)
    first = solve_working_point(model, method="taylor")
    lines.append(measure("CVs of the microcircuit", lambda: population_cv(model, point), 200))
    lines.append(
        measure(
            "transfer function of the microcircuit, 1000 frequencies, shift",
            lambda: population_transfer(model, point, FREQUENCIES, synaptic_filter=True),
            20,
        )
    )
    lines.append(
        measure(
            "transfer function of the microcircuit, 100 frequencies, taylor",
            lambda: population_transfer(model, first, FREQUENCIES[::10], synaptic_filter=True),
            100,
        )
    )
    J, K = ring()
    waves = network(J, K, RING_NEURON, J, np.zeros((2, 2)))

    def time_constant(mu: float, sigma: float) -> float:
        held = hold_input(waves, mu, sigma)
        return float(fit_rate_model(held.network, held.point, FIT_FREQUENCIES).fit.tau[0])

    def mapping() -> np.ndarray:
        return np.array([time_constant(mu, sigma) for mu in INPUTS for sigma in INPUTS])

    lines.append(measure("rate-model mapping of Senk figure 5, 16 inputs", mapping, 5))
    for line in lines:
        print(json.dumps(line))


if __name__ == "__main__":
    main()
