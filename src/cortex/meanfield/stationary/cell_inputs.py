r"""Input of populations of any cell through any synapse, and their self-consistent rates.

Where `receptor_inputs` serves currents into LIF neurons, here every projection and every Poisson
input is a source of spikes for `density.driven`. Plastic synapses (Tsodyks, Pawelzik & Markram
1998) pass on the mean of their dynamics at the presynaptic rate,

.. math:: u = \frac{U (1 + \nu \tau_f)}{1 + U \nu \tau_f}, \quad
          x = \frac{1}{1 + u \nu (\tau_r + \tau_a)}, \quad  m = \nu u x, \quad s = \nu (u x)^2 .
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from cortex.cells.mixed import part_of
from cortex.errors import ParameterError
from cortex.meanfield.density.driven import (
    Adaptation,
    DrivenNeuron,
    SettledNeuron,
    SpikeSources,
)
from cortex.meanfield.density.neurons import (
    ExponentialNeuron,
    QuadraticNeuron,
    SpikingNeuron,
)
from cortex.params.lif import LIFParams, Neurons
from cortex.params.network import PopulationNetwork
from cortex.typing import ComplexArray, FloatArray

ROUNDS: Final = 80
"""Most evaluations of all populations on the way to a working point."""
FIRST_STEP: Final = 1.0
"""First step of the relaxation in pseudo-time; it grows as the residual falls."""
RTOL: Final = 1e-9
THEORIES: Final[dict[str, Callable[..., LIFParams | SpikingNeuron]]] = {
    "lif": LIFParams,
    "eif": ExponentialNeuron,
    "adex": ExponentialNeuron,
    "qif": QuadraticNeuron,
}
"""Model of `cortex.cells` -> its neuron in theory, less its adaptation."""


def single_cell(neurons: Neurons, a: int) -> tuple[LIFParams | SpikingNeuron, Adaptation | None]:
    """Return the neuron of one population, and its adaptation.

    Raises
    ------
    ParameterError
        A model without a theory.
    """
    neurons = part_of(neurons, a)
    known = {each.name: float(getattr(neurons, each.name)) for each in fields(neurons)}
    own = {name: known.pop(name) for name in ("tau_w", "a", "b") if name in known}
    kind = THEORIES.get(neurons.MODEL)
    if kind is None:
        msg = f"there is no theory of neurons of the model {neurons.MODEL}: simulate them"
        raise ParameterError(msg)
    return kind(**known), Adaptation(**own) if own.get("a") or own.get("b") else None


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """What plastic synapses pass on of a rate nu, and how it follows the rate.

    Attributes
    ----------
    nu, U, tau_rec, tau_fac, tau_active : ndarray
        Presynaptic rates, Hz, and the parameters of the synapses, of shapes that broadcast.
    """

    nu: FloatArray
    U: FloatArray
    tau_rec: FloatArray
    tau_fac: FloatArray
    tau_active: FloatArray

    @property
    def used(self) -> FloatArray:
        """Mean share u of the resources that a spike uses."""
        facilitated = self.nu * self.tau_fac
        return self.U * (1.0 + facilitated) / (1.0 + self.U * facilitated)

    @property
    def share(self) -> FloatArray:
        """Mean of u x."""
        return self.used / (1.0 + self.used * self.nu * (self.tau_rec + self.tau_active))

    def follow(self, lam: ComplexArray) -> tuple[ComplexArray, ComplexArray]:
        """Return how nu u x and nu (u x)^2 follow a modulation exp(lambda t) of nu.

        Linearized mean dynamics; shape lam.shape + that of the synapses.
        """
        at = lam[(..., *(None,) * self.nu.ndim)]
        u, nu, share = self.used, self.nu, self.share
        x = share / np.where(u > 0.0, u, 1.0)
        # y decays with tau_fac and jumps to u = U + (1 - U) y; x recovers with tau_rec
        y = (u - self.U) / np.where(self.U < 1.0, 1.0 - self.U, 1.0)
        y = np.where(self.U < 1.0, y, 0.0)
        fac, rec, act = self.tau_fac, self.tau_rec, self.tau_active
        by_y = fac * self.U * (1.0 - y) / (1.0 + at * fac + fac * self.U * nu)
        by_u = (1.0 - self.U) * np.where(fac > 0.0, by_y, 0.0)
        lost = (act + rec / (1.0 + at * rec)) / (1.0 + at * act)  # resources in use, by their flow
        by_x = -lost * (share + x * nu * by_u) / (1.0 + lost * u * nu)
        by_share = x * by_u + u * by_x
        mean, square = share + nu * by_share, share**2 + 2.0 * nu * share * by_share
        return np.asarray(mean, np.complex128), np.asarray(square, np.complex128)


@dataclass(frozen=True, slots=True, eq=False)
class CellInputs:
    """Sources of spikes of every population: projections first, then Poisson inputs.

    Attributes
    ----------
    network : PopulationNetwork
        Populations, connections and drive.
    cells : tuple of (neuron, adaptation)
        Neuron of each population.
    """

    network: PopulationNetwork
    cells: tuple[tuple[LIFParams | SpikingNeuron, Adaptation | None], ...]

    @classmethod
    def of(cls, network: PopulationNetwork) -> "CellInputs":
        """Return the inputs of a network; refuse NMDA receptors, of which there is no theory."""
        if network.nmda is not None:
            msg = "there is no theory of NMDA receptors: simulate the network"
            raise ParameterError(msg)
        n = range(network.n_pops)
        return cls(network, tuple(single_cell(network.neurons, a) for a in n))

    def release(self, nu: FloatArray) -> Release:
        """Return what the synapses [target, source] pass on at rates nu, Hz."""
        own = self.network.synapses
        wide = np.broadcast_to(np.maximum(nu, 0.0), own.J.shape)
        return Release(wide, own.U, own.tau_rec, own.tau_fac, own.tau_active)

    def sources(self, a: int, nu: FloatArray) -> SpikeSources:
        """Return the sources of a population at rates nu, Hz."""
        synapses, drive = self.network.synapses, self.network.drive
        share, K = self.release(nu).share[a], synapses.in_degrees[a]
        rate = np.maximum(nu, 0.0)
        one, outside = np.ones(drive.n_inputs), drive.rate[a]

        def both(name: str) -> FloatArray:
            return np.concatenate([getattr(synapses, name)[a], getattr(drive, name)[a]])

        return SpikeSources(
            mean=np.concatenate([K * rate * share, outside]),
            square=np.concatenate([K * rate * share**2, outside]),
            spread=np.concatenate([1.0 + self.network.weight_cv[a] ** 2, one]),
            **{name: both(name) for name in ("J", "g", "E_rev", "tau_s", "tau_rise")},
        )

    def driven(self, a: int, nu: FloatArray) -> DrivenNeuron:
        """Return the neuron of a population with what drives it at rates nu, Hz."""
        neuron, adaptation = self.cells[a]
        mu_dc = float(self.network.drive.mu_dc[a])
        return DrivenNeuron.of(neuron, adaptation, mu_dc, self.sources(a, nu))

    def settled(self, nu: FloatArray, before: list[SettledNeuron] | None) -> list[SettledNeuron]:
        """Return the neuron of every population at its rate for input rates nu, Hz."""
        w = [0.0] * self.network.n_pops if before is None else [each.w for each in before]
        return [self.driven(a, nu).settled(w[a]) for a in range(self.network.n_pops)]

    def by_rates(
        self, parts: list[ComplexArray], lam: ComplexArray, nu: FloatArray
    ) -> ComplexArray:
        """Return d nu[target] / d nu[source] from the responses to means and squares.

        Parameters
        ----------
        parts : list of two ndarrays of shape (n, n_pops, n_sources)
            `BySource.mean` and `BySource.square` of all populations.
        lam : ndarray of shape (n,)
            Where, 1/s.
        nu : ndarray of shape (n_pops,)
            Rates, Hz.

        Returns
        -------
        ndarray of shape (n, n_pops, n_pops)
            Without delays.
        """
        mean, square = self.release(nu).follow(lam)
        n = self.network.n_pops
        together = mean * parts[0][:, :, :n] + square * parts[1][:, :, :n]
        return np.asarray(self.network.synapses.in_degrees * together)


@dataclass(frozen=True, slots=True, eq=False)
class CellState:
    """Rates on the way to a working point.

    Attributes
    ----------
    nu, flow : ndarray of shape (n_pops,)
        Rates, and phi(nu) - nu, Hz.
    jacobian : ndarray of shape (n_pops, n_pops)
        d phi / d nu - 1.
    neurons : list of SettledNeuron
        The populations.
    n_steps : int
        Evaluations so far.
    converged : bool
        Whether the last step met its tolerance.
    """

    nu: FloatArray
    flow: FloatArray
    jacobian: FloatArray
    neurons: list[SettledNeuron]
    n_steps: int = 0
    converged: bool = False


def flow_of_cells(
    inputs: CellInputs, nu: FloatArray, before: list[SettledNeuron] | None = None
) -> CellState:
    """Return phi(nu) - nu and its Jacobian at rates nu, Hz."""
    neurons, zero = inputs.settled(nu, before), np.zeros(1, dtype=np.complex128)
    slopes = [each.slopes() for each in neurons]
    parts = [
        np.stack([getattr(each, kind) for each in slopes], axis=1) for kind in ("mean", "square")
    ]
    jacobian = inputs.by_rates(parts, zero, nu)[0].real - np.eye(nu.size)
    flow = np.array([each.nu for each in neurons]) - nu
    return CellState(nu, flow, jacobian, neurons)


def relax_cells(inputs: CellInputs, nu: FloatArray) -> CellState:
    """Return the working point reached from rates nu, Hz, in pseudo-time.

    Implicit steps of d nu / ds = phi(nu) - nu that grow as the residual falls, and so end as
    Newton's method (pseudo-transient continuation).
    """
    state, longest = flow_of_cells(inputs, nu), FIRST_STEP
    for n in range(1, ROUNDS + 1):
        growth = float(np.max(np.linalg.eigvals(state.jacobian).real))
        # where the flow grows, and only there, implicit steps beyond 1 / growth turn back
        step = min(longest, 0.5 / growth) if growth > 0.0 else longest
        matrix = np.eye(nu.size) / step - state.jacobian
        delta = np.linalg.solve(matrix, state.flow)
        trial = flow_of_cells(inputs, np.maximum(state.nu + delta, 0.0), state.neurons)
        moved, size, before = trial.nu - state.nu, _size(trial), _size(state)
        small = bool(np.all(np.abs(moved) <= RTOL * np.abs(trial.nu) + 1e-12)) and step > 1e3
        if size > 2.0 * before and step > 1e-2:
            longest = 0.25 * step
            continue
        longest = min(longest * np.clip(before / max(size, 1e-300), 0.5, 10.0), 1e12)
        state = CellState(trial.nu, trial.flow, trial.jacobian, trial.neurons, n, small)
        if small or size <= 1e-11 * (1.0 + float(np.max(trial.nu))):
            return CellState(state.nu, state.flow, state.jacobian, state.neurons, n, converged=True)
    return CellState(state.nu, state.flow, state.jacobian, state.neurons, ROUNDS, _settled(state))


def _size(state: CellState) -> float:
    return float(np.max(np.abs(state.flow)))


def _settled(state: CellState) -> bool:
    """Tell whether what is left is a step of phi, where the reset moves on to another cell."""
    return bool(_size(state) <= 3e-5 * np.max(np.abs(state.nu)))
