"""Who hears whom, in the two layouts that the compiled runs read: bit rows and source lists."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np

from cortex.arguments import guarded
from cortex.connectivity.projection import index_type, row_starts
from cortex.errors import ParameterError
from cortex.params.network import PopulationNetwork
from cortex.spiking._loops_bits import targets_of
from cortex.spiking.noise import N_STRIPS, strip_width
from cortex.typing import AnyArray, BoolArray, FloatArray, IntArray

LONGEST_DELAY = 65_535  # steps that 16 bits hold
BLOCK = 65_536  # targets that 16 bits name
UNIT = 64  # neurons: no two threads write to one line of the cache


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


@guarded
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SourceLists:
    """The targets of each source neuron, for any network.

    Parameters
    ----------
    start : ndarray of int, shape (n_blocks * n_neurons + 1,)
        First synapse of each source: on the targets of the first block, then on those of the next.
    targets : ndarray of uint16 or int32, shape (n_synapses,)
        Target neuron of each synapse, counted from the first of its block.
    delay : int
        Steps of delay of all synapses when `delays` is None.
    delays : ndarray of uint8 or uint16, shape (n_synapses,), optional
        Steps of delay of each synapse.
    weights : ndarray, shape (n_synapses,), optional
        Jump of each synapse, V, signed; None when the network's `J` holds.
    blocks : ndarray of int, shape (n_blocks,)
        First neuron of each block of targets, a multiple of 64: 16 bits name the neurons of one.
    """

    start: IntArray
    targets: AnyArray
    delay: int
    delays: AnyArray | None = None
    weights: AnyArray | None = None
    blocks: IntArray = field(default_factory=lambda: np.zeros(1, dtype=np.int64))

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
        blocks = np.asarray(self.blocks)
        if (
            not len(blocks)
            or blocks[0] != 0
            or np.any(np.diff(blocks) <= 0)
            or np.any(blocks % UNIT)
        ):
            msg = (
                f"SourceLists: blocks = {blocks.tolist()} must rise from 0 by multiples of {UNIT} "
                "neurons"
            )
            raise ParameterError(msg)
        ends = [*self.blocks[1:].tolist(), self.n_neurons]
        for b, (first, end) in enumerate(zip(self.blocks.tolist(), ends, strict=True)):
            _check_neurons("target", targets[self._of_block(b)], end - first)
        check_delays(np.array([self.delay]) if self.delays is None else self.delays)
        _check_weights(self.weights)

    @property
    def n_neurons(self) -> int:
        """Neurons of the network."""
        return (len(self.start) - 1) // len(self.blocks)

    def _of_block(self, b: int) -> slice:
        """Return the synapses on the targets of a block."""
        n = self.n_neurons
        return slice(int(self.start[b * n]), int(self.start[(b + 1) * n]))

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
        for b, offset in enumerate(self.blocks.tolist()):
            edges = self.start[b * self.n_neurons + first]
            for flags, (low, high) in zip(heard, pairwise(edges.tolist()), strict=True):
                flags[offset:][self.targets[low:high]] = True
        return _by_population(heard, first)

    def whole(self) -> "SourceLists":
        """Return the same lists in one block, the synapses of a source by block."""
        if len(self.blocks) == 1:
            return self
        rows, n = np.diff(self.start), self.n_neurons
        source = np.repeat(np.arange(len(rows)) % n, rows)
        order = np.argsort(source, kind="stable")
        in_block = [int(self.start[b * n]) for b in range(len(self.blocks) + 1)]
        offsets = np.repeat(self.blocks.astype(np.int32), np.diff(in_block))
        targets = (self.targets + offsets).astype(index_type(n), copy=False)
        return SourceLists(
            start=row_starts(rows.reshape(-1, n).sum(axis=0)),
            targets=targets[order],
            delay=self.delay,
            delays=None if self.delays is None else self.delays[order],
            weights=None if self.weights is None else self.weights[order],
        )

    def arrays(self, real: "np.dtype[np.floating[Any]]") -> tuple[AnyArray, ...]:
        """Return start, targets, delays, weights for the compiled run; empty for None."""
        whole = self.whole()
        delays = np.zeros(0, dtype=np.uint8) if whole.delays is None else whole.delays
        weights = np.zeros(0) if whole.weights is None else whole.weights
        return whole.start, whole.targets, delays, weights.astype(real, copy=False)

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
        check_delays(delay)
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
        lists = self.whole()
        population = np.repeat(np.arange(network.n_pops), network.sizes)
        source = np.repeat(np.arange(lists.n_neurons), np.diff(lists.start))
        J = network.synapses.strength
        return replace(lists, weights=J[population[lists.targets], population[source]])


Wiring = BitRows | SourceLists


def target_blocks(n_neurons: int, n_synapses: int, n_delays: int) -> IntArray:
    """Return the first neuron of each block of targets: several where 16 bits then save memory.

    Each block has slices of its own for every source and delay, of 4 B (`cut_lists`). Blocks are
    of equal size, of whole strips of random numbers if they can, so that threads share them out.
    """
    units = N_STRIPS * strip_width(max(n_neurons, 1)) // UNIT
    n_blocks = -(-units * UNIT // BLOCK)
    blocks = UNIT * (np.arange(n_blocks) * units // n_blocks)
    pays = 4 * n_delays * n_neurons * len(blocks) < n_synapses
    return blocks if pays else blocks[:1]


def by_block(first_target: int, chunk: slice, blocks: IntArray) -> Iterator[tuple[int, slice]]:
    """Yield the blocks in which targets of a chunk lie, and those targets, counted as before."""
    ends = [*blocks[1:].tolist(), first_target + chunk.stop]
    for b, (first, end) in enumerate(zip(blocks.tolist(), ends, strict=True)):
        start, stop = max(chunk.start, first - first_target), min(chunk.stop, end - first_target)
        if start < stop:
            yield b, slice(start, stop)


def _by_population(heard: BoolArray, first: IntArray) -> BoolArray:
    joined: BoolArray = np.logical_or.reduceat(heard, first[:-1], axis=1).T
    return joined


def _check_neurons(name: str, neurons: AnyArray, n_neurons: int) -> None:
    if neurons.size and not 0 <= neurons.min() <= neurons.max() < n_neurons:
        msg = f"{name} {neurons.min()}..{neurons.max()} leaves the {n_neurons} neurons"
        raise ParameterError(msg)


def check_delays(delays: AnyArray) -> None:
    """Refuse delays, steps, below one step or beyond 16 bits."""
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
