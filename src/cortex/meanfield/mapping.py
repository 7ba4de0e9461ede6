"""From a spiking network to a rate model: response and its low-pass fit, with or without drive.

`fit_rate_model` fits at a working point; `map_to_rate_model` finds the drive that holds a wanted
input first. For a ring of equal populations `ring_patterns.rate_approximation` takes the fit into
the one time constant and delay that the Lambert W solution needs.
"""

from dataclasses import dataclass

from cortex.meanfield.cv import population_cv
from cortex.meanfield.external_drive import ExternalRates, external_rates
from cortex.meanfield.response_fit import LowPassFit, fit_low_pass, rate_weights
from cortex.meanfield.siegert import Method
from cortex.meanfield.transfer import angular, population_transfer
from cortex.meanfield.working_point import WorkingPoint, solve_working_point
from cortex.params.network import PopulationNetwork
from cortex.typing import ComplexArray, FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class FittedRateModel:
    """Low-pass filters in place of the responses of a network.

    Attributes
    ----------
    response : ndarray of shape (n_freqs, n_pops)
        Response to the mean of the input current, Hz/V, with the synaptic low-pass filter.
    fit : LowPassFit
        Filter of each population.
    weights : ndarray of shape (n_pops, n_pops)
        Weights of the rate model.
    """

    response: ComplexArray
    fit: LowPassFit
    weights: FloatArray


def fit_rate_model(
    network: PopulationNetwork, point: WorkingPoint, frequencies: FloatArray
) -> FittedRateModel:
    """Return the rate model fitted to the responses at a working point.

    Parameters
    ----------
    network, point
        The network and its working point.
    frequencies : ndarray of shape (n_freqs,)
        Where the amplitude is fitted, Hz.
    """
    response = population_transfer(network, point, angular(frequencies), synaptic_filter=True)
    fit = fit_low_pass(frequencies, response)
    return FittedRateModel(response=response, fit=fit, weights=rate_weights(network, fit.h0))


@dataclass(frozen=True, slots=True, eq=False)
class RateModelMap:
    """A network held at a wanted input, and the rate model fitted there.

    Attributes
    ----------
    drive : ExternalRates
        External rates and the network that has them.
    point : WorkingPoint
        Working point reached from silence with that drive.
    cv : ndarray of shape (n_pops,)
        Coefficient of variation of the inter-spike intervals.
    response : ndarray of shape (n_freqs, n_pops)
        Response to the mean of the input current, Hz/V, with the synaptic low-pass filter.
    fit : LowPassFit
        Filter of each population.
    weights : ndarray of shape (n_pops, n_pops)
        Weights of the rate model.
    """

    drive: ExternalRates
    point: WorkingPoint
    cv: FloatArray
    response: ComplexArray
    fit: LowPassFit
    weights: FloatArray


def map_to_rate_model(
    network: PopulationNetwork,
    mu: FloatArray | float,
    sigma: FloatArray | float,
    frequencies: FloatArray,
    *,
    method: Method = "shift",
) -> RateModelMap:
    """Return the rate model of a network whose external rates hold the input at (mu, sigma).

    Parameters
    ----------
    network : PopulationNetwork
        Connections and weights of the external inputs.
    mu, sigma : float or ndarray of shape (n_pops,)
        Wanted mean and standard deviation of the input, V.
    frequencies : ndarray of shape (n_freqs,)
        Frequencies of the fit, Hz.
    method : {"shift", "taylor"}, optional
        Treatment of colored noise.

    Returns
    -------
    RateModelMap
        Drive, working point, response, fit and weights.

    References
    ----------
    Senk et al. (2020), Phys. Rev. Res. 2:023174, sec. II.D and figure 5.
    """
    drive = external_rates(network, mu, sigma, method=method)
    point = solve_working_point(drive.network, method=method)
    fitted = fit_rate_model(drive.network, point, frequencies)
    return RateModelMap(
        drive=drive,
        point=point,
        cv=population_cv(drive.network, point),
        response=fitted.response,
        fit=fitted.fit,
        weights=fitted.weights,
    )
