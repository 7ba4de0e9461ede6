"""Theory of one Izhikevich cell: nullclines, equilibria, fold and Hopf currents."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from cortex.errors import ParameterError
from cortex.params.izhikevich import IzhikevichCell
from cortex.typing import ComplexArray, FloatArray


def v_nullcline(v: FloatArray, cell: IzhikevichCell, current: float) -> FloatArray:
    """Return u = k (v - v_r)(v - v_t) + I, where dv/dt = 0 (A), for `v` of any shape (V).

    Izhikevich (2007), Dynamical Systems in Neuroscience, ch. 8.

    Examples
    --------
    >>> from cortex.params.izhikevich import REGULAR_SPIKING
    >>> v_nullcline(np.array([-0.06, -0.05]), REGULAR_SPIKING, 0.0).round(14).tolist()
    [0.0, 0.0]
    """
    return cell.k * (v - cell.v_r) * (v - cell.v_t) + current


def u_nullcline(v: FloatArray, cell: IzhikevichCell) -> FloatArray:
    """Return u = b (v - v_r), where du/dt = 0 (A), for `v` of any shape (V).

    Izhikevich (2007), Dynamical Systems in Neuroscience, ch. 8.

    Examples
    --------
    >>> from cortex.params.izhikevich import REGULAR_SPIKING
    >>> u_nullcline(np.array([-0.06, -0.05]), REGULAR_SPIKING).round(14).tolist()
    [0.0, 5e-11]
    """
    return cell.b * (v - cell.v_r)


def slope(v: FloatArray, u: FloatArray, cell: IzhikevichCell, current: float) -> FloatArray:
    """Return (dv/dt, du/dt), V/s and A/s, at `v` (V) and `u` (A) of equal shape: shape (2, ...).

    Izhikevich (2007), Dynamical Systems in Neuroscience, ch. 8, eq. 8.5.

    Examples
    --------
    >>> from cortex.params.izhikevich import REGULAR_SPIKING
    >>> slope(np.array([-0.06]), np.array([0.0]), REGULAR_SPIKING, 100e-12).round(3).tolist()
    [[1.0], [0.0]]
    """
    dv = (v_nullcline(v, cell, current) - u) / cell.C
    return np.array([dv, cell.a * (u_nullcline(v, cell) - u)])


def equilibria(cell: IzhikevichCell, current: float) -> FloatArray:
    """Return the potentials where both nullclines cross, V, shape (0,), (1,) or (2,), ascending.

    They solve k (v - v_r)(v - v_t) - b (v - v_r) + I = 0, I the `current` in A.

    References
    ----------
    Izhikevich (2007), Dynamical Systems in Neuroscience, ch. 8.

    Examples
    --------
    >>> from cortex.params.izhikevich import REGULAR_SPIKING
    >>> equilibria(REGULAR_SPIKING, 0.0).round(4).tolist()
    [-0.06, -0.0483]
    """
    half = 0.5 * (cell.v_t - cell.v_r + cell.b / cell.k)
    discriminant = half**2 - current / cell.k
    if discriminant < 0.0:
        return np.empty(0)
    root = sqrt(discriminant)
    return np.unique([cell.v_r + half - root, cell.v_r + half + root])


def jacobian(v: float, cell: IzhikevichCell) -> FloatArray:
    """Return the Jacobian of (dv/dt, du/dt) at potential `v` (V), shape (2, 2), SI.

    Izhikevich (2007), Dynamical Systems in Neuroscience, ch. 8.

    Examples
    --------
    >>> from cortex.params.izhikevich import REGULAR_SPIKING
    >>> jacobian(-0.06, REGULAR_SPIKING).round(2).tolist()
    [[-300.0, -10000000000.0], [0.0, -10.0]]
    """
    dv = cell.k * (2.0 * v - cell.v_r - cell.v_t) / cell.C
    return np.array([[dv, -1.0 / cell.C], [cell.a * cell.b, -cell.a]])


def eigenvalues(v: float, cell: IzhikevichCell) -> ComplexArray:
    """Return the eigenvalues of the Jacobian at potential `v` (V), 1/s, shape (2,).

    Izhikevich (2007), Dynamical Systems in Neuroscience, ch. 8.

    Examples
    --------
    >>> from cortex.params.izhikevich import REGULAR_SPIKING
    >>> eigenvalues(-0.06, REGULAR_SPIKING).real.round(1).tolist()
    [-298.3, -11.7]
    """
    values: ComplexArray = np.linalg.eigvals(jacobian(v, cell)).astype(np.complex128)
    return values


def fold_current(cell: IzhikevichCell) -> float:
    """Return the current at which rest and saddle meet, A.

    I = (b + k (v_t - v_r))^2 / (4 k).

    Examples
    --------
    >>> from cortex.params.izhikevich import FAST_SPIKING
    >>> round(fold_current(FAST_SPIKING) * 1e12, 3)
    132.25
    """
    return (cell.b + cell.k * (cell.v_t - cell.v_r)) ** 2 / (4.0 * cell.k)


def hopf_current(cell: IzhikevichCell) -> float:
    """Return the current at which rest turns into an unstable focus, A.

    The trace of the Jacobian vanishes at v = (a C/k + v_r + v_t)/2; its determinant there
    is a (b - a C)/C, so the bifurcation exists for b > a C only. It lies below the fold.

    Raises
    ------
    ParameterError
        b <= a C: rest is lost by the fold alone.

    Examples
    --------
    >>> from cortex.params.izhikevich import FAST_SPIKING
    >>> round(hopf_current(FAST_SPIKING) * 1e12, 3)
    126.0
    """
    _check_hopf(cell)
    v = 0.5 * (cell.a * cell.C / cell.k + cell.v_r + cell.v_t)
    return float(u_nullcline(np.array(v), cell) - v_nullcline(np.array(v), cell, 0.0))


def _check_hopf(cell: IzhikevichCell) -> None:
    if cell.b <= cell.a * cell.C:
        msg = f"no Hopf bifurcation: b = {cell.b} S must exceed a C = {cell.a * cell.C} S"
        raise ParameterError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestLoss:
    """Where rest is lost, found by following it: currents in A."""

    fold: float
    hopf: float


def find_rest_loss(cell: IzhikevichCell) -> RestLoss:
    """Return fold and Hopf current found numerically, without the closed forms.

    The fold is the largest current for which the nullclines touch, the Hopf current the
    root of the largest real part of the eigenvalues along the lower equilibrium.

    Raises
    ------
    ParameterError
        b <= a C: rest is lost by the fold alone.
    """
    _check_hopf(cell)

    def gap(v: float) -> float:
        at = np.array(v)
        return float(v_nullcline(at, cell, 0.0) - u_nullcline(at, cell))

    low, high = cell.v_r, cell.v_t + cell.b / cell.k
    scale = cell.k * (high - low) ** 2
    touch = minimize_scalar(
        lambda v: gap(v) / scale, bounds=(low, high), method="bounded", options={"xatol": 1e-12}
    )
    fold = -float(touch.fun) * scale

    def growth(current: float) -> float:
        return float(np.max(eigenvalues(equilibria(cell, current)[0], cell).real))

    hopf = float(brentq(growth, 0.0, fold * (1.0 - 1e-9), xtol=1e-18, rtol=1e-12))
    return RestLoss(fold=fold, hopf=hopf)
