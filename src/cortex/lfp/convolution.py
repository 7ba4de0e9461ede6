"""LFP of populations by convolution of their rates with given spike-to-LFP kernels."""

import numpy as np
from scipy.signal import oaconvolve

from cortex.errors import ParameterError
from cortex.typing import FloatArray


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
    """
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
