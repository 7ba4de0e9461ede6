"""Figure 6 of Senk et al. (2020), g = 5, end to end with the plain functions of NNMT.

The functions are called without the result cache of the package, which answers wrongly for
complex frequencies that differ in the tenth digit; the derivative along the blend takes a step
of 1e-2 1/s instead of the 1e-10 of the published example.
"""

import time
from typing import Any

START = time.process_time(), time.perf_counter()

import numpy as np  # noqa: E402
from nnmt.lif import exp as lif  # noqa: E402
from nnmt.linear_stability import (  # noqa: E402
    _solve_chareq_lambertw_constant_delay as solve_lambertw,
)
from nnmt.spatial import _ft_spatial_profile_boxcar as boxcar  # noqa: E402
from scipy.integrate import odeint  # noqa: E402
from scipy.optimize import fsolve  # noqa: E402

from benchmarks.stability.timing import report, write  # noqa: E402

TWO = np.ones(2)
TAU_M, TAU_S, TAU_R, DELAY = 5e-3, 0.5e-3, 0.0, 1.5e-3
J = np.tile([1.756e-4, -5 * 1.756e-4], (2, 1))
IN_DEGREE = np.array([[400, 100], [400, 100]])
WIDTH = np.array([0.2e-3, 0.07e-3])
K_GRID = np.arange(1000.0, 99501.0, 500.0)
BRANCHES = np.arange(-3, 3)
ALPHAS = np.linspace(0.0, 1.0, 5)
NEURON = {"V_0_rel": 0.0 * TWO, "V_th_rel": 0.015 * TWO}
CELLS = {**NEURON, "tau_m": TAU_M * TWO, "tau_r": TAU_R * TWO, "tau_s": TAU_S}
DRIVE = {"J_ext": J, "K_ext": np.ones((2, 2))}


def transfer(mu: float, sigma: float, omegas: Any) -> np.ndarray:
    """Return the filtered transfer function of one population."""
    at = np.atleast_1d(omegas)
    found: np.ndarray = lif._transfer_function(mu, sigma, TAU_M, TAU_S, TAU_R, 0.015, 0.0, at)
    return found


def figure_6() -> dict[str, Any]:
    """Take the same steps as ours.py."""
    nu_ext = lif._external_rates_for_fixed_input(
        0.01 * TWO, 0.01 * TWO, J, IN_DEGREE, **CELLS, **DRIVE
    )
    nu = lif._firing_rates(J, IN_DEGREE, **CELLS, **DRIVE, nu_ext=nu_ext)
    inputs = {"nu": nu, "J": J, "K": IN_DEGREE, "tau_m": TAU_M * TWO, **DRIVE, "nu_ext": nu_ext}
    mu, sigma = lif._mean_input(**inputs), lif._std_input(**inputs)
    omegas = 2 * np.pi * np.arange(1.0, 200.0)
    H = np.stack([transfer(mu[a], sigma[a], omegas).ravel() for a in (0, 1)], axis=1)
    _, tau_rate, W_rate, _ = lif._fit_transfer_function(H, omegas, TAU_M, J, IN_DEGREE)
    lam = np.array(
        [
            [solve_lambertw(b, tau_rate, DELAY * TWO, W_rate * boxcar(k, WIDTH)) for k in K_GRID]
            for b in BRANCHES
        ]
    )
    best = np.unravel_index(np.argmax(lam.real), lam.shape)[1]
    profile = boxcar(K_GRID[best], WIDTH)
    c_rate = (W_rate * profile)[0].sum()
    c_spiking = TAU_M * (J * IN_DEGREE * profile)[0].sum()

    def rate(x: complex) -> complex:
        return complex(c_rate / (1 + x * tau_rate[0]))

    def spiking(x: complex) -> complex:
        return complex(c_spiking) * complex(transfer(mu[0], sigma[0], -1j * x).ravel()[0])

    def solve(alpha: float, start: complex) -> complex:
        def equation(pair: np.ndarray) -> list[Any]:
            x = complex(*pair)
            rest = ((1 - alpha) * rate(x) + alpha * spiking(x)) * np.exp(-x * DELAY) - 1
            return [rest.real, rest.imag]

        return complex(*fsolve(equation, [start.real, start.imag], xtol=1e-11))

    def slope(pair: np.ndarray, alpha: float) -> list[Any]:
        x, step = complex(*pair), 1e-2
        blend = (1 - alpha) * rate(x) + alpha * spiking(x)
        ahead = (1 - alpha) * rate(x + step) + alpha * spiking(x + step)
        change = -(spiking(x) - rate(x)) / ((ahead - blend) / step - DELAY * blend)
        return [change.real, change.imag]

    solved, integrated = [], []
    for start in lam[:, best]:
        x = start
        for alpha in ALPHAS:
            x = solve(alpha, x)
        solved.append(x)
        integrated.append(complex(*odeint(slope, [start.real, start.imag], ALPHAS)[-1]))
    return {
        "k_star": [K_GRID[best]],
        "rate": [lam[3, best].real, lam[3, best].imag],
        "solved": [solved[3].real, solved[3].imag],
        "integrated": [integrated[3].real, integrated[3].imag],
    }


if __name__ == "__main__":
    report("figure 6 end to end", figure_6)
    write(
        "cold start: import, then figure 6 once, compiled code on disk",
        time.process_time() - START[0],
        time.perf_counter() - START[1],
    )
