"""Rules without geometry: who is connected to whom by number or by chance.

Every random rule takes one key from `rng` and draws each target from a stream of its
own, so a projection does not depend on chunks or threads.
"""

from dataclasses import replace

import numpy as np

from cortex.connectivity._loops_draw import draw_bernoulli, draw_windows
from cortex.connectivity.projection import Projection, index_type, row_starts
from cortex.errors import ParameterError, shown
from cortex.params.arrays import whole
from cortex.params.reading import is_number
from cortex.rng import require_stream
from cortex.typing import AnyArray, IntArray


def draw_key(rng: np.random.Generator) -> AnyArray:
    """Return the key of a family of streams, uint64 of shape (2,)."""
    return require_stream(rng).integers(0, 2**64, size=2, dtype=np.uint64)


def fixed_in_degree(
    n_sources: int,
    n_targets: int,
    in_degree: int | IntArray,
    *,
    rng: np.random.Generator,
    multapses: bool,
    autapses: bool,
    same_population: bool = False,
) -> Projection:
    """Draw exactly `in_degree` sources for each target.

    Parameters
    ----------
    n_sources, n_targets : int
        Sizes of the populations.
    in_degree : int or ndarray of int, shape (n_targets,)
        Connections per target.
    rng : numpy.random.Generator
        Stream of this projection; one key is taken from it.
    multapses : bool
        Whether a pair may be joined more than once (draws with replacement).
    autapses : bool
        Whether a neuron may be its own source; matters for one population only.
    same_population : bool
        Whether sources and targets are the same neurons.

    Returns
    -------
    Projection
        Sources ascending within each target.

    Raises
    ------
    ParameterError
        More distinct sources are wanted than there are.

    References
    ----------
    Definition; bounded integers by Lemire (2019), ACM TOMACS 29:3.

    Examples
    --------
    >>> from cortex.rng import stream
    >>> p = fixed_in_degree(100, 50, 10, rng=stream(1, "doc"), multapses=False, autapses=True)
    >>> p.in_degrees.min(), p.in_degrees.max()
    (np.int64(10), np.int64(10))
    """
    _check_sizes(n_sources, n_targets, same_population)
    windows = np.zeros((n_targets, 3), dtype=np.int64)
    windows[:, 1] = n_sources
    windows[:, 2] = _excluded(n_targets, same_population and not autapses)
    counts = _degrees(in_degree, n_targets)
    sources = draw_from_windows(windows, counts, n_sources, rng=rng, multapses=multapses)
    return Projection(
        n_sources=n_sources,
        n_targets=n_targets,
        start=row_starts(counts),
        sources=sources,
        same_population=same_population,
        rule={
            "name": "fixed_in_degree",
            "degree": int(counts[0]) if counts.min() == counts.max() else None,
            "multapses": multapses,
            "autapses": autapses,
        },
    )


def fixed_out_degree(
    n_sources: int,
    n_targets: int,
    out_degree: int | IntArray,
    *,
    rng: np.random.Generator,
    multapses: bool,
    autapses: bool,
    same_population: bool = False,
) -> Projection:
    """Draw exactly `out_degree` targets for each source.

    Parameters
    ----------
    n_sources, n_targets : int
        Sizes of the populations.
    out_degree : int or ndarray of int, shape (n_sources,)
        Connections per source.
    rng, multapses, autapses, same_population
        As in `fixed_in_degree`.

    Raises
    ------
    ParameterError
        More distinct targets are wanted than there are.

    References
    ----------
    As for `fixed_in_degree`.

    Examples
    --------
    >>> from cortex.rng import stream
    >>> p = fixed_out_degree(50, 100, 10, rng=stream(1, "doc"), multapses=False, autapses=True)
    >>> p.n_connections
    500
    """
    reverse = fixed_in_degree(
        n_targets,
        n_sources,
        out_degree,
        rng=rng,
        multapses=multapses,
        autapses=autapses,
        same_population=same_population,
    )
    return reverse.turned("fixed_out_degree")


