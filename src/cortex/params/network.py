"""The normal form of a network of LIF populations, read alike by theory and simulation."""

from dataclasses import dataclass, fields
from typing import Any, Final, Literal, cast, get_args

import numpy as np

from cortex.errors import ParameterError
from cortex.params.lif import LIFParams
from cortex.params.spec import Quantity, spec_of
from cortex.typing import AnyArray, FloatArray, IntArray
from cortex.units import to_si

DelayDistribution = Literal["none", "gaussian", "truncated_gaussian", "lognormal"]
Profile = Literal["boxcar", "gaussian", "exponential"]

MOST_J_CV = 0.3  # the cut at zero lies 3.3 standard deviations off: mean and variance hold to 1e-3

LENGTH: Final = Quantity(unit="mm", low=1e-3, high=1000.0, doc="length on the ring")
JUMP: Final = Quantity(unit="mV", low=-2000.0, high=2000.0, doc="membrane jump of one spike")
TAU_S: Final = Quantity(unit="ms", low=0.0, high=1000.0, doc="synaptic time constant")
DELAY: Final = Quantity(unit="ms", low=0.0, high=1000.0, doc="transmission delay")
PLAUSIBLE: Final[dict[str, Quantity]] = {
    "sizes": Quantity(unit="1", low=1.0, high=1e8, doc="neurons"),
    "in_degrees": Quantity(unit="1", low=0.0, high=1e6, doc="synapses per neuron"),
    "J": JUMP,
    "tau_s": TAU_S,
    "delay": DELAY,
    "delay_sd": DELAY,
    **{each.name: cast("Quantity", spec_of(each)) for each in fields(LIFParams)},
    # theory may hold an input that no Poisson source can make: it warns, `simulate` refuses
    "rate_ext": Quantity(unit="Hz", low=-1e9, high=1e9, doc="external rate"),
    "J_ext": JUMP,
    "tau_s_ext": TAU_S,
    "mu_dc": Quantity(unit="mV", low=-1000.0, high=1000.0, doc="constant drive"),
}
BOUNDS: Final = {
    name: (to_si(spec.low, spec.unit), to_si(spec.high, spec.unit))
    for name, spec in PLAUSIBLE.items()
}
MATRICES: Final = frozenset({"in_degrees", "J", "tau_s", "delay", "delay_sd"})
OF_INPUTS: Final = frozenset({"rate_ext", "J_ext", "tau_s_ext"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RingSpace:
    """Positions on a ring and the connection profile of each source population.

    Parameters
    ----------
    circumference : float
        Length of the ring, m.
    profile : {"boxcar", "gaussian", "exponential"}
        Shape of the connection probability over distance.
    width : ndarray of shape (n_pops,)
        Half width (boxcar), standard deviation (Gaussian) or decay length
        (exponential) of the projections of each source population, m.
    """

    circumference: float
    profile: Profile
    width: FloatArray

    def __post_init__(self) -> None:
        """Refuse lengths that are none, and unknown profiles."""
        object.__setattr__(self, "width", np.asarray(self.width, dtype=np.float64))
        LENGTH.check("RingSpace.circumference", self.circumference)
        for width in self.width.ravel().tolist():
            LENGTH.check("RingSpace.width", width)
        _check_word("RingSpace.profile", self.profile, Profile)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PopulationNetwork:
    """Populations of LIF neurons with Poisson and d.c. drive, SI, ``[target, source]``.

    Parameters
    ----------
    names : tuple of str
        Population names, excitatory first.
    sizes : ndarray of int, shape (n_pops,)
        Number of neurons.
    in_degrees : ndarray, shape (n_pops, n_pops)
        Mean number of synapses per target neuron.
    J : ndarray, shape (n_pops, n_pops)
        Membrane jump of one spike, V, signed. For exponential synapses the jump of the
        same charge: ``J = tau_s w / C`` with the peak current w.
    J_cv : float
        Standard deviation of single weights about their `J`, over its size; normal, cut at
        zero so that no synapse changes its sign.
    tau_s : ndarray, shape (n_pops, n_pops)
        Synaptic time constants, s; zero means delta synapses.
    delay, delay_sd : ndarray, shape (n_pops, n_pops)
        Mean and standard deviation of the transmission delay, s.
    delay_distribution : {"none", "gaussian", "truncated_gaussian", "lognormal"}
        Law of the delays; "none" uses the mean.
    tau_m, tau_ref, V_th, V_reset : ndarray, shape (n_pops,)
        Neuron parameters, s and V relative to rest.
    rate_ext, J_ext, tau_s_ext : ndarray, shape (n_pops, n_inputs)
        Total rate (in-degree times rate per source, Hz), jump (V) and synaptic time
        constant (s) of each independent Poisson input of a neuron.
    mu_dc : ndarray, shape (n_pops,)
        Constant drive R I, V.
    space : RingSpace, optional
        Ring geometry of a spatial network.
    """

    names: tuple[str, ...]
    sizes: IntArray
    in_degrees: FloatArray
    J: FloatArray
    tau_s: FloatArray
    delay: FloatArray
    delay_sd: FloatArray
    delay_distribution: DelayDistribution
    tau_m: FloatArray
    tau_ref: FloatArray
    V_th: FloatArray
    V_reset: FloatArray
    rate_ext: FloatArray
    J_ext: FloatArray
    tau_s_ext: FloatArray
    mu_dc: FloatArray
    J_cv: float = 0.0
    space: RingSpace | None = None

    def __post_init__(self) -> None:
        """Freeze the arrays; refuse wrong shapes and values that are not plausible."""
        n, n_inputs = len(self.names), np.shape(self.rate_ext)[-1]
        for name in PLAUSIBLE:
            shape = (n, n_inputs) if name in OF_INPUTS else (n, n) if name in MATRICES else (n,)
            object.__setattr__(self, name, _frozen(name, getattr(self, name), shape))
        _check_word(
            "PopulationNetwork.delay_distribution", self.delay_distribution, DelayDistribution
        )
        if self.space is not None and self.space.width.shape != (n,):
            msg = f"RingSpace.width has shape {self.space.width.shape}, needs {(n,)}"
            raise ParameterError(msg)
        if np.any(self.V_reset >= self.V_th):
            msg = f"PopulationNetwork: V_reset {self.V_reset} must lie below V_th {self.V_th} (V)"
            raise ParameterError(msg)
        if not 0.0 <= self.J_cv <= MOST_J_CV:
            msg = (
                f"PopulationNetwork.J_cv = {self.J_cv} is outside [0, {MOST_J_CV}]: it is the "
                "standard deviation of single weights over their mean, not in volts"
            )
            raise ParameterError(msg)

    @property
    def n_pops(self) -> int:
        """Number of populations."""
        return len(self.names)

    @property
    def first(self) -> IntArray:
        """Index of the first neuron of each population, and the total at the end."""
        return np.concatenate([[0], np.cumsum(self.sizes)])

    @property
    def is_delta(self) -> bool:
        """Whether all synapses are instantaneous."""
        return not (np.any(self.tau_s) or np.any(self.tau_s_ext))


def _frozen(name: str, value: Any, shape: tuple[int, ...]) -> AnyArray:
    """Return a copy that nobody can change, checked for shape and bounds."""
    where = f"PopulationNetwork.{name}"
    frozen: AnyArray = np.array(value, dtype=np.int64 if name == "sizes" else np.float64)
    if frozen.shape != shape:
        msg = f"{where} has shape {frozen.shape}, needs {shape}"
        raise ParameterError(msg)
    low, high = BOUNDS[name]
    if frozen.size and not (frozen.min() >= low and frozen.max() <= high):
        if not np.all(np.isfinite(frozen)):
            msg = f"{where} holds values that are not finite: {frozen}"
            raise ParameterError(msg)
        for each in (float(frozen.min()), float(frozen.max())):
            PLAUSIBLE[name].check(where, each)
    if name == "sizes" and not np.array_equal(frozen, value):
        msg = f"{where} = {value} must be whole numbers of neurons"
        raise ParameterError(msg)
    frozen.flags.writeable = False
    return frozen


def _check_word(where: str, word: str, allowed: Any) -> None:
    if word not in get_args(allowed):
        msg = f"{where} = {word!r} is none of {', '.join(get_args(allowed))}"
        raise ParameterError(msg)
