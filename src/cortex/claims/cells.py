"""What is said under the figures of single cells."""

import numpy as np

from cortex.claims.compare import Table
from cortex.claims.value import Facts, Value
from cortex.steps.select import groups

FIRING = 10.0  # Hz from which on errors are stated: below, the simulated rates are too uncertain
NEAR = 0.05  # relative error of a rate that is small
SURE = 3.0  # standard errors


def rates(curves: Table, responses: Table) -> Facts:
    """Say how far theory is from the simulated rates, CVs and responses of every cell."""
    error, cv, mean = {}, {}, {}
    for name, own in groups(curves, "cell"):
        fires = own["nu_seen"] > FIRING
        over = (own["nu"] / own["nu_seen"] - 1.0)[fires]
        error[str(name)], mean[str(name)] = _largest(np.abs(over)), float(np.mean(over))
        cv[str(name)] = _largest(np.abs(own["cv"] - own["cv_seen"])[fires])
    told, seen = (
        responses[f"gain{end}"] * np.exp(1j * responses[f"phase{end}"]) for end in ("", "_seen")
    )
    off = (np.abs(told - seen) / (np.sqrt(2.0) * responses["se"]))[np.isfinite(seen)]
    plain = max((e for name, e in error.items() if name != "adex"), default=np.nan)
    plain_cv = max((e for name, e in cv.items() if name != "adex"), default=np.nan)
    return {
        "rate": Value.of(plain, "percent", ".1f"),
        "rate_lif": Value.of(mean.get("lif", np.nan), "percent", ".1f"),
        "lif_fires_less": bool(mean.get("lif", np.nan) > 0.0),
        "rate_adex": Value.of(error.get("adex", np.nan), "percent", ".1f"),
        "cv": Value.of(plain_cv, form=".3f"),
        "cv_adex": Value.of(cv.get("adex", np.nan), form=".2f"),
        "firing": Value.of(FIRING, "Hz", ".0f"),
        "n": str(off.size),
        "n_near": str(int(np.sum(off < SURE))),
        "rates_agree": bool(plain < NEAR),
        "adaptation_by_its_mean": bool(error.get("adex", np.nan) < NEAR),
        "responses_agree": bool(np.mean(off < SURE) > 1.0 - NEAR),
    }


def patterns(plane: Table, traces: Table) -> Facts:
    """Say which patterns the plane holds, and where bursts begin."""
    del traces
    names, n = plane["pattern"], len(plane["pattern"])
    bursts = np.isin(names, ["bursting", "irregular"])
    return {
        "n": str(n),
        **{
            f"share_{name}": Value.of(float(np.mean(names == name)), "percent", ".0f")
            for name in ("tonic", "adapting", "bursting", "irregular")
        },
        "first_burst": Value.of(np.min(plane["reset"][bursts], initial=np.inf), "mV", ".1f"),
        "adaptation_ends_bursts": bool(
            bursts.any() and not np.any(bursts & (plane["b"] == np.min(plane["b"])))
        ),
        "bursts_with_high_reset": bool(
            bursts.any()
            and (~bursts).any()
            and np.median(plane["reset"][bursts]) > np.median(plane["reset"][~bursts])
        ),
        "irregular_somewhere": bool(np.any(names == "irregular")),
    }


def _largest(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.max()) if known.size else np.nan
