"""What is said under the figures of the learning ring."""

import numpy as np

from cortex.claims.compare import Table
from cortex.claims.value import Facts, Value
from cortex.plots.learning import HELD
from cortex.steps.select import alone, groups, rows

EXACT = 1e-4  # relative difference below which a curve is said to lie on its prediction
VISIBLE = 0.001  # of the largest weight: less than a line is wide
FORM = 0.03  # of the largest weight: one step of the ring, where the closed form jumps
THIN = 0.5  # of the fastest change: a neuron that is about to switch
PHASE = 0.03  # relative error up to which the first harmonic is said to serve


def _apart(part: Table, seen: str, told: str) -> float:
    """Return the largest difference over the largest prediction; nan where there is none."""
    if not len(part[told]):
        return np.nan
    return float(np.max(np.abs(part[seen] - part[told])) / np.max(np.abs(part[told])))


def kernels(kernels: Table) -> Facts:
    """Say on which curves the learned weights lie."""
    cases = dict(groups(kernels, "case"))
    delays = [part for name, part in cases.items() if str(name).startswith("delay")]
    matrix = cases["full matrix"]
    apart = max(_apart(part, "weight", "predicted") for part in (*delays, matrix))
    form = max(_apart(part, "weight", "closed_form") for part in delays)
    control, first = cases.get("presynaptic derivative"), delays[-1]
    inverted = False
    if control is not None:
        same = [part for part in delays if part["tau_d"][0] == control["tau_d"][0]]
        first = same[0] if same else first
        inverted = float(np.corrcoef(control["weight"], first["weight"])[0, 1]) < -1.0 + HELD
    lead, weight = first["lead"], first["weight"]
    near = np.abs(lead) < 0.2 * np.ptp(lead)
    signs = np.sign(weight[near]) == np.sign(lead[near])
    return {
        "apart": Value.of(apart, form=".0e"),
        "form": Value.of(form, "percent", ".1f"),
        "spread": Value.of(float(np.max(matrix["spread"])), form=".4f"),
        "on_prediction": apart < EXACT,
        "on_closed_form": form < FORM,
        "leads_excite": float(np.mean(signs)) > 1.0 - FORM,
        "ripple_predicted": _apart(matrix, "spread", "spread_predicted") < PHASE,
        "control_inverts": inverted,
    }


def pairs(weights: Table, activity: Table, history: Table, changes: Table, rules: Table) -> Facts:
    """Say what a step writes, what becomes of it, and what rules given as functions learn."""
    largest = float(np.max(np.abs(weights["weight"])))
    last = {name: float(values[-1]) for name, values in changes.items()}
    turning = np.abs(activity["derivative"])
    busy = turning > THIN * np.max(turning)
    apart = _apart(history, "weight", "predicted")
    functions = dict(groups(rules, "rule"))
    learned = max(_apart(part, "weight", "predicted") for part in functions.values())
    stated, other = functions["differential Hebbian"], functions["covariance"]
    even = other["predicted"][np.argsort(np.abs(other["lead"]))]
    return {
        "largest": Value.of(largest, form=".2f"),
        "busy": Value.of(float(np.mean(busy)), "percent", ".0f"),
        "apart": Value.of(apart, form=".0e"),
        "fades": Value.of(last["kernel"] / float(changes["kernel"][0]), form=".1g"),
        "pair": Value.of(last["pairs"], "per_s", ".2g"),
        "kernel": Value.of(last["kernel"], "per_s", ".1g"),
        "changes_apart": Value.of(
            max(_ratio_off(changes, name) for name in ("kernel", "pairs")), "percent", ".1g"
        ),
        "learned": Value.of(learned, form=".0e"),
        "on_prediction": apart < VISIBLE,
        "changes_predicted": max(_ratio_off(changes, n) for n in ("kernel", "pairs")) < PHASE,
        "pairs_go_on": last["pairs"] > 10.0 * last["kernel"],
        "functions_predicted": learned < FORM,
        "stated_is_built_in": _apart(stated, "weight", "built_in") < FORM,
        "covariance_is_even": float(even[0]) > 1.0 - FORM,
    }


def _ratio_off(part: Table, name: str) -> float:
    return float(np.max(np.abs(part[name] / part[f"{name}_predicted"] - 1.0)))


