"""Who hears whom, in the two forms the compiled runs read: bit rows and source lists."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from cortex.connectivity._loops_draw import draw_windows
from cortex.connectivity.projection import index_type, row_starts
from cortex.errors import ParameterError, SimulationError
from cortex.params.network import PopulationNetwork, RingSpace
from cortex.rng import stream
from cortex.spiking._loops_bits import set_bits, targets_of
from cortex.spiking._loops_wiring import place_targets
from cortex.spiking.delays import delay_table
from cortex.spiking.demands import check_memory
from cortex.spiking.noise import strip_width
from cortex.typing import AnyArray, FloatArray, IntArray

CHUNK = 4096  # targets drawn at once


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

    @property
    def n_bytes(self) -> int:
        """Memory of the connections, B."""
        return int(self.rows.nbytes)


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
            A neuron does not exist, a delay is below one step, a weight is not finite.
        """
        source, target = np.asarray(sources), np.asarray(targets)
        _check_connections(source, target, n_neurons, np.asarray(delays), weights)
        order = np.argsort(source, kind="stable")
        size = np.uint8 if delays.size == 0 or delays.max() < 256 else np.uint16
        return cls(
            start=row_starts(np.bincount(source, minlength=n_neurons)),
            targets=target[order].astype(index_type(n_neurons)),
            delay=1,
            delays=np.asarray(delays)[order].astype(size),
            weights=None if weights is None else np.asarray(weights, dtype=np.float64)[order],
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
        return replace(self, weights=network.J[population[self.targets], population[source]])


Wiring = BitRows | SourceLists


def _check_connections(
    sources: AnyArray,
    targets: AnyArray,
    n_neurons: int,
    delays: AnyArray,
    weights: FloatArray | None,
) -> None:
    for name, index in (("source", sources), ("target", targets)):
        if index.size and not 0 <= index.min() <= index.max() < n_neurons:
            msg = f"{name} {index.min()}..{index.max()} leaves the {n_neurons} neurons"
            raise ParameterError(msg)
    if delays.size and delays.min() < 1:
        msg = f"a delay of {delays.min()} steps: at least one step is needed; shorten dt"
        raise ParameterError(msg)
    if weights is not None and not np.all(np.isfinite(weights)):
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
    multapses: bool = False,
    random_in_degrees: bool = False,
) -> SourceLists:
    """Draw in-degrees and sources into lists, with delays and weights where these are spread.

    The connections are those of `draw_bit_rows` for the same seed and fixed in-degrees: no
    autapses. Sources are drawn twice, first to count, then to place, so that nothing but the
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
    multapses : bool
        Whether two neurons may share several synapses.
    random_in_degrees : bool
        Whether only the number of synapses of two populations is fixed and each falls on a
        random target (Potjans & Diesmann 2014), so that in-degrees are binomial.

    Raises
    ------
    SimulationError
        The lists need more memory than the machine has; nothing is drawn then.
    """
    n = int(network.sizes.sum())
    check_memory(
        list_bytes(network),
        f"the wiring of {network.in_degrees.sum(axis=1) @ network.sizes:.3g} synapses in lists",
    )
    pairs = [(a, b) for a in range(network.n_pops) for b in range(network.n_pops)]
    pairs = [pair for pair in pairs if network.in_degrees[pair] > 0]
    draw = partial(
        draw_sources, network, seed=seed, multapses=multapses, random_in_degrees=random_in_degrees
    )
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
    weights = np.empty(int(start[-1]) if network.J_cv else 0, dtype=np.float32)
    cursor = start[:-1].copy()
    for a, b in pairs:
        place = cursor[network.first[b] : network.first[b + 1]]
        rng = stream(seed, "delays", network.names[a], network.names[b])
        weight_rng = stream(seed, "weights", network.names[a], network.names[b])
        table = tables[a, b].astype(size)
        for first, rows, sources in draw(a, b):
            draws = rng.integers(0, table.size, sources.size if spread else 0, dtype=np.uint16)
            place_targets(
                rows,
                sources,
                int(network.first[a]) + first,
                (table[draws], draw_weights(network, (a, b), sources.size, rng=weight_rng)),
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
        weights=weights if network.J_cv else None,
    )


def draw_weights(
    network: PopulationNetwork, pair: tuple[int, int], n: int, *, rng: np.random.Generator
) -> AnyArray:
    """Return n weights of one pair of populations, V; none where all are equal.

    Normal about J with the standard deviation ``J_cv |J|``, cut at zero.
    """
    if not network.J_cv:
        return np.empty(0, dtype=np.float32)
    relative = 1.0 + np.float32(network.J_cv) * rng.standard_normal(n, dtype=np.float32)
    return np.float32(network.J[pair]) * np.maximum(relative, np.float32(0.0))


def list_bytes(network: PopulationNetwork) -> float:
    """Return the memory that the lists of a network will take, B."""
    n, used = int(network.sizes.sum()), network.in_degrees > 0
    n_synapses = float(network.in_degrees.sum(axis=1) @ network.sizes)
    is_spread = network.delay_distribution != "none" and bool(np.any(network.delay_sd[used] > 0))
    is_mixed = bool(np.any(used)) and np.ptp(network.delay[used]) > 0
    per_synapse = np.dtype(index_type(n)).itemsize + (is_spread or is_mixed)
    per_synapse += np.dtype(np.float32).itemsize * (network.J_cv > 0)
    return n_synapses * per_synapse + 24.0 * n


def draw_sources(
    network: PopulationNetwork,
    target: int,
    source: int,
    *,
    seed: int,
    multapses: bool = False,
    random_in_degrees: bool = False,
) -> Any:
    """Yield (first target, row starts, sources) of one pair of populations, in chunks.

    Independent of the chunks: every target has a random stream of its own.
    """
    n_targets, n_sources = int(network.sizes[target]), int(network.sizes[source])
    mean, name = float(network.in_degrees[target, source]), _names(network, target, source)
    in_degrees = spread_in_degree(mean, n_targets)
    if random_in_degrees:
        rng = stream(seed, "in-degrees", *name)
        in_degrees = rng.multinomial(in_degrees.sum(), np.full(n_targets, 1.0 / n_targets))
    windows = source_windows(network, target, source)
    if not multapses:
        _check_available(network, (target, source), in_degrees, windows)
    key = stream(seed, "wiring", *name).integers(0, 2**64, size=2, dtype=np.uint64)
    for first in range(0, n_targets, CHUNK):
        part = slice(first, min(first + CHUNK, n_targets))
        start = row_starts(in_degrees[part])
        sources = np.empty(int(start[-1]), dtype=index_type(n_sources))
        draw_windows(key, first, start, windows[part], n_sources, multapses, sources)
        yield first, start, sources


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
    half = _boxcar_half_width(network.space, source)
    centre = index * n_sources / n_targets
    reach = min(half * n_sources, n_sources / 2)
    low = np.ceil(centre - reach - 1e-9).astype(np.int64)
    high = np.minimum(np.floor(centre + reach + 1e-9).astype(np.int64), low + n_sources - 1)
    windows[:, 0] = low % n_sources
    windows[:, 1] = high - low + 1
    windows[:, 2] = index - low if target == source else -1
    return windows


def _boxcar_half_width(space: RingSpace, source: int) -> float:
    """Return the half width of a source population as a fraction of the ring."""
    if space.profile != "boxcar":
        msg = (
            f"ring profile {space.profile!r} has no fixed in-degree rule here; use boxcar or "
            "pass the wiring made by cortex.connectivity"
        )
        raise SimulationError(msg)
    return float(space.width[source] / space.circumference)


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
