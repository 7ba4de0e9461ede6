r"""Spatio-temporal patterns on a ring of spiking neurons and of its rate approximation.

Perturbations exp(lambda t + i k x) of the uniform state obey det(1 - M(lambda, k)) = 0. The
rate approximation replaces the linear response of the neurons by a fitted low-pass filter
(Senk et al. 2020, Phys. Rev. Research 2:023174).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from cortex.errors import ConvergenceError, ParameterError
from cortex.meanfield.matrix_function import MatrixFunction
from cortex.meanfield.patterns.rate_model import mode_eigenvalues, rate_hopf
from cortex.meanfield.response.connectivity_matrix import spiking_characteristic
from cortex.meanfield.response.mapping import fit_rate_model
from cortex.meanfield.response.response_fit import rate_weights
from cortex.meanfield.response.spatial_profiles import profiles_at
from cortex.meanfield.stability.characteristic import rate_characteristic
from cortex.meanfield.stability.continuation import Curve, follow_curve
from cortex.meanfield.stability.eigenvalues import MAX_FREQUENCY, leading_eigenvalues
from cortex.meanfield.stability.roots import Roots
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.params.network import PopulationNetwork
from cortex.params.space import NetworkSpace
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
        A ring with equal delays, without spread, and equal populations.
    frequencies : ndarray of shape (n_freqs,)
        Where the amplitude is fitted, Hz.

    Raises
    ------
    ParameterError
        Time constants or delays differ between populations, or delays are spread: the Lambert W
        solution does not hold, use `characteristic.rate_characteristic` with root finding.
    ConvergenceError
        As in `response_fit.fit_low_pass`.
    """
    synapses = network.synapses
    if np.any(synapses.delay_sd) and synapses.delay_distribution != "none":
        msg = (
            f"delay_sd = {synapses.delay_sd} s: the rate approximation has one delay, without "
            "spread; take delay_sd = 0, or `characteristic.rate_characteristic`"
        )
        raise ParameterError(msg)
    if network.space is not None and network.space.has_growing_delays:
        msg = (
            "delays grow with distance: the rate approximation has one delay; see the spiking model"
        )
        raise ParameterError(msg)
    fitted = fit_rate_model(network, point, frequencies)
    fit = fitted.fit
    if np.ptp(fit.tau) > 1e-9 * np.max(fit.tau) or np.ptp(synapses.delay) > 0.0:
        msg = f"time constants {fit.tau} s or delays {synapses.delay} s differ between populations"
        raise ParameterError(msg)
    return RateApproximation(
        tau=float(fit.tau[0]),
        W=fitted.weights,
        delay=float(synapses.delay[0, 0]),
        h0=fit.h0,
        fit_error=fit.error,
    )


def ring_of(network: PopulationNetwork) -> NetworkSpace:
    """Return the ring of a network; refuse one without space."""
    if network.space is None:
        msg = "the network has no space: patterns need a NetworkSpace"
        raise ParameterError(msg)
    return network.space


