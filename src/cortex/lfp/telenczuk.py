"""Unitary-LFP kernels: each spike adds a travelling, decaying Gaussian (Telenczuk 2020)."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.interpolate import CubicSpline

from cortex.errors import ParameterError
from cortex.lfp._loops import add_gaussians
from cortex.lfp.geometry import Sources, checked_points
from cortex.lfp.grid import even_step
from cortex.params.lfp import UnitaryParams
from cortex.spikes import Spikes
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
    """Return the peak of a unitary LFP right at the axis of the cell, V, in the shape of `height`.

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

    Examples
    --------
    >>> (1e9 * unitary_amplitude(np.array([0.0, 2e-3]), excitatory=True)).round(1).tolist()
    [480.0, 0.0]
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
    spikes: Spikes,
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
    spikes : Spikes
        Spikes of the cells.
    at : ndarray of shape (n_times,)
        Evenly spaced times of the result, s.
    params : UnitaryParams, optional
        Delay, speed, decay length and widths; the published ones by default.

    Returns
    -------
    ndarray of shape (n_times, n_electrodes)
        LFP, V.

    Raises
    ------
    ParameterError
        Uneven times, spikes of cells that do not exist, kinds that do not fit the cells.

    References
    ----------
    Telenczuk et al. (2020), J. Neurosci. Methods 344:108871.

    Examples
    --------
    >>> from cortex.lfp.geometry import cell_sources
    >>> spikes = Spikes.of_trains({"I": [[0.01]]}, stop=0.1)
    >>> lfp = unitary_lfp(
    ...     [[0.0, 0.0, 0.0]], cell_sources([[1e-4, 0.0, 0.0]]), np.array([False]), spikes,
    ...     at=np.arange(0.0, 0.1, 1e-3),
    ... )
    >>> int(np.argmax(abs(lfp)))
    21
    """
    kernels = _unitary(electrodes, cells, excitatory, params or UnitaryParams())
    source: IntArray = np.asarray(spikes.neurons, dtype=np.int64)
    n_electrodes, n_cells = kernels.peak.shape
    if np.any(source >= n_cells):
        msg = f"a spike comes from source {source.max()}; there are {n_cells} cells"
        raise ParameterError(msg)
    dt = even_step(at, "at")
    lfp = np.zeros((len(at), n_electrodes))
    for e in range(n_electrodes):
        centre = spikes.times + kernels.centre[e, source]
        channel = np.full(len(source), e)
        heights = np.ascontiguousarray(kernels.peak[e, source])
        width = kernels.width[source]
        add_gaussians(float(at[0]), dt, centre, width, heights, channel, REACH, lfp)
    return lfp


def unitary_window(
    electrodes: ArrayLike,
    cells: Sources,
    excitatory: BoolArray,
    *,
    threshold: float,
    params: UnitaryParams | None = None,
) -> float:
    """Return the age of a spike after which no electrode sees it any more, s.

    The latest time at which a unitary LFP of a cell is as large as the threshold,
    delay + x/speed + width sqrt(2 ln(A/threshold)) with the peak A at the electrode: how long
    a simulation has to remember its spikes.

    Parameters
    ----------
    electrodes, cells, excitatory, params
        See `unitary_lfp`.
    threshold : float
        Smallest potential that counts, V.

    Returns
    -------
    float
        Age, s; 0 if no peak reaches the threshold.

    Raises
    ------
    ParameterError
        A threshold that is not positive, or cells and kinds that do not fit.

    References
    ----------
    As for `unitary_lfp`.

    Examples
    --------
    >>> from cortex.lfp.geometry import cell_sources
    >>> cell = cell_sources([[1e-4, 0.0, 0.0]])
    >>> window = unitary_window([[0.0, 0.0, 0.0]], cell, np.array([False]), threshold=1e-9)
    >>> bool(0.02 < window < 0.2)
    False
    """
    if not threshold > 0.0:
        msg = f"threshold = {threshold} V must be positive; a Gaussian never ends"
        raise ParameterError(msg)
    kernels = _unitary(electrodes, cells, excitatory, params or UnitaryParams())
    ratio = np.maximum(np.abs(kernels.peak) / threshold, 1.0)
    end = kernels.centre + kernels.width * np.sqrt(2.0 * np.log(ratio))
    return float(np.max(end, initial=0.0, where=ratio > 1.0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Kernels:
    """Gaussian of each electrode and cell: peak (V), time of it (s), width (s) of each cell."""

    peak: FloatArray
    centre: FloatArray
    width: FloatArray


def _unitary(
    electrodes: ArrayLike, cells: Sources, excitatory: BoolArray, params: UnitaryParams
) -> _Kernels:
    points = checked_points("electrodes", electrodes)
    n_cells = len(cells.centre)
    if np.shape(excitatory) != (n_cells,):
        msg = f"excitatory has shape {np.shape(excitatory)}; there are {n_cells} cells"
        raise ParameterError(msg)
    v = points[:, None, :] - cells.soma[None, :, :]
    distance = np.linalg.norm(v, axis=2)
    height = np.einsum("esk,sk->es", v, cells.orientation)
    kinds = [unitary_amplitude(height, excitatory=kind) for kind in (True, False)]
    return _Kernels(
        peak=np.where(excitatory, *kinds) * np.exp(-distance / params.decay_length),
        centre=params.delay + distance / params.speed,
        width=np.where(excitatory, params.width_exc, params.width_inh),
    )
