"""Preparation and stepping of the bit-packed run."""

from itertools import pairwise

import numpy as np

from cortex.params.network import PopulationNetwork
from cortex.spiking._loops_bit_run import run_bits
from cortex.spiking._loops_recent import from_threads, to_threads
from cortex.spiking.cells import Cells, cells_of, pieces_of
from cortex.spiking.drive import constant_drives, driven, initial_potential, rate_laws
from cortex.spiking.noise import N_STRIPS, start_noise, strip_width
from cortex.spiking.receptors import source_signs, weight_of_sign
from cortex.spiking.requests import Request, in_steps
from cortex.spiking.result import State
from cortex.spiking.wiring import BitRows
from cortex.threads import (
    apart,
    moved_to_lines,
    on_lines,
    put_together,
    shares,
    thread_number,
    together,
)
from cortex.typing import AnyArray, BoolArray, IntArray

LINE = 8  # words of a share: `scan` looks at 64 neurons at a time
LEAST_SHARE = 10_000  # steps of neurons between two meetings for which a thread pays


class BitEngine:
    """A dense network with one delay, stepped by `run_bits`.

    Holds the arrays of one run; `advance` changes them in place.
    """

    kernel = "bits"
    fraction = None

    def __init__(self, network: PopulationNetwork, wiring: BitRows, request: Request) -> None:
        settings, state = request.settings, request.state
        real = np.dtype(settings.precision)
        self.rows = wiring.rows
        cells = cells_of(network, None)
        self.sizes = _layout(network, settings.dt)
        self.words = _word_shares(self.sizes, request)
        self.pieces = [_pieces(cells, settings.dt, span) for span in pairwise(self.words)]
        laws, self.sizes[4] = rate_laws(cells, request.inputs, settings.dt)
        mu_dc, self.sizes[5] = constant_drives(cells, request.inputs, settings.dt)
        pushes = mu_dc * (1.0 - np.exp(-settings.dt / cells.tau_m))
        self.drive = (laws[:, :, 0], pushes.astype(real))
        reached = driven(cells, request.inputs)
        self.cells = _cells(network, reached, settings.dt).astype(real)
        first = _first_arrays(network, self.sizes, request)
        self.network_sizes = network.sizes
        self.arrays = first if state is None else state.copied(first, network.sizes)
        self.V, self.lanes = (
            apart(strips, bounds).reshape(len(self.pieces), *self.arrays[name].shape)
            for name, strips, bounds in self._of_threads(self.arrays)
        )
        self.step = 0 if state is None else state.step
        history, n_threads = len(self.arrays["recent"]), len(self.pieces)
        room = int(N_STRIPS * 8 * np.diff(self.words).max())
        self.recent = on_lines((n_threads, history, room), np.int32)
        self.n_recent = on_lines((n_threads, history, 2 * N_STRIPS), np.int64)
        self.lists = 8 * self.words, self.recent, self.n_recent
        to_threads(self.arrays["recent"], self.arrays["n_recent"], *self.lists)

    @property
    def most_per_call(self) -> int:
        """Spikes that one block may add."""
        return int(self.sizes[2] * self.sizes[0])

    def start_traces(self) -> None:
        """Trace nothing: networks with traces run on lists."""

    def advance(self, stop: int, out: AnyArray) -> int:
        """Run until `stop` steps are done or `out` is full; return the spikes written."""
        own = self.arrays
        spans = [moved_to_lines(np.array([self.step + 1, stop + 1])) for _ in self.pieces]
        dithers = [moved_to_lines(own["dithers"]) for _ in self.pieces]

        def run(k: int, gate: IntArray) -> int:
            n: int = run_bits(
                spans[k],
                (k, self.words, gate),
                self.sizes,
                self.rows,
                self.pieces[k],
                self.cells,
                self.drive,
                self.V[k],
                self.lanes[k],
                dithers[k],
                self.recent,
                self.n_recent,
                out,
            )
            return n

        n = together(run, len(self.pieces))[0]
        own["dithers"] = dithers[0]
        self.step = int(spans[0][0]) - 1
        return n

    def _of_threads(self, arrays: dict[str, AnyArray]) -> list[tuple[str, AnyArray, IntArray]]:
        """Return the arrays that threads share, cut into strips, and where each thread begins."""
        V, lanes = arrays["V"].reshape(N_STRIPS, -1), arrays["lanes"].reshape(4, N_STRIPS, -1)
        return [("V", V, 8 * self.words), ("lanes", lanes, 4 * self.words)]

    def traces(self) -> dict[str, AnyArray]:
        """Return no traces: networks with traces run on lists."""
        return {}

    def state(self) -> State:
        """Return a copy of the state."""
        arrays = {name: array.copy() for name, array in self.arrays.items()}
        from_threads(*self.lists, arrays["recent"], arrays["n_recent"])
        for copies, (_, strips, bounds) in zip(
            (self.V, self.lanes), self._of_threads(arrays), strict=True
        ):
            put_together(copies.reshape(-1, *strips.shape), bounds, strips)
        return State(kernel=self.kernel, step=self.step, sizes=self.network_sizes, arrays=arrays)


