"""The normal form of a network of populations, read alike by theory and simulation."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from cortex.arguments import guarded
from cortex.errors import ParameterError
from cortex.params.arrays import Arrays, frozen, instance, spread
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons, Neurons
from cortex.params.nmda import NMDA
from cortex.params.space import NetworkSpace
from cortex.params.spec import Quantity
from cortex.params.synapses import Synapses
from cortex.typing import FloatArray, IntArray

SIZES: Final = Quantity(unit="1", low=1.0, high=1e8, doc="neurons")


@guarded
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PopulationNetwork:
    """Populations of neurons with Poisson and d.c. drive, SI, ``[target, source]``.

    Parameters
    ----------
    names : tuple of str
        Population names, in any order.
    sizes : ndarray of int, shape (n_pops,)
        Number of neurons.
    neurons : Neurons
        Arrays of shape (n_pops,): `LIFNeurons`, or those of another model in `cortex.cells`, the
        same for all populations.
    synapses : Synapses
        Arrays of shape (n_pops, n_pops).
    drive : Drive
        Arrays of shape (n_pops, n_inputs), the constant drive of shape (n_pops,).
    space : NetworkSpace, optional
        The ring, sheet or volume in which the populations lie, profiles of shape (n_pops, n_pops).
    nmda : NMDA, optional
        NMDA receptors beside the synapses.

    Raises
    ------
    ParameterError
        An array does not broadcast to its shape; the message names it.
    """

    names: tuple[str, ...]
    sizes: IntArray
    neurons: Neurons
    synapses: Synapses
    drive: Drive
    space: NetworkSpace | None = None
    nmda: NMDA | None = None

    def __post_init__(self) -> None:
        """Give every array its full shape; refuse what does not fit."""
        n = len(self.names)
        kinds = (("neurons", Arrays), ("synapses", Synapses), ("drive", Drive))
        for name, kind in kinds:
            instance(f"PopulationNetwork.{name}", getattr(self, name), kind)
        object.__setattr__(self, "sizes", _whole(self.sizes, n))
        object.__setattr__(self, "neurons", spread(self.neurons, (n,)))
        object.__setattr__(self, "synapses", spread(self.synapses, (n, n)))
        drive = spread(self.drive, (n, self.drive.n_inputs), mu_dc=(n,))
        object.__setattr__(self, "drive", drive)
        if self.nmda is not None:
            alike = {"block": (n,), "E_rev": (n,), "tau_rise": (), "tau_s": (), "alpha": ()}
            object.__setattr__(self, "nmda", spread(self.nmda, (n, n), **alike))
        if self.space is not None:
            object.__setattr__(self, "space", self.space.spread(n))
            for name, size in zip(self.names, self.sizes.tolist(), strict=True):
                if self.space.positions != "random":
                    self.space.grid_shape(name, size)

    @property
    def n_pops(self) -> int:
        """Number of populations."""
        return len(self.names)

    @property
    def is_plain(self) -> bool:
        """Whether it consists of LIF neurons with delta synapses or exponential currents."""
        has_plain_input = self.synapses.is_plain and self.drive.is_plain and self.nmda is None
        return isinstance(self.neurons, LIFNeurons) and has_plain_input

    @property
    def lif(self) -> LIFNeurons:
        """The neurons, for what holds for plain networks of LIF neurons only.

        Raises
        ------
        ParameterError
            Neurons of another model, conductances, rise times, plastic synapses, NMDA receptors.
        """
        if isinstance(self.neurons, LIFNeurons) and self.is_plain:
            return self.neurons
        told = [f"neurons of the model {self.neurons.MODEL}"]
        told = [] if isinstance(self.neurons, LIFNeurons) else told
        if np.any(self.synapses.g > 0.0) or np.any(self.drive.g > 0.0):
            told.append("conductances")
        if np.any(self.synapses.tau_rise > 0.0) or np.any(self.drive.tau_rise > 0.0):
            told.append("rise times")
        if np.any(self.synapses.tau_rec > 0.0) or np.any(self.synapses.U < 1.0):
            told.append("short-term plasticity")
        if self.nmda is not None:
            told.append("NMDA receptors")
        msg = (
            f"this holds for LIF neurons with delta synapses or exponential currents; the network "
            f"has {' and '.join(told)}: simulate it"
        )
        raise ParameterError(msg)

    @property
    def first(self) -> IntArray:
        """Index of the first neuron of each population, and the total at the end."""
        return np.concatenate([[0], np.cumsum(self.sizes)])

    @property
    def weight_cv(self) -> FloatArray:
        """Standard deviation of single weights over their mean, by law and by kernel."""
        cv: FloatArray = self.synapses.J_cv.copy()
        for pair, each in (self.space.weights if self.space else {}).items():
            cv[pair] = each.cv
        return cv

    @property
    def n_synapses(self) -> float:
        """Expected number of recurrent synapses."""
        return float(self.synapses.in_degrees.sum(axis=1) @ self.sizes)

    @property
    def has_conductances(self) -> bool:
        """Whether any synapses are conductances, whose currents depend on V."""
        recurrent = np.any(self.synapses.exist & (self.synapses.g > 0.0))
        return self.nmda is not None or bool(recurrent or np.any(self.drive.g > 0.0))

    @property
    def jumps(self) -> FloatArray:
        """What a spike adds to V in all, of conductances at threshold: J + g (E_rev - V_th), V."""
        driving = self.synapses.E_rev - self.neurons.V_th[:, np.newaxis]
        jumps: FloatArray = self.synapses.J + self.synapses.g * driving
        return jumps

    @property
    def is_delta(self) -> bool:
        """Whether all synapses are instantaneous."""
        return not (np.any(self.synapses.tau_s) or np.any(self.drive.tau_s))

    def thinned(self, share: float) -> "PopulationNetwork":
        """Return the network with a share of its neurons and of the synapses of each."""
        if share == 1.0:
            return self
        sizes = np.maximum(np.rint(self.sizes * share), 1).astype(np.int64)
        in_degrees = self.synapses.in_degrees * share
        return replace(self, sizes=sizes, synapses=replace(self.synapses, in_degrees=in_degrees))

    def times_on_grid(self, dt: float) -> Iterator[tuple[str, float, int]]:
        """Yield what `dt` must divide: each different time (s), its name, its fewest steps.

        Of delays that scatter, the mean must only not lie below `dt`.
        """
        synapses = self.synapses
        single = (synapses.delay_sd == 0.0) | (synapses.delay_distribution == "none")
        targets, sources = np.nonzero(synapses.exist & (single | (synapses.delay < dt)))
        delays, at = np.unique(synapses.delay[targets, sources], return_index=True)
        for delay, i in zip(delays.tolist(), at, strict=True):
            target, source = self.names[targets[i]], self.names[sources[i]]
            yield f"delay from {source} to {target}", delay, 1
        times, at = np.unique(self.neurons.tau_ref, return_index=True)
        for time, i in zip(times.tolist(), at, strict=True):
            yield f"refractory time of {self.names[i]}", time, 0


def _whole(sizes: IntArray, n_pops: int) -> IntArray:
    """Return a copy that nobody can change; refuse parts of neurons."""
    where = "PopulationNetwork.sizes"
    checked = frozen(where, sizes, SIZES)
    if checked.shape != (n_pops,):
        msg = f"{where} has shape {checked.shape}, needs {(n_pops,)}"
        raise ParameterError(msg)
    whole: IntArray = checked.astype(np.int64)
    if not np.array_equal(whole, checked):
        msg = f"{where} = {sizes} must be whole numbers of neurons"
        raise ParameterError(msg)
    whole.flags.writeable = False
    return whole