def rate(sweep: Table, residuals: Table) -> Facts:
    """Say what the learning rate, the decay and the size of the ring set."""
    ends = [
        rows(part, time=part["time"].max()) for _, part in groups(alone(residuals, "beta"), "beta")
    ]
    errors = [float(np.max(part["error"])) for part in ends]
    decay, size = alone(sweep, "decay"), alone(sweep, "n_neurons")
    by_size = float(np.ptp(size["kernel_max"]) / np.mean(size["kernel_max"]))
    beta = alone(sweep, "beta")
    settled = beta["kernel_max"][beta["residual"] < EXACT]
    maxima = {name: _apart(part, "kernel_max", "kernel_max_predicted") for name, part in
              (("decay", decay), ("size", size))}  # fmt: skip
    return {
        "error": Value.of(max(errors), form=".0e"),
        "by_size": Value.of(by_size, "percent", ".1f"),
        "on_transient": max(errors) < 0.01,
        "rate_sets_no_size": settled.size > 1 and np.ptp(settled) < EXACT * float(settled[0]),
        "decay_sets_size": max(maxima.values()) < 0.001,
        "size_does_not_matter": len(size["n_neurons"]) > 1 and by_size < 0.01,
    }


def replay(replay: Table, picture: Table) -> Facts:
    """Say how fast free waves run."""
    del picture
    free = rows(replay, varied="tau_d")
    control = rows(replay, varied="control")
    others = {name: values[replay["varied"] != "control"] for name, values in replay.items()}
    at = np.isclose(free["tau_d"], control["tau_d"][0]) if len(control["tau_d"]) else []
    frequency = float(free["frequency"][at][0]) if np.any(at) else np.nan
    speed = frequency * float(free["period"][at][0]) if np.any(at) else np.nan
    switch = float(np.max(np.abs(replay["switch"] / replay["frequency"] - 1.0)))
    harmonic = float(np.max(np.abs(others["continuum"] / others["frequency"] - 1.0)))
    slower = [
        bool(np.all(np.diff(part["frequency"][np.argsort(part[name])]) < 0.0))
        for name in ("tau_d", "tau_x", "period")
        if len((part := rows(replay, varied=name))["frequency"]) > 1
    ]
    backwards = float(control["frequency"][0]) if len(control["period"]) else np.nan
    told = float(control["switch"][0]) if len(control["period"]) else np.nan
    return {
        "speed": Value.of(speed, form=".2f"),
        "frequency": Value.of(frequency, "Hz", ".2f"),
        "switch_error": Value.of(switch, form=".0e"),
        "harmonic_error": Value.of(harmonic, "percent", ".1f"),
        "speeds_up": 1.8 < speed < 2.2,
        "runs_at_switch": switch < 5e-4,
        "harmonic_serves": harmonic < PHASE,
        "slows": bool(slower) and all(slower),
        "control": Value.of(backwards, "Hz", ".2f"),
        "control_backwards": backwards < 0.0 and abs(backwards / told - 1.0) < 0.001,
    }


def locking(locking: Table, tongue: Table, edge: Table) -> Facts:
    """Say which drives hold the wave."""
    above = locking["frequency_ratio"][locking["strength"] > 1.0]
    below = locking["frequency_ratio"][locking["strength"] < 1.0]
    held = np.abs(tongue["frequency_ratio"] - 1.0) < HELD
    astray = held != (tongue["amplitude"] > tongue["limit"])
    zero = float(edge["speed"][np.argmin(edge["limit"])])
    lead = np.abs(tongue["lead"] - tongue["lead_predicted"])[held]
    slipping = np.abs(below - 1.0)
    return {
        "held_to": Value.of(HELD, "percent", ".1f"),
        "above": Value.of(float(np.max(np.abs(above - 1.0), initial=0.0)), form=".0e"),
        "n_astray": str(int(astray.sum())),
        "n_drives": str(held.size),
        "lead_median": Value.of(float(np.nanmedian(lead)) if lead.size else np.nan, "deg", ".1f"),
        "lead_largest": Value.of(float(np.nanmax(lead)) if lead.size else np.nan, "deg", ".1f"),
        "zero": Value.of(zero, form=".2f"),
        "slip": Value.span(slipping[slipping > HELD], "percent", ".0f"),
        "n_below_held": str(int(np.sum(slipping <= HELD))),
        "n_below": str(slipping.size),
        "below": f"{np.sum(slipping <= HELD)} of {slipping.size} drives held the wave"
        if slipping.size
        else "no drive was tried",
        "held_above": above.size > 0 and bool(np.all(np.abs(above - 1.0) < HELD)),
        "slips_below": slipping.size > 0 and float(np.mean(slipping > HELD)) > 0.5,
        "edge_right": float(np.mean(astray)) < 0.05,
        "zero_at_replay": 1.8 < zero < 2.2,
    }
