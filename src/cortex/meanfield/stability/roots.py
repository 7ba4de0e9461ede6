r"""Zeros of characteristic equations det(1 - M(lambda)) = 0, with none missed.

M is the effective connectivity at the complex growth rate lambda (1/s), given with its exact
derivative. Newton's method polishes zeros; the argument principle gives their number.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from cortex.arguments import guarded
from cortex.errors import ConvergenceError, ParameterError
from cortex.meanfield.matrix_function import MatrixAndSlope, MatrixFunction
from cortex.typing import BoolArray, ComplexArray, FloatArray

MAX_REFINEMENTS: Final = 40
MAX_STEPS: Final = 60
DEFLATED_STEPS: Final = 12
DIVERGED: Final = 1e6
"""Norm of 1 - M beyond which a point is a pole of M, not a zero of its determinant."""
FARTHEST: Final = 1e5
"""Distance from the starting points, 1/s, beyond which Newton's method has lost its way."""
PhaseAndSlope = Callable[[ComplexArray], tuple[ComplexArray, FloatArray]]


@guarded
@dataclass(frozen=True, slots=True, kw_only=True)
class Rectangle:
    """A region of growth rates, 1/s: real in `real_limits`, imaginary in `imag_limits`."""

    real_limits: tuple[float, float]
    imag_limits: tuple[float, float]

    def __post_init__(self) -> None:
        """Refuse empty regions."""
        for name, (low, high) in (("real", self.real_limits), ("imag", self.imag_limits)):
            if not low < high:
                msg = f"Rectangle.{name}_limits = ({low}, {high}) 1/s: the first must be smaller"
                raise ParameterError(msg)

    @property
    def size(self) -> float:
        """Length of the longer side, 1/s."""
        return float(max(np.ptp(self.real_limits), np.ptp(self.imag_limits)))

    def widened(self, margin: float) -> "Rectangle":
        """Return the rectangle with `margin` (1/s) added on every side."""
        (a, b), (c, d) = self.real_limits, self.imag_limits
        return Rectangle(real_limits=(a - margin, b + margin), imag_limits=(c - margin, d + margin))

    @property
    def corners(self) -> ComplexArray:
        """The four corners counter-clockwise, the first one repeated at the end."""
        (a, b), (c, d) = self.real_limits, self.imag_limits
        return np.array([a + 1j * c, b + 1j * c, b + 1j * d, a + 1j * d, a + 1j * c])

    def contains(self, lam: ComplexArray) -> BoolArray:
        """Tell which growth rates lie inside."""
        (a, b), (c, d) = self.real_limits, self.imag_limits
        inside: BoolArray = (lam.real >= a) & (lam.real <= b) & (lam.imag >= c) & (lam.imag <= d)
        return inside

    def stepped(self, lam: ComplexArray, step: ComplexArray) -> ComplexArray:
        """Return points after their steps, of a quarter of the size at most, but for lost ones."""
        moved = lam + step * np.minimum(1.0, 0.25 * self.size / np.maximum(np.abs(step), 1e-300))
        return np.where(self.widened(self.size).contains(moved), moved, lam)

    def starts(self, n: int) -> ComplexArray:
        """Return n x n points spread over the inside."""
        (a, b), (c, d) = self.real_limits, self.imag_limits
        t = (np.arange(n) + 0.5) / n
        return ((a + (b - a) * t)[:, np.newaxis] + 1j * (c + (d - c) * t)).ravel()

    def halves(self) -> "Iterator[Rectangle]":
        """Split across the longer side, a little off the middle where symmetric zeros lie."""
        (a, b), (c, d) = self.real_limits, self.imag_limits
        if b - a > d - c:
            cut = a + 0.4871 * (b - a)
            yield Rectangle(real_limits=(a, cut), imag_limits=(c, d))
            yield Rectangle(real_limits=(cut, b), imag_limits=(c, d))
        else:
            cut = c + 0.4871 * (d - c)
            yield Rectangle(real_limits=(a, b), imag_limits=(c, cut))
            yield Rectangle(real_limits=(a, b), imag_limits=(cut, d))


