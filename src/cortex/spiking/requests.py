"""What is asked of a run besides the network: inputs, recording; what cannot be run."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Final, Literal

import numpy as np

from cortex.arguments import guarded
from cortex.errors import ParameterError, SimulationError
from cortex.params.arrays import argument, instance
from cortex.params.network import PopulationNetwork
from cortex.params.simulation import SimulationParams
from cortex.params.spec import Quantity
from cortex.spikes import Spikes
from cortex.spiking.izhikevich.network import IzhikevichNetwork
from cortex.spiking.result import State
from cortex.typing import FloatArray, IntArray
from cortex.units import whole_steps

AnyNetwork = PopulationNetwork | IzhikevichNetwork
in_steps = partial(whole_steps, error=SimulationError)
JUMP: Final = Quantity(unit="mV", low=-200.0, high=200.0, doc="jump of one input spike")
KICK: Final = Quantity(unit="1", low=-100.0, high=100.0, doc="jump (V) or kick of one input spike")


@guarded
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recorder:
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
        Neurons whose membrane potential is traced, and their adaptation where the model has one.
    currents : {"none", "population", "neuron"}
        Whether synaptic currents R I are traced: mean over each population, or of each
        neuron in `current_neurons`. ``exc`` and ``inh``; for cells and synapses of other kinds
        than LIF neurons with exponential currents also the conductances over the leak, ``g_exc``
        and ``g_inh``, those of NMDA receptors among them once more by themselves, ``nmda`` and
        ``g_nmda``, and for populations the means of potential and adaptation, ``mean_V`` and
        ``mean_w``. In Izhikevich networks currents and adaptation are in A, and conductances, in S,
        also those of each receptor, such as ``g_ampa``; that of NMDA is without its gate.
    current_neurons : sequence of int
        Neurons whose currents are traced one by one.
    trace_dt : float
        Resolution of the traces, s; zero for every step. The first sample lies one step after
        the start of the recording, each at the end of its step: `SpikingRun.trace_times`.
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


@guarded
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpikeInputs:
    """Explicit input spikes, each onto one synapse list of its own.

    Parameters
    ----------
    steps : ndarray of int, shape (n_events,)
        Step at which the event enters the update, its delay added. Counted from the start of
        the network: the first update is step 1 and yields V(dt), the warm-up counts, and a run
        that goes on from a state goes on counting.
    targets : ndarray of int, shape (n_events,)
        Neuron, numbered through all populations.
    weights : ndarray, shape (n_events,)
        Jump, V; a kick, 1, where an input named by `inputs` is a conductance.
    inputs : ndarray of int, shape (n_events,), optional
        Poisson input of the drive whose receptor the spike acts on; that of its sign when not
        given. Not for networks of plain LIF neurons, where a sign tells enough.

    Raises
    ------
    ParameterError
        The arrays differ in length, a step is below 1, a neuron below 0, a weight no jump in V.
    """

    steps: IntArray
    targets: IntArray
    weights: FloatArray
    inputs: IntArray | None = None

    def __post_init__(self) -> None:
        """Keep arrays; refuse what cannot be an event of any network."""
        given = [n for n in ("steps", "targets", "weights", "inputs") if self._has(n)]
        for name in given:
            object.__setattr__(self, name, np.asarray(getattr(self, name)))
        shapes = [getattr(self, name).shape for name in given]
        if len(set(shapes)) > 1 or self.steps.ndim != 1:
            msg = f"SpikeInputs: {', '.join(given)} of shapes {shapes} must be equally long"
            raise ParameterError(msg)
        for name, least in (("steps", 1), ("targets", 0), ("inputs", 0)):
            if name not in given:
                continue
            values = getattr(self, name)
            if not np.issubdtype(values.dtype, np.integer) or np.any(values < least):
                msg = (
                    f"SpikeInputs.{name} ({values.dtype}, from {np.min(values, initial=least)}) "
                    f"must be whole numbers from {least}; steps count from the start of the "
                    "network, the first is 1"
                )
                raise ParameterError(msg)
        spec = JUMP if self.inputs is None else KICK
        object.__setattr__(self, "weights", argument("SpikeInputs.weights", self.weights, spec))

    def _has(self, name: str) -> bool:
        return getattr(self, name) is not None


@guarded
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PerNeuron:
    """Parameters of single neurons, instead of those of their population.

    Parameters
    ----------
    tau_m, tau_ref, V_th, V_reset, mu_dc : ndarray, shape (n_neurons,), optional
        As in `LIFNeurons` and `Drive`; None keeps the population's value.
    rate_ext : ndarray, shape (n_neurons, n_inputs), optional
        Total rate of each Poisson input, Hz.
    capacitance : ndarray, shape (n_neurons,), optional
        Membrane capacitance over that of the population: a spike moves V by so much less.
    rest : ndarray, shape (n_neurons,), optional
        Resting potential above that of the population, V. Potentials, of parameters and of traces,
        are relative to the rest of their neuron; reversal potentials are lower by it.
    model : mapping of str to ndarray, shape (n_neurons,)
        Further fields of the neurons of the network by name, such as ``{"b": ...}`` of AdEx.
    """

    tau_m: FloatArray | None = None
    tau_ref: FloatArray | None = None
    V_th: FloatArray | None = None
    V_reset: FloatArray | None = None
    mu_dc: FloatArray | None = None
    rate_ext: FloatArray | None = None
    capacitance: FloatArray | None = None
    rest: FloatArray | None = None
    model: Mapping[str, FloatArray] = field(default_factory=dict)

    def given(self) -> dict[str, FloatArray]:
        """Return what is given, by name."""
        own = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "model"}
        return {name: array for name, array in own.items() if array is not None} | {**self.model}


@guarded
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inputs:
    """Drive beyond the constant one of the network.

    Parameters
    ----------
    V0 : ndarray, shape (n_neurons,), optional
        Initial membrane potentials, V; uniform in [0, V_th) when not given. Those of Izhikevich
        networks are absolute, and at rest when not given.
    w0 : ndarray, shape (n_neurons,), optional
        Initial adaptation, V, of Izhikevich networks u, A; zero when not given.
    open0 : mapping of str to ndarray, shape (n_neurons,), optional
        Initial current R I (V), or conductance over that of the leak, of the receptors that each
        named population acts on, of Izhikevich networks conductance by name of the receptor, S;
        zero when not given. Neither is for networks of plain LIF neurons.
    rates : ndarray, shape (n_intervals, n_pops, n_inputs), optional
        Total Poisson rates in consecutive intervals, Hz, instead of the constant
        `drive.rate`; the last one holds on.
    rate_interval : float
        Length of the intervals, s. The first begins with the network, not with the recording:
        the warm-up counts, and a run that goes on from a state goes on counting.
    mu_dc : ndarray, shape (n_intervals, n_pops), optional
        Constant drive R I in consecutive intervals, V, instead of `drive.mu_dc`; the last one
        holds on.
    mu_dc_interval : float
        Length of these intervals, s, counted like those of the rates.
    events : SpikeInputs, optional
        Explicit input spikes.
    neurons : PerNeuron, optional
        Parameters and rates that differ from neuron to neuron.
    """

    V0: FloatArray | None = None
    w0: FloatArray | None = None
    open0: Mapping[str, FloatArray] | None = None
    rates: FloatArray | None = None
    rate_interval: float = 0.0
    mu_dc: FloatArray | None = None
    mu_dc_interval: float = 0.0
    events: SpikeInputs | None = None
    neurons: PerNeuron | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Request:
    """Everything asked of one run besides network and wiring."""

    settings: SimulationParams
    seed: int
    record: Recorder = field(default_factory=Recorder)
    inputs: Inputs = field(default_factory=Inputs)
    state: State | None = None
    threads: int | None = None


def check_grid(network: PopulationNetwork, settings: SimulationParams) -> None:
    """Refuse delays and refractory times off the grid, and lists beyond the memory."""
    instance("settings", settings, SimulationParams)
    for name, time, least in network.times_on_grid(settings.dt):
        in_steps(name, time, settings.dt, least=least)
    smallest = 0.8 * min(network.n_synapses * 2.0, float(network.sizes.sum()) ** 2 / 8.0)
    check_memory(smallest, f"the wiring of {network.n_synapses:.3g} synapses")


def check_memory(n_bytes: float, what: str) -> None:
    """Refuse a request for more memory than the machine has, before anything is built."""
    available = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if n_bytes > available:
        msg = (
            f"{what} needs {n_bytes / 1e9:.1f} GB, this machine has {available / 1e9:.1f} GB; "
            "scale the network down (in-degrees and sizes)"
        )
        raise SimulationError(msg)


def check_recording(recording: Recorder, network: AnyNetwork) -> None:
    """Refuse traces of neurons that do not exist, and currents that do not."""
    instance("network", network, PopulationNetwork, IzhikevichNetwork)
    instance("record", recording, Recorder)
    for name in ("voltages", "current_neurons"):
        _check_neurons(f"Recorder.{name}", getattr(recording, name), network)
    if recording.currents == "none":
        return
    if isinstance(network, PopulationNetwork) and network.is_delta:
        msg = (
            f"Recorder.currents = {recording.currents!r}: delta synapses have no currents; give "
            "the network synaptic time constants (tau_s), or take currents from its spikes with "
            "cortex.lfp"
        )
        raise ParameterError(msg)
    if recording.currents == "neuron" and not len(recording.current_neurons):
        msg = "Recorder.currents = 'neuron' needs current_neurons"
        raise ParameterError(msg)


def check_events(inputs: Inputs, network: PopulationNetwork, last: int) -> None:
    """Refuse input spikes onto neurons that do not exist, and such that all come too late.

    Some may lie beyond the `last` step of a run that another one goes on from.
    """
    events = inputs.events
    if events is None:
        return
    _check_neurons("SpikeInputs.targets", events.targets, network)
    if events.steps.size and events.steps.min() > last:
        msg = (
            f"SpikeInputs.steps begin with {events.steps.min()}, the run ends with step {last} and "
            "sees none of them; are they steps of this dt? Lengthen the run or leave them out"
        )
        raise ParameterError(msg)


def _check_neurons(name: str, neurons: Sequence[int] | IntArray, network: AnyNetwork) -> None:
    ids, n = np.asarray(neurons, dtype=np.int64), int(network.sizes.sum())
    if ids.size and not 0 <= ids.min() <= ids.max() < n:
        msg = f"{name} = {ids.min()}..{ids.max()} leaves the {n} neurons"
        raise ParameterError(msg)
