"""Irregularity of firing: coefficient of variation of the inter-spike intervals."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cortex.meanfield.density.receptors import receptor_cv
from cortex.meanfield.stationary import _loops_cv as loops
from cortex.meanfield.stationary.cell_inputs import CellInputs
from cortex.meanfield.stationary.packed import PackedNeurons, pack, pack_populations
from cortex.meanfield.stationary.receptor_inputs import ReceptorInputs
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.params.arrays import argument, broadcast
from cortex.params.drive import NU
from cortex.params.lif import Neuron
from cortex.params.network import PopulationNetwork
from cortex.typing import FloatArray


def isi_cv(
    mu: ArrayLike,
    sigma: ArrayLike,
    neuron: Neuron,
    *,
    tau_s: ArrayLike = 0.0,
    nu: ArrayLike | None = None,
) -> Any:
    r"""Return the coefficient of variation of the inter-spike intervals of a LIF neuron.

    .. math::
        CV^2 = 2\pi (\nu\tau_m)^2 \int_{y_r}^{y_\theta} e^{x^2}
               \int_{-\infty}^{x} e^{u^2} (1 + \mathrm{erf}\,u)^2\, du\, dx

    with y as in `firing_rate`. The order of integration is exchanged, so that the inner
    integral is a difference of Dawson functions and one integral is left.

    Parameters
    ----------
    mu, sigma : array_like
        Mean and standard deviation of the input, V.
    neuron : LIFParams or LIFNeurons
        One neuron, or arrays that broadcast with `mu` and `sigma`.
    tau_s : array_like, optional
        Synaptic time constant, s; shifts the boundaries.
    nu : array_like, optional
        Rate in the prefactor, Hz, if it is not the Siegert rate with shifted boundaries: the CV
        is proportional to it.

    Returns
    -------
    ndarray or float
        CV, dimensionless, in the shape to which all arguments broadcast. Without noise 0 above
        threshold, and 1, the limit, below. nan where `nu` is negative, as first-order rates can
        be at low noise: a neuron that never fires at such a rate has no intervals.

    Raises
    ------
    ParameterError
        sigma is negative, `nu` is not finite, or shapes do not
        broadcast.

    References
    ----------
    Brunel (2000), J. Comput. Neurosci. 8:183, appendix A.1.

    Examples
    --------
    >>> from cortex.params.lif import LIFParams
    >>> neuron = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01)
    >>> float(isi_cv(0.01, 0.005, neuron).round(4))
    0.9864
    """
    given = np.nan if nu is None else argument("nu", nu, NU)
    mu, sigma, rates = broadcast(mu=mu, sigma=sigma, nu=given)
    neurons = pack(mu, sigma, neuron, tau_s)
    return packed_cv(neurons, np.broadcast_to(rates, neurons.row.shape))[()]


def packed_cv(neurons: PackedNeurons, nu: FloatArray | None = None) -> FloatArray:
    """Return the CV for rates in the shape of the neurons; nan, or none, takes the Siegert rate."""
    if nu is None:
        nu = np.full(neurons.row.shape, np.nan)
    squared = loops.squared_cv_table(neurons.inputs, neurons.cells, np.ravel(nu))
    return np.asarray(np.sqrt(squared)[neurons.row])


def population_cv(network: PopulationNetwork, point: WorkingPoint) -> FloatArray:
    """Return the CV of each population at a working point, shape (n_pops,), dimensionless.

    Boundaries are shifted also where the working point was found to first order. On nodes it is
    that of the single interval; successive ones are correlated.

    As for `isi_cv`.

    Examples
    --------
    >>> from cortex.meanfield.stationary.working_point import solve_working_point
    >>> from cortex.params.brunel import BrunelParams
    >>> network = BrunelParams(g=5.0, nu_ext_ratio=2.0).network()
    >>> point = solve_working_point(network)
    >>> population_cv(network, point).round(2).tolist()
    [0.68, 0.68]
    """
    if not network.is_plain:
        return np.array([each.cv for each in CellInputs.of(network).settled(point.nu, None)])
    neurons = pack_populations(network, point)
    closed = packed_cv(neurons)
    if point.method != "nodes":
        return closed
    densities = ReceptorInputs.of(network).neurons(point.mu, point.sigma, point.nu)
    return np.array(
        [
            receptor_cv(each) if each is not None and each.is_resolved else cv
            for each, cv in zip(densities, closed, strict=True)
        ]
    )
