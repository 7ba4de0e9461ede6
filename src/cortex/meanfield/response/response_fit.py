"""Low-pass filter fitted to the linear response, and the rate-model weights it implies."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar

from cortex.errors import ConvergenceError, ParameterError
from cortex.meanfield.exponents import angular
from cortex.meanfield.stationary.moments import mean_coupling
from cortex.params.network import PopulationNetwork
from cortex.typing import ComplexArray, FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class LowPassFit:
    """First-order low-pass filters h0 / (1 + 2 pi i f tau), one per response.

    Attributes
    ----------
    tau : ndarray of shape (...)
        Time constant, s, never negative.
    h0 : ndarray of shape (...)
        Gain at zero frequency, Hz/V, with the sign of the response at low frequency.
    tau_std, h0_std : ndarray of shape (...)
        Standard errors from the residuals.
    """

    tau: FloatArray
    h0: FloatArray
    tau_std: FloatArray
    h0_std: FloatArray

    @property
    def error(self) -> FloatArray:
        """Combined relative standard error sqrt((tau_std/tau)^2 + (h0_std/h0)^2)."""
        return np.asarray(np.hypot(self.tau_std / self.tau, self.h0_std / self.h0))

    def __call__(self, frequencies: FloatArray) -> ComplexArray:
        """Return the filter at frequencies (Hz), shape (n_freqs, ...)."""
        lam = angular(frequencies)[(..., *(None,) * self.tau.ndim)]
        return np.asarray(self.h0 / (1.0 + lam * self.tau))


def fit_low_pass(frequencies: FloatArray, response: ComplexArray) -> LowPassFit:
    r"""Fit the amplitude of a first-order low-pass filter to responses.

    .. math:: \min_{\tau, h_0} \sum_f \Big( |H(f)| - \frac{|h_0|}{\sqrt{1 + (2\pi f \tau)^2}}
              \Big)^2

    Equal weights. For a given tau the gain is linear least squares, which leaves a search in
    tau alone (variable projection).

    Parameters
    ----------
    frequencies : ndarray of shape (n_freqs,)
        At least three frequencies, Hz, positive.
    response : ndarray of shape (n_freqs, ...)
        Complex responses, Hz/V, finite.

    Returns
    -------
    LowPassFit
        Time constants, gains and their standard errors, shape ``response.shape[1:]``.

    Raises
    ------
    ParameterError
        Fewer than three frequencies, one that is not positive, a response that is not finite, or
        shapes that do not fit.
    ConvergenceError
        The amplitude does not fall with frequency, so that no tau fits; ``partial`` holds
        the index of the response.

    References
    ----------
    Senk et al. (2020), Phys. Rev. Res. 2:023174, sec. II.D.

    Examples
    --------
    >>> f = np.arange(1.0, 200.0)
    >>> fit = fit_low_pass(f, 7e3 / (1 + 2j * np.pi * f * 2e-3))
    >>> (1e3 * fit.tau).round(6), fit.h0.round(3)
    (np.float64(2.0), np.float64(7000.0))
    """
    f = np.asarray(frequencies, dtype=np.float64)
    H = np.asarray(response, dtype=np.complex128)
    if f.ndim != 1 or f.size < 3 or H.shape[:1] != f.shape:
        msg = f"need at least 3 frequencies and one response each, got {f.shape} and {H.shape}"
        raise ParameterError(msg)
    if not (np.all(f > 0.0) and np.all(np.isfinite(f)) and np.all(np.isfinite(H))):
        msg = f"frequencies must be positive (lowest {np.min(f)} Hz) and all responses finite"
        raise ParameterError(msg)
    columns = H.reshape(f.size, -1).T
    fits = [_fit_one(2.0 * np.pi * f, column, i) for i, column in enumerate(columns)]
    shape = H.shape[1:]
    tau, h0, tau_std, h0_std = (np.array(x).reshape(shape)[()] for x in zip(*fits, strict=True))
    return LowPassFit(tau=tau, h0=h0, tau_std=tau_std, h0_std=h0_std)


def _profile(log_tau: float, omega: FloatArray, amplitude: FloatArray) -> tuple[float, float]:
    """Return the sum of squares at the best gain, and that gain."""
    shape = 1.0 / np.hypot(1.0, omega * np.exp(log_tau))
    h0 = float(amplitude @ shape / (shape @ shape))
    residual = amplitude - h0 * shape
    return float(residual @ residual), h0


def _fit_one(omega: FloatArray, response: ComplexArray, index: int) -> tuple[float, ...]:
    amplitude = np.abs(response)
    lowest, highest = np.log(1e-4 / omega.max()), np.log(1e4 / omega.min())
    grid = np.linspace(lowest, highest, 60)
    best = int(np.argmin([_profile(x, omega, amplitude)[0] for x in grid]))
    if best in {0, grid.size - 1}:
        band = omega[[0, -1]] / (2.0 * np.pi)
        msg = f"response {index} does not fall like a low-pass filter in {band} Hz; widen it"
        raise ConvergenceError(msg, index)
    search: Any = minimize_scalar(
        lambda x: _profile(x, omega, amplitude)[0], bracket=tuple(grid[best - 1 : best + 2])
    )
    return _newton_fit(float(search.x), omega, response)


def _newton_fit(log_tau: float, omega: FloatArray, response: ComplexArray) -> tuple[float, ...]:
    """Sharpen tau and h0 by Gauss-Newton; return them with their standard errors."""
    amplitude = np.abs(response)
    tau, h0 = float(np.exp(log_tau)), _profile(log_tau, omega, amplitude)[1]
    for _ in range(50):
        shape = 1.0 / np.hypot(1.0, omega * tau)
        jacobian = np.stack([-h0 * omega**2 * tau * shape**3, shape], axis=1)
        step = np.linalg.lstsq(jacobian, amplitude - h0 * shape)[0]
        tau, h0 = tau + step[0], h0 + step[1]
        if np.all(np.abs(step) <= 1e-14 * np.abs([tau, h0])):
            break
    residual = amplitude - h0 / np.hypot(1.0, omega * tau)
    variance = float(residual @ residual) / max(omega.size - 2, 1)
    spread = np.sqrt(variance * np.diag(np.linalg.inv(jacobian.T @ jacobian)))
    sign = 1.0 if response[0].real >= 0.0 else -1.0
    return float(tau), sign * float(h0), float(spread[0]), float(spread[1])


def rate_weights(network: PopulationNetwork, h0: FloatArray) -> FloatArray:
    r"""Return the weights of the rate model that the fit implies, shape (n_pops, n_pops).

    .. math:: w_{ab} = h_{0,a} \tau_{m,a} K_{ab} J_{ab}

    The gain is that of the target population (Senk et al. 2020, eq. 12).

    Parameters
    ----------
    network : PopulationNetwork
        Connections.
    h0 : ndarray of shape (n_pops,)
        Gain of each population, Hz/V.

    Examples
    --------
    >>> from cortex.params.brunel import BrunelParams
    >>> network = BrunelParams(g=5.0, nu_ext_ratio=2.0).network()
    >>> rate_weights(network, np.array([1e3, 1e3])).round(2).tolist()
    [[2.0, -2.5], [2.0, -2.5]]
    """
    return np.asarray(h0)[:, None] * mean_coupling(network)
