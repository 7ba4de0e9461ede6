"""LFP of populations by convolution of their rates with spike-to-LFP kernels."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy.signal import oaconvolve

from cortex.errors import ParameterError
from cortex.lfp.grid import checked_step
from cortex.lfp.spikes import lfp_from_spikes
from cortex.lfp.synapses import SynapseClass
from cortex.params.arrays import whole
from cortex.spikes import Spikes
from cortex.typing import FloatArray, IntArray


def population_kernels(
    amplitude: FloatArray, classes: Sequence[SynapseClass], first: IntArray, *, lags: FloatArray
) -> FloatArray:
    """Return the mean LFP after one spike of each population, H_ep(lag).

    Parameters
    ----------
    amplitude : ndarray of shape (n_electrodes, n_targets)
        From `cortex.lfp.amplitude_matrix`, for the target cells of the weights.
    classes : sequence of SynapseClass
        Synapses of all populations, numbered through.
    first : ndarray of int, shape (n_pops + 1,)
        First neuron of each population, and the number of neurons at the end.
    lags : ndarray of shape (n_lags,)
        Times after the spike, s, ascending.

    Returns
    -------
    ndarray of shape (n_lags, n_electrodes, n_pops)
        For `convolve_kernels`; V for amplitudes in V/A and currents in A.

    Raises
    ------
    ParameterError
        See `cortex.lfp.lfp_from_spikes`.

    Notes
    -----
    The kernel of the mean neuron: with it a convolution leaves out which neurons of a
    population spike, whose numbers of synapses and targets differ.

    References
    ----------
    Hagen et al. (2022), PLoS Comput. Biol. 18:e1010353, for kernels of populations.

    Examples
    --------
    >>> from cortex.lfp.kernels import SynapticKernel
    >>> kernel = SynapticKernel(tau_decay=2e-3, tau_rise=4e-4)
    >>> synapses = SynapseClass(weights=np.array([[1e-12, 2e-12]]), kernel=kernel)
    >>> population_kernels(
    ...     np.ones((3, 1)), [synapses], np.array([0, 1, 2]), lags=1e-3 * np.arange(5)
    ... ).shape
    (5, 3, 2)
    """
    first, kernels = whole("first", first, 0), []
    if not np.all(np.diff(first) > 0):
        msg = f"first = {first} must increase: a population without neurons has no kernel"
        raise ParameterError(msg)
    for low, high in pairwise(first):
        once = lfp_from_spikes(amplitude, spike_once(low, high), classes, at=lags)
        kernels.append(once / (high - low))
    return np.stack(kernels, axis=2)


def spike_once(low: int, high: int) -> Spikes:
    """Return one spike at time zero of each neuron from `low` up to `high`."""
    return Spikes.at(np.zeros(high - low), np.arange(low, high))


def convolve_kernels(
    rates: FloatArray, kernels: FloatArray, *, dt: float, first_lag: int = 0
) -> FloatArray:
    """Return V_e(t) = sum_p (nu_p * H_ep)(t), causal or not.

    Parameters
    ----------
    rates : ndarray of shape (n_steps, n_pops)
        Spikes per second of each whole presynaptic population, Hz.
    kernels : ndarray of shape (n_lags, n_electrodes, n_pops)
        Response to one spike of a population, V, at lags ``(first_lag + k) dt``, such as
        those of Hagen et al. (2022), PLoS Comput. Biol. 18:e1010353.
    dt : float
        Step of rates and kernels, s.
    first_lag : int
        First lag in steps; negative for kernels stored symmetrically about zero.

    Returns
    -------
    ndarray of shape (n_steps, n_electrodes)
        LFP, V; rates beyond the record count as zero, so one kernel length at each end
        is a transient.

    Raises
    ------
    ParameterError
        Shapes that do not fit, values that are not finite, or a step in ms.

    Examples
    --------
    >>> kernel = np.array([1.0, 0.5]).reshape(2, 1, 1)
    >>> convolve_kernels(np.array([[0.0], [1000.0], [0.0]]), kernel, dt=1e-3)[:, 0]
    array([0. , 1. , 0.5])
    """
    checked_step(dt)
    if np.ndim(rates) != 2 or np.ndim(kernels) != 3 or rates.shape[1] != kernels.shape[2]:
        msg = (
            f"rates {np.shape(rates)} and kernels {np.shape(kernels)} must be (n_steps, n_pops) "
            "and (n_lags, n_electrodes, n_pops)"
        )
        raise ParameterError(msg)
    if not (np.all(np.isfinite(rates)) and np.all(np.isfinite(kernels))):
        msg = "rates or kernels hold values that are not finite"
        raise ParameterError(msg)
    n_steps, n_lags = len(rates), len(kernels)
    full = oaconvolve(dt * rates[:, None, :], kernels, axes=0).sum(axis=2)
    index = np.arange(n_steps) - first_lag
    known = (index >= 0) & (index < n_steps + n_lags - 1)
    lfp = np.zeros((n_steps, kernels.shape[1]))
    lfp[known] = full[index[known]]
    return lfp
