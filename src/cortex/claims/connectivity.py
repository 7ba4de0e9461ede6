"""What is said under the figures of connectivity."""

import numpy as np

from cortex.claims.compare import Table
from cortex.claims.value import Facts, Value
from cortex.plots.connectivity import FEW, FLOORS
from cortex.steps.select import groups, rows

STANDARD_ERRORS = 4.0
SHEET = "E-I sheet"
BALANCED = 0.05  # of the largest weight: a mean below is called balanced
TENTH = 0.1  # of the highest rate
ONE_BIN = 0.1  # of the Nyquist frequency: how far a peak may lie from its carrier
LINEAR = 0.25  # how far the power of a growth may lie from one


def network(cells: Table, blocks: Table, degrees: Table) -> Facts:
    """Say whether the network is a draw of its rule."""
    del cells
    off = np.abs(blocks["probability"] - blocks["expected"]) / blocks["error"]
    apart = 0.0
    for _, part in groups(degrees, "source"):
        n = part["count"].sum()
        means = [float(part["degree"] @ part[name] / n) for name in ("count", "expected")]
        variance = float((part["degree"] - means[1]) ** 2 @ part["expected"] / n)
        apart = max(apart, abs(means[0] - means[1]) / np.sqrt(variance / n))
    return {
        "n_errors": Value.of(STANDARD_ERRORS, form=".0f"),
        "off": Value.of(float(off.max()), form=".1f"),
        "degrees_off": Value.of(apart, form=".1f"),
        "probability_right": float(off.max()) < STANDARD_ERRORS,
        "degrees_right": apart < STANDARD_ERRORS,
    }


def kernels(kernels: Table, fields: Table, samples: Table) -> Facts:
    """Say what the samples see of each kernel."""
    del fields
    pruned = {str(name): part["is_pruned"].astype(bool) for name, part in groups(samples, "kernel")}
    gaussian = rows(samples, kernel="gaussian")
    far = np.hypot(gaussian["x"], gaussian["y"])
    kept = far[~gaussian["is_pruned"].astype(bool)]
    dog = rows(samples, kernel="dog")
    positive = dog["value"] > 0.0
    own = np.hypot(dog["x"], dog["y"]) == 0.0
    reach = rows(kernels, kernel="gaussian")["radius"]
    return {
        "cut": Value.of(float(kept.max(initial=0.0)), "um", ".0f"),
        "reach": Value.of(float(reach[0]) if reach.size else np.nan, "um", ".0f"),
        "n_cut": str(int(pruned["gaussian"].sum())) if "gaussian" in pruned else "none",
        "n_samples": str(far.size),
        "cut_short": bool(np.any(gaussian["is_pruned"])),
        "centre_is_autapse": bool(np.any(positive)) and bool(np.all(own[positive])),
    }


def gabors(samples: Table, spectrum: Table) -> Facts:
    """Say which carriers their lattices show."""
    found = []
    for field, part in groups(samples, "field"):
        power = rows(spectrum, field=field)
        i = int(np.argmax(power["power"]))
        at = np.array([power["frequency_x"][i], power["frequency_y"][i]])
        f, angle = float(part["frequency"][0]), float(part["theta"][0])
        carrier = f * np.array([np.cos(angle), np.sin(angle)])
        nyquist = 0.5 / float(part["pitch"][0])
        off = min(np.linalg.norm(at - carrier), np.linalg.norm(at + carrier))
        found.append((float(np.max(np.abs(carrier)) / nyquist), float(off / nyquist)))
    shown = [off for reach, off in found if reach < 1.0]
    hidden = [reach for reach, _ in found if reach >= 1.0]
    return {
        "n_shown": str(len(shown)),
        "off": Value.of(max(shown, default=np.nan), "percent", ".0f"),
        "reach": Value.of(max(hidden, default=np.nan), form=".2f"),
        "resolved": bool(shown) and max(shown) < ONE_BIN,
        "aliased": bool(hidden),
    }


def tuning(tuning: Table) -> Facts:
    """Say whether cells answer to the orientation of their kernel as its transform predicts."""
    best, off, peaks, errors = [], [], [], []
    for theta, part in groups(tuning, "theta"):
        i, j = (int(np.argmax(part[name])) for name in ("simulated", "predicted"))
        step = float(np.diff(part["angle"][:2])[0])
        apart = (part["angle"][i] - theta + 0.5 * np.pi) % np.pi - 0.5 * np.pi
        best.append(abs(apart) < 1.5 * step)
        off.append(part["simulated"] - part["predicted"])
        peaks.append((part["simulated"][i], part["predicted"][j]))
        errors.append(part["error"])
    deviation = float(np.sqrt(np.mean(np.concatenate(off) ** 2)))
    highest = float(np.max(tuning["predicted"]))
    return {
        "seen": Value.span([seen for seen, _ in peaks], "Hz", ".1f"),
        "told": Value.span([told for _, told in peaks], "Hz", ".1f"),
        "deviation": Value.of(deviation, "Hz", ".2f"),
        "error": Value.of(float(np.mean(np.concatenate(errors))), "Hz", ".2f"),
        "tuned": all(best),
        "predicted": deviation < TENTH * highest,
    }


