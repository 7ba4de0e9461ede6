r"""Spatio-temporal patterns on a ring of spiking neurons and of its rate approximation.

Perturbations exp(lambda t + i k x) of the uniform state obey det(1 - M(lambda, k)) = 0. The
rate approximation replaces the linear response of the neurons by a fitted low-pass filter
(Senk et al. 2020, Phys. Rev. Research 2:023174).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from cortex.errors import ConvergenceError, ParameterError
from cortex.meanfield.characteristic import rate_characteristic
from cortex.meanfield.connectivity_matrix import spiking_characteristic
from cortex.meanfield.continuation import Curve, follow_curve
from cortex.meanfield.mapping import fit_rate_model
from cortex.meanfield.rate_model import mode_eigenvalues
from cortex.meanfield.roots import MatrixFunction, Roots
from cortex.meanfield.spatial_profiles import profile_matrix
from cortex.meanfield.stability import leading_eigenvalues
from cortex.meanfield.working_point import WorkingPoint
from cortex.params.network import PopulationNetwork, RingSpace
from cortex.typing import ComplexArray, FloatArray, IntArray

RingFamily = Callable[[float, float, float], MatrixFunction]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RateApproximation:
    """Delayed rate model that stands for a spiking ring.

    Parameters
    ----------
    tau : float
        Time constant, s.
    W : ndarray of shape (n_pops, n_pops)
        Connectivity, dimensionless, ``[target, source]``.
    delay : float
        Delay, s.
    h0 : ndarray of shape (n_pops,)
        Gain of the fitted filters, Hz/V.
    fit_error : ndarray of shape (n_pops,)
        Relative standard error of the fit.
    """

    tau: float
    W: FloatArray
    delay: float
    h0: FloatArray
    fit_error: FloatArray


def rate_approximation(
    network: PopulationNetwork, point: WorkingPoint, frequencies: FloatArray
) -> RateApproximation:
    """Return the delayed rate model from low-pass fits of the transfer functions.

    Parameters
    ----------
    network, point
        A ring with equal delays and equal populations.
    frequencies : ndarray of shape (n_freqs,)
        Where the amplitude is fitted, Hz.

    Raises
    ------
    ParameterError
        Time constants or delays differ between populations: the Lambert W solution does not
        hold, use `characteristic.rate_characteristic` with root finding.
    """
    fitted = fit_rate_model(network, point, frequencies)
    fit = fitted.fit
    if np.ptp(fit.tau) > 1e-9 * np.max(fit.tau) or np.ptp(network.delay) > 0.0:
        msg = f"time constants {fit.tau} s or delays {network.delay} s differ between populations"
        raise ParameterError(msg)
    return RateApproximation(
        tau=float(fit.tau[0]),
        W=fitted.weights,
        delay=float(network.delay[0, 0]),
        h0=fit.h0,
        fit_error=fit.error,
    )


def ring_of(network: PopulationNetwork) -> RingSpace:
    """Return the ring of a network; refuse one without space."""
    if network.space is None:
        msg = "the network has no space: patterns need a RingSpace"
        raise ParameterError(msg)
    return network.space


def rate_dispersion(
    model: RateApproximation, ring: RingSpace, k: FloatArray, branches: IntArray
) -> ComplexArray:
    """Return the growth rates of the rate model over wave numbers, on every branch.

    Parameters
    ----------
    model : RateApproximation
        The rate model.
    ring : RingSpace
        Connection profiles.
    k : ndarray of shape (n_k,)
        Angular wave numbers, 1/m.
    branches : ndarray of int, shape (n_branches,)
        Branches of the Lambert W function.

    Returns
    -------
    lam : ndarray of shape (n_branches, n_k)
        1/s; at each wave number the largest over the connectivity eigenvalues. One that
        vanishes, as in two populations with equal inputs, gives only the leak -1/tau and
        is left out.
    """
    W = model.W * profile_matrix(k, ring.width, ring.profile)
    modes = np.linalg.eigvals(W).astype(np.complex128)
    every = mode_eigenvalues(modes, model.tau, model.delay, branches)
    vanishing = np.abs(modes) < 1e-12 * np.max(np.abs(model.W))
    best = np.argmax(np.where(vanishing, -np.inf, every.real), axis=-1)
    return np.asarray(np.take_along_axis(every, best[..., np.newaxis], axis=-1)[..., 0])


def rate_characteristic_at(model: RateApproximation, ring: RingSpace, k: float) -> MatrixFunction:
    """Return M(lambda) of the rate model at one wave number (1/m)."""
    W = model.W * profile_matrix(np.asarray(k), ring.width, ring.profile)
    return rate_characteristic(W, np.asarray(model.tau), np.asarray(model.delay))


def spiking_dispersion(
    network: PopulationNetwork,
    point: WorkingPoint,
    k: FloatArray,
    *,
    variance: bool = True,
    real_low: float = -300.0,
    max_frequency: float = 500.0,
) -> Iterator[Roots]:
    """Yield all growth rates of the spiking ring right of `real_low`, wave number by wave number.

    Parameters
    ----------
    network, point
        The ring and its working point.
    k : ndarray of shape (n_k,)
        Angular wave numbers, 1/m, in small steps.
    variance, real_low, max_frequency
        As in `stability.leading_eigenvalues`.

    Notes
    -----
    The modes of one wave number are the guesses for the next; the argument principle tells
    whether one appeared or left.
    """
    guesses: ComplexArray | None = None
    for wave_number in np.asarray(k, dtype=float):
        roots = leading_eigenvalues(
            network,
            point,
            real_low=real_low,
            max_frequency=max_frequency,
            variance=variance,
            wave_number=float(wave_number),
            guesses=guesses,
        )
        guesses = roots.lam
        yield roots


def onset_line(
    family: RingFamily,
    start: FloatArray,
    *,
    g_limits: tuple[float, float],
    delay_limits: tuple[float, float],
    max_step: float = 0.1,
) -> Curve:
    """Return the onset of waves in the plane of relative inhibition and delay.

    Parameters
    ----------
    family : callable
        Returns lambda -> M for (g, delay in s, wave number in 1/m).
    start : ndarray of shape (4,)
        A point near the line: g, delay (s), wave number (1/m), frequency (Hz).
    g_limits, delay_limits : (low, high)
        Where the line is followed.

    Returns
    -------
    Curve
        Points (g, delay, wave number, frequency).

    Notes
    -----
    Three equations: det(1 - M(2 pi i f)) = 0 (complex) and Re d lambda/d k = 0, so that the
    marginal wave is the fastest-growing one.
    """
    scale = np.array([1.0, 0.5e-3, 5e3, 50.0])

    def residual(x: FloatArray) -> FloatArray:
        lam = np.asarray(2j * np.pi * x[3])
        at = family(x[0], x[1], x[2])(lam)
        rest = np.eye(at.M.shape[-1]) - at.M
        determinant = np.linalg.det(rest)
        h = 1e-4 * scale[2]
        up, down = (
            np.linalg.det(np.eye(rest.shape[-1]) - family(x[0], x[1], x[2] + d)(lam).M)
            for d in (h, -h)
        )
        adjugate_trace = -_adjugate_trace(rest, at.slope)
        growth = -(up - down) / (2.0 * h) / adjugate_trace
        return np.array([determinant.real, determinant.imag, growth.real * 1e2])

    def inside(x: FloatArray) -> bool:
        return bool(
            g_limits[0] <= x[0] <= g_limits[1]
            and delay_limits[0] <= x[1] <= delay_limits[1]
            and x[3] > 0.0
        )

    return follow_curve(residual, start, scale=scale, inside=inside, pinned=1, max_step=max_step)


def _adjugate_trace(matrix: ComplexArray, slope: ComplexArray) -> complex:
    """Return tr(adj(A) B), the derivative of det A along B, also where A is singular."""
    n = matrix.shape[-1]
    total = 0.0j
    for i in range(n):
        replaced = matrix.copy()
        replaced[i] = slope[i]
        total += np.linalg.det(replaced)
    return total


def spiking_family(
    ring_at: Callable[[float, float], tuple[PopulationNetwork, WorkingPoint]],
    *,
    variance: bool = True,
) -> RingFamily:
    """Return the matrix functions of spiking rings at (g, delay, k)."""

    def family(g: float, delay: float, k: float) -> MatrixFunction:
        network, point = ring_at(g, delay)
        return spiking_characteristic(network, point, variance=variance, wave_number=k)

    return family


def most_unstable(lam: ComplexArray) -> tuple[int, int]:
    """Return (branch index, wave-number index) of the largest growth rate.

    Raises
    ------
    ConvergenceError
        No growth rate is finite.
    """
    growth = np.where(np.isfinite(lam.real), lam.real, -np.inf)
    if not np.any(np.isfinite(growth)):
        msg = "no finite growth rate"
        raise ConvergenceError(msg, lam)
    branch, index = np.unravel_index(np.argmax(growth), growth.shape)
    return int(branch), int(index)
