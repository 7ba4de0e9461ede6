"""LFP from synaptic currents: shift in time, weight, sum over sources.

The LFP of electrode e is sum_s A_es sum_c w_c I_cs(t - delay_c) over sources s and classes
c of synapses. Delays of whole steps need no interpolation (`cortex.lfp.samples`).
Interpolation that is linear in the data commutes with the sum over sources, so there the
currents are projected first. No temporary is of size times x sources x electrodes.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from scipy.interpolate import CubicSpline, PchipInterpolator

from cortex.errors import ParameterError
from cortex.lfp.recorded import CurrentClass, SynapticCurrents
from cortex.lfp.samples import Boundary, refuse_not_finite, sum_samples, within
from cortex.params.arrays import instance, reals
from cortex.params.lfp import RWS, WeightedSumParams
from cortex.typing import AnyArray, FloatArray

Interpolation = Literal["samples", "linear", "cubic", "pchip"]
Precision = Literal["float64", "float32"]


def lfp_from_currents(
    amplitude: FloatArray,
    currents: SynapticCurrents,
    *,
    boundary: Boundary,
    at: FloatArray | None = None,
    interpolation: Interpolation = "samples",
    weighting: WeightedSumParams = RWS,
    precision: Precision = "float64",
    threads: int = 1,
) -> FloatArray:
    """Return the LFP of recorded currents.

    Parameters
    ----------
    amplitude : ndarray of shape (n_electrodes, n_sources)
        From `cortex.lfp.amplitude_matrix`; V/A, or V per unit of a standardised current.
    currents : SynapticCurrents
        Currents of the sources.
    boundary, at, interpolation, precision, threads
        See `lfp_from_classes`; `at` defaults to the times of the currents.
    weighting : WeightedSumParams
        Delays and relative weight; the reference values by default.

    Returns
    -------
    ndarray of shape (n_times, n_electrodes)
        Not normalised: amplitude times current, V for amplitudes in V/A.

    References
    ----------
    Mazzoni, Linden et al. (2015), PLoS Comput. Biol. 11:e1004584.

    Examples
    --------
    >>> t = 1e-3 * np.arange(12.0)
    >>> currents = SynapticCurrents(time=t, ampa=np.zeros((12, 1)), gaba=-np.ones((12, 1)))
    >>> lfp_from_currents(np.array([[2.0]]), currents, boundary="zero")[:2, 0].tolist()
    [3.3, 3.3]
    """
    instance("currents", currents, SynapticCurrents)
    instance("weighting", weighting, WeightedSumParams)
    return lfp_from_classes(
        amplitude,
        currents.classes(weighting),
        at=currents.time if at is None else at,
        boundary=boundary,
        interpolation=interpolation,
        precision=precision,
        threads=threads,
    )


def lfp_from_classes(
    amplitude: FloatArray,
    classes: Sequence[CurrentClass],
    *,
    at: FloatArray,
    boundary: Boundary,
    interpolation: Interpolation = "samples",
    precision: Precision = "float64",
    threads: int = 1,
) -> FloatArray:
    """Return the LFP as the weighted sum of any classes of currents.

    Parameters
    ----------
    amplitude : ndarray of shape (n_electrodes, n_sources)
        Amplitude of each source at each electrode, V per unit of the weighted sum.
    classes : sequence of CurrentClass
        Currents with weights and delays; each class may have its own time grid.
    at : ndarray of shape (n_times,)
        Times of the result, s, in any order.
    boundary : {"error", "zero", "hold"}
        Beyond the recorded currents: refuse, take zero, or keep the first or last sample.
    interpolation : {"samples", "linear", "cubic", "pchip"}
        Between samples: refuse, straight lines, cubic spline, or the monotone cubic of
        Fritsch and Carlson (not linear in the data, hence per source and slow).
    precision : {"float64", "float32"}
        Of the product and the result. Single precision takes half the time or less and is off
        by some 1e-7 of the sum of |amplitude x current|; without interpolation only.
    threads : int
        Threads that share the times, without interpolation only; the result has the same bytes
        for any number. The BLAS should have one thread then (`OMP_NUM_THREADS=1`).

    Returns
    -------
    ndarray of shape (n_times, n_electrodes)
        Unit of the amplitude times unit of the currents.

    Raises
    ------
    ParameterError
        Wrong shapes, times or choices; times beyond or between the samples that the choices
        forbid; currents that are not finite.

    References
    ----------
    Mazzoni, Linden et al. (2015), PLoS Comput. Biol. 11:e1004584.

    Examples
    --------
    >>> pulse = CurrentClass(time=1e-3 * np.arange(3.0), current=np.array([[0.0], [1.0], [0.0]]))
    >>> lfp_from_classes(np.array([[2.0]]), [pulse], at=pulse.time, boundary="zero")[:, 0]
    array([0., 2., 0.])
    """
    amplitude = checked_amplitude(amplitude)
    at = _checked_at(at)
    _check_choices(boundary, interpolation)
    _check_effort(interpolation, precision, threads)
    for each in classes:
        instance("classes", each, CurrentClass)
        if each.current.shape[1] != amplitude.shape[1]:
            msg = (
                f"{each.name}: {each.current.shape[1]} sources, the amplitudes have "
                f"{amplitude.shape[1]}; currents are (n_times, n_sources)"
            )
            raise ParameterError(msg)
        _check_length(each, interpolation)
    weighted = [each for each in classes if each.weight != 0.0]
    if interpolation == "samples":
        return sum_samples(
            amplitude, weighted, at, boundary=boundary, precision=precision, threads=threads
        )
    lfp = np.zeros((len(at), len(amplitude)))
    for each in weighted:
        projection = each.weight * amplitude
        projected = (projection @ each.current.T).T
        if not np.all(np.isfinite(projected)):
            refuse_not_finite(each)
        if interpolation == "pchip":
            lfp += _read(each, each.current, at, interpolation, boundary) @ projection.T
        else:
            lfp += _read(each, projected, at, interpolation, boundary)
    return lfp


def checked_amplitude(amplitude: AnyArray) -> FloatArray:
    """Return a finite (n_electrodes, n_sources) matrix; refuse anything else."""
    array = reals("amplitude", amplitude, "Ohm")
    if array.ndim != 2 or not np.all(np.isfinite(array)):
        msg = f"amplitude has shape {array.shape}, needs (n_electrodes, n_sources), all finite"
        raise ParameterError(msg)
    return array


def _read(
    each: CurrentClass,
    values: FloatArray,
    at: FloatArray,
    interpolation: Interpolation,
    boundary: Boundary,
) -> FloatArray:
    """Return `values` (n_times, ...) of a class as the times `at` read them, after its delay."""
    time = each.time
    inside, outside, _ = within(each, at, boundary)
    match interpolation:
        case "linear":
            left = np.clip(np.searchsorted(time, inside, side="right") - 1, 0, len(time) - 2)
            share = (inside - time[left]) / (time[left + 1] - time[left])
            read = values[left] + share[:, None] * (values[left + 1] - values[left])
        case "cubic":
            read = np.asarray(CubicSpline(time, values)(inside))
        case _:
            read = np.asarray(PchipInterpolator(time, values)(inside))
    if boundary == "zero":
        read[outside] = 0.0
    return read


def _checked_at(at: FloatArray) -> FloatArray:
    times = reals("at", at, "s")
    if times.ndim != 1 or not np.all(np.isfinite(times)):
        msg = f"at has shape {times.shape}, needs (n_times,) in s, all finite"
        raise ParameterError(msg)
    return times


def _check_choices(boundary: Boundary, interpolation: Interpolation) -> None:
    if boundary not in {"error", "zero", "hold"}:
        msg = f"boundary = {boundary!r} is none of error, zero, hold"
        raise ParameterError(msg)
    if interpolation not in {"samples", "linear", "cubic", "pchip"}:
        msg = f"interpolation = {interpolation!r} is none of samples, linear, cubic, pchip"
        raise ParameterError(msg)


def _check_effort(interpolation: Interpolation, precision: Precision, threads: int) -> None:
    if precision not in {"float64", "float32"} or threads < 1:
        msg = (
            f"precision = {precision!r} and threads = {threads}; allowed are float64 or float32 "
            "and at least one thread"
        )
        raise ParameterError(msg)
    if interpolation != "samples" and (precision, threads) != ("float64", 1):
        msg = (
            f"interpolation = {interpolation!r} works in float64 and one thread; leave "
            "`precision` and `threads` out or choose interpolation='samples'"
        )
        raise ParameterError(msg)


def _check_length(each: CurrentClass, interpolation: Interpolation) -> None:
    if interpolation != "samples" and len(each.time) == 1:
        msg = f"{each.name}: one sample cannot be interpolated; choose interpolation='samples'"
        raise ParameterError(msg)
