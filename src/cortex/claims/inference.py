"""What is said under the figures of inference judged on recordings whose keys are known."""

from typing import Final

import numpy as np
from scipy.stats import kstest

from cortex.claims.compare import Table
from cortex.claims.value import Facts, Value
from cortex.steps.select import groups

ERROR: Final = 0.03
WEIGHT_ERROR: Final = 0.05
"""Median relative errors asked for; the second of weights."""
COVERED: Final = (0.84, 0.96)
"""Share of truths asked for inside the 90 % interval."""
LEVEL: Final = 0.9
"""Of the intervals."""
CHANCE: Final = 0.95
"""Of what two standard deviations hold, in the grey bands."""
P_LEAST: Final = 0.01
"""Least probability of uniform ranks, divided by the number of keys."""


def _whole(share: float) -> Value:
    return Value.of(share, "percent", ".0f")


def recovered(recovered: Table, draws: Table) -> Facts:
    """Say how far medians are off, how many truths intervals hold, and whether ranks are even."""
    del draws
    facts: dict[str, Value | str | bool] = {
        "n": str(len(np.unique(recovered["recording"]))),
        "keys": str(len(np.unique(recovered["key"]))),
        "level": _whole(LEVEL),
        "chance": _whole(CHANCE),
        "asked": f"{_whole(ERROR)}, weights {_whole(WEIGHT_ERROR)}",
        "covered": Value.span(COVERED, "percent", ".0f"),
    }
    for data, own in groups(recovered, "data"):
        errors, inside, p = [], [], []
        near = True
        for key, part in groups(own, "key"):
            error = float(np.median(np.abs(part["middle"] / part["truth"] - 1.0)))
            held = (part["low"] < part["truth"]) & (part["truth"] < part["high"])
            errors.append(f"{key} {Value.of(error, 'percent', '.1f')}")
            inside.append(float(np.mean(held)))
            p.append(float(kstest(part["rank"], "uniform").pvalue))
            near &= error <= (WEIGHT_ERROR if "J" in key.split(".")[-1] else ERROR)
        facts |= {
            f"{data}_errors": ", ".join(errors),
            f"{data}_inside": Value.span(inside, "percent", ".0f"),
            f"{data}_p": Value.of(min(p), form=".2g"),
            f"{data}_near": near,
            f"{data}_covered": COVERED[0] <= min(inside) and max(inside) <= COVERED[1],
            f"{data}_even": min(p) > P_LEAST / len(p),
        }
    return facts
