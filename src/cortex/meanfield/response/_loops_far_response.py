"""Compiled functions psi of `_loops_response` at large |p| = |lambda tau_m|, in bounded time.

r = psi_p'/psi_p obeys r' + r^2 - x r - p = 0. With s = sqrt(p + x^2/4) its expansion is

    r = x/2 + s - 1/(4 s) - x/(8 s^2) + 1/(32 s^3) - x/(16 s^4) - 5 x^2/(128 s^5)
        + 5/(128 s^5) + 5 x/(128 s^6) - 25 x^2/(512 s^7) - 15 x^3/(512 s^8) + O(s^-7),

whose error, 0.1/|p|^4, is below rounding from |p| = 1500 on, where marching takes ever longer.
"""

from math import exp

import numpy as np
from numba import njit

from cortex.meanfield.stationary._loops_siegert import NODES, WEIGHTS
from cortex.typing import ComplexArray

FAR = 1.5e3
ENDLESS = 1e4


@njit(cache=True)
def is_far(p: complex) -> bool:
    """Tell whether the expansion holds, or marching would not end."""
    size = abs(p)
    return (size > FAR and p.real >= -0.5 * size) or size > ENDLESS


@njit(cache=True)
def log_slope(p: complex, x: float) -> tuple[complex, complex]:
    """Return r = psi_p'(x)/psi_p(x) and its derivative by p."""
    s = np.sqrt(p + 0.25 * x * x)
    u = 1.0 / s
    # coefficients of u, u^2, ...; d u^n / d p = -(n/2) u^(n + 2)
    c1, c2, c3, c4 = -0.25, -x / 8.0, 1.0 / 32.0, -x / 16.0
    c5, c6 = (5.0 - 5.0 * x * x) / 128.0, 5.0 * x / 128.0
    c7, c8 = -25.0 * x * x / 512.0, -15.0 * x * x * x / 512.0
    value, slope = 0.0j, 0.0j
    for n, c in ((8, c8), (7, c7), (6, c6), (5, c5), (4, c4), (3, c3), (2, c2), (1, c1)):
        value = (value + c) * u
        slope = (slope + n * c) * u
    sum_of_both = 0.5 * x + s if x > 0.0 else p / (s - 0.5 * x)  # they cancel far to the left
    return sum_of_both + value, 0.5 * u - 0.5 * slope * u * u


@njit(cache=True)
def psi_from_slope(
    p: complex, x: float, psi: complex, dpsi: complex
) -> tuple[tuple[complex, complex, complex], tuple[complex, complex, complex]]:
    """Return psi of order p + 1, p + 2, p + 3 at x and their derivatives by p, from psi_p."""
    # psi_q' = q psi_(q+1); the recursion in x, (psi_q + x psi_(q+1))/(q + 1), cancels far away
    r, dr = log_slope(p, x)
    v = r * psi / p
    dv = (dr * psi + r * dpsi - v) / p
    r, dr = log_slope(p + 1.0, x)
    w = r * v / (p + 1.0)
    dw = (dr * v + r * dv - w) / (p + 1.0)
    r, dr = log_slope(p + 2.0, x)
    z = r * w / (p + 2.0)
    return (v, w, z), (dv, dw, (dr * w + r * dw - z) / (p + 2.0))


@njit(cache=True)
def far_table(p: complex, x_r: float, x_t: float) -> tuple[ComplexArray, ComplexArray]:
    """Return what `_loops_response.psi_table` does, psi_p at threshold being 1.

    nan far left of the imaginary axis, at the poles of which the expansion fails.
    """
    values, slopes = np.empty((3, 3), np.complex128), np.empty((3, 3), np.complex128)
    if p.real < -0.5 * abs(p):
        values[:], slopes[:] = np.nan, np.nan
        return values, slopes
    half, total, total_slope = 0.5 * (x_t - x_r), 0.0j, 0.0j
    for k in range(NODES.size):
        r, dr = log_slope(p, x_r + half * (1.0 + NODES[k]))
        total += WEIGHTS[k] * half * r
        total_slope += WEIGHTS[k] * half * dr
    ratio = exp(-total.real) * np.exp(-1j * total.imag)
    ends = ((x_r, ratio, -ratio * total_slope), (x_t, 1.0 + 0.0j, 0.0j))
    for end in range(2):
        x, psi, dpsi = ends[end]
        at, by_p = psi_from_slope(p, x, psi, dpsi)
        for n in range(3):
            values[end, n], slopes[end, n] = at[n], by_p[n]
    # psi_q' = q psi_(q+1): the integral of psi_(q+1) is the rise of psi_q over q
    rise, drise = 1.0 - ratio, -ends[0][2]
    for n in range(3):
        if n > 0:
            rise = values[1, n - 1] - values[0, n - 1]
            drise = slopes[1, n - 1] - slopes[0, n - 1]
        q = p + n
        values[2, n] = rise / q
        slopes[2, n] = (drise - values[2, n]) / q
    return values, slopes