def rate_dispersion(
    model: RateApproximation, ring: NetworkSpace, k: FloatArray, branches: IntArray
) -> ComplexArray:
    """Return the growth rates of the rate model over wave numbers, on every branch.

    Parameters
    ----------
    model : RateApproximation
        The rate model.
    ring : NetworkSpace
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
    W = model.W * profiles_at(ring, k)
    modes = np.linalg.eigvals(W).astype(np.complex128)
    every = mode_eigenvalues(modes, model.tau, model.delay, branches)
    vanishing = np.abs(modes) < 1e-12 * np.max(np.abs(model.W))
    best = np.argmax(np.where(vanishing, -np.inf, every.real), axis=-1)
    return np.asarray(np.take_along_axis(every, best[..., np.newaxis], axis=-1)[..., 0])


def rate_characteristic_at(
    model: RateApproximation, ring: NetworkSpace, k: float
) -> MatrixFunction:
    """Return M(lambda) of the rate model at one wave number (1/m)."""
    W = model.W * profiles_at(ring, np.asarray(k))
    return rate_characteristic(W, np.asarray(model.tau), np.asarray(model.delay))


def spiking_dispersion(
    network: PopulationNetwork,
    point: WorkingPoint,
    k: FloatArray,
    *,
    variance: bool = True,
    real_low: float = -300.0,
    max_frequency: float = MAX_FREQUENCY,
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


def first_wave(
    rate: RateApproximation, ring_at: Callable[[float, float], PopulationNetwork], delay: float
) -> FloatArray:
    """Return the first wave of the rate approximation as inhibition grows, in closed form.

    Parameters
    ----------
    rate, ring_at
        As in `rate_family`; the populations of the ring are alike, their weights linear in g.
    delay : float
        Delay, s.

    Returns
    -------
    ndarray of shape (4,)
        g, delay (s), wave number (1/m) and frequency (Hz), where onset lines may start.

    Raises
    ------
    ConvergenceError
        No positive g makes waves: the first oscillation is uniform, or there is none.

    Notes
    -----
    c(k, g) = c_E(k) - g c_I(k) reaches the connectivity of `rate_hopf` at g(k); the first wave
    is its smallest positive value over k up to 2 pi over the narrowest width.
    """
    onset = rate_hopf(rate.tau, delay)
    ring = ring_of(ring_at(0.0, delay))
    k = np.linspace(0.0, 2.0 * np.pi / float(np.min(ring.width)), 4001)
    p = profiles_at(ring, k)[:, 0]
    without, unit = (p @ rate_weights(ring_at(g, delay), rate.h0)[0] for g in (0.0, 1.0))
    inhibition = without - unit
    reached = (inhibition > 0.0) & (without > onset.connectivity)
    g = np.full(k.shape, np.inf)
    np.divide(without - onset.connectivity, inhibition, out=g, where=reached)
    best = int(np.argmin(g))
    if best == 0 or not np.isfinite(g[best]):
        msg = f"no waves at any g with delay {delay} s: smallest g {g[best]:.4g} at k = 0 1/m"
        raise ConvergenceError(msg, g)
    return np.array([g[best], delay, k[best], onset.frequency])


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
        A point near the line: g, delay (s), wave number (1/m), frequency (Hz), all positive. A
        quarter of each is the unit of the steps.
    g_limits, delay_limits : (low, high)
        Where the line is followed.

    Returns
    -------
    Curve
        Points (g, delay, wave number, frequency).

    Raises
    ------
    ConvergenceError
        No point of the line near the start.

    Notes
    -----
    Three equations: det(1 - M(2 pi i f)) = 0 (complex) and Re d lambda/d k = 0, so that the
    marginal wave is the fastest-growing one.
    """
    scale = 0.25 * np.asarray(start, dtype=float)

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
        slowing = growth.real * scale[2] / (2.0 * np.pi * scale[3])
        return np.array([determinant.real, determinant.imag, slowing])

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


def rate_family(
    rate: RateApproximation, ring_at: Callable[[float, float], PopulationNetwork]
) -> RingFamily:
    """Return the matrix functions of the rate approximation at (g, delay, k), the input held.

    Parameters
    ----------
    rate : RateApproximation
        Filters fitted at the held input, which depend neither on g nor on the delay.
    ring_at : callable
        Returns the ring at (g, delay in s); its external rates do not matter.
    """

    def family(g: float, delay: float, k: float) -> MatrixFunction:
        network = ring_at(g, delay)
        W, delays = rate_weights(network, rate.h0), network.synapses.delay
        model = replace(rate, W=W, delay=float(delays[0, 0]))
        return rate_characteristic_at(model, ring_of(network), k)

    return family


def spiking_family(
    ring_at: Callable[[float, float], tuple[PopulationNetwork, WorkingPoint]],
    *,
    variance: bool = True,
) -> RingFamily:
    """Return the matrix functions of spiking rings at (g, delay, k).

    Parameters
    ----------
    ring_at : callable
        Returns ring and working point at (g, delay in s). At a held input the response of the
        neurons depends on neither, so that one working point serves for all.
    variance : bool
        As in `connectivity_matrix.connect`.
    """

    def family(g: float, delay: float, k: float) -> MatrixFunction:
        network, point = ring_at(g, delay)
        return spiking_characteristic(network, point, variance=variance, wave_number=k)

    return family


def most_unstable(lam: ComplexArray) -> tuple[int, int]:
    """Return (branch index, wave-number index) of the largest growth rate.

    Parameters
    ----------
    lam : ndarray of shape (n_branches, n_k)
        Growth rates, 1/s, for example of `rate_dispersion`; ``-inf`` marks missing branches.

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
