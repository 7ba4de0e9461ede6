"""Who hears whom, in the two forms the compiled runs read: bit rows and source lists."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cortex.connectivity.projection import index_type, row_starts
from cortex.errors import ParameterError
from cortex.params.network import PopulationNetwork
from cortex.params.wiring import PLAIN, Rules, rules_of
from cortex.rng import stream
from cortex.spiking._loops_bits import set_bits, targets_of
from cortex.spiking._loops_wiring import place_targets
from cortex.spiking.laws import delay_table, weight_table
from cortex.spiking.noise import strip_width
from cortex.spiking.requests import check_memory
from cortex.spiking.sources import Sources, draw_sources
from cortex.typing import AnyArray, BoolArray, FloatArray, IntArray

LONGEST_DELAY = 65_535  # steps that 16 bits hold


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BitRows:
    """One row of bits per source neuron, for dense networks with one delay.

    Parameters
    ----------
    rows : ndarray of uint64, shape (n_neurons + 1, n_words)
        With ``n_bytes = 8 n_words``, target n is bit ``n // n_bytes`` of byte
        ``n % n_bytes``. The last row is empty.
    n_neurons : int
        Neurons of the network.
    """

    rows: AnyArray
    n_neurons: int

    def __post_init__(self) -> None:
        """Refuse rows that are not those of so many neurons."""
        shape = (self.n_neurons + 1, strip_width(self.n_neurons) // 8)
        if self.rows.shape != shape or self.rows.dtype != np.uint64 or np.any(self.rows[-1]):
            msg = (
                f"BitRows.rows ({self.rows.dtype}, {self.rows.shape}) must be uint64 {shape}, the "
                "last row empty; make them with draw_bit_rows"
            )
            raise ParameterError(msg)

    @property
    def n_bytes(self) -> int:
        """Memory of the connections, B."""
        return int(self.rows.nbytes)

    def joins(self, first: IntArray) -> BoolArray:
        """Tell which populations (neurons from `first`) are joined, ``[target, source]``."""
        of_sources = np.bitwise_or.reduceat(self.rows[:-1], first[:-1], axis=0)
        heard = np.zeros((len(of_sources), self.n_neurons), dtype=np.bool_)
        targets = np.empty(self.n_neurons, dtype=np.int64)
        for flags, row in zip(heard, of_sources, strict=True):
            flags[targets[: targets_of(row.view(np.uint8), self.n_neurons, targets)]] = True
        return _by_population(heard, first)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SourceLists:
    """The targets of each source neuron, for any network.

    Parameters
    ----------
    start : ndarray of int, shape (n_neurons + 1,)
        First synapse of each source.
    targets : ndarray of uint16 or int32, shape (n_synapses,)
        Target neuron of each synapse.
    delay : int
        Steps of delay of all synapses when `delays` is None.
    delays : ndarray of uint8 or uint16, shape (n_synapses,), optional
        Steps of delay of each synapse.
    weights : ndarray, shape (n_synapses,), optional
        Jump of each synapse, V, signed; None when the network's `J` holds.
    """

    start: IntArray
    targets: AnyArray
    delay: int
    delays: AnyArray | None = None
    weights: AnyArray | None = None

    def __post_init__(self) -> None:
        """Refuse lists that lead the compiled run past its arrays."""
        start, targets = self.start, self.targets
        bounds = len(start) > 0 and start[0] == 0 and start[-1] == len(targets)
        lengths = [len(each) for each in (self.delays, self.weights) if each is not None]
        if not bounds or np.any(np.diff(start) < 0) or set(lengths) - {len(targets)}:
            msg = (
                f"SourceLists: start must rise from 0 to the {len(targets)} targets, delays and "
                "weights must be as many; make them with SourceLists.from_connections"
            )
            raise ParameterError(msg)
        _check_neurons("target", targets, self.n_neurons)
        _check_delays(np.array([self.delay]) if self.delays is None else self.delays)
        _check_weights(self.weights)

    @property
    def n_neurons(self) -> int:
        """Neurons of the network."""
        return len(self.start) - 1

    @property
    def n_bytes(self) -> int:
        """Memory of the connections, B."""
        arrays = (self.start, self.targets, self.delays, self.weights)
        return sum(array.nbytes for array in arrays if array is not None)

    @property
    def longest_delay(self) -> int:
        """Longest delay, steps."""
        if self.delays is None or not len(self.delays):
            return self.delay
        return int(self.delays.max())

    def joins(self, first: IntArray) -> BoolArray:
        """Tell which populations (neurons from `first`) are joined, ``[target, source]``."""
        heard = np.zeros((len(first) - 1, self.n_neurons), dtype=np.bool_)
        for flags, targets in zip(
            heard, np.split(self.targets, self.start[first[1:-1]]), strict=True
        ):
            flags[targets] = True
        return _by_population(heard, first)

    def arrays(self, real: "np.dtype[np.floating[Any]]") -> tuple[AnyArray, ...]:
        """Return start, targets, delays, weights for the compiled run; empty for None."""
        delays = np.zeros(0, dtype=np.uint8) if self.delays is None else self.delays
        weights = np.zeros(0) if self.weights is None else self.weights
        return self.start, self.targets, delays, weights.astype(real, copy=False)

    @classmethod
    def from_connections(
        cls,
        sources: AnyArray,
        targets: AnyArray,
        *,
        n_neurons: int,
        delays: IntArray,
        weights: FloatArray | None = None,
    ) -> "SourceLists":
        """Return lists from explicit connections in any order.

        Parameters
        ----------
        sources, targets : ndarray of int, shape (n_synapses,)
            Neurons, numbered through all populations; repeats are kept.
        n_neurons : int
            Neurons of the network.
        delays : ndarray of int, shape (n_synapses,)
            Delays, steps, at least 1.
        weights : ndarray, shape (n_synapses,), optional
            Jumps, V.

        Raises
        ------
        ParameterError
            The arrays differ in length, a neuron does not exist, a delay is below one step or
            does not fit 16 bits, a weight is not finite.
        """
        source, target, delay = (np.asarray(each) for each in (sources, targets, delays))
        weight = None if weights is None else np.asarray(weights, dtype=np.float64)
        shapes = [each.shape for each in (source, target, delay, weight) if each is not None]
        if len(set(shapes)) > 1:
            msg = f"sources, targets, delays, weights of shapes {shapes} must be equally long"
            raise ParameterError(msg)
        _check_neurons("source", source, n_neurons)
        _check_neurons("target", target, n_neurons)
        _check_delays(delay)
        order = np.argsort(source, kind="stable")
        size = np.uint8 if np.max(delay, initial=1) < 256 else np.uint16
        return cls(
            start=row_starts(np.bincount(source, minlength=n_neurons)),
            targets=target[order].astype(index_type(n_neurons)),
            delay=1,
            delays=delay[order].astype(size),
            weights=None if weight is None else weight[order],
        )

    @classmethod
    def from_bits(cls, bits: BitRows, delay: int) -> "SourceLists":
        """Return the lists of the same connections, all with one delay (steps)."""
        n = bits.n_neurons
        out = np.empty(n, dtype=index_type(n))
        row_bytes = bits.rows.view(np.uint8)
        rows = [out[: targets_of(row_bytes[s], n, out)].copy() for s in range(n)]
        start = row_starts(np.array([row.size for row in rows]))
        return cls(start=start, targets=np.concatenate(rows), delay=delay)

    def weighted(self, network: PopulationNetwork) -> "SourceLists":
        """Return the lists with the network's weights written out per synapse."""
        population = np.repeat(np.arange(network.n_pops), network.sizes)
        source = np.repeat(np.arange(self.n_neurons), np.diff(self.start))
        J = network.synapses.J
        return replace(self, weights=J[population[self.targets], population[source]])


