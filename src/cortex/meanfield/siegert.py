"""Stationary firing rate of leaky integrate-and-fire neurons in noise (Siegert formula)."""

import warnings
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from cortex.errors import ParameterError, RegimeWarning
from cortex.meanfield import _loops_siegert as loops
from cortex.meanfield.shapes import broadcast
from cortex.typing import FloatArray

Method = Literal["shift", "taylor"]

ALPHA = 2.0652531522312172
"""sqrt(2) |zeta(1/2)|, the boundary shift of colored noise (Fourcaud & Brunel 2002)."""


def boundary_shift(tau_s: ArrayLike, tau_m: ArrayLike) -> FloatArray:
    r"""Return the shift of both boundaries by synaptic filtering, in units of sigma.

    .. math:: \frac{\alpha}{2} \sqrt{\tau_s / \tau_m}, \quad \alpha = \sqrt{2} |\zeta(1/2)|

    Parameters
    ----------
    tau_s, tau_m : array_like
        Synaptic and membrane time constants, s.

    Returns
    -------
    ndarray
        Shift, dimensionless; zero for delta synapses.

    Warns
    -----
    RegimeWarning
        sqrt(tau_s / tau_m) exceeds sqrt(0.1); the expansion parameter is no longer small.

    References
    ----------
    Fourcaud & Brunel (2002), Neural Comput. 14:2057, eq. 4.13; Schuecker et al. (2015),
    Phys. Rev. E 92:052119.
    """
    synapse, membrane = broadcast(tau_s=tau_s, tau_m=tau_m)
    ratio = synapse / membrane
    if np.any(ratio < 0.0) or not np.all(np.isfinite(ratio)):
        msg = f"tau_s = {tau_s!r} s must not be negative and tau_m = {tau_m!r} s must be positive"
        raise ParameterError(msg)
    if np.any(ratio > 0.1 * (1.0 + 1e-9)):
        msg = (
            f"tau_s / tau_m reaches {np.max(ratio):.3g}; the theory expands in its square root "
            "and holds up to about 0.1: compare with a simulation"
        )
        warnings.warn(msg, RegimeWarning, stacklevel=3)
    return 0.5 * ALPHA * np.sqrt(ratio)


def method_code(method: str) -> int:
    """Return the number that the compiled loops use for a method."""
    if method not in get_args(Method):
        msg = f"method = {method!r} is none of {', '.join(get_args(Method))}"
        raise ParameterError(msg)
    return loops.TAYLOR if method == "taylor" else loops.SHIFT


def pack_neurons(
    tau_m: ArrayLike, tau_ref: ArrayLike, V_th: ArrayLike, V_reset: ArrayLike, tau_s: ArrayLike
) -> FloatArray:
    """Return rows (tau_m, tau_ref, V_th, V_reset, shift) for the loops, shape (..., 5).

    Raises
    ------
    ParameterError
        A time constant is not positive, V_reset does not lie below V_th, or shapes do not
        broadcast.
    """
    broadcast(tau_m=tau_m, tau_ref=tau_ref, V_th=V_th, V_reset=V_reset, tau_s=tau_s)
    if not np.all(np.asarray(tau_m) > 0.0):
        msg = f"tau_m = {tau_m!r} s must be positive"
        raise ParameterError(msg)
    if not np.all(np.asarray(tau_ref) >= 0.0):
        msg = f"tau_ref = {tau_ref!r} s must not be negative"
        raise ParameterError(msg)
    if not np.all(np.asarray(V_reset) < np.asarray(V_th)):
        msg = f"V_reset = {V_reset!r} V must lie below V_th = {V_th!r} V; are the two exchanged?"
        raise ParameterError(msg)
    rows = np.broadcast_arrays(tau_m, tau_ref, V_th, V_reset, boundary_shift(tau_s, tau_m))
    return np.stack([np.asarray(row, dtype=np.float64) for row in rows], axis=-1)


def pack_inputs(mu: ArrayLike, sigma: ArrayLike) -> FloatArray:
    """Return rows (mu, sigma) for the loops, shape (..., 2).

    Raises
    ------
    ParameterError
        sigma is negative, or a value is not finite.
    """
    pair = np.stack(broadcast(mu=mu, sigma=sigma), axis=-1)
    if not np.all(np.isfinite(pair)):
        msg = "mu and sigma must be finite, in V"
        raise ParameterError(msg)
    if np.any(pair[..., 1] < 0.0):
        msg = f"sigma must not be negative, got min {np.min(pair[..., 1])} V"
        raise ParameterError(msg)
    return pair


def pack_rows(inputs: FloatArray, neurons: FloatArray) -> tuple[FloatArray, FloatArray, Any]:
    """Return both arrays broadcast against each other as rows, and their common shape."""
    try:
        shape = np.broadcast_shapes(inputs.shape[:-1], neurons.shape[:-1])
    except ValueError:
        msg = (
            f"mu and sigma of shape {inputs.shape[:-1]} do not broadcast with neuron parameters "
            f"of shape {neurons.shape[:-1]}"
        )
        raise ParameterError(msg) from None
    flat = [
        np.ascontiguousarray(np.broadcast_to(a, (*shape, a.shape[-1])).reshape(-1, a.shape[-1]))
        for a in (inputs, neurons)
    ]
    return flat[0], flat[1], shape


def rate_and_slopes(
    mu: ArrayLike, sigma: ArrayLike, neurons: FloatArray, method: str
) -> FloatArray:
    """Return (nu, d nu/d mu, d nu/d sigma) along the last axis, shape (..., 3).

    Hz, Hz/V and Hz/V; `neurons` comes from `pack_neurons`.
    """
    inputs, rows, shape = pack_rows(pack_inputs(mu, sigma), neurons)
    table: FloatArray = loops.rate_table(inputs, rows, method_code(method))
    return table.reshape((*shape, 3))


def firing_rate(
    mu: ArrayLike,
    sigma: ArrayLike,
    *,
    tau_m: ArrayLike,
    tau_ref: ArrayLike,
    V_th: ArrayLike,
    V_reset: ArrayLike,
    tau_s: ArrayLike = 0.0,
    method: Method = "shift",
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
    tau_m, tau_ref : array_like
        Membrane time constant and refractory period, s.
    V_th, V_reset : array_like
        Threshold and reset relative to rest, V.
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
        sigma is negative, V_reset is not below V_th, or shapes do not broadcast.

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
    >>> firing_rate(0.03, 0.005, tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01).round(4)
    np.float64(66.2933)
    """
    neurons = pack_neurons(tau_m, tau_ref, V_th, V_reset, tau_s)
    return rate_and_slopes(mu, sigma, neurons, method)[..., 0][()]


def log_firing_rate(
    mu: ArrayLike,
    sigma: ArrayLike,
    *,
    tau_m: ArrayLike,
    tau_ref: ArrayLike,
    V_th: ArrayLike,
    V_reset: ArrayLike,
    tau_s: ArrayLike = 0.0,
) -> Any:
    """Return the natural logarithm of the rate in Hz, usable far below 1e-308 Hz.

    Shifted boundaries; parameters as in `firing_rate`. Minus infinity only without noise.

    Examples
    --------
    >>> log_firing_rate(0.0, 1e-4, tau_m=0.01, tau_ref=0.0, V_th=0.015, V_reset=0.0).round(3)
    np.float64(-22490.957)
    """
    neurons = pack_neurons(tau_m, tau_ref, V_th, V_reset, tau_s)
    inputs, rows, shape = pack_rows(pack_inputs(mu, sigma), neurons)
    return loops.log_rate_table(inputs, rows).reshape(shape)[()]