def fixed_total_number(
    n_sources: int,
    n_targets: int,
    n_connections: int,
    *,
    rng: np.random.Generator,
    multapses: bool,
    autapses: bool,
    same_population: bool = False,
) -> Projection:
    """Draw exactly `n_connections` pairs, all equally likely.

    The numbers per target follow the multinomial law (with multapses) or the multivariate
    hypergeometric law (without), then the sources of each target are drawn; this is the
    same as drawing pairs one by one. The rule of Potjans & Diesmann (2014).

    Parameters
    ----------
    n_sources, n_targets : int
        Sizes of the populations.
    n_connections : int
        Connections in all.
    rng, multapses, autapses, same_population
        As in `fixed_in_degree`.

    Raises
    ------
    ParameterError
        More distinct pairs are wanted than there are, or, without multapses, the
        populations form a billion pairs or more.
    """
    _check_sizes(n_sources, n_targets, same_population)
    require_stream(rng)
    n_connections = int(whole("n_connections", n_connections, 0))
    excludes = same_population and not autapses
    per_target = n_sources - excludes
    if multapses:
        counts = rng.multinomial(n_connections, np.full(n_targets, 1.0 / n_targets))
    else:
        _check_total(n_connections, per_target * n_targets)
        available = np.full(n_targets, per_target)
        counts = rng.multivariate_hypergeometric(available, n_connections, method="marginals")
    drawn = fixed_in_degree(
        n_sources,
        n_targets,
        counts,
        rng=rng,
        multapses=multapses,
        autapses=autapses,
        same_population=same_population,
    )
    return replace(drawn, rule={**drawn.rule, "name": "fixed_total_number"})


def pairwise_bernoulli(
    n_sources: int,
    n_targets: int,
    p: float,
    *,
    rng: np.random.Generator,
    autapses: bool,
    same_population: bool = False,
) -> Projection:
    """Connect each pair independently with probability `p`.

    Walks from one connection to the next by geometric gaps, so the time is proportional
    to the number of connections, not of pairs.

    Parameters
    ----------
    n_sources, n_targets : int
        Sizes of the populations.
    p : float
        Connection probability.
    rng, autapses, same_population
        As in `fixed_in_degree`.

    Raises
    ------
    ParameterError
        `p` lies outside [0, 1].

    Examples
    --------
    >>> from cortex.rng import stream
    >>> pairwise_bernoulli(5, 5, 1.0, rng=stream(1, "doc"), autapses=True).n_connections
    25
    """
    _check_sizes(n_sources, n_targets, same_population)
    if not is_number(p) or not 0.0 <= p <= 1.0:
        msg = f"p = {shown(p)} is no probability, it must lie in [0, 1]"
        raise ParameterError(msg)
    excluded = _excluded(n_targets, same_population and not autapses)
    key = draw_key(rng)
    start = np.zeros(n_targets + 1, dtype=np.int64)
    sources = np.empty(_room(n_sources * n_targets, p), dtype=index_type(n_sources))
    while p > 0.0 and not draw_bernoulli(key, 0, n_sources, excluded, p, start, sources):
        sources = np.empty(2 * len(sources), dtype=sources.dtype)
    return Projection(
        n_sources=n_sources,
        n_targets=n_targets,
        start=start,
        sources=sources[: start[-1]].copy(),
        same_population=same_population,
        rule={"name": "pairwise_bernoulli", "p": p, "autapses": autapses},
    )


def all_to_all(
    n_sources: int, n_targets: int, *, autapses: bool, same_population: bool = False
) -> Projection:
    """Connect every source to every target; arguments as in `fixed_in_degree`."""
    _check_sizes(n_sources, n_targets, same_population)
    index = np.arange(n_sources, dtype=index_type(n_sources))
    full = Projection(
        n_sources=n_sources,
        n_targets=n_targets,
        start=np.arange(n_targets + 1) * n_sources,
        sources=np.tile(index, n_targets),
        same_population=same_population,
        rule={"name": "all_to_all", "autapses": autapses},
    )
    excludes = same_population and not autapses
    if not excludes:
        return full
    return replace(full.where(full.sources != full.targets), rule=full.rule)


def one_to_one(n_sources: int, n_targets: int, *, same_population: bool = False) -> Projection:
    """Connect source i to target i of two populations of equal size; refuse others."""
    if n_sources != n_targets:
        msg = f"one to one needs equal sizes, got {n_sources} sources and {n_targets} targets"
        raise ParameterError(msg)
    return Projection(
        n_sources=n_sources,
        n_targets=n_targets,
        start=np.arange(n_targets + 1),
        sources=np.arange(n_sources).astype(index_type(n_sources)),
        same_population=same_population,
        rule={"name": "one_to_one"},
    )