@dataclass(frozen=True, slots=True, kw_only=True)
class Roots:
    """Growth rates that solve a characteristic equation.

    Parameters
    ----------
    lam : ndarray of shape (n_roots,)
        Growth rates, 1/s, largest real part first.
    residual : ndarray of shape (n_roots,)
        Smallest singular value of 1 - M at each.
    converged : ndarray of bool, shape (n_roots,)
        Whether Newton's method met its tolerance.
    """

    lam: ComplexArray
    residual: FloatArray
    converged: BoolArray


def newton_roots(
    function: MatrixFunction,
    start: ComplexArray,
    *,
    region: Rectangle | None = None,
    rtol: float = 1e-11,
) -> Roots:
    """Return the zeros of det(1 - M) reached from the starting points, in their order.

    Parameters
    ----------
    function : callable
        Returns M and its derivative for an array of growth rates.
    start : ndarray of shape (n,)
        Starting points, 1/s.
    region : Rectangle, optional
        Steps are at most a quarter of its size, and points that leave it by more than its
        size are given up (``nan``, not converged); without one, points 1e5 1/s from all starts.
    rtol : float
        Relative size of the last step.

    Notes
    -----
    With the singular vectors u, v of the smallest singular value s of 1 - M the step is
    s/(v^H M' u), Newton's method without a determinant (Ruhe 1973, SIAM J. Numer. Anal. 10:674).
    Where M diverges s can vanish too (a population that projects nowhere): not converged.

    Examples
    --------
    >>> from cortex.meanfield.stability.characteristic import rate_characteristic
    >>> ring = rate_characteristic(np.array([[-5.0]]), np.array([0.01]), np.array([[0.005]]))
    >>> newton_roots(ring, np.array([50.0 + 200j])).lam.round(1).tolist()
    [(40.2+384.2j)]
    """
    lam = np.array(start, dtype=complex).ravel()
    longest = np.inf if region is None else 0.25 * region.size
    active = np.isfinite(lam)
    wide = _near(lam[active]) if region is None else region.widened(region.size)
    residual = np.full(lam.shape, np.inf)
    largest = np.zeros(lam.shape)
    for _ in range(MAX_STEPS):
        if not np.any(active):
            break
        step, residual[active], largest[active] = _newton_step(function(lam[active]))
        step *= np.minimum(1.0, longest / np.maximum(np.abs(step), 1e-300))
        moved = lam[active] + step
        lost = ~wide.contains(moved)
        lam[active] = np.where(lost, np.nan, moved)
        active[active] = (np.abs(step) > rtol * np.maximum(np.abs(moved), 1.0)) & ~lost
    converged = ~active & np.isfinite(lam) & (largest < DIVERGED)
    return Roots(lam=lam, residual=residual, converged=converged)


def _near(lam: ComplexArray) -> Rectangle:
    """Return the region around points that Newton's method may not leave."""
    re, im = (
        (float(np.min(x, initial=0.0)) - FARTHEST, float(np.max(x, initial=0.0)) + FARTHEST)
        for x in (lam.real, lam.imag)
    )
    return Rectangle(real_limits=re, imag_limits=im)


def _newton_step(at: MatrixAndSlope) -> tuple[ComplexArray, FloatArray, FloatArray]:
    """Return the step and the extreme singular values of 1 - M; nan and inf where M is infinite."""
    identity = np.eye(at.M.shape[-1])
    finite = np.all(np.isfinite(at.M) & np.isfinite(at.slope), axis=(-2, -1))
    inside = finite[..., np.newaxis, np.newaxis]
    left, s, right = np.linalg.svd(identity - np.where(inside, at.M, 0.0))
    v, u = left[..., :, -1].conj(), right[..., -1, :].conj()
    slope = np.einsum("...i,...ij,...j", v, np.where(inside, at.slope, 0.0), u)
    flat = slope == 0.0
    step = np.where(flat, np.nan, s[..., -1] / np.where(flat, 1.0, slope))
    smallest, largest = (np.where(finite, s[..., i], np.inf) for i in (-1, 0))
    return step, smallest, largest


