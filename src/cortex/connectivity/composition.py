"""Putting projections together: populations by name and range, sums, Dale's principle."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from cortex.arguments import guarded
from cortex.connectivity._loops_draw import append_rows
from cortex.connectivity.pairs import sorted_by
from cortex.connectivity.projection import Projection, index_type, part_of, row_starts
from cortex.connectivity.rules import pairwise_bernoulli
from cortex.errors import ParameterError
from cortex.typing import AnyArray, FloatArray, IntArray


@guarded
@dataclass(frozen=True, slots=True)
class Populations:
    """Named populations that share one numbering, in order.

    Parameters
    ----------
    sizes : mapping of str to int
        Neurons per population, excitatory first.

    Examples
    --------
    >>> neurons = Populations({"E": 320, "I": 80})
    >>> neurons.members("I"), neurons.members("E", 0, 100)
    (range(320, 400), range(0, 100))
    """

    sizes: Mapping[str, int]

    def __post_init__(self) -> None:
        """Refuse empty populations."""
        for name, n in self.sizes.items():
            if n < 1:
                msg = f"population {name!r} has {n} neurons, needs at least 1"
                raise ParameterError(msg)

    @property
    def n(self) -> int:
        """Number of neurons of all populations."""
        return sum(self.sizes.values())

    def members(self, name: str, first: int = 0, last: int | None = None) -> range:
        """Return the numbers of a population or of its neurons `first` to `last` - 1.

        Raises
        ------
        ParameterError
            There is no such population, or the range leaves it.
        """
        if name not in self.sizes:
            msg = f"no population {name!r}; there are {', '.join(self.sizes)}"
            raise ParameterError(msg)
        n = self.sizes[name]
        last = n if last is None else last
        if not 0 <= first < last <= n:
            msg = f"{name}[{first}:{last}] does not lie in the {n} neurons of {name}"
            raise ParameterError(msg)
        names = list(self.sizes)
        before = sum(self.sizes[other] for other in names[: names.index(name)])
        return range(before + first, before + last)


def place(projection: Projection, *, sources: range, targets: range, n: int) -> Projection:
    """Return a projection in the numbering of `n` neurons.

    Parameters
    ----------
    projection : Projection
        Connections between two groups.
    sources, targets : range
        Numbers of the two groups, see `Populations.members`.
    n : int
        Neurons of all populations.

    Raises
    ------
    ParameterError
        A group is not as large as its side of the projection.
    """
    _check_group(projection, sources, targets)
    counts = np.zeros(n, dtype=np.int64)
    counts[targets.start : targets.stop] = projection.in_degrees
    numbers = projection.sources.astype(np.int64) + sources.start
    return replace(
        projection,
        n_sources=n,
        n_targets=n,
        start=row_starts(counts),
        sources=numbers.astype(index_type(n)),
        same_population=True,
        rule={"name": "compose", "parts": [dict(projection.rule)]},
    )


def block(projection: Projection, *, sources: range, targets: range) -> Projection:
    """Return the connections between two groups, numbered within the groups.

    Parameters
    ----------
    projection : Projection
        Connections of a whole network.
    sources, targets : range
        Numbers of the two groups in it, see `Populations.members`.
    """
    rows = projection.start[targets.start : targets.stop + 1]
    inside = slice(rows[0], rows[-1])
    numbers = projection.sources[inside].astype(np.int64) - sources.start
    part = Projection(
        n_sources=projection.n_sources,
        n_targets=len(targets),
        start=rows - rows[0],
        sources=projection.sources[inside],
        weights=None if projection.weights is None else projection.weights[inside],
        delays=None if projection.delays is None else projection.delays[inside],
        rule=part_of(projection.rule),
    ).where((numbers >= 0) & (numbers < len(sources)))
    local = (part.sources.astype(np.int64) - sources.start).astype(index_type(len(sources)))
    same = projection.same_population and sources == targets
    return replace(part, n_sources=len(sources), sources=local, same_population=same)


def compose(populations: Populations, blocks: Mapping[tuple[str, str], Projection]) -> Projection:
    """Return one projection of all neurons from blocks keyed (target, source).

    Parameters
    ----------
    populations : Populations
        Who the neurons are.
    blocks : mapping of (str, str) to Projection
        Projections between populations; pairs of populations may be left out.

    Raises
    ------
    ParameterError
        A block does not fit its populations, or only some carry weights or delays.
    """
    placed = [
        _Placed(blocks[target, source], populations.members(source), populations.members(target))
        for source in populations.sizes  # in ascending order, so that rows stay sorted
        for target in populations.sizes
        if (target, source) in blocks
    ]
    counts = np.zeros(populations.n, dtype=np.int64)
    for part in placed:
        _check_group(part.projection, part.sources, part.targets)
        counts[part.targets.start : part.targets.stop] += part.projection.in_degrees
    start = row_starts(counts)
    return Projection(
        n_sources=populations.n,
        n_targets=populations.n,
        start=start,
        sources=_column("sources", placed, start, index_type(populations.n)),
        weights=_column("weights", placed, start) if _all_have("weights", placed) else None,
        delays=_column("delays", placed, start) if _all_have("delays", placed) else None,
        same_population=True,
        rule={"name": "compose", "parts": [dict(part.projection.rule) for part in placed]},
    )


@dataclass(frozen=True, slots=True)
class _Placed:
    """A projection and the numbers of the two groups it joins."""

    projection: Projection
    sources: range
    targets: range


def _column(
    name: str, placed: list[_Placed], start: IntArray, dtype: type[np.generic] = np.float64
) -> AnyArray:
    """Write one column of all parts, row behind row; sources are shifted to their group."""
    column: AnyArray = np.empty(start[-1], dtype=dtype)
    place = start[:-1].copy()
    for part in placed:
        shift = part.sources.start if name == "sources" else 0
        rows = place[part.targets.start : part.targets.stop]
        append_rows(part.projection.start, getattr(part.projection, name), shift, rows, column)
    return column


def _all_have(name: str, placed: list[_Placed]) -> bool:
    """Tell whether all parts carry a column; refuse when only some do."""
    return _all_or_none(name, [getattr(part.projection, name) for part in placed])


def overlay(*projections: Projection) -> Projection:
    """Return all connections side by side; pairs joined twice stay two connections.

    Raises
    ------
    ParameterError
        Sizes differ, or only some of the projections carry weights or delays.
    """
    first = projections[0]
    if len({(p.n_sources, p.n_targets, p.same_population) for p in projections}) > 1:
        msg = "only projections between the same two populations can be put together"
        raise ParameterError(msg)
    targets = np.concatenate([p.targets for p in projections]).astype(np.int64)
    sources = np.concatenate([p.sources for p in projections]).astype(np.int64)
    order = sorted_by(targets, sources, first.n_targets, first.n_sources)
    return Projection(
        n_sources=first.n_sources,
        n_targets=first.n_targets,
        start=row_starts(np.bincount(targets, minlength=first.n_targets)),
        sources=sources[order].astype(index_type(first.n_sources)),
        weights=_joined("weights", [p.weights for p in projections], order),
        delays=_joined("delays", [p.delays for p in projections], order),
        same_population=first.same_population,
        rule={"name": "overlay", "parts": [dict(p.rule) for p in projections]},
    )


def add(*projections: Projection) -> Projection:
    """Return the sum ``W = W_1 + W_2 + ...``: pairs joined more than once add their weights.

    Raises
    ------
    ParameterError
        A projection has no weights, or a pair has two different delays.

    Examples
    --------
    >>> plus, minus = (
    ...     Projection.from_pairs([0], [0], n_sources=1, n_targets=1, weights=np.array([w]))
    ...     for w in (1.0, -2.0)
    ... )
    >>> add(plus, minus).weights.tolist()
    [-1.0]
    """
    if any(p.weights is None for p in projections):
        msg = "only projections with weights can be added; give them weights, or use overlay"
        raise ParameterError(msg)
    both = overlay(*projections)
    if both.n_connections == 0:
        return both
    targets = both.targets
    is_new = np.ones(both.n_connections, dtype=np.bool_)
    is_new[1:] = (np.diff(targets.astype(np.int64)) != 0) | (
        np.diff(both.sources.astype(np.int64)) != 0
    )
    first = np.flatnonzero(is_new)
    if both.delays is not None:
        longest = np.maximum.reduceat(both.delays, first)
        if np.any(longest != np.minimum.reduceat(both.delays, first)):
            msg = "a pair has connections with different delays; use overlay to keep both"
            raise ParameterError(msg)
    weights: AnyArray = np.add.reduceat(np.asarray(both.weights), first)
    merged = both.where(is_new).with_values(weights=weights)
    return replace(merged, rule={**both.rule, "name": "add"})


def check_dale(projection: Projection, signs: FloatArray) -> None:
    """Refuse weights whose sign is not that of their source.

    Parameters
    ----------
    projection : Projection
        Connections with weights.
    signs : ndarray, shape (n_sources,)
        Dimensionless: +1 for excitatory, -1 for inhibitory neurons.

    Raises
    ------
    ParameterError
        A weight has the wrong sign, there are no weights, or not one sign per source.

    References
    ----------
    Dale's principle, after Eccles (1976), Notes Rec. R. Soc. 30:219.

    Examples
    --------
    >>> from cortex.connectivity.projection import Projection
    >>> p = Projection.from_pairs([0, 1], [1, 0], n_sources=2, n_targets=2, weights=[0.5, -1.0])
    >>> check_dale(p, np.array([1.0, -1.0]))
    """
    if projection.weights is None or len(signs) != projection.n_sources:
        msg = (
            f"Dale's principle needs weights and one sign for each of the {projection.n_sources} "
            f"sources, got {len(signs)}"
        )
        raise ParameterError(msg)
    wrong = projection.weights * signs[projection.sources] < 0.0
    if np.any(wrong):
        i = int(np.argmax(wrong))
        source = projection.sources[i]
        msg = (
            f"Dale's principle: source {source} has sign {signs[source]} but a weight of "
            f"{projection.weights[i]} ({int(wrong.sum())} weights in all)"
        )
        raise ParameterError(msg)


def excitatory_inhibitory(
    populations: Populations,
    *,
    p: Mapping[str, float],
    weight: Mapping[str, float],
    rng: np.random.Generator,
    autapses: bool,
    onto: int | None = None,
) -> Projection:
    """Connect "E" and "I" to everybody, each pair with the probability of its source.

    Parameters
    ----------
    populations : Populations
        Two populations named "E" and "I".
    p, weight : mapping of "E" and "I" to float
        Probability and weight of the connections each makes; Dale's principle holds, so
        ``weight["E"] >= 0 >= weight["I"]``.
    rng, autapses
        As in `pairwise_bernoulli`.
    onto : int, optional
        Neurons of another population that receive them all, instead of "E" and "I" themselves.

    Returns
    -------
    Projection
        From all neurons of `populations`, onto the same or onto the `onto` others.

    Raises
    ------
    ParameterError
        A weight has the wrong sign, or a probability lies outside [0, 1].
    """
    if not weight["E"] >= 0.0 >= weight["I"]:
        msg = (
            f"Dale's principle: weight of E = {weight['E']} must not be negative, weight of I = "
            f"{weight['I']} not positive"
        )
        raise ParameterError(msg)
    blocks = {}
    for target, n_targets in (populations.sizes if onto is None else {"others": onto}).items():
        for source, n_sources in populations.sizes.items():
            drawn = pairwise_bernoulli(
                n_sources,
                n_targets,
                p[source],
                rng=rng,
                autapses=autapses,
                same_population=source == target,
            )
            weights = np.full(drawn.n_connections, weight[source])
            blocks[target, source] = drawn.with_values(weights=weights)
    if onto is None:
        return compose(populations, blocks)
    whole = compose(Populations({**populations.sizes, "others": onto}), blocks)
    return block(whole, sources=range(populations.n), targets=range(populations.n, whole.n_targets))


def _check_group(projection: Projection, sources: range, targets: range) -> None:
    if (len(sources), len(targets)) != (projection.n_sources, projection.n_targets):
        msg = (
            f"groups of {len(sources)} and {len(targets)} neurons do not take a projection from "
            f"{projection.n_sources} to {projection.n_targets}"
        )
        raise ParameterError(msg)


def _all_or_none(name: str, columns: list[AnyArray | None]) -> bool:
    n_given = sum(column is not None for column in columns)
    if 0 < n_given < len(columns):
        msg = f"{n_given} of {len(columns)} projections have {name}; all or none must"
        raise ParameterError(msg)
    return n_given > 0


def _joined(name: str, parts: list[AnyArray | None], order: IntArray) -> AnyArray | None:
    if not _all_or_none(name, parts):
        return None
    given = [part for part in parts if part is not None]
    joined: AnyArray = np.concatenate(given)[order]
    return joined
