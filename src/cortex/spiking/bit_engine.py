"""Preparation and stepping of the bit-packed run."""

import numpy as np

from cortex.params.network import PopulationNetwork
from cortex.spiking._loops_bit_run import run_bits
from cortex.spiking.cells import cells_of
from cortex.spiking.demands import Request, whole_steps
from cortex.spiking.drive import initial_potential, rate_laws
from cortex.spiking.noise import N_STRIPS, start_noise, strip_width
from cortex.spiking.spikes import State
from cortex.spiking.wiring import BitRows
from cortex.typing import AnyArray, IntArray


class BitEngine:
    """A dense network with one delay, stepped by `run_bits`.

    Holds the arrays of one run; `advance` changes them in place.
    """

    kernel = "bits"

    def __init__(self, network: PopulationNetwork, wiring: BitRows, request: Request) -> None:
        settings, state = request.settings, request.state
        real = np.dtype(settings.precision)
        self.rows = wiring.rows
        self.sizes, self.pieces = _layout(network, settings.dt)
        self.cumulative, self.sizes[4] = rate_laws(
            cells_of(network, None), request.inputs, settings.dt
        )
        self.cells = _cells(network, settings.dt).astype(real)
        arrays = _first_arrays(network, self.sizes, request) if state is None else state.arrays
        self.arrays = {name: array.copy() for name, array in arrays.items()}
        self.arrays["V"] = self.arrays["V"].astype(real)
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
            self.cumulative[:, :, 0],
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
        return State(kernel=self.kernel, step=self.step, arrays=arrays)


def _layout(network: PopulationNetwork, dt: float) -> tuple[IntArray, IntArray]:
    """Return the sizes and the pieces of strips that share parameters."""
    used = network.in_degrees > 0
    n, width = int(network.sizes.sum()), strip_width(int(network.sizes.sum()))
    delay = whole_steps("delay", network.delay[used].ravel()[0], dt, 1)[0]
    refractory = whole_steps("tau_ref", network.tau_ref[0], dt, 0)[0]
    excitatory = ~np.any(used & (network.J < 0), axis=0)
    n_exc = int(network.sizes[excitatory].sum())
    pieces = [
        (strip, max(low, strip * width) - strip * width, min(high, (strip + 1) * width)
         - strip * width, pop)
        for strip in range(N_STRIPS)
        for pop, (low, high) in enumerate(zip(network.first[:-1], network.first[1:], strict=True))
        if max(low, strip * width) < min(high, (strip + 1) * width)
    ]  # fmt: skip
    return np.array([n, n_exc, delay, refractory, 0, len(pieces)]), np.array(pieces)


def _cells(network: PopulationNetwork, dt: float) -> AnyArray:
    """Return decay, drive, threshold, reset, J_E, J_I of each population."""
    decay = np.exp(-dt / network.tau_m)
    used = network.in_degrees > 0
    J_exc = np.max(np.where(used & (network.J > 0), network.J, 0.0), axis=1)
    J_inh = np.min(np.where(used & (network.J < 0), network.J, 0.0), axis=1)
    if network.J_ext.size:
        J_exc = np.where(network.rate_ext[:, 0] > 0, network.J_ext[:, 0], J_exc)
    drive = network.mu_dc * (1.0 - decay)
    return np.stack([decay, drive, network.V_th, network.V_reset, J_exc, J_inh], axis=1)


def _first_arrays(
    network: PopulationNetwork, sizes: IntArray, request: Request
) -> dict[str, AnyArray]:
    """Return the state before the first step: no spikes in flight, none refractory."""
    n, _, delay, refractory = (int(size) for size in sizes[:4])
    n_slots = N_STRIPS * strip_width(n)
    V = np.zeros(n_slots)
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
