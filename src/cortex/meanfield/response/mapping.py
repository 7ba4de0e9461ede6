"""From a spiking network to a rate model: response and its low-pass fit.

`fit_rate_model` fits at a working point, for example the one at which `external_drive.hold_input`
holds a wanted input. For a ring of equal populations `ring_patterns.rate_approximation` takes the
fit into the one time constant and delay that the Lambert W solution needs.
"""

from dataclasses import dataclass

from cortex.meanfield.response.response_fit import LowPassFit, fit_low_pass, rate_weights
from cortex.meanfield.response.transfer import population_transfer
from cortex.meanfield.stationary.working_point import WorkingPoint
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
        Where the amplitude is fitted, Hz, positive.

    Raises
    ------
    ParameterError, ConvergenceError
        As in `response_fit.fit_low_pass`.

    References
    ----------
    Senk et al. (2020), Phys. Rev. Res. 2:023174, sec. II.D and figure 5.

    Examples
    --------
    >>> import numpy as np
    >>> from cortex.meanfield.stationary.working_point import solve_working_point
    >>> from cortex.params.brunel import BrunelParams
    >>> network = BrunelParams(g=5.0, nu_ext_ratio=2.0).network()
    >>> point = solve_working_point(network)
    >>> model = fit_rate_model(network, point, np.arange(1.0, 100.0))
    >>> model.weights.round(1).tolist()
    [[6.8, -8.5], [6.8, -8.5]]
    """
    response = population_transfer(network, point, frequencies, synaptic_filter=True)
    fit = fit_low_pass(frequencies, response)
    return FittedRateModel(response=response, fit=fit, weights=rate_weights(network, fit.h0))
