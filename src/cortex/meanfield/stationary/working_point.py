"""Self-consistent rates of a network of LIF populations."""

from dataclasses import dataclass

import numpy as np

from cortex.errors import ConvergenceError, ParameterError
from cortex.meanfield.regime import warn_regime
from cortex.meanfield.stationary import _loops_working_point as loops
from cortex.meanfield.stationary.moments import (
    drive_mean,
    drive_variance,
    input_std,
    mean_coupling,
    mean_input,
    synaptic_time_constant,
    variance_coupling,
)
from cortex.meanfield.stationary.packed import Method, method_code, pack_neurons
from cortex.params.network import PopulationNetwork
from cortex.typing import ComplexArray, FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class WorkingPoint:
    """A solution of nu = phi(mu(nu), sigma(nu)), with how it was found.

    Attributes
    ----------
    nu, mu, sigma : ndarray of shape (n_pops,)
        Rates (Hz), mean and standard deviation of the input (V).
    tau_s : ndarray of shape (n_pops,)
        Synaptic time constant that entered the theory, s.
    method : str
        How colored noise entered: "shift" or "taylor".
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


@dataclass(frozen=True, slots=True, eq=False)
class RateEquation:
    """A network packed for the compiled loops (see `_loops_working_point`)."""

    network: PopulationNetwork
    method: Method
    tau_s: FloatArray
    drive: FloatArray
    coupling: FloatArray
    neurons: FloatArray

    @classmethod
    def of(cls, network: PopulationNetwork, method: Method) -> "RateEquation":
        """Return the rate equation of `network`."""
        tau_s = synaptic_time_constant(network)
        method_code(method)
        return cls(
            network=network,
            method=method,
            tau_s=tau_s,
            drive=np.stack([drive_mean(network), drive_variance(network)], axis=1),
            coupling=np.stack([mean_coupling(network), variance_coupling(network)]),
            neurons=pack_neurons(network.neurons, tau_s),
        )

    def flow(self, nu: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return phi(nu) - nu (Hz) and its Jacobian."""
        flow, jacobian = loops.flow_and_jacobian(
            nu, self.drive, self.coupling, self.neurons, method_code(self.method)
        )
        return flow, jacobian

    def relax(self, nu: FloatArray, max_steps: int) -> tuple[FloatArray, int]:
        """Follow dnu/ds = phi(nu) - nu; return the end point and the number of steps."""
        end, steps = loops.relax(
            nu, self.drive, self.coupling, self.neurons, method_code(self.method), max_steps
        )
        return end, steps

    def polish(self, nu: FloatArray, n_before: int, rtol: float = 1e-12) -> WorkingPoint:
        """Return the working point that Newton finds from `nu`."""
        code = method_code(self.method)
        nu, flow, jacobian, steps, converged = loops.polish(
            nu, self.drive, self.coupling, self.neurons, code, rtol, 50
        )
        return WorkingPoint(
            nu=nu,
            mu=mean_input(self.network, nu),
            sigma=input_std(self.network, nu),
            tau_s=self.tau_s,
            method=self.method,
            slope_eigenvalues=np.linalg.eigvals(jacobian + np.eye(nu.size)).astype(complex),
            residual=float(np.max(np.abs(flow))),
            n_iterations=n_before + steps,
            converged=bool(converged),
        )


def solve_working_point(
    network: PopulationNetwork,
    *,
    method: Method = "shift",
    nu_start: FloatArray | None = None,
    max_steps: int = 2000,
    throw: bool = True,
) -> WorkingPoint:
    r"""Return the working point reached from `nu_start` by pseudo-time relaxation.

    Solves :math:`\nu_a = \phi(\mu_a(\nu), \sigma_a(\nu))` with the Siegert rate phi. Where
    several fixed points exist, the one returned is that in whose basin `nu_start` lies under
    dnu/ds = phi(nu) - nu; `all_fixed_points` returns all.

    Parameters
    ----------
    network : PopulationNetwork
        Populations, connections and drive; one synaptic time constant per target.
    method : {"shift", "taylor"}, optional
        Treatment of colored noise, see `firing_rate`; no matter for delta synapses.
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
        A rate is negative (first-order theory at low noise).

    Examples
    --------
    >>> from cortex.params.brunel import BrunelParams
    >>> from cortex.params.lif import LIFParams
    >>> neuron = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01)
    >>> brunel = BrunelParams(neuron=neuron, n_exc=10000, n_inh=2500, in_degree_exc=1000,
    ...     in_degree_inh=250, J=1e-4, g=5.0, nu_ext_ratio=2.0, delay=1.5e-3, multapses=False)
    >>> solve_working_point(brunel.network()).nu.round(2)
    array([37.95, 37.95])
    """
    equation = RateEquation.of(network, method)
    start = np.zeros(network.n_pops) if nu_start is None else np.array(nu_start, dtype=float)
    if start.shape != (network.n_pops,) or not np.all(np.isfinite(start)):
        msg = (
            f"nu_start has shape {start.shape} and values {start}, needs ({network.n_pops},) "
            "finite rates in Hz"
        )
        raise ParameterError(msg)
    point = equation.polish(*equation.relax(start, max_steps))
    if not point.converged and throw:
        msg = (
            f"no working point within {point.n_iterations} steps: residual {point.residual:.3g} Hz "
            f"at rates {point.nu} Hz; try another nu_start or a larger max_steps"
        )
        raise ConvergenceError(msg, point)
    if np.any(point.nu < 0.0):
        msg = f"rates {point.nu} Hz turn negative: noise too low for method 'taylor', use 'shift'"
        warn_regime(msg)
    return point
