"""Linear response of LIF neurons to modulations of the mean and variance of their input."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cortex.errors import ParameterError
from cortex.meanfield.density.receptors import receptor_response
from cortex.meanfield.exponents import angular, exponents
from cortex.meanfield.response import _loops_mean_response as mean_loops
from cortex.meanfield.response import _loops_response as loops
from cortex.meanfield.response.source_response import SourceFits
from cortex.meanfield.stationary.cell_inputs import CellInputs
from cortex.meanfield.stationary.packed import (
    ClosedForm,
    PackedNeurons,
    method_code,
    pack,
    pack_populations,
)
from cortex.meanfield.stationary.receptor_inputs import ReceptorInputs
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.params.lif import Neuron
from cortex.params.network import PopulationNetwork
from cortex.typing import ComplexArray


@dataclass(frozen=True, slots=True, eq=False)
class LinearResponse:
    """Response of the rate to exp(lambda t) in the mean and in the variance of the input.

    Attributes
    ----------
    lam : ndarray of shape (...)
        Laplace exponents, 1/s; 2 pi i f on the imaginary axis.
    H_mu : ndarray of shape (..., n)
        Rate per modulation of the mean, Hz/V.
    H_sigma2 : ndarray of shape (..., n)
        Rate per modulation of the variance, Hz/V^2.
    H_mu_slope, H_sigma2_slope : ndarray of shape (..., n)
        Derivatives by lambda, Hz s/V and Hz s/V^2.
    """

    lam: ComplexArray
    H_mu: ComplexArray
    H_sigma2: ComplexArray
    H_mu_slope: ComplexArray
    H_sigma2_slope: ComplexArray


def linear_response(
    lam: ArrayLike,
    mu: ArrayLike,
    sigma: ArrayLike,
    neuron: Neuron,
    *,
    tau_s: ArrayLike = 0.0,
    method: ClosedForm = "shift",
) -> LinearResponse:
    r"""Return the response of the firing rate to exp(lambda t) in mean and variance.

    .. math::
        H_\mu = \frac{\sqrt2\,\nu}{\sigma} \frac{1}{1 + \lambda\tau_m}
          \frac{\Psi'_\theta - \Psi'_r}{\Psi_\theta - e^{-\lambda\tau_{ref}} \Psi_r},
        \quad
        H_{\sigma^2} = \frac{\nu}{\sigma^2} \frac{1}{2 + \lambda\tau_m}
          \frac{\Psi''_\theta - \Psi''_r}{\Psi_\theta - e^{-\lambda\tau_{ref}} \Psi_r}

    with :math:`\Psi(x) = e^{x^2/4} U(\lambda\tau_m - 1/2, -x)` at
    :math:`x = \sqrt2\,[(V - \mu)/\sigma + \frac{\alpha}{2} \sqrt{\tau_s/\tau_m}]`. At lambda = 0
    they equal the slopes of the Siegert rate with the boundaries held in place (for colored
    noise the slope by variance of `rate_slopes` also moves the boundaries with sigma).

    Parameters
    ----------
    lam : array_like of complex, shape (...)
        Laplace exponents, 1/s; any sign and zero (``angular(f)`` for frequencies f in Hz).
    mu, sigma : array_like, shape (n,) or scalar
        Mean and standard deviation of the input, V; `sigma` positive, or zero where `mu` lies
        below threshold: such a neuron is silent and does not respond.
    neuron : LIFParams or LIFNeurons
        One neuron, or arrays that broadcast with `mu` and `sigma`.
    tau_s : array_like, optional
        Synaptic time constant, s. It moves the boundaries. The filters of the synapse are left
        out: 1 / (1 + lambda tau_s) for the mean, with tau_s / 2 for the variance.
    method : {"shift", "taylor"}, optional
        Shifted boundaries, or first order in the shift.

    Returns
    -------
    LinearResponse
        Shapes ``lam.shape + mu.shape``. Zero where the rate lies below 1e-299 Hz.

    Raises
    ------
    ParameterError
        sigma is negative, or zero at or above threshold; `lam` is real or not finite.

    Notes
    -----
    Computed without special functions, see `_loops_response`; the relative error is about
    1e-14. Far below threshold the response is ill-conditioned where lambda tau_m is a negative
    integer; next to these points digits are lost in proportion to the distance.

    References
    ----------
    Brunel & Hakim (1999), Neural Comput. 11:1621; Lindner & Schimansky-Geier (2001), Phys.
    Rev. Lett. 86:2934 (variance, refractory factor); Schuecker et al. (2015), Phys. Rev. E
    92:052119 (colored noise).

    Examples
    --------
    >>> from cortex.params.lif import LIFParams
    >>> neuron = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01)
    >>> response = linear_response(0j, 0.021, 0.007, neuron)
    >>> (response.H_mu / 1e3).real.round(5), (response.H_sigma2 / 1e6).real.round(6)
    (np.float64(3.63181), np.float64(0.173177))
    """
    neurons = pack(mu, sigma, neuron, tau_s)
    return respond(lam, neurons.responding(), method)


def respond(lam: ArrayLike, neurons: PackedNeurons, method: str) -> LinearResponse:
    """Return the response of `PackedNeurons.responding`, as `linear_response` does."""
    at = exponents(lam)
    table = loops.response_table(at.ravel(), neurons.inputs, neurons.cells, method_code(method))
    columns = np.moveaxis(_spread(table, at, neurons), -1, 0)
    return LinearResponse(at, *(column[()] for column in columns))


def _spread(table: ComplexArray, lam: ComplexArray, neurons: PackedNeurons) -> ComplexArray:
    """Return a table of shape (lam.size, n_rows, ...) laid out as lam.shape + neurons + (...)."""
    laid = table[:, neurons.row]
    return laid.reshape((*lam.shape, *laid.shape[1:]))


def transfer_function(
    frequencies: ArrayLike,
    mu: ArrayLike,
    sigma: ArrayLike,
    neuron: Neuron,
    *,
    tau_s: ArrayLike = 0.0,
    method: ClosedForm = "shift",
    synaptic_filter: bool = False,
) -> Any:
    """Return the response to the mean alone, `H_mu` of `linear_response`, in a third of the time.

    Parameters
    ----------
    frequencies : array_like of any shape
        Hz; any sign and zero.
    mu, sigma, neuron, tau_s, method
        As in `linear_response`.
    synaptic_filter : bool, optional
        Multiply with 1 / (1 + 2 pi i f tau_s): response to the current before the synapse.

    Returns
    -------
    ndarray or complex
        Hz/V, shape ``frequencies.shape + mu.shape``.

    References
    ----------
    As for `linear_response`.

    Examples
    --------
    >>> from cortex.params.lif import LIFParams
    >>> neuron = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01)
    >>> transfer_function(100.0, 0.021, 0.007, neuron).round(3)
    np.complex128(1593.776-1299.175j)
    """
    neurons = pack(mu, sigma, neuron, tau_s)
    return _mean_response(frequencies, neurons, method, tau_s if synaptic_filter else None)[()]


def _mean_response(
    frequencies: ArrayLike, neurons: PackedNeurons, method: str, tau_s: ArrayLike | None
) -> ComplexArray:
    """Return H_mu, filtered by synapses of the time constant `tau_s` unless it is None."""
    at, alike = angular(frequencies), neurons.responding()
    table = mean_loops.mean_response_table(
        at.ravel(), alike.inputs, alike.cells, method_code(method)
    )
    H = _spread(table, at, alike)
    if tau_s is None:
        return H
    each = at[(..., *(None,) * neurons.row.ndim)]
    return np.asarray(1.0 / (1.0 + each * np.asarray(tau_s, dtype=np.float64)) * H)


def population_response(
    network: PopulationNetwork, point: WorkingPoint, lam: ArrayLike
) -> LinearResponse:
    """Return the linear response of every population at a working point.

    Parameters
    ----------
    network : PopulationNetwork
        The network that `point` belongs to.
    point : WorkingPoint
        Mean, standard deviation, synaptic time constant and method.
    lam : array_like of complex, shape (...)
        Laplace exponents, 1/s.

    Returns
    -------
    LinearResponse
        Shapes ``lam.shape + (n_pops,)``; without the low-pass filter of the synapses.

    Raises
    ------
    ParameterError
        The working point is one on nodes: its response to the noise differs by receptor.

    References
    ----------
    As for `linear_response`.

    Examples
    --------
    >>> from cortex.meanfield.stationary.working_point import solve_working_point
    >>> from cortex.params.brunel import BrunelParams
    >>> network = BrunelParams(g=5.0, nu_ext_ratio=2.0).network()
    >>> point = solve_working_point(network)
    >>> population_response(network, point, np.array([0j])).H_mu.real.round(-1).tolist()
    [[3540.0, 3540.0]]
    """
    if point.method == "nodes":
        msg = (
            "on nodes every receptor has a response of its own: take `population_transfer` for the "
            "mean, `effective_connectivity` for the network or `receptor_response` for one neuron"
        )
        raise ParameterError(msg)
    return respond(lam, pack_populations(network, point).responding(), point.method)


def population_transfer(
    network: PopulationNetwork,
    point: WorkingPoint,
    frequencies: ArrayLike,
    *,
    synaptic_filter: bool = False,
) -> ComplexArray:
    """Return the transfer function of every population at a working point.

    Parameters
    ----------
    network, point
        As in `population_response`.
    frequencies : array_like of any shape
        Hz.
    synaptic_filter : bool, optional
        Include the low-pass filter of the synapses.

    Returns
    -------
    ndarray of shape frequencies.shape + (n_pops,)
        Hz/V.

    Raises
    ------
    ParameterError
        A filter is wanted where the receptors of a population are unlike.

    References
    ----------
    As for `linear_response`.

    Examples
    --------
    >>> from cortex.meanfield.stationary.working_point import solve_working_point
    >>> from cortex.params.brunel import BrunelParams
    >>> network = BrunelParams(g=5.0, nu_ext_ratio=2.0).network()
    >>> point = solve_working_point(network)
    >>> abs(population_transfer(network, point, [0.0, 100.0])).round(-1).tolist()
    [[3540.0, 3540.0], [1990.0, 1990.0]]
    """
    if not network.is_plain:
        return _transfer_of_cells(network, point, frequencies, synaptic_filter=synaptic_filter)
    if point.method == "nodes":
        return _transfer_on_nodes(network, point, frequencies, synaptic_filter=synaptic_filter)
    neurons = pack_populations(network, point)
    return _mean_response(
        frequencies, neurons, point.method, point.tau_s if synaptic_filter else None
    )


def _transfer_of_cells(
    network: PopulationNetwork,
    point: WorkingPoint,
    frequencies: ArrayLike,
    *,
    synaptic_filter: bool,
) -> ComplexArray:
    """Return the response to a current into any cells, adaptation included."""
    at, inputs = angular(frequencies), CellInputs.of(network)
    H = SourceFits.of(network, point)(at).H_mu
    if not synaptic_filter:
        return H
    driven = [inputs.driven(a, point.nu) for a in range(network.n_pops)]
    if not all(each.is_filtered_once for each in driven):
        msg = (
            "synapses of one population are unlike, rise, or are conductances: no single filter "
            "stands for them"
        )
        raise ParameterError(msg)
    return np.asarray(H / (1.0 + at[..., np.newaxis] * point.tau_s))


def _transfer_on_nodes(
    network: PopulationNetwork,
    point: WorkingPoint,
    frequencies: ArrayLike,
    *,
    synaptic_filter: bool,
) -> ComplexArray:
    inputs, at = ReceptorInputs.of(network), angular(frequencies)
    if synaptic_filter and not inputs.are_alike:
        msg = "receptors of one population are unlike: no single filter stands for its synapses"
        raise ParameterError(msg)
    closed = pack_populations(network, point)
    H = _mean_response(frequencies, closed, "shift", None)
    known: dict[object, ComplexArray] = {}
    for a, neuron in enumerate(inputs.neurons(point.mu, point.sigma, point.nu)):
        if neuron is not None and neuron.is_resolved:
            if neuron.key not in known:
                known[neuron.key] = receptor_response(neuron, at.ravel()).H_mu.reshape(at.shape)
            H[..., a] = known[neuron.key]
    if synaptic_filter:
        H = H / (1.0 + at[..., np.newaxis] * point.tau_s)
    return H
