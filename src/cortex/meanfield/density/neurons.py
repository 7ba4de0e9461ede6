"""Neurons of one variable that make their spikes themselves, and the cells that resolve them."""

from dataclasses import dataclass, replace
from typing import Final, Protocol

import numpy as np

from cortex.errors import ParameterError
from cortex.meanfield.density.cells import TAIL, VoltageCells, lif_cells
from cortex.params.lif import LIFParams
from cortex.typing import FloatArray

LEAST_BEYOND: Final = 11.0
"""The grid of an exponential neuron ends at least so many Delta_T above V_th."""
REFINED: Final = 0.3
"""Cells per e-fold of distance from the onset, in those per distance from bottom to onset."""


class SpikingNeuron(Protocol):
    """A neuron tau_m dV/dt = mu - V + upswing(V) + noise, potentials relative to rest.

    Attributes
    ----------
    tau_m, tau_ref : float
        Membrane time constant and refractory period, s.
    V_peak, V_reset : float
        Potential at which a spike counts, and where it starts again, V.
    V_onset : float
        Where leak and upswing have opposite slopes, V: beyond, the neuron spikes by itself.
    sharpness : float
        Potential over which the upswing bends there, V.
    """

    @property
    def tau_m(self) -> float: ...

    @property
    def tau_ref(self) -> float: ...

    @property
    def V_peak(self) -> float: ...

    @property
    def V_reset(self) -> float: ...

    @property
    def V_onset(self) -> float: ...

    @property
    def sharpness(self) -> float: ...

    def upswing(self, V: FloatArray) -> FloatArray:
        """Return what is added to the leak, V."""

    def upswing_slope(self, V: FloatArray) -> FloatArray:
        """Return its derivative by the potential."""

    def last_face(self, sigma: float) -> tuple[float, float]:
        """Return where the grid may end (V), and how long it takes from there to the peak (s)."""

    def with_time_constant(self, tau: float) -> "SpikingNeuron":
        """Return the neuron with another leak, its upswing over the capacitance the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExponentialNeuron:
    """Exponential integrate-and-fire neuron (EIF): upswing Delta_T exp((V - V_th) / Delta_T).

    Fourcaud-Trocme et al. (2003), J. Neurosci. 23:11628.
    """

    tau_m: float
    tau_ref: float
    V_th: float
    Delta_T: float
    V_peak: float
    V_reset: float

    @property
    def V_onset(self) -> float:
        """Potential where the neuron spikes by itself, V."""
        return self.V_th

    @property
    def sharpness(self) -> float:
        """Potential over which the upswing bends, V."""
        return self.Delta_T

    def upswing(self, V: FloatArray) -> FloatArray:
        """Return what is added to the leak, V."""
        return self.Delta_T * self.upswing_slope(V)

    def upswing_slope(self, V: FloatArray) -> FloatArray:
        """Return its derivative by the potential."""
        return np.exp(np.minimum((V - self.V_th) / self.Delta_T, 300.0))

    def last_face(self, sigma: float) -> tuple[float, float]:
        """Return where the grid may end (V), and how long it takes from there to the peak (s).

        There the upswing is e^11 times the leak's and 25 times what the noise can hold back.
        """
        beyond = max(LEAST_BEYOND, 2.0 * np.log(5.0 * sigma / self.Delta_T))
        end = min(self.V_peak, self.V_th + beyond * self.Delta_T)
        left = 1.0 / self.upswing_slope(np.array([end, self.V_peak]))
        return end, float(self.tau_m * (left[0] - left[1]))

    def with_time_constant(self, tau: float) -> "ExponentialNeuron":
        """Return the neuron with another leak: the onset moves with its logarithm."""
        moved = self.V_th + self.Delta_T * np.log(self.tau_m / tau)
        return replace(self, tau_m=tau, V_th=float(moved))


@dataclass(frozen=True, slots=True, kw_only=True)
class QuadraticNeuron:
    """Quadratic integrate-and-fire neuron (QIF): upswing V^2 / V_th.

    Without input it rests at 0 and runs away from V_th on. Ermentrout & Kopell (1986), SIAM J.
    Appl. Math. 46:233.
    """

    tau_m: float
    tau_ref: float
    V_th: float
    V_peak: float
    V_reset: float

    @property
    def V_onset(self) -> float:
        """Potential where the neuron spikes by itself, V."""
        return 0.5 * self.V_th

    @property
    def sharpness(self) -> float:
        """Potential over which the upswing bends, V."""
        return 0.5 * self.V_th

    def upswing(self, V: FloatArray) -> FloatArray:
        """Return what is added to the leak, V."""
        return np.asarray(V**2 / self.V_th)

    def upswing_slope(self, V: FloatArray) -> FloatArray:
        """Return its derivative by the potential."""
        return np.asarray(2.0 * V / self.V_th)

    def last_face(self, sigma: float) -> tuple[float, float]:  # noqa: ARG002
        """Return where the grid ends (V): at the peak, which lies nearby, after no time (s)."""
        return self.V_peak, 0.0

    def with_time_constant(self, tau: float) -> "QuadraticNeuron":
        """Return the neuron with another leak: the onset moves with its inverse."""
        return replace(self, tau_m=tau, V_th=self.V_th * self.tau_m / tau)


def with_time_constant(neuron: LIFParams | SpikingNeuron, tau: float) -> LIFParams | SpikingNeuron:
    """Return a neuron whose leak decays with `tau`, s."""
    if isinstance(neuron, LIFParams):
        return replace(neuron, tau_m=tau)
    return neuron.with_time_constant(tau)


def voltage_cells(
    mu: float,
    white_variance: float,
    sigma: float,
    neuron: LIFParams | SpikingNeuron,
    n_cells: int,
) -> VoltageCells:
    """Return the cells of any neuron of one variable; arguments as in `lif_cells`."""
    if isinstance(neuron, LIFParams):
        return lif_cells(mu, white_variance, sigma, neuron, n_cells)
    end, left = neuron.last_face(sigma)
    if neuron.V_reset >= end:
        msg = (
            f"V_reset = {neuron.V_reset:g} V lies in the upswing, which takes over from the noise "
            f"at {end:g} V: every spike makes the next; the rate is 1 / tau_ref"
        )
        raise ParameterError(msg)
    at, centres, reset = onset_edges(mu, sigma, neuron, end, n_cells)
    return VoltageCells(
        width=np.diff(at),
        centres=centres,
        V_th=end,
        reset=reset,
        V_reset=neuron.V_reset,
        tau_ref=neuron.tau_ref + left,
        lag=left,
        drift=(mu - at + neuron.upswing(at)) / neuron.tau_m,
        diffusion=np.full(at.size, white_variance / (2.0 * neuron.tau_m)),
        steepness=np.maximum(neuron.upswing_slope(at), 0.0) / neuron.tau_m,
        gain=1.0 / neuron.tau_m,
        strength=np.ones(at.size),
    )


def onset_edges(
    mu: float, sigma: float, neuron: SpikingNeuron, end: float, n_cells: int
) -> tuple[FloatArray, FloatArray, int]:
    """Return faces (V) up to `end`, centres (V), and the cell with V_reset in its middle.

    Cells are equal far from the onset and narrow in proportion to the distance from it, down to
    a part of the sharpness: any sharpness is resolved by a number of cells that grows like its
    logarithm. All halve with twice the cells, so that errors fall with their square.
    """
    onset = neuron.V_onset
    reach = TAIL * sigma / np.sqrt(2.0) + 0.02 * (onset - neuron.V_reset)
    lowest = min(neuron.V_reset, mu) - reach
    scale, dense = 1.5 * neuron.sharpness, REFINED * (onset - lowest)
    middle = onset + neuron.sharpness

    def index(V: FloatArray | float) -> FloatArray:
        return np.asarray(V + dense * np.arcsinh((V - middle) / scale))

    bottom, start, top = (float(index(V)) for V in (lowest, neuron.V_reset, end))
    above = max(2, min(n_cells - 1, round(n_cells * (top - start) / (top - bottom))))
    wanted = top - (top - start) / (above - 0.5) * np.arange(n_cells, -0.25, -0.5)
    at = middle + scale * np.sinh(_stretched((wanted - middle) / scale, dense / scale))
    at[-1] = end
    return at[::2], at[1::2], n_cells - above


def _stretched(size: FloatArray, dense: float) -> FloatArray:
    """Return x of sinh(x) + dense x = size; Newton's method falls to it from its bounds."""
    aim = np.abs(size)
    x = np.minimum(np.arcsinh(aim), aim / dense)
    for _ in range(40):
        step = (np.sinh(x) + dense * x - aim) / (np.cosh(x) + dense)
        x = x - step
        if np.all(np.abs(step) <= 1e-15 * (1.0 + x)):
            break
    return np.asarray(np.copysign(x, size))
