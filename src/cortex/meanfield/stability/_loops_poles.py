"""Compiled denominator of the single-neuron response, whose zeros are the poles of H."""

from math import log, sqrt

import numpy as np
from numba import njit

from cortex.meanfield.response._loops_response import (
    denominator,
    psi_table,
    refractory_weight,
    start_position,
)
from cortex.typing import ComplexArray, FloatArray


@njit(cache=True, nogil=True)
def denominator_table(
    lam: ComplexArray, mu: float, sigma: float, neuron: FloatArray
) -> tuple[ComplexArray, FloatArray]:
    """Return d/dlambda log E and the phase of E = c^p (Psi_t - exp(-lambda tau_ref) Psi_r)/lambda.

    `neuron` is a row (tau_m, tau_ref, V_th, V_reset, shift). The factor c^p, p = lambda tau_m,
    has no zeros; c follows the growth of Psi_t far to the left, so that the phase turns slowly.
    """
    slope, phase = np.empty(lam.size, np.complex128), np.empty(lam.size)
    tau_m, tau_ref = neuron[0], neuron[1]
    x_r = sqrt(2.0) * ((neuron[3] - mu) / sigma + neuron[4])
    x_t = sqrt(2.0) * ((neuron[2] - mu) / sigma + neuron[4])
    log_c = log(max(1.0, -x_t))
    for k in range(lam.size):
        p = lam[k] * tau_m
        psi, dpsi = psi_table(p, x_r, x_t)
        weight, dweight = refractory_weight(p, tau_ref / tau_m)
        e, de = denominator(p, x_r, psi, dpsi, weight, dweight)
        # psi_table multiplies by (-x0)^p, whose x0 moves with p: c takes its place
        x0 = start_position(p)
        if x_r <= x0:
            x0 = min(x0, x_t)
        turn = log_c - log(-x0)
        # at a pole itself the slope is infinite; compiled code would raise ZeroDivisionError
        slope[k] = tau_m * (de / e + turn) if e != 0.0 else np.inf + 0.0j
        phase[k] = np.angle(e) + p.imag * turn
    return slope, phase
