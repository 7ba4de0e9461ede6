r"""Bifurcation lines of spiking networks in a plane of two parameters, by continuation.

Along a saddle-node (fold) line two fixed points of the rates merge: det(1 - M(0)) = 0. Along
a Hopf line the stationary state begins to oscillate: det(1 - M(2 pi i f)) = 0. Rates,
parameters and frequency are unknowns of one system that `continuation.follow_curve` follows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from cortex.errors import ConvergenceError
from cortex.meanfield.connectivity_matrix import effective_connectivity
from cortex.meanfield.continuation import Curve, Inside, correct, follow_curve
from cortex.meanfield.moments import input_std, mean_input
from cortex.meanfield.siegert import Method
from cortex.meanfield.working_point import RateEquation, WorkingPoint, solve_working_point
from cortex.params.network import PopulationNetwork
from cortex.typing import FloatArray

Family = Callable[[float, float], PopulationNetwork]
Kind = Literal["fold", "hopf"]

LOG_RATE_SCALE: Final = 1.0  # one e-fold of the rates
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
    method: Method = "shift",
    max_step: float = 0.1,
) -> BifurcationLine:
    """Return the Hopf line through a point near it.

    Parameters
    ----------
    family : callable
        Returns the network for two parameters.
    window : Window
        Where the line is followed.
    parameters, nu, frequency
        A point near the line: parameters, rates (Hz) and frequency (Hz).
    pinned : 0 or 1, optional
        The parameter that keeps its value while the first point is corrected.
    method : {"shift", "taylor"}
        Treatment of colored noise.
    max_step : float
        Largest step in units of 0.3 window sides, e-folds of the rates and 50 Hz.
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
    pinned: int,
    method: Method = "shift",
) -> BifurcationLine:
    """Return the one point of a Hopf line at which the parameter `pinned` has its value.

    Arguments as in `hopf_line`.

    Raises
    ------
    ConvergenceError
        Newton's method does not reach a Hopf point from the start.
    """
    residual = _hopf_residual(family, method)
    start = np.concatenate([parameters, np.log(nu), [frequency]])
    scale = np.ones(start.size)
    scale[-1] = FREQUENCY_SCALE
    found = correct(lambda y: residual(y * scale), start / scale, np.eye(start.size)[pinned])
    if found is None:
        msg = f"no Hopf point near {parameters} at {frequency} Hz; start closer to the line"
        raise ConvergenceError(msg, start)
    x = found * scale
    return BifurcationLine(
        kind="hopf",
        parameters=x[np.newaxis, :2],
        nu=np.exp(x[np.newaxis, 2:-1]),
        frequency=x[-1:],
        residual=float(np.max(np.abs(residual(x)))),
    )


def _hopf_residual(family: Family, method: Method) -> Callable[[FloatArray], FloatArray]:
    """Return F(x) of x = (parameters, log nu, f): rates and det(1 - M(2 pi i f))."""

    def residual(x: FloatArray) -> FloatArray:
        network, state, mismatch = _state(family, x[:2], x[2:-1], method)
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
    method: Method = "shift",
    max_step: float = 0.1,
) -> BifurcationLine:
    """Return the saddle-node line through a point near it; arguments as in `hopf_line`."""

    def residual(x: FloatArray) -> FloatArray:
        return np.append(*_flow_and_determinant(family(x[0], x[1]), x[2:], method))

    start = np.concatenate([parameters, np.log(nu)])
    scale = np.concatenate([window.scale, np.full(nu.size, LOG_RATE_SCALE)])

    def inside(x: FloatArray) -> bool:
        return window.contains(x[0], x[1])

    curve = follow_curve(
        residual, start, scale=scale, inside=inside, pinned=pinned, max_step=max_step
    )
    return _line("fold", curve, inside, slice(2, None), np.zeros(curve.points.shape[0]))


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


def _state(
    family: Family, parameters: FloatArray, log_nu: FloatArray, method: Method
) -> tuple[PopulationNetwork, WorkingPoint, FloatArray]:
    """Return the network, a state with the given rates, and log phi(nu) - log nu."""
    network = family(float(parameters[0]), float(parameters[1]))
    equation = RateEquation.of(network, method)
    nu = np.exp(log_nu)
    flow, _ = equation.flow(nu)
    state = WorkingPoint(
        nu=nu,
        mu=mean_input(network, nu),
        sigma=input_std(network, nu),
        tau_s=equation.tau_s,
        method=method,
        slope_eigenvalues=np.empty(0, dtype=np.complex128),
        residual=float(np.max(np.abs(flow))),
        n_iterations=0,
        converged=False,
    )
    return network, state, _log_ratio(flow, nu)


