"""Compiled linear response of a LIF neuron at complex frequency.

With p = lambda tau_m and x = sqrt(2) y, everything follows from the functions

    psi_q(x) = 1/Gamma(q) int_0^inf t^(q-1) exp(x t - t^2 / 2) dt = exp(x^2/4) U(q - 1/2, -x)

with psi_q' = q psi_(q+1) and psi_q' = psi_(q-1) + x psi_q. Below v, w, z stand for psi of order
p+1, p+2, p+3, and the state is advanced in x by local Taylor series of

    v' = (p + 1) w,    w' = v + x w,    z' = w + x z,

which is stable to the right. It starts from the asymptotic series at large negative x; a
logarithmic scale keeps it from over- and underflow. Integrals over x replace differences of
psi, so that nothing cancels at small frequency. Derivatives by p are carried along.
"""

from math import exp, log, sqrt

import numpy as np
from numba import njit

from cortex.meanfield.response._loops_far_response import far_table, is_far
from cortex.meanfield.stationary._loops_siegert import TAYLOR, rate_slopes
from cortex.typing import ComplexArray, FloatArray

EPS = 1e-17
N_TERMS = 80
RECIPROCAL = 1.0 / np.arange(1.0, N_TERMS + 2.0)
V, W, Z = 0, 1, 2
AT_RESET, AT_THRESHOLD, INTEGRAL = 0, 1, 2


@njit(cache=True)
def size(value: complex) -> float:
    """Return |Re| + |Im|, a cheap modulus."""
    return abs(value.real) + abs(value.imag)


@njit(cache=True)
def mean_decay(u: complex) -> tuple[complex, complex]:
    """Return c(u) = (1 - exp(-u)) / u and its derivative, free of cancellation."""
    if size(u) > 1.0:
        decay = np.exp(-u)
        c = (1.0 - decay) / u
        return c, (decay - c) / u
    term, c, slope = 1.0 + 0.0j, 1.0 + 0.0j, 0.0j
    for n in range(1, 20):
        slope -= term / (n + 1.0)
        term *= -u / n
        c += term / (n + 1.0)
    return c, slope


@njit(cache=True)
def scaled_decay(u: complex, scale: float) -> tuple[complex, complex]:
    """Return c(u) exp(-scale) and its derivative; c(u) = exp(-u) c(-u) where exp(-u) is large."""
    if u.real >= 0.0:
        c, slope = mean_decay(u)
        return c * exp(-scale), slope * exp(-scale)
    c, slope = mean_decay(-u)
    factor = np.exp(-u - scale)
    return factor * c, -factor * (c + slope)


@njit(cache=True)
def start_position(p: complex) -> float:
    """Return x left of which the asymptotic series of psi is exact to rounding.

    Its smallest term is about exp(-(x^2 - 3.6 |p|) / 2). Terms turn in phase as they grow, which
    costs exp(|p|^4 / x^6), and a real part alternates signs, which costs exp((Re p)^2 / x^2).
    """
    b = abs(p)
    return -sqrt(84.0 + b * max(3.6, (0.5 * b) ** (1.0 / 3.0)) + p.real * p.real)


@njit(cache=True)
def series_at(q: complex, t: float) -> tuple[complex, complex]:
    """Return t^q psi_q(-t) and its derivative by q, from the asymptotic series."""
    term, slope = 1.0 + 0.0j, 0.0j
    total, total_slope = term, slope
    half = -0.5 / (t * t)
    for s in range(1000):
        a = q + 2.0 * s
        factor = a * (a + 1.0) * (half / (s + 1.0))
        slope = slope * factor + term * (2.0 * a + 1.0) * (half / (s + 1.0))
        if size(factor) >= 1.0 and s > size(q) + 5.0:
            break  # the smallest term is passed
        term *= factor
        total += term
        total_slope += slope
        if size(term) + size(slope) <= EPS * size(total) and size(factor) < 1.0:
            break
    return total, total_slope


