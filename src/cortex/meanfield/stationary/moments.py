"""Mean and standard deviation of the input to each population (diffusion approximation)."""

import numpy as np

from cortex.errors import ParameterError
from cortex.params.arrays import argument
from cortex.params.drive import NU
from cortex.params.network import PopulationNetwork
from cortex.regime import warn_regime
from cortex.typing import FloatArray


def mean_input(network: PopulationNetwork, nu: FloatArray) -> FloatArray:
    r"""Return the mean input of each population.

    .. math:: \mu_a = \tau_a \Big( \sum_b K_{ab} J_{ab} \nu_b + \sum_x J_{ax} \nu_{ax} \Big)
              + \mu^{dc}_a

    Parameters
    ----------
    network : PopulationNetwork
        Populations, connections and drive.
    nu : ndarray of shape (..., n_pops)
        Firing rates, Hz.

    Returns
    -------
    ndarray of shape (..., n_pops)
        Mean input, V. Rates are those of single neurons; inputs are independent.

    Raises
    ------
    ParameterError
        Rates that are none, or not one of each population.

    References
    ----------
    Brunel (2000), J. Comput. Neurosci. 8:183, eqs. 4-5.

    Examples
    --------
    >>> from cortex.params.brunel import BrunelParams
    >>> network = BrunelParams(g=5.0, nu_ext_ratio=2.0).network()
    >>> (1e3 * mean_input(network, np.array([37.9, 37.9]))).round(1).tolist()
    [21.0, 21.0]
    """
    mu: FloatArray = drive_mean(network) + _rates(network, nu) @ mean_coupling(network).T
    return mu


def input_variance(network: PopulationNetwork, nu: FloatArray) -> FloatArray:
    r"""Return the variance of the input of each population, V^2, shape (n_pops,).

    .. math:: \sigma^2_a = \tau_a \Big( \sum_b K_{ab} J_{ab}^2 (1 + c^2) \nu_b
              + \sum_x J_{ax}^2 \nu_{ax} \Big)

    with the coefficient of variation c of single weights (`weight_cv`). Poisson inputs,
    independent of each other; a d.c. drive adds nothing. Parameters and source as in
    `mean_input`.

    Brunel (2000), J. Comput. Neurosci. 8:183, eqs. 4-5.

    Examples
    --------
    >>> from cortex.params.brunel import BrunelParams
    >>> network = BrunelParams(g=5.0, nu_ext_ratio=2.0).network()
    >>> (1e6 * input_variance(network, np.array([37.9, 37.9]))).round().tolist()
    [59.0, 59.0]
    """
    added: FloatArray = _rates(network, nu) @ variance_coupling(network).T
    variance: FloatArray = drive_variance(network) + added
    return variance


def _rates(network: PopulationNetwork, nu: FloatArray) -> FloatArray:
    rates = argument("nu", nu, NU)
    if rates.shape[-1:] != (network.n_pops,):
        msg = f"nu has shape {rates.shape}, needs one rate of each of {network.n_pops} populations"
        raise ParameterError(msg)
    return rates


def input_std(network: PopulationNetwork, nu: FloatArray) -> FloatArray:
    """Return the standard deviation of the input of each population, V, shape (n_pops,).

    The square root of `input_variance` at the rates `nu`; zero where negative rates (first-order
    theory at low noise) would make the variance negative, which warns with a `RegimeWarning`.

    As for `input_variance`.

    Examples
    --------
    >>> from cortex.params.brunel import BrunelParams
    >>> network = BrunelParams(g=5.0, nu_ext_ratio=2.0).network()
    >>> (1e3 * input_std(network, np.array([37.9, 37.9]))).round(1).tolist()
    [7.7, 7.7]
    """
    variance = input_variance(network, nu)
    if np.any(variance < 0.0):
        msg = f"the input variance reaches {np.min(variance):.3g} V^2 and counts as zero"
        warn_regime(msg)
    return np.sqrt(np.maximum(variance, 0.0))


def drive_mean(network: PopulationNetwork) -> FloatArray:
    """Return the mean input of Poisson sources and d.c., V, shape (n_pops,)."""
    drive = network.drive
    poisson: FloatArray = np.sum(drive.J * drive.rate, axis=1)
    return network.neurons.tau_m * poisson + drive.mu_dc


def drive_variance(network: PopulationNetwork) -> FloatArray:
    """Return the input variance of the Poisson sources, V^2, shape (n_pops,)."""
    drive = network.drive
    per_time: FloatArray = np.sum(drive.J**2 * drive.rate, axis=1)
    return network.neurons.tau_m * per_time


def mean_coupling(network: PopulationNetwork) -> FloatArray:
    """Return d mu[target] / d nu[source] = tau_m K J, V/Hz, shape (n_pops, n_pops).

    Raises
    ------
    ParameterError
        Conductances or plastic synapses, whose mean is not linear in the rates.
    """
    require_currents(network)
    synapses = network.synapses
    return network.neurons.tau_m[:, None] * synapses.in_degrees * synapses.J


def require_currents(network: PopulationNetwork) -> None:
    """Refuse conductances and plastic synapses, whose input is not linear in the rates."""
    synapses = network.synapses
    plastic = synapses.exist & ((synapses.U < 1.0) | (synapses.tau_rec > 0.0))
    if np.any(synapses.g > 0.0) or np.any(network.drive.g > 0.0) or np.any(plastic):
        msg = (
            "the input through conductances or plastic synapses is not linear in the rates: this "
            "holds for currents of fixed strength; `solve_working_point` takes the others"
        )
        raise ParameterError(msg)


def variance_coupling(network: PopulationNetwork) -> FloatArray:
    """Return d sigma^2[target] / d nu[source] = tau_m K <J^2>, V^2/Hz, shape (n_pops, n_pops)."""
    return mean_coupling(network) * network.synapses.J * (1.0 + network.weight_cv**2)


def synaptic_time_constant(network: PopulationNetwork) -> FloatArray:
    """Return the one synaptic time constant of each target population, s, shape (n_pops,).

    Zero means delta synapses. Connections and inputs that carry no spikes do not count.

    Raises
    ------
    ParameterError
        A population receives synapses of unequal time constants, for which there is no closed
        form.
    """
    synapses, drive = network.synapses, network.drive
    tau_s = np.hstack([synapses.tau_s, drive.tau_s])
    used = np.hstack([synapses.in_degrees * synapses.J != 0, drive.rate * drive.J != 0])
    low = np.min(np.where(used, tau_s, np.inf), axis=1)
    high = np.max(np.where(used, tau_s, 0.0), axis=1)
    if np.any((high > low * (1.0 + 1e-12)) & used.any(axis=1)):
        msg = (
            f"synaptic time constants of one target differ (lowest {low}, highest {high} s); "
            "the closed forms hold for one per target: leave the method to `solve_working_point` "
            "or `all_fixed_points`, which solve the density, or simulate"
        )
        raise ParameterError(msg)
    return np.asarray(high)
