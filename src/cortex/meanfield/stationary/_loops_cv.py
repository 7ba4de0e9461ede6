"""Compiled coefficient of variation of inter-spike intervals, as a single integral."""

from math import erfc, exp, isfinite, isnan, log, nan, sqrt, tanh

import numpy as np
from numba import njit

from cortex.meanfield.stationary._loops_siegert import (
    NODES,
    SQRT_PI,
    WEIGHTS,
    dawson,
    erfcx,
    siegert_integral_scaled,
)
from cortex.typing import FloatArray

GROWTH = 1.5
CUT = 45.0  # exp(-45) is rounding error
LONELY = 9.0  # exp(-81) of an interval is the time that a spike takes
DISTANT = 3e4  # from here on the corrections of order 1/b^2 are below those of rounding, b^2 eps


@njit(cache=True)
def odd_dawson(y: float) -> float:
    """Return Dawson's integral for any sign of y."""
    return dawson(y) if y >= 0.0 else -dawson(-y)


@njit(cache=True)
def cv_integrand(u: float, a: float, b: float, dawson_a: float, dawson_b: float) -> float:
    """Return e(u)^2 exp(-u^2) int_max(u, a)^b exp(x^2) dx, times exp(-2 max(b, 0)^2).

    The inner integral is a difference of exp(y^2) D(y) with Dawson's integral D.
    """
    m, dawson_m = (a, dawson_a) if u < a else (u, odd_dawson(u))
    if u > 0.0:
        inner = dawson_b - exp((m - b) * (m + b)) * dawson_m
        return erfc(-u) ** 2 * exp((u - b) * (u + b)) * inner
    floor = max(b, 0.0) ** 2
    inner = exp((b - u) * (b + u) - 2.0 * floor) * dawson_b
    inner -= exp((m - u) * (m + u) - 2.0 * floor) * dawson_m
    return erfcx(-u) ** 2 * inner


@njit(cache=True)
def cv_panels(high: float, low: float, a: float, b: float) -> float:
    """Return the integral from low to high; panels grow away from the layer at `high`."""
    dawson_a, dawson_b = odd_dawson(a), odd_dawson(b)
    total, right = 0.0, high
    width = 0.25 / (1.0 + abs(high))
    while right > low:
        left = max(low, right - width)
        half = 0.5 * (right - left)
        for k in range(NODES.size):
            u = left + half * (1.0 + NODES[k])
            total += WEIGHTS[k] * half * cv_integrand(u, a, b, dawson_a, dawson_b)
        right = left
        width = min(GROWTH * width, 0.2 * (1.0 + abs(right)))
    return total


@njit(cache=True)
def squared_cv(
    mu: float,
    sigma: float,
    tau_m: float,
    tau_ref: float,
    V_th: float,
    V_reset: float,
    shift: float,
    nu: float,
) -> float:
    """Return CV^2; `nu` = nan stands for the Siegert rate, and a negative rate has no CV (nan).

    CV^2 = 2 pi (nu tau_m)^2 int_-inf^b e(u)^2 exp(-u^2) int_max(u, a)^b exp(x^2) dx du

    Far below threshold, where the integrand is lost in rounding, spikes come one by one and are
    Poisson: 1; or, where the reset lies next to the threshold, in volleys: after each spike the
    next follows at once with probability q = exp(a^2 - b^2), so that CV^2 = (1 + q) / (1 - q).
    """
    if nu < 0.0:
        return nan
    if sigma == 0.0 or not isfinite((abs(V_th - mu) + abs(V_reset - mu)) / sigma):
        return 0.0 if mu >= V_th else 1.0
    a, b = (V_reset - mu) / sigma + shift, (V_th - mu) / sigma + shift
    climb = (V_th - V_reset) / sigma * (b + max(a, 0.0))  # b^2 - a^2 for a > 0, free of rounding
    scaled = siegert_integral_scaled(a, b)
    if tau_ref > 0.0:
        scaled += exp(-(max(b, 0.0) ** 2)) * tau_ref / (tau_m * SQRT_PI)
    if b > LONELY and climb > CUT:
        cv2 = 1.0
    elif b > DISTANT:
        cv2 = 1.0 / tanh(0.5 * climb)
    else:
        low = -sqrt(min(a, 0.0) ** 2 + CUT)
        cv2 = 2.0 * (cv_panels(b, a, a, b) + cv_panels(a, low, a, b)) / scaled**2
    if isnan(nu):
        return cv2
    # another rate than Siegert's: (nu / nu_Siegert)^2
    log_ratio = log(max(nu, 1e-300) * tau_m * SQRT_PI * scaled) + max(b, 0.0) ** 2
    return cv2 * exp(2.0 * log_ratio)


@njit(cache=True, nogil=True)
def squared_cv_table(inputs: FloatArray, neurons: FloatArray, nu: FloatArray) -> FloatArray:
    """Return CV^2 of each row (mu, sigma) with (tau_m, tau_ref, V_th, V_reset, shift)."""
    out = np.empty(inputs.shape[0])
    for i in range(inputs.shape[0]):
        p = neurons[i]
        out[i] = squared_cv(inputs[i, 0], inputs[i, 1], p[0], p[1], p[2], p[3], p[4], nu[i])
    return out