def sheet(profile: Table, received: Table) -> Facts:
    """Say how far connections reach and what the border takes away."""
    whole = rows(profile, source="E", variant="whole")
    pruned = rows(profile, source="E", variant="pruned")
    reach = float(whole["radius"][0]) if whole["radius"].size else np.nan
    ends = [
        float(part["high"][part["connections"] > 0].max(initial=0.0)) for part in (whole, pruned)
    ]
    drawn = rows(profile, variant="drawn")
    seen = drawn["pairs"] > 0
    off = np.abs(drawn["probability"] - drawn["expected"])[seen] / drawn["error"][seen]
    means = {
        str(name): float(np.mean(part["excitatory"])) for name, part in groups(received, "boundary")
    }
    lost = 1.0 - means.get("open", np.nan) / means.get("torus", np.nan)
    return {
        "reach": Value.of(reach, "um", ".0f"),
        "cut": Value.of(ends[1], "um", ".0f"),
        "lost": Value.of(lost, "percent", ".0f"),
        "n_errors": Value.of(STANDARD_ERRORS, form=".0f"),
        "within": Value.of(float(np.mean(off < 2.0)) if off.size else np.nan, "percent", ".0f"),
        "reach_as_asked": ends[0] >= reach > ends[1],
        "probability_right": off.size > 0 and float(np.mean(off < STANDARD_ERRORS)) > 0.95,
        "border_takes": lost > 0.05,
    }


def ring(histogram: Table, transform: Table) -> Facts:
    """Say how close the built ring is to the transform of theory."""
    del histogram
    modes = {name: values[transform["is_mode"].astype(bool)] for name, values in transform.items()}
    gap = {str(name): float(np.max(np.abs(part["measured"] - part["theory"])))
           for name, part in groups(modes, "projection")}  # fmt: skip
    known = modes["error"] > 0.0
    off = np.abs(modes["measured"] - modes["expected"])[known] / modes["error"][known]
    most = max(gap, key=lambda name: gap[name])
    return {
        "gap": Value.of(max(gap.values()), form=".3f"),
        "most": most.replace("-", " to "),
        "off": Value.of(float(off.max(initial=0.0)), form=".1f"),
        "n_errors": Value.of(STANDARD_ERRORS, form=".0f"),
        "exact": float(off.max(initial=0.0)) < STANDARD_ERRORS,
        "autapses_move": most == "I-I",
    }


def cost(cost: Table) -> Facts:
    """Say how time and memory grow."""
    power = {}
    for name, part in groups(cost, "algorithm"):
        n = np.log(part["n_connections"])
        for what in ("cpu_time", "peak_memory"):
            power[f"{name} {what}"] = float(np.polyfit(n, np.log(part[what]), 1)[0])
    times = {
        str(name): part["cpu_time"] / part["n_connections"]
        for name, part in groups(cost, "algorithm")
    }
    faster = (
        float(np.min(times["tree"]) / np.max(times["stencil"]))
        if {"tree", "stencil"} <= set(times)
        else np.nan
    )
    return {
        "powers": Value.span(list(power.values()), form=".2f"),
        "memory": Value.span(
            [
                float(np.min(part["peak_memory"] / part["n_connections"]))
                for _, part in groups(cost, "algorithm")
            ],
            "B",
            ".0f",
        ),
        "faster": Value.of(faster, form=".0f"),
        "floor": Value.of(FLOORS[1], "B", ".0f"),
        "floor_of_few": Value.of(FLOORS[0], "B", ".0f"),
        "few": f"{FEW:,}",
        "linear": max(abs(value - 1.0) for value in power.values()) < LINEAR,
        "stencil_faster": faster > 1.0,
    }


def survey(weights: Table, lengths: Table, matrices: Table) -> Facts:
    """Say how long connections are and how weights of E and I compare."""
    del matrices
    sheet = {str(name): part for name, part in groups(rows(lengths, network=SHEET), "source")}
    means = {name: float(part["mean"][0]) for name, part in sheet.items()}
    sizes = {
        str(name): (float(part["mean"][0]), int(part["connections"].sum()))
        for name, part in groups(rows(weights, network=SHEET), "source")
    }
    exc, inh = (sizes.get(kind, (np.nan, 0)) for kind in "EI")
    summed = exc[0] * exc[1] / (-inh[0] * inh[1]) if inh[1] else np.nan
    balanced = [
        str(name)
        for name, part in groups(weights, "network")
        if name != SHEET and abs(float(part["mean"][0])) < BALANCED * float(part["high"].max())
    ]
    return {
        "length_E": Value.of(means.get("E", np.nan), "um", ".0f"),
        "length_I": Value.of(means.get("I", np.nan), "um", ".0f"),
        "ratio": Value.of(-exc[0] / inh[0], form=".2f"),
        "summed": Value.of(summed, form=".0f"),
        "balanced": ", ".join(balanced).replace("_", " ") or "none",
        "inhibition_local": means.get("I", np.inf) < means.get("E", np.nan),
        "excitation_prevails": summed > 1.0,
    }
