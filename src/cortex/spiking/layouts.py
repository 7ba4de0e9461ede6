"""From projections to the layouts of the compiled runs: rows of bits and lists by source."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from cortex.connectivity.projection import Projection, index_type, row_starts
from cortex.errors import ParameterError
from cortex.params.network import PopulationNetwork
from cortex.rng import stream
from cortex.spiking._loops_bits import set_bits
from cortex.spiking._loops_slices import sort_by_delay
from cortex.spiking._loops_wiring import place_targets
from cortex.spiking.laws import delay_table, grown_delays, picked, weight_table
from cortex.spiking.noise import strip_width
from cortex.spiking.requests import check_memory
from cortex.spiking.sources import CHUNK
from cortex.spiking.wiring import (
    LONGEST_DELAY,
    BitRows,
    SourceLists,
    by_block,
    check_delays,
    target_blocks,
)
from cortex.threads import on_lines, shares, thread_number, together
from cortex.typing import AnyArray, FloatArray, IntArray

LEAST_SHARE = 200_000  # synapses for which a thread pays
SERVED = 2048  # sources served at a time: the ends of their lists stay in the second cache
READ_ON = 16  # synapses that a target has with these on average, at least

Projections = Projection | Mapping[tuple[str, str], Projection]
"""Wiring of a network: ``{(target, source): projection}``, or one over all its neurons."""


Values = Iterator[tuple[AnyArray, AnyArray | None]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """Synapses between two ranges of neurons, in chunks of targets.

    Parameters
    ----------
    first_target, first_source, n_sources : int
        The two ranges, numbered through all populations.
    chunks : list of slice
        Targets of each chunk, counted from `first_target`.
    sizes : ndarray of int, shape (n_chunks,)
        Synapses of each chunk.
    rows : callable
        Returns row starts and sources, ascending within a row, of a slice of targets.
    count : callable
        Adds how often each source occurs in a slice of targets to an array.
    values : callable
        Yields delays (steps) and weights (jumps, V, or None) of the chunks from a number on.
    limits : tuple of int
        The shortest and the longest delay, steps.
    weighted : bool
        Whether synapses have weights of their own.
    """

    first_target: int
    first_source: int
    n_sources: int
    chunks: list[slice]
    sizes: IntArray
    rows: Callable[[slice], tuple[IntArray, AnyArray]]
    count: Callable[[slice, IntArray], None]
    values: Callable[[int], Values]
    limits: tuple[int, int]
    weighted: bool = False

    @property
    def sources(self) -> slice:
        """The range of sources."""
        return slice(self.first_source, self.first_source + self.n_sources)


def place(
    parts: list[Part],
    n_neurons: int,
    weight_type: type[np.floating[Any]],
    threads: int | None = None,
) -> SourceLists:
    """Return the lists of all parts; each is walked twice, first to count, then to place.

    Nothing but the lists is held. Weights are written out when the parts have them. Threads take
    chunks that follow each other; since they count first, each knows the places of its own.
    """
    sizes = np.concatenate([part.sizes for part in parts]) if parts else np.zeros(0, dtype=int)
    threads = thread_number(threads, most=int(sizes.sum()) // LEAST_SHARE)
    groups = _groups(parts, shares(sizes, threads))
    shortest = min((part.limits[0] for part in parts), default=1)
    longest = max((part.limits[1] for part in parts), default=1)
    check_delays(np.array([shortest, longest]))
    blocks = target_blocks(n_neurons, int(sizes.sum()), longest - shortest + 1)
    degrees = np.zeros((threads + 1, len(blocks), n_neurons), dtype=np.int64)

    def count(k: int, _: IntArray) -> None:
        for part, first, last in groups[k]:
            for chunk in part.chunks[first:last]:
                for b, piece in by_block(part.first_target, chunk, blocks):
                    part.count(piece, degrees[k + 1, b, part.sources])

    together(count, threads)
    start = row_starts(degrees.sum(axis=0).ravel())
    n = int(start[-1])
    is_spread, weighted = shortest < longest, any(part.weighted for part in parts)
    targets = np.empty(n, dtype=np.uint16 if len(blocks) > 1 else index_type(n_neurons))
    delays = np.empty(n if is_spread else 0, dtype=np.uint8 if longest < 256 else np.uint16)
    weights = np.empty(n if weighted else 0, dtype=weight_type)
    cursors = start[:-1].reshape(len(blocks), -1) + np.cumsum(degrees[:-1], axis=0)
    spans = list(pairwise(shares(np.diff(start), threads).tolist()))

    def fill(k: int, _: IntArray) -> None:
        for part, first, last in groups[k]:
            values = part.values(first)
            for chunk in part.chunks[first:last]:
                rows, sources = part.rows(chunk)
                steps, jumps = next(values)
                n_served = _served_together(part.n_sources, len(rows) - 1, len(sources))
                drawn = (
                    steps.astype(delays.dtype, copy=False) if is_spread else delays,
                    weights if jumps is None else jumps.astype(weights.dtype, copy=False),
                )
                for b, piece in by_block(part.first_target, chunk, blocks):
                    place_targets(
                        rows[piece.start - chunk.start : piece.stop - chunk.start + 1],
                        sources,
                        part.first_target + piece.start - int(blocks[b]),
                        n_served,
                        drawn,
                        cursors[k, b, part.sources],
                        targets,
                        delays,
                        weights,
                    )

    together(fill, threads)
    if is_spread:  # the order in which the compiled run reads them
        together(
            lambda k, _: sort_by_delay(spans[k], start, targets, delays, weights, longest + 1),
            threads,
        )
    return SourceLists(
        start=start,
        targets=targets,
        delay=shortest,
        delays=delays if is_spread else None,
        weights=weights if weighted else None,
        blocks=blocks,
    )


def _served_together(n_sources: int, n_targets: int, n_synapses: int) -> int:
    """Return how many sources to serve at a time: few, but each target reads on for a while."""
    return max(SERVED, READ_ON * n_sources * n_targets // max(n_synapses, 1))


def _groups(parts: list[Part], bounds: IntArray) -> list[list[tuple[Part, int, int]]]:
    """Return for each thread the parts with the chunks it takes, first and end."""
    ends = np.cumsum([0, *(len(part.chunks) for part in parts)])
    return [
        [
            (part, max(low - first, 0), min(high, last) - first)
            for part, (first, last) in zip(parts, pairwise(ends.tolist()), strict=True)
            if low < last and first < high
        ]
        for low, high in pairwise(bounds.tolist())
    ]


def as_joined(network: PopulationNetwork, wiring: Projections) -> PopulationNetwork:
    """Return the network with the mean in-degrees that projections really have.

    Raises
    ------
    ParameterError
        A projection joins populations that there are not, or of other sizes.
    """
    in_degrees = np.zeros((network.n_pops, network.n_pops))
    if isinstance(wiring, Projection):
        n = int(network.sizes.sum())
        if (wiring.n_sources, wiring.n_targets) != (n, n):
            raise ParameterError(_wrong_size("the network", wiring, (n, n)))
        population = np.repeat(np.arange(network.n_pops), network.sizes)
        pair = population[wiring.targets] * network.n_pops + population[wiring.sources]
        counts = np.bincount(pair, minlength=in_degrees.size).reshape(in_degrees.shape)
        in_degrees = counts / network.sizes[:, np.newaxis]
    else:
        for (a, b), each in _named(network, wiring):
            sizes = int(network.sizes[b]), int(network.sizes[a])
            if (each.n_sources, each.n_targets) != sizes:
                pair_name = f"{network.names[b]} to {network.names[a]}"
                raise ParameterError(_wrong_size(pair_name, each, sizes))
            in_degrees[a, b] = each.n_connections / each.n_targets
    return replace(network, synapses=replace(network.synapses, in_degrees=in_degrees))


def lay_out(
    network: PopulationNetwork,
    wiring: Projections,
    *,
    seed: int,
    dt: float,
    threads: int | None = None,
) -> SourceLists:
    """Return projections as lists by source.

    Parameters
    ----------
    network : PopulationNetwork
        Gives the jump J and the law of the delays where a projection has none of its own.
    wiring : Projection or mapping
        ``{(target, source): projection}`` by names of populations; or one projection over all
        neurons of the network. Its weights are jumps, V, signed; its delays, s, are rounded
        to the step.
    seed : int
        Seed of the delays that the network spreads.
    dt : float
        Step, s.
    threads : int, optional
        As for `simulate`.

    Raises
    ------
    ParameterError
        A projection does not fit the network, or has delays that round to no step.
    """
    weighted = network.synapses.scatter or any(p.weights is not None for p in _each(wiring))
    parts = (
        [_of_all(network, wiring, weighted, dt)]
        if isinstance(wiring, Projection)
        else [
            part_of_pair(network, *item, weighted, seed=seed, dt=dt)
            for item in _named(network, wiring)
        ]
    )
    n = int(network.sizes.sum())
    n_synapses = sum(int(part.sizes.sum()) for part in parts)
    check_memory(13.0 * n_synapses, f"the wiring of {n_synapses:.3g} synapses in lists")
    return place(parts, n, np.float64, threads)


def lay_out_bits(network: PopulationNetwork, wiring: Projections) -> BitRows | None:
    """Return projections as rows of bits; None where they do not fit: own values, repeats."""
    each = _each(wiring)
    if any(p.weights is not None or p.delays is not None or _repeats(p) for p in each):
        return None
    n = int(network.sizes.sum())
    rows = on_lines((n + 1, strip_width(n) // 8), np.uint64)
    items = [((0, 0), wiring)] if isinstance(wiring, Projection) else _named(network, wiring)
    for (a, b), projection in items:
        first = int(network.first[b]), int(network.first[a])
        set_bits(projection.start, projection.sources, *first, rows.view(np.uint8))
    return BitRows(rows=rows, n_neurons=n)


def _each(wiring: Projections) -> list[Projection]:
    return [wiring] if isinstance(wiring, Projection) else list(wiring.values())


def _repeats(projection: Projection) -> bool:
    """Tell whether a pair is joined twice: sources ascend, so that equal ones are neighbours."""
    same = projection.sources[1:] == projection.sources[:-1]
    rows = projection.start[1:-1]
    same[rows[(rows > 0) & (rows < projection.n_connections)] - 1] = False
    return bool(np.any(same))


def _named(
    network: PopulationNetwork, wiring: Mapping[tuple[str, str], Projection]
) -> list[tuple[tuple[int, int], Projection]]:
    """Return the projections by (target, source) number; refuse unknown populations."""
    unknown = {name for pair in wiring for name in pair} - set(network.names)
    if unknown:
        msg = (
            f"wiring joins {sorted(unknown)}: the populations are {', '.join(network.names)}; "
            "keys are (target, source)"
        )
        raise ParameterError(msg)
    numbers = {name: i for i, name in enumerate(network.names)}
    return [((numbers[a], numbers[b]), each) for (a, b), each in sorted(wiring.items())]


def part_of_pair(
    network: PopulationNetwork,
    pair: tuple[int, int],
    each: Projection,
    weighted: bool,
    *,
    seed: int,
    dt: float,
) -> Part:
    """Return the part of a pair of populations; what the projection lacks the network gives."""
    names = network.names[pair[0]], network.names[pair[1]]
    own = _steps(each.delays, dt) if each.delays is not None else None
    own = grown_delays(network, pair, each, seed=seed, dt=dt) if own is None else own
    table = delay_table(network, pair, dt) if own is None else own

    def law(table: AnyArray, what: str) -> AnyArray:
        return next(picked(table, np.array([each.n_connections]), 0, stream(seed, what, *names)))

    def delays() -> AnyArray:
        return law(table, "delays") if own is None else own

    def weights() -> AnyArray:
        if each.weights is not None:
            return each.weights
        if network.synapses.J_cv[pair] > 0.0:
            return law(weight_table(network, pair), "weights")
        return np.broadcast_to(network.synapses.strength[pair], each.n_connections)

    first = int(network.first[pair[0]]), int(network.first[pair[1]])
    return _of_projection(each, first, table, delays, weights if weighted else None)


def _of_all(network: PopulationNetwork, each: Projection, weighted: bool, dt: float) -> Part:
    """Return the part of a projection over all neurons; what it lacks is that of its pairs."""
    population = np.repeat(np.arange(network.n_pops), network.sizes)
    pair = population[each.targets], population[each.sources]
    synapses = network.synapses
    grows = network.space is not None and network.space.has_growing_delays
    drawn = {
        "delays": each.delays is None and (grows or bool(np.any(synapses.delay_sd > 0.0))),
        "weights": each.weights is None and synapses.scatter,
    }
    if any(drawn.values()):
        what = " and ".join(name for name, is_drawn in drawn.items() if is_drawn)
        msg = f"one projection over all neurons needs {what} of its own: the network has many"
        raise ParameterError(msg)
    steps = _steps(synapses.delay[pair] if each.delays is None else each.delays, dt)

    def weights() -> AnyArray:
        return synapses.strength[pair] if each.weights is None else each.weights

    return _of_projection(each, (0, 0), steps, lambda: steps, weights if weighted else None)


def _of_projection(
    each: Projection,
    first: tuple[int, int],
    steps: IntArray,
    delays: Callable[[], AnyArray],
    weights: Callable[[], AnyArray] | None,
) -> Part:
    """Return the part of a projection whose targets and sources are numbered from `first` on."""
    edges = [*range(0, each.n_targets, CHUNK), each.n_targets]
    chunks = [slice(low, high) for low, high in pairwise(edges)]

    def sources(part: slice) -> AnyArray:
        return each.sources[each.start[part.start] : each.start[part.stop]]

    def count(part: slice, counts: IntArray) -> None:
        counts += np.bincount(sources(part), minlength=counts.size)

    def values(from_chunk: int) -> Values:
        of_delay, of_weight = delays(), None if weights is None else weights()
        for part in chunks[from_chunk:]:
            here = slice(each.start[part.start], each.start[part.stop])
            yield of_delay[here], None if of_weight is None else of_weight[here]

    return Part(
        first_target=first[0],
        first_source=first[1],
        n_sources=each.n_sources,
        chunks=chunks,
        sizes=np.diff(each.start[edges]),
        rows=lambda part: (
            each.start[part.start : part.stop + 1] - each.start[part.start],
            sources(part),
        ),
        count=count,
        values=values,
        limits=(int(steps.min(initial=LONGEST_DELAY)), int(steps.max(initial=1))),
        weighted=weights is not None,
    )


def _steps(delays: FloatArray, dt: float) -> IntArray:
    steps: IntArray = np.rint(delays / dt).astype(np.int64)
    return steps


def _wrong_size(what: str, each: Projection, sizes: tuple[int, int]) -> str:
    return (
        f"wiring of {what} joins {each.n_sources} sources to {each.n_targets} targets; there are "
        f"{sizes[0]} and {sizes[1]} neurons"
    )
