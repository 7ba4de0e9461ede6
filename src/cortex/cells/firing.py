"""How often a neuron of any model fires under a constant current, without noise."""

from dataclasses import fields

import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import quad, solve_ivp

from cortex.cells.cell import Cell
from cortex.cells.registry import cell_of
from cortex.params.arrays import reals
from cortex.params.lif import Neurons
from cortex.typing import FloatArray

N_PARAMETERS = 10  # as the compiled runs read them; unused ones are zero
SILENT = 5.0  # s without a spike after which a neuron is said to be silent
MOST_SPIKES = 500
STEADY = 1e-7  # relative change of an interval
MEAN_OF = 40  # intervals over which a neuron that does not settle, such as a bursting one, is read


def noise_free_rate(neurons: Neurons, RI: ArrayLike) -> FloatArray:
    """Return the steady firing rate under a constant current.

    Parameters
    ----------
    neurons : Neurons
        Of any model; one set of values, or arrays that broadcast with `RI`.
    RI : float or ndarray
        Constant drive R I, V.

    Returns
    -------
    ndarray
        Rate, Hz, of the shape to which both broadcast; zero where V rests.

    Notes
    -----
    With V alone the interval is tau_ref plus the integral of dV over its slope, from reset to
    peak. With adaptation the equations are solved spike by spike until the interval settles.
    Neurons that fire at random are taken to fire at their threshold, as for a small `Delta_V`.

    Examples
    --------
    >>> from cortex.params.lif import LIFNeurons
    >>> lif = LIFNeurons(tau_m=0.02, tau_ref=0.002, V_th=0.015, V_reset=0.0)
    >>> noise_free_rate(lif, [0.01, 0.03]).round(2)
    array([ 0.  , 63.04])
    """
    names = [each.name for each in fields(neurons)]
    arrays = np.broadcast_arrays(reals("RI", RI), *(getattr(neurons, name) for name in names))
    cell, own = cell_of(neurons), np.stack(arrays[1:], axis=-1)
    at_peak = names.index(neurons.PEAK)
    find = _by_integral if cell.n_variables == 1 else _by_spikes
    rates = np.array([
        find(cell, (*p, *np.zeros(N_PARAMETERS - len(p))), float(drive), float(p[at_peak]))
        for drive, p in zip(arrays[0].ravel(), own.reshape(-1, len(names)), strict=True)
    ])  # fmt: skip
    return rates.reshape(arrays[0].shape)


def _by_integral(cell: Cell, p: tuple[float, ...], RI: float, peak: float) -> float:
    def slope(V: float) -> float:
        return cell.slopes(V, 0.0, RI, p)[0]

    grid = np.linspace(p[3], peak, 2001)[:-1]
    values = [slope(V) for V in grid]
    if min(values) <= 0.0:
        return 0.0
    slowest = float(grid[int(np.argmin(values))])
    interval: float = quad(lambda V: 1.0 / slope(V), p[3], peak, points=[slowest], limit=400)[0]
    return 1.0 / (p[1] + interval)


def _by_spikes(cell: Cell, p: tuple[float, ...], RI: float, peak: float) -> float:
    own = dict(zip([each.name for each in fields(cell.neurons)], p, strict=False))
    b, tau_w, b_th, tau_th = (own.get(name, 0.0) for name in ("b", "tau_w", "b_th", "tau_th"))
    shift, top = 0.0, np.inf if cell.is_random else peak

    def threshold(t: float) -> float:
        return peak + (shift * float(np.exp(-t / tau_th)) if shift else 0.0)

    def reached(t: float, y: FloatArray) -> float:
        return float(y[0]) - threshold(t)

    reached.terminal = True  # type: ignore[attr-defined]  # how scipy is told
    y, intervals = np.array([p[3], 0.0]), [np.inf]
    for _ in range(MOST_SPIKES):
        course = solve_ivp(
            lambda _, y: cell.slopes(min(y[0], top), y[1], RI, p),
            (0.0, max(SILENT, 10.0 * tau_w)), y, events=reached, rtol=1e-9, atol=1e-12,
        )  # fmt: skip
        times, states = course.t_events or [], course.y_events or []
        if not times[0].size:
            return 0.0
        intervals.append(float(times[0][0]) + p[1])
        rest = cell.slopes(p[3], 0.0, RI, p)[1] * tau_w  # where w settles at the reset
        w = states[0][0][1] + b
        if b_th:
            shift = (threshold(float(times[0][0])) - peak + b_th) * np.exp(-p[1] / tau_th)
        y = np.array([p[3], rest + (w - rest) * np.exp(-p[1] / tau_w)])
        if abs(intervals[-1] - intervals[-2]) < STEADY * intervals[-1]:
            return 1.0 / intervals[-1]
    return 1.0 / float(np.mean(intervals[-MEAN_OF:]))
