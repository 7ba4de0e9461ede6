"""Find the leading spatial mode of the ring of Senk et al. (2020)."""

import numpy as np
from scipy.optimize import minimize_scalar

from cortex.meanfield.external_drive import external_rates
from cortex.meanfield.ring_patterns import (
    RateApproximation,
    rate_approximation,
    rate_dispersion,
    ring_of,
)
from cortex.meanfield.stability import leading_eigenvalues
from cortex.meanfield.working_point import solve_working_point
from cortex.params.network import RingSpace
from cortex.sweep.model import Value
from cortex.sweep.models.senk_theory import SenkPoint
from cortex.typing import FloatArray

FIT_FREQUENCIES = np.arange(1.0, 200.0)
BRANCHES = np.array([0, -1])


def evaluate(params: SenkPoint, _: int) -> dict[str, Value]:
    """Return the fastest growing mode of the rate model, and the same mode of the spiking one.

    Notes
    -----
    Senk et al. (2020), Phys. Rev. Res. 2:023174: external rates hold (mu, sigma), a low pass
    fitted to the response (1 to 200 Hz) gives the rate model, Lambert W its modes. Both models
    follow the mean of the input, as there, not its variance.
    """
    driven = external_rates(params.ring.network(), params.mu, params.sigma)
    network, ring = driven.network, ring_of(driven.network)
    point = solve_working_point(network, nu_start=driven.nu)
    model = rate_approximation(network, point, FIT_FREQUENCIES)
    k = _fastest(model, ring, params.k_max)
    leading = complex(_leading(model, ring, np.array([k]))[0])
    modes = leading_eigenvalues(network, point, wave_number=k, real_low=-500.0, variance=False)
    spiking = complex(modes.lam[0]) if len(modes.lam) else complex(np.nan, np.nan)
    return {
        "nu": float(driven.nu[0]),
        "tau_fit": model.tau,
        "k": k,
        "growth_rate_model": leading.real,
        "frequency_rate_model": abs(leading.imag) / (2.0 * np.pi),
        "growth": spiking.real,
        "frequency": abs(spiking.imag) / (2.0 * np.pi),
        "state": _state(k, leading),
    }


def _leading(
    model: RateApproximation, ring: RingSpace, k: FloatArray
) -> "np.ndarray[tuple[int, ...], np.dtype[np.complex128]]":
    """Return the eigenvalue of largest real part at each wave number, 1/s."""
    lam = rate_dispersion(model, ring, k, BRANCHES)
    return np.asarray(lam[np.argmax(lam.real, axis=0), np.arange(len(k))])


def _fastest(model: RateApproximation, ring: RingSpace, k_max: float) -> float:
    """Return the wave number of the largest growth rate, 1/m."""
    grid = np.linspace(0.0, k_max, 401)
    best = int(np.argmax(_leading(model, ring, grid).real))
    if best == 0:
        return 0.0
    found = minimize_scalar(
        lambda k: -float(_leading(model, ring, np.array([k]))[0].real),
        bounds=(grid[best - 1], grid[min(best + 1, len(grid) - 1)]),
        method="bounded",
        options={"xatol": 1e-3},
    )
    return float(found.x)


def _state(k: float, lam: complex) -> str:
    if lam.real <= 0.0:
        return "uniform"
    if abs(lam.imag) < 1e-6:
        return "bump" if k > 0.0 else "uniform"
    return "wave" if k > 0.0 else "oscillation"
