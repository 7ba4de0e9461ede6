r"""Instabilities of a ring of rate units with delayed interactions.

tau dm(x)/dt = -m + Phi[I + int J(x - y) m(y, t - d) dy/(2 pi)] with
J(x) = J_0 + J_1 cos x: the spatial modes decouple. With the gain Phi' = 1 at the uniform
state the mode n sees the connectivity c_0 = J_0 or c_1 = J_1/2 and becomes unstable at
c = 1 (static) or at the oscillation of `rate_hopf` (Roxin, Brunel & Hansel 2005, Phys. Rev.
Lett. 94:238103).
"""

from dataclasses import dataclass

import numpy as np

from cortex.errors import ParameterError
from cortex.meanfield.patterns.rate_model import rate_hopf
from cortex.meanfield.stability.characteristic import rate_characteristic
from cortex.meanfield.stability.roots import Rectangle, Roots, find_roots
from cortex.typing import ComplexArray, FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class RingOnsets:
    """Where the uniform state of a delay ring loses stability.

    Parameters
    ----------
    J0_rate, J1_turing : float
        Onset of the uniform rate instability and of static bumps.
    J0_oscillation, J1_wave : float
        Onset of the uniform oscillation and of waves (Turing-Hopf).
    frequency : float
        Frequency of both oscillatory onsets, Hz.
    """

    J0_rate: float
    J1_turing: float
    J0_oscillation: float
    J1_wave: float
    frequency: float


def ring_onsets(tau: float, delay: float, gain: float = 1.0) -> RingOnsets:
    """Return the four instability lines of the (J0, J1) plane, in closed form.

    Parameters
    ----------
    tau, delay : float
        Time constant and delay, s.
    gain : float
        Slope of the transfer function at the uniform state, positive.

    Returns
    -------
    RingOnsets
        Couplings at the onsets, and the frequency of the oscillations.

    Raises
    ------
    ParameterError
        `tau`, `delay` or `gain` is not positive.

    Notes
    -----
    omega tau = -tan(omega d) and c = -sqrt(1 + (omega tau)^2).

    Examples
    --------
    >>> onsets = ring_onsets(1.0, 0.1)
    >>> round(onsets.J0_oscillation, 4), round(onsets.J1_wave, 4), onsets.J1_turing
    (-16.3506, -32.7011, 2.0)
    """
    if gain <= 0.0:
        msg = f"gain = {gain} must be positive"
        raise ParameterError(msg)
    hopf = rate_hopf(tau, delay)
    return RingOnsets(
        J0_rate=1.0 / gain,
        J1_turing=2.0 / gain,
        J0_oscillation=hopf.connectivity / gain,
        J1_wave=2.0 * hopf.connectivity / gain,
        frequency=hopf.frequency,
    )


def ring_mode_couplings(kernel: FloatArray) -> ComplexArray:
    """Return c_n of every spatial mode of a periodic ring from its sampled kernel.

    Parameters
    ----------
    kernel : ndarray of shape (n_units,)
        Weight from the unit at distance j, j = 0 .. n_units - 1, summed over sources (so
        that a uniform ring has c_0 = sum of the kernel).

    Returns
    -------
    c : ndarray of shape (n_units,)
        The eigenvalues of the circulant weight matrix, modes in the order of
        `numpy.fft.fftfreq`.

    References
    ----------
    Definition.

    Examples
    --------
    >>> ring_mode_couplings(np.array([2.0, 1.0, 0.0, 1.0])).real.tolist()
    [4.0, 2.0, 0.0, 2.0]
    """
    return np.asarray(np.fft.fft(np.asarray(kernel, dtype=float)))


def ring_eigenvalues(
    couplings: FloatArray,
    tau: FloatArray,
    delay: FloatArray,
    *,
    real_low: float | None = None,
    max_frequency: float | None = None,
) -> Roots:
    """Return every growth rate of one mode to the right of `real_low`, upper half plane.

    Parameters
    ----------
    couplings, delay : ndarray of shape (n_pops, n_pops)
        Connectivity of the mode, ``[target, source]``, and the delays, s; unequal ones are
        allowed.
    tau : ndarray of shape (n_pops,)
        Time constants, s, unequal ones allowed.
    real_low : float, optional
        Left border, 1/s; it must lie right of -1/max(tau), the rightmost pole; by default
        half of it.
    max_frequency : float, optional
        Upper border, Hz; by default the frequency beyond which no zero can lie.

    Returns
    -------
    Roots
        Growth rates, 1/s, largest real part first. A pair of complex conjugates is listed
        once, by Im lambda > 0, unless it lies closer to the real axis than a thousandth of
        the upper border.

    Raises
    ------
    ParameterError
        `real_low` does not lie right of the rightmost pole.
    ConvergenceError
        The zeros found are fewer than counted.

    Notes
    -----
    On Re lambda >= a the rows of |M| are at most sum_b |c_ab| exp(-a d_ab)/|1 + lambda tau_a|,
    which is below 1 beyond a radius: no zero lies outside it.

    References
    ----------
    Roxin, Brunel & Hansel (2005), Phys. Rev. Lett. 94:238103.

    Examples
    --------
    >>> roots = ring_eigenvalues(np.array([[-5.0]]), np.array([0.01]), np.array([[0.005]]))
    >>> round(float(roots.lam[0].imag / (2 * np.pi)), 1)
    61.1
    """
    taus = np.atleast_1d(np.asarray(tau, dtype=float))
    low = -0.5 / np.max(taus) if real_low is None else real_low
    if low <= -1.0 / np.max(taus):
        msg = f"real_low = {low} 1/s must lie right of the pole at {-1 / np.max(taus):.4g} 1/s"
        raise ParameterError(msg)
    W = np.atleast_2d(np.asarray(couplings, dtype=float))
    gain = np.sum(np.abs(W) * np.exp(-low * np.asarray(delay)), axis=1)
    radius = float(np.max((gain + 1.0) / np.broadcast_to(taus, gain.shape))) * 1.05
    top = radius if max_frequency is None else 2.0 * np.pi * max_frequency
    region = Rectangle(real_limits=(low, radius), imag_limits=(-1e-3 * top, top))
    return find_roots(rate_characteristic(couplings, taus, np.asarray(delay)), region)
