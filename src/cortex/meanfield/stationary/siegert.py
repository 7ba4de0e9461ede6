"""Stationary firing rate of leaky integrate-and-fire neurons in noise (Siegert formula)."""

from typing import Any

from numpy.typing import ArrayLike

from cortex.meanfield.stationary import _loops_siegert as loops
from cortex.meanfield.stationary.packed import ClosedForm, PackedNeurons, method_code, pack
from cortex.params.lif import Neuron
from cortex.typing import FloatArray


def rate_and_slopes(neurons: PackedNeurons, method: str) -> FloatArray:
    """Return (nu, d nu/d mu, d nu/d sigma) along the last axis: Hz, Hz/V and Hz/V."""
    table: FloatArray = loops.rate_table(neurons.inputs, neurons.cells, method_code(method))
    return table[neurons.row]


def firing_rate(
    mu: ArrayLike,
    sigma: ArrayLike,
    neuron: Neuron,
    *,
    tau_s: ArrayLike = 0.0,
    method: ClosedForm = "shift",
) -> Any:
    r"""Return the stationary firing rate of a LIF neuron in Gaussian noise.

    .. math::
        \frac{1}{\nu} = \tau_{ref} + \tau_m \sqrt{\pi}
            \int_{y_r}^{y_\theta} e^{u^2} (1 + \mathrm{erf}\,u)\, du, \quad
        y = \frac{V - \mu}{\sigma} + \frac{\alpha}{2} \sqrt{\tau_s / \tau_m}

    Parameters
    ----------
    mu, sigma : array_like
        Mean and standard deviation of the input, V; `sigma` = 0 gives the noiseless rate.
        The membrane obeys tau_m dV/dt = -V + mu + sigma sqrt(tau_m) xi(t).
    neuron : LIFParams or LIFNeurons
        One neuron, or arrays that broadcast with `mu` and `sigma`.
    tau_s : array_like, optional
        Synaptic time constant, s; 0 for delta synapses.
    method : {"shift", "taylor"}, optional
        Colored noise moves both boundaries ("shift"), or enters to first order in
        sqrt(tau_s / tau_m) ("taylor", which can turn negative at low noise).

    Returns
    -------
    ndarray or float
        Rate, Hz, in the shape to which all arguments broadcast; 0 where it underflows
        (see `log_firing_rate`).

    Raises
    ------
    ParameterError
        sigma is negative, or shapes do not broadcast.

    Warns
    -----
    RegimeWarning
        tau_s is not small against tau_m.

    References
    ----------
    Siegert (1951), Phys. Rev. 81:617; Brunel (2000), J. Comput. Neurosci. 8:183, eq. 21;
    Fourcaud & Brunel (2002), Neural Comput. 14:2057.

    Examples
    --------
    >>> from cortex.params.lif import LIFParams
    >>> neuron = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01)
    >>> firing_rate(0.03, 0.005, neuron).round(4)
    np.float64(66.2933)
    """
    neurons = pack(mu, sigma, neuron, tau_s)
    return rate_and_slopes(neurons, method)[..., 0][()]


def log_firing_rate(
    mu: ArrayLike,
    sigma: ArrayLike,
    neuron: Neuron,
    *,
    tau_s: ArrayLike = 0.0,
) -> Any:
    """Return the natural logarithm of the rate in Hz, usable far below 1e-308 Hz.

    Shifted boundaries; parameters as in `firing_rate`. Minus infinity only without noise.

    References
    ----------
    As for `firing_rate`.

    Examples
    --------
    >>> from cortex.params.lif import LIFParams
    >>> neuron = LIFParams(tau_m=0.01, tau_ref=0.0, V_th=0.015, V_reset=0.0)
    >>> log_firing_rate(0.0, 1e-4, neuron).round(3)
    np.float64(-22490.957)
    """
    neurons = pack(mu, sigma, neuron, tau_s)
    return loops.log_rate_table(neurons.inputs, neurons.cells)[neurons.row][()]