@njit(cache=True)
def series_integral(q: complex, t0: float, t1: float, scale: float) -> tuple[complex, complex]:
    """Return t0^(q-1) exp(-scale) int_t0^t1 psi_q(-t) dt, t0 < t1, and its slope in q.

    The factor in front is held fixed in the slope.
    """
    length = log(t1 / t0)
    term, slope = 1.0 + 0.0j, 0.0j
    total, total_slope = 0.0j, 0.0j
    half = -0.5 / (t0 * t0)
    for s in range(1000):
        a = q + 2.0 * s
        c, dc = scaled_decay((a - 1.0) * length, scale)
        total += term * c * length
        total_slope += (slope * c + term * dc * length) * length
        factor = a * (a + 1.0) * (half / (s + 1.0))
        slope = slope * factor + term * (2.0 * a + 1.0) * (half / (s + 1.0))
        if size(factor) >= 1.0 and s > size(q) + 5.0:
            break  # the smallest term is passed
        term *= factor
        if (size(term) + size(slope)) * length <= EPS * size(total) and size(factor) < 1.0:
            break
    return total, total_slope


@njit(cache=True)
def step_length(p: complex, x: float) -> float:
    """Return a step over which the Taylor series takes about 25 terms."""
    return 4.0 / (1.0 + sqrt(abs(p)) + 0.3 * abs(x))


@njit(cache=True)
def advance(state: ComplexArray, slope: ComplexArray, p: complex, x: float, h: float) -> None:
    """Advance psi values, their integrals and all p-derivatives from x to x + h, in place.

    `state` holds v, w, z and their integrals since the last reset, `slope` the derivatives.
    """
    v, w, z = state[0], state[1], state[2]
    dv, dw, dz = slope[0], slope[1], slope[2]
    sv, sw, sz, sdv, sdw, sdz = v, w, z, dv, dw, dz
    iv, iw, iz, idv, idw, idz = v, w, z, dv, dw, dz
    w0, z0, dw0, dz0 = 0.0j, 0.0j, 0.0j, 0.0j
    g = (p + 1.0) * h
    for n in range(N_TERMS - 1):
        r, r2 = RECIPROCAL[n], RECIPROCAL[n + 1]
        hr = h * r
        xr = x * hr
        h2r = h * hr
        v1, dv1 = g * w * r, (g * dw + h * w) * r
        w1, dw1 = v * hr + w * xr + w0 * h2r, dv * hr + dw * xr + dw0 * h2r
        z1, dz1 = w * hr + z * xr + z0 * h2r, dw * hr + dz * xr + dz0 * h2r
        w0, z0, dw0, dz0 = w, z, dw, dz
        v, w, z, dv, dw, dz = v1, w1, z1, dv1, dw1, dz1
        sv, sw, sz = sv + v, sw + w, sz + z
        sdv, sdw, sdz = sdv + dv, sdw + dw, sdz + dz
        iv, iw, iz = iv + v * r2, iw + w * r2, iz + z * r2
        idv, idw, idz = idv + dv * r2, idw + dw * r2, idz + dz * r2
        if (
            size(v) + size(w) <= EPS * (size(sv) + size(sw))
            and size(z) <= EPS * size(sz)
            and size(w0) <= EPS * size(sw)
            and size(dv) + size(dw) <= EPS * (size(sdv) + size(sdw))
            and size(dz) <= EPS * size(sdz)
        ):
            break
    state[0], state[1], state[2] = sv, sw, sz
    slope[0], slope[1], slope[2] = sdv, sdw, sdz
    state[3], state[4], state[5] = state[3] + h * iv, state[4] + h * iw, state[5] + h * iz
    slope[3], slope[4], slope[5] = slope[3] + h * idv, slope[4] + h * idw, slope[5] + h * idz


@njit(cache=True)
def rescale(state: ComplexArray, slope: ComplexArray) -> float:
    """Divide state and slope by the size of w; return the logarithm of the divisor."""
    total = size(state[1])
    if 1e-60 < total < 1e60 or total == 0.0:
        return 0.0
    state /= total
    slope /= total
    return log(total)


