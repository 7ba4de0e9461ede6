"""What is said under the figures of the default sweeps."""

import numpy as np

from cortex.claims.compare import Table
from cortex.claims.value import Facts, Value
from cortex.steps.select import groups, rows
from cortex.typing import AnyArray

RIGHT = 0.05  # relative error up to which a rate is said to hold


def brunel(sweep: Table, regimes: Table, refined: Table) -> Facts:
    """Say where predicted and simulated regimes agree and what refinement saves."""
    told = {(round(float(g), 6), round(float(r), 6)): str(name) for g, r, name in
            zip(regimes["g"], regimes["nu_ext_ratio"], regimes["regime"], strict=True)}  # fmt: skip
    grid = np.array(list(told))
    pairs = []
    for g, ratio, name in zip(sweep["g"], sweep["nu_ext_ratio"], sweep["regime"], strict=True):
        span = np.ptp(grid, axis=0)
        i = int(
            np.argmin(np.sum(((grid - (g, ratio)) / np.where(span > 0.0, span, 1.0)) ** 2, axis=1))
        )
        pairs.append((str(name).startswith("SI fast"), told[tuple(grid[i])] == "SI fast"))
    seen, predicted = np.array(pairs).T
    agree = float(np.mean(seen == predicted))
    done = refined["computed"].astype(bool)
    return {
        "agree": Value.of(agree, "percent", ".0f"),
        "n_computed": str(int(done.sum())),
        "n_grid": str(done.size),
        "fast_border_right": bool(seen.any()) and agree > 0.9,
        "refinement_saves": bool(done.sum() < done.size),
    }


def trust(sweep: Table, regimes: Table) -> Facts:
    """Say where rates and irregularity depart from theory."""
    del regimes
    fires = sweep["regime"] != "silent"
    error = np.abs(sweep["nu_mean"] / sweep["nu_theory_mean"] - 1.0)[fires]
    synchrony = sweep["rate_std_ratio_mean"][fires]
    cv = (sweep["cv_theory_mean"] - sweep["cv_mean"])[fires]
    regime = sweep["regime"][fires]
    with_synchrony = _rank_correlation(synchrony, error)
    asynchronous, fast = cv[regime == "AI"], cv[regime == "SI fast"]
    return {
        "right": Value.of(RIGHT, "percent", ".0f"),
        "share": Value.of(
            float(np.mean(error < RIGHT)) if error.size else np.nan, "percent", ".0f"
        ),
        "largest": Value.of(float(np.max(error, initial=0.0)), "percent", ".0f"),
        "correlation": Value.of(with_synchrony, form=".2f"),
        "overrated": Value.span(asynchronous, form=".2f"),
        "underrated": Value.of(-float(np.min(fast, initial=0.0)), form=".2f"),
        "rates_hold": error.size > 0 and float(np.mean(error < RIGHT)) > 0.75,
        "departs_with_synchrony": with_synchrony > 0.3,
        "overrates": asynchronous.size > 0 and bool(np.min(asynchronous) > 0.0),
        "underrates": fast.size > 0 and bool(np.min(fast) < -0.05),
    }


def _rank_correlation(x: AnyArray, y: AnyArray) -> float:
    ranks = [np.argsort(np.argsort(each)) for each in (x, y)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1]) if len(ranks[0]) > 2 else np.nan


def lines(learning: Table, delay: Table, lfp: Table) -> Facts:
    """Say what the learning rate, the delay and the weight of GABA set."""
    gap = np.abs(learning["kernel_max_mean"] / learning["kernel_max_predicted_mean"] - 1.0)
    grows = delay["growth_mean"] > 0.0
    order = np.argsort(delay["delay"][grows])
    f = delay["frequency_mean"][grows][order]
    rate = delay["growth_rate_model_mean"] > 0.0
    rising = [
        bool(np.all(np.diff(part["lfp_sd_mean"][np.argsort(part["alpha"])]) > 0.0))
        for _, part in groups(lfp, "g")
    ]
    first, last = (float(np.mean(rows(lfp, alpha=alpha)["lfp_sd_mean"]))
                   for alpha in (np.min(lfp["alpha"]), np.max(lfp["alpha"])))  # fmt: skip
    return {
        "gap": Value.of(float(np.max(gap)), form=".0e"),
        "frequencies": Value.span(f, "Hz", ".0f"),
        "from_spiking": Value.of(float(np.min(delay["delay"][grows], initial=np.inf)), "ms", ".1f"),
        "from_rate": Value.of(float(np.min(delay["delay"][rate], initial=np.inf)), "ms", ".1f"),
        "times": Value.of(last / first, form=".1f"),
        "weight_follows": float(np.max(gap)) < 1e-3,
        "delay_sets_frequency": f.size > 1 and bool(np.all(np.diff(f) < 0.0)),
        "gaba_sets_size": all(rising),
    }
