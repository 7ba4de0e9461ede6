"""Which sources every target hears: in-degrees, windows on a ring, random draws."""

from dataclasses import dataclass

import numpy as np

from cortex.connectivity._loops_draw import count_windows, draw_windows
from cortex.connectivity.by_distance import fixed_in_degree_by_distance, pairwise_by_distance
from cortex.connectivity.positions import places
from cortex.connectivity.projection import Projection, index_type, row_starts
from cortex.connectivity.rules import fixed_out_degree, one_to_one
from cortex.connectivity.space import Points
from cortex.connectivity.transforms import profile_kernel
from cortex.errors import ParameterError
from cortex.params.network import PopulationNetwork
from cortex.params.space import NetworkSpace
from cortex.params.wiring import PLAIN, WiringRule, check_rule
from cortex.rng import stream
from cortex.spiking._loops_bit_draw import draw_bits
from cortex.typing import AnyArray, IntArray

CHUNK = 4096  # targets drawn at once


@dataclass(frozen=True, slots=True, eq=False)
class SourceDraw:
    """The sources of each target of one pair of populations, drawn when they are asked for.

    Every target has a random stream of its own, so any part may be drawn at any time.

    Parameters
    ----------
    key : ndarray of uint64, shape (2,)
        Key of the streams.
    in_degrees : ndarray of int, shape (n_targets,)
        Sources of each target.
    windows : ndarray of int, shape (n_targets, 3)
        As `source_windows`.
    n_sources : int
        Neurons of the source population.
    multapses : bool
        Whether a source may be drawn twice.
    """

    key: AnyArray
    in_degrees: IntArray
    windows: IntArray
    n_sources: int
    multapses: bool

    @property
    def chunks(self) -> list[slice]:
        """Targets in chunks of a convenient size."""
        n = len(self.in_degrees)
        return [slice(first, min(first + CHUNK, n)) for first in range(0, n, CHUNK)]

    def rows(self, part: slice) -> tuple[IntArray, AnyArray]:
        """Return row starts and sources, ascending within a row, of some targets."""
        start = row_starts(self.in_degrees[part])
        sources = np.empty(int(start[-1]), dtype=index_type(self.n_sources))
        windows = self.windows[part]
        draw_windows(self.key, part.start, start, windows, self.n_sources, self.multapses, sources)
        return start, sources

    def set_bits(self, first: tuple[int, int], words: tuple[int, int], rows: AnyArray) -> None:
        """Set the bits of all targets in some words of `rows`, without repeats.

        `first` holds the first source and the first target among all neurons.
        """
        draw_bits(self.key, self.in_degrees, self.windows, self.n_sources, first, words, rows)

    def count(self, part: slice, counts: IntArray) -> None:
        """Add to the `counts` of all sources how often some targets draw them."""
        degrees, windows = self.in_degrees[part], self.windows[part]
        count_windows(
            self.key, part.start, degrees, windows, self.n_sources, self.multapses, counts
        )


def draw_sources(
    network: PopulationNetwork,
    target: int,
    source: int,
    *,
    seed: int,
    rule: WiringRule = PLAIN,
) -> SourceDraw:
    """Return the draw of one pair of populations.

    Raises
    ------
    ParameterError
        A target wants more distinct sources than there are.
    """
    n_sources, name = int(network.sizes[source]), _names(network, target, source)
    in_degrees = _in_degrees(network, (target, source), seed=seed, rule=rule)
    windows = source_windows(network, target, source)
    if rule.autapses:
        windows[:, 2] = -1
    if not rule.multapses:
        _check_available(network, (target, source), in_degrees, windows)
    key = stream(seed, "wiring", *name).integers(0, 2**64, size=2, dtype=np.uint64)
    return SourceDraw(key, in_degrees, windows, n_sources, rule.multapses)


def draws_whole(network: PopulationNetwork, rule: WiringRule) -> bool:
    """Tell whether a pair of populations is drawn at once, not target by target."""
    return network.space is not None or rule.rule in {"fixed_out_degree", "one_to_one"}


def draw_whole(
    network: PopulationNetwork,
    target: int,
    source: int,
    *,
    seed: int,
    rule: WiringRule = PLAIN,
) -> Projection:
    """Return the connections of one pair of populations, all at once.

    Raises
    ------
    ParameterError
        A target has fewer sources in reach than it wants; a rule that does not fit the sizes.
    """
    pair, same = (target, source), target == source
    check_rule(network, pair, rule)
    n_sources, n_targets = int(network.sizes[source]), int(network.sizes[target])
    if rule.rule == "one_to_one":
        return one_to_one(n_sources, n_targets, same_population=same)
    if network.space is not None:
        return _draw_by_distance(network, network.space, pair, seed=seed, rule=rule)
    return fixed_out_degree(
        n_sources,
        n_targets,
        _out_degrees(network, pair),
        rng=stream(seed, "wiring", *_names(network, *pair)),
        multapses=rule.multapses,
        autapses=rule.autapses,
        same_population=same,
    )


