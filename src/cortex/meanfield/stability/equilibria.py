r"""Fixed points of the rates over one parameter, and the bifurcations on the way.

Curves are followed in (parameter, log rates), through all folds; a fold is where det(1 - M(0))
changes sign, a Hopf point where the phase of det(1 - M(2 pi i f)) winds.
"""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from cortex.meanfield.response.connectivity_matrix import effective_connectivity
from cortex.meanfield.stability.continuation import Curve, follow_curve
from cortex.meanfield.stationary.moments import input_std, mean_input
from cortex.meanfield.stationary.packed import ClosedForm
from cortex.meanfield.stationary.working_point import (
    RateEquation,
    WorkingPoint,
    solve_working_point,
)
from cortex.params.network import PopulationNetwork
from cortex.typing import FloatArray

LOG_RATE_SCALE: Final = 1.0  # one e-fold of the rates


def state_at(
    network: PopulationNetwork, log_nu: FloatArray, method: ClosedForm
) -> tuple[WorkingPoint, FloatArray]:
    """Return a state with the given rates, and log phi(nu) - log nu."""
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
    return state, _log_ratio(flow, nu)


def _log_ratio(flow: FloatArray, nu: FloatArray) -> FloatArray:
    """Return log(phi/nu); nan where phi is not positive, which ends a continuation."""
    ratio = 1.0 + flow / nu
    return np.log(ratio, out=np.full(nu.shape, np.nan), where=ratio > 0.0)


def flow_and_determinant(
    network: PopulationNetwork, log_nu: FloatArray, method: ClosedForm
) -> tuple[FloatArray, float]:
    """Return log phi(nu) - log nu and the determinant of the Jacobian of phi(nu) - nu."""
    nu = np.exp(log_nu)
    flow, jacobian = RateEquation.of(network, method).flow(nu)
    return _log_ratio(flow, nu), float(np.linalg.det(jacobian))


def equilibrium_curve(
    family: Callable[[float], PopulationNetwork],
    limits: tuple[float, float],
    *,
    start: float,
    nu_start: FloatArray | None = None,
    method: ClosedForm = "shift",
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

    Raises
    ------
    ConvergenceError
        No state at the start, or a silent one, which has no logarithm.
    """
    first = solve_working_point(family(start), method=method, nu_start=nu_start)
    scale = np.append(0.3 * (limits[1] - limits[0]), np.full(first.nu.size, LOG_RATE_SCALE))

    def residual(x: FloatArray) -> FloatArray:
        return flow_and_determinant(family(float(x[0])), x[1:], method)[0]

    def inside(x: FloatArray) -> bool:
        return bool(limits[0] <= x[0] <= limits[1] and np.all(x[1:] > np.log(1e-12)))

    return follow_curve(
        residual,
        np.append(start, np.log(np.maximum(first.nu, 1e-300))),
        scale=scale,
        inside=inside,
        pinned=0,
        max_step=max_step,
    )


def find_folds(
    family: Callable[[float], PopulationNetwork], curve: Curve, *, method: ClosedForm = "shift"
) -> FloatArray:
    """Return the points of an equilibrium curve next to which det(1 - M(0)) changes sign."""
    signs = np.array(
        [flow_and_determinant(family(float(x[0])), x[1:], method)[1] for x in curve.points]
    )
    crossing = np.flatnonzero(np.sign(signs[1:]) != np.sign(signs[:-1]))
    return 0.5 * (curve.points[crossing] + curve.points[crossing + 1])


def find_hopf_points(
    family: Callable[[float], PopulationNetwork],
    curve: Curve,
    frequencies: FloatArray,
    *,
    method: ClosedForm = "shift",
) -> Iterator[tuple[FloatArray, float]]:
    """Yield (point, frequency in Hz) near every Hopf point of an equilibrium curve.

    Parameters
    ----------
    family, curve
        As in `equilibrium_curve`, and its result.
    frequencies : ndarray of shape (n_freqs,)
        Frequencies of the search, Hz.

    Notes
    -----
    det(1 - M) winds once around zero along the border of a cell of the grid
    (point of the curve, frequency) that holds a Hopf point.
    """
    phase = []
    for x in curve.points:
        network = family(float(x[0]))
        state, _ = state_at(network, x[1:], method)
        M = effective_connectivity(network, state, frequencies)
        phase.append(np.angle(np.linalg.det(np.eye(M.shape[-1]) - M)))
    for i, j in zip(*np.nonzero(_cell_windings(np.array(phase))), strict=True):
        middle = 0.5 * (frequencies[j] + frequencies[j + 1])
        yield 0.5 * (curve.points[i] + curve.points[i + 1]), float(middle)


def _cell_windings(phase: FloatArray) -> FloatArray:
    """Return the winding number around every cell of a grid of phases."""

    def wrap(difference: FloatArray) -> FloatArray:
        return np.asarray((difference + np.pi) % (2.0 * np.pi) - np.pi)

    along_first = wrap(np.diff(phase, axis=0))
    along_second = wrap(np.diff(phase, axis=1))
    total = along_first[:, :-1] + along_second[1:] - along_first[:, 1:] - along_second[:-1]
    return np.round(total / (2.0 * np.pi))
