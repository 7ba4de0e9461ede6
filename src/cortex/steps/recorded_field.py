"""A recorded field beside recorded spikes: its spectra, and how spikes go with it."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from cortex.analysis.population import rate_spectrum
from cortex.analysis.spectral_fit import fit_spectrum
from cortex.analysis.spike_field import (
    analytic_signal,
    phase_locking,
    spike_field_coherence,
    spike_triggered_field,
)
from cortex.errors import ConvergenceError, ParameterError
from cortex.params.field_file import BandParams, FieldFile
from cortex.spikes import Spikes
from cortex.steps.columns import Columns, Tables, labelled, stacked, transposed
from cortex.typing import FloatArray
from cortex.units import GRID_TOLERANCE

HIGHEST: Final = 0.45
"""Highest frequency of bands over that of the samples; filters against aliases act above."""
SEGMENTS: Final = 4
"""Segments of a spectrum that spikes and field must have in common, without overlap."""


def relate(
    spikes: Spikes,
    field: FloatArray,
    params: FieldFile,
    *,
    step: float,
    start: float,
    channels: Sequence[str],
    max_frequency: float,
) -> Tables:
    """Return the spectra of a field and its relations to the spikes of each population.

    Parameters
    ----------
    spikes : Spikes
        On a grid or off it.
    field : ndarray of shape (n_times, n_channels)
        Potentials, V.
    params : FieldFile
        Segments, windows and bands.
    step, start : float
        Time between samples, and of the first on the clock of the spikes, s.
    channels : sequence of str
        What the channels are called.
    max_frequency : float
        Highest frequency of the tables, Hz.

    Returns
    -------
    dict
        ``power``, ``laws``, ``peaks``, ``coherence``, ``triggered`` and ``locking``, as
        `cortex.io.schemas.recordings.FIELD` says; a channel whose power law does not settle, or
        which is flat, has none. Bands that the samples do not hold are left out.

    Raises
    ------
    ParameterError
        Spikes and field have too little time in common, or the samples hold none of the bands.
    """
    first, last = overlap(spikes, len(field), params, step=step, start=start)
    field, start = field[first:last], start + first * step
    clock = {"step": step, "start": start}
    within = round(params.window / step) * step
    made: dict[str, list[Columns]] = {"power": [], "laws": [], "peaks": []}
    for name, trace in zip(channels, field.T, strict=True):
        for kind, part in _spectrum(trace, params, step, max_frequency).items():
            made[kind].append(labelled(part, channel=name))
    tables: Tables = {kind: stacked(parts) for kind, parts in made.items() if parts}
    coherence = spike_field_coherence(spikes, field, segment=params.segment, **clock)
    kept = (coherence.frequency > 0.0) & (coherence.frequency <= max_frequency)
    triggered = spike_triggered_field(spikes, field, window=(-within, within), **clock)
    pairs = [
        ({"channel": channel, "population": population}, (e, p))
        for e, channel in enumerate(channels)
        for p, population in enumerate(spikes.names)
    ]
    tables["coherence"] = stacked(
        labelled(
            {"frequency": coherence.frequency[kept], "coherence": coherence.value[kept, *at]},
            chance=coherence.chance,
            **which,
        )
        for which, at in pairs
    )
    tables["triggered"] = stacked(
        labelled(
            {"lag": triggered.lag, "field": triggered.mean[:, *at] - field[:, at[0]].mean()},
            chance=triggered.chance[at],
            n_spikes=triggered.n_spikes[at[1]],
            **which,
        )
        for which, at in pairs
    )
    return tables | {"locking": _locking(spikes, field, params, pairs, clock)}


def overlap(
    spikes: Spikes, n_samples: int, params: FieldFile, *, step: float, start: float
) -> tuple[int, int]:
    """Return the first sample that spikes and field have in common, and the one after the last.

    Raises
    ------
    ParameterError
        There are too few, segments and windows are too long for them, or the samples hold none of
        the bands.
    """
    edges = (np.array([spikes.start, spikes.stop]) - start) / step
    first, last = np.clip(np.ceil(edges - GRID_TOLERANCE).astype(int), 0, n_samples).tolist()
    common, least = (last - first) * step, max(SEGMENTS * params.segment, 2.0 * params.window)
    if common < least * (1.0 - 1e-9):
        msg = (
            f"spikes from {spikes.start:g} to {spikes.stop:g} s and a field from {start:g} to "
            f"{start + n_samples * step:g} s have {max(common, 0.0):.4g} s in common; spectra and "
            f"windows ask for {least:g} s: start_s says when the field begins, segment_ms and "
            "window_ms how long they are"
        )
        raise ParameterError(msg)
    low, high = _fitted(params, step)
    if (high - low) * params.segment < 8.0:
        msg = (
            f"the power law from {low:g} to {high:g} Hz has fewer than eight frequencies "
            f"of segments of {params.segment:g} s: widen fit, or lengthen segment_ms"
        )
        raise ParameterError(msg)
    if not _heard(params, step):
        msg = f"no band lies below half of the samples' {1.0 / step:g} Hz: give others in bands"
        raise ParameterError(msg)
    return first, last


def _fitted(params: FieldFile, step: float) -> tuple[float, float]:
    """Return the edges of the power law's band, within what the samples hold."""
    return params.fit.low, min(params.fit.high, HIGHEST / step)


def _heard(params: FieldFile, step: float) -> dict[str, BandParams]:
    """Return the bands that the samples hold."""
    return {name: band for name, band in params.bands.items() if band.high < HIGHEST / step}


def _spectrum(
    trace: FloatArray, params: FieldFile, step: float, max_frequency: float
) -> dict[str, Columns]:
    """Return the spectrum of one channel, its power law and its peaks."""
    found = rate_spectrum(trace, step, segment=params.segment)
    kept = (found.frequency > 0.0) & (found.frequency <= max_frequency)
    frequency, power = found.frequency[kept], found.density[kept]
    law = np.full(len(frequency), np.nan)
    tables: dict[str, Columns] = {"power": {"frequency": frequency, "power": power, "law": law}}
    low, high = _fitted(params, step)
    inside = (frequency >= low) & (frequency <= high)
    nothing = {"exponent": float("nan"), "offset": float("nan")}
    if not np.all(power[inside] > 0.0):
        return tables | {"laws": transposed([nothing])}
    try:
        fit = fit_spectrum(frequency, power, band=(low, high), method=params.fit_method)
    except ConvergenceError:
        return tables | {"laws": transposed([nothing])}
    law[inside] = 10.0**fit.offset / frequency[inside] ** fit.exponent
    tables["laws"] = transposed([{"exponent": fit.exponent, "offset": fit.offset}])
    if fit.peaks:
        tables["peaks"] = transposed(
            {"frequency": peak.frequency, "height": peak.height, "width": peak.width}
            for peak in fit.peaks
        )
    return tables


def _locking(
    spikes: Spikes,
    field: FloatArray,
    params: FieldFile,
    pairs: Sequence[tuple[dict[str, str], tuple[int, int]]],
    clock: dict[str, float],
) -> Columns:
    rows = []
    for name, band in _heard(params, clock["step"]).items():
        analytic = analytic_signal(field, step=clock["step"], band=(band.low, band.high))
        found = phase_locking(spikes, analytic, **clock)
        rows += [
            {
                **which, "band": name, "low": band.low, "high": band.high,
                "strength": found.strength[at], "phase": found.phase[at],
                "consistency": found.consistency[at], "n_spikes": found.n_spikes[at[1]],
            }
            for which, at in pairs
        ]  # fmt: skip
    return transposed(rows)
