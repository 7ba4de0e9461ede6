"""Preparation and stepping of the bit-packed run."""

import numpy as np

from cortex.params.network import PopulationNetwork
from cortex.spiking._loops_bit_run import run_bits
from cortex.spiking.cells import Cells, cells_of, pieces_of
from cortex.spiking.drive import constant_drives, driven, initial_potential, rate_laws
from cortex.spiking.noise import N_STRIPS, start_noise, strip_width
from cortex.spiking.receptors import source_signs, weight_of_sign
from cortex.spiking.requests import Request, in_steps
from cortex.spiking.result import State
from cortex.spiking.wiring import BitRows
from cortex.typing import AnyArray, BoolArray, IntArray


class BitEngine:
    """A dense network with one delay, stepped by `run_bits`.

    Holds the arrays of one run; `advance` changes them in place.
    """

    kernel = "bits"

    def __init__(self, network: PopulationNetwork, wiring: BitRows, request: Request) -> None:
        settings, state = request.settings, request.state
        real = np.dtype(settings.precision)
        self.rows = wiring.rows
        cells = cells_of(network, None)
        self.sizes, self.pieces = _layout(network, cells, settings.dt)
        laws, self.sizes[4] = rate_laws(cells, request.inputs, settings.dt)
        mu_dc, self.sizes[5] = constant_drives(cells, request.inputs, settings.dt)
        pushes = mu_dc * (1.0 - np.exp(-settings.dt / cells.tau_m))
        self.drive = (laws[:, :, 0], pushes.astype(real))
        reached = driven(cells, request.inputs)
        self.cells = _cells(network, reached, settings.dt).astype(real)
        first = _first_arrays(network, self.sizes, request)
        self.network_sizes = network.sizes
        self.arrays = first if state is None else state.copied(first, network.sizes)
        self.step = 0 if state is None else state.step

    @property
    def most_per_call(self) -> int:
        """Spikes that one block may add."""
        return int(self.sizes[2] * self.sizes[0])

    def start_traces(self) -> None:
        """Trace nothing: networks with traces run on lists."""

    def advance(self, stop: int, out: AnyArray) -> int:
        """Run until `stop` steps are done or `out` is full; return the spikes written."""
        span = np.array([self.step + 1, stop + 1])
        own = self.arrays
        n: int = run_bits(
            span,
            self.sizes,
            self.rows,
            self.pieces,
            self.cells,
            self.drive,
            own["V"],
            own["lanes"],
            own["dithers"],
            own["recent"],
            own["n_recent"],
            out,
        )
        self.step = int(span[0]) - 1
        return n

    def traces(self) -> dict[str, AnyArray]:
        """Return no traces: networks with traces run on lists."""
        return {}

    def state(self) -> State:
        """Return a copy of the state."""
        arrays = {name: array.copy() for name, array in self.arrays.items()}
        return State(kernel=self.kernel, step=self.step, sizes=self.network_sizes, arrays=arrays)


def _layout(network: PopulationNetwork, cells: Cells, dt: float) -> tuple[IntArray, IntArray]:
    """Return the sizes and the pieces of strips that share parameters."""
    used = network.synapses.exist
    delay = in_steps("delay", network.synapses.delay[used].ravel()[0], dt, least=1)[0]
    pieces = pieces_of(cells, dt)[0]
    n, n_exc = network.sizes.sum(), network.sizes[source_signs(network) > 0].sum()
    return np.array([n, n_exc, delay, pieces[0, 4], 0, 0]), pieces[:, :4].copy()


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
