"""What a simulation returns: spikes, binned rates, traces and its final state."""

from dataclasses import dataclass, field

import numpy as np

from cortex.errors import SimulationError
from cortex.spikes import Spikes
from cortex.typing import AnyArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class State:
    """Everything a run needs to go on where another stopped, bit for bit.

    Parameters
    ----------
    kernel : {"bits", "lists", "cells", "izhikevich"}
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
        Recorded spikes; empty when they were streamed elsewhere or not wanted. Those of
        Izhikevich networks have times within their steps.
    rate_bin : float
        Width of the bins of `rates`, s; zero when rates were not asked for.
    rates : ndarray, shape (n_bins, n_pops)
        Population rates per neuron, Hz.
    trace_dt : float
        Resolution of the traces, s; zero when none were asked for.
    traces : dict of str to ndarray
        Recorded traces, time leading, V: ``"V"`` of shape (n_times, n_recorded),
        currents ``"exc"`` and ``"inh"`` (as R I; of Izhikevich networks in A) per neuron or
        population. A sample is the
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
