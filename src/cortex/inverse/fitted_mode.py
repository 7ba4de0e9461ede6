r"""Frequency and damping of a mode in simulated rates: theory's matrix, fitted to their spectra.

A damped rhythm has no sharp peak, and where its peak lies depends on what is observed. So the
parameters of linear response are fitted instead, and the mode is a root of what was fitted:

    C(f) = B^-1 diag(d) B^-H,    B = 1 - diag(g) M(2 pi i f / s),    det B(lambda / s) = 0,

with the gains g of the populations, a stretch s of frequencies, and the noise d of each population.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import minimize

from cortex.analysis.cross_spectra import CrossSpectra
from cortex.errors import ParameterError
from cortex.meanfield.exponents import angular
from cortex.meanfield.matrix_function import MatrixAndSlope, MatrixFunction
from cortex.meanfield.stability.roots import Rectangle, newton_roots
from cortex.typing import ComplexArray, FloatArray

BAND: Final = (0.5, 1.8)
"""Frequencies that count, over the predicted one."""
SPREAD: Final = 0.4
"""How far gains and the stretch may be from theory's, as logarithms: a prior of this width."""
MOST: Final = 0.7
"""Bound of the same."""
STARTS: Final = (-0.2, 0.0, 0.2)
"""Logarithms of the stretch from which the likelihood is climbed."""
STEPS: Final = 8
"""Steps from theory's mode to that of the fitted gains."""
FEWEST: Final = 6
"""Frequencies that a fit needs."""
NOT_LINEAR: Final = 1.0
"""Scatter of measured over fitted power, beyond that of a periodogram: no linear response."""
LINE: Final = 1.25
"""Factor around the highest power within which the line of a cycle is averaged."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeenMode:
    """A mode as measured.

    Attributes
    ----------
    lam : complex
        Growth rate and angular frequency, 1/s; the growth rate is nan where a cycle was seen.
    error : complex
        Their standard errors, 1/s.
    misfit : float
        Scatter of measured over fitted power, beyond that of a periodogram.
    """

    lam: complex
    error: complex
    misfit: float

    @property
    def frequency(self) -> float:
        """Frequency, Hz."""
        return abs(self.lam.imag) / (2.0 * np.pi)

    @property
    def frequency_error(self) -> float:
        """Standard error of the frequency, Hz."""
        return self.error.imag / (2.0 * np.pi)


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """Matrix of theory and measured spectra, at gains and a stretch that are sought."""

    function: MatrixFunction
    at: ComplexArray
    C: ComplexArray
    n_averaged: int

    def moved(self, theta: FloatArray) -> tuple[ComplexArray, ComplexArray]:
        """Return M with gains and stretch, and its derivative by the logarithm of the stretch."""
        at, g = self.at * np.exp(-theta[0]), np.exp(theta[1:])[:, np.newaxis]
        found = self.function(at)
        return g * found.M, -at[:, np.newaxis, np.newaxis] * g * found.slope

    def whitened(self, M: ComplexArray) -> FloatArray:
        """Return the power of each population without its inputs, (n_freqs, n_pops)."""
        B = np.eye(M.shape[-1]) - M
        power = np.einsum("fab,fbc,fac->fa", B, self.C, np.conj(B), optimize=True)
        return np.asarray(power.real)

    def cost(self, theta: FloatArray) -> tuple[float, FloatArray]:
        """Return minus the log-likelihood, and its gradient."""
        M, by_stretch = self.moved(theta)
        B = np.eye(M.shape[-1]) - M
        half = self.C @ np.conj(np.swapaxes(B, -1, -2))
        noise = self.whitened(M).mean(axis=0)
        R = np.linalg.inv(B)
        log_det = np.sum(np.linalg.slogdet(B).logabsdet)
        cost = len(self.at) * np.sum(np.log(noise)) - 2.0 * log_det
        slope = np.empty(len(theta))
        of_noise = np.einsum("fab,fba->a", by_stretch, half).real / noise
        slope[0] = -np.sum(of_noise) + np.einsum("fab,fba->", R, by_stretch).real
        of_gains = np.einsum("fab,fba->a", M, half).real / noise
        slope[1:] = -of_gains + np.einsum("fab,fba->a", M, R).real
        return float(self.n_averaged * cost), 2.0 * self.n_averaged * slope

    def information(self, theta: FloatArray) -> FloatArray:
        """Return the Fisher information of stretch, gains and noise, with that of the prior."""
        M, by_stretch = self.moved(theta)
        n, own = M.shape[-1], np.eye(M.shape[-1])
        noise = self.whitened(M).mean(axis=0)
        rows = own[:, np.newaxis, :, np.newaxis] * M  # (gain, f, target, source)
        through = np.concatenate([by_stretch[np.newaxis], rows])
        through = through @ (np.linalg.inv(own - M) * noise)
        of_noise = (own[:, :, np.newaxis] * own * noise)[:, np.newaxis]
        of_noise = np.broadcast_to(of_noise, (n, len(self.at), n, n))
        moved = np.concatenate([through + np.conj(np.swapaxes(through, -1, -2)), of_noise])
        moved /= noise[:, np.newaxis]
        found = np.einsum("pfab,qfba->pq", moved, moved, optimize=True).real * self.n_averaged
        found[np.arange(n + 1), np.arange(n + 1)] += 1.0 / SPREAD**2
        return np.asarray(found)

    def misfit(self, theta: FloatArray) -> float:
        """Return the scatter of measured over fitted power beyond that of a periodogram."""
        power = self.whitened(self.moved(theta)[0])
        scatter = np.mean(np.var(power / power.mean(axis=0), axis=0))
        return float(np.sqrt(max(scatter - 1.0 / self.n_averaged, 0.0)))


def fit_mode(function: MatrixFunction, lam: complex, seen: CrossSpectra) -> SeenMode:
    r"""Return the mode of a network as the cross-spectra of its simulated rates show it.

    Parameters
    ----------
    function : callable
        Predicted M and its slope at complex growth rates.
    lam : complex
        The predicted mode, 1/s.
    seen : CrossSpectra
        Around its frequency.

    Raises
    ------
    ParameterError
        Fewer than six frequencies, or a silent population.

    Notes
    -----
    Maximum of Whittle's likelihood, sum_f n [ln det C + tr(C^-1 C_measured)]; for given g and s the
    noise is that of the whitened spectra. Errors are those of the Fisher information. Where no
    damped mode fits the spectra, activity is a cycle that linear response does not describe: the
    rhythm is its line, the mean frequency of the power around the highest.

    References
    ----------
    Whittle (1953), Ark. Mat. 2:423.
    """
    C = seen.density
    n = C.shape[-1]
    if len(seen.frequency) < FEWEST or not np.all(np.einsum("faa->a", C).real > 0.0):
        msg = (
            f"{len(seen.frequency)} frequencies around {abs(lam.imag) / (2.0 * np.pi):.3g} Hz: "
            f"needs {FEWEST} and spikes of every population; record longer"
        )
        raise ParameterError(msg)
    fit = _Fit(function, angular(seen.frequency), C, seen.n_averaged)
    misfit = np.inf
    for theta in _fitted([fit]):
        misfit = min(misfit, fit.misfit(theta))
        own, slopes = _root(function, lam, np.exp(theta[1:]))
        if misfit > NOT_LINEAR or not own.real < 0.0:
            continue
        stretch = float(np.exp(theta[0]))
        moved = np.concatenate([[own], slopes]) * stretch
        by = np.stack([moved.real, moved.imag])
        spread = np.linalg.inv(fit.information(theta))[: n + 1, : n + 1]
        errors = np.sqrt(np.diag(by @ spread @ by.T))
        return SeenMode(lam=own * stretch, error=complex(errors[0], errors[1]), misfit=misfit)
    return _line(seen, misfit)


def leading(
    functions: Sequence[MatrixFunction], lams: Sequence[complex], seen: Sequence[CrossSpectra]
) -> int:
    """Return which of several waves of one network decays slowest, as their spectra show it.

    Parameters
    ----------
    functions, lams, seen : sequences
        As in `fit_mode`, wave by wave.

    Notes
    -----
    Neurons answer alike whatever the wave, so that gains and stretch are fitted to all spectra
    together: waves are then told apart far better than the errors of their own fits allow. Power
    would not do, since noise is handed on to long waves most.
    """
    parts = [
        _Fit(function, angular(each.frequency), each.density, each.n_averaged)
        for function, each in zip(functions, seen, strict=True)
    ]
    gains = np.exp(_fitted(parts, starts=(0.0,))[0][1:])
    growth = [_root(f, lam, gains)[0].real for f, lam in zip(functions, lams, strict=True)]
    return int(np.argmax(np.where(np.isnan(growth), -np.inf, growth)))


def _fitted(parts: Sequence[_Fit], starts: Sequence[float] = STARTS) -> list[FloatArray]:
    """Return where the likelihood with its prior has peaks, the highest first."""
    n = parts[0].C.shape[-1]

    def cost(theta: FloatArray) -> tuple[float, FloatArray]:
        pairs = [part.cost(theta) for part in parts]
        prior, by = np.sum(theta**2) / (2.0 * SPREAD**2), theta / SPREAD**2
        return sum(value for value, _ in pairs) + prior, sum(slope for _, slope in pairs) + by

    ends = [
        minimize(
            cost,
            np.concatenate([[start], np.zeros(n)]),
            jac=True,
            method="L-BFGS-B",
            bounds=[(-MOST, MOST)] * (n + 1),
        )
        for start in starts
    ]
    return [np.asarray(end.x) for end in sorted(ends, key=lambda each: float(each.fun))]


def _line(seen: CrossSpectra, misfit: float) -> SeenMode:
    """Return the rhythm of a cycle: mean and error of the frequency around the highest power."""
    power = np.einsum("faa->fa", seen.density).real
    power = np.mean(power / power.mean(axis=0), axis=1)
    f = seen.frequency
    top = f[np.argmax(power)]
    near = (f >= top / LINE) & (f <= top * LINE)
    middle = np.average(f[near], weights=power[near])
    width = np.sqrt(np.average((f[near] - middle) ** 2, weights=power[near]))
    error = np.sqrt(width / (2.0 * np.pi * seen.duration))  # phases forget within 1 / (2 pi width)
    return SeenMode(
        lam=complex(np.nan, 2.0 * np.pi * middle),
        error=complex(np.nan, 2.0 * np.pi * error),
        misfit=misfit,
    )


def _root(
    function: MatrixFunction, lam: complex, gains: FloatArray
) -> tuple[complex, ComplexArray]:
    """Return the mode at fitted gains, followed from theory's, and its slopes by their logarithms.

    The mode is nan where it is lost on the way.
    """
    g = np.ones(len(gains))

    def scaled(at: ComplexArray) -> MatrixAndSlope:
        found = function(at)
        return MatrixAndSlope(g[:, np.newaxis] * found.M, g[:, np.newaxis] * found.slope)

    for part in np.linspace(0.0, 1.0, STEPS + 1)[1:]:
        g = gains**part
        margin = 0.2 * abs(lam)
        near = Rectangle(
            real_limits=(lam.real - margin, lam.real + margin),
            imag_limits=(lam.imag - margin, lam.imag + margin),
        )
        roots = newton_roots(scaled, np.array([lam]), region=near)
        if not roots.converged[0]:
            return complex(np.nan), np.full(len(gains), np.nan + 0j)
        lam = complex(roots.lam[0])
    at = scaled(np.array([lam]))
    u, _, vh = np.linalg.svd(np.eye(len(gains)) - at.M[0])
    left, right = np.conj(u[:, -1]), np.conj(vh[-1])
    return lam, -left * (at.M[0] @ right) / (left @ at.slope[0] @ right)
