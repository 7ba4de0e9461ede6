"""Prediction over measurement, as sentences need it: relative errors and ratios in bands."""

from collections.abc import Mapping

import numpy as np

from cortex.steps.select import by_seed, rows
from cortex.typing import AnyArray, FloatArray

Table = Mapping[str, AnyArray]
FACTOR = 2.0
"""Up to which a spectrum is said to have the predicted level."""


def rate_errors(rates: Table, observed: Table, quantity: str = "nu") -> dict[str, float]:
    """Return theory less simulation over simulation, ``"state population"`` -> relative error.

    Parameters
    ----------
    rates, observed : tables `network_predicted_rates` and `network_observed_populations`
    quantity : {"nu", "cv"}
        Rate or coefficient of variation.
    """
    errors = {}
    pairs = zip(rates["state"], rates["population"], rates[quantity], strict=True)
    for state, population, told in pairs:
        seen = np.asarray(rows(observed, state=state, population=population)[quantity])
        known = seen[np.isfinite(seen) & (seen > 0.0)]
        error = float(told) / float(known.mean()) - 1.0 if known.size else np.nan
        errors[f"{state} {population}"] = error
    return errors


def largest(errors: Mapping[str, float]) -> tuple[str, float]:
    """Return name and value of the error of largest size; nan where none is known."""
    known = {name: error for name, error in errors.items() if np.isfinite(error)}
    name = max(known, key=lambda each: abs(known[each]), default="no population")
    return name, known.get(name, np.nan)


def mean_spectrum(table: Table) -> tuple[FloatArray, FloatArray]:
    """Return frequencies and densities of one spectrum, mean over networks; empty where none."""
    if not len(table["frequency"]):
        return np.zeros(0), np.zeros(0)
    if "seed" not in table:
        return table["frequency"], table["power"]
    power = by_seed(table, "power")
    return table["frequency"][: power.shape[1]], power.mean(axis=0)


def band_ratio(predicted: Table, simulated: Table, low: float, high: float) -> float:
    """Return predicted over simulated mean density from `low` to `high` Hz; nan where none."""
    f, seen = mean_spectrum(simulated)
    told_f, told = mean_spectrum(predicted)
    inside = (f >= low) & (f < high)
    if not inside.any() or not told_f.size:
        return np.nan
    return float(np.interp(f, told_f, told)[inside].mean() / seen[inside].mean())


def peak(table: Table, low: float = 0.0) -> float:
    """Return the frequency of the largest density above `low`, Hz; nan where there is none."""
    f, power = mean_spectrum(table)
    kept = f > low
    if not kept.any() or not np.isfinite(power[kept]).any():
        return np.nan
    return float(f[kept][np.nanargmax(power[kept])])


def within(ratio: float, factor: float = FACTOR) -> bool:
    """Tell whether a ratio is known and one within a factor."""
    return bool(np.isfinite(ratio) and 1.0 / factor <= ratio <= factor)
