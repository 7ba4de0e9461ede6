"""Speed and shape of a wave, read from recorded rates."""

import numpy as np

from cortex.errors import ParameterError
from cortex.params.arrays import finite
from cortex.typing import FloatArray


def rotation_frequency(rates: FloatArray, interval: float) -> float:
    """Return the mean frequency of the first spatial harmonic, Hz; signed by direction.

    Parameters
    ----------
    rates : ndarray of shape (n_times, n_neurons)
        Rates of all neurons, dimensionless, at two times at least, equally far apart.
    interval : float
        Time between two rows, s; shorter than half a period of the wave.

    Returns
    -------
    frequency : float
        Positive for waves that run like the training wave, towards smaller index.

    Raises
    ------
    ParameterError
        Fewer than two times.

    References
    ----------
    Definition.

    Examples
    --------
    >>> x, t = 2 * np.pi * np.arange(8) / 8, np.arange(5)[:, None] * 1e-3
    >>> round(rotation_frequency(np.cos(x + 2 * np.pi * 50.0 * t), 1e-3), 6)
    50.0
    """
    rates, interval = finite("rates", rates, 2), float(finite("interval", interval, 0))
    if len(rates) < 2:
        msg = f"rates hold {len(rates)} time(s); a frequency needs two at least: run longer"
        raise ParameterError(msg)
    phase = np.unwrap(np.angle(np.fft.rfft(rates, axis=1)[:, 1]))
    return float((phase[-1] - phase[0]) / (2.0 * np.pi * (len(phase) - 1) * interval))


def phase_lead(rates: FloatArray, drive: FloatArray) -> float:
    """Return by how much the first harmonic of the rates leads that of the drive.

    Parameters
    ----------
    rates, drive : ndarray of shape (n_neurons,)
        Rates and drive at one time, dimensionless.

    Returns
    -------
    lead : float
        Phase in (-pi, pi], rad.

    References
    ----------
    Definition.

    Examples
    --------
    >>> x = 2 * np.pi * np.arange(8) / 8
    >>> round(phase_lead(np.cos(x + 0.5), np.cos(x)), 3)
    0.5
    """
    rates, drive = finite("rates", rates, 1), finite("drive", drive, 1)
    return float(np.angle(np.fft.rfft(rates)[1] / np.fft.rfft(drive)[1]))


def wave_amplitude(rates: FloatArray) -> float:
    """Return the range of `rates` over time, averaged over neurons.

    All dimensionless; `rates` of shape (n_times, n_neurons).

    Definition.

    Examples
    --------
    >>> wave_amplitude(np.array([[0.0, 1.0], [0.5, 0.0]]))
    0.75
    """
    return float(np.mean(np.ptp(finite("rates", rates, 2), axis=0)))


def relative_residual(measured: FloatArray, predicted: FloatArray) -> float:
    """Return the largest difference of `measured` and `predicted` over the largest predicted size.

    Arrays of equal shape and unit; the result is dimensionless.

    Definition.

    Examples
    --------
    >>> round(relative_residual(np.array([1.0, 2.1]), np.array([1.0, 2.0])), 6)
    0.05
    """
    measured, predicted = finite("measured", measured), finite("predicted", predicted)
    return float(np.max(np.abs(measured - predicted)) / np.max(np.abs(predicted)))