def count_zeros(function: MatrixFunction, region: Rectangle) -> int:
    """Return the number of zeros minus the number of poles of det(1 - M) in a rectangle.

    Notes
    -----
    The winding number of det(1 - M) along the border (Delves & Lyness 1967, Math. Comput. 21:543).
    Intervals are halved until the change of phase agrees with the one that the exact derivative
    predicts at both ends.

    Raises
    ------
    ConvergenceError
        The phase cannot be followed because a zero lies on the border.

    Examples
    --------
    >>> from cortex.meanfield.stability.characteristic import rate_characteristic
    >>> ring = rate_characteristic(np.array([[-5.0]]), np.array([0.01]), np.array([[0.005]]))
    >>> count_zeros(ring, Rectangle(real_limits=(-50.0, 200.0), imag_limits=(-1.0, 1000.0)))
    1
    """

    def sampled(lam: ComplexArray) -> tuple[ComplexArray, FloatArray]:
        return _log_derivative(function, lam)

    return winding_number(sampled, region)


def winding_number(sampled: PhaseAndSlope, region: Rectangle) -> int:
    """Return the winding number of a function f from d log f/d lambda and its phase, rad.

    `sampled` returns both for an array of growth rates.

    Raises
    ------
    ConvergenceError
        A zero or pole lies on the border.
    """
    total = sum(_phase_change(sampled, a, b) for a, b in pairwise(region.corners))
    turns = total / (2.0 * np.pi)
    if not abs(turns - np.round(turns)) < 1e-3:
        msg = f"the phase along the border of {region} makes {turns:.4f} turns, not a whole number"
        raise ConvergenceError(msg, turns)
    return round(turns)


def _phase_change(sampled: PhaseAndSlope, a: complex, b: complex) -> float:
    t = np.linspace(0.0, 1.0, 33)
    log_slope, phase = sampled(_line(a, b, t))
    for _ in range(MAX_REFINEMENTS):
        step = np.angle(np.exp(1j * np.diff(phase)))
        rate = (log_slope * (b - a)).imag
        predicted = 0.5 * (rate[1:] + rate[:-1]) * np.diff(t)
        if not np.all(np.isfinite(step - predicted)):
            break
        rough = (np.abs(step - predicted) > 0.3) | (np.abs(step) > 1.0)
        if not np.any(rough):
            return float(np.sum(step))
        middle = 0.5 * (t[1:] + t[:-1])[rough]
        more_slope, more_phase = sampled(_line(a, b, middle))
        order = np.argsort(np.concatenate([t, middle]))
        t = np.concatenate([t, middle])[order]
        log_slope = np.concatenate([log_slope, more_slope])[order]
        phase = np.concatenate([phase, more_phase])[order]
    msg = f"a zero or pole lies between {a:.6g} and {b:.6g} 1/s; shift the border of the region"
    raise ConvergenceError(msg, float(np.sum(step)))


def _line(a: complex, b: complex, t: FloatArray) -> ComplexArray:
    return np.asarray(a + (b - a) * t, dtype=np.complex128)


def _log_derivative(function: MatrixFunction, lam: ComplexArray) -> tuple[ComplexArray, FloatArray]:
    """Return f'/f and the phase of f = det(1 - M): f'/f = -tr((1 - M)^-1 M')."""
    at = function(lam)
    rest = np.eye(at.M.shape[-1]) - at.M
    try:
        slope = -np.trace(np.linalg.solve(rest, at.slope), axis1=-2, axis2=-1)
    except np.linalg.LinAlgError:  # exactly singular: a zero on the border
        slope = np.full(lam.shape, np.nan, dtype=np.complex128)
    phase: FloatArray = np.angle(np.linalg.slogdet(rest)[0])
    return slope, phase


