r"""Linear response of a network around its working point: the matrix M(lambda).

A perturbation exp(lambda t) of the rate of population b changes the rate of population a by

    M_ab = tau_m,a K_ab J_ab [H_mu,a / (1 + lambda tau_s) + J_ab H_sigma2,a / (1 + lambda tau_s/2)]
           D_ab(lambda) S_ab(k, lambda)

with the single-neuron responses H to the mean and the variance of the input, the delay
factor D and, in space, the factor S of connection profile and growing delays at wave number k
(`spatial_profiles`). The synaptic filters are those of an exponential current and of its square.
Perturbations of the network obey det(1 - M(lambda)) = 0.
"""

from collections.abc import Callable

import numpy as np

from cortex.meanfield.exponents import angular
from cortex.meanfield.matrix_function import MatrixAndSlope, MatrixFunction
from cortex.meanfield.response.delays import delay_transform
from cortex.meanfield.response.receptor_response import ReceptorFits, SynapticResponse
from cortex.meanfield.response.source_response import SourceFits, SourceResponse
from cortex.meanfield.response.spatial_profiles import (
    SpaceFactor,
    Transform,
    profile_matrix,
    space_of,
)
from cortex.meanfield.response.transfer import LinearResponse, respond
from cortex.meanfield.stationary.moments import mean_coupling, variance_coupling
from cortex.meanfield.stationary.packed import pack_populations, require_own
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.params.network import PopulationNetwork
from cortex.typing import ComplexArray, FloatArray

PackedResponse = Callable[[ComplexArray], LinearResponse | SynapticResponse | SourceResponse]


def connect(
    network: PopulationNetwork,
    response: LinearResponse | SynapticResponse | SourceResponse,
    *,
    variance: bool = True,
    space: SpaceFactor | None = None,
) -> MatrixAndSlope:
    """Return M and dM/dlambda for given single-neuron responses.

    Parameters
    ----------
    network : PopulationNetwork
        Connections and delays.
    response : LinearResponse, SynapticResponse or SourceResponse
        Single-neuron responses of shape (..., n_pops), without the synaptic filter, or by
        receptor, or of any cells by source.
    variance : bool
        Whether the modulation of the input variance counts. The mean alone is a common
        approximation, which misses part of the response at strong synapses. Responses by source
        always hold all of it.
    space : callable, optional
        What profiles and growing delays do at one wave number, see `space_factor`; that of the
        uniform perturbation when not given.

    Returns
    -------
    MatrixAndSlope
        M of shape (..., n_pops, n_pops), ``[target, source]``, row a scaled by the neurons
        of the target a.
    """
    lam, synapses = response.lam, network.synapses
    at = lam[..., np.newaxis, np.newaxis]
    D, D_slope = delay_transform(
        lam, synapses.delay, synapses.delay_sd, synapses.delay_distribution
    )
    if isinstance(response, SourceResponse):
        M, slope = response.H_source, response.H_source_slope
    else:
        M, slope = _of_moments(network, response, at, variance=variance)
    space = space_of(network) if space is None else space
    if space is None:
        return MatrixAndSlope(M * D, slope * D + M * D_slope)
    S, S_slope = space(lam)
    return MatrixAndSlope(S * M * D, S * (slope * D + M * D_slope) + S_slope * M * D)


def _of_moments(
    network: PopulationNetwork,
    response: LinearResponse | SynapticResponse,
    at: ComplexArray,
    *,
    variance: bool,
) -> tuple[ComplexArray, ComplexArray]:
    """Return M without delays and its derivative, from responses to mean and variance."""
    tau_s = network.synapses.tau_s
    M, slope = _filtered(at, tau_s, response.H_mu, response.H_mu_slope)
    M, slope = mean_coupling(network) * M, mean_coupling(network) * slope
    if variance:
        if isinstance(response, SynapticResponse):
            V, V_slope = response.H_variance, response.H_variance_slope
        else:
            H, H_slope = response.H_sigma2, response.H_sigma2_slope
            V, V_slope = _filtered(at, 0.5 * tau_s, H, H_slope)
        M = M + variance_coupling(network) * V
        slope = slope + variance_coupling(network) * V_slope
    return M, slope


