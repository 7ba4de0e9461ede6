"""What is said under the figures of inference judged on recordings whose keys are known."""

from typing import Final

import numpy as np
from scipy.stats import kstest

from cortex.claims.compare import Table
from cortex.claims.value import Facts, Value
from cortex.steps.select import groups
from cortex.typing import FloatArray

ERROR: Final = 0.03
WEIGHT_ERROR: Final = 0.05
"""Median relative errors asked for; the second of weights."""
LEVEL: Final = 0.9
"""Of the intervals."""
DEVIATIONS: Final = 2.0
"""Of a binomial share about it that are allowed: 84 to 96 % of 100 truths, 16 to 20 of 20."""
ROUNDING: Final = 1e-9
CHANCE: Final = 0.95
"""Of what two standard deviations hold, in the grey bands."""
P_LEAST: Final = 0.01
"""Least probability of uniform ranks, divided by the number of keys."""


def _whole(share: float) -> Value:
    return Value.of(share, "percent", ".0f")


def _percent(share: float) -> Value:
    return Value.of(share, "percent", ".2f")


def _spread_of_median(values: FloatArray) -> float:
    """Return the standard error of a median from ranks, whose count below it is binomial."""
    sd = 0.5 / np.sqrt(len(values))
    low, high = np.quantile(values, [max(0.5 - sd, 0.0), min(0.5 + sd, 1.0)])
    return 0.5 * float(high - low)


def recovered(recovered: Table, draws: Table) -> Facts:
    """Say how far medians are off, how many truths intervals hold, and whether ranks are even."""
    del draws
    n = len(np.unique(recovered["recording"]))
    spread = DEVIATIONS * np.sqrt(LEVEL * (1.0 - LEVEL) / n)
    limits = (LEVEL - spread, min(LEVEL + spread, 1.0))
    facts: dict[str, Value | str | bool] = {
        "n": str(n),
        "keys": str(len(np.unique(recovered["key"]))),
        "level": _whole(LEVEL),
        "chance": _whole(CHANCE),
        "asked": f"{_whole(ERROR)}, weights {_whole(WEIGHT_ERROR)}",
        "covered": Value.span(limits, "percent", ".0f"),
    }
    for data, own in groups(recovered, "data"):
        errors, inside, p = [], [], []
        near = True
        for key, part in groups(own, "key"):
            off = np.abs(part["middle"] / part["truth"] - 1.0)
            error = float(np.median(off))
            held = (part["low"] < part["truth"]) & (part["truth"] < part["high"])
            errors.append(f"{key} {_percent(error).number} ± {_percent(_spread_of_median(off))}")
            inside.append(float(np.mean(held)))
            p.append(float(kstest(part["rank"], "uniform").pvalue))
            near &= error <= (WEIGHT_ERROR if "J" in key.split(".")[-1] else ERROR)
        facts |= {
            f"{data}_errors": ", ".join(errors),
            f"{data}_inside": Value.span(inside, "percent", ".0f"),
            f"{data}_p": Value.of(min(p), form=".2g"),
            f"{data}_near": near,
            f"{data}_covered": bool(np.abs(np.array(inside) - LEVEL).max() <= spread + ROUNDING),
            f"{data}_even": min(p) > P_LEAST / len(p),
        }
    return facts
