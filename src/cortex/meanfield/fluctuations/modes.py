r"""Eigenmodes of the effective connectivity and what each connection does to them.

A mode whose eigenvalue of M(2 pi i f) comes close to 1 makes a peak in the spectra. Moving
the eigenvalue towards 1 raises the peak; moving it across changes the frequency (Bos,
Diesmann & Helias 2016, PLoS Comput. Biol. 12:e1005132).
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from cortex.errors import ParameterError
from cortex.meanfield.shapes import require_square
from cortex.typing import ComplexArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Eigenmodes:
    """Modes of M over frequency, each followed along its trajectory.

    Parameters
    ----------
    values : ndarray of shape (n_freqs, n_modes)
        Eigenvalues; a column is one continuous trajectory.
    right, left : ndarray of shape (n_freqs, n_modes, n_pops)
        Right and left eigenvectors, sum_a left_a right_a = 1 (no complex conjugate).
    """

    values: ComplexArray
    right: ComplexArray
    left: ComplexArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """Effect of every connection on one eigenmode.

    Parameters
    ----------
    eigenvalue : complex
        Eigenvalue of the mode.
    frequency : float
        Where it was taken, Hz.
    Z : ndarray of shape (n_pops, n_pops)
        Relative change of the eigenvalue per relative change of M_ab, times the eigenvalue:
        Z_ab = left_a M_ab right_b. The entries add up to the eigenvalue.
    along, across : ndarray of shape (n_pops, n_pops)
        Parts of Z towards 1 (amplitude of the peak) and perpendicular to it (frequency).
    """

    eigenvalue: complex
    frequency: float
    Z: ComplexArray
    along: FloatArray
    across: FloatArray


def follow_eigenvalues(values: ComplexArray) -> IntArray:
    """Return the order that turns sets of eigenvalues into continuous trajectories.

    Parameters
    ----------
    values : ndarray of shape (n_freqs, n_modes)
        Eigenvalues, of any unit, at neighbouring frequencies, in any order.

    Returns
    -------
    order : ndarray of int, shape (n_freqs, n_modes)
        ``numpy.take_along_axis(values, order, axis=1)`` holds the trajectories.

    Raises
    ------
    ParameterError
        `values` has another shape.

    Notes
    -----
    Between neighbouring frequencies the pairing with the smallest sum of squared distances
    to the linearly extrapolated trajectories (linear assignment problem).

    References
    ----------
    Definition; assignment by Kuhn (1955), Nav. Res. Logist. Q. 2:83.

    Examples
    --------
    >>> follow_eigenvalues(np.array([[0.0, 1.0], [1.1, 0.1]])).tolist()
    [[0, 1], [1, 0]]
    """
    if values.ndim != 2:
        msg = f"eigenvalues have shape {values.shape}, need (n_freqs, n_modes)"
        raise ParameterError(msg)
    order = np.empty(values.shape, dtype=np.int64)
    order[:1] = np.arange(values.shape[1])
    last = before = values[0]
    for i in range(1, values.shape[0]):
        expected = 2.0 * last - before
        distance = np.abs(expected[:, np.newaxis] - values[i][np.newaxis, :]) ** 2
        order[i] = linear_sum_assignment(distance)[1]
        last, before = values[i][order[i]], last
    return order


def eigenmodes(M: ComplexArray) -> Eigenmodes:
    """Return eigenvalues and eigenvectors of M as continuous trajectories.

    Parameters
    ----------
    M : ndarray of shape (n_freqs, n_pops, n_pops)
        Effective connectivity, dimensionless, at neighbouring frequencies.

    References
    ----------
    Bos, Diesmann & Helias (2016), PLoS Comput. Biol. 12:e1005132.

    Examples
    --------
    >>> M = np.array([[[0.0, -1.0], [1.0, 0.0]]] * 2, dtype=complex)
    >>> eigenmodes(M).values.shape
    (2, 2)
    """
    (M,) = require_square(M, "M")
    values, vectors = np.linalg.eig(M)
    left = np.linalg.inv(vectors)
    order = follow_eigenvalues(values)
    rows = order[:, :, np.newaxis]
    return Eigenmodes(
        values=np.take_along_axis(values, order, axis=1),
        right=np.take_along_axis(np.swapaxes(vectors, -1, -2), rows, axis=1),
        left=np.take_along_axis(left, rows, axis=1),
    )


def critical_indices(values: ComplexArray) -> IntArray:
    """Return for each trajectory the frequency index where it comes closest to 1.

    `values` has shape (n_freqs, n_modes), the result (n_modes,).
    """
    return np.asarray(np.argmin(np.abs(1.0 - values), axis=0))


def sensitivity(
    M: ComplexArray, left: ComplexArray, right: ComplexArray, frequency: float
) -> Sensitivity:
    """Return the sensitivity measure of one mode at one frequency.

    Parameters
    ----------
    M : ndarray of shape (n_pops, n_pops)
        Effective connectivity, dimensionless.
    left, right : ndarray of shape (n_pops,)
        Eigenvectors of the mode, of any unit; their norm and phase do not matter.
    frequency : float
        Recorded in the result, Hz.

    Notes
    -----
    Z_ab = left_a M_ab right_b/(left . right) is the derivative of the eigenvalue with respect
    to log M_ab. With k = (1 - eigenvalue)/|1 - eigenvalue|, the direction towards 1,
    along = Re(Z conj k) and across = Re(Z conj(i k)).

    References
    ----------
    Bos, Diesmann & Helias (2016), PLoS Comput. Biol. 12:e1005132.

    Examples
    --------
    >>> e = np.array([1.0 + 0j, 0.0])
    >>> sensitivity(np.diag([0.9 + 0j, 0.2]), e, e, 1.0).along.round(3).tolist()
    [[0.9, 0.0], [0.0, 0.0]]
    """
    M, left, right = require_square(M, "M", left=left, right=right)
    Z = left[:, np.newaxis] * M * right[np.newaxis, :] / np.sum(left * right)
    eigenvalue = complex(np.sum(Z))
    distance = 1.0 - eigenvalue
    k = distance / abs(distance) if distance != 0.0 else 1.0 + 0.0j
    turned = Z * np.conj(k)
    return Sensitivity(
        eigenvalue=eigenvalue, frequency=frequency, Z=Z, along=turned.real, across=turned.imag
    )


def sensitivities(M: ComplexArray, frequencies: FloatArray) -> list[Sensitivity]:
    """Return the sensitivity of every mode at its critical frequency, closest to 1 first.

    Parameters
    ----------
    M : ndarray of shape (n_freqs, n_pops, n_pops)
        Effective connectivity, dimensionless.
    frequencies : ndarray of shape (n_freqs,)
        Hz, dense enough that trajectories can be followed.

    References
    ----------
    Bos, Diesmann & Helias (2016), PLoS Comput. Biol. 12:e1005132.

    Examples
    --------
    >>> M = np.array([[[0.9, 0.0], [0.0, 0.2]]] * 2, dtype=complex)
    >>> len(sensitivities(M, np.array([1.0, 2.0])))
    2
    """
    modes = eigenmodes(M)
    at = critical_indices(modes.values)
    results = [
        sensitivity(M[i], modes.left[i, mode], modes.right[i, mode], float(frequencies[i]))
        for mode, i in enumerate(at)
    ]
    return sorted(results, key=lambda result: abs(1.0 - result.eigenvalue))
