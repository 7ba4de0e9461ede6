"""Self-consistent rates of a network."""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from cortex.errors import ConvergenceError, ParameterError
from cortex.meanfield.stationary import _loops_working_point as loops
from cortex.meanfield.stationary.cell_inputs import CellInputs, CellState, relax_cells
from cortex.meanfield.stationary.moments import (
    drive_mean,
    drive_variance,
    input_std,
    input_variance,
    mean_coupling,
    mean_input,
    synaptic_time_constant,
    variance_coupling,
)
from cortex.meanfield.stationary.nodes import NewtonState, newton_on_nodes
from cortex.meanfield.stationary.packed import (
    ClosedForm,
    Method,
    boundary_shift,
    closed_form,
    method_code,
    pack_neurons,
)
from cortex.meanfield.stationary.receptor_inputs import ReceptorInputs, warn_of_slow_receptors
from cortex.meanfield.stationary.unsolved import reason, run_away
from cortex.params.arrays import argument, instance
from cortex.params.drive import NU
from cortex.params.network import PopulationNetwork
from cortex.regime import warn_regime
from cortex.typing import ComplexArray, FloatArray

MAX_ROUNDS: Final = 60
"""Rounds between rates and effective time constants; each gains a digit or two."""
ALL_STATES: Final = "all states are found for LIF neurons with fixed currents alone"


@dataclass(frozen=True, slots=True, eq=False)
class WorkingPoint:
    """A solution of nu = phi(mu(nu), sigma(nu)), with how it was found.

    Attributes
    ----------
    nu, mu, sigma : ndarray of shape (n_pops,)
        Rates (Hz), mean and standard deviation of the input (V).
    tau_s : ndarray of shape (n_pops,)
        Synaptic time constant that entered the theory, s; on nodes, where every receptor has its
        own, the one that would shift the boundaries as far.
    method : str
        How colored noise entered: "shift", "taylor" or "nodes".
    slope_eigenvalues : ndarray of shape (n_pops,)
        Eigenvalues of d phi / d nu, dimensionless.
    residual : float
        Largest |phi(nu) - nu|, Hz.
    n_iterations : int
        Relaxation and Newton steps together.
    converged : bool
        Whether Newton reached its tolerance.
    """

    nu: FloatArray
    mu: FloatArray
    sigma: FloatArray
    tau_s: FloatArray
    method: Method
    slope_eigenvalues: ComplexArray
    residual: float
    n_iterations: int
    converged: bool

    @property
    def is_stable(self) -> bool:
        """Whether rates obeying dnu/ds = phi(nu) - nu return to this point.

        Delays and the dynamics of the neurons can still destabilize it: see the
        characteristic equation.
        """
        return bool(np.all(self.slope_eigenvalues.real < 1.0))


class Equation(Protocol):
    """Self-consistent rates of a network in one treatment of colored noise."""

    def relax(self, nu: FloatArray, max_steps: int) -> tuple[FloatArray, int]:
        """Follow dnu/ds = phi(nu) - nu; return the end point and the number of steps."""

    def polish(self, nu: FloatArray, n_before: int) -> WorkingPoint:
        """Return the working point that Newton finds from `nu`."""

    def nearest(self) -> "RateEquation":
        """Return the closed form that is nearest to it, to be searched as a whole."""


