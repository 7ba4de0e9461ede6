"""What a ring of cells says: population vector, drift and diffusion of the decoded angle."""

from dataclasses import dataclass
from math import pi

import numpy as np

from cortex.errors import ParameterError
from cortex.typing import FloatArray, IntArray


def wrapped(angle: FloatArray) -> FloatArray:
    """Return `angle` of any shape (rad) in (-pi, pi], rad.

    References
    ----------
    Definition.

    Examples
    --------
    >>> wrapped(np.array([1.5 * pi, -pi, 0.25])).round(3).tolist()
    [-1.571, 3.142, 0.25]
    """
    return np.asarray(pi - np.mod(pi - np.asarray(angle), 2.0 * pi))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Readout:
    """Population vector in successive windows, each array of shape (n_windows,).

    Parameters
    ----------
    time : ndarray
        Centre of each window, s.
    angle : ndarray
        Direction of the population vector, rad in [0, 2 pi); nan without spikes.
    strength : ndarray
        Its length over the number of spikes: 1 for one angle, 0 for a uniform ring.
    rate : ndarray
        Mean rate of the cells, Hz.
    """

    time: FloatArray
    angle: FloatArray
    strength: FloatArray
    rate: FloatArray


def read_angle(
    times: FloatArray, neurons: IntArray, *, n_cells: int, window: float, duration: float
) -> Readout:
    """Return the population vector sum over spikes of exp(i theta) in windows from time 0.

    Parameters
    ----------
    times, neurons : ndarray of shape (n_spikes,)
        Time (s) and cell of each spike; cells from `n_cells` on are left out.
    n_cells : int
        Cells on the ring; cell j prefers the angle 2 pi j / n_cells.
    window, duration : float
        Length of a window and of the whole readout, s; an incomplete window is left out.

    Raises
    ------
    ParameterError
        No window fits into the duration.

    References
    ----------
    Georgopoulos, Schwartz & Kettner (1986), Science 233:1416.

    Examples
    --------
    >>> out = read_angle(np.array([0.1, 0.2]), np.array([1, 1]), n_cells=4, window=0.5, duration=1)
    >>> out.angle.round(3).tolist(), out.strength.tolist()
    ([1.571, nan], [1.0, 0.0])
    """
    n_windows = int(duration / window + 1e-9)
    if n_windows < 1:
        msg = f"duration = {duration} s holds no window of {window} s"
        raise ParameterError(msg)
    where = np.floor(times / window).astype(np.int64)
    used = (neurons < n_cells) & (where >= 0) & (where < n_windows)
    phase = np.exp(2j * pi * neurons[used] / n_cells)
    real = np.bincount(where[used], weights=phase.real, minlength=n_windows)
    imaginary = np.bincount(where[used], weights=phase.imag, minlength=n_windows)
    n = np.bincount(where[used], minlength=n_windows)
    vector = real + 1j * imaginary
    return Readout(
        time=(np.arange(n_windows, dtype=np.float64) + 0.5) * window,
        angle=np.where(n > 0, np.mod(np.angle(vector), 2.0 * pi), np.nan),
        strength=np.abs(vector) / np.maximum(n, 1),
        rate=n / (n_cells * window),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Diffusion:
    """How the remembered angle wanders, over trials.

    Parameters
    ----------
    time : ndarray of shape (n_windows,)
        Time since the end of the cue, s.
    mean, variance : ndarray of shape (n_windows,)
        Mean (rad) and variance (rad^2) of the error over trials.
    variance_error : ndarray of shape (n_windows,)
        Its standard error, rad^2.
    drift, drift_error : float
        Mean slope of the error over trials and its standard error, rad/s.
    coefficient, coefficient_error : float
        Slope B of variance = V0 + B t and its jackknife standard error, rad^2/s.
    offset : float
        V0, rad^2.
    linearity : float
        Fraction of the variance curve's variation that the line explains.
    """

    time: FloatArray
    mean: FloatArray
    variance: FloatArray
    variance_error: FloatArray
    drift: float
    drift_error: float
    coefficient: float
    coefficient_error: float
    offset: float
    linearity: float

    @property
    def line(self) -> FloatArray:
        """Fitted variance at each time, rad^2, shape (n_windows,)."""
        return np.asarray(self.offset + self.coefficient * self.time)

    @property
    def line_error(self) -> FloatArray:
        """Standard error of the fitted variance from that of its slope, rad^2."""
        return np.asarray(self.coefficient_error * np.abs(self.time - self.time.mean()))


def measure_diffusion(time: FloatArray, errors: FloatArray) -> Diffusion:
    """Return drift and diffusion of the decoded angle.

    Parameters
    ----------
    time : ndarray of shape (n_windows,)
        Window centres, s.
    errors : ndarray of shape (n_trials, n_windows)
        Decoded minus cued angle, rad, of trials whose bump lived throughout.

    Raises
    ------
    ParameterError
        Fewer than three trials or windows, or a window without an angle.

    Notes
    -----
    A bump on a homogeneous ring has no preferred place: its centre does a Brownian walk, so
    the variance grows linearly and the mean stays (Compte et al. 2000). Windows of one
    trial are correlated, so the error of the slope is a jackknife over trials.

    Examples
    --------
    >>> steps = np.array([[0.0, 1.0, 1.0], [0.0, -1.0, -1.0], [0.0, 0.0, 0.0]])
    >>> found = measure_diffusion(np.array([1.0, 2.0, 3.0]), 0.1 * steps)
    >>> round(found.coefficient, 4), round(found.drift, 4)
    (0.005, 0.0)
    """
    n_trials, n_windows = errors.shape
    if n_trials < 3 or n_windows < 3 or not np.all(np.isfinite(errors)):
        msg = (
            f"errors of shape {errors.shape} must hold at least 3 trials and 3 windows, all "
            "finite; leave out trials whose bump died"
        )
        raise ParameterError(msg)
    variance = np.var(errors, axis=0, ddof=1)
    slope, offset = np.polyfit(time, variance, 1)
    residual = variance - (offset + slope * time)
    slopes = np.polyfit(time, errors.T, 1)[0]
    return Diffusion(
        time=time,
        mean=errors.mean(axis=0),
        variance=variance,
        variance_error=variance * np.sqrt(2.0 / (n_trials - 1)),
        drift=float(slopes.mean()),
        drift_error=float(slopes.std(ddof=1) / np.sqrt(n_trials)),
        coefficient=float(slope),
        coefficient_error=_jackknife_error(time, errors),
        offset=float(offset),
        linearity=float(1.0 - residual.var() / variance.var()),
    )


def _jackknife_error(time: FloatArray, errors: FloatArray) -> float:
    """Return the standard error of the variance slope, leaving out one trial at a time."""
    n = len(errors)
    left = [np.var(np.delete(errors, i, axis=0), axis=0, ddof=1) for i in range(n)]
    slopes = np.polyfit(time, np.array(left).T, 1)[0]
    return float(np.sqrt((n - 1) / n * np.sum((slopes - slopes.mean()) ** 2)))
