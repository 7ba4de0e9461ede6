"""What a simulation returns: spikes in time order, binned rates, traces and its final state."""

from dataclasses import dataclass, field

import numpy as np

from cortex.errors import ParameterError, SimulationError
from cortex.typing import AnyArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spikes:
    """Spikes of all populations in time order, neurons ascending within a step.

    Parameters
    ----------
    steps : ndarray of int32, shape (n_spikes,)
        Step of each spike after the start of the recording: step k lies in
        ``(k dt, (k + 1) dt]``.
    neurons : ndarray of int32, shape (n_spikes,)
        Neuron, numbered through all populations.
    dt : float
        Length of a step, s.
    n_steps : int
        Recorded steps.
    names, sizes : tuple of str, ndarray of int
        Populations and their numbers of neurons.

    Raises
    ------
    ParameterError
        Spikes out of time order, outside the recorded steps, or of neurons that do not exist.
    """

    steps: AnyArray
    neurons: AnyArray
    dt: float
    n_steps: int
    names: tuple[str, ...]
    sizes: IntArray

    def __post_init__(self) -> None:
        """Refuse what compiled statistics, which do not look, would read past their arrays."""
        steps, neurons = np.asarray(self.steps), np.asarray(self.neurons)
        whole = all(np.issubdtype(each.dtype, np.integer) for each in (steps, neurons))
        if not whole or steps.ndim != 1 or steps.shape != neurons.shape:
            msg = (
                f"Spikes: steps ({steps.dtype}, {steps.shape}) and neurons ({neurons.dtype}, "
                f"{neurons.shape}) must be whole numbers, one of each per spike"
            )
            raise ParameterError(msg)
        n = int(np.sum(self.sizes))
        if steps.size and not 0 <= neurons.min() <= neurons.max() < n:
            msg = f"Spikes.neurons = {neurons.min()}..{neurons.max()} leaves the {n} neurons"
            raise ParameterError(msg)
        if np.any(steps[1:] < steps[:-1]):
            msg = "Spikes.steps are not in time order; sort steps and neurons by step"
            raise ParameterError(msg)
        if steps.size and not 0 <= steps[0] <= steps[-1] < self.n_steps:
            msg = f"Spikes.steps = {steps[0]}..{steps[-1]} leaves the {self.n_steps} recorded steps"
            raise ParameterError(msg)

    @property
    def duration(self) -> float:
        """Recorded time, s."""
        return self.n_steps * self.dt

    @property
    def times(self) -> FloatArray:
        """Spike times after the start of the recording, s: the end of each step, (k + 1) dt."""
        return (self.steps + 1.0) * self.dt

    @property
    def first(self) -> IntArray:
        """First neuron of each population, and the total at the end."""
        return np.concatenate([[0], np.cumsum(self.sizes)])

    def of(self, name: str) -> "Spikes":
        """Return the spikes of one population, its neurons numbered from 0.

        Raises
        ------
        ParameterError
            There is no such population.
        """
        if name not in self.names:
            msg = f"no population {name!r}; there are {', '.join(self.names)}"
            raise ParameterError(msg)
        p = self.names.index(name)
        low, high = int(self.first[p]), int(self.first[p + 1])
        mine = (self.neurons >= low) & (self.neurons < high)
        return Spikes(
            steps=self.steps[mine],
            neurons=self.neurons[mine] - np.int32(low),
            dt=self.dt,
            n_steps=self.n_steps,
            names=(name,),
            sizes=self.sizes[p : p + 1],
        )

    def between(self, start: int, stop: int) -> "Spikes":
        """Return the recording from step `start` up to `stop`, counted from its own start."""
        low, high = np.searchsorted(self.steps, [start, stop])
        return Spikes(
            steps=self.steps[low:high] - np.int32(start),
            neurons=self.neurons[low:high],
            dt=self.dt,
            n_steps=stop - start,
            names=self.names,
            sizes=self.sizes,
        )

    def mean_rates(self) -> FloatArray:
        """Return the mean rate of each population, shape (n_pops,), Hz."""
        counts = np.bincount(self.neurons, minlength=int(self.first[-1]))
        totals = np.add.reduceat(counts, self.first[:-1])
        rates: FloatArray = totals / (self.sizes * self.duration)
        return rates


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class State:
    """Everything a run needs to go on where another stopped, bit for bit.

    Parameters
    ----------
    kernel : {"bits", "lists"}
        Which compiled run the state belongs to.
    step : int
        Steps done since the start of the network.
    sizes : ndarray of int, shape (n_pops,)
        Neurons of each population of the network.
    arrays : dict of str to ndarray
        State variables of the kernel, including the random streams.
    """

    kernel: str
    step: int
    sizes: IntArray
    arrays: dict[str, AnyArray] = field(repr=False)

    def copied(self, like: dict[str, AnyArray], sizes: IntArray) -> dict[str, AnyArray]:
        """Return copies of the arrays to go on with, in the precision of the run.

        Parameters
        ----------
        like : dict of str to ndarray
            Arrays with which the run would begin; shapes and types must be theirs.
        sizes : ndarray of int, shape (n_pops,)
            Neurons of each population.

        Raises
        ------
        SimulationError
            The state belongs to another network or wiring.
        """
        if not np.array_equal(self.sizes, sizes) or self.arrays.keys() != like.keys():
            msg = f"the state of a network of {self.sizes} neurons does not fit one of {sizes}"
            raise SimulationError(msg)
        for name, array in self.arrays.items():
            wanted = like[name]
            if array.shape != wanted.shape or array.dtype.kind != wanted.dtype.kind:
                msg = (
                    f"{name} of the state is {array.dtype} {array.shape}, this run needs "
                    f"{wanted.dtype} {wanted.shape}: pass the network and wiring it was made with"
                )
                raise SimulationError(msg)
        return {name: array.astype(like[name].dtype) for name, array in self.arrays.items()}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpikingRun:
    """Result of `cortex.spiking.simulate`.

    Parameters
    ----------
    spikes : Spikes
        Recorded spikes; empty when they were streamed elsewhere or not wanted.
    rate_bin : float
        Width of the bins of `rates`, s; zero when rates were not asked for.
    rates : ndarray, shape (n_bins, n_pops)
        Population rates per neuron, Hz.
    trace_dt : float
        Resolution of the traces, s; zero when none were asked for.
    traces : dict of str to ndarray
        Recorded traces, time leading, V: ``"V"`` of shape (n_times, n_recorded),
        currents ``"exc"`` and ``"inh"`` (as R I) per neuron or population. A sample is the
        state after an update, at `trace_times`: V after a reset, currents with the jumps that
        arrive then, which move V from the next update on.
    kernel : str
        The compiled run that was used.
    state : State
        Where the run stopped; pass it to `simulate` to go on.
    """

    spikes: Spikes
    rate_bin: float
    rates: FloatArray
    trace_dt: float
    traces: dict[str, FloatArray]
    kernel: str
    state: State

    @property
    def trace_times(self) -> FloatArray:
        """Times of the trace samples after the start of the recording, s.

        Sample j lies at dt + j `trace_dt`: the first step of the recording ends at dt, and a
        spike of that step lies there too.
        """
        n_times = len(next(iter(self.traces.values()), ()))
        return self.spikes.dt + self.trace_dt * np.arange(n_times, dtype=np.float64)
