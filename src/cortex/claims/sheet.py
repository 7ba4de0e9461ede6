"""What is said under the figures of the sheet: predicted ridge, LFP over distance."""

import numpy as np

from cortex.claims.compare import Table
from cortex.claims.value import Facts, Value
from cortex.plots.sheet_lfp import over_band
from cortex.steps.select import groups, rows

STATIC = 0.1  # Hz; a mode below does not oscillate
BAND = (30.0, 60.0)  # Hz, for the coherence over distance
NEAR = 0.4e-3  # m, neurons and contacts so far apart are compared
WIDER = 10.0  # times, the LFP over the spikes


def ridge(modes: Table, waves: Table, space_time: Table) -> Facts:
    """Say whether the strongest pattern of every state that grows one lies where theory has it."""
    step = float(np.diff(np.unique(space_time["frequency"])[:2])[0])
    moving: list[bool] = []
    still: list[bool] = []
    told, seen = [], []
    for state, part in groups(modes, "state"):
        growing = np.where(part["growth"] >= 0.0, part["growth"], -np.inf)
        i = int(np.argmax(growing))
        if not np.isfinite(growing[i]):
            continue
        n, f = int(part["wave_number"][i]), float(part["frequency"][i])
        found = rows(waves, state=state, population="E")
        numbers, frequency = found["wave_number"], float(np.mean(found["wave_frequency"]))
        holds = bool(np.all(numbers == n)) and abs(frequency - f) <= step
        (still if f < STATIC else moving).append(holds)
        told.append(f"{n} cycles per side at {f:.0f} Hz in state {state}")
        seen.append(f"{Value.span(numbers, form='.0f')} at {frequency:.0f} Hz in {state}")
    return {
        "told": "; ".join(told) or "none",
        "seen": "; ".join(seen) or "none",
        "resolution": Value.of(step, "Hz", ".0f"),
        "waves_on_ridge": bool(moving) and all(moving),
        "patterns_on_ridge": bool(still) and all(still),
    }


def lfp(distances: Table, shaft: Table, responses: Table) -> Facts:
    """Say how far the LFP is coherent, and how little pairs of neurons are."""
    ratios, near, pairs, halves = [], [], [], []
    for _, part in groups(distances, "state"):
        r, contacts = over_band(rows(part, kind="lfp"), *BAND)
        _, neurons = over_band(rows(part, kind="spikes"), *BAND)
        at = int(np.argmin(np.abs(r - NEAR)))
        near.append(contacts[at])
        pairs.append(neurons[at])
        ratios.append(contacts[at] / abs(neurons[at]))
        below = np.flatnonzero(contacts < 0.5)
        halves.append(r[below[0]] if below.size else np.nan)
    heights = np.unique(shaft["height"])
    sizes = [float(np.std(rows(shaft, height=h)["lfp"])) for h in heights]
    one = [float(np.abs(part["lfp"]).max()) for _, part in groups(responses, "population")]
    return {
        "band": Value.span(BAND, "Hz", ".0f"),
        "near": Value.of(NEAR, "mm", ".1f"),
        "contacts": Value.span(near, form=".2f"),
        "neurons": Value.span(pairs, form=".3f"),
        "half": Value.span(halves, "mm", ".1f"),
        "quiet_height": Value.of(heights[int(np.argmin(sizes))], "mm", ".1f"),
        "largest": Value.of(max(sizes), "uV", ".0f"),
        "one_spike": Value.of(max(one), "uV", ".0f"),
        "wider": min(ratios) > WIDER,
    }
