"""What is said under the figures of Izhikevich cells, their networks and the bump."""

import numpy as np

from cortex.claims.compare import Table
from cortex.claims.value import Facts, Value
from cortex.plots.potentials import HIGHEST
from cortex.steps.select import alone, groups, rows

FOUND = 1e-6  # relative difference of a bifurcation that was found and its closed form
ON_LINE = 0.95  # share of the variance of a straight line
STANDARD_ERRORS = 3.0
IN_ORDER = 0.9  # correlation of first spikes with the distance from where they start
LONG = 0.1  # s, several of the intervals within a wave
BLOCKED = 0.2  # share of the time, far more than spikes last
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


def potentials(potentials: Table, rasters: Table) -> Facts:
    """Say how activity runs around the largest published ring, and what ends it."""
    large = max(set(map(str, potentials["case"])), key=lambda case: _n_cells(potentials, case))
    cells = rows(potentials, case=large, excitatory=True)
    spikes = rows(rasters, case=large, scheme="standard", excitatory=True)
    n = int(np.max(cells["neuron"])) + 1
    first = {int(k): float(part["time"].min()) for k, part in groups(spikes, "neuron")}
    start = min(first, key=first.__getitem__, default=0)
    fired = np.array(sorted(first))
    when = np.array([first[k] for k in fired])
    away = np.minimum((fired - start) % n, (start - fired) % n)
    enough = fired.size > 2 and np.ptp(away) > 0 and np.ptp(when) > 0.0
    order = float(np.corrcoef(away, when)[0, 1]) if enough else 0.0
    slope = float(np.polyfit(away, when, 1)[0]) if enough else np.nan
    gaps = [np.max(np.diff(part["time"])) for _, part in groups(spikes, "neuron")
            if len(part["time"]) > 1]  # fmt: skip
    silent = float(np.median(gaps)) if gaps else 0.0
    lowest = float(np.median([np.min(part["v"]) for _, part in groups(cells, "neuron")]))
    hung = float(np.mean(rows(potentials, case=large, excitatory=False)["v"] > HIGHEST))
    return {
        "start": str(start),
        "per_cell": Value.of(slope, "ms", ".1f"),
        "crossing": Value.of(float(np.ptp(when)) if fired.size else np.nan, "ms", ".0f"),
        "lowest": Value.of(lowest, "mV", ".0f"),
        "silent": Value.of(silent, "ms", ".0f"),
        "hung": Value.of(hung, "percent", ".0f"),
        "highest": Value.of(HIGHEST, "mV", ".0f"),
        "blocked": hung > BLOCKED,
        "front": order > IN_ORDER,
        "deep": silent > LONG,
    }


def _n_cells(potentials: Table, case: str) -> int:
    return int(np.max(rows(potentials, case=case)["neuron"])) + 1


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
