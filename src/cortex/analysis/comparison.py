"""How far one recording is from another, statistic by statistic, population by population."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import combinations
from types import MappingProxyType

import numpy as np

from cortex.analysis.correlations import correlation_matrix
from cortex.analysis.trains import (
    fano_factors,
    firing_rates,
    interval_cv,
    interval_cv2,
    interval_lv,
)
from cortex.errors import ParameterError
from cortex.spikes import Spikes
from cortex.typing import AnyArray, FloatArray

Statistic = Callable[[Spikes], FloatArray]
N_CORRELATED = 200  # neurons of a population whose pairs are correlated: 19,900 pairs
FANO_WINDOW = 0.1  # s


def some_neurons(spikes: Spikes, n: int = N_CORRELATED) -> Spikes:
    """Return the spikes of at most `n` neurons, spread evenly over all."""
    all_of_them = spikes.n_neurons
    few = np.unique(np.linspace(0, all_of_them - 1, min(all_of_them, n)).astype(np.int64))
    return spikes.select(few)


def _pair_values(spikes: Spikes) -> FloatArray:
    few = some_neurons(spikes)
    values: FloatArray = correlation_matrix(few)[np.triu_indices(few.n_neurons, 1)]
    return values


STATISTICS: Mapping[str, Statistic] = MappingProxyType(
    {
        "rate": firing_rates,
        "cv": interval_cv,
        "cv2": interval_cv2,
        "lv": interval_lv,
        "fano": lambda spikes: fano_factors(spikes, FANO_WINDOW),
        "correlation": _pair_values,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One statistic of one population in two recordings.

    Parameters
    ----------
    population, statistic : str
        Which.
    data, model : float
        Means over neurons or pairs, Hz for rates, else dimensionless.
    n_data, n_model : int
        Values behind them; a neuron without the statistic has none.
    effect : float
        Difference model - data of the means in pooled standard deviations (Cohen's d).
    distance : float
        Kolmogorov-Smirnov distance of the distributions, mean over the runs of the model.
    band : float
        Distance below which a further run of the model stays; nan for fewer than three runs.
    """

    population: str
    statistic: str
    data: float
    model: float
    n_data: int
    n_model: int
    effect: float
    distance: float
    band: float

    @property
    def outside(self) -> bool:
        """Whether the data lie outside of the band; False without one."""
        return bool(self.distance > self.band)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All statistics of all populations of a recording beside those of a model.

    Parameters
    ----------
    rows : tuple of Difference
        By population, in the order of the data.
    """

    rows: tuple[Difference, ...]

    def columns(self) -> dict[str, AnyArray]:
        """Return the rows as columns of a table, with ``outside``."""
        names = [field.name for field in fields(Difference)] + ["outside"]
        return {name: np.array([getattr(row, name) for row in self.rows]) for name in names}

    def reasons(self) -> tuple[Difference, ...]:
        """Return what lies outside its band, the largest effect first."""
        found = [row for row in self.rows if row.outside]
        return tuple(sorted(found, key=lambda row: -np.nan_to_num(abs(row.effect), nan=np.inf)))


def compare_spikes(
    data: Spikes,
    model: Sequence[Spikes],
    *,
    statistics: Mapping[str, Statistic] = STATISTICS,
    level: float = 0.95,
) -> Comparison:
    """Return how far a recording is from runs of a model.

    Parameters
    ----------
    data : Spikes
        A recording.
    model : sequence of Spikes
        Runs with different seeds; from three on they give a band.
    statistics : mapping of str to function
        From the spikes of one population to values of its neurons or pairs; nan is left out.
    level : float
        Confidence that all rows of one more run of the model lie in their bands.

    Returns
    -------
    Comparison
        A row for each statistic of each population that both have.

    Raises
    ------
    ParameterError
        No runs, or no population in common.

    Notes
    -----
    If the data were one more run of the model, their mean distance to its k runs would be drawn
    like that of each run to the others. The band is the upper end of the prediction interval of
    such a draw, on a log scale as distances are skewed: mean + t s sqrt(1 + 1/k), Student's t of
    k - 1 degrees of freedom. Runs share their distances, which narrows the spread of their means
    by (k - 2) / (k - 1); s is the spread without that. Drawn from Poisson trains, bands of 90, 95
    and 99 % hold 87 to 89, 93 to 95 and 98 % of further runs (k from 3 to 8). Confidence of a row
    is 1 - (1 - level) / rows (Bonferroni). Statistics that depend on
    the length of a recording (CV, counts of few spikes) ask for runs as long as the data.
    """
    names = [name for name in data.names if all(name in run.names for run in model)]
    if not model or not names:
        have = [run.names for run in model]
        msg = f"populations {data.names} of the data and {have} of the model share none"
        raise ParameterError(msg)
    rows = []
    level = 1.0 - (1.0 - level) / (len(names) * len(statistics))
    for name in names:
        own, runs = data.of(name), [run.of(name) for run in model]
        for statistic, of in statistics.items():
            values = [_known(of(spikes)) for spikes in (own, *runs)]
            rows.append(_difference(name, statistic, values[0], values[1:], level))
    return Comparison(rows=tuple(rows))


def ks_distance(first: FloatArray, second: FloatArray) -> float:
    """Return the largest difference of two cumulative distributions; nan if one is empty.

    Examples
    --------
    >>> ks_distance(np.array([1.0, 2.0]), np.array([2.0, 3.0]))
    0.5
    """
    if not (len(first) and len(second)):
        return float("nan")
    at = np.concatenate([first, second])
    below = [np.searchsorted(np.sort(x), at, side="right") / len(x) for x in (first, second)]
    return float(np.max(np.abs(below[0] - below[1])))


def effect_size(first: FloatArray, second: FloatArray) -> float:
    """Return Cohen's d, the difference second - first of the means in pooled deviations.

    Nan if one is empty or neither varies; ddof 1.
    """
    n, m = len(first), len(second)
    if n < 2 or m < 2:
        return float("nan")
    pooled = ((n - 1) * first.var(ddof=1) + (m - 1) * second.var(ddof=1)) / (n + m - 2)
    return float((second.mean() - first.mean()) / np.sqrt(pooled)) if pooled > 0.0 else float("nan")


def _known(values: FloatArray) -> FloatArray:
    return values[~np.isnan(values)]


def _difference(
    population: str, statistic: str, data: FloatArray, runs: Sequence[FloatArray], level: float
) -> Difference:
    together = np.concatenate(list(runs))
    return Difference(
        population=population,
        statistic=statistic,
        data=float(data.mean()) if len(data) else float("nan"),
        model=float(together.mean()) if len(together) else float("nan"),
        n_data=len(data),
        n_model=len(together),
        effect=effect_size(data, together),
        distance=float(np.mean([ks_distance(data, run) for run in runs])),
        band=_band(runs, level),
    )


def _band(runs: Sequence[FloatArray], level: float) -> float:
    """Return the distance that a further run keeps to the others with a given confidence."""
    from scipy.stats import t  # noqa: PLC0415  # slow to import, and few callers need it

    k = len(runs)
    if k < 3:
        return float("nan")
    distance = np.zeros((k, k))
    for i, j in combinations(range(k), 2):
        distance[i, j] = distance[j, i] = ks_distance(runs[i], runs[j])
    # no distance is exactly zero but for runs that are the same: their band is no wider
    mean = np.log(np.maximum(distance.sum(axis=1) / (k - 1), np.finfo(float).tiny))
    spread = mean.std(ddof=1) * (k - 1) / (k - 2) * np.sqrt(1.0 + 1.0 / k)
    return float(np.exp(mean.mean() + t.ppf(level, k - 1) * spread))
