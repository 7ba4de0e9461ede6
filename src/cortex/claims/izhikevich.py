"""What is said under the figures of Izhikevich cells, their networks and the bump."""

import numpy as np

from cortex.claims.compare import Table
from cortex.claims.value import Facts, Value
from cortex.plots.select import alone, groups, rows

FOUND = 1e-6  # relative difference of a bifurcation that was found and its closed form
ON_LINE = 0.95  # share of the variance of a straight line
STANDARD_ERRORS = 3.0
THIN = 0.5  # strength of the population vector below which there is no bump
QUOTED = 73e-12  # A, the current often quoted for another cell


def cells(landmarks: Table, curves: Table, traces: Table, nullclines: Table) -> Facts:
    """Say how rest is lost and where the cells are bistable."""
    del traces, nullclines
    cells = {name: dict.fromkeys(landmarks, np.nan) for name in ("RS", "FS")}
    cells |= {str(name): {k: float(v[0]) for k, v in part.items() if k != "cell"}
             for name, part in groups(landmarks, "cell")}  # fmt: skip
    apart = max(
        abs(cell[f"{name}_found"] / cell[name] - 1.0)
        for cell in cells.values() for name in ("fold", "hopf")
    )  # fmt: skip
    fast = rows(curves, cell="FS")
    quiet = fast["steady_rate"][fast["current"] <= QUOTED]
    widths = {name: cell["hopf"] - cell["firing_onset"] for name, cell in cells.items()}
    return {
        **{
            f"{key}_{name}": Value.of(cell[key], "pA", form)
            for name, cell in cells.items()
            for key, form in (("fold", ".1f"), ("hopf", ".1f"), ("firing_onset", ".1f"))
        },
        **{f"width_{name}": Value.of(width, "pA", ".1f") for name, width in widths.items()},
        "quoted": Value.of(QUOTED, "pA", ".0f"),
        "closed_forms": apart < FOUND,
        "hopf_first": all(cell["hopf"] < cell["fold"] for cell in cells.values()),
        "bistable": all(width > 0.0 for width in widths.values()),
        "silent_at_quoted": quiet.size > 0 and not np.any(quiet > 0.0),
    }


def networks(rasters: Table, currents: Table) -> Facts:
    """Say what spreads in the published networks."""
    del currents
    large = max(
        (str(case) for case in rasters["case"]), key=lambda case: np.sum(rasters["case"] == case)
    )
    mine = rows(rasters, case=large, scheme="reference")
    reference = len(mine["time"])
    standard = len(rows(rasters, case=large, scheme="standard")["time"])
    excited = mine["excitatory"].astype(bool)
    late = mine["time"] > 0.5 * float(mine["time"].max())
    reached = np.unique(mine["neuron"][excited & late]).size / max(
        np.unique(mine["neuron"][excited]).size, 1
    )
    return {
        "n_reference": str(reference),
        "n_standard": str(standard),
        "reached": Value.of(reached, "percent", ".0f"),
        "spreads": reached > 0.9,
    }


def attractor(raster: Table, trials: Table) -> Facts:
    """Say whether the bump stays."""
    cued = raster["during_cue"].astype(bool)
    start = float(raster["time"][cued].min()) if np.any(cued) else np.nan
    before = int(np.sum(raster["time"] < start))
    last = {int(t): bool(part["alive"].all()) for t, part in groups(trials, "trial")}
    return {
        "n_trials": str(len(last)),
        "n_alive": str(sum(last.values())),
        "largest_error": Value.of(float(np.nanmax(np.abs(trials["error"]))), "deg", ".0f"),
        "n_before": str(before),
        "silent_before": before < 0.01 * np.sum(cued),
        "stays": all(last.values()),
    }


def memory(diffusion: Table, fit: Table, sweep: Table) -> Facts:
    """Say how the remembered angle diffuses, and what the memory needs."""
    del diffusion
    one = {name: float(values[0]) for name, values in fit.items()}
    facts: dict[str, Value | str | bool] = {
        "diffusion": Value.of(one["coefficient"], "deg2_per_s", ".2f"),
        "diffusion_error": Value.of(one["coefficient_error"], "deg2_per_s", ".2f"),
        "drift": Value.of(one["drift"], "deg_per_s", ".2f"),
        "drift_error": Value.of(one["drift_error"], "deg_per_s", ".2f"),
        "linearity": Value.of(one["linearity"], form=".2f"),
        "n_trials": str(int(one["n_trials"])),
        "linear": one["linearity"] > ON_LINE,
        "no_drift": abs(one["drift"]) < STANDARD_ERRORS * one["drift_error"],
    }
    for key, unit, form in (
        ("J_plus", "1", "g"),
        ("gaba_gain", "1", "g"),
        ("cue_amplitude", "pA", "g"),
    ):
        part = alone(sweep, key)
        longest = float(np.max(part["lifetime"], initial=0.0))
        means = {
            value: float(np.mean(rows(part, **{key: value})["lifetime"]))
            for value in np.unique(part[key])
        }
        lost = [value for value, life in means.items() if life < THIN * longest]
        kept = [value for value, life in means.items() if life >= THIN * longest]
        facts |= {
            f"{key}_lost": Value.of(max(lost, default=np.nan), unit, form),
            f"{key}_kept": Value.of(min(kept, default=np.nan), unit, form),
            f"needs_{key}": bool(lost) and bool(kept) and max(lost) < min(kept),
        }
    weak = rows(alone(sweep, "gaba_gain"), gaba_gain=np.min(sweep["gaba_gain"]))
    flat = rows(alone(sweep, "J_plus"), J_plus=np.min(sweep["J_plus"]))
    facts["rate_weak"] = Value.of(float(np.mean(weak["last_rate"])), "Hz", ".0f")
    facts["rate_flat"] = Value.of(float(np.mean(flat["last_rate"])), "Hz", ".1f")
    return facts
