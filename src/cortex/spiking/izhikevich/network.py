"""What an Izhikevich network is made of: populations, pathways, receptors, drives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
from scipy import sparse

from cortex.arguments import guarded
from cortex.connectivity.projection import Projection
from cortex.errors import ParameterError
from cortex.params.izhikevich import RECEPTORS, IzhikevichCell, ReceptorParams
from cortex.params.spec import Quantity
from cortex.typing import FloatArray, IntArray

Scheme = Literal["standard", "reference"]
WEIGHT = Quantity(unit="nS", low=0.0, high=1e4, doc="conductance; inhibition is a receptor")
FACTOR = Quantity(unit="1", low=0.0, high=1e6, doc="share of the weight that opens a receptor")
DELAY = Quantity(unit="ms", low=0.0, high=1000.0, doc="transmission delay")
RATE = Quantity(unit="Hz", low=0.0, high=1e6, doc="Poisson spikes onto a neuron")


@guarded
@dataclass(frozen=True, slots=True, kw_only=True)
class IzhikevichPopulation:
    """`size` cells of one kind.

    Parameters
    ----------
    name : str
        What pathways and drives call it.
    size : int
        Number of neurons.
    cell : IzhikevichCell
        Parameters shared by its neurons.
    """

    name: str
    size: int
    cell: IzhikevichCell

    def __post_init__(self) -> None:
        """Refuse an empty population."""
        if self.size < 1:
            msg = f"population {self.name!r} has {self.size} neurons, needs at least 1"
            raise ParameterError(msg)


@guarded
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pathway:
    """Synapses from one population to another that open the same mix of receptors.

    Parameters
    ----------
    source, target : str
        Names of the populations.
    weights : ndarray, scipy.sparse array of shape (n_target, n_source), or Projection
        Conductance added by one spike, S; dense or sparse, ``[target, source]``, or a projection
        with weights, as the rules of `cortex.connectivity` return it.
    receptors : mapping of str to float
        Receptor -> factor of the weight that opens it; ``{"ampa": 0.1, "nmda": 1.0}``.
        Receptors with weights of their own are two pathways.
    delay : float
        Transmission delay, s; a multiple of the time step.
    """

    source: str
    target: str
    weights: Any  # scipy.sparse arrays have no common type with `data`
    receptors: Mapping[str, float]
    delay: float = 0.0

    def __post_init__(self) -> None:
        """Refuse unknown receptors, negative or non-finite numbers."""
        where = f"pathway {self.source} -> {self.target}"
        if isinstance(self.weights, Projection):
            if self.weights.weights is None or self.weights.delays is not None:
                msg = f"{where}: a projection needs weights (S), and no delays: `delay` is for all"
                raise ParameterError(msg)
            object.__setattr__(self, "weights", self.weights.sparse())
        unknown = [name for name in self.receptors if name not in RECEPTORS]
        if unknown or not self.receptors:
            msg = f"{where}: unknown receptors {unknown}; known: {', '.join(RECEPTORS)}"
            raise ParameterError(msg)
        is_sparse = sparse.issparse(self.weights)
        stored = np.asarray(self.weights.data if is_sparse else self.weights)
        for extreme in (stored.min(), stored.max()) if stored.size else ():
            WEIGHT.check(f"{where}: weight", float(extreme))
        for name, factor in self.receptors.items():
            FACTOR.check(f"{where}: factor of {name}", factor)
        DELAY.check(f"{where}: delay", self.delay)


@guarded
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CurrentDrive:
    """Injected current, constant while it is on, or one value per step.

    Parameters
    ----------
    target : str
        Name of the population.
    amplitude : float or ndarray of shape (n,) or (n_steps, n)
        Current, A: shared, per neuron, or per step and neuron.
    start, stop : float
        When it is on, s from the start of the network; a current per step covers the whole run.
    """

    target: str
    amplitude: float | FloatArray
    start: float = 0.0
    stop: float = np.inf

    def __post_init__(self) -> None:
        """Refuse currents that are not finite or implausibly large."""
        amplitude = np.asarray(self.amplitude, dtype=float)
        if not np.all(np.isfinite(amplitude)):
            bad = tuple(int(i) for i in np.argwhere(~np.isfinite(amplitude))[0])
            msg = f"current into {self.target!r} is not finite at index {bad}"
            raise ParameterError(msg)
        if np.any(np.abs(amplitude) > 1e-6):
            msg = (
                f"current into {self.target!r} reaches {np.max(np.abs(amplitude)):g} A, above "
                "1 µA; is it in pA? Then multiply by 1e-12"
            )
            raise ParameterError(msg)
        _check_window(f"current into {self.target!r}", self.start, self.stop)


@guarded
@dataclass(frozen=True, slots=True, kw_only=True)
class PoissonDrive:
    """Independent Poisson spikes onto each neuron of a population.

    Parameters
    ----------
    target : str
        Name of the population.
    rate : float
        Spikes per neuron and second, Hz, summed over its sources.
    weight : float
        Conductance added by one spike, S.
    receptor : str
        Receptor it opens.
    start, stop : float
        When it is on, s from the start of the network.
    """

    target: str
    rate: float
    weight: float
    receptor: str = "ampa"
    start: float = 0.0
    stop: float = np.inf

    def __post_init__(self) -> None:
        """Refuse an unknown receptor, negative or implausible numbers."""
        where = f"Poisson drive of {self.target!r}"
        if self.receptor not in RECEPTORS:
            msg = f"{where}: unknown receptor {self.receptor!r}; known: {', '.join(RECEPTORS)}"
            raise ParameterError(msg)
        RATE.check(f"{where}: rate", self.rate)
        WEIGHT.check(f"{where}: weight", self.weight)
        _check_window(where, self.start, self.stop)


def _check_window(where: str, start: float, stop: float) -> None:
    if not 0.0 <= start < stop:
        msg = f"{where}: on from {start} s to {stop} s; needs 0 <= start < stop"
        raise ParameterError(msg)


Drive = CurrentDrive | PoissonDrive


@guarded
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IzhikevichNetwork:
    """Populations of Izhikevich cells, their pathways, receptors and drives, SI.

    `cortex.spiking.simulate` runs it as any other network, with the same settings and recordings.

    Parameters
    ----------
    populations : tuple of IzhikevichPopulation
        Excitatory first.
    pathways : tuple of Pathway
        All synapses.
    receptors : ReceptorParams
        Kinetics shared by all synapses.
    drives : tuple of CurrentDrive and PoissonDrive
        Input.
    scheme : {"standard", "reference"}
        "standard": exponential decay of conductances, Heun's step, peaks and resets found
        within the step, delays. "reference": Euler, reset in the step after the peak, no
        decay of a spiking source's conductances in that step, an NMDA gate that opens again
        below -80 mV; repeats the published notebook of the Cano-Colino network spike for spike.

    Raises
    ------
    ParameterError
        Names are not unique, a pathway or drive is of an unknown population or has the wrong
        shape, the reference scheme is asked for delays or Poisson input.

    Examples
    --------
    >>> from cortex.params.izhikevich import FAST_SPIKING
    >>> from cortex.params.simulation import SimulationParams
    >>> from cortex.spiking import simulate
    >>> net = IzhikevichNetwork(
    ...     populations=(IzhikevichPopulation(name="I", size=3, cell=FAST_SPIKING),),
    ...     drives=(CurrentDrive(target="I", amplitude=200e-12),),
    ... )
    >>> settings = SimulationParams(dt=1e-4, warm_up=0.0, duration=1.0, precision="float64")
    >>> simulate(net, settings, seed=1).spikes.mean_rates().tolist()
    [77.0]
    """

    populations: tuple[IzhikevichPopulation, ...]
    pathways: tuple[Pathway, ...] = ()
    receptors: ReceptorParams = field(default_factory=ReceptorParams)
    drives: tuple[Drive, ...] = ()
    scheme: Scheme = "standard"

    def __post_init__(self) -> None:
        """Refuse unknown populations, weights of the wrong shape, what a scheme has not."""
        if len(set(self.names)) != len(self.populations) or not self.populations:
            msg = f"population names must be unique and at least one, got {self.names}"
            raise ParameterError(msg)
        for pathway in self.pathways:
            shape = (self.size(pathway.target), self.size(pathway.source))
            if np.shape(pathway.weights) != shape:
                msg = (
                    f"pathway {pathway.source} -> {pathway.target}: weights have shape "
                    f"{np.shape(pathway.weights)}, need (n_target, n_source) = {shape}"
                )
                raise ParameterError(msg)
        for drive in self.drives:
            self.index(drive.target)
        if self.scheme not in get_args(Scheme):
            msg = f"scheme {self.scheme!r} is neither 'standard' nor 'reference'"
            raise ParameterError(msg)
        beyond = "delays" if any(pathway.delay for pathway in self.pathways) else ""
        if any(isinstance(drive, PoissonDrive) for drive in self.drives):
            beyond = "Poisson input"
        if self.scheme == "reference" and beyond:
            msg = f"the reference scheme knows no {beyond}; use scheme='standard'"
            raise ParameterError(msg)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the populations."""
        return tuple(population.name for population in self.populations)

    @property
    def sizes(self) -> IntArray:
        """Number of neurons of each population."""
        return np.array([population.size for population in self.populations])

    @property
    def n_pops(self) -> int:
        """Number of populations."""
        return len(self.populations)

    @property
    def first(self) -> IntArray:
        """Index of the first neuron of each population, and the total at the end."""
        return np.cumsum([0, *(population.size for population in self.populations)])

    @property
    def n_neurons(self) -> int:
        """Number of neurons."""
        return sum(population.size for population in self.populations)

    def size(self, name: str) -> int:
        """Return the number of neurons of a population."""
        return self.populations[self.index(name)].size

    def index(self, name: str) -> int:
        """Return the index of a population.

        Raises
        ------
        ParameterError
            There is no population of that name.
        """
        if name not in self.names:
            msg = f"no population {name!r}; populations: {', '.join(self.names)}"
            raise ParameterError(msg)
        return self.names.index(name)

    def neurons(self, name: str) -> slice:
        """Return the slice of the neurons of a population."""
        i = self.index(name)
        return slice(int(self.first[i]), int(self.first[i + 1]))

    def resting_state(self) -> FloatArray:
        """Return (6, n) rows v (V), u (A), four conductances (S): v = v_r, all else 0."""
        state = np.zeros((6, self.n_neurons))
        for population in self.populations:
            state[0, self.neurons(population.name)] = population.cell.v_r
        return state
