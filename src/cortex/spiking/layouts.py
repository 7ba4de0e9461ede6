"""From projections to the layouts of the compiled runs: rows of bits and lists by source."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cortex.connectivity.projection import Projection, index_type, row_starts
from cortex.errors import ParameterError
from cortex.params.network import PopulationNetwork
from cortex.rng import stream
from cortex.spiking._loops_bits import set_bits
from cortex.spiking._loops_slices import sort_by_delay
from cortex.spiking._loops_wiring import place_targets
from cortex.spiking.laws import delay_table
from cortex.spiking.noise import strip_width
from cortex.spiking.requests import check_memory
from cortex.spiking.sources import Sources
from cortex.spiking.wiring import LONGEST_DELAY, BitRows, SourceLists, check_delays
from cortex.typing import AnyArray, FloatArray, IntArray

Projections = Projection | Mapping[tuple[str, str], Projection]
"""Wiring of a network: ``{(target, source): projection}``, or one over all its neurons."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """Synapses between two ranges of neurons, in chunks of targets.

    Parameters
    ----------
    first_target, first_source, n_sources : int
        The two ranges, numbered through all populations.
    chunks : callable
        Yields first target, row starts and sources; is called twice.
    delays : callable
        Returns the delays of a chunk, steps; ``limits`` are the shortest and the longest.
    limits : tuple of int
        As said.
    weights : callable, optional
        Returns the jumps of a chunk, V.
    """

    first_target: int
    first_source: int
    n_sources: int
    chunks: Callable[[], Iterable[Sources]]
    delays: Callable[[Sources], AnyArray]
    limits: tuple[int, int]
    weights: Callable[[Sources], AnyArray] | None = None


def place(parts: list[Part], n_neurons: int, weight_type: type[np.floating[Any]]) -> SourceLists:
    """Return the lists of all parts; each is walked twice, first to count, then to place.

    Nothing but the lists is held. Weights are written out when the parts have them.
    """
    out_degree = np.zeros(n_neurons, dtype=np.int64)
    for part in parts:
        own = out_degree[part.first_source : part.first_source + part.n_sources]
        for _, _, sources in part.chunks():
            own += np.bincount(sources, minlength=own.size)
    start = row_starts(out_degree)
    n = int(start[-1])
    shortest = min((part.limits[0] for part in parts), default=1)
    longest = max((part.limits[1] for part in parts), default=1)
    check_delays(np.array([shortest, longest]))
    is_spread, weighted = shortest < longest, any(part.weights for part in parts)
    targets = np.empty(n, dtype=index_type(n_neurons))
    delays = np.empty(n if is_spread else 0, dtype=np.uint8 if longest < 256 else np.uint16)
    weights = np.empty(n if weighted else 0, dtype=weight_type)
    cursor = start[:-1].copy()
    for part in parts:
        free = cursor[part.first_source : part.first_source + part.n_sources]
        for chunk in part.chunks():
            first, rows, sources = chunk
            steps = part.delays(chunk).astype(delays.dtype) if is_spread else delays
            jumps = part.weights(chunk) if part.weights is not None else weights
            drawn = steps, jumps.astype(weights.dtype, copy=False)
            place_targets(
                rows, sources, part.first_target + first, drawn, free, targets, delays, weights
            )
    if is_spread:  # the order in which the compiled run reads them
        sort_by_delay((0, n_neurons), start, targets, delays, weights, longest + 1)
    return SourceLists(
        start=start,
        targets=targets,
        delay=shortest,
        delays=delays if is_spread else None,
        weights=weights if weighted else None,
    )


def pick(table: AnyArray, n: int, rng: np.random.Generator) -> AnyArray:
    """Return n draws from a table of equally likely values."""
    if len(table) == 1:
        return np.broadcast_to(table, (n,))
    picked: AnyArray = table[rng.integers(0, table.size, n, np.uint16)]
    return picked


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
    network: PopulationNetwork, wiring: Projections, *, seed: int, dt: float
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

    Raises
    ------
    ParameterError
        A projection does not fit the network, or has delays that round to no step.
    """
    parts = (
        [_of_all(network, wiring, dt)]
        if isinstance(wiring, Projection)
        else [_of_pair(network, *item, seed=seed, dt=dt) for item in _named(network, wiring)]
    )
    n = int(network.sizes.sum())
    n_synapses = sum(len(sources) for part in parts for _, _, sources in part.chunks())
    check_memory(13.0 * n_synapses, f"the wiring of {n_synapses:.3g} synapses in lists")
    if not any(each.weights is not None for each in _each(wiring)):
        parts = [replace(part, weights=None) for part in parts]
    return place(parts, n, np.float64)


def lay_out_bits(network: PopulationNetwork, wiring: Projections) -> BitRows | None:
    """Return projections as rows of bits; None where they do not fit: own values, repeats."""
    each = _each(wiring)
    if any(p.weights is not None or p.delays is not None or _repeats(p) for p in each):
        return None
    n = int(network.sizes.sum())
    rows = np.zeros((n + 1, strip_width(n) // 8), dtype=np.uint64)
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


def _of_pair(
    network: PopulationNetwork, pair: tuple[int, int], each: Projection, *, seed: int, dt: float
) -> Part:
    a, b = pair
    rng = stream(seed, "delays", network.names[a], network.names[b])
    table = delay_table(network, pair, dt) if each.delays is None else _steps(each.delays, dt)
    jumps = np.broadcast_to(network.synapses.J[a, b], each.n_connections)
    return Part(
        first_target=int(network.first[a]),
        first_source=int(network.first[b]),
        n_sources=each.n_sources,
        chunks=lambda: [(0, each.start, each.sources)],
        delays=lambda _: pick(table, each.n_connections, rng) if each.delays is None else table,
        limits=(int(table.min(initial=LONGEST_DELAY)), int(table.max(initial=1))),
        weights=lambda _: jumps if each.weights is None else each.weights,
    )


def _of_all(network: PopulationNetwork, each: Projection, dt: float) -> Part:
    """Return the part of a projection over all neurons; what it lacks is that of its pairs."""
    population = np.repeat(np.arange(network.n_pops), network.sizes)
    pair = population[each.targets], population[each.sources]
    synapses = network.synapses
    if each.delays is None and np.any(synapses.delay_sd[synapses.exist] > 0.0):
        msg = (
            "one projection over all neurons needs delays of its own where the network spreads them"
        )
        raise ParameterError(msg)
    steps = _steps(synapses.delay[pair] if each.delays is None else each.delays, dt)
    return Part(
        first_target=0,
        first_source=0,
        n_sources=each.n_sources,
        chunks=lambda: [(0, each.start, each.sources)],
        delays=lambda _: steps,
        limits=(int(steps.min(initial=LONGEST_DELAY)), int(steps.max(initial=1))),
        weights=lambda _: synapses.J[pair] if each.weights is None else each.weights,
    )


def _steps(delays: FloatArray, dt: float) -> IntArray:
    steps: IntArray = np.rint(delays / dt).astype(np.int64)
    return steps


def _wrong_size(what: str, each: Projection, sizes: tuple[int, int]) -> str:
    return (
        f"wiring of {what} joins {each.n_sources} sources to {each.n_targets} targets; there are "
        f"{sizes[0]} and {sizes[1]} neurons"
    )
