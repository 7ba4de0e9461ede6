"""Recorded synaptic currents: their times, their sign, and how each class enters the LFP."""

from dataclasses import dataclass

import numpy as np

from cortex.arguments import guarded
from cortex.errors import ParameterError
from cortex.lfp.grid import COARSEST
from cortex.lfp.kernels import LONGEST
from cortex.params.lfp import RWS, WeightedSumParams
from cortex.typing import FloatArray


@guarded
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CurrentClass:
    """One class of synaptic currents and how it enters the LFP.

    Parameters
    ----------
    time : ndarray of shape (n_times,)
        Sample times, s, increasing.
    current : ndarray of shape (n_times, n_sources)
        Signed currents, A (excitatory positive).
    weight : float
        Factor in the weighted sum: 1 for AMPA, -alpha for GABA.
    delay : float
        The sum at t reads the current at ``t - delay``, s; negative reads the future.
    name : str
        For messages.
    """

    time: FloatArray
    current: FloatArray
    weight: float = 1.0
    delay: float = 0.0
    name: str = "current"

    def __post_init__(self) -> None:
        """Refuse shapes, orders and values that would be scrambled silently."""
        n_times = len(self.time) if np.ndim(self.time) == 1 else -1
        if np.ndim(self.current) != 2 or np.shape(self.current)[0] != n_times:
            msg = (
                f"{self.name}: current has shape {np.shape(self.current)} and time "
                f"{np.shape(self.time)}; needs (n_times, n_sources) and (n_times,): transposed?"
            )
            raise ParameterError(msg)
        if n_times == 0 or not np.all(np.isfinite(self.time)) or np.any(np.diff(self.time) <= 0):
            msg = f"{self.name}: time must hold at least one value, finite and increasing"
            raise ParameterError(msg)
        step = (self.time[-1] - self.time[0]) / max(n_times - 1, 1)
        if step > COARSEST or not abs(self.delay) <= LONGEST:
            msg = (
                f"{self.name}: steps of {step:g} s and a delay of {self.delay:g} s; allowed are "
                f"{COARSEST} s and {LONGEST} s; are times in ms?"
            )
            raise ParameterError(msg)


@guarded
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SynapticCurrents:
    """Synaptic currents on a time grid; excitatory positive, inhibitory negative.

    Parameters
    ----------
    time : ndarray of shape (n_steps,)
        Times of the samples, s.
    ampa, gaba : ndarray of shape (n_steps,) or (n_steps, n_units)
        Signed currents, A.
    nmda, gaba_b : ndarray of the same shape, optional
        Slow currents; they share weight and delay of AMPA and GABA.
    """

    time: FloatArray
    ampa: FloatArray
    gaba: FloatArray
    nmda: FloatArray | None = None
    gaba_b: FloatArray | None = None

    def __post_init__(self) -> None:
        """Refuse currents of the other sign convention."""
        for name, sign in (("ampa", 1.0), ("gaba", -1.0), ("nmda", 1.0), ("gaba_b", -1.0)):
            current = getattr(self, name)
            if current is not None and sign * np.sum(current) < 0.0:
                expected = "positive" if sign > 0.0 else "negative"
                msg = f"{name} has the wrong sign on average; its currents are {expected} here"
                raise ParameterError(msg)

    def classes(self, weighting: WeightedSumParams = RWS) -> tuple[CurrentClass, ...]:
        """Return the currents with their weights and delays in the weighted sum."""
        excitatory = (1.0, weighting.delay_ampa)
        inhibitory = (-weighting.alpha, weighting.delay_gaba)
        found = (
            ("ampa", self.ampa, excitatory),
            ("gaba", self.gaba, inhibitory),
            ("nmda", self.nmda, excitatory),
            ("gaba_b", self.gaba_b, inhibitory),
        )
        return tuple(
            CurrentClass(
                time=self.time,
                current=current[:, None] if current.ndim == 1 else current,
                weight=weight,
                delay=delay,
                name=name,
            )
            for name, current, (weight, delay) in found
            if current is not None
        )
