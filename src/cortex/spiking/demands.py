"""What is asked of a run besides the network: inputs, recording; what cannot be run."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from cortex.errors import ParameterError, SimulationError
from cortex.params.network import PopulationNetwork
from cortex.params.simulation import SimulationParams
from cortex.spiking.spikes import Spikes, State
from cortex.typing import AnyArray, FloatArray, IntArray

Kernel = Literal["bits", "lists"]
GRID_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recording:
    """What to keep of a run; nothing but spikes by default.

    Parameters
    ----------
    spikes : bool
        Whether spikes are kept in memory.
    sink : callable, optional
        Receives the spikes chunk by chunk (steps counted from the start of the
        recording), for example a Parquet writer; with `spikes` off the memory of a run
        does not grow with its duration.
    rate_bin : float
        Width of the bins of population rates, s; zero for none.
    voltages : sequence of int
        Neurons whose membrane potential is traced.
    currents : {"none", "population", "neuron"}
        Whether synaptic currents are traced: mean over each population, or of each
        neuron in `current_neurons`.
    current_neurons : sequence of int
        Neurons whose currents are traced one by one.
    trace_dt : float
        Resolution of the traces, s; zero for every step.
    """

    spikes: bool = True
    sink: Callable[[Spikes], None] | None = None
    rate_bin: float = 0.0
    voltages: Sequence[int] = ()
    currents: Literal["none", "population", "neuron"] = "none"
    current_neurons: Sequence[int] = ()
    trace_dt: float = 0.0

    @property
    def has_traces(self) -> bool:
        """Whether anything but spikes and rates is traced."""
        return len(self.voltages) > 0 or self.currents != "none"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpikeInputs:
    """Explicit input spikes, each onto one synapse list of its own.

    Parameters
    ----------
    steps, targets : ndarray of int, shape (n_events,)
        Step at which the event enters the update (its delay added) and the neuron.
    weights : ndarray, shape (n_events,)
        Jump, V.
    """

    steps: IntArray
    targets: IntArray
    weights: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PerNeuron:
    """Parameters of single neurons, instead of those of their population.

    Parameters
    ----------
    tau_m, tau_ref, V_th, V_reset, mu_dc : ndarray, shape (n_neurons,), optional
        As in `PopulationNetwork`; None keeps the population's value.
    rate_ext : ndarray, shape (n_neurons, n_inputs), optional
        Total rate of each Poisson input, Hz.
    """

    tau_m: FloatArray | None = None
    tau_ref: FloatArray | None = None
    V_th: FloatArray | None = None
    V_reset: FloatArray | None = None
    mu_dc: FloatArray | None = None
    rate_ext: FloatArray | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inputs:
    """Drive beyond the constant one of the network.

    Parameters
    ----------
    V0 : ndarray, shape (n_neurons,), optional
        Initial membrane potentials, V; uniform in [0, V_th) when not given.
    rates : ndarray, shape (n_intervals, n_pops, n_inputs), optional
        Total Poisson rates in consecutive intervals, Hz, instead of the constant
        `rate_ext`; the last one holds on.
    rate_interval : float
        Length of the intervals, s.
    events : SpikeInputs, optional
        Explicit input spikes.
    neurons : PerNeuron, optional
        Parameters and rates that differ from neuron to neuron.
    """

    V0: FloatArray | None = None
    rates: FloatArray | None = None
    rate_interval: float = 0.0
    events: SpikeInputs | None = None
    neurons: PerNeuron | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Request:
    """Everything asked of one run besides network and wiring."""

    settings: SimulationParams
    seed: int
    record: Recording = field(default_factory=Recording)
    inputs: Inputs = field(default_factory=Inputs)
    state: State | None = None


def whole_steps(name: str, values: AnyArray | float, dt: float, least: int) -> IntArray:
    """Return times as steps of `dt`; refuse what is no multiple or too short.

    Raises
    ------
    SimulationError
        Naming the quantity, the value and the step.
    """
    steps = np.atleast_1d(np.asarray(values, dtype=np.float64)) / dt
    whole = np.rint(steps)
    wrong = np.abs(steps - whole) > GRID_TOLERANCE * np.maximum(1.0, steps)
    if np.any(wrong):
        value = float(steps[wrong].ravel()[0]) * dt
        msg = (
            f"{name} = {value:g} s is not a multiple of dt = {dt:g} s; change dt so that it "
            "divides every delay and refractory time"
        )
        raise SimulationError(msg)
    if np.any(whole < least):
        value = float(whole.min()) * dt
        msg = f"{name} = {value:g} s lies below {least} step(s) of dt = {dt:g} s; shorten dt"
        raise SimulationError(msg)
    return whole.astype(np.int64)


def check_grid(network: PopulationNetwork, settings: SimulationParams) -> None:
    """Refuse delays and refractory times off the grid, and lists beyond the memory."""
    used = network.in_degrees > 0
    fixed = used & ((network.delay_sd == 0) | (network.delay_distribution == "none"))
    whole_steps("delay", network.delay[fixed], settings.dt, 1)
    whole_steps("tau_ref", network.tau_ref, settings.dt, 0)
    n_synapses = float(network.in_degrees.sum(axis=1) @ network.sizes)
    smallest = 0.8 * min(n_synapses * 2.0, float(network.sizes.sum()) ** 2 / 8.0)
    check_memory(smallest, f"the wiring of {n_synapses:.3g} synapses")


def check_memory(n_bytes: float, what: str) -> None:
    """Refuse a request for more memory than the machine has, before anything is built."""
    available = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if n_bytes > available:
        msg = (
            f"{what} needs {n_bytes / 1e9:.1f} GB, this machine has {available / 1e9:.1f} GB; "
            "scale the network down (in-degrees and sizes)"
        )
        raise SimulationError(msg)


def check_recording(recording: Recording, n_neurons: int) -> None:
    """Refuse traces of neurons that do not exist, and currents of no neuron."""
    for name in ("voltages", "current_neurons"):
        ids = np.asarray(getattr(recording, name), dtype=np.int64)
        if ids.size and not 0 <= ids.min() <= ids.max() < n_neurons:
            msg = f"Recording.{name} = {ids.min()}..{ids.max()} leaves the {n_neurons} neurons"
            raise ParameterError(msg)
    if recording.currents == "neuron" and not len(recording.current_neurons):
        msg = "Recording.currents = 'neuron' needs current_neurons"
        raise ParameterError(msg)


def _two_weights(network: PopulationNetwork) -> bool:
    """Whether excitatory populations come first and every target hears two weights only."""
    used = network.in_degrees > 0
    signs = np.where(np.any(used & (network.J < 0), axis=0), -1, 1)
    n_exc = int(np.sum(signs > 0))
    if np.any(np.diff(signs) > 0):
        return False
    halves = (network.J[:, :n_exc], network.J[:, n_exc:])
    masks = (used[:, :n_exc], used[:, n_exc:])
    for J, mask in zip(halves, masks, strict=True):
        for row, keep in zip(J, mask, strict=True):
            if keep.any() and np.ptp(row[keep]) > 0:
                return False
    return True


def _one_poisson_input(network: PopulationNetwork) -> bool:
    """Whether the external weight equals the excitatory one, so that counts can be added."""
    if network.rate_ext.shape[1] != 1:
        return bool(network.rate_ext.shape[1] == 0)
    silent = network.rate_ext[:, 0] == 0
    J_exc = np.max(network.J, axis=1)
    return bool(np.all(silent | (network.J_ext[:, 0] == J_exc)))


def fits_bits(network: PopulationNetwork, recording: Recording, inputs: Inputs) -> bool:
    """Tell whether a network can run on rows of bits.

    Delta synapses, one delay and one refractory time, one excitatory and one inhibitory
    weight per target without scatter, at most one Poisson input of the excitatory weight, at
    least 1.5 % of all pairs joined (below that lists are faster), no traces, no explicit
    inputs, no neurons with parameters of their own.
    """
    used = network.in_degrees > 0
    delays = network.delay[used]
    one_delay = delays.size > 0 and np.ptp(delays) == 0 and not np.any(network.delay_sd[used])
    density = (
        float(network.in_degrees.sum(axis=1) @ network.sizes) / float(network.sizes.sum()) ** 2
    )
    return bool(
        network.is_delta
        and network.J_cv == 0
        and one_delay
        and np.ptp(network.tau_ref) == 0
        and np.all(network.tau_ref < 20.0 * network.tau_m)
        and np.all(network.in_degrees == np.rint(network.in_degrees))
        and density >= 0.015
        and not recording.has_traces
        and inputs.events is None
        and inputs.neurons is None
        and _two_weights(network)
        and _one_poisson_input(network)
    )
