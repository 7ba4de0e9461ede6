r"""Spatio-temporal patterns on a ring of spiking neurons and of its rate approximation.

Perturbations exp(lambda t + i k x) of the uniform state obey det(1 - M(lambda, k)) = 0. The
rate approximation replaces the linear response of the neurons by a fitted low-pass filter
(Senk et al. 2020, Phys. Rev. Research 2:023174).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from cortex.errors import ConvergenceError, ParameterError
from cortex.meanfield.matrix_function import MatrixFunction
from cortex.meanfield.patterns.rate_model import mode_eigenvalues, rate_hopf
from cortex.meanfield.response.mapping import fit_rate_model
from cortex.meanfield.response.response_fit import rate_weights
from cortex.meanfield.response.spatial_profiles import profiles_at
from cortex.meanfield.stability.characteristic import rate_characteristic
from cortex.meanfield.stability.eigenvalues import MAX_FREQUENCY, leading_eigenvalues
from cortex.meanfield.stability.roots import Roots
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.params.network import PopulationNetwork
from cortex.params.space import NetworkSpace
from cortex.typing import ComplexArray, FloatArray, IntArray


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

    References
    ----------
    Senk et al. (2020), Phys. Rev. Research 2:023174, sec. II.D.

    Examples
    --------
    >>> from cortex.meanfield.stationary.working_point import solve_working_point
    >>> from cortex.params.senk import SenkParams
    >>> network = SenkParams().network()
    >>> point = solve_working_point(network)
    >>> model = rate_approximation(network, point, np.arange(1.0, 200.0))
    >>> round(1e3 * model.tau, 2)
    1.94
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

    References
    ----------
    Senk et al. (2020), Phys. Rev. Research 2:023174.

    Examples
    --------
    >>> from cortex.meanfield.stationary.working_point import solve_working_point
    >>> from cortex.params.senk import SenkParams
    >>> network = SenkParams().network()
    >>> point = solve_working_point(network)
    >>> model = rate_approximation(network, point, np.arange(1.0, 200.0))
    >>> lam = rate_dispersion(model, network.space, np.array([6 * np.pi * 1e3]), np.array([0]))
    >>> lam.real.round(-1).tolist()
    [[120.0]]
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

    References
    ----------
    Senk et al. (2020), Phys. Rev. Research 2:023174.

    Examples
    --------
    >>> from cortex.meanfield.stationary.working_point import solve_working_point
    >>> from cortex.params.senk import SenkParams
    >>> network = SenkParams().network()
    >>> point = solve_working_point(network)
    >>> (roots,) = spiking_dispersion(network, point, np.array([6 * np.pi * 1e3]))
    >>> round(float(roots.lam[0].real), -1)
    120.0
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

    References
    ----------
    Definition.

    Examples
    --------
    >>> most_unstable(np.array([[-1.0, 2.0 + 5j], [-3.0, -4.0]]))
    (0, 1)
    """
    growth = np.where(np.isfinite(lam.real), lam.real, -np.inf)
    if not np.any(np.isfinite(growth)):
        msg = "no finite growth rate"
        raise ConvergenceError(msg, lam)
    branch, index = np.unravel_index(np.argmax(growth), growth.shape)
    return int(branch), int(index)
