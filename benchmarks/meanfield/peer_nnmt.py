"""NNMT 1.3.0, run as published: the same tasks through its plain functions, SI arrays in."""

import json
import time
from typing import Any

START = time.process_time()

import nnmt  # noqa: E402
import numpy as np  # noqa: E402

from benchmarks.meanfield.scene import (  # noqa: E402
    CIRCUIT_NEURON,
    FIT_FREQUENCIES,
    FREQUENCIES,
    INPUTS,
    JUMP,
    K_EXT,
    RING_NEURON,
    circuit,
    measure,
    ring,
)

IMPORT_CPU = time.process_time() - START


def neuron(of: dict[str, Any], n: int) -> dict[str, Any]:
    """Return the neuron arguments by the peer's names, one entry per population."""
    names = {"tau_m": "tau_m", "tau_r": "tau_ref", "V_th_rel": "V_th", "V_0_rel": "V_reset"}
    return {theirs: np.full(n, of[ours]) for theirs, ours in names.items()} | {
        "tau_s": np.full(n, of["tau_s"])
    }


def main() -> None:
    """Print one line per task."""
    print(json.dumps({"task": "cold import", "cpu_s": IMPORT_CPU, "result": None}))
    J, K = circuit()
    cell = neuron(CIRCUIT_NEURON, 8)
    tau_m = cell["tau_m"]
    drive = {"J_ext": np.full((8, 1), JUMP), "K_ext": K_EXT[:, None], "nu_ext": np.array([8.0])}
    lines, points = [], {}
    for method in ("shift", "taylor"):

        def rates(method: str = method) -> np.ndarray:
            nu: np.ndarray = nnmt.lif.exp._firing_rates(J=J, K=K, **cell, **drive, method=method)
            return nu

        lines.append(measure(f"working point of the microcircuit, {method}", rates, 3))
        nu = rates()
        mu = nnmt.lif._general._mean_input(nu, J, K, tau_m, **drive)
        points[method] = nu, mu, nnmt.lif._general._std_input(nu, J, K, tau_m, **drive)
    boundaries = {name: cell[name] for name in ("V_0_rel", "V_th_rel", "tau_m", "tau_s")}
    lines.append(
        measure(
            "CVs of the microcircuit",
            lambda: nnmt.lif.exp._cvs(*points["shift"], **boundaries),
            2,
        )
    )

    def transfer(omegas: np.ndarray, method: str) -> np.ndarray:
        _, mu, sigma = points[method]
        found: np.ndarray = nnmt.lif.exp._transfer_function(
            mu, sigma, omegas=omegas, **cell, method=method
        )
        return found

    omegas = 2.0 * np.pi * FREQUENCIES
    lines.append(
        measure(
            "transfer function of the microcircuit, 1000 frequencies, shift",
            lambda: transfer(omegas, "shift"),
            cold=False,
        )
    )
    lines.append(
        measure(
            "transfer function of the microcircuit, 100 frequencies, taylor",
            lambda: transfer(omegas[::10], "taylor"),
            cold=False,
        )
    )
    lines.append(measure("rate-model mapping of Senk figure 5, 16 inputs", mapping, cold=False))
    for line in lines:
        print(json.dumps(line))


def mapping() -> np.ndarray:
    """Return the fitted time constants over the grid of inputs, s."""
    J, K = ring()
    cell = neuron(RING_NEURON, 2)
    drive = {"J_ext": J, "K_ext": np.ones((2, 2))}
    omegas, taus = 2.0 * np.pi * FIT_FREQUENCIES, []
    for mu in INPUTS:
        for sigma in INPUTS:
            nu_ext = nnmt.lif.exp._external_rates_for_fixed_input(
                np.full(2, mu), np.full(2, sigma), J, K, **cell, **drive
            )
            nu = nnmt.lif.exp._firing_rates(J=J, K=K, **cell, **drive, nu_ext=nu_ext)
            means = nnmt.lif._general._mean_input(nu, J, K, cell["tau_m"], **drive, nu_ext=nu_ext)
            stds = nnmt.lif._general._std_input(nu, J, K, cell["tau_m"], **drive, nu_ext=nu_ext)
            H = nnmt.lif.exp._transfer_function(means, stds, omegas=omegas, **cell)
            fit = nnmt.lif.exp._fit_transfer_function(H, omegas, cell["tau_m"], J, K)
            taus.append(fit[1][0])
    return np.array(taus)


if __name__ == "__main__":
    main()
