"""The normal form of a network of LIF populations, read alike by theory and simulation."""

from dataclasses import dataclass, fields
from typing import Literal

import numpy as np

from cortex.errors import ParameterError
from cortex.typing import AnyArray, FloatArray, IntArray

DelayDistribution = Literal["none", "gaussian", "truncated_gaussian", "lognormal"]
Profile = Literal["boxcar", "gaussian", "exponential"]

MOST_J_CV = 0.3  # the cut at zero lies 3.3 standard deviations off: mean and variance hold to 1e-3


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
        """Freeze the arrays and refuse wrong shapes and non-finite values."""
        n = len(self.names)
        matrices = {"in_degrees", "J", "tau_s", "delay", "delay_sd"}
        inputs = {"rate_ext", "J_ext", "tau_s_ext"}
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, np.ndarray):
                continue
            n_inputs = np.shape(self.rate_ext)[-1]
            shape = (n, n) if field.name in matrices else (n,)
            shape = (n, n_inputs) if field.name in inputs else shape
            object.__setattr__(self, field.name, _frozen(field.name, value, shape))
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


def _frozen(name: str, value: AnyArray, shape: tuple[int, ...]) -> AnyArray:
    if value.shape != shape:
        msg = f"PopulationNetwork.{name} has shape {value.shape}, needs {shape}"
        raise ParameterError(msg)
    if not np.all(np.isfinite(value)):
        msg = f"PopulationNetwork.{name} holds values that are not finite: {value}"
        raise ParameterError(msg)
    frozen = value.copy()
    frozen.flags.writeable = False
    return frozen