def _filtered(
    at: ComplexArray, tau_s: FloatArray, H: ComplexArray, H_slope: ComplexArray
) -> tuple[ComplexArray, ComplexArray]:
    """Return H_a/(1 + lambda tau_s,ab) and its derivative, shape (..., n_pops, n_pops)."""
    low_pass = 1.0 / (1.0 + at * tau_s)
    value = H[..., :, np.newaxis] * low_pass
    return value, (H_slope[..., :, np.newaxis] - tau_s * value) * low_pass


def effective_connectivity(
    network: PopulationNetwork,
    point: WorkingPoint,
    frequencies: FloatArray,
    *,
    variance: bool = True,
    wave_number: float | None = None,
) -> ComplexArray:
    """Return M(2 pi i f) at real frequencies.

    Parameters
    ----------
    network, point
        The network and its working point.
    frequencies : ndarray of shape (n_freqs,)
        Hz; negative ones and zero are allowed.
    variance : bool
        As in `connect`.
    wave_number : float, optional
        Angular wave number of a perturbation on the ring or sheet of `network.space`, 1/m.

    Returns
    -------
    M : ndarray of shape (n_freqs, n_pops, n_pops)
        Dimensionless: M(0) is the Jacobian of the rate equation at the working point (with
        colored noise up to the dependence of the boundary shift on sigma, which the response to
        the variance leaves out).

    References
    ----------
    Bos, Diesmann & Helias (2016), PLoS Comput. Biol. 12:e1005132, for the mean of the input.

    Examples
    --------
    >>> from cortex.meanfield.stationary.working_point import solve_working_point
    >>> from cortex.params.brunel import BrunelParams
    >>> network = BrunelParams(g=5.0, nu_ext_ratio=2.0).network()
    >>> point = solve_working_point(network)
    >>> effective_connectivity(network, point, np.array([0.0]))[0].real.round(2).tolist()
    [[7.12, -8.66], [7.12, -8.66]]
    """
    require_own(network, point)
    function = spiking_characteristic(network, point, variance=variance, wave_number=wave_number)
    return function(angular(frequencies)).M


def spiking_characteristic(
    network: PopulationNetwork,
    point: WorkingPoint,
    *,
    variance: bool = True,
    wave_number: float | None = None,
    profile: Transform | None = None,
    response: PackedResponse | None = None,
) -> MatrixFunction:
    """Return the function lambda -> M(lambda), dM/dlambda of a spiking network.

    Parameters
    ----------
    network, point, variance, wave_number
        As in `effective_connectivity`.
    profile : callable, optional
        Transform of the connection profile in place of the one of `network.space`.
    response : callable, optional
        `packed_response` of this working point, if it is known already.

    Notes
    -----
    For `roots.find_roots` and `roots.newton_roots`. What does not depend on lambda is
    prepared once.

    References
    ----------
    As for `effective_connectivity`.

    Examples
    --------
    >>> from cortex.meanfield.stationary.working_point import solve_working_point
    >>> from cortex.params.brunel import BrunelParams
    >>> network = BrunelParams(g=5.0, nu_ext_ratio=2.0).network()
    >>> point = solve_working_point(network)
    >>> found = spiking_characteristic(network, point)(np.array([0j]))
    >>> found.M.shape, found.slope.shape
    ((1, 2, 2), (1, 2, 2))
    """
    respond = packed_response(network, point) if response is None else response
    space = space_of(network, wave_number)
    if profile is not None and network.space is not None:
        p = profile_matrix(np.asarray(wave_number), network.space.width, profile)
        space = lambda _: (p, np.zeros_like(p))  # noqa: E731  # shorter than a function in one

    def function(lam: ComplexArray) -> MatrixAndSlope:
        return connect(network, respond(lam), variance=variance, space=space)

    return function


def packed_response(network: PopulationNetwork, point: WorkingPoint) -> PackedResponse:
    """Return the function lambda -> responses of all populations, parameters packed once.

    On nodes the responses are sampled first (0.2 s per population, 0.7 s with unlike receptors).
    """
    if not network.is_plain:
        return SourceFits.of(network, point)
    if point.method == "nodes":
        return ReceptorFits.of(network, point)
    neurons = pack_populations(network, point).responding()
    return lambda lam: respond(lam, neurons, point.method)
