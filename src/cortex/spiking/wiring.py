"""Who hears whom, in the two forms the compiled runs read: bit rows and source lists."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from cortex.connectivity._loops_draw import draw_windows
from cortex.connectivity.projection import index_type, row_starts
from cortex.errors import ParameterError, SimulationError
from cortex.params.network import PopulationNetwork, RingSpace
from cortex.rng import stream
from cortex.spiking._loops_bits import set_bits
from cortex.spiking.noise import strip_width
from cortex.typing import AnyArray, IntArray

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
        An in-degree is not a whole number, or exceeds the sources there are.
    """
    n = int(network.sizes.sum())
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


def draw_sources(
    network: PopulationNetwork,
    target: int,
    source: int,
    *,
    seed: int,
    multapses: bool = False,
) -> Any:
    """Yield (first target, row starts, sources) of one pair of populations, in chunks.

    Independent of the chunks: every target has a random stream of its own.
    """
    n_targets, n_sources = int(network.sizes[target]), int(network.sizes[source])
    in_degrees = spread_in_degree(float(network.in_degrees[target, source]), n_targets)
    windows = source_windows(network, target, source)
    if not multapses:
        _check_available(network, (target, source), in_degrees, windows)
    name = (network.names[target], network.names[source])
    key = stream(seed, "wiring", *name).integers(0, 2**64, size=2, dtype=np.uint64)
    for first in range(0, n_targets, CHUNK):
        part = slice(first, min(first + CHUNK, n_targets))
        start = row_starts(in_degrees[part])
        sources = np.empty(int(start[-1]), dtype=index_type(n_sources))
        draw_windows(key, first, start, windows[part], n_sources, multapses, sources)
        yield first, start, sources


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
    target, source = (network.names[population] for population in pair)
    msg = (
        f"{target} neurons want {in_degrees.max()} distinct sources in {source}, there are "
        f"{available.min()}; lower the in-degree, or allow multapses"
    )
    raise ParameterError(msg)
