"""Compiled functions psi of `_loops_response` at large |p| = |lambda tau_m|, in bounded time.

r = psi_p'/psi_p obeys r' + r^2 - x r - p = 0. With s = sqrt(p + x^2/4) its expansion is

    r = x/2 + s - 1/(4 s) - x/(8 s^2) + 1/(32 s^3) - x/(16 s^4) - 5 x^2/(128 s^5)
        + 5/(128 s^5) + 5 x/(128 s^6) - 25 x^2/(512 s^7) - 15 x^3/(512 s^8) + O(s^-7),

whose error, 0.1/|p|^4, is below rounding from |p| = 1500 on, where marching takes ever longer.
With -s it is the slope of another solution, which psi_p holds too left of the imaginary axis: the
two together make its poles and zeros there.
"""

from math import exp, pi, sqrt

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
def log_slope(p: complex, x: float, sign: float) -> tuple[complex, complex]:
    """Return r, its derivative by p; of psi_p (sign 1) or with -s, of another solution (-1)."""
    s = sign * np.sqrt(p + 0.25 * x * x)
    u = 1.0 / s
    # coefficients of u, u^2, ...; d u^n / d p = -(n/2) u^(n + 2)
    c1, c2, c3, c4 = -0.25, -x / 8.0, 1.0 / 32.0, -x / 16.0
    c5, c6 = (5.0 - 5.0 * x * x) / 128.0, 5.0 * x / 128.0
    c7, c8 = -25.0 * x * x / 512.0, -15.0 * x * x * x / 512.0
    value, slope = 0.0j, 0.0j
    for n, c in ((8, c8), (7, c7), (6, c6), (5, c5), (4, c4), (3, c3), (2, c2), (1, c1)):
        value = (value + c) * u
        slope = (slope + n * c) * u
    sum_of_both = 0.5 * x + s if sign * x > 0.0 else p / (s - 0.5 * x)  # they cancel far away
    return sum_of_both + value, 0.5 * u - 0.5 * slope * u * u


@njit(cache=True)
def rise_of_log(p: complex, low: float, high: float, sign: float) -> tuple[complex, complex]:
    """Return the integral of r from low to high, and its derivative by p."""
    half, total, total_slope = 0.5 * (high - low), 0.0j, 0.0j
    for k in range(NODES.size):
        r, dr = log_slope(p, low + half * (1.0 + NODES[k]), sign)
        total += WEIGHTS[k] * half * r
        total_slope += WEIGHTS[k] * half * dr
    return total, total_slope


@njit(cache=True)
def add_orders(
    values: ComplexArray, slopes: ComplexArray, p: complex, x: float, psi: ComplexArray, sign: float
) -> None:
    """Add a solution of order p + 1, p + 2, p + 3 at x; psi holds order p, and its slope by p."""
    # psi_q' = q psi_(q+1); the recursion in x, (psi_q + x psi_(q+1))/(q + 1), cancels far away
    before, dbefore = psi[0], psi[1]
    for n in range(3):
        q = p + n
        r, dr = log_slope(q, x, sign)
        value = r * before / q
        dbefore = (dr * before + r * dbefore - value) / q
        before = value
        values[n] += before
        slopes[n] += dbefore


@njit(cache=True)
def logs_of_solutions(p: complex, x_r: float, x_t: float, logs: ComplexArray) -> int:
    """Fill the logarithms of the parts of psi_p at reset and threshold, and their slopes by p.

    Shape (2, 2, 2) as [reset | threshold, part, value | slope]; psi_p is 1 at threshold but for
    its second part. Returns how many parts there are; 0 where the expansion fails, at the turning
    points x = -+ 2 sqrt(-p) near the negative axis.
    """
    total, slope = rise_of_log(p, x_r, x_t, 1.0)
    logs[0, 0, 0], logs[0, 0, 1] = -total, -slope
    logs[1, 0, 0], logs[1, 0, 1] = 0.0, 0.0
    reach, root = max(abs(x_r), abs(x_t)), sqrt(abs(p))
    if p.real >= -0.5 * abs(p) or x_t < -2.2 * root:
        return 1
    if reach > 1.8 * root:
        # far from the axis the turning points are far from the real line, the second part nil
        bent = 0.25 * reach < 1e-3 * p.imag * sqrt(p.imag)
        return 1 if bent and pi * p.imag > 40.0 else 0
    # left of the axis: psi_p = exp(int_0^x r) + exp(i pi p) exp(int_0^x r of -s), Im p >= 0, from
    # psi_p'(0)/psi_p(0) = sqrt(2) tan(pi p/2) Gamma(1 - p/2)/Gamma(1/2 - p/2)
    start, start_slope = rise_of_log(p, 0.0, x_t, 1.0)
    turns = -pi * p.imag + 1j * pi * (p.real - 2.0 * np.floor(0.5 * p.real))
    for end, x in ((0, x_r), (1, x_t)):
        total, slope = rise_of_log(p, 0.0, x, -1.0)
        logs[end, 1, 0] = turns + total - start
        logs[end, 1, 1] = 1j * pi + slope - start_slope
    return 2


@njit(cache=True)
def far_table(p: complex, x_r: float, x_t: float) -> tuple[ComplexArray, ComplexArray]:
    """Return what `_loops_response.psi_table` does, but for a common factor; nan where it fails."""
    if p.imag < 0.0:
        mirrored = far_table_above(np.conj(p), x_r, x_t)
        return np.conj(mirrored[0]), np.conj(mirrored[1])
    return far_table_above(p, x_r, x_t)


@njit(cache=True)
def far_table_above(p: complex, x_r: float, x_t: float) -> tuple[ComplexArray, ComplexArray]:
    """Return the same for Im p >= 0."""
    values, slopes = np.zeros((3, 3), np.complex128), np.zeros((3, 3), np.complex128)
    logs, psi = np.empty((2, 2, 2), np.complex128), np.zeros((2, 2), np.complex128)
    parts = logs_of_solutions(p, x_r, x_t, logs)
    if parts == 0:
        values[:], slopes[:] = np.nan, np.nan
        return values, slopes
    top = 0.0
    for part in range(parts):
        top = max(top, logs[0, part, 0].real, logs[1, part, 0].real)
    for end, x in ((0, x_r), (1, x_t)):
        for part in range(parts):
            log, slope = logs[end, part, 0], logs[end, part, 1]
            each = np.empty(2, np.complex128)
            each[0] = exp(log.real - top) * np.exp(1j * log.imag)
            each[1] = each[0] * slope
            psi[end] += each
            add_orders(values[end], slopes[end], p, x, each, 1.0 - 2.0 * part)
    # psi_q' = q psi_(q+1): the integral of psi_(q+1) is the rise of psi_q over q
    rise, drise = psi[1, 0] - psi[0, 0], psi[1, 1] - psi[0, 1]
    for n in range(3):
        if n > 0:
            rise = values[1, n - 1] - values[0, n - 1]
            drise = slopes[1, n - 1] - slopes[0, n - 1]
        q = p + n
        values[2, n] = rise / q
        slopes[2, n] = (drise - values[2, n]) / q
    return values, slopes
