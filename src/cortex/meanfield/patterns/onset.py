"""Where waves begin on a ring: lines in the plane of relative inhibition and delay."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from cortex.meanfield.matrix_function import MatrixFunction
from cortex.meanfield.patterns.ring_patterns import (
    RateApproximation,
    rate_characteristic_at,
    ring_of,
)
from cortex.meanfield.response.connectivity_matrix import spiking_characteristic
from cortex.meanfield.response.response_fit import rate_weights
from cortex.meanfield.stability.continuation import Curve, follow_curve
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.params.network import PopulationNetwork
from cortex.typing import ComplexArray, FloatArray

RingFamily = Callable[[float, float, float], MatrixFunction]


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

    References
    ----------
    Senk et al. (2020), Phys. Rev. Research 2:023174, for the condition at one wave number.

    Examples
    --------
    >>> from cortex.meanfield.stability.characteristic import rate_characteristic
    >>> def family(g, delay, k):
    ...     W = np.array([[-g * np.exp(-0.5 * (1e-4 * k - 1.0) ** 2)]])
    ...     return rate_characteristic(W, np.array([0.01]), np.array([[delay]]))
    >>> line = onset_line(
    ...     family, np.array([3.8, 5e-3, 1e4, 58.0]), g_limits=(3.0, 5.0), delay_limits=(4e-3, 6e-3)
    ... )
    >>> bool(abs(line.points[:, 2] - 1e4).max() < 1.0)
    True
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
