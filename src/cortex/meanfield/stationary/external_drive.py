"""External rates that bring populations to a wanted mean and noise of their input, and hold it."""

from dataclasses import dataclass, replace

import numpy as np

from cortex.errors import ConvergenceError, ParameterError
from cortex.meanfield.stationary.moments import (
    input_std,
    input_variance,
    mean_input,
    synaptic_time_constant,
)
from cortex.meanfield.stationary.nodes import closed_rates, rates_on_nodes
from cortex.meanfield.stationary.packed import Method, pack, pack_inputs
from cortex.meanfield.stationary.receptor_inputs import ReceptorInputs
from cortex.meanfield.stationary.siegert import rate_and_slopes
from cortex.meanfield.stationary.working_point import MAX_ROUNDS, WorkingPoint, equation_of
from cortex.params.arrays import broadcast
from cortex.params.network import PopulationNetwork
from cortex.regime import warn_regime
from cortex.typing import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class ExternalRates:
    """Poisson rates for a wanted input, and how well they reach it.

    Attributes
    ----------
    network : PopulationNetwork
        The network with these external rates, Hz, in `network.drive.rate`.
    nu : ndarray of shape (n_pops,)
        Rates that the populations have at the wanted input, Hz.
    residual_mu, residual_sigma : ndarray of shape (n_pops,)
        Reached minus wanted mean and standard deviation, V.
    """

    network: PopulationNetwork
    nu: FloatArray
    residual_mu: FloatArray
    residual_sigma: FloatArray

    @property
    def is_exact(self) -> bool:
        """Whether mean and noise are reached to 1e-9 of the noise (of 1 uV without noise)."""
        scale = np.maximum(input_std(self.network, self.nu), 1e-6)
        return bool(
            np.all(np.abs(self.residual_mu) <= 1e-9 * scale)
            and np.all(np.abs(self.residual_sigma) <= 1e-9 * scale)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A network whose external rates hold a wanted input, and the state it has there.

    Attributes
    ----------
    network : PopulationNetwork
        The network with these external rates; a negative one cannot be realized.
    point : WorkingPoint
        The working point at the wanted input.
    """

    network: PopulationNetwork
    point: WorkingPoint


def hold_input(
    network: PopulationNetwork,
    mu: FloatArray | float,
    sigma: FloatArray | float,
    *,
    method: Method | None = None,
) -> Held:
    """Return the network held at the input (mu, sigma) by its external rates.

    Parameters
    ----------
    network, mu, sigma, method
        As in `external_rates`.

    Returns
    -------
    Held
        Network, working point and external rates. Where the driven network has several
        working points it is the one at (mu, sigma), stable or not, not the one reached from
        silence.

    Raises
    ------
    ParameterError
        The external inputs cannot give that mean and that noise at once, see `external_rates`.

    Warns
    -----
    RegimeWarning
        A rate is negative: the wanted input cannot be made with Poisson sources.

    References
    ----------
    Senk et al. (2020), Phys. Rev. Res. 2:023174, sec. II.D and figure 5.

    Examples
    --------
    >>> from cortex.params.senk import SenkParams
    >>> held = hold_input(SenkParams().network(), 0.01, 0.01)
    >>> (1e3 * held.point.mu).round(6).tolist()
    [10.0, 10.0]
    """
    drive = external_rates(network, mu, sigma, method=method)
    if not drive.is_exact:
        msg = (
            f"the external inputs miss the wanted input by {drive.residual_mu} V in mean and "
            f"{drive.residual_sigma} V in noise; give every population two inputs of unlike weight"
        )
        raise ParameterError(msg)
    point = equation_of(drive.network, method).polish(drive.nu, 0)
    return Held(network=drive.network, point=point)


def external_rates(
    network: PopulationNetwork,
    mu: FloatArray | float,
    sigma: FloatArray | float,
    *,
    method: Method | None = None,
) -> ExternalRates:
    r"""Return the external Poisson rates that give every population the input (mu, sigma).

    .. math:: \tau \sum_x J_x \nu_x = \mu - \mu_{rec} - \mu_{dc}, \quad
              \tau \sum_x J_x^2 \nu_x = \sigma^2 - \sigma_{rec}^2

    with the recurrent part at the rates that (mu, sigma) itself produces. Two inputs of
    unlike weight solve it exactly; with one the best fit is returned, and the residual tells.

    Parameters
    ----------
    network : PopulationNetwork
        Weights `drive.J` of at least one Poisson input; its `drive.rate` does not matter.
    mu, sigma : float or ndarray of shape (n_pops,)
        Wanted mean and standard deviation, V.
    method : {"shift", "taylor", "nodes"}, optional
        Treatment of colored noise, as in `solve_working_point`. Unlike receptors share sigma^2 as
        the external rates have it, which is iterated.

    Returns
    -------
    ExternalRates
        Rates, residuals, and the network that has them.

    Raises
    ------
    ParameterError
        The network has no external input, or a population none of a weight other than zero.
    ConvergenceError
        With unlike receptors: rates and external rates do not settle.

    Warns
    -----
    RegimeWarning
        A rate is negative: the wanted input cannot be made with Poisson sources.

    References
    ----------
    Senk et al. (2020), Phys. Rev. Res. 2:023174, eq. (E4).

    Examples
    --------
    >>> from cortex.params.senk import SenkParams
    >>> found = external_rates(SenkParams().network(), 0.01, 0.01)
    >>> found.nu.shape, bool(abs(found.residual_mu).max() < 1e-12)
    ((2,), True)
    """
    mu, sigma, _ = broadcast(mu=mu, sigma=sigma, n_pops=np.zeros(network.n_pops))
    if network.drive.n_inputs == 0:
        msg = "the network has no external input: give it drive.J of shape (n_pops, n_inputs)"
        raise ParameterError(msg)
    silent_inputs = zip(network.names, network.drive.J, strict=True)
    without = [name for name, J in silent_inputs if not np.any(J)]
    if without:
        msg = f"drive.J of {', '.join(without)} is zero: no external rate moves its input"
        raise ParameterError(msg)
    nu, rates = _settled(network, mu, sigma, method)
    if np.any(rates < 0.0):
        msg = (
            f"external rates {rates} Hz: negative ones cannot be realized; lower sigma, or "
            "change mu, the recurrent weights or add an inhibitory source"
        )
        warn_regime(msg)
    driven = _driven(network, rates)
    goal_mu, goal_sigma = pack_inputs(mu, sigma).T
    return ExternalRates(
        network=driven,
        nu=nu,
        residual_mu=mean_input(driven, nu) - goal_mu,
        residual_sigma=input_std(driven, nu) - goal_sigma,
    )


def _settled(
    network: PopulationNetwork, mu: FloatArray, sigma: FloatArray, method: Method | None
) -> tuple[FloatArray, FloatArray]:
    """Return the rates at the wanted input, and the external rates, both Hz."""
    every_input = _driven(network, np.ones_like(network.drive.rate))
    alike = ReceptorInputs.of(every_input).are_alike
    if method == "taylor" or (method != "nodes" and alike):
        neurons = pack(mu, sigma, network.lif, synaptic_time_constant(every_input))
        nu = rate_and_slopes(neurons, method or "shift")[:, 0]
        return nu, _sources(network, mu, sigma, nu)
    rates = _sources(network, mu, sigma, np.zeros(network.n_pops))
    nu = np.full(network.n_pops, np.nan)
    for _ in range(MAX_ROUNDS):
        before, inputs = nu, ReceptorInputs.of(_driven(network, np.maximum(rates, 0.0)))
        guess = np.where(np.isfinite(before), before, 0.0)
        phi = closed_rates if method == "shift" else rates_on_nodes
        nu = np.array([rate.nu for rate in phi(inputs, mu, sigma, guess)])
        rates = _sources(network, mu, sigma, nu)
        if np.allclose(nu, before, rtol=1e-9, atol=1e-12):
            return nu, rates
    msg = f"rates {nu} Hz at the wanted input do not settle within {MAX_ROUNDS} rounds"
    raise ConvergenceError(msg, nu)


def _sources(
    network: PopulationNetwork, mu: FloatArray, sigma: FloatArray, nu: FloatArray
) -> FloatArray:
    """Return the external rates that complete the recurrent input at rates nu, all Hz."""
    goal_mu, goal_sigma = pack_inputs(mu, sigma).T
    silent = _driven(network, np.zeros_like(network.drive.rate))
    missing_mu = goal_mu - mean_input(silent, nu)
    missing_variance = goal_sigma**2 - input_variance(silent, nu)
    return np.stack(
        [
            solve_sources(J, missing_mu[a] / tau, missing_variance[a] / tau)
            for a, (J, tau) in enumerate(zip(network.drive.J, network.neurons.tau_m, strict=True))
        ]
    )


def _driven(network: PopulationNetwork, rate: FloatArray) -> PopulationNetwork:
    return replace(network, drive=replace(network.drive, rate=rate))


def solve_sources(J: FloatArray, drift: float, diffusion: float) -> FloatArray:
    """Return rates (Hz) with sum J nu = drift (V/s) and sum J^2 nu = diffusion (V^2/s).

    Least squares in units of the largest weight; the smallest rates where many solve it.
    """
    unit = np.max(np.abs(J))
    relative = J / unit
    matrix = np.stack([relative, relative**2])
    goal = np.array([drift / unit, diffusion / unit**2])
    return np.asarray(np.linalg.lstsq(matrix, goal, rcond=1e-14)[0])
