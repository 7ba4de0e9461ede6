"""What is said under the error maps of the layers of theory."""

import numpy as np

from cortex.claims.compare import FACTOR, Table
from cortex.claims.value import Facts, Value
from cortex.plots.trust import errors, mean_over_networks
from cortex.steps.select import rows
from cortex.typing import AnyArray, FloatArray

SLOW, FAST = 0, -1  # bands, in order of frequency


def maps(white: Table, own: Table, white_bands: Table, own_bands: Table) -> Facts:
    """Say what each layer of theory gets right over the plane, and what none does."""
    stable = white["growth_mean"] < 0.0
    cv = [np.abs(errors(table)[1][stable]) for table in (white, own)]
    spread = [table["spread_distance_mean"][stable] for table in (white, own)]
    slow = [_ratio(bands, "power_ratio", SLOW)[stable] for bands in (white_bands, own_bands)]
    fast = _ratio(own_bands, "power_ratio", FAST)[stable]
    finite = _ratio(white_bands, "power_ratio_finite", SLOW)
    unstable = finite[~stable & np.isfinite(finite)]
    shares = [_right(each) for each in slow]
    return {
        "factor": f"{FACTOR:.0f}",
        "n_stable": str(int(stable.sum())),
        "n_points": str(len(stable)),
        "cv_white": Value.of(_median(cv[0]), form=".2f"),
        "cv_own": Value.of(_median(cv[1]), form=".2f"),
        "spread_white": Value.of(_median(spread[0]), form=".2f"),
        "spread_own": Value.of(_median(spread[1]), form=".2f"),
        "slow_white": Value.of(shares[0], "percent", ".0f"),
        "slow_own": Value.of(shares[1], "percent", ".0f"),
        "fast_own": Value.span(fast, form=".2g"),
        "finite": Value.of(_right(unstable), "percent", ".0f"),
        "own_noise_mends_cv": _median(cv[1]) < 0.5 * _median(cv[0]),
        "own_noise_mends_slow": shares[1] > shares[0],
        "fast_is_off": bool(np.nanmax(np.abs(np.log(fast)), initial=0.0) > np.log(FACTOR)),
        "finite_reaches_rhythms": unstable.size > 0 and _right(unstable) > 0.5,
    }


def _ratio(bands: Table, column: str, which: int) -> FloatArray:
    return mean_over_networks(rows(bands, low=np.unique(bands["low"])[which]), column)


def _right(ratio: FloatArray) -> float:
    """Return the share of known ratios within a factor `FACTOR` of one."""
    known = ratio[np.isfinite(ratio)]
    return float(np.mean(np.abs(np.log(known)) <= np.log(FACTOR))) if known.size else np.nan


def _median(values: AnyArray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else np.nan
