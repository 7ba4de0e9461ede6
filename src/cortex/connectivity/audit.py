"""Audit of a built network: degrees, block probabilities and distances against their law."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.spatial import cKDTree
from scipy.special import chdtrc, gammaln, xlog1py, xlogy

from cortex.arguments import guarded
from cortex.connectivity.composition import Populations
from cortex.connectivity.kernels import distance
from cortex.connectivity.pairs import pair_displacements
from cortex.connectivity.projection import Projection
from cortex.connectivity.space import INCLUSIVE, Space
from cortex.errors import ParameterError
from cortex.typing import FloatArray, IntArray

IMPOSSIBLE: Final = 1e-12
"""Expected neurons below which a degree that was found refutes the law by itself."""


@guarded
@dataclass(frozen=True, slots=True, kw_only=True)
class DegreeLaw:
    """Exact law of a degree: binomial with `n` trials of probability `p` (p = 1: fixed).

    Parameters
    ----------
    n : int
        Trials: sources that may connect, or connections that may arrive.
    p : float
        Probability of each.
    """

    n: int
    p: float

    @property
    def mean(self) -> float:
        """Mean degree."""
        return self.n * self.p

    @property
    def std(self) -> float:
        """Standard deviation of the degree over neurons."""
        return float(np.sqrt(self.n * self.p * (1.0 - self.p)))

    def probability(self, degree: IntArray) -> FloatArray:
        """Return ``n!/(k!(n-k)!) p^k (1-p)^(n-k)`` for whole numbers k of any shape."""
        k = np.clip(degree, 0, self.n)
        ways = gammaln(self.n + 1.0) - gammaln(k + 1.0) - gammaln(self.n - k + 1.0)
        chance = np.exp(ways + xlogy(k, self.p) + xlog1py(self.n - k, -self.p))
        return np.where(k == degree, chance, 0.0)


def in_degree_law(projection: Projection) -> DegreeLaw:
    """Return the exact law of the in-degrees of a projection, from the rule it was drawn by.

    Parameters
    ----------
    projection : Projection
        As a rule returned it: a part of it, or a sum with another, has a law of its own.

    Returns
    -------
    DegreeLaw
        Law of the in-degree of every target.

    Raises
    ------
    ParameterError
        The rule has no law of this kind: it depends on distance, its degrees differ between
        neurons, or the projection is a part of what was drawn.

    Notes
    -----
    Fixed in-degree: a constant. Bernoulli: binomial over the available sources. Fixed
    out-degree: each source reaches a target with probability K / n_targets (without
    multapses), or each of its K draws does (with).

    Examples
    --------
    >>> from cortex.connectivity.rules import fixed_out_degree
    >>> from cortex.rng import stream
    >>> drawn = fixed_out_degree(30, 50, 5, rng=stream(1), multapses=False, autapses=True)
    >>> in_degree_law(drawn)
    DegreeLaw(n=30, p=0.1)
    """
    return _law(projection, kind="in")


def out_degree_law(projection: Projection) -> DegreeLaw:
    """Return the exact law of the out-degrees of a projection; see `in_degree_law`."""
    return _law(projection, kind="out")


def _law(projection: Projection, *, kind: str) -> DegreeLaw:
    own, others = projection.n_targets, projection.n_sources
    if kind == "out":
        own, others = others, own
    rule = projection.rule
    excluded = projection.same_population and not rule.get("autapses", True)
    available, choices = others - excluded, own - excluded
    match rule:
        case {"name": "pairwise_bernoulli", "p": p}:
            return DegreeLaw(n=available, p=float(p))
        case {"name": str(name), "degree": int(K)} if name == f"fixed_{kind}_degree":
            return DegreeLaw(n=K, p=1.0)
        case {"name": "fixed_in_degree" | "fixed_out_degree", "degree": int(K)}:
            if rule["multapses"]:
                return DegreeLaw(n=available * K, p=1.0 / choices)
            return DegreeLaw(n=available, p=K / choices)
    msg = (
        f"no exact law of the {kind}-degree is known for the rule {rule.get('name')!r}; it takes a "
        "whole projection with one probability, or with one degree for all neurons"
    )
    raise ParameterError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DegreeAudit:
    """Histogram of degrees beside its exact law.

    Parameters
    ----------
    degree : ndarray of int, shape (n_bins,)
        Whole numbers covering what was found and what was expected.
    count : ndarray of int, shape (n_bins,)
        Neurons found with each degree.
    expected : ndarray, shape (n_bins,)
        Neurons expected with each degree.
    laws : tuple of DegreeLaw
        The exact law, or those of the parts that add up to the degree.
    chi_square_p : float
        Probability of a larger chi-square if the law holds, bins merged to about five
        expected neurons; 0 where a degree was found that the law excludes, 1 where fewer
        than ten neurons leave a single bin. Degrees of different neurons are taken as
        independent, which is exact for the degrees a rule draws independently.
    """

    degree: IntArray
    count: IntArray
    expected: FloatArray
    laws: tuple[DegreeLaw, ...]
    chi_square_p: float


def audit_degrees(degrees: IntArray, *laws: DegreeLaw) -> DegreeAudit:
    """Compare the degrees of neurons with their law.

    Parameters
    ----------
    degrees : ndarray of int, shape (n,)
        Degree of each neuron.
    *laws : DegreeLaw
        Its law. Several are those of independent parts that add up to the degree, such as
        the connections from E and from I: the law of the sum is their convolution.

    References
    ----------
    Definition; Pearson's chi-squared.

    Examples
    --------
    >>> degrees = np.random.default_rng(1).binomial(100, 0.1, 500)
    >>> bool(audit_degrees(degrees, DegreeLaw(n=100, p=0.1)).chi_square_p > 0.01)
    True
    """
    mean = sum(law.mean for law in laws)
    spread = 5.0 * np.sqrt(sum(law.std**2 for law in laws))
    low = int(min(degrees.min(), max(mean - spread, 0.0)))
    high = int(max(degrees.max(), np.ceil(mean + spread)))
    degree = np.arange(low, high + 1)
    count = np.bincount(degrees - low, minlength=len(degree))
    chance = np.ones(1)
    for law in laws:
        chance = np.convolve(chance, law.probability(np.arange(high + 1)))
    expected = len(degrees) * chance[low : high + 1]
    p = _chi_square_p(count, expected, len(degrees))
    return DegreeAudit(degree=degree, count=count, expected=expected, laws=laws, chi_square_p=p)


def _chi_square_p(count: IntArray, expected: FloatArray, n: int) -> float:
    """Return the tail probability of Pearson's chi-square with merged bins."""
    if np.any((count > 0) & (expected < IMPOSSIBLE)):
        return 0.0
    bins = np.minimum((np.cumsum(expected) / 5.0).astype(np.int64), max(n // 5, 1) - 1)
    found = np.bincount(bins, weights=count)
    wanted = np.bincount(bins, weights=expected)
    used = wanted > 0.0
    wanted = wanted[used] * n / wanted.sum()
    statistic = np.sum((found[used] - wanted) ** 2 / wanted)
    return float(chdtrc(max(int(used.sum()) - 1, 1), statistic))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BlockAudit:
    """Realised connection probability per block, ``[target, source]``.

    Parameters
    ----------
    names : tuple of str
        Populations.
    pairs, connections : ndarray of int, shape (n_pops, n_pops)
        Ordered pairs that may be connected, and connections found.
    probability, error : ndarray, shape (n_pops, n_pops)
        Connections per pair, and its binomial standard error sqrt(p (1 - p) / pairs).
    """

    names: tuple[str, ...]
    pairs: IntArray
    connections: IntArray
    probability: FloatArray
    error: FloatArray


def audit_blocks(projection: Projection, populations: Populations, *, autapses: bool) -> BlockAudit:
    """Return the realised probability of every block of a composed network.

    Parameters
    ----------
    projection : Projection
        Connections among all neurons.
    populations : Populations
        Who the neurons are.
    autapses : bool
        Whether a neuron may connect to itself, so that its own pair counts.
    """
    names = tuple(populations.sizes)
    sizes = np.array([populations.sizes[name] for name in names])
    of = np.repeat(np.arange(len(names)), sizes)
    code = of[projection.targets] * len(names) + of[projection.sources]
    connections = np.bincount(code, minlength=len(names) ** 2).reshape(len(names), -1)
    own = np.zeros_like(sizes) if autapses else sizes
    pairs = (np.outer(sizes, sizes) - np.diag(own)).astype(np.int64)
    probability = connections / pairs
    variance = np.clip(probability * (1.0 - probability), 0.0, None) / pairs
    return BlockAudit(
        names=names,
        pairs=pairs,
        connections=connections,
        probability=probability,
        error=np.sqrt(variance),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DistanceProfile:
    """Connection probability against distance.

    Parameters
    ----------
    edges : ndarray, shape (n_bins + 1,)
        Edges of the distance bins; a bin holds (low, high], the first also zero.
    pairs, connections : ndarray of int, shape (n_bins,)
        Ordered pairs in reach in this geometry (edges included), and connections.
    probability, error : ndarray, shape (n_bins,)
        Connections per pair (nan where no pair is) and its standard error after Agresti
        and Coull, which is not zero where no or every pair is connected.
    """

    edges: FloatArray
    pairs: IntArray
    connections: IntArray
    probability: FloatArray
    error: FloatArray


def distance_profile(
    projection: Projection, source: Space, target: Space, edges: FloatArray, *, n_excluded: int = 0
) -> DistanceProfile:
    """Return connections over available pairs in bins of distance.

    Parameters
    ----------
    projection : Projection
        The connections.
    source, target : Lattice or Points
        Where the two populations sit.
    edges : ndarray, shape (n_bins + 1,)
        Edges of the bins, m, ascending.
    n_excluded : int
        Pairs at distance zero that the rule excludes: neurons with themselves.

    Notes
    -----
    Available pairs are counted with two k-d trees, so what a border takes away is taken
    away from the pairs too and does not look like a decay of the probability.

    References
    ----------
    Definition.

    Examples
    --------
    >>> from cortex.connectivity.space import Lattice
    >>> p = Projection.from_pairs([0, 1], [1, 0], n_sources=3, n_targets=3)
    >>> line = Lattice(shape=(3,), pitch=(1e-4,), periodic=False)
    >>> distance_profile(p, line, line, np.array([0.5e-4, 1.5e-4])).probability.tolist()
    [0.5]
    """
    r = distance(pair_displacements(projection, source, target))
    place = _bin_of(r, edges)
    inside = (place >= 0) & (place < len(edges) - 1)
    connections = np.bincount(place[inside], minlength=len(edges) - 1)
    trees = [cKDTree(space.coordinates, boxsize=space.period) for space in (target, source)]
    within = trees[0].count_neighbors(trees[1], np.asarray(edges[1:]) * INCLUSIVE)
    pairs = np.diff(np.concatenate([[0], np.asarray(within, dtype=np.int64)]))
    if edges[0] > 0.0:
        pairs[0] -= int(trees[0].count_neighbors(trees[1], edges[0] * INCLUSIVE))
    else:
        pairs[0] -= n_excluded
    with np.errstate(invalid="ignore", divide="ignore"):
        probability = connections / pairs
    # Agresti & Coull (1998): two more of each outcome keep the error of 0 or 1 finite
    centre = (connections + 2.0) / (pairs + 4.0)
    error = np.sqrt(centre * (1.0 - centre) / (pairs + 4.0))
    return DistanceProfile(
        edges=np.asarray(edges, dtype=np.float64),
        pairs=pairs,
        connections=connections,
        probability=probability,
        error=error,
    )


def _bin_of(r: FloatArray, edges: FloatArray) -> IntArray:
    """Return the bin of each distance: (low, high], the first bin with its lower edge."""
    place = np.searchsorted(np.asarray(edges) * INCLUSIVE, r, side="left") - 1
    return np.where((place < 0) & (edges[0] == 0.0), 0, place)
