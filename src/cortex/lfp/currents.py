"""LFP from synaptic currents: shift in time, weight, sum over sources.

The LFP of electrode e is sum_s A_es sum_c w_c I_cs(t - delay_c) over sources s and classes
c of synapses. Delays of whole steps need no interpolation: the classes are added block by
block in a buffer that stays in the cache, and one matrix product projects the sum.
Interpolation that is linear in the data commutes with the sum over sources, so there the
currents are projected first. No temporary is of size times x sources x electrodes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.interpolate import CubicSpline, PchipInterpolator

from cortex.errors import ParameterError
from cortex.lfp.grid import COARSEST
from cortex.lfp.kernels import LONGEST
from cortex.params.lfp import RWS, WeightedSumParams
from cortex.typing import AnyArray, BoolArray, FloatArray, IntArray

Interpolation = Literal["samples", "linear", "cubic", "pchip"]
Boundary = Literal["error", "zero", "hold"]
ROUNDING = 1e-6  # of a sampling step: times closer than this are equal
BUFFER = 1 << 18  # numbers of the buffer: two megabytes, which stay in the cache
SMALL = 600_000  # multiplications in a product that the BLAS takes without copying its factors


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CurrentClass:
    """One class of synaptic currents and how it enters the LFP.

    Parameters
    ----------
    time : ndarray of shape (n_times,)
        Sample times, s, increasing.
    current : ndarray of shape (n_times, n_sources)
        Signed currents, A (excitatory positive).
    weight : float
        Factor in the weighted sum: 1 for AMPA, -alpha for GABA.
    delay : float
        The sum at t reads the current at ``t - delay``, s; negative reads the future.
    name : str
        For messages.
    """

    time: FloatArray
    current: FloatArray
    weight: float = 1.0
    delay: float = 0.0
    name: str = "current"

    def __post_init__(self) -> None:
        """Refuse shapes, orders and values that would be scrambled silently."""
        n_times = len(self.time) if np.ndim(self.time) == 1 else -1
        if np.ndim(self.current) != 2 or np.shape(self.current)[0] != n_times:
            msg = (
                f"{self.name}: current has shape {np.shape(self.current)} and time "
                f"{np.shape(self.time)}; needs (n_times, n_sources) and (n_times,): transposed?"
            )
            raise ParameterError(msg)
        if n_times == 0 or not np.all(np.isfinite(self.time)) or np.any(np.diff(self.time) <= 0):
            msg = f"{self.name}: time must hold at least one value, finite and increasing"
            raise ParameterError(msg)
        step = (self.time[-1] - self.time[0]) / max(n_times - 1, 1)
        if step > COARSEST or not abs(self.delay) <= LONGEST:
            msg = (
                f"{self.name}: steps of {step:g} s and a delay of {self.delay:g} s; allowed are "
                f"{COARSEST} s and {LONGEST} s; are times in ms?"
            )
            raise ParameterError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SynapticCurrents:
    """Synaptic currents on a time grid; excitatory positive, inhibitory negative.

    Parameters
    ----------
    time : ndarray of shape (n_steps,)
        Times of the samples, s.
    ampa, gaba : ndarray of shape (n_steps,) or (n_steps, n_units)
        Signed currents, A.
    nmda, gaba_b : ndarray of the same shape, optional
        Slow currents; they share weight and delay of AMPA and GABA.
    """

    time: FloatArray
    ampa: FloatArray
    gaba: FloatArray
    nmda: FloatArray | None = None
    gaba_b: FloatArray | None = None

    def __post_init__(self) -> None:
        """Refuse currents of the other sign convention."""
        for name, sign in (("ampa", 1.0), ("gaba", -1.0), ("nmda", 1.0), ("gaba_b", -1.0)):
            current = getattr(self, name)
            if current is not None and sign * np.sum(current) < 0.0:
                expected = "positive" if sign > 0.0 else "negative"
                msg = f"{name} has the wrong sign on average; its currents are {expected} here"
                raise ParameterError(msg)

    def classes(self, weighting: WeightedSumParams = RWS) -> tuple[CurrentClass, ...]:
        """Return the currents with their weights and delays in the weighted sum."""
        excitatory = (1.0, weighting.delay_ampa)
        inhibitory = (-weighting.alpha, weighting.delay_gaba)
        found = (
            ("ampa", self.ampa, excitatory),
            ("gaba", self.gaba, inhibitory),
            ("nmda", self.nmda, excitatory),
            ("gaba_b", self.gaba_b, inhibitory),
        )
        return tuple(
            CurrentClass(
                time=self.time,
                current=current[:, None] if current.ndim == 1 else current,
                weight=weight,
                delay=delay,
                name=name,
            )
            for name, current, (weight, delay) in found
            if current is not None
        )


def lfp_from_currents(
    amplitude: FloatArray,
    currents: SynapticCurrents,
    *,
    boundary: Boundary,
    at: FloatArray | None = None,
    interpolation: Interpolation = "samples",
    weighting: WeightedSumParams = RWS,
) -> FloatArray:
    """Return the LFP of recorded currents.

    Parameters
    ----------
    amplitude : ndarray of shape (n_electrodes, n_sources)
        From `cortex.lfp.amplitude_matrix`; V/A, or V per unit of a standardised current.
    currents : SynapticCurrents
        Currents of the sources.
    boundary, at, interpolation
        See `lfp_from_classes`; `at` defaults to the times of the currents.
    weighting : WeightedSumParams
        Delays and relative weight; the reference values by default.

    Returns
    -------
    ndarray of shape (n_times, n_electrodes)
        Not normalised: amplitude times current, V for amplitudes in V/A.
    """
    return lfp_from_classes(
        amplitude,
        currents.classes(weighting),
        at=currents.time if at is None else at,
        boundary=boundary,
        interpolation=interpolation,
    )


def lfp_from_classes(
    amplitude: FloatArray,
    classes: Sequence[CurrentClass],
    *,
    at: FloatArray,
    boundary: Boundary,
    interpolation: Interpolation = "samples",
) -> FloatArray:
    """Return the LFP as the weighted sum of any classes of currents.

    Parameters
    ----------
    amplitude : ndarray of shape (n_electrodes, n_sources)
        Amplitude of each source at each electrode.
    classes : sequence of CurrentClass
        Currents with weights and delays; each class may have its own time grid.
    at : ndarray of shape (n_times,)
        Times of the result, s, in any order.
    boundary : {"error", "zero", "hold"}
        Beyond the recorded currents: refuse, take zero, or keep the first or last sample.
    interpolation : {"samples", "linear", "cubic", "pchip"}
        Between samples: refuse, straight lines, cubic spline, or the monotone cubic of
        Fritsch and Carlson (not linear in the data, hence per source and slow).

    Returns
    -------
    ndarray of shape (n_times, n_electrodes)
        Unit of the amplitude times unit of the currents.

    Raises
    ------
    ParameterError
        Wrong shapes, times or choices; times beyond or between the samples that the choices
        forbid; currents that are not finite.
    """
    amplitude = checked_amplitude(amplitude)
    at = _checked_at(at)
    _check_choices(boundary, interpolation)
    for each in classes:
        if each.current.shape[1] != amplitude.shape[1]:
            msg = (
                f"{each.name}: {each.current.shape[1]} sources, the amplitudes have "
                f"{amplitude.shape[1]}; currents are (n_times, n_sources)"
            )
            raise ParameterError(msg)
        _check_length(each, interpolation)
    weighted = [each for each in classes if each.weight != 0.0]
    if interpolation == "samples":
        return _sum_samples(amplitude, weighted, at, boundary)
    lfp = np.zeros((len(at), len(amplitude)))
    for each in weighted:
        projection = each.weight * amplitude
        projected = (projection @ each.current.T).T
        if not np.all(np.isfinite(projected)):
            _refuse_not_finite(each)
        if interpolation == "pchip":
            lfp += _read(each, each.current, at, interpolation, boundary) @ projection.T
        else:
            lfp += _read(each, projected, at, interpolation, boundary)
    return lfp


def _sum_samples(
    amplitude: FloatArray, classes: Sequence[CurrentClass], at: FloatArray, boundary: Boundary
) -> FloatArray:
    """Return the LFP from samples alone: each current is read once, block by block."""
    if not classes:
        return np.zeros((len(at), len(amplitude)))
    ordered = sorted(classes, key=lambda each: each.weight == 1.0)  # those are only added
    rows = [_sample_rows(each, at, boundary) for each in ordered]
    n_sources = amplitude.shape[1]
    size = min(max(BUFFER // max(n_sources, 1), 1), max(len(at), 1))
    total, scratch = np.empty((2, size, n_sources))
    projection = np.ascontiguousarray(amplitude.T)
    lfp = np.empty((len(at), len(amplitude)))
    with np.errstate(invalid="ignore"):  # infinite currents are refused below, by name
        for low in range(0, len(at), size):
            block = slice(low, min(low + size, len(at)))
            here = total[: block.stop - low]
            for k, (each, read) in enumerate(zip(ordered, rows, strict=True)):
                _add_rows(here, scratch, each, read[block], fresh=k == 0)
            _project(here, projection, lfp[block])
    if not np.all(np.isfinite(lfp)):
        for each in classes:
            _refuse_not_finite(each)
    return lfp


def _project(currents: FloatArray, projection: FloatArray, out: FloatArray) -> None:
    """Write currents @ projection to `out` as a stack of thin products, 1.4 times as fast."""
    rows = max(SMALL // max(projection.size, 1), 1)
    whole = len(currents) // rows * rows if rows > 4 else 0
    if whole:
        stack = currents[:whole].reshape(-1, rows, currents.shape[1])
        np.matmul(stack, projection, out=out[:whole].reshape(-1, rows, out.shape[1]))
    np.matmul(currents[whole:], projection, out=out[whole:])


def _sample_rows(each: CurrentClass, at: FloatArray, boundary: Boundary) -> IntArray:
    """Return the sample that each time reads; -1 beyond the record if that counts as zero."""
    inside, outside, close = _within(each, at, boundary)
    nearest = _nearest(each.time, inside)
    _check_samples(each, np.abs(each.time[nearest] - inside) <= close, inside)
    return np.where(outside, -1, nearest) if boundary == "zero" else nearest


def _add_rows(
    total: FloatArray, scratch: FloatArray, each: CurrentClass, rows: IntArray, *, fresh: bool
) -> None:
    """Add weight x current of the given rows to `total`, or begin it; a run of rows in one pass."""
    known = np.flatnonzero(rows >= 0)
    read = rows[known]
    is_run = known.size > 0 and known[-1] - known[0] == known.size - 1
    is_run = is_run and bool(np.all(np.diff(read) == 1))
    if fresh and not (is_run and known.size == len(rows)):
        total[:] = 0.0
        fresh = False
    if not is_run:
        total[known] += each.weight * each.current[read]
        return
    into, source = total[known[0] : known[-1] + 1], each.current[read[0] : read[-1] + 1]
    if fresh:
        np.multiply(source, each.weight, out=into)
    elif each.weight == 1.0:
        into += source
    else:
        into += np.multiply(source, each.weight, out=scratch[: known.size])


def checked_amplitude(amplitude: AnyArray) -> FloatArray:
    """Return a finite (n_electrodes, n_sources) matrix; refuse anything else."""
    array = np.asarray(amplitude, dtype=np.float64)
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
    inside, outside, _ = _within(each, at, boundary)
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


def _within(
    each: CurrentClass, at: FloatArray, boundary: Boundary
) -> tuple[FloatArray, BoolArray, float]:
    """Return the times to read, moved into the record, which were outside, and the tolerance."""
    query = at - each.delay
    time = each.time
    close = float(ROUNDING * (np.diff(time).min() if len(time) > 1 else 1e-3))
    outside = (query < time[0] - close) | (query > time[-1] + close)
    if np.any(outside):
        _check_boundary(each, query, boundary)
    return np.clip(query, time[0], time[-1]), outside, close


def _nearest(time: FloatArray, query: FloatArray) -> IntArray:
    right = np.clip(np.searchsorted(time, query), 1, max(len(time) - 1, 1))
    if len(time) == 1:
        return np.zeros(len(query), dtype=np.int64)
    return np.where(query - time[right - 1] <= time[right] - query, right - 1, right)


def _refuse_not_finite(each: CurrentClass) -> None:
    """Name the first NaN or inf, which any amplitude, even zero, carries into the LFP."""
    bad = np.argwhere(~np.isfinite(each.current))
    if len(bad):
        msg = f"{each.name}: current of source {bad[0, 1]} at sample {bad[0, 0]} is not finite"
        raise ParameterError(msg)


def _checked_at(at: FloatArray) -> FloatArray:
    times = np.asarray(at, dtype=np.float64)
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


def _check_length(each: CurrentClass, interpolation: Interpolation) -> None:
    if interpolation != "samples" and len(each.time) == 1:
        msg = f"{each.name}: one sample cannot be interpolated; choose interpolation='samples'"
        raise ParameterError(msg)


def _check_samples(each: CurrentClass, on_grid: BoolArray, query: FloatArray) -> None:
    if not np.all(on_grid):
        t = query[np.argmin(on_grid)]
        msg = (
            f"{each.name}: no sample at {t} s (a delay of {each.delay} s that is no multiple of "
            "the step?); choose interpolation='linear', 'cubic' or 'pchip'"
        )
        raise ParameterError(msg)


def _check_boundary(each: CurrentClass, query: FloatArray, boundary: Boundary) -> None:
    if boundary == "error":
        msg = (
            f"{each.name}: currents from {each.time[0]} to {each.time[-1]} s are known, "
            f"{query.min()} to {query.max()} s are needed (delay {each.delay} s); shorten `at` "
            "or choose boundary='zero' or 'hold'"
        )
        raise ParameterError(msg)