def _log_ratio(flow: FloatArray, nu: FloatArray) -> FloatArray:
    """Return log(phi/nu); nan where phi is not positive, which ends a continuation."""
    ratio = 1.0 + flow / nu
    return np.log(ratio, out=np.full(nu.shape, np.nan), where=ratio > 0.0)


def _flow_and_determinant(
    network: PopulationNetwork, log_nu: FloatArray, method: Method
) -> tuple[FloatArray, float]:
    nu = np.exp(log_nu)
    flow, jacobian = RateEquation.of(network, method).flow(nu)
    return _log_ratio(flow, nu), float(np.linalg.det(jacobian))


def equilibrium_curve(
    family: Callable[[float], PopulationNetwork],
    limits: tuple[float, float],
    *,
    start: float,
    nu_start: FloatArray | None = None,
    method: Method = "shift",
    max_step: float = 0.1,
) -> Curve:
    """Return the fixed points over one parameter, through all folds.

    Parameters
    ----------
    family : callable
        Returns the network for the parameter.
    limits : (low, high)
        Where the curve is followed.
    start : float
        Parameter at which the curve begins.
    nu_start : ndarray of shape (n_pops,), optional
        Rates from which the first state is reached, Hz; zero by default.

    Returns
    -------
    Curve
        Points (parameter, log nu_1, ..., log nu_n).
    """
    first = solve_working_point(family(start), method=method, nu_start=nu_start)
    scale = np.append(0.3 * (limits[1] - limits[0]), np.full(first.nu.size, LOG_RATE_SCALE))

    def residual(x: FloatArray) -> FloatArray:
        return _flow_and_determinant(family(float(x[0])), x[1:], method)[0]

    def inside(x: FloatArray) -> bool:
        return bool(limits[0] <= x[0] <= limits[1] and np.all(x[1:] > np.log(1e-12)))

    return follow_curve(
        residual,
        np.append(start, np.log(first.nu)),
        scale=scale,
        inside=inside,
        pinned=0,
        max_step=max_step,
    )


def find_folds(
    family: Callable[[float], PopulationNetwork], curve: Curve, *, method: Method = "shift"
) -> FloatArray:
    """Return the points of an equilibrium curve next to which det(1 - M(0)) changes sign."""
    signs = np.array(
        [_flow_and_determinant(family(float(x[0])), x[1:], method)[1] for x in curve.points]
    )
    crossing = np.flatnonzero(np.sign(signs[1:]) != np.sign(signs[:-1]))
    return 0.5 * (curve.points[crossing] + curve.points[crossing + 1])


def find_hopf_points(
    family: Callable[[float], PopulationNetwork],
    values: FloatArray,
    frequencies: FloatArray,
    *,
    method: Method = "shift",
) -> Iterator[tuple[float, FloatArray, float]]:
    """Yield (parameter, rates, frequency) near every Hopf point of a scan.

    Parameters
    ----------
    family : callable
        Returns the network for the parameter.
    values : ndarray of shape (n_values,)
        Parameters of the scan; the state is the one reached from 0 Hz.
    frequencies : ndarray of shape (n_freqs,)
        Frequencies of the search, Hz.

    Notes
    -----
    det(1 - M) winds once around zero along the border of a cell of the grid
    (parameter, frequency) that holds a Hopf point.
    """
    points = [solve_working_point(family(float(v)), method=method) for v in values]
    phase = []
    for value, point in zip(values, points, strict=True):
        M = effective_connectivity(family(float(value)), point, frequencies)
        phase.append(np.angle(np.linalg.det(np.eye(M.shape[-1]) - M)))
    turns = _cell_windings(np.array(phase))
    for i, j in zip(*np.nonzero(turns), strict=True):
        middle = 0.5 * (frequencies[j] + frequencies[j + 1])
        yield 0.5 * (values[i] + values[i + 1]), 0.5 * (points[i].nu + points[i + 1].nu), middle


def _cell_windings(phase: FloatArray) -> FloatArray:
    """Return the winding number around every cell of a grid of phases."""

    def wrap(difference: FloatArray) -> FloatArray:
        return np.asarray((difference + np.pi) % (2.0 * np.pi) - np.pi)

    along_first = wrap(np.diff(phase, axis=0))
    along_second = wrap(np.diff(phase, axis=1))
    total = along_first[:, :-1] + along_second[1:] - along_first[:, 1:] - along_second[:-1]
    return np.round(total / (2.0 * np.pi))
