"""What a simulation returns: spikes in time order, binned rates, traces and its final state."""

from dataclasses import dataclass, field

import numpy as np

from cortex.errors import ParameterError
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
    """

    steps: AnyArray
    neurons: AnyArray
    dt: float
    n_steps: int
    names: tuple[str, ...]
    sizes: IntArray

    @property
    def duration(self) -> float:
        """Recorded time, s."""
        return self.n_steps * self.dt

    @property
    def times(self) -> FloatArray:
        """Spike times after the start of the recording, s."""
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
    arrays : dict of str to ndarray
        State variables of the kernel, including the random streams.
    """

    kernel: str
    step: int
    arrays: dict[str, AnyArray] = field(repr=False)


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
        currents ``"exc"`` and ``"inh"`` (as R I) per neuron or population.
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