@njit(cache=True)
def march(state: ComplexArray, slope: ComplexArray, p: complex, x: float, x_end: float) -> float:
    """Advance from x to x_end; return the logarithm of what was divided out."""
    scale = 0.0
    while x < x_end:
        h = min(step_length(p, x), x_end - x)
        advance(state, slope, p, x, h)
        scale += rescale(state, slope)
        x = x + h if x + h < x_end - 1e-14 * abs(x_end) else x_end
    return scale


@njit(cache=True)
def start(state: ComplexArray, slope: ComplexArray, p: complex, x: float) -> None:
    """Fill psi at x by the asymptotic series, times (-x)^p; set the integrals to zero."""
    factor = 1.0
    for k in range(3):
        factor /= -x
        value, derivative = series_at(p + 1.0 + k, -x)
        state[k], slope[k] = value * factor, derivative * factor
        state[3 + k], slope[3 + k] = 0.0, 0.0


@njit(cache=True)
def psi_table(p: complex, x_r: float, x_t: float) -> tuple[ComplexArray, ComplexArray]:
    """Return v, w, z at reset, at threshold and integrated between, and d/dp of all.

    Shape (3, 3) as [AT_RESET | AT_THRESHOLD | INTEGRAL, V | W | Z]; a common factor is free.
    """
    if is_far(p):
        return far_table(p, x_r, x_t)
    values, slopes = np.empty((3, 3), np.complex128), np.empty((3, 3), np.complex128)
    state, slope = np.empty(6, np.complex128), np.empty(6, np.complex128)
    x0 = start_position(p)
    if x_r > x0:
        start(state, slope, p, x0)
        march(state, slope, p, x0, x_r)
        values[AT_RESET], slopes[AT_RESET] = state[:3], slope[:3]
        state[3:], slope[3:] = 0.0, 0.0
        scale = march(state, slope, p, x_r, x_t)
        values[AT_RESET] *= exp(-scale)
        slopes[AT_RESET] *= exp(-scale)
    else:
        x0 = min(x0, x_t)
        start(state, slope, p, x_r)
        length = log(x_r / x0)
        # psi at reset relative to (-x0)^p: multiply by exp(-p length), derivative included
        scale = max(0.0, -p.real * length)
        factor = np.exp(-p * length - scale)
        for k in range(3):
            values[AT_RESET, k] = state[k] * factor
            slopes[AT_RESET, k] = (slope[k] - length * state[k]) * factor
        start(state, slope, p, x0)
        state *= exp(-scale)
        slope *= exp(-scale)
        power = 1.0
        for k in range(3):
            value, derivative = series_integral(p + 1.0 + k, -x0, -x_r, scale)
            state[3 + k], slope[3 + k] = value * power, derivative * power
            power /= -x0
        scale = march(state, slope, p, x0, x_t)
        values[AT_RESET] *= exp(-scale)
        slopes[AT_RESET] *= exp(-scale)
    values[AT_THRESHOLD], slopes[AT_THRESHOLD] = state[:3], slope[:3]
    values[INTEGRAL], slopes[INTEGRAL] = state[3:], slope[3:]
    return values, slopes


@njit(cache=True)
def refractory_weight(p: complex, ratio: float) -> tuple[complex, complex]:
    """Return ratio c(p ratio), ratio = tau_ref / tau_m, and its derivative by p."""
    c, dc = mean_decay(p * ratio)
    return ratio * c, ratio * ratio * dc


@njit(cache=True)
def denominator(
    p: complex,
    x_r: float,
    psi: ComplexArray,
    dpsi: ComplexArray,
    weight: complex,
    dweight: complex,
) -> tuple[complex, complex]:
    """Return e = int v + weight psi_p(x_r) and its derivative by p, from `psi_table`."""
    u_r = (p + 1.0) * psi[AT_RESET, W] - x_r * psi[AT_RESET, V]
    du_r = psi[AT_RESET, W] + (p + 1.0) * dpsi[AT_RESET, W] - x_r * dpsi[AT_RESET, V]
    e = psi[INTEGRAL, V] + weight * u_r
    return e, dpsi[INTEGRAL, V] + dweight * u_r + weight * du_r


