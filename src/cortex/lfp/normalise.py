"""Standardise signals: an explicit last step, never part of a proxy."""

from collections.abc import Sequence

import numpy as np

from cortex.errors import ParameterError, shown
from cortex.lfp.currents import Interpolation, lfp_from_classes
from cortex.lfp.recorded import CurrentClass, SynapticCurrents
from cortex.lfp.samples import Boundary
from cortex.params.arrays import finite
from cortex.typing import FloatArray


def normalised_lfp(
    amplitude: FloatArray,
    currents: SynapticCurrents | Sequence[CurrentClass],
    *,
    boundary: Boundary,
    at: FloatArray | None = None,
    interpolation: Interpolation = "samples",
    mean: FloatArray | float | None = None,
    std: FloatArray | float | None = None,
) -> FloatArray:
    """Return the z-score of the weighted sum times the mean amplitude of each electrode.

    What wslfp returns: the size of the profile, not that of the currents. It depends on the
    window, so that two runs compare only with a `mean` and `std` that they share.

    Parameters
    ----------
    amplitude : ndarray of shape (n_electrodes, n_sources)
        From `cortex.lfp.amplitude_matrix`, V per standard deviation.
    currents : SynapticCurrents or sequence of CurrentClass
        Recorded currents; the former with the reference weights and delays.
    boundary, interpolation
        See `cortex.lfp.lfp_from_classes`; wslfp: ``boundary="zero"``, ``interpolation="pchip"``.
    at : ndarray of shape (n_times,), optional
        Times of the result, s; those of the (first) currents when not given.
    mean, std : ndarray of shape (n_electrodes,), optional
        Of the weighted sum in a reference recording, see `z_score`.

    Returns
    -------
    ndarray of shape (n_times, n_electrodes)
        V. An electrode whose amplitudes cancel on average is silent.

    References
    ----------
    wslfp 0.2.3 (Johnsen et al.).

    Examples
    --------
    >>> t = 1e-3 * np.arange(4.0)
    >>> pulse = SynapticCurrents(time=t, ampa=np.zeros(4), gaba=-np.array([0.0, 1.0, 0.0, 1.0]))
    >>> normalised_lfp(np.array([[2e-6]]), pulse, boundary="zero")[:, 0] * 1e6
    array([-2.,  2., -2.,  2.])
    """
    classes = currents.classes() if isinstance(currents, SynapticCurrents) else tuple(currents)
    times = classes[0].time if at is None else at
    raw = lfp_from_classes(
        amplitude, classes, at=times, boundary=boundary, interpolation=interpolation
    )
    lfp: FloatArray = z_score(raw, mean=mean, std=std) * np.abs(np.mean(amplitude, axis=1))
    return lfp


def z_score(
    signal: FloatArray,
    *,
    mean: FloatArray | float | None = None,
    std: FloatArray | float | None = None,
) -> FloatArray:
    """Return the signal minus its mean, over its standard deviation, along time.

    Parameters
    ----------
    signal : ndarray of shape (n_steps, ...)
        Any signal, of any unit; finite.
    mean, std : ndarray of shape (...), optional
        Mean and standard deviation of a reference recording; by default those of the
        signal (population standard deviation). A z-score over the window itself is
        neither causal nor comparable between runs.

    Returns
    -------
    ndarray of shape (n_steps, ...)
        Dimensionless; a signal that is constant up to rounding gives zeros.

    Raises
    ------
    ParameterError
        A signal, mean or standard deviation that is not finite, or a negative one of the last.

    References
    ----------
    Definition.

    Examples
    --------
    >>> z_score(np.array([1.0, 3.0])), z_score(np.full(2, 5.0))
    (array([-1.,  1.]), array([0., 0.]))
    """
    values = finite("signal", signal)
    if values.ndim == 0:
        msg = f"signal = {shown(signal)} must hold samples, (n_steps, ...)"
        raise ParameterError(msg)
    centre = np.mean(values, axis=0) if mean is None else finite("mean", mean)
    scale = _std(values) if std is None else finite("std", std)
    if not np.all(scale >= 0.0):
        msg = f"std = {shown(std)} must not be negative"
        raise ParameterError(msg)
    centred = values - centre
    return np.asarray(np.divide(centred, scale, out=np.zeros_like(centred), where=scale > 0.0))


def _std(values: FloatArray) -> FloatArray:
    """Return the standard deviation along time, zero where it is rounding."""
    std = np.std(values, axis=0)
    rounding = 8.0 * np.finfo(np.float64).eps * np.max(np.abs(values), axis=0, initial=0.0)
    return np.where(std > rounding, std, 0.0)