def draw_from_windows(
    windows: IntArray,
    counts: IntArray,
    n_sources: int,
    *,
    rng: np.random.Generator,
    multapses: bool,
) -> AnyArray:
    """Draw `counts[t]` sources for target t from consecutive sources on a circle.

    Parameters
    ----------
    windows : ndarray of int, shape (n_targets, 3)
        First source, width, and the place in the window that is left out (-1: none).
    counts : ndarray of int, shape (n_targets,)
        Sources per target.
    n_sources : int
        Length of the circle; a window running over its end goes on at source 0.
    rng, multapses
        As in `fixed_in_degree`.

    Returns
    -------
    ndarray of int, shape (sum of counts,)
        Sources, ascending within each target; uint16 or int32.

    Raises
    ------
    ParameterError
        A window holds fewer sources than are wanted.

    References
    ----------
    Definition; bounded integers by Lemire (2019), ACM TOMACS 29:3.

    Examples
    --------
    >>> from cortex.rng import stream
    >>> draw_from_windows(
    ...     np.array([[8, 4, -1]]), np.array([4]), 10, rng=stream(1, "doc"), multapses=False
    ... ).tolist()
    [0, 1, 8, 9]
    """
    counts, windows = whole("counts", counts, -(2**62)), whole("windows", windows, -1)
    if windows.shape != (counts.size, 3) or windows.max(initial=0) > n_sources:
        msg = f"windows of shape {windows.shape} up to {windows.max(initial=0)}: needs a row of"
        msg = f"{msg} first, size and left out for each of {counts.size} targets, to {n_sources}"
        raise ParameterError(msg)
    available = windows[:, 1] - (windows[:, 2] >= 0)
    short = counts > (np.where(available > 0, counts, 0) if multapses else available)
    if np.any(short) or np.any(counts < 0):
        t = int(np.argmax(short | (counts < 0)))
        msg = (
            f"target {t} cannot have {counts[t]} sources: {available[t]} are available; "
            "lower the in-degree, widen the window or allow multapses"
        )
        raise ParameterError(msg)
    sources = np.empty(int(counts.sum()), dtype=index_type(n_sources))
    draw_windows(draw_key(rng), 0, row_starts(counts), windows, n_sources, multapses, sources)
    return sources


def _room(n_pairs: int, p: float) -> int:
    """Return a number of connections that is hardly ever exceeded: mean plus 6 deviations."""
    return min(n_pairs, int(n_pairs * p + 6.0 * np.sqrt(n_pairs * p * (1.0 - p))) + 16)


def _degrees(degree: int | IntArray, n: int) -> IntArray:
    """Return the degree of each of `n` neurons; refuse parts of connections."""
    degrees = whole("degree", degree, 0)
    if degrees.shape not in {(), (1,), (n,)}:
        msg = f"degree has shape {degrees.shape}, needs one number or one of each neuron, ({n},)"
        raise ParameterError(msg)
    return np.broadcast_to(degrees, (n,))


def _excluded(n_targets: int, excludes: bool) -> IntArray:
    """Return the source each target must not draw: itself, or -1 for none."""
    return np.arange(n_targets) if excludes else np.full(n_targets, -1)


def _check_total(n_connections: int, n_pairs: int) -> None:
    if not 0 <= n_connections <= n_pairs:
        msg = (
            f"{n_connections} distinct connections are wanted, there are {n_pairs} pairs; "
            "lower the number or allow multapses"
        )
        raise ParameterError(msg)
    if n_pairs >= 1_000_000_000:
        msg = (
            f"{n_pairs} pairs are too many for a fixed total number without multapses (limit "
            "1e9); allow multapses or use pairwise_bernoulli"
        )
        raise ParameterError(msg)


def _check_sizes(n_sources: int, n_targets: int, same_population: bool) -> None:
    whole("n_sources", n_sources, 1, 2**31 - 1)
    whole("n_targets", n_targets, 1, 2**31 - 1)
    if same_population and n_sources != n_targets:
        msg = f"one population cannot have {n_sources} sources and {n_targets} targets"
        raise ParameterError(msg)
