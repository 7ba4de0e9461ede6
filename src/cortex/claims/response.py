"""What is said under the figures of single neurons, rate models and the microcircuit."""

import numpy as np

from cortex.claims.compare import Table, largest
from cortex.claims.value import Facts, Value
from cortex.steps.select import groups, rows
from cortex.typing import FloatArray

EXACT = 1e-3  # relative difference of two ways to one number
GOOD_FIT = 0.01  # error of a fitted gain
NEAR = 0.15  # relative distance of a resonance from the rate
SLOW = 0.1  # of the frequency at which the treatments of synapses end
STANDARD_ERRORS = 3.5  # the largest of a dozen is beyond 3 once in 30 runs
CLOSE = 0.08  # relative error up to which a gain is said to follow
FAILS = 0.2  # relative error of a theory that has ended
NEAR_ENOUGH = 0.5  # Hz, how close predicted rates are to the published ones


def neurons(stationary: Table, transfer: Table, driven: Table) -> Facts:
    """Say where the curves start and where they peak, and how far simulated neurons follow."""
    start, peaks, lower = [], [], []
    for point, part in groups(stationary, "point"):
        nu = dict(zip(part["treatment"], part["nu"], strict=True))
        lower.append(all(nu[name] < nu["white"] for name in nu if name != "white"))
        for treatment, slope in zip(part["treatment"], part["slope"], strict=True):
            curve = rows(transfer, point=point, treatment=treatment)
            if treatment != "nodes":  # extrapolated, slope and curve on their own
                start.append(abs(float(curve["gain"][0]) / float(slope) - 1.0))
            i = int(np.argmax(curve["gain"]))
            if curve["gain"][i] > (1.0 + EXACT) * curve["gain"][0] and treatment == "shift":
                height = float(curve["gain"][i] / curve["gain"][0])
                peaks.append((float(curve["frequency"][i]), float(nu[treatment]), height))
    strongest = max(peaks, key=lambda each: each[2], default=(np.nan, np.nan, np.nan))
    return {
        **_driven(driven, stationary),
        **_on_nodes(driven, transfer),
        "start": Value.of(max(start), form=".0e"),
        "peak": Value.of(strongest[0], "Hz", ".0f"),
        "rate": Value.of(strongest[1], "Hz", ".0f"),
        "height": Value.of(strongest[2], form=".2f"),
        "starts_at_slope": max(start) < EXACT,
        "resonates": bool(peaks) and abs(strongest[0] / strongest[1] - 1.0) < NEAR,
        "colour_lowers": all(lower),
    }


def _driven(driven: Table, stationary: Table) -> dict[str, Value | str | bool]:
    """Say how far theory is from simulated neurons, below its mark and beyond."""
    mark = float(np.min(stationary["validity"]))
    slow = driven["frequency"] < SLOW * mark
    beyond = driven["frequency"] > mark
    off = driven["gain_predicted"] / driven["gain"] - 1.0
    errors = (driven["gain_predicted"] - driven["gain"]) / driven["gain_error"]
    lag = np.angle(np.exp(1j * (driven["phase"] - driven["phase_predicted"])))
    told = dict(
        zip(*(rows(stationary, treatment="shift")[k] for k in ("point", "nu")), strict=True)
    )
    nu = np.array([told[point] for point in driven["point"]])
    between = ~slow & ~beyond
    return {
        "validity": Value.of(mark, "Hz", ".0f"),
        "slow": Value.of(float(np.max(driven["frequency"][slow], initial=0.0)), "Hz", ".0f"),
        "slow_off": Value.of(_most(off[slow]), "percent", ".1f"),
        "slow_errors": Value.of(_most(errors[slow]), form=".1f"),
        "between_off": Value.of(_most(off[between]), "percent", ".0f"),
        "between_lag": Value.of(_most(lag[between]), "deg", ".0f"),
        "beyond_off": Value.of(_most(off[beyond]), "percent", ".0f"),
        "lag": Value.of(_most(lag[beyond]), "deg", ".0f"),
        "rate_off": Value.of(_most(nu / driven["nu"] - 1.0), "percent", ".1f"),
        "seen_between": bool(np.any(between)),
        "follows_slow": _most(errors[slow]) < STANDARD_ERRORS,
        "fails_beyond": float(np.min(-off[beyond], initial=1.0)) > FAILS,
    }


def _on_nodes(driven: Table, transfer: Table) -> dict[str, Value | str | bool]:
    """Say how far responses on nodes are from simulated neurons, at all frequencies."""
    off, lag = [], []
    for point, seen in groups(driven, "point"):
        curve = rows(transfer, point=point, treatment="nodes")
        at, f = np.log(seen["frequency"]), np.log(curve["frequency"])
        gain = np.exp(np.interp(at, f, np.log(curve["gain"])))
        off += list(gain / seen["gain"] - 1.0)
        lag += list(np.interp(at, f, curve["phase"]) - seen["phase"])
    return {
        "nodes_off": Value.of(_most(np.array(off)), "percent", ".0f"),
        "nodes_lag": Value.of(_most(np.array(lag)), "deg", ".0f"),
        "nodes_follow": _most(np.array(off)) < CLOSE,
    }


def _most(values: FloatArray) -> float:
    return float(np.max(np.abs(values), initial=0.0))


def mapping(fits: Table, curves: Table) -> Facts:
    """Say how well one time constant serves."""
    error = curves["gain"] / curves["fit_gain"] - 1.0
    lag = curves["fit_phase"] - curves["phase"]
    return {
        "fit_error": Value.of(float(np.max(fits["fit_error"])), "percent", ".1f"),
        "largest": Value.of(float(np.max(np.abs(error))), "percent", ".0f"),
        "highest": Value.of(float(np.max(curves["frequency"])), "Hz", ".0f"),
        "lag": Value.of(float(np.max(lag)), "deg", ".0f"),
        "good": Value.of(GOOD_FIT, "percent", ".0f"),
        "tau": Value.span(fits["tau"], "ms", ".1f"),
        "fits": float(np.max(fits["fit_error"])) < GOOD_FIT,
        "lags": float(np.min(lag)) > 0.0,
    }


def microcircuit(rates: Table) -> Facts:
    """Say how far the theory is from the published rates."""
    poisson = rows(rates, treatment="shift")
    gap = np.abs(poisson["nu"] - poisson["nu_simulated"])
    ratio = poisson["nu"] / poisson["nu_simulated"] - 1.0
    name, error = largest(dict(zip(map(str, poisson["population"]), ratio, strict=True)))
    slowest = str(poisson["population"][np.argmin(poisson["nu"])])
    other = rows(rates, treatment="taylor")
    constant = rows(rates, treatment="constant drive")
    between = float(np.max(np.abs(other["nu"] - poisson["nu"])))
    return {
        "gap": Value.of(float(gap.max()), "Hz", ".2f"),
        "worst": name,
        "error": Value.of(abs(error), "percent", ".0f"),
        "between": Value.of(between, "Hz", ".2f"),
        "constant": Value.of(float(np.max(np.abs(constant["nu"] - poisson["nu"]))), "Hz", ".2f"),
        "near": Value.of(NEAR_ENOUGH, "Hz", ".1f"),
        "near_published": float(gap.max()) < NEAR_ENOUGH,
        "treatments_agree": between < float(gap.max()),
        "slow_low": error < 0.0 and name == slowest,
    }