@dataclass(frozen=True, slots=True, eq=False)
class RateEquation:
    """A network packed for the compiled loops (see `_loops_working_point`)."""

    network: PopulationNetwork
    method: ClosedForm
    tau_s: FloatArray
    drive: FloatArray
    coupling: FloatArray
    neurons: FloatArray

    @classmethod
    def of(cls, network: PopulationNetwork, method: ClosedForm) -> "RateEquation":
        """Return the rate equation of `network`."""
        method_code(method)
        return cls.at(network, method, synaptic_time_constant(network))

    @classmethod
    def at(
        cls,
        network: PopulationNetwork,
        method: ClosedForm,
        tau_s: FloatArray,
        *,
        quiet: bool = False,
    ) -> "RateEquation":
        """Return the rate equation with given synaptic time constants, s, one per population."""
        return cls(
            network=network,
            method=method,
            tau_s=tau_s,
            drive=np.stack([drive_mean(network), drive_variance(network)], axis=1),
            coupling=np.stack([mean_coupling(network), variance_coupling(network)]),
            neurons=pack_neurons(network.lif, tau_s, quiet=quiet),
        )

    def flow(self, nu: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return phi(nu) - nu (Hz) and its Jacobian."""
        given = self.drive, self.coupling, self.neurons, method_code(self.method)
        flow, jacobian = loops.flow_and_jacobian(nu, *given)
        return flow, jacobian

    def relax(self, nu: FloatArray, max_steps: int) -> tuple[FloatArray, int]:
        """Follow dnu/ds = phi(nu) - nu; return the end point and the number of steps."""
        end, steps = loops.relax(
            nu, self.drive, self.coupling, self.neurons, method_code(self.method), max_steps
        )
        return end, steps

    def nearest(self) -> "RateEquation":
        """Return the equation itself."""
        return self

    def polish(self, nu: FloatArray, n_before: int, rtol: float = 1e-12) -> WorkingPoint:
        """Return the working point that Newton finds from `nu`; not from rates that ran away."""
        if run_away(nu):
            return _unbounded(nu, self.tau_s, self.method, n_before)
        given = self.drive, self.coupling, self.neurons, method_code(self.method)
        try:
            nu, flow, jacobian, steps, converged = loops.polish(nu, *given, rtol, 50)
        except np.linalg.LinAlgError:  # Newton met a fold, to the last bit: it has no direction
            (flow, jacobian), steps, converged = self.flow(nu), 0, False
        if self.method == "shift":
            nu = np.maximum(nu, 0.0)  # phi is positive: what is below is rounding
        mu, variance = self.drive.T + self.coupling @ nu
        return WorkingPoint(
            nu=nu,
            mu=mu,
            sigma=np.sqrt(np.maximum(variance, 0.0)),
            tau_s=self.tau_s,
            method=self.method,
            slope_eigenvalues=np.linalg.eigvals(jacobian + np.eye(nu.size)).astype(complex),
            residual=float(np.max(np.abs(flow))),
            n_iterations=n_before + steps,
            converged=bool(converged),
        )


def _unbounded(
    nu: FloatArray, tau_s: FloatArray, method: Method, n_iterations: int
) -> WorkingPoint:
    """Return what is left where the rates ran away: no state, all but the rates unknown."""
    unknown = np.full(nu.size, np.nan)
    return WorkingPoint(
        nu=nu,
        mu=unknown,
        sigma=unknown,
        tau_s=tau_s,
        method=method,
        slope_eigenvalues=unknown.astype(complex),
        residual=np.inf,
        n_iterations=n_iterations,
        converged=False,
    )


@dataclass(frozen=True, slots=True, eq=False)
class EffectiveEquation:
    """Shifted boundaries where receptors are unlike: one effective time constant per population.

    It depends on the noise through each receptor, hence on the rates; both are iterated.
    """

    inputs: ReceptorInputs
    quiet: bool = False

    def at(self, nu: FloatArray) -> RateEquation:
        """Return the rate equation with the time constants of the rates `nu`."""
        tau_s = self.inputs.effective_time_constant(nu)
        return RateEquation.at(self.inputs.network, "shift", tau_s, quiet=True)

    def nearest(self) -> RateEquation:
        """Return the rate equation with the time constants of the state reached from silence."""
        return self.at(self.relax(np.zeros(self.inputs.network.n_pops), 2000)[0])

    def relax(self, nu: FloatArray, max_steps: int) -> tuple[FloatArray, int]:
        """Follow dnu/ds = phi(nu) - nu; return the end point and the number of steps."""
        first, steps = self.at(nu).relax(nu, max_steps)
        if run_away(first):
            return first, steps
        end, more = self.at(first).relax(nu, max_steps)
        return end, steps + more

    def polish(self, nu: FloatArray, n_before: int) -> WorkingPoint:
        """Return the working point that Newton finds from `nu`."""
        point = self.at(nu).polish(nu, n_before)
        for _ in range(MAX_ROUNDS):
            tau_s = self.inputs.effective_time_constant(point.nu)
            if not point.converged or np.allclose(tau_s, point.tau_s, rtol=1e-10, atol=0.0):
                break
            point = self.at(point.nu).polish(point.nu, point.n_iterations)
        if not self.quiet:
            boundary_shift(point.tau_s, self.inputs.network.neurons.tau_m)  # warns, once
        return point


@dataclass(frozen=True, slots=True, eq=False)
class NodesEquation:
    """Rates from the density of each population, all receptors in nodes (see `density`)."""

    inputs: ReceptorInputs

    @property
    def start(self) -> EffectiveEquation:
        """Closed form of the start."""
        return EffectiveEquation(self.inputs, quiet=True)

    def nearest(self) -> RateEquation:
        """Return the rate equation with the time constants of the state reached from silence."""
        return self.start.nearest()

    def relax(self, nu: FloatArray, max_steps: int) -> tuple[FloatArray, int]:
        """Return the working point of shifted boundaries reached from `nu`, and the steps."""
        point = self.start.polish(*self.start.relax(nu, max_steps))
        return point.nu, point.n_iterations

    def polish(self, nu: FloatArray, n_before: int) -> WorkingPoint:
        """Return the working point that Newton finds from `nu`; not from rates that ran away."""
        if run_away(nu):
            return _unbounded(nu, np.full(nu.size, np.nan), "nodes", n_before)
        network, state = self.inputs.network, newton_on_nodes(self.inputs, nu)
        tau_s = self.inputs.effective_time_constant(state.nu)
        given = [mean_input(network, state.nu), input_std(network, state.nu), tau_s]
        return _of_densities(state, given, n_before)


@dataclass(frozen=True, slots=True, eq=False)
class CellEquation:
    """Rates of populations of any cell through any synapse (see `cell_inputs`)."""

    inputs: CellInputs

    def nearest(self) -> RateEquation:
        """Refuse: no closed form is near."""
        raise ParameterError(ALL_STATES)

    def relax(self, nu: FloatArray, max_steps: int) -> tuple[FloatArray, int]:  # noqa: ARG002
        """Return the rates: `polish` relaxes and converges in one."""
        return nu, 0

    def polish(self, nu: FloatArray, n_before: int) -> WorkingPoint:
        """Return the working point reached from `nu` in pseudo-time."""
        state = relax_cells(self.inputs, nu)
        each = [neuron.driven for neuron in state.neurons]
        given = np.array([[d.mu, d.sigma, d.mean_tau_s] for d in each]).T
        return _of_densities(state, list(given), n_before)


def _of_densities(
    state: NewtonState | CellState, given: list[FloatArray], n_before: int
) -> WorkingPoint:
    """Return the working point where a search on densities ended; given mu, sigma and tau_s."""
    mu, sigma, tau_s = given
    return WorkingPoint(
        nu=state.nu,
        mu=mu,
        sigma=sigma,
        tau_s=tau_s,
        method="nodes",
        slope_eigenvalues=np.linalg.eigvals(state.jacobian + np.eye(mu.size)).astype(complex),
        residual=float(np.max(np.abs(state.flow))),
        n_iterations=n_before + state.n_steps,
        converged=state.converged,
    )


def equation_of(network: PopulationNetwork, method: Method | None) -> Equation:
    """Return the rate equation of a network.

    Parameters
    ----------
    network : PopulationNetwork
        Populations, connections and drive.
    method : {"shift", "taylor", "nodes"} or None
        Treatment of colored noise; None as in `solve_working_point`.
    """
    instance("network", network, PopulationNetwork)
    if not network.is_plain and method in {None, "nodes"}:
        return CellEquation(CellInputs.of(network))
    if method is None or method in {"shift", "nodes"}:
        inputs = ReceptorInputs.of(network)
        if method == "nodes" or (method is None and not inputs.are_alike):
            warn_of_slow_receptors(inputs)
            return NodesEquation(inputs)
        if not inputs.are_alike:
            return EffectiveEquation(inputs)
    return RateEquation.of(network, "shift" if method is None else closed_form(method))


def solve_working_point(
    network: PopulationNetwork,
    *,
    method: Method | None = None,
    nu_start: FloatArray | None = None,
    max_steps: int = 2000,
    throw: bool = True,
) -> WorkingPoint:
    r"""Return the working point reached from `nu_start` by pseudo-time relaxation.

    Solves :math:`\nu_a = \phi(\mu_a(\nu), \sigma_a(\nu))` with the Siegert rate phi (Brunel 2000,
    J. Comput. Neurosci. 8:183), or on nodes :math:`\nu_a = \phi(\mu_a(\nu), \sigma_{a1}(\nu), ...)`
    with the noise through every receptor; EIF and AdEx neurons, conductances and plastic synapses
    by `cell_inputs`. Where several fixed points exist, the one returned is that in whose basin
    `nu_start` lies under dnu/ds = phi(nu) - nu; `all_fixed_points` returns all.

    Parameters
    ----------
    network : PopulationNetwork
        Populations, connections and drive.
    method : {"shift", "taylor", "nodes"}, optional
        Treatment of colored noise: "shift" and "taylor" as in `firing_rate`, "nodes" solves the
        density of every population with all its receptors (4 ms per population and Newton step,
        10 ms with two unlike receptors). By default "shift" where each population has one
        synaptic time constant, else "nodes". Unlike ones make "shift" up to 14 % too low.
    nu_start : ndarray of shape (n_pops,), optional
        Rates at the start of the relaxation, Hz; zero when omitted.
    max_steps : int, optional
        Steps of the relaxation before Newton takes over wherever it is.
    throw : bool, optional
        False returns a result with ``converged=False`` instead of raising.

    Returns
    -------
    WorkingPoint
        Rates, input, residual and static stability.

    Raises
    ------
    ConvergenceError
        No fixed point was reached; ``partial`` holds the last iterate.
    ParameterError
        The network does not fit the theory, or `nu_start` has a wrong shape or is not finite.

    Warns
    -----
    RegimeWarning
        A rate is negative (first-order theory at low noise), or synapses are slow for the method.

    Examples
    --------
    >>> from cortex.params.brunel import BrunelParams
    >>> brunel = BrunelParams(g=5.0, nu_ext_ratio=2.0)
    >>> solve_working_point(brunel.network()).nu.round(2)
    array([37.95, 37.95])
    """
    equation = equation_of(network, method)
    given = np.zeros(network.n_pops) if nu_start is None else nu_start
    start = argument("nu_start", given, NU, (network.n_pops,))
    point = equation.polish(*equation.relax(start, max_steps))
    if not point.converged:
        if throw:
            raise ConvergenceError(reason(point.nu, point.residual, point.n_iterations), point)
        return point
    if network.is_plain and np.any(input_variance(network, point.nu) < 0.0):
        msg = f"the input variance turns negative at rates {point.nu} Hz and counts as zero"
        warn_regime(msg)
    if np.any(point.nu < 0.0):
        msg = f"rates {point.nu} Hz turn negative: noise too low for method 'taylor', use 'shift'"
        warn_regime(msg)
    return point
