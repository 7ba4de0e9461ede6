"""What is said under the figures of the spiking ring and of the microcircuit."""

import numpy as np

from cortex.claims.compare import Table, band_ratio, largest, mean_spectrum, peak, rate_errors
from cortex.claims.value import Facts, Value
from cortex.steps.select import groups, rows
from cortex.typing import BoolArray

NEAR = 0.05  # relative difference of frequencies that are called the same
STATIC = 0.1  # Hz; a mode below does not oscillate
CLOSE = 0.1  # relative error up to which rates of the microcircuit are said to follow
GAMMA = (70.0, 95.0)  # Hz, the common rhythm
FAST = (300.0, 340.0)  # Hz, the fast modes of single layers


def ring(rates: Table, observed: Table, modes: Table, space_time: Table, raster: Table) -> Facts:
    """Say which waves and patterns theory names and the network shows."""
    del raster
    waves, still, said = [], [], []
    for state, part in groups(modes, "state"):
        here = rows(space_time, state=state, population="E")
        growing, moving = part["growth"] >= 0.0, part["frequency"] >= STATIC
        told, seen = _fastest(part, growing & moving), _strongest(here)
        waves.append(told[0] == seen[0] and abs(told[1] / seen[1] - 1.0) < NEAR)
        said.append(f"{seen[0]} cycles per ring at {seen[1]:.0f} Hz in state {state}, "
                    f"where theory has {told[0]} at {told[1]:.0f} Hz")  # fmt: skip
        pattern = _fastest(part, growing & ~moving)
        if pattern[0]:
            still.append((str(state), pattern, _strongest(here, static=True)[0]))
    name, error = largest(rate_errors(rates, observed))
    means = [float(np.mean(part["nu"])) for _, part in groups(observed, "state")]
    irregular = [float(np.nanmean(part["cv"])) for _, part in groups(observed, "state")]
    _, cv_error = largest(rate_errors(rates, observed, "cv"))
    state, pattern, seen_still = still[0] if still else ("no state", (0, np.nan, np.nan), 0)
    return {
        "waves": "; ".join(said),
        "static_state": state,
        "static_told": str(pattern[0]),
        "static_growth": Value.of(pattern[2], "per_s", ".0f"),
        "static_seen": str(seen_still),
        "rate_told": Value.of(float(np.mean(rates["nu"])), "Hz", ".0f"),
        "rates_seen": Value.span(means, "Hz", ".0f"),
        "worst": name,
        "error": Value.of(abs(error), "percent", ".0f"),
        "cv_told": Value.of(float(np.mean(rates["cv"])), form=".2f"),
        "cv_seen": Value.span(irregular, form=".2f"),
        "cv_error": Value.of(abs(cv_error), "percent", ".0f"),
        "waves_right": bool(waves) and all(waves),
        "static_grows": bool(still),
        "static_right": bool(still) and all(part[0] == number for _, part, number in still),
        "leaves_uniform": abs(error) > NEAR,
        "cv_leaves_uniform": abs(cv_error) > 2.0 * NEAR,
    }


def _fastest(modes: Table, kept: BoolArray) -> tuple[int, float, float]:
    """Return wave number, frequency and growth of the mode that grows fastest of those kept."""
    growth = np.where(kept, modes["growth"], -np.inf)
    i = int(np.argmax(growth))
    if not np.isfinite(growth[i]):
        return 0, np.nan, np.nan
    return int(modes["wave_number"][i]), float(modes["frequency"][i]), float(growth[i])


def _strongest(space_time: Table, *, static: bool = False) -> tuple[int, float]:
    """Return wave number and frequency of the strongest wave or static pattern, mean over networks.

    Both directions count as one; a wave takes the mean of the bins around its peak, by their
    power, for its frequency.
    """
    if not len(space_time["power"]):
        return 0, np.nan
    power = np.mean([part["power"] for _, part in groups(space_time, "seed")], axis=0)
    k, f = np.unique(space_time["wave_number"]), np.unique(space_time["frequency"])
    field = power.reshape(len(f), len(k))
    numbers = np.arange(1, int(k.max()) + 1)
    both = np.stack([field[:, np.abs(k) == n].sum(axis=1) for n in numbers], axis=1)
    both[slice(1, None) if static else 0] = 0.0
    i, n = np.unravel_index(int(np.argmax(both)), both.shape)
    near = slice(max(int(i) - 1, 0), int(i) + 2)
    return int(numbers[n]), float(f[near] @ both[near, n] / both[near, n].sum())


def circuit(
    rates: Table, observed: Table, predicted: Table, spectra: Table, raster: Table
) -> Facts:
    """Say which of the rates and spectra of the microcircuit theory gives."""
    del raster
    errors = {name.split()[-1]: error for name, error in rate_errors(rates, observed).items()}
    name, error = largest(errors)
    cv = rate_errors(rates, observed, "cv")
    order = [str(each) for each in dict.fromkeys(rates["population"])]
    pairs = {
        each: (rows(predicted, population=each), rows(spectra, population=each)) for each in order
    }
    gamma = [band_ratio(*pairs[each], low=GAMMA[0], high=GAMMA[1]) for each in order]
    fast = {each: band_ratio(*pairs[each], low=FAST[0], high=FAST[1]) for each in order}
    deep = [fast[each] for each in order if each.startswith(("5", "6"))]
    told, seen = (
        peak(_below(rows(table, population="all"), 150.0), 20.0) for table in (predicted, spectra)
    )
    right = [each for each in order if abs(errors[each]) <= CLOSE]
    return {
        "n_neurons": f"{int(np.sum(rates['size'])):,}",
        "close": Value.of(CLOSE, "percent", ".0f"),
        "rates": " | ".join(
            f"{float(np.mean(rows(observed, population=each)['nu'])):.3f}" for each in order
        ),
        "n_right": f"{len(right)} of {len(order)}",
        "worst": name,
        "error": Value.of(error, "percent", "+.0f"),
        "cv": Value.span(list(cv.values()), "percent", "+.0f"),
        "rhythm": Value.of(seen, "Hz", ".0f"),
        "rhythm_told": Value.of(told, "Hz", ".0f"),
        "gamma_band": Value.span(GAMMA, "Hz", ".0f"),
        "gamma": Value.span(gamma, form=".2f"),
        "fast_band": Value.span(FAST, "Hz", ".0f"),
        "fast": Value.span(deep, form=".0f"),
        "rates_follow": len(right) >= len(order) - 1,
        "rhythm_right": abs(told / seen - 1.0) < 2.0 * NEAR,
        "gamma_too_small": max(gamma) < 0.5,
        "fast_too_large": bool(deep) and min(deep) > 2.0,
    }


def _below(table: Table, highest: float) -> Table:
    f, power = mean_spectrum(table)
    return {"frequency": f[f < highest], "power": power[f < highest]}
