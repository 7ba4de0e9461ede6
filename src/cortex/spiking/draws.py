"""Networks drawn by their own numbers: in-degrees, laws of delays and weights."""

from collections.abc import Mapping
from itertools import repeat
from types import MappingProxyType
from typing import Final

import numpy as np

from cortex.connectivity.projection import Projection, index_type
from cortex.connectivity.weights import with_shaped_weights
from cortex.params.arrays import finite, instance
from cortex.params.network import PopulationNetwork
from cortex.params.wiring import PLAIN, Rules, rules_of
from cortex.rng import stream
from cortex.spiking._loops_bits import LINE
from cortex.spiking.laws import delay_table, picked, weight_table
from cortex.spiking.layouts import LEAST_SHARE, Part, Values, part_of_pair, place
from cortex.spiking.noise import strip_width
from cortex.spiking.requests import check_memory
from cortex.spiking.sources import draw_sources, draw_whole, draws_whole, places_of
from cortex.spiking.wiring import BitRows, SourceLists, target_blocks
from cortex.threads import on_lines, shares, thread_number, together
from cortex.typing import IntArray

NOTHING: Final[Mapping[tuple[str, str], Projection]] = MappingProxyType({})


def draw_bit_rows(network: PopulationNetwork, *, seed: int, threads: int | None = None) -> BitRows:
    """Draw fixed in-degrees without repeats and without autapses into rows of bits.

    Parameters
    ----------
    network : PopulationNetwork
        Sizes and in-degrees; on a ring each source lies within the boxcar of its
        population.
    seed : int
        Seed of the study; each pair of populations has a stream of its own.
    threads : int, optional
        As for `simulate`.

    Raises
    ------
    SimulationError
        An in-degree is not a whole number, or exceeds the sources there are; the rows need
        more memory than the machine has.
    """
    n = int(network.sizes.sum())
    check_memory((n + 1.0) * strip_width(n), f"the wiring of {n} neurons in rows of bits")
    rows = on_lines((n + 1, strip_width(n) // 8), np.uint64)
    draws = {
        (a, b): draw_sources(network, a, b, seed=seed)
        for a, b in np.ndindex(network.synapses.in_degrees.shape)
    }
    threads = thread_number(threads, most=int(network.n_synapses) // LEAST_SHARE)
    n_words = rows.shape[1]
    of_line = LINE // 8
    bounds = shares(np.ones(n_words), min(threads, n_words // of_line), of_line).tolist()

    def fill(k: int, _: IntArray) -> None:  # no other thread writes to these lines
        for (a, b), draw in draws.items():
            first = int(network.first[b]), int(network.first[a])
            draw.set_bits(first, (bounds[k], bounds[k + 1]), rows)

    together(fill, len(bounds) - 1)
    return BitRows(rows=rows, n_neurons=n)


def draw_source_lists(
    network: PopulationNetwork,
    *,
    seed: int,
    dt: float,
    rule: Rules = PLAIN,
    given: Mapping[tuple[str, str], Projection] = NOTHING,
    threads: int | None = None,
) -> SourceLists:
    """Draw in-degrees and sources into lists, with delays and weights where these are spread.

    The connections are those of `draw_bit_rows` for the same seed when `rule` is the plain
    one. Sources are drawn twice, first to count, then to place, so that nothing but the
    lists is held.

    Parameters
    ----------
    network : PopulationNetwork
        Sizes, in-degrees, delays, weights; a mean in-degree that is not whole is spread
        evenly.
    seed : int
        Seed of the study.
    dt : float
        Step, s.
    rule : WiringRule or mapping
        Whether two neurons may share several synapses, a neuron may reach itself, and only
        the number of synapses of two populations is fixed, each falling on a random target
        (Potjans & Diesmann 2014), so that in-degrees are binomial. One rule for all, or
        ``{target: {source: rule}}`` by names; projections that are not named are plain.
    given : mapping of (target, source) to Projection
        Pairs of populations that are not drawn, see `cortex.spiking.layouts.lay_out`.
    threads : int, optional
        As for `simulate`.

    Raises
    ------
    ParameterError
        A rule is named for a population that does not exist.
    SimulationError
        The lists need more memory than the machine has; nothing is drawn then.
    """
    instance("network", network, PopulationNetwork)
    finite("dt", dt, 0)
    n = int(network.sizes.sum())
    scatter = network.synapses.scatter or any(p.weights is not None for p in given.values())
    scatter |= network.space is not None and bool(network.space.weights)
    what = f"the wiring of {network.n_synapses:.3g} synapses in lists"
    check_memory(list_bytes(network), what)
    pairs = [(int(a), int(b)) for a, b in np.argwhere(network.synapses.exist)]
    rules = rules_of(network.names, rule)

    def part(a: int, b: int) -> Part:
        own = given.get((network.names[a], network.names[b]))
        if own is not None:
            return part_of_pair(network, (a, b), own, scatter, seed=seed, dt=dt)
        if draws_whole(network, rules[a][b]):  # by distance: dear, so once and not in chunks
            drawn = draw_whole(network, a, b, seed=seed, rule=rules[a][b])
            if network.space is not None and network.space.weights:
                ends = places_of(network, b), places_of(network, a)
                drawn = with_shaped_weights(network, (a, b), drawn, *ends)
            return part_of_pair(network, (a, b), drawn, scatter, seed=seed, dt=dt)
        names = network.names[a], network.names[b]
        draw = draw_sources(network, a, b, seed=seed, rule=rules[a][b])
        steps, jumps = delay_table(network, (a, b), dt), weight_table(network, (a, b))
        sizes = np.array([draw.in_degrees[chunk].sum() for chunk in draw.chunks])
        table = steps.astype(np.uint8 if steps.max() < 256 else np.uint16)

        def values(first: int) -> Values:
            of_delay, of_weight = (stream(seed, what, *names) for what in ("delays", "weights"))
            weights = picked(jumps, sizes, first, of_weight) if scatter else repeat(None)
            yield from zip(picked(table, sizes, first, of_delay), weights, strict=False)

        return Part(
            first_target=int(network.first[a]),
            first_source=int(network.first[b]),
            n_sources=draw.n_sources,
            chunks=draw.chunks,
            sizes=sizes,
            rows=draw.rows,
            count=draw.count,
            values=values,
            limits=(int(steps.min()), int(steps.max())),
            weighted=scatter,
        )

    return place([part(a, b) for a, b in pairs], n, np.float32, threads)


def list_bytes(network: PopulationNetwork) -> float:
    """Return the memory that the lists of a network will take, B."""
    n, synapses = int(network.sizes.sum()), network.synapses
    used = synapses.exist
    is_spread = synapses.delay_distribution != "none" and bool(np.any(synapses.delay_sd[used] > 0))
    is_mixed = bool(np.any(used)) and np.ptp(synapses.delay[used]) > 0
    n_delays = 256 if is_spread or is_mixed else 1  # those of a byte, at most
    is_cut = len(target_blocks(n, int(network.n_synapses), n_delays)) > 1
    of_target = np.dtype(np.uint16 if is_cut else index_type(n)).itemsize
    per_synapse = of_target + (is_spread or is_mixed)
    per_synapse += np.dtype(np.float32).itemsize * synapses.scatter
    return network.n_synapses * per_synapse + 24.0 * n
