"""Irregularity of firing: coefficient of variation of the inter-spike intervals."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cortex.meanfield import _loops_cv as loops
from cortex.meanfield.siegert import pack_inputs, pack_neurons, pack_rows
from cortex.meanfield.working_point import WorkingPoint
from cortex.params.network import PopulationNetwork
from cortex.typing import FloatArray


def isi_cv(
    mu: ArrayLike,
    sigma: ArrayLike,
    *,
    tau_m: ArrayLike,
    tau_ref: ArrayLike,
    V_th: ArrayLike,
    V_reset: ArrayLike,
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
    tau_m, tau_ref, V_th, V_reset : array_like
        Neuron, s and V relative to rest.
    tau_s : array_like, optional
        Synaptic time constant, s; shifts the boundaries.
    nu : array_like, optional
        Rate in the prefactor, Hz, if it is not the Siegert rate with shifted boundaries.

    Returns
    -------
    ndarray or float
        CV, dimensionless. Without noise 0 above threshold, and 1, the limit, below.

    References
    ----------
    Brunel (2000), J. Comput. Neurosci. 8:183, appendix A.1.

    Examples
    --------
    >>> float(isi_cv(0.01, 0.005, tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01).round(4))
    0.9864
    """
    inputs, neurons, shape = pack_rows(
        pack_inputs(mu, sigma), pack_neurons(tau_m, tau_ref, V_th, V_reset, tau_s)
    )
    rates = np.broadcast_to(-1.0 if nu is None else np.asarray(nu, dtype=np.float64), shape)
    squared: FloatArray = loops.squared_cv_table(inputs, neurons, rates.ravel())
    return np.sqrt(squared).reshape(shape)[()]


def population_cv(network: PopulationNetwork, point: WorkingPoint) -> FloatArray:
    """Return the CV of each population at a working point, shape (n_pops,).

    Boundaries are shifted also where the working point was found to first order.
    """
    cv: FloatArray = isi_cv(
        point.mu,
        point.sigma,
        tau_m=network.tau_m,
        tau_ref=network.tau_ref,
        V_th=network.V_th,
        V_reset=network.V_reset,
        tau_s=point.tau_s,
    )
    return cv
