"""Compiled denominator of the single-neuron response, whose zeros are the poles of H."""

from math import log, sqrt

import numpy as np
from numba import njit

from cortex.meanfield._loops_response import (
    AT_RESET,
    INTEGRAL,
    V,
    W,
    mean_decay,
    psi_table,
    start_position,
)
from cortex.typing import ComplexArray, FloatArray


@njit(cache=True, nogil=True)
def denominator_table(
    lam: ComplexArray, mu: float, sigma: float, neuron: FloatArray
) -> ComplexArray:
    """Return (Psi_t - exp(-lambda tau_ref) Psi_r)/lambda up to a factor without zeros.

    `neuron` is a row (tau_m, tau_ref, V_th, V_reset, shift).
    """
    out = np.empty(lam.size, np.complex128)
    tau_m, tau_ref = neuron[0], neuron[1]
    x_r = sqrt(2.0) * ((neuron[3] - mu) / sigma + neuron[4])
    x_t = sqrt(2.0) * ((neuron[2] - mu) / sigma + neuron[4])
    for k in range(lam.size):
        p = lam[k] * tau_m
        psi, _ = psi_table(p, x_r, x_t)
        c, _ = mean_decay(lam[k] * tau_ref)
        u_r = (p + 1.0) * psi[AT_RESET, W] - x_r * psi[AT_RESET, V]
        e = psi[INTEGRAL, V] + tau_ref / tau_m * c * u_r
        # psi_table divides by (-x0)^p: turn its phase back so that the winding stays slow
        out[k] = e / abs(e) * np.exp(-1j * p.imag * log(-start_position(p)))
    return out
