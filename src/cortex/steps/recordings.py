"""Recorded spikes: their statistics, and how they differ from a network's runs and its theory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Final

import numpy as np
from scipy.stats import t

from cortex.analysis.comparison import (
    STATISTICS,
    Difference,
    compare_spikes,
    some_neurons,
)
from cortex.analysis.correlations import correlation_interval
from cortex.errors import ParameterError
from cortex.meanfield.stability.verdict import Finding
from cortex.params.recording import RecordingParams
from cortex.spikes import Spikes
from cortex.steps.columns import Columns, Tables, labelled, stacked, transposed
from cortex.steps.observe import View
from cortex.typing import FloatArray

RECORDED: Final = "recording"
"""What the rows of a recording are called, where those of simulations bear a state."""
SIMULATED: Final = "simulation"
LEVEL: Final = 0.95
QUANTILES: Final = np.linspace(0.0, 1.0, 101)
WORDS: Final = {
    "rate": "rate",
    "cv": "CV of intervals",
    "cv2": "CV2 of intervals",
    "lv": "LV of intervals",
    "fano": "Fano factor",
    "correlation": "count correlation",
    "coupling": "population coupling",
}
"""Statistic -> what sentences and figures call it."""
UNITS: Final = {"rate": " Hz", "coupling": " Hz"}
IN_THEORY: Final = {"rate": "nu", "cv": "cv"}
"""Statistic -> column of the table of predicted rates."""


def view_of(spikes: Spikes, params: RecordingParams) -> View:
    """Return how a recording is looked at; names that end in I are those that do not excite.

    Raises
    ------
    ParameterError
        The recording is shorter than what its bins and windows ask for.
    """
    check_length(spikes, params)
    return View(
        state=RECORDED,
        names=spikes.names,
        exciting=tuple(name for name in spikes.names if not name.upper().endswith("I")),
        bins=params.analysis,
        excerpt=params.excerpt,
    )


def check_length(spikes: Spikes, params: RecordingParams) -> None:
    """Refuse a recording that is shorter than a segment of its spectra or than its excerpt."""
    bins, cut = params.analysis, params.excerpt
    needed = {
        "analysis.segment_ms + analysis.settle_ms": bins.segment + bins.settle,
        "excerpt.start_s + excerpt.duration_s": cut.start + cut.duration,
        "analysis.correlation_bin_ms (20 blocks of two bins)": 40.0 * bins.correlation_bin,
    }
    for key, least in needed.items():
        if spikes.duration < least * (1.0 - 1e-9):
            msg = (
                f"a recording of {spikes.duration:.4g} s is too short for {key} = {least:g} s: say "
                "where it ends (stop_s) if later than the last spike, record longer, or set a "
                "smaller value"
            )
            raise ParameterError(msg)


def arranged(spikes: Spikes, rename: Mapping[str, str], order: Sequence[str] = ()) -> Spikes:
    """Return recorded spikes with new names, populations in a given order.

    Parameters
    ----------
    spikes : Spikes
        On a grid.
    rename : mapping of str to str
        Old name -> new name; others stay.
    order : sequence of str
        Populations of a network; recorded ones come in their order. Empty: as they are.

    Raises
    ------
    ParameterError
        A name that no population has, one given twice, or a population that the network lacks.
    """
    lost = [name for name in rename if name not in spikes.names]
    names = [rename.get(name, name) for name in spikes.names]
    if lost or len(set(names)) < len(names):
        what = f"no population {lost[0]!r}" if lost else f"a name twice in {', '.join(names)}"
        msg = f"rename: {what}; the recording holds {', '.join(spikes.names)}"
        raise ParameterError(msg)
    unknown = [name for name in names if order and name not in order]
    if unknown:
        msg = (
            f"the recording names {', '.join(names)}, the network {', '.join(order)}: they need "
            f"the same names; say which is which, as in rename: {{{unknown[0]}: {order[0]}}} "
            f"(--populations {unknown[0]}={order[0]}), or how the ids of a file without names are "
            f"numbered, as in populations: {{{order[0]}: 80, {order[-1]}: 20}} "
            f"(--populations {order[0]}=80,{order[-1]}=20)"
        )
        raise ParameterError(msg)
    places = [names.index(name) for name in (order or names) if name in names]
    first = spikes.first
    old = np.concatenate([np.arange(first[p], first[p + 1]) for p in places])
    new = np.empty(len(old), dtype=spikes.neurons.dtype)
    new[old] = np.arange(len(old))
    return Spikes(
        neurons=new[spikes.neurons],
        names=tuple(names[p] for p in places),
        sizes=np.asarray(spikes.sizes)[places],
        steps=spikes.steps,
        dt=spikes.dt,
        n_steps=spikes.n_steps,
        start=spikes.start,
        ids=None if spikes.ids is None else np.asarray(spikes.ids)[old],
        positions=None if spikes.positions is None else spikes.positions[old],
    )


def describe(spikes: Spikes, params: RecordingParams) -> Tables:
    """Return the statistics of a recording and their distributions.

    Returns
    -------
    dict
        ``statistics``: of every population and statistic the mean over neurons or pairs, its
        standard deviation and the 95 % confidence interval of the mean, over blocks of time for
        correlations (`correlation_interval`), over neurons else. ``distributions``: quantiles.
    """
    rows = []
    for name in spikes.names:
        own = spikes.of(name)
        for statistic, of in STATISTICS.items():
            values = known(of(own))
            low, high = _confidence(values)
            if statistic == "correlation" and len(values):
                found = correlation_interval(some_neurons(own), params.analysis.correlation_bin)
                low, high = found.low, found.high
            rows.append(
                {
                    "population": name, "statistic": statistic, "n": len(values),
                    "mean": _mean(values), "sd": float(values.std(ddof=1)) if len(values) > 1
                    else float("nan"), "low": low, "high": high,
                }
            )  # fmt: skip
    return {"statistics": transposed(rows), "distributions": distributions(spikes, RECORDED, 0)}


def distributions(spikes: Spikes, source: str, number: int) -> Columns:
    """Return quantiles of every statistic over the neurons or pairs of every population."""
    parts = [
        labelled(
            {"share": QUANTILES, "value": np.quantile(values, QUANTILES)},
            population=name,
            statistic=statistic,
            source=source,
            seed=number,
        )
        for name in spikes.names
        for statistic, of in STATISTICS.items()
        if len(values := known(of(spikes.of(name))))
    ]
    return stacked(parts)


def alike(data: Spikes, runs: Iterable[Spikes]) -> tuple[Spikes, list[Spikes]]:
    """Return a recording and runs cut to the same length and the same numbers of neurons.

    Distances of distributions depend on how many neurons are behind them, and CVs on how long
    they are recorded: both are cut to what the other has, from the start, and to neurons that
    are spread evenly over a population.
    """
    runs = list(runs)
    if not runs:
        msg = "the network is not simulated (seeds: 0): a comparison needs runs, three at least"
        raise ParameterError(msg)
    length = min(spikes.duration for spikes in (data, *runs))
    cut = [_first(spikes, length) for spikes in (data, *runs)]
    sizes = [dict(zip(spikes.names, spikes.sizes.tolist(), strict=True)) for spikes in cut]
    least = {name: min(own[name] for own in sizes if name in own) for name in data.names}
    data, *runs = (_fewer(spikes, least) for spikes in cut)
    return data, runs


def beside(data: Spikes, runs: Sequence[Spikes], predicted: Columns | None) -> Tables:
    """Return a recording beside the runs of a network and its theory.

    Parameters
    ----------
    data, runs : Spikes, sequence of Spikes
        As `alike` returns them.
    predicted : columns, optional
        Table ``rates`` of the state, from `cortex.steps.predict`.

    Returns
    -------
    dict
        ``comparison``, a row per population and statistic; ``distributions``; ``findings``, each
        row in words, the largest effect first.
    """
    found = compare_spikes(data, runs, level=LEVEL)
    rows = [
        {
            "population": row.population,
            "statistic": row.statistic,
            "data": row.data,
            "simulation": row.model,
            "theory": _theory(predicted, row),
            **{k: v for k, v in asdict(row).items() if k in KEPT},
            "outside": row.outside,
        }
        for row in found.rows
    ]
    parts = [distributions(data, RECORDED, 0)]
    parts += [distributions(run, SIMULATED, i) for i, run in enumerate(runs)]
    reasons = found.reasons()
    rest = [row for row in found.rows if row not in reasons]
    return {
        "comparison": transposed(rows),
        "distributions": stacked(parts),
        "findings": transposed(asdict(_finding(row)) for row in (*reasons, *rest)),
    }


KEPT: Final = ("n_data", "n_model", "effect", "distance", "band")


def known(values: FloatArray) -> FloatArray:
    """Return the values that are not nan."""
    return values[~np.isnan(values)]


def _finding(row: Difference) -> Finding:
    unit = UNITS.get(row.statistic, "")
    band = "no band (it takes three seeds)" if np.isnan(row.band) else f"band {row.band:.2g}"
    where = "outside" if row.outside else "inside" if row.distance <= row.band else "with"
    verdict = f"distance {row.distance:.2g}, {where} {'its ' * (where != 'with')}{band}"
    if np.isnan(row.distance):
        verdict = "too few values for a distance"
    effect = f"; effect size {row.effect:+.2g}" if np.isfinite(row.effect) else ""
    sentence = (
        f"{row.population}: {WORDS[row.statistic]} {row.data:.3g}{unit} in the recording, "
        f"{row.model:.3g}{unit} in the simulation ({verdict}{effect})"
    )
    return Finding(
        aspect=row.statistic,
        population=row.population,
        value=row.distance,
        limit=row.band,
        holds=not row.outside,
        sentence=f"{sentence}.",
    )


def _theory(predicted: Columns | None, row: Difference) -> float:
    column = IN_THEORY.get(row.statistic)
    if predicted is None or column is None:
        return float("nan")
    own = predicted[column][predicted["population"] == row.population]
    return float(own[0]) if len(own) else float("nan")


def _mean(values: FloatArray) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _confidence(values: FloatArray) -> tuple[float, float]:
    n = len(values)
    if n < 2:
        return float("nan"), float("nan")
    reach = float(t.ppf(0.5 + 0.5 * LEVEL, n - 1) * values.std(ddof=1) / np.sqrt(n))
    return _mean(values) - reach, _mean(values) + reach


def _first(spikes: Spikes, length: float) -> Spikes:
    """Return the first `length` s, in whole steps."""
    n = int(length / spikes.dt + 1e-6)
    if n == spikes.n_steps:
        return spikes
    return spikes.between(spikes.start, spikes.start + n * spikes.dt)


def _fewer(spikes: Spikes, least: Mapping[str, int]) -> Spikes:
    parts = []
    for name, first, size in zip(spikes.names, spikes.first, spikes.sizes, strict=False):
        n = min(int(size), least.get(name, int(size)))
        parts.append(first + np.unique(np.linspace(0, size - 1, n).astype(np.int64)))
    return spikes.select(np.concatenate(parts))
