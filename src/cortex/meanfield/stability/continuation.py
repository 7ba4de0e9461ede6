r"""Curves of solutions F(x) = 0 of n equations in n + 1 unknowns by pseudo-arclength steps.

The curve is followed by a tangent predictor and a Newton corrector on the plane
perpendicular to the tangent (Keller 1977), so it passes through turning points. Unknowns
are scaled by the caller so that a step of 1 is large in none of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from cortex.errors import ConvergenceError, ParameterError
from cortex.typing import FloatArray

Residual = Callable[[FloatArray], FloatArray]
Inside = Callable[[FloatArray], bool]
End = Literal["outside", "lost", "full", "closed"]

MAX_NEWTON: Final = 12
SHRINK: Final = 0.5
GROW: Final = 1.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A curve of solutions.

    Parameters
    ----------
    points : ndarray of shape (n_points, n + 1)
        Solutions in order along the curve, in the unknowns of the caller.
    residual : float
        Largest residual over the points.
    ends : pair of {"outside", "lost", "full", "closed"}
        Why the curve stops before its first and after its last point: it left the region, the
        corrector gave up at the smallest step, the bound of the number of points was reached,
        or it came back to its start.
    """

    points: FloatArray
    residual: float
    ends: tuple[End, End]

    @property
    def is_closed(self) -> bool:
        """Whether the curve came back to its start."""
        return self.ends[1] == "closed"


def jacobian(residual: Residual, x: FloatArray, step: float = 1e-7) -> FloatArray:
    """Return dF/dx, shape (n, n + 1), by one-sided differences in the scaled unknowns.

    Its error of about 1e-7 slows Newton's method down a little but moves no solution. Columns
    are nan where F is not defined one step on.
    """
    at = residual(x)
    shifts = step * np.eye(x.size)
    return np.stack([(residual(x + shift) - at) / step for shift in shifts], axis=1)


def correct(
    residual: Residual, guess: FloatArray, tangent: FloatArray, *, tolerance: float = 1e-10
) -> FloatArray | None:
    """Return the solution on the plane through `guess` perpendicular to `tangent`, or None.

    A tangent along one axis keeps that unknown fixed. The Jacobian is renewed on every
    third iteration only.
    """
    x, matrix = guess.copy(), np.empty((guess.size, guess.size))
    for iteration in range(MAX_NEWTON):
        F = residual(x)
        if not np.all(np.isfinite(F)):
            return None
        if iteration % 3 == 0:
            matrix = np.vstack([jacobian(residual, x), tangent])
        try:
            step = np.linalg.solve(matrix, -np.append(F, tangent @ (x - guess)))
        except np.linalg.LinAlgError:
            return None
        x = x + step
        if not np.max(np.abs(step)) <= 1.0:
            return None
        if np.max(np.abs(step)) < tolerance:
            return x
    return None


def tangent_at(residual: Residual, x: FloatArray, previous: FloatArray) -> FloatArray | None:
    """Return the unit tangent, pointing the same way as `previous`; None beside undefined F."""
    slopes = jacobian(residual, x)
    if not np.all(np.isfinite(slopes)):
        return None
    null = np.linalg.svd(slopes)[2][-1]
    return np.asarray(null if null @ previous >= 0.0 else -null)


def follow_curve(
    residual: Residual,
    start: FloatArray,
    *,
    scale: FloatArray,
    inside: Inside,
    pinned: int | None = None,
    max_step: float = 0.1,
    min_step: float = 1e-5,
    max_points: int = 2000,
) -> Curve:
    """Return the curve of solutions through `start`, both ways until it leaves a region.

    Parameters
    ----------
    residual : callable
        F of shape (n,) for unknowns of shape (n + 1,), each of order one. A `ParameterError`
        says that there is nothing at that point.
    start : ndarray of shape (n + 1,)
        A point near the curve.
    scale : ndarray of shape (n + 1,)
        Typical size of every unknown, in its unit; steps are measured in these.
    inside : callable
        Tells whether a point belongs to the region; the last point of each end lies outside
        or is where the corrector gave up at `min_step`.
    pinned : int, optional
        Index of the unknown that keeps its value while the first point is corrected, so
        that a start on the border of the region stays there.
    max_step, min_step : float
        Bounds of the step along the curve, in scaled unknowns.
    max_points : int
        Bound of the number of points each way.

    Returns
    -------
    Curve
        Points in order, their largest residual, and why the curve ends on either side.

    Raises
    ------
    ConvergenceError
        No solution near `start`, or nothing is defined there.

    References
    ----------
    Keller (1977), in Applications of Bifurcation Theory, p. 359.

    Examples
    --------
    >>> curve = follow_curve(
    ...     lambda x: np.array([x @ x - 1.0]), np.array([1.0, 0.1]), scale=np.ones(2),
    ...     inside=lambda x: x[0] > 0.0,
    ... )
    >>> bool(curve.residual < 1e-9)
    True
    """
    if not 0.0 < min_step <= max_step < np.inf:
        msg = f"steps from {min_step} to {max_step} must be positive, finite and rising"
        raise ParameterError(msg)

    def scaled(y: FloatArray) -> FloatArray:
        try:
            return residual(y * scale)
        except ParameterError:  # no such network: the corrector tries a shorter step
            return np.full(y.size - 1, np.nan)

    guess = np.asarray(start, dtype=float) / scale
    direction = tangent_at(scaled, guess, np.ones(guess.size))
    plane = direction if pinned is None else np.eye(guess.size)[pinned]
    first = None if plane is None else correct(scaled, guess, plane)
    tangent = None if first is None else tangent_at(scaled, first, np.ones(guess.size))
    if first is None or tangent is None:
        msg = f"no point of the curve near {start}; residual {scaled(guess)}"
        raise ConvergenceError(msg, start)

    def walk(direction: FloatArray) -> tuple[list[FloatArray], End]:
        return _walk(
            scaled,
            first,
            direction,
            lambda y: inside(y * scale),
            steps=(max_step, min_step),
            max_points=max_points,
        )

    ahead, end = walk(tangent)
    back, begin = ([first], end) if end == "closed" else walk(-tangent)
    points = np.array(back[::-1] + ahead[1:])
    largest = max(float(np.max(np.abs(scaled(y)))) for y in points)
    return Curve(points=points * scale, residual=largest, ends=(begin, end))


def _walk(
    residual: Residual,
    first: FloatArray,
    tangent: FloatArray,
    inside: Inside,
    *,
    steps: tuple[float, float],
    max_points: int,
) -> tuple[list[FloatArray], End]:
    max_step, min_step = steps
    points, step = [first], 0.2 * max_step
    while len(points) < max_points:
        if step < min_step:
            return points, "lost"
        x = correct(residual, points[-1] + step * tangent, tangent)
        turned = None if x is None else tangent_at(residual, x, tangent)
        if x is None or turned is None or turned @ tangent < 0.9:
            step *= SHRINK
            continue
        points.append(x)
        tangent = turned
        if not inside(x):
            return points, "outside"
        if len(points) > 10 and np.linalg.norm(x - first) < 0.6 * step:
            return [*points, first], "closed"
        step = min(step * GROW, max_step)
    return points, "full"
