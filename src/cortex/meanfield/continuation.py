r"""Curves of solutions F(x) = 0 of n equations in n + 1 unknowns by pseudo-arclength steps.

The curve is followed by a tangent predictor and a Newton corrector on the plane
perpendicular to the tangent (Keller 1977), so it passes through turning points. Unknowns
are scaled by the caller so that a step of 1 is large in none of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from cortex.errors import ConvergenceError, ParameterError
from cortex.typing import FloatArray

Residual = Callable[[FloatArray], FloatArray]
Inside = Callable[[FloatArray], bool]

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
    is_closed : bool
        Whether the curve came back to its start.
    """

    points: FloatArray
    residual: float
    is_closed: bool


def jacobian(residual: Residual, x: FloatArray, step: float = 1e-7) -> FloatArray:
    """Return dF/dx, shape (n, n + 1), by one-sided differences in the scaled unknowns.

    Its error of about 1e-7 slows Newton's method down a little but moves no solution.
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


def tangent_at(residual: Residual, x: FloatArray, previous: FloatArray) -> FloatArray:
    """Return the unit tangent, pointing the same way as `previous`."""
    null = np.linalg.svd(jacobian(residual, x))[2][-1]
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
        Typical size of every unknown; steps are measured in these.
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

    Raises
    ------
    ConvergenceError
        No solution near `start`.
    """

    def scaled(y: FloatArray) -> FloatArray:
        try:
            return residual(y * scale)
        except ParameterError:  # no such network: the corrector tries a shorter step
            return np.full(y.size - 1, np.nan)

    guess = np.asarray(start, dtype=float) / scale
    direction = tangent_at(scaled, guess, np.ones(guess.size))
    first = correct(scaled, guess, direction if pinned is None else np.eye(guess.size)[pinned])
    if first is None:
        msg = f"no point of the curve near {start}; residual {residual(np.asarray(start))}"
        raise ConvergenceError(msg, start)

    def belongs(y: FloatArray) -> bool:
        return inside(y * scale)

    steps = (max_step, min_step)
    ahead, closed = _walk(scaled, first, direction, belongs, steps=steps, max_points=max_points)
    back = (
        [first]
        if closed
        else _walk(scaled, first, -direction, belongs, steps=steps, max_points=max_points)[0]
    )
    points = np.array(back[::-1] + ahead[1:])
    largest = max(float(np.max(np.abs(scaled(y)))) for y in points)
    return Curve(points=points * scale, residual=largest, is_closed=closed)


def _walk(
    residual: Residual,
    first: FloatArray,
    direction: FloatArray,
    inside: Inside,
    *,
    steps: tuple[float, float],
    max_points: int,
) -> tuple[list[FloatArray], bool]:
    max_step, min_step = steps
    points, step = [first], 0.2 * max_step
    tangent = tangent_at(residual, first, direction)
    while len(points) < max_points and step >= min_step:
        x = correct(residual, points[-1] + step * tangent, tangent)
        turned = None if x is None else tangent_at(residual, x, tangent)
        if x is None or turned is None or turned @ tangent < 0.9:
            step *= SHRINK
            continue
        points.append(x)
        tangent = turned
        if not inside(x):
            return points, False
        if len(points) > 10 and np.linalg.norm(x - first) < 0.6 * step:
            return [*points, first], True
        step = min(step * GROW, max_step)
    return points, False
