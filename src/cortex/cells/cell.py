"""What a model of a neuron has to say."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cortex.params.base import Block
from cortex.params.lif import Neurons

Slopes = Callable[[float, float, float, Any], tuple[float, float]]
"""(V, w, RI, p) -> (dV/dt, dw/dt): potential and adaptation (V), R I (V), parameters; V/s.

V is at most the peak; numbers written out are of Python, so that float32 stays float32.
"""

Hazard = Callable[[float, float, Any], float]
"""(V, shift, p) -> rate at which a neuron fires, 1/s; the shift of its threshold is in V."""


def never(V: float, shift: float, p: Any) -> float:  # noqa: ARG001
    """Return zero: the neuron fires at its threshold, and nowhere else."""
    return 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A model of a neuron.

    The functions are plain Python that numba compiles (`cortex.spiking`): scalars in, scalars
    out, no branches that raise. `p` holds the fields of `neurons` in their order.

    Parameters
    ----------
    params : type
        One neuron as papers state it, absolute potentials and own units; `normal()` gives the
        fields of `neurons`.
    neurons : type
        Arrays of neurons in the normal form.
    slopes : callable
        Right-hand side of the equations.
    largest_move : callable
        (V, p) -> the largest change of V in one substep of the accurate integration, V.
    n_variables : int
        1 with V alone, 2 with an adaptation variable w, which a spike raises by the field ``b``.
    hazard : callable
        Rate of spikes, for models that fire at random instead of at a threshold. A spike raises the
        shift of the threshold by the field ``b_th``; it decays with ``tau_th``.
    is_linear : bool
        Whether V decays exponentially, tau_m dV/dt = -V + R I, so that currents have an exact
        solution.
    spikes_between_steps : bool
        Whether V runs away to `peak` and crosses it between the points of the grid; else
        the threshold is tested on the grid.
    """

    params: type[Block]
    neurons: type[Neurons]
    slopes: Slopes
    largest_move: Callable[[float, Any], float]
    n_variables: int
    hazard: Hazard = never
    is_linear: bool = False
    spikes_between_steps: bool = True

    @property
    def is_random(self) -> bool:
        """Whether spikes are drawn."""
        return self.hazard is not never
