"""Find the leading spatial mode of the ring of Senk et al. (2020)."""

import numpy as np
from scipy.optimize import minimize_scalar

from cortex.meanfield.patterns.ring_patterns import (
    RateApproximation,
    rate_approximation,
    rate_dispersion,
    ring_of,
)
from cortex.meanfield.stability.eigenvalues import leading_mode
from cortex.meanfield.stationary.external_drive import hold_input
from cortex.params.space import NetworkSpace
from cortex.sweep.model import Value
from cortex.sweep_models.senk_theory import SenkPoint
from cortex.typing import FloatArray

FIT_FREQUENCIES = np.arange(1.0, 201.0)
BRANCHES = np.array([0, -1])


def evaluate(params: SenkPoint, _: int) -> dict[str, Value]:
    """Return the fastest growing mode of the rate model, and the same mode of the spiking one.

    Raises
    ------
    ParameterError
        The external rates cannot hold (mu, sigma).

    Notes
    -----
    Senk et al. (2020), Phys. Rev. Res. 2:023174: external rates hold (mu, sigma), a low pass
    fitted to the response (1 to 200 Hz) gives the rate model, Lambert W its modes. Both models
    follow the mean of the input, as there, not its variance.
    """
    held = hold_input(params.ring.network(), params.mu, params.sigma)
    network, ring = held.network, ring_of(held.network)
    model = rate_approximation(network, held.point, FIT_FREQUENCIES)
    k = _fastest(model, ring, params.k_max)
    rate = complex(_leading(model, ring, np.array([k]))[0])
    spiking = leading_mode(network, held.point, real_low=-500.0, variance=False, wave_number=k)
    return {
        "nu": float(held.point.nu[0]),
        "rate_ext_exc": float(held.network.drive.rate[0, 0]),
        "rate_ext_inh": float(held.network.drive.rate[0, 1]),
        "tau_fit": model.tau,
        "k": k,
        "growth_rate_model": rate.real,
        "frequency_rate_model": abs(rate.imag) / (2.0 * np.pi),
        "state_rate_model": _state(k, rate),
        "growth": spiking.real,
        "frequency": abs(spiking.imag) / (2.0 * np.pi),
        "state": _state(k, spiking),
    }


def _leading(
    model: RateApproximation, ring: NetworkSpace, k: FloatArray
) -> "np.ndarray[tuple[int, ...], np.dtype[np.complex128]]":
    """Return the eigenvalue of largest real part at each wave number, 1/s."""
    lam = rate_dispersion(model, ring, k, BRANCHES)
    return np.asarray(lam[np.argmax(lam.real, axis=0), np.arange(len(k))])


def _fastest(model: RateApproximation, ring: NetworkSpace, k_max: float) -> float:
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
    """Name what grows at a wave number; nothing does where lambda is nan."""
    if not lam.real > 0.0:
        return "uniform"
    if abs(lam.imag) < 1e-6:
        return "bump" if k > 0.0 else "uniform"
    return "wave" if k > 0.0 else "oscillation"
