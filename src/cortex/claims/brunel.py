"""What is said under the figures of the Brunel network."""

import numpy as np

from cortex.claims.compare import (
    FACTOR,
    Table,
    band_ratio,
    largest,
    peak,
    rate_errors,
    within,
)
from cortex.claims.value import Facts, Value
from cortex.plots.brunel import CONTOURS
from cortex.steps.select import groups, rows

ASYNCHRONOUS = "AI"
CLOSE = 0.05  # relative error up to which rates are said to agree
SHOWN = 1.0  # Hz, the least rate of the colour scale
BANDS = {"low": (4.0, 10.0), "middle": (20.0, 100.0), "high": (200.0, 500.0)}  # Hz
NEAR = 0.05  # relative difference of frequencies that are called the same
SLOWEST = 4.0  # Hz, above the trend of a short recording
LOCKED = 0.1  # share of its mean below which a locked population rate falls between volleys


def plane(plane: Table, points: Table, rates: Table, network: Table) -> Facts:
    """Say where in the plane predicted and simulated rates agree."""
    del plane, points
    errors = {}
    for state, runs in groups(network, "state"):
        mine = rows(rates, state=state)
        told = np.average(mine["nu"], weights=mine["size"]) if len(mine["nu"]) else np.nan
        errors[str(state)] = float(told / np.mean(runs["nu"]) - 1.0)
    regimes = {str(state): set(runs["regime"]) for state, runs in groups(network, "state")}
    best = min(errors, key=lambda state: abs(errors[state]))
    worst, error = largest(errors)
    return {
        "contours": ", ".join(f"{rate:g}" for rate in CONTOURS) + " Hz",
        "shown": Value.of(SHOWN, "Hz", "g"),
        "best": best,
        "best_error": Value.of(abs(errors[best]), "percent", ".1f"),
        "worst": worst,
        "worst_error": Value.of(abs(error), "percent", ".0f"),
        "best_asynchronous": regimes[best] == {ASYNCHRONOUS},
    }


def states(raster: Table, activity: Table, rates: Table, points: Table) -> Facts:
    """Say how state A locks."""
    del raster, points
    mine = rows(activity, state="A")
    rate = np.asarray(mine["rate"], dtype=float)
    told = rows(rates, state="A")["nu"]
    if not rate.size or not told.size:
        return {"n_groups": "no", "locks": False}
    step = float(mine["time"][1] - mine["time"][0])
    f = np.fft.rfftfreq(len(rate), step)
    rhythm = float(f[1 + np.argmax(np.abs(np.fft.rfft(rate - rate.mean())[1:]))])
    n = round(rhythm / rate.mean())
    locks = rate.min() < LOCKED * rate.mean() and n > 1
    return {"n_groups": {2: "two", 3: "three", 4: "four"}.get(n, str(n)), "locks": bool(locks)}


def theory(rates: Table, observed: Table, predicted: Table, spectra: Table, modes: Table) -> Facts:
    """Say how far rates, irregularity and spectra are from the simulation."""
    errors = rate_errors(rates, observed)
    place, rate_error = largest(errors)
    right = [
        str(state) for state in dict.fromkeys(rates["state"])
        if all(abs(e) <= CLOSE for name, e in errors.items() if name.startswith(f"{state} "))
    ]  # fmt: skip
    cv_errors = rate_errors(rates, observed, "cv")
    told, seen = (rows(table, state="C", population="all") for table in (predicted, spectra))
    ratios = {name: band_ratio(told, seen, *band) for name, band in BANDS.items()}
    return {
        "close": Value.of(CLOSE, "percent", ".0f"),
        "worst_rate": place,
        "rate_error": Value.of(abs(rate_error), "percent", ".0f"),
        "right": ", ".join(right) or "none",
        "rates_off": {"B", "D"} == {*dict.fromkeys(rates["state"])} - set(right),
        "cv_predicted": Value.of(_of_state(rates, "C", "cv"), form=".2f"),
        "cv_simulated": Value.of(_of_state(observed, "C", "cv"), form=".2f"),
        "cv_too_high": cv_errors.get("C E", np.nan) > CLOSE,
        "factor": {2.0: "two"}[FACTOR],
        **{name: Value.span(band, "Hz", ".0f") for name, band in BANDS.items()},
        **{f"ratio_{name}": Value.of(ratio, form="#.2g") for name, ratio in ratios.items()},
        "peak_predicted": Value.of(peak(told, 20.0), "Hz", ".0f"),
        "peak_simulated": Value.of(peak(seen, 20.0), "Hz", ".0f"),
        **_volleys(spectra, modes),
        "middle_right": within(ratios["middle"]),
        "ends_wrong": not within(ratios["low"]) and not within(ratios["high"]),
    }


def _volleys(spectra: Table, modes: Table) -> Facts:
    """Say which mode of state A the peak of its spectrum belongs to: groups fire in turn."""
    seen = rows(spectra, state="A", population="all")
    mine = rows(modes, state="A") if modes else {"growth": np.zeros(0)}
    growing = np.flatnonzero(np.nan_to_num(mine["growth"], nan=-1.0) > 0.0)
    found = peak(seen, SLOWEST)
    told = np.nan
    if growing.size:
        told = float(mine["frequency"][growing[np.argmax(mine["growth"][growing])]])
    return {
        "peak_A": Value.of(found, "Hz", ".0f"),
        "mode_A": Value.of(told, "Hz", ".0f"),
        "half_A": abs(2.0 * found / told - 1.0) < NEAR,
    }


def _of_state(table: Table, state: str, name: str) -> float:
    values = np.asarray(rows(table, state=state, population="E")[name], dtype=float)
    return float(values.mean()) if values.size else np.nan


def lfp(traces: Table, spectra: Table) -> Facts:
    """Say which frequencies the proxy takes over from the network."""
    del traces
    peaks = {str(state): peak(part, SLOWEST) for state, part in groups(spectra, "state")}
    order = [state for state in ("D", "C", "B", "A") if state in peaks]
    rising = [peaks[state] for state in order]
    return {
        "peaks": ", ".join(f"{s} {Value.of(peaks[s], 'Hz', '.0f')}" for s in sorted(peaks)),
        "rhythms_apart": len(rising) > 1 and bool(np.all(np.diff(rising) > 0.0)),
    }
