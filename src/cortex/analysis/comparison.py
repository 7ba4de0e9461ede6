"""How far one recording is from another, statistic by statistic, population by population."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import combinations
from types import MappingProxyType

import numpy as np

from cortex.analysis.correlations import correlation_matrix, population_coupling
from cortex.analysis.trains import (
    fano_factors,
    firing_rates,
    interval_cv,
    interval_cv2,
    interval_lv,
)
from cortex.errors import ParameterError
from cortex.params.arrays import finite
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
        "coupling": population_coupling,
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
        Means over neurons or pairs, Hz for rates and coupling, else dimensionless.
    n_data, n_model : int
        Values behind them; a neuron without the statistic has none.
    effect : float
        Difference model - data of the means in pooled standard deviations (Cohen's d).
    distance : float
        Kolmogorov-Smirnov distance of the distributions, mean over the runs of the model.
    band : float
        Distance below which a further run of the model stays, as all other rows of that run do;
        nan for fewer than three runs.
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
    The score of a run is the largest, over all rows, of its mean distance to the other runs over
    the mean distance of those to each other. If the data were one more run, their score would be
    drawn like those of the k runs: the bound of all rows together is the upper end of the
    prediction interval of such a draw, mean + t s sqrt(1 + 1/k) of the logarithms with Student's t
    of k - 1 degrees of freedom, and no less than the score of rank level (k + 1), or the largest.
    The band of a row is that bound times the mean distance of its runs. Of further runs of Poisson
    trains, of a network, and of values that move as a whole, bands of 90, 95 and 99 % hold 91 to
    99, 94 to 99 and 96.5 to 100 % (k from 3 to 25; docs/adr/0225). Statistics that depend on the
    length of a recording (CV, counts of few spikes) ask for runs as long as the data.

    References
    ----------
    ADR 0225 (docs/adr); prediction interval of a normal sample, Student (1908), Biometrika 6:1.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> draw = lambda: [np.sort(rng.uniform(0.0, 9.0, 50)) for _ in range(9)]  # noqa: E731
    >>> first, *runs = [Spikes.of_trains({"E": draw()}, stop=9.0) for _ in range(5)]
    >>> compare_spikes(first, runs).reasons()
    ()
    """
    if not 0.0 < float(finite("level", level, 0)) < 1.0:
        msg = f"level = {level} must lie between 0 and 1"
        raise ParameterError(msg)
    names = [name for name in data.names if all(name in run.names for run in model)]
    if not model or not names:
        have = [run.names for run in model]
        msg = f"populations {data.names} of the data and {have} of the model share none"
        raise ParameterError(msg)
    compared = [(name, statistic) for name in names for statistic in statistics]
    values = [
        [_known(statistics[statistic](spikes.of(name))) for spikes in (data, *model)]
        for name, statistic in compared
    ]
    bands = _bands([each[1:] for each in values], level)
    return Comparison(
        rows=tuple(
            _difference(*which, own, runs, float(band))
            for which, (own, *runs), band in zip(compared, values, bands, strict=True)
        )
    )


def ks_distance(first: FloatArray, second: FloatArray) -> float:
    """Return the largest difference of two cumulative distributions; nan if one is empty.

    Parameters
    ----------
    first, second : ndarray of shape (n_first,) and (n_second,)
        Values of two samples, in the same unit; the result is dimensionless.

    References
    ----------
    Definition.

    Examples
    --------
    >>> ks_distance(np.array([1.0, 2.0]), np.array([2.0, 3.0]))
    0.5
    """
    first, second = finite("first", first, 1), finite("second", second, 1)
    if not (len(first) and len(second)):
        return float("nan")
    at = np.concatenate([first, second])
    below = [np.searchsorted(np.sort(x), at, side="right") / len(x) for x in (first, second)]
    return float(np.max(np.abs(below[0] - below[1])))


def effect_size(first: FloatArray, second: FloatArray) -> float:
    """Return Cohen's d, the difference second - first of the means in pooled deviations.

    Nan if one is empty or neither varies; ddof 1. Cohen (1988), Statistical Power Analysis for the
    Behavioral Sciences.

    Parameters
    ----------
    first, second : ndarray of shape (n_first,) and (n_second,)
        Values of two samples, in the same unit; the result is dimensionless.

    Examples
    --------
    >>> round(effect_size(np.array([1.0, 3.0]), np.array([2.0, 4.0])), 3)
    0.707
    """
    first, second = finite("first", first, 1), finite("second", second, 1)
    n, m = len(first), len(second)
    if n < 2 or m < 2:
        return float("nan")
    pooled = ((n - 1) * first.var(ddof=1) + (m - 1) * second.var(ddof=1)) / (n + m - 2)
    return float((second.mean() - first.mean()) / np.sqrt(pooled)) if pooled > 0.0 else float("nan")


def _known(values: FloatArray) -> FloatArray:
    return values[~np.isnan(values)]


def _difference(
    population: str, statistic: str, data: FloatArray, runs: Sequence[FloatArray], band: float
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
        band=band,
    )


def _bands(values: Sequence[Sequence[FloatArray]], level: float) -> FloatArray:
    """Return the distance of every row below which all rows of a further run stay.

    Parameters
    ----------
    values : sequence of sequence of ndarray
        Rows, runs, and the values of one run.
    level : float
        Confidence.
    """
    bands, k = np.full(len(values), np.nan), len(values[0]) if values else 0
    known = np.array([all(len(run) for run in runs) for runs in values], dtype=bool)
    if k < 3 or not known.any():
        return bands
    distance = np.zeros((int(known.sum()), k, k))
    least = np.zeros(len(distance))  # what moving one neuron changes: no narrower band is known
    for row, runs in enumerate(each for each, has in zip(values, known, strict=True) if has):
        ordered = [np.sort(run) for run in runs]
        least[row] = 1.0 / min(map(len, runs))
        for i, j in combinations(range(k), 2):
            distance[row, i, j] = distance[row, j, i] = ks_distance(ordered[i], ordered[j])
    bands[known] = np.minimum(simultaneous_bands(distance, least, level), 1.0)
    return bands


def simultaneous_bands(distance: FloatArray, least: FloatArray, level: float) -> FloatArray:
    """Return how far a further run may be from the others, in all rows at once.

    Parameters
    ----------
    distance : ndarray of shape (n_rows, n_runs, n_runs)
        Distances between runs in every row, three runs at least.
    least : ndarray of shape (n_rows,)
        Resolution of a distance: two runs count as no nearer.
    level : float
        Confidence that all rows of a further run stay.

    Returns
    -------
    ndarray of shape (n_rows,)
        Bound of the mean distance to the runs.

    Notes
    -----
    See `compare_spikes`.
    """
    from scipy.stats import t  # noqa: PLC0415  # slow to import, and few callers need it

    k = distance.shape[1]
    own = distance.sum(axis=2)
    among_others = (own.sum(axis=1)[:, None] - 2.0 * own) / ((k - 1) * (k - 2))
    score = own / (k - 1) / np.maximum(among_others, least[:, None])
    largest = np.sort(np.maximum(score.max(axis=0), np.finfo(float).tiny))
    logs = np.log(largest)
    beyond = np.exp(logs.mean() + t.ppf(level, k - 1) * logs.std(ddof=1) * np.sqrt(1.0 + 1.0 / k))
    ranked = largest[min(k, int(np.ceil(level * (k + 1) - 1e-9))) - 1]
    usual = np.maximum(own.sum(axis=1) / (k * (k - 1)), least)
    bands: FloatArray = max(beyond, ranked) * usual
    return bands