Wiring = BitRows | SourceLists


def _by_population(heard: BoolArray, first: IntArray) -> BoolArray:
    joined: BoolArray = np.logical_or.reduceat(heard, first[:-1], axis=1).T
    return joined


def _check_neurons(name: str, neurons: AnyArray, n_neurons: int) -> None:
    if neurons.size and not 0 <= neurons.min() <= neurons.max() < n_neurons:
        msg = f"{name} {neurons.min()}..{neurons.max()} leaves the {n_neurons} neurons"
        raise ParameterError(msg)


def _check_delays(delays: AnyArray) -> None:
    if delays.size and not 1 <= delays.min() <= delays.max() <= LONGEST_DELAY:
        msg = (
            f"delays of {delays.min()} to {delays.max()} steps: at least one step is needed, at "
            f"most {LONGEST_DELAY} are stored; change dt"
        )
        raise ParameterError(msg)


def _check_weights(weights: AnyArray | None) -> None:
    # the extremes tell without an array of flags: there may be 3e8 weights
    if (
        weights is not None
        and weights.size
        and not np.isfinite([weights.min(), weights.max()]).all()
    ):
        n = int(np.sum(~np.isfinite(weights)))
        msg = f"{n} weights are not finite (nan or inf); look for missing values in the source"
        raise ParameterError(msg)


