r"""Bifurcation lines of spiking networks in a plane of two parameters, by continuation.

Along a saddle-node (fold) line two fixed points of the rates merge: det(1 - M(0)) = 0. Along
a Hopf line the stationary state begins to oscillate: det(1 - M(2 pi i f)) = 0. Rates,
parameters and frequency are unknowns of one system that `continuation.follow_curve` follows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from cortex.arguments import guarded
from cortex.errors import ConvergenceError
from cortex.meanfield.response.connectivity_matrix import effective_connectivity
from cortex.meanfield.stability.continuation import (
    Curve,
    Inside,
    Residual,
    correct,
    follow_curve,
    tangent_at,
)
from cortex.meanfield.stability.equilibria import LOG_RATE_SCALE, flow_and_determinant, state_at
from cortex.meanfield.stationary.packed import ClosedForm
from cortex.params.network import PopulationNetwork
from cortex.typing import FloatArray

Family = Callable[[float, float], PopulationNetwork]
Kind = Literal["fold", "hopf"]

FREQUENCY_SCALE: Final = 50.0  # Hz


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BifurcationLine:
    """A line in the plane of two parameters on which a state changes its stability.

    Parameters
    ----------
    kind : {"fold", "hopf"}
        Merging of two fixed points, or onset of an oscillation.
    parameters : ndarray of shape (n_points, 2)
        The two parameters in order along the line.
    nu : ndarray of shape (n_points, n_pops)
        Rates of the marginal state, Hz.
    frequency : ndarray of shape (n_points,)
        Frequency of the marginal mode, Hz; zero on a fold.
    residual : float
        Largest residual of the equations, dimensionless.
    """

    kind: Kind
    parameters: FloatArray
    nu: FloatArray
    frequency: FloatArray
    residual: float


@guarded
@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The part of the parameter plane in which lines are followed.

    Parameters
    ----------
    first, second : (low, high)
        Limits of the two parameters.
    max_frequency : float
        Highest frequency of an onset that is looked for, Hz.
    """

    first: tuple[float, float]
    second: tuple[float, float]
    max_frequency: float = 500.0

    def contains(self, a: float, b: float) -> bool:
        """Tell whether a point lies inside."""
        return bool(self.first[0] <= a <= self.first[1] and self.second[0] <= b <= self.second[1])

    @property
    def scale(self) -> FloatArray:
        """Lengths that count as one step of the continuation."""
        sides = (self.first[1] - self.first[0], self.second[1] - self.second[0])
        return 0.3 * np.array(sides)


def hopf_line(
    family: Family,
    window: Window,
    *,
    parameters: tuple[float, float],
    nu: FloatArray,
    frequency: float,
    pinned: int | None = None,
    method: ClosedForm = "shift",
    max_step: float = 0.1,
) -> BifurcationLine:
    """Return the Hopf line through a point near it.

    Parameters
    ----------
    family : callable
        Returns the network for two parameters.
    window : Window
        Where the line is followed.
    parameters : (float, float)
        Of a point near the line.
    nu : ndarray of shape (n_pops,)
        Rates at that point, Hz.
    frequency : float
        That of the mode at that point, Hz.
    pinned : 0 or 1, optional
        The parameter that keeps its value while the first point is corrected.
    method : {"shift", "taylor"}
        Treatment of colored noise.
    max_step : float
        Largest step in units of 0.3 window sides, e-folds of the rates and 50 Hz.

    Returns
    -------
    BifurcationLine
        The line both ways until it leaves the window.

    Raises
    ------
    ConvergenceError
        There is no line near the start, or none of its points lies in the window.

    References
    ----------
    Keller (1977), for the continuation; Brunel (2000), J. Comput. Neurosci. 8:183, for the
    network.

    Examples
    --------
    >>> from cortex.params.brunel import BrunelParams
    >>> def family(g, ratio):
    ...     return BrunelParams(g=g, nu_ext_ratio=ratio).network()
    >>> line = hopf_line(
    ...     family, Window(first=(5.2, 5.6), second=(3.5, 4.0)), parameters=(5.4, 4.0),
    ...     nu=np.array([70.0, 70.0]), frequency=180.0, pinned=1, max_step=0.5,
    ... )
    >>> bool(np.ptp(line.frequency) < 10.0)
    True
    """
    residual = _hopf_residual(family, method)
    start = np.concatenate([parameters, np.log(nu), [frequency]])
    scale = np.concatenate([window.scale, np.full(nu.size, LOG_RATE_SCALE), [FREQUENCY_SCALE]])

    def inside(x: FloatArray) -> bool:
        return window.contains(x[0], x[1]) and 0.0 < x[-1] <= window.max_frequency

    curve = follow_curve(
        residual, start, scale=scale, inside=inside, pinned=pinned, max_step=max_step
    )
    return _line("hopf", curve, inside, slice(2, -1), curve.points[:, -1])