@njit(cache=True)
def response(
    lam: complex, mu: float, sigma: float, neuron: FloatArray, method: int
) -> tuple[complex, complex, complex, complex]:
    """Return H_mu, H_sigma2 and their derivatives by lambda; all zero below 1e-290.

    `neuron` is a row (tau_m, tau_ref, V_th, V_reset, shift) as in `_loops_siegert`.

    H_mu     = sqrt(2) nu / sigma  int w / e,      H_sigma2 = nu / sigma^2  (p + 1) int z / e,
    e        = int v + (tau_ref / tau_m) c(lambda tau_ref) psi_p(x_r),   c(u) = (1 - exp(-u)) / u
    """
    tau_m, tau_ref, V_th, V_reset = neuron[0], neuron[1], neuron[2], neuron[3]
    shift = 0.0 if method == TAYLOR else neuron[4]
    nu, nu_mu, _, _, _ = rate_slopes(mu, sigma, tau_m, tau_ref, V_th, V_reset, shift)
    if nu < 1e-299:
        return 0.0j, 0.0j, 0.0j, 0.0j
    p = lam * tau_m
    if lam.real * tau_ref < -690.0:  # exp(-lam tau_ref) overflows: the response is below 1e-290
        return 0.0j, 0.0j, 0.0j, 0.0j
    x_r = sqrt(2.0) * ((V_reset - mu) / sigma + shift)
    x_t = sqrt(2.0) * ((V_th - mu) / sigma + shift)
    psi, dpsi = psi_table(p, x_r, x_t)
    weight, dweight = refractory_weight(p, tau_ref / tau_m)
    e, de = denominator(p, x_r, psi, dpsi, weight, dweight)
    by_mean = psi[INTEGRAL, W] / e
    dby_mean = (dpsi[INTEGRAL, W] - by_mean * de) / e
    by_variance = psi[INTEGRAL, Z] / e
    dby_variance = (dpsi[INTEGRAL, Z] - by_variance * de) / e
    rate = nu
    if method == TAYLOR:
        # first order in the shift: d/d(shift) of nu, x_r and x_t
        eps = neuron[4]
        shift_x = sqrt(2.0) * eps
        rise = psi[AT_THRESHOLD] - psi[AT_RESET]
        drise = dpsi[AT_THRESHOLD] - dpsi[AT_RESET]
        grow = rise[V] + weight * p * psi[AT_RESET, V]
        dgrow = (
            drise[V] + (dweight * p + weight) * psi[AT_RESET, V] + weight * p * dpsi[AT_RESET, V]
        )
        ratio = 1.0 - eps * sigma * nu_mu / nu
        moved = ratio - shift_x * grow / e
        dmoved = -shift_x * (dgrow - grow / e * de) / e
        lift = shift_x * rise[W] / e
        dlift = shift_x * (drise[W] - rise[W] / e * de) / e
        dby_mean = dby_mean * moved + by_mean * dmoved + dlift
        by_mean = by_mean * moved + lift
        lift = shift_x * rise[Z] / e
        dlift = shift_x * (drise[Z] - rise[Z] / e * de) / e
        dby_variance = dby_variance * moved + by_variance * dmoved + dlift
        by_variance = by_variance * moved + lift
    mean_scale, variance_scale = sqrt(2.0) * rate / sigma, rate / (sigma * sigma)
    return (
        mean_scale * by_mean,
        variance_scale * (p + 1.0) * by_variance,
        mean_scale * tau_m * dby_mean,
        variance_scale * tau_m * (by_variance + (p + 1.0) * dby_variance),
    )


@njit(cache=True, nogil=True)
def response_table(
    lam: ComplexArray, inputs: FloatArray, neurons: FloatArray, method: int
) -> ComplexArray:
    """Return H_mu, H_sigma2, dH_mu, dH_sigma2 for all lambda and all neurons, (n_lam, n, 4)."""
    out = np.empty((lam.size, inputs.shape[0], 4), np.complex128)
    for i in range(inputs.shape[0]):
        for k in range(lam.size):
            out[k, i] = response(lam[k], inputs[i, 0], inputs[i, 1], neurons[i], method)
    return out
