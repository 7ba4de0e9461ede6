"""NNMT 1.3.0, run as published: the layers that it has, SI arrays in."""

import nnmt
import numpy as np

from benchmarks.layers.scene import (
    FREQUENCIES,
    IN_DEGREES,
    JUMPS,
    NEURON,
    RATE_EXT,
    TAU_S,
    measure,
    shown,
)

CELL = {
    "V_0_rel": np.full(2, NEURON["V_reset"]),
    "V_th_rel": np.full(2, NEURON["V_th"]),
    "tau_m": np.full(2, NEURON["tau_m"]),
    "tau_s": np.full(2, TAU_S),
}
REFRACTORY = {"tau_r": np.full(2, NEURON["tau_ref"])}


def main() -> None:
    """Print one line per task."""
    J, K = np.tile(JUMPS, (2, 1)), np.tile(IN_DEGREES, (2, 1)).astype(float)
    drive = {
        "J_ext": np.full((2, 1), JUMPS[0]),
        "K_ext": np.ones((2, 1)),
        "nu_ext": np.array([RATE_EXT]),
    }

    def rates() -> np.ndarray:
        nu: np.ndarray = nnmt.lif.exp._firing_rates(J=J, K=K, **CELL, **REFRACTORY, **drive)
        return nu

    nu = rates()
    mu = nnmt.lif._general._mean_input(nu, J, K, CELL["tau_m"], **drive)
    sigma = nnmt.lif._general._std_input(nu, J, K, CELL["tau_m"], **drive)
    measure("rates, shifted boundaries", lambda: shown(rates()))
    measure("CVs, white noise", lambda: shown(nnmt.lif.exp._cvs(nu, mu, sigma, **CELL)))

    def responses() -> str:
        found = nnmt.lif.exp._transfer_function(
            mu, sigma, omegas=2.0 * np.pi * FREQUENCIES, **CELL, **REFRACTORY
        )
        return shown(np.abs(np.asarray(found)[[0, -1]]), 1)

    measure("responses at 200 frequencies, shifted boundaries", responses)


if __name__ == "__main__":
    main()