def hopf_point(
    family: Family,
    *,
    parameters: tuple[float, float],
    nu: FloatArray,
    frequency: float,
    pinned: int | None,
    method: ClosedForm = "shift",
) -> BifurcationLine:
    """Return the one point of a Hopf line at which the parameter `pinned` has its value.

    Arguments as in `hopf_line`; without `pinned` the point across from the start.

    Raises
    ------
    ConvergenceError
        Newton's method does not reach a Hopf point from the start.

    References
    ----------
    As for `hopf_line`.

    Examples
    --------
    >>> from cortex.params.brunel import BrunelParams
    >>> def family(g, ratio):
    ...     return BrunelParams(g=g, nu_ext_ratio=ratio).network()
    >>> found = hopf_point(
    ...     family, parameters=(5.4, 4.0), nu=np.array([70.0, 70.0]), frequency=180.0, pinned=1
    ... )
    >>> found.frequency.round().tolist()
    [184.0]
    """
    start = np.concatenate([parameters, np.log(nu), [frequency]])
    scale = np.append(np.ones(start.size - 1), FREQUENCY_SCALE)
    x, residual = _solve_near(_hopf_residual(family, method), start, scale, pinned)
    return BifurcationLine(
        kind="hopf",
        parameters=x[np.newaxis, :2],
        nu=np.exp(x[np.newaxis, 2:-1]),
        frequency=x[-1:],
        residual=residual,
    )


def fold_point(
    family: Family,
    *,
    parameters: tuple[float, float],
    nu: FloatArray,
    pinned: int | None,
    method: ClosedForm = "shift",
) -> BifurcationLine:
    """Return the one point of a fold line at which the parameter `pinned` has its value.

    Arguments as in `hopf_line`; without `pinned` the point across from the start.

    Raises
    ------
    ConvergenceError
        Newton's method does not reach a fold from the start.
    """
    start = np.concatenate([parameters, np.log(nu)])
    x, residual = _solve_near(_fold_residual(family, method), start, np.ones(start.size), pinned)
    return BifurcationLine(
        kind="fold",
        parameters=x[np.newaxis, :2],
        nu=np.exp(x[np.newaxis, 2:]),
        frequency=np.zeros(1),
        residual=residual,
    )


def _solve_near(
    residual: Residual, start: FloatArray, scale: FloatArray, pinned: int | None
) -> tuple[FloatArray, float]:
    """Return the solution with the unknown `pinned` of `start`, and its largest residual."""

    def scaled(y: FloatArray) -> FloatArray:
        return residual(y * scale)

    guess = start / scale
    axis = np.eye(start.size)[pinned or 0]
    plane = axis if pinned is not None else tangent_at(scaled, guess, axis)
    found = None if plane is None else correct(scaled, guess, plane)
    if found is None:
        msg = f"no bifurcation near (parameters, log rates, Hz) = {start}; start closer to the line"
        raise ConvergenceError(msg, start)
    x = found * scale
    return x, float(np.max(np.abs(residual(x))))


def _hopf_residual(family: Family, method: ClosedForm) -> Residual:
    """Return F(x) of x = (parameters, log nu, f): rates and det(1 - M(2 pi i f))."""

    def residual(x: FloatArray) -> FloatArray:
        network = family(float(x[0]), float(x[1]))
        state, mismatch = state_at(network, x[2:-1], method)
        M = effective_connectivity(network, state, np.array([x[-1]]))[0]
        determinant = np.linalg.det(np.eye(M.shape[0]) - M)
        return np.concatenate([mismatch, [determinant.real, determinant.imag]])

    return residual


def fold_line(
    family: Family,
    window: Window,
    *,
    parameters: tuple[float, float],
    nu: FloatArray,
    pinned: int | None = None,
    method: ClosedForm = "shift",
    max_step: float = 0.1,
) -> BifurcationLine:
    """Return the saddle-node line through a point near it.

    Arguments, result and errors as in `hopf_line`.

    Keller (1977), for the continuation; Brunel (2000), J. Comput. Neurosci. 8:183, for the
    network.

    Examples
    --------
    >>> from cortex.params.brunel import BrunelParams
    >>> def family(g, ratio):
    ...     return BrunelParams(g=g, nu_ext_ratio=ratio).network()
    >>> line = fold_line(
    ...     family, Window(first=(2.8, 4.2), second=(0.75, 0.9)), parameters=(3.8, 0.82),
    ...     nu=np.array([3.0, 3.0]), max_step=0.5,
    ... )
    >>> float(abs(line.frequency).max())
    0.0
    """
    residual = _fold_residual(family, method)
    start = np.concatenate([parameters, np.log(nu)])
    scale = np.concatenate([window.scale, np.full(nu.size, LOG_RATE_SCALE)])

    def inside(x: FloatArray) -> bool:
        return window.contains(x[0], x[1])

    curve = follow_curve(
        residual, start, scale=scale, inside=inside, pinned=pinned, max_step=max_step
    )
    return _line("fold", curve, inside, slice(2, None), np.zeros(curve.points.shape[0]))


def _fold_residual(family: Family, method: ClosedForm) -> Residual:
    """Return F(x) of x = (parameters, log nu): rates and det(1 - M(0))."""

    def residual(x: FloatArray) -> FloatArray:
        return np.append(*flow_and_determinant(family(x[0], x[1]), x[2:], method))

    return residual


def _line(
    kind: Kind, curve: Curve, inside: Inside, rates: slice, frequency: FloatArray
) -> BifurcationLine:
    """Drop the end points beyond the window and undo the logarithm of the rates."""
    kept = np.array([inside(x) for x in curve.points])
    if not np.any(kept):
        msg = f"the {kind} line found near the start lies outside the window: {curve.points[0]}"
        raise ConvergenceError(msg, curve)
    return BifurcationLine(
        kind=kind,
        parameters=curve.points[kept, :2],
        nu=np.exp(curve.points[kept, rates]),
        frequency=frequency[kept],
        residual=curve.residual,
    )