def find_roots(
    function: MatrixFunction,
    region: Rectangle,
    *,
    guesses: ComplexArray | None = None,
    n_poles: Callable[[Rectangle], int] | None = None,
    poles: Callable[[Rectangle], ComplexArray] | None = None,
    max_splits: int = 12,
) -> Roots:
    """Return every zero of det(1 - M) in a rectangle, largest real part first.

    Parameters
    ----------
    function : callable
        M and its derivative, analytic in the region but for poles.
    region : Rectangle
        Where to look; of a real system the upper half plane, with a margin below, suffices.
    guesses : ndarray of shape (n_guesses,), optional
        Starting points known beforehand, 1/s, e.g. the zeros at a neighbouring parameter.
    n_poles : callable, optional
        Number of poles of det(1 - M) in a rectangle; none by default.
    poles : callable, optional
        Those poles in a rectangle that can be located, 1/s, each as often as its order.
    max_splits : int
        How often the region may be halved.

    Raises
    ------
    ConvergenceError
        The zeros found are fewer than the argument principle counts; carries them.

    Notes
    -----
    Newton's method starts from a few points of the region. When it finds as many distinct zeros as
    `count_zeros` says, all are found; otherwise each half is searched. As for `count_zeros`.

    Examples
    --------
    >>> from cortex.meanfield.stability.characteristic import rate_characteristic
    >>> ring = rate_characteristic(np.array([[-5.0]]), np.array([0.01]), np.array([[0.005]]))
    >>> region = Rectangle(real_limits=(-50.0, 200.0), imag_limits=(-1.0, 1000.0))
    >>> find_roots(ring, region).lam.round(1).tolist()
    [(40.2+384.2j)]
    """
    expected = count_zeros(function, region) + (0 if n_poles is None else n_poles(region))
    found = _search(function, region, expected, guesses, poles)
    if found.lam.size == expected:
        return found
    if max_splits == 0:
        msg = (
            f"found {found.lam.size} of {expected} zeros in {region}; a multiple zero, or "
            "the matrix function is not analytic there"
        )
        raise ConvergenceError(msg, found)
    parts = [
        find_roots(
            function,
            half,
            guesses=found.lam,
            n_poles=n_poles,
            poles=poles,
            max_splits=max_splits - 1,
        )
        for half in region.halves()
    ]
    return _sorted(
        Roots(
            lam=np.concatenate([part.lam for part in parts]),
            residual=np.concatenate([part.residual for part in parts]),
            converged=np.concatenate([part.converged for part in parts]),
        )
    )


def _search(
    function: MatrixFunction,
    region: Rectangle,
    expected: int,
    guesses: ComplexArray | None,
    poles: Callable[[Rectangle], ComplexArray] | None,
) -> Roots:
    """Return the distinct zeros reached from the guesses and, if too few, from a grid and poles."""
    known = np.empty(0, dtype=np.complex128) if guesses is None else np.asarray(guesses)
    found = Roots(lam=known[:0], residual=np.empty(0), converged=np.empty(0, dtype=np.bool_))
    for starts in (known, np.append(known, region.starts(4))):
        if found.lam.size < expected and starts.size:
            found = _distinct(newton_roots(function, starts, region=region), region)
    before = -1
    while poles is not None and before < found.lam.size < expected:
        before = found.lam.size
        starts = np.append(found.lam, _starts_left(function, region, found.lam, poles(region)))
        found = _distinct(newton_roots(function, starts, region=region), region)
    return found


def _starts_left(
    function: MatrixFunction, region: Rectangle, zeros: ComplexArray, poles: ComplexArray
) -> ComplexArray:
    """Return starting points for what is left, 1/s: zeros of f prod(lambda - pole) / (- zero).

    A population that hardly responds has a zero next to every relaxation mode of its neurons, too
    close for Newton's method to hit it from afar. Times (lambda - pole) the determinant is smooth
    there; over (lambda - zero) it leads to no zero again (Maehly 1954).
    """
    beside = np.outer(poles, 1.0 + 1e-3 * np.array([1.0 + 1.0j, -1.0 - 1.0j])).ravel()
    lam = np.append(beside, region.starts(2))
    for _ in range(DEFLATED_STEPS):
        with np.errstate(divide="ignore", invalid="ignore"):
            away = 1.0 / (lam[:, np.newaxis] - np.append(poles, zeros))
            away[:, poles.size :] *= -1.0
            slope = _log_derivative(function, lam)[0] + np.sum(away, axis=1)
            lam = region.stepped(lam, -1.0 / slope)
    return lam


def _sorted(roots: Roots) -> Roots:
    order = np.argsort(-roots.lam.real, kind="stable")
    return Roots(
        lam=roots.lam[order], residual=roots.residual[order], converged=roots.converged[order]
    )


def _distinct(roots: Roots, region: Rectangle, rtol: float = 1e-7) -> Roots:
    """Keep converged zeros inside the region, each once."""
    kept: list[int] = []
    for i in np.flatnonzero(roots.converged & region.contains(roots.lam)):
        size = max(abs(roots.lam[i]), 1.0)
        if all(abs(roots.lam[i] - roots.lam[j]) > rtol * size for j in kept):
            kept.append(int(i))
    return _sorted(
        Roots(lam=roots.lam[kept], residual=roots.residual[kept], converged=roots.converged[kept])
    )
