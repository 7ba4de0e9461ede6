"""Neurons and their input packed into rows, as the compiled loops read them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, cast, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import zeta

from cortex.errors import ParameterError, shown
from cortex.meanfield.stationary import _loops_siegert as loops
from cortex.meanfield.stationary.cell_inputs import CellInputs
from cortex.meanfield.stationary.moments import mean_input
from cortex.params.arrays import argument, broadcast, instance
from cortex.params.drive import MEAN, NOISE
from cortex.params.lif import SPECS, LIFNeurons, LIFParams, Neuron
from cortex.params.network import PopulationNetwork
from cortex.params.synapses import TAU_S
from cortex.regime import warn_regime
from cortex.typing import FloatArray, IntArray

if TYPE_CHECKING:
    from cortex.meanfield.stationary.working_point import WorkingPoint

ClosedForm = Literal["shift", "taylor"]
"""Treatments of colored noise for which formulas exist."""
Method = Literal["shift", "taylor", "nodes"]
"""Treatments of colored noise in a network; on nodes the density is solved, see `density`."""

ALPHA: Final = float(np.sqrt(2.0) * abs(zeta(0.5)))
"""sqrt(2) |zeta(1/2)|, the boundary shift of colored noise (Fourcaud & Brunel 2002)."""


def boundary_shift(tau_s: ArrayLike, tau_m: ArrayLike) -> FloatArray:
    r"""Return the shift of both boundaries by synaptic filtering, in units of sigma.

    .. math:: \frac{\alpha}{2} \sqrt{\tau_s / \tau_m}, \quad \alpha = \sqrt{2} |\zeta(1/2)|

    Parameters
    ----------
    tau_s, tau_m : array_like
        Synaptic and membrane time constants, s.

    Returns
    -------
    ndarray
        Shift, dimensionless, in the shape to which both broadcast; zero for delta synapses.

    Raises
    ------
    ParameterError
        tau_s or tau_m can be no time constants in s, or shapes do not broadcast.

    Warns
    -----
    RegimeWarning
        sqrt(tau_s / tau_m) exceeds sqrt(0.1); the expansion parameter is no longer small.

    References
    ----------
    Fourcaud & Brunel (2002), Neural Comput. 14:2057, eq. 4.13; Schuecker et al. (2015),
    Phys. Rev. E 92:052119.

    Examples
    --------
    >>> boundary_shift(5e-4, 0.01).round(3).tolist()
    0.231
    """
    ratio = _ratio(tau_s, tau_m)
    if np.any(ratio > 0.1 * (1.0 + 1e-9)):
        msg = (
            f"tau_s / tau_m reaches {np.max(ratio):.3g}; the theory expands in its square root "
            "and holds up to about 0.1: compare with a simulation, or solve a network on 'nodes'"
        )
        warn_regime(msg)
    return 0.5 * ALPHA * np.sqrt(ratio)


def _ratio(tau_s: ArrayLike, tau_m: ArrayLike) -> FloatArray:
    """Return tau_s / tau_m; refuse values that are no time constants."""
    synapse, membrane = broadcast(
        tau_s=argument("tau_s", tau_s, TAU_S), tau_m=argument("tau_m", tau_m, SPECS["tau_m"])
    )
    return np.asarray(synapse / membrane)


def closed_form(method: str) -> ClosedForm:
    """Return a method that has formulas; refuse others."""
    for known in get_args(ClosedForm):
        if method == known:
            return cast("ClosedForm", known)
    msg = f"method = {method!r} is none of {', '.join(get_args(ClosedForm))}"
    raise ParameterError(msg)


def method_code(method: str) -> int:
    """Return the number that the compiled loops use for a method."""
    closed_form(method)
    return loops.TAYLOR if method == "taylor" else loops.SHIFT


def pack_neurons(neuron: Neuron, tau_s: ArrayLike, *, quiet: bool = False) -> FloatArray:
    """Return rows (tau_m, tau_ref, V_th, V_reset, shift) for the loops, shape (..., 5).

    `quiet` leaves out the warning of slow synapses, where the rows are a start or a limit.

    Raises
    ------
    ParameterError
        No neurons; synaptic time constants that are none or do not broadcast with them.
    """
    if not isinstance(neuron, LIFParams | LIFNeurons):
        msg = f"neuron = {shown(neuron)} must be LIFParams (one) or LIFNeurons (arrays)"
        raise ParameterError(msg)
    broadcast(tau_m=neuron.tau_m, V_th=neuron.V_th, tau_s=tau_s)
    tau_m = neuron.tau_m
    shift = 0.5 * ALPHA * np.sqrt(_ratio(tau_s, tau_m)) if quiet else boundary_shift(tau_s, tau_m)
    rows = np.broadcast_arrays(
        neuron.tau_m,
        neuron.tau_ref,
        neuron.V_th,
        neuron.V_reset,
        shift,
    )
    return np.stack([np.asarray(row, dtype=np.float64) for row in rows], axis=-1)


def pack_inputs(mu: ArrayLike, sigma: ArrayLike) -> FloatArray:
    """Return rows (mu, sigma) for the loops, shape (..., 2).

    Raises
    ------
    ParameterError
        mu or sigma lies beyond what an input in V can be, or is not a number.
    """
    mean, noise = argument("mu", mu, MEAN), argument("sigma", sigma, NOISE)
    return np.stack(broadcast(mu=mean, sigma=noise), axis=-1)


@dataclass(frozen=True, slots=True, eq=False)
class PackedNeurons:
    """Inputs and neurons as rows for the compiled loops, and the row of each neuron.

    Attributes
    ----------
    inputs : ndarray of shape (n_rows, 2)
        mu and sigma, V.
    cells : ndarray of shape (n_rows, 5)
        tau_m, tau_ref (s), V_th, V_reset (V) and the boundary shift.
    row : ndarray of int, shape to which all arguments broadcast
        ``table[row]`` lays the results of the loops out in that shape.
    """

    inputs: FloatArray
    cells: FloatArray
    row: IntArray

    @classmethod
    def of(cls, inputs: FloatArray, cells: FloatArray) -> "PackedNeurons":
        """Return both arrays, of shape (..., 2) and (..., 5), broadcast against each other.

        Raises
        ------
        ParameterError
            They do not broadcast.
        """
        try:
            shape = np.broadcast_shapes(inputs.shape[:-1], cells.shape[:-1])
        except ValueError:
            msg = (
                f"mu and sigma of shape {inputs.shape[:-1]} do not broadcast with neuron "
                f"parameters of shape {cells.shape[:-1]}"
            )
            raise ParameterError(msg) from None
        flat = [
            np.ascontiguousarray(np.broadcast_to(a, (*shape, a.shape[-1])).reshape(-1, a.shape[-1]))
            for a in (inputs, cells)
        ]
        return cls(flat[0], flat[1], np.arange(flat[0].shape[0]).reshape(shape))

    def responding(self) -> "PackedNeurons":
        """Return the distinct rows, each solved once for all neurons that share it.

        Raises
        ------
        ParameterError
            A neuron without noise fires: it has no linear response.
        """
        if np.any((self.inputs[:, 1] <= 0.0) & (self.inputs[:, 0] >= self.cells[:, 2])):
            msg = (
                "sigma must be positive where mu reaches V_th: without noise the linear response "
                "of a firing neuron does not exist"
            )
            raise ParameterError(msg)
        rows = np.hstack([self.inputs, self.cells])
        distinct, index = np.unique(rows, axis=0, return_inverse=True)
        parts = [np.ascontiguousarray(part) for part in (distinct[:, :2], distinct[:, 2:])]
        return PackedNeurons(parts[0], parts[1], index.ravel()[self.row])


def pack(
    mu: ArrayLike, sigma: ArrayLike, neuron: Neuron, tau_s: ArrayLike, *, quiet: bool = False
) -> PackedNeurons:
    """Return input and neurons as rows; arguments and errors as in `siegert.firing_rate`."""
    return PackedNeurons.of(pack_inputs(mu, sigma), pack_neurons(neuron, tau_s, quiet=quiet))


def pack_populations(network: PopulationNetwork, point: "WorkingPoint") -> PackedNeurons:
    """Return the populations of a network at a working point as rows.

    Raises
    ------
    ParameterError
        The point has another number of populations.
    """
    if np.shape(point.nu) != (network.n_pops,):
        msg = f"the working point has {np.size(point.nu)} populations, the network {network.n_pops}"
        raise ParameterError(msg)
    quiet = point.method == "nodes"  # there the rows are a limit, not the theory
    cells = pack_neurons(network.lif, point.tau_s, quiet=quiet)
    # what a network drives itself to is no slip of units, however large
    return PackedNeurons.of(np.stack([point.mu, point.sigma], axis=-1).astype(np.float64), cells)


def require_own(network: PopulationNetwork, point: "WorkingPoint") -> None:
    """Refuse a working point whose mean input is not that of its rates in the network."""
    instance("network", network, PopulationNetwork)
    if network.is_plain:
        mu = mean_input(network, point.nu)
    else:
        inputs = CellInputs.of(network)
        mu = np.array([inputs.driven(a, point.nu).mu for a in range(network.n_pops)])
    if not np.allclose(point.mu, mu, rtol=1e-6, atol=1e-9):
        msg = (
            f"the working point has mu = {point.mu} V, its rates give this network {mu} V: it "
            "is that of another network; solve this one"
        )
        raise ParameterError(msg)
