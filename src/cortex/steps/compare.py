"""Prediction over measurement: one row per number, and how far theory may be trusted and why."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Final

import numpy as np

from cortex.analysis.regimes import CRITERIA
from cortex.meanfield.stability.verdict import LOW_RATE, SILENT, Finding, of_population, of_whole
from cortex.networks.case import NetworkCase
from cortex.steps.columns import Columns, Tables
from cortex.steps.predict import POOLED
from cortex.typing import BoolArray, FloatArray

BANDS: Final = ((4.0, 10.0), (10.0, 20.0), (20.0, 100.0), (100.0, 300.0), (300.0, 500.0))
"""Hz; where predicted and simulated spectra are compared."""
SPREAD: Final = 0.08
"""Largest difference of cumulated shares up to which single neurons fire as predicted."""
CLOSE: Final = 0.05
"""Relative difference of rates up to which theory is said to hold."""
FACTOR: Final = 2.0
"""Factor of the power in every band up to which a predicted spectrum is said to hold."""
POWERS: Final = {"power": "the rates of all", "lfp_power": "the LFP"}
"""Observable -> what the words of its finding call it."""
FIELDS: Final = tuple(field.name for field in fields(Finding))

SENTENCES: Final = {
    "nu": (
        "has {value:.3g} times the simulated rate in theory, within 5 %",
        "has {value:.3g} times the simulated rate in theory",
    ),
    "cv": (
        "has {value:.3g} times the simulated CV in theory, within 5 %",
        "has {value:.3g} times the simulated CV in theory",
    ),
    "neurons": (
        "spreads its rates over neurons as in theory: shares differ by {value:.2g} at most",
        "spreads its rates over neurons otherwise than in theory: shares differ by {value:.2g}",
    ),
}
"""Aspect -> what is said where it holds, and where it does not."""


def compare(case: NetworkCase, predicted: Tables, observed: Tables, lfp: Tables) -> Columns:
    """Return predicted beside simulated numbers of one case.

    Parameters
    ----------
    case : NetworkCase
        The network.
    predicted, observed, lfp : dict of str to columns
        Tables of this state from `predict`, `observe` and `lfp`; any may be empty.

    Returns
    -------
    columns
        ``state``, ``population``, ``observable``, ``low``, ``high`` (Hz, of a band, else nan),
        ``predicted``, ``simulated`` (SI) and ``standard_error`` over independent networks (nan
        with one).
    """
    rows = [
        *_of_populations(predicted, observed),
        *_of_spectra(predicted.get("spectra"), observed.get("spectra"), "power", "population"),
        *_of_spectra(predicted.get("lfp"), lfp.get("spectra"), "lfp_power", "signal"),
        *(_of_modes(predicted, observed) if case.network.space is None else ()),
    ]
    names = ("population", "observable", "low", "high", "predicted", "simulated", "standard_error")
    text = {"population", "observable"}
    columns = (
        dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())
    )
    made = {n: np.array(v, dtype=object if n in text else float) for n, v in columns.items()}
    return {"state": np.full(len(rows), case.state, dtype=object), **made}


Row = tuple[str, str, float, float, float, float, float]


def _of_populations(predicted: Tables, observed: Tables) -> Iterator[Row]:
    seen, rates = observed.get("populations"), predicted.get("rates")
    if seen is None:
        return
    for name in dict.fromkeys(seen["population"]):
        mine = seen["population"] == name
        told = _of_neurons(predicted.get("neurons"), name)
        if rates is not None:
            told |= {each: rates[each][rates["population"] == name][0] for each in ("nu", "cv")}
        for observable in ("nu", "cv", "nu_sd", "silent"):
            value = float(told.get(observable, np.nan))
            yield (name, observable, np.nan, np.nan, value, *_mean(seen[observable][mine]))


def _of_neurons(neurons: Columns | None, name: str) -> dict[str, float]:
    """Return the spread of rates over neurons, and the share of silent ones."""
    if neurons is None:
        return {}
    rate, share = (neurons[key][neurons["population"] == name] for key in ("rate", "share"))
    spread = float(np.sqrt(share @ (rate - share @ rate) ** 2))
    return {"nu_sd": spread, "silent": float(share[0])}


def spread_distance(predicted: Columns, observed: Columns, population: str) -> float:
    """Return the largest difference of the cumulated shares of neurons: Kolmogorov's distance.

    Parameters
    ----------
    predicted, observed : tables `network_predicted_neurons` and `network_observed_neurons`
        Of one state and recordings of one length; several networks are taken together.
    population : str
        Which one.
    """
    told, seen = (
        {name: values[table["population"] == population] for name, values in table.items()}
        for table in (predicted, observed)
    )
    # rates are whole numbers of spikes over the duration
    step = max(float(told["rate"][1] - told["rate"][0]), 1e-300)
    shares = np.zeros((2, 1 + round(max(told["rate"].max(), seen["rate"].max()) / step)))
    for row, table in zip(shares, (told, seen), strict=True):
        np.add.at(row, np.round(table["rate"] / step).astype(np.intp), table["share"])
    shares[1] /= len(np.unique(seen["seed"]))
    return float(np.max(np.abs(np.diff(np.cumsum(shares, axis=1), axis=0))))


def _of_spectra(
    predicted: Columns | None, observed: Columns | None, observable: str, label: str
) -> Iterator[Row]:
    """Yield the mean density of one-sided spectra in each band."""
    if observed is None:
        return
    for name in dict.fromkeys(observed[label]):
        mine = observed[label] == name
        runs = np.unique(observed["seed"][mine])
        power = observed["power"][mine].reshape(len(runs), -1)
        f = observed["frequency"][mine][: power.shape[1]]
        told = np.full(len(f), np.nan)
        if predicted is not None:
            own = predicted[label] == name
            told = np.interp(f, predicted["frequency"][own], predicted["power"][own])
        for low, high in BANDS:
            inside = (f >= low) & (f < high)
            if inside.any():
                means = power[:, inside].mean(axis=1)
                yield (name, observable, low, high, float(told[inside].mean()), *_mean(means))


def _of_modes(predicted: Tables, observed: Tables) -> Iterator[Row]:
    modes, seen = predicted.get("modes"), observed.get("network")
    if modes is None or seen is None:
        return
    leading = np.nanargmax(modes["growth"]) if np.any(~np.isnan(modes["growth"])) else None
    told = np.nan if leading is None else float(modes["frequency"][leading])
    yield (POOLED, "peak_frequency", np.nan, np.nan, told, *_mean(seen["peak_frequency"]))


def _mean(values: FloatArray) -> tuple[float, float]:
    """Return mean and standard error of what is known."""
    known = values[~np.isnan(values)]
    if not known.size:
        return float("nan"), float("nan")
    error = float(np.std(known, ddof=1) / np.sqrt(known.size)) if known.size > 1 else float("nan")
    return float(np.mean(known)), error


def findings(
    case: NetworkCase,
    predicted: Tables,
    observed: Tables,
    lfp: Tables,
    refused: Mapping[str, str],
) -> list[Finding]:
    """Return how far the theory of a case may be trusted, aspect by aspect; tables of `compare`."""
    made = [
        Finding(
            aspect="theory", population=POOLED, value=np.nan, limit=np.nan, holds=False,
            sentence=f"Theory gives no {name.replace('_', ' ')}: {reason}",
        )
        for name, reason in refused.items()
    ]  # fmt: skip
    if "verdict" in predicted:
        rows = zip(*(predicted["verdict"][name].tolist() for name in FIELDS), strict=True)
        made += [Finding(**dict(zip(FIELDS, row, strict=True))) for row in rows]
    if "rates" in predicted and "populations" in observed:
        made += _agreement(case, predicted, observed)
        made += _activity(predicted, observed["network"])
    for observable, told, seen, label in (
        ("power", predicted.get("spectra"), observed.get("spectra"), "population"),
        ("lfp_power", predicted.get("lfp"), lfp.get("spectra"), "signal"),
    ):
        made += _powers(observable, list(_of_spectra(told, seen, observable, label)))
    return made


def _activity(predicted: Tables, seen: Columns) -> Iterator[Finding]:
    """Yield whether the network does what theory takes for granted: to fire asynchronously."""
    value = float(np.nanmax(seen["synchrony"], initial=-1.0))
    if value < 0.0:
        return
    regimes = " or ".join(dict.fromkeys(seen["regime"].tolist()))
    holds = value <= CRITERIA.synchrony
    kept = f"in the simulation (regime {regimes}, synchrony {value:.2g})"
    words = f"All neurons together fire asynchronously {kept}."
    if not holds:
        grows = "modes" in predicted and np.any(predicted["modes"]["growth"] >= 0.0)
        words = (
            f"All neurons together fire synchronously {kept}: "
            + ("as a growing mode says, " if grows else "though no mode of theory grows, ")
            + "the network is not at the working point, whose rates, CV and spectra are those of "
            "asynchronous firing."
        )
    yield of_whole("activity", value, words, holds=holds, limit=CRITERIA.synchrony)


def _powers(observable: str, bands: list[Row]) -> Iterator[Finding]:
    """Yield how far predicted and simulated power lie apart, the worst band by name."""
    names = [row[0] for row in bands]
    whole = POOLED if POOLED in names else next(iter(names), POOLED)
    mine = [row for row in bands if row[0] == whole and row[4] > 0.0 and row[5] > 0.0]
    if not mine:
        return
    ratio = np.array([row[4] / row[5] for row in mine])
    worst = int(np.argmax(np.abs(np.log(ratio))))
    holds = bool(np.abs(np.log(ratio[worst])) <= np.log(FACTOR))
    low, high = mine[worst][2:4]
    words = (
        f"Theory has {ratio.min():.2g} to {ratio.max():.2g} times the simulated power of "
        f"{POWERS[observable]} in bands from {mine[0][2]:.0f} to {mine[-1][3]:.0f} Hz, "
        + ("within a factor of two." if holds else f"furthest off at {low:.0f} to {high:.0f} Hz.")
    )
    yield of_whole(observable, float(ratio[worst]), words, holds=holds, limit=FACTOR)


def _agreement(case: NetworkCase, predicted: Tables, observed: Tables) -> Iterator[Finding]:
    rows = list(_of_populations(predicted, observed))
    for observable in ("nu", "cv"):
        mine = [row for row in rows if row[1] == observable]
        ratio = np.array([row[4] / row[5] if row[5] else np.nan for row in mine])
        holds = np.abs(ratio - 1.0) <= CLOSE
        pairs = zip(_each(case, observable, ratio, holds, limit=CLOSE), mine, strict=True)
        for finding, row in pairs:
            if np.isfinite(finding.value):
                yield finding
            elif observable == "nu":
                told = "is silent" if row[4] < SILENT else f"fires at {row[4]:.3g} Hz"
                words = f"{row[0]} is silent in the simulation and {told} in theory."
                yield replace(finding, holds=row[4] < LOW_RATE, sentence=words)
    if "neurons" in predicted and "neurons" in observed:
        tables = predicted["neurons"], observed["neurons"]
        names = case.network.names
        distance = np.array([spread_distance(*tables, name) for name in names])
        yield from _each(case, "neurons", distance, distance <= SPREAD, limit=SPREAD)


def _each(
    case: NetworkCase, aspect: str, values: FloatArray, holds: BoolArray, *, limit: float
) -> Iterator[Finding]:
    for name, value, good in zip(case.network.names, values.tolist(), holds.tolist(), strict=True):
        yield of_population(aspect, name, value, limit, SENTENCES[aspect], holds=good)