def draw_bit_rows(network: PopulationNetwork, *, seed: int) -> BitRows:
    """Draw fixed in-degrees without repeats and without autapses into rows of bits.

    Parameters
    ----------
    network : PopulationNetwork
        Sizes and in-degrees; on a ring each source lies within the boxcar of its
        population.
    seed : int
        Seed of the study; each pair of populations has a stream of its own.

    Raises
    ------
    SimulationError
        An in-degree is not a whole number, or exceeds the sources there are; the rows need
        more memory than the machine has.
    """
    n = int(network.sizes.sum())
    check_memory((n + 1.0) * strip_width(n), f"the wiring of {n} neurons in rows of bits")
    rows = np.zeros((n + 1, strip_width(n) // 8), dtype=np.uint64)
    row_bytes = rows.view(np.uint8)
    for target in range(network.n_pops):
        for source in range(network.n_pops):
            for first, start, sources in draw_sources(network, target, source, seed=seed):
                set_bits(
                    start, sources, int(network.first[source]),
                    int(network.first[target]) + first, row_bytes,
                )  # fmt: skip
    return BitRows(rows=rows, n_neurons=n)


def draw_source_lists(
    network: PopulationNetwork,
    *,
    seed: int,
    dt: float,
    rule: Rules = PLAIN,
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

    Raises
    ------
    ParameterError
        A rule is named for a population that does not exist.
    SimulationError
        The lists need more memory than the machine has; nothing is drawn then.
    """
    n, scatter = int(network.sizes.sum()), network.synapses.scatter
    what = f"the wiring of {network.n_synapses:.3g} synapses in lists"
    check_memory(list_bytes(network), what)
    pairs = [(int(a), int(b)) for a, b in np.argwhere(network.synapses.exist)]
    rules = rules_of(network.names, rule)

    def draw(a: int, b: int) -> Iterator[Sources]:
        return draw_sources(network, a, b, seed=seed, rule=rules[a][b])

    out_degree = np.zeros(n, dtype=np.int64)
    for a, b in pairs:
        own = out_degree[network.first[b] : network.first[b + 1]]
        for _, _, sources in draw(a, b):
            own += np.bincount(sources, minlength=own.size)
    start = row_starts(out_degree)
    targets = np.empty(int(start[-1]), dtype=index_type(n))
    tables = {pair: delay_table(network, pair, dt) for pair in pairs}
    values = np.concatenate([tables[pair] for pair in pairs]) if pairs else np.ones(1, dtype=int)
    spread = np.ptp(values) > 0
    size = np.uint8 if values.max() < 256 else np.uint16
    delays = np.empty(int(start[-1]) if spread else 0, dtype=size)
    weights = np.empty(int(start[-1]) if scatter else 0, dtype=np.float32)
    cursor = start[:-1].copy()
    for a, b in pairs:
        place = cursor[network.first[b] : network.first[b + 1]]
        names = network.names[a], network.names[b]
        of_delay, of_weight = (stream(seed, what, *names) for what in ("delays", "weights"))
        steps = tables[a, b].astype(size) if spread else delays
        jumps = weight_table(network, (a, b)) if scatter else weights
        for first, rows, sources in draw(a, b):
            place_targets(
                rows,
                sources,
                int(network.first[a]) + first,
                (_pick(steps, sources.size, of_delay), _pick(jumps, sources.size, of_weight)),
                place,
                targets,
                delays,
                weights,
            )
    return SourceLists(
        start=start,
        targets=targets,
        delay=int(values[0]),
        delays=delays if spread else None,
        weights=weights if scatter else None,
    )


def _pick(table: AnyArray, n: int, rng: np.random.Generator) -> AnyArray:
    """Return n draws from a table of equally likely values; none from an empty one."""
    picked: AnyArray = table[rng.integers(0, max(table.size, 1), n if table.size else 0, np.uint16)]
    return picked


def list_bytes(network: PopulationNetwork) -> float:
    """Return the memory that the lists of a network will take, B."""
    n, synapses = int(network.sizes.sum()), network.synapses
    used = synapses.exist
    is_spread = synapses.delay_distribution != "none" and bool(np.any(synapses.delay_sd[used] > 0))
    is_mixed = bool(np.any(used)) and np.ptp(synapses.delay[used]) > 0
    per_synapse = np.dtype(index_type(n)).itemsize + (is_spread or is_mixed)
    per_synapse += np.dtype(np.float32).itemsize * synapses.scatter
    return network.n_synapses * per_synapse + 24.0 * n
