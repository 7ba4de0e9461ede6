"""What is said under the figure of a rhythm whose synapses are cut."""

import numpy as np

from cortex.claims.compare import Table
from cortex.claims.value import Facts, Value
from cortex.plots.elasticities import INTACT, RHYTHM, strongest_at_held_rates
from cortex.steps.select import rows

NEAR = 8.0  # Hz on either side of the rhythm
GONE = 0.5  # share of the power that may be left
POPULATION = "4E"
FED = "23E"  # by the strongest weight


def cuts(elasticities: Table, predicted: Table, observed: Table) -> Facts:
    """Say which weight feeds the rhythm most, and what is left of it where one is cut."""
    first = strongest_at_held_rates(rows(elasticities, state=INTACT), RHYTHM)
    rhythm = float(first["frequency"][0])
    feeding = first["parameter"][first["growth_held"] > 0.0]
    powers = {
        (kind, state): _power(table, state, rhythm)
        for kind, table in (("told", predicted), ("seen", observed))
        for state in dict.fromkeys(predicted["state"])
    }
    left = {
        kind: [
            power / powers[kind, INTACT]
            for (of, state), power in powers.items()
            if of == kind and state != INTACT
        ]
        for kind in ("told", "seen")
    }
    return {
        "rhythm": Value.of(rhythm, "Hz", ".0f"),
        "growth": Value.of(float(first["growth"][0]), "per_s", ".0f"),
        "strongest": str(feeding[0]),
        "next": str(feeding[1]),
        "near": Value.of(NEAR, "Hz", ".0f"),
        "told": Value.span(left["told"], "percent", ".0f"),
        "seen": Value.span(left["seen"], "percent", ".0f"),
        "gone": max(left["told"] + left["seen"]) < GONE,
        "silent": any(
            not np.any(rows(observed, state=state, population=FED)["power"])
            for state in dict.fromkeys(observed["state"])
        ),
    }


def _power(table: Table, state: str, rhythm: float) -> float:
    part = rows(table, state=state, population=POPULATION)
    near = np.abs(part["frequency"] - rhythm) <= NEAR
    return float(np.mean(part["power"][near]))
