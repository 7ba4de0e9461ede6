"""Unitary-LFP kernels: each spike adds a travelling, decaying Gaussian (Telenczuk 2020)."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.interpolate import CubicSpline

from cortex.errors import ParameterError
from cortex.lfp._loops import add_gaussians
from cortex.lfp.geometry import Sources, checked_points
from cortex.lfp.spikes import SpikeEvents
from cortex.params.lfp import UnitaryParams
from cortex.typing import BoolArray, FloatArray, IntArray

REACH: Final = 8.5  # widths; exp(-REACH^2 / 2) is below the rounding of the peak
DEPTH: Final = np.linspace(-0.4e-3, 0.8e-3, 13)  # m, electrode above the cell
AMPLITUDE_EXC: Final = 1e-6 * np.array(
    [
        -0.16,
        -0.1568,
        -0.3248,
        0.0016,
        0.48,
        0.4864,
        0.3328,
        0.2512,
        0.24,
        0.2464,
        -0.0032,
        -0.08,
        -0.08,
    ]
)
AMPLITUDE_INH: Final = 1e-6 * np.array(
    [
        -0.2,
        -0.2011834319527,
        -0.2011834319527,
        2.10157790927,
        3.0,
        1.401380670611,
        -0.5019723865878,
        -1.0,
        -1.2,
        -1.004930966469,
        0.4003944773176,
        0.2919132149901,
        0.3,
    ]
)


def unitary_amplitude(height: FloatArray, *, excitatory: bool) -> FloatArray:
    """Return the peak of a unitary LFP right at the axis of the cell, V.

    Parameters
    ----------
    height : ndarray of any shape
        Electrode above the cell along its orientation, m.
    excitatory : bool
        Kind of the cell.

    Notes
    -----
    Cubic spline through the published values at 100 µm steps, with zeros from -0.7 to
    -0.6 mm and from 1.0 to 1.1 mm, zero beyond (Telenczuk et al. 2020, J. Neurosci.
    Methods 344:108871; data of human temporal cortex).
    """
    zeros = np.zeros(10)
    x = np.concatenate([np.linspace(-0.7e-3, -0.6e-3, 10), DEPTH, np.linspace(1e-3, 1.1e-3, 10)])
    values = AMPLITUDE_EXC if excitatory else AMPLITUDE_INH
    spline = CubicSpline(x, np.concatenate([zeros, values, zeros]))
    inside = (height >= x[0]) & (height <= x[-1])
    return np.where(inside, spline(np.clip(height, x[0], x[-1])), 0.0)


def unitary_lfp(
    electrodes: ArrayLike,
    cells: Sources,
    excitatory: BoolArray,
    spikes: SpikeEvents,
    *,
    at: FloatArray,
    params: UnitaryParams | None = None,
) -> FloatArray:
    """Return the sum of the unitary LFPs of all spikes.

    A0(h) exp(-x/decay_length) exp(-(t - t_spike - delay - x/speed)^2 / (2 width^2)) at
    distance x and height h, of each spike.

    Parameters
    ----------
    electrodes : array of shape (n_electrodes, 3)
        Contact positions, m.
    cells : Sources
        Cells, whose somata and orientations are used.
    excitatory : ndarray of bool, shape (n_cells,)
        Kind of each cell.
    spikes : SpikeEvents
        Spikes of the cells.
    at : ndarray of shape (n_times,)
        Evenly spaced times of the result, s.
    params : UnitaryParams, optional
        Delay, speed, decay length and widths; the published ones by default.

    Returns
    -------
    ndarray of shape (n_times, n_electrodes)
        LFP, V.
    """
    params = params or UnitaryParams()
    points = checked_points("electrodes", electrodes)
    n_cells = len(cells.centre)
    if np.shape(excitatory) != (n_cells,) or np.any(spikes.source >= n_cells):
        msg = f"{n_cells} cells; excitatory has shape {np.shape(excitatory)} and spikes beyond"
        raise ParameterError(msg)
    dt = _even_step(at)
    v = points[:, None, :] - cells.soma[None, :, :]
    distance = np.linalg.norm(v, axis=2)
    height = np.einsum("esk,sk->es", v, cells.orientation)
    kinds = [unitary_amplitude(height, excitatory=kind) for kind in (True, False)]
    peak = np.where(excitatory, *kinds) * np.exp(-distance / params.decay_length)
    width = np.where(excitatory, params.width_exc, params.width_inh)
    lfp = np.zeros((len(at), len(points)))
    source: IntArray = np.asarray(spikes.source, dtype=np.int64)
    for e in range(len(points)):
        centre = spikes.time + params.delay + distance[e, source] / params.speed
        channel = np.full(len(source), e)
        heights = np.ascontiguousarray(peak[e, source])
        add_gaussians(float(at[0]), dt, centre, width[source], heights, channel, REACH, lfp)
    return lfp


def _even_step(at: FloatArray) -> float:
    steps = np.diff(at)
    if len(steps) == 0 or steps[0] <= 0.0 or np.ptp(steps) > 1e-6 * steps[0]:
        msg = "at must hold at least two evenly spaced, ascending times (s)"
        raise ParameterError(msg)
    return float((at[-1] - at[0]) / len(steps))
