"""Rational functions through samples of a response: cheap in the whole plane, poles known.

The response of a density on cells is a meromorphic function of lambda, real on the real axis.
Samples along the imaginary axis determine it to the right, and to the left as far as its
features reach: growth rates 100 1/s away to about 1 %. A closer fit would resolve what is left of
the extrapolation there, pairs of a pole and a zero.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.linalg

from cortex.errors import ConvergenceError
from cortex.typing import AnyArray, BoolArray, ComplexArray

SAMPLED: Final[ComplexArray] = np.concatenate([[0j], 2j * np.pi * np.geomspace(0.5, 5e3, 32)])
"""Where the response is computed, 1/s; within 1e-4 of its largest value in between."""
TOLERANCE: Final = 1e-4
"""Error at the samples that is sought, relative to the largest value of each function."""
ALIKE: Final = 1e-6
"""Relative distance below which two poles are one."""
ACCEPTED: Final = 1e-3
"""Error that is still accepted by default."""


@dataclass(frozen=True, slots=True, eq=False)
class Rational:
    """Functions with common poles: constant + sum_j residues[j] / (lambda - poles[j]).

    Attributes
    ----------
    poles : ndarray of shape (n_poles,)
        1/s, closed under complex conjugation.
    residues : ndarray of shape (n_poles, n_functions)
        Unit of the functions per s.
    constant : ndarray of shape (n_functions,)
        Limit at infinity.
    """

    poles: ComplexArray
    residues: ComplexArray
    constant: ComplexArray

    def __call__(self, lam: ComplexArray) -> tuple[ComplexArray, ComplexArray]:
        """Return the functions and their derivatives at lambda, shape lam.shape + (n,)."""
        inverse = 1.0 / (lam[..., np.newaxis] - self.poles)
        value: ComplexArray = self.constant + inverse @ self.residues
        slope: ComplexArray = -(inverse**2) @ self.residues
        return value, slope


def rational_fit(lam: ComplexArray, values: ComplexArray, accepted: float = ACCEPTED) -> Rational:
    """Return rational functions with common poles through samples of stable real systems.

    Parameters
    ----------
    lam : ndarray of shape (n_samples,)
        Points in the upper half plane, 1/s; the values at their conjugates are implied.
    values : ndarray of shape (n_samples, n_functions)
        Functions at these points.
    accepted : float, optional
        Error that is accepted, relative to the largest value of each function.

    Raises
    ------
    ConvergenceError
        No rational function of half as many poles as samples is close enough.

    References
    ----------
    Nakatsukasa, Sete & Trefethen (2018), SIAM J. Sci. Comput. 40:A1494 (the AAA algorithm), here
    for several functions at once and closed under conjugation.
    """
    largest = np.max(np.abs(values), axis=0)
    z = np.concatenate([lam, lam[lam.imag != 0.0].conj()])
    both = np.concatenate([values, values[lam.imag != 0.0].conj()])
    F: ComplexArray = np.asarray(both / np.where(largest > 0.0, largest, 1.0), np.complex128)
    support, fit, error = np.zeros(z.size, dtype=bool), None, np.inf
    current = np.tile(F.mean(axis=0), (z.size, 1))
    while error > TOLERANCE and np.count_nonzero(support) < z.size // 2:
        worst = int(np.argmax(np.where(support, 0.0, np.max(np.abs(F - current), axis=1))))
        support |= np.isclose(z, z[worst], rtol=1e-12, atol=0.0)
        support |= np.isclose(z, z[worst].conj(), rtol=1e-12, atol=0.0)
        weights = _weights(z, F, support)
        current = _barycentric(z, F, support, weights)
        if np.max(np.abs(F - current)) < accepted:
            trial = _partial_fractions(z, F, _poles(z[support], weights))
            deviation = float(np.max(np.abs(trial(z)[0] - F)))
            if deviation < error:
                fit, error = trial, deviation
    if fit is None or error > accepted:
        msg = (
            f"no rational function within {accepted:g} of {lam.size} samples (nearest {error:.2g})"
        )
        raise ConvergenceError(msg, fit)
    return Rational(fit.poles, fit.residues * largest, fit.constant * largest)


def _weights(z: ComplexArray, F: ComplexArray, support: BoolArray) -> ComplexArray:
    """Return barycentric weights that fit all functions best away from the support."""
    gap = 1.0 / (z[~support, np.newaxis] - z[support])
    rows = [(F[~support, k, np.newaxis] - F[support, k]) * gap for k in range(F.shape[1])]
    return np.asarray(np.linalg.svd(np.vstack(rows), full_matrices=False)[2][-1].conj())


def _barycentric(
    z: ComplexArray, F: ComplexArray, support: BoolArray, weights: ComplexArray
) -> ComplexArray:
    out = F.copy()
    gap = weights / (z[~support, np.newaxis] - z[support])
    out[~support] = (gap @ F[support]) / np.sum(gap, axis=1, keepdims=True)
    return out


def _poles(support: ComplexArray, weights: ComplexArray) -> ComplexArray:
    """Return the zeros of sum_j weights[j] / (lambda - support[j]) left of the imaginary axis.

    Closed under conjugation. A stable system has none to the right; those that rounding puts there
    carry no residue. Of poles within `ALIKE` one is kept: residues of a pair would cancel in all
    digits but a few.
    """
    n = support.size
    A = np.zeros((n + 1, n + 1), dtype=complex)
    A[0, 1:], A[1:, 0] = weights, 1.0
    A[1:, 1:] = np.diag(support)
    B = np.diag(np.concatenate([[0.0], np.ones(n)]))
    found = np.asarray(scipy.linalg.eigvals(A, B), dtype=np.complex128)
    found = found[np.isfinite(found) & (found.real < 0.0)]
    found = found[np.abs(found) < 1e4 * np.max(np.abs(support))]
    real = np.abs(found.imag) <= ALIKE * np.abs(found)
    alone, upper = _apart(found[real].real), _apart(found[~real & (found.imag > 0.0)])
    return np.concatenate([alone, upper, upper.conj()])


def _apart(poles: AnyArray) -> AnyArray:
    """Return one of each group of poles within `ALIKE` of each other."""
    near = np.abs(poles[:, np.newaxis] - poles) <= ALIKE * np.abs(poles)
    first = ~np.any(np.tril(near, -1), axis=1)
    return np.asarray(poles[first])


def _partial_fractions(z: ComplexArray, F: ComplexArray, poles: ComplexArray) -> Rational:
    """Return residues at given poles and the constant, by least squares over the samples."""
    basis = np.column_stack([1.0 / (z[:, np.newaxis] - poles), np.ones(z.size)])
    size = np.linalg.norm(basis, axis=0)
    coefficients = np.linalg.lstsq(basis / size, F, rcond=1e-14)[0] / size[:, np.newaxis]
    return Rational(poles, coefficients[:-1], coefficients[-1])