def _layout(network: PopulationNetwork, dt: float) -> IntArray:
    """Return the sizes: neurons, excitatory ones, delay, refractory time; intervals unset."""
    used = network.synapses.exist
    delay = in_steps("delay", network.synapses.delay[used].ravel()[0], dt, least=1)[0]
    refractory = in_steps("tau_ref", network.neurons.tau_ref, dt)[0]
    n, n_exc = network.sizes.sum(), network.sizes[source_signs(network) > 0].sum()
    return np.array([n, n_exc, delay, refractory, 0, 0])


def _word_shares(sizes: IntArray, request: Request) -> IntArray:
    """Return the first word of a row for each thread, and the end of the last."""
    threads = thread_number(request.threads, most=int(sizes[0] * sizes[2]) // LEAST_SHARE)
    width = strip_width(int(sizes[0]))
    neurons = np.zeros(N_STRIPS * width)  # the last strip is not full
    neurons[: sizes[0]] = 1.0
    of_words = neurons.reshape(N_STRIPS, -1, 8).sum(axis=(0, 2))
    return np.unique(shares(of_words, min(threads, width // (8 * LINE)), LINE))


def _pieces(cells: Cells, dt: float, words: tuple[int, int]) -> tuple[IntArray, IntArray]:
    """Return the pieces of one thread within its part of every strip, and each part's first."""
    width = strip_width(int(cells.first[-1]))
    first = width * np.arange(N_STRIPS) + 8 * words[0]
    size = np.full(N_STRIPS, 8 * (words[1] - words[0]))
    return pieces_of(cells, dt, np.stack([first, size], axis=1))


def _cells(network: PopulationNetwork, driven: BoolArray, dt: float) -> AnyArray:
    """Return decay, threshold, reset, J_E, J_I of each population."""
    neurons = network.neurons
    decay = np.exp(-dt / neurons.tau_m)
    weights = [weight_of_sign(network, driven, sign) for sign in (1, -1)]
    return np.stack([decay, neurons.V_th, neurons.V_reset, *weights], axis=1)


def _first_arrays(
    network: PopulationNetwork, sizes: IntArray, request: Request
) -> dict[str, AnyArray]:
    """Return the state before the first step: no spikes in flight, none refractory."""
    n, _, delay, refractory = (int(size) for size in sizes[:4])
    n_slots = N_STRIPS * strip_width(n)
    V = np.zeros(n_slots, dtype=request.settings.precision)
    V[:n] = initial_potential(cells_of(network, None), request.inputs, seed=request.seed)
    noise = start_noise(request.seed, n, "0")
    history = max(delay, refractory + 1) + delay
    return {
        "V": V,
        "lanes": noise.lanes,
        "dithers": noise.dithers,
        "recent": np.zeros((history, n_slots), dtype=np.int32),
        "n_recent": np.zeros((history, N_STRIPS), dtype=np.int64),
    }