def _draw_by_distance(
    network: PopulationNetwork,
    space: NetworkSpace,
    pair: tuple[int, int],
    *,
    seed: int,
    rule: WiringRule,
) -> Projection:
    """Return the connections of a pair (target, source) of a network in space."""
    target, source = pair
    if space.is_plain_ring and rule.rule in {"fixed_in_degree", "fixed_total_number"}:
        draw = draw_sources(network, target, source, seed=seed, rule=rule)
        start, sources = draw.rows(slice(0, len(draw.in_degrees)))
        return Projection(
            n_sources=draw.n_sources, n_targets=len(start) - 1, start=start, sources=sources
        )
    rng = stream(seed, "wiring", *_names(network, target, source))
    at_source, at_target = places_of(network, source), places_of(network, target)
    kernel, radius = profile_kernel(space, pair), space.reach(pair)
    if rule.rule == "pairwise_bernoulli":
        return pairwise_by_distance(
            at_source,
            at_target,
            float(network.synapses.in_degrees[pair]),
            kernel=kernel,
            radius=radius,
            rng=rng,
            autapses=rule.autapses,
            same_population=target == source,
        )
    turned = rule.rule == "fixed_out_degree"  # distances are the same from both ends
    drawn = fixed_in_degree_by_distance(
        at_target if turned else at_source,
        at_source if turned else at_target,
        _out_degrees(network, pair) if turned else _in_degrees(network, pair, seed=seed, rule=rule),
        kernel=kernel,
        radius=radius,
        rng=rng,
        multapses=rule.multapses,
        autapses=rule.autapses,
        same_population=target == source,
    )
    return drawn.turned("fixed_out_degree_by_distance") if turned else drawn


def places_of(network: PopulationNetwork, population: int) -> Points:
    """Return where a population of a network with space sits."""
    if network.space is None:
        msg = f"the network of {', '.join(network.names)} has no space: no places"
        raise ParameterError(msg)
    return places(network.space, network.names[population], int(network.sizes[population]))


def _in_degrees(
    network: PopulationNetwork, pair: tuple[int, int], *, seed: int, rule: WiringRule
) -> IntArray:
    """Return the in-degree of every target of a pair of populations."""
    n_targets = int(network.sizes[pair[0]])
    mean = float(network.synapses.in_degrees[pair])
    rng = stream(seed, "in-degrees", *_names(network, *pair))
    if rule.rule == "pairwise_bernoulli":  # as many sources as independent pairs make
        check_rule(network, pair, rule)
        n_sources = int(network.sizes[pair[1]])
        others = n_sources - (pair[0] == pair[1] and not rule.autapses)
        return rng.binomial(others, mean / n_sources, n_targets)
    in_degrees = spread_in_degree(mean, n_targets)
    if rule.rule == "fixed_total_number":
        in_degrees = rng.multinomial(in_degrees.sum(), np.full(n_targets, 1.0 / n_targets))
    return in_degrees


def _out_degrees(network: PopulationNetwork, pair: tuple[int, int]) -> IntArray:
    """Return the out-degree of every source of a pair of populations."""
    n_targets, n_sources = (int(network.sizes[population]) for population in pair)
    mean = float(network.synapses.in_degrees[pair]) * n_targets / n_sources
    return spread_in_degree(mean, n_sources)


def _names(network: PopulationNetwork, target: int, source: int) -> tuple[str, str]:
    return network.names[target], network.names[source]


def spread_in_degree(mean: float, n_targets: int) -> IntArray:
    """Return whole in-degrees with the given mean; all equal when the mean is whole.

    Examples
    --------
    >>> spread_in_degree(2.5, 4).tolist()
    [2, 3, 2, 3]
    """
    edges = np.floor(mean * np.arange(n_targets + 1) + 1e-9).astype(np.int64)
    in_degrees: IntArray = np.diff(edges)
    return in_degrees


def source_windows(network: PopulationNetwork, target: int, source: int) -> IntArray:
    """Return (first source, width, excluded place) of the window of each target.

    Without geometry every window is the whole population. On a ring with boxcar
    profiles neuron i of n sits at i/n of the circumference.
    """
    n_targets, n_sources = int(network.sizes[target]), int(network.sizes[source])
    windows = np.zeros((n_targets, 3), dtype=np.int64)
    index = np.arange(n_targets)
    windows[:, 1] = n_sources
    windows[:, 2] = index if target == source else -1
    if network.space is None:
        return windows
    half = float(network.space.width[target, source] / network.space.extent[0])
    centre = index * n_sources / n_targets
    reach = min(half * n_sources, n_sources / 2)
    low = np.ceil(centre - reach - 1e-9).astype(np.int64)
    high = np.minimum(np.floor(centre + reach + 1e-9).astype(np.int64), low + n_sources - 1)
    windows[:, 0] = low % n_sources
    windows[:, 1] = high - low + 1
    windows[:, 2] = index - low if target == source else -1
    return windows


def _check_available(
    network: PopulationNetwork, pair: tuple[int, int], in_degrees: IntArray, windows: IntArray
) -> None:
    available = windows[:, 1] - (windows[:, 2] >= 0)
    if np.all(in_degrees <= available):
        return
    target, source = _names(network, *pair)
    msg = (
        f"{target} neurons want {in_degrees.max()} distinct sources in {source}, there are "
        f"{available.min()}; lower the in-degree, or allow multapses"
    )
    raise ParameterError(msg)
