"""Compiled scalars of the Siegert rate: scaled error function, its integral, rate and slopes.

Notation: y = (V - mu) / sigma is a boundary in units of the noise and
e(y) = exp(y^2) (1 + erf y) = erfcx(-y) the integrand of the Siegert formula. Rates are kept
as logarithms, so that nothing over- or underflows.

The three tables are Chebyshev coefficients in t = (x - 3.75) / (x + 3.75), x >= 0, computed
with 40 digits; they are good to 2e-16.
"""

from math import erfc, exp, expm1, inf, isfinite, log, log1p, sqrt

import numpy as np
from numba import njit

from cortex.typing import FloatArray

# (1 + 2x) erfcx(x)
ERFCX = np.array(
    [
        1.1775789345674017,
        -0.004590054580646478,
        -0.08424913336651792,
        0.05920993999819189,
        -0.026658668435305753,
        0.009074997670705265,
        -0.002413163540417608,
        0.0004907758365258086,
        -6.916973302501207e-05,
        4.13902798607301e-06,
        7.74038306619849e-07,
        -2.1886401049234397e-07,
        1.076499946567091e-08,
        4.521959811218287e-09,
        -7.754400208831351e-10,
        -6.318088340886684e-11,
        2.86879501093067e-11,
        1.9455868545777347e-13,
        -9.65469674843344e-13,
        3.25254814814874e-14,
        3.3478119482868056e-14,
        -1.864562880419313e-15,
        -1.2507950530688648e-15,
        7.418235256624044e-17,
        5.068148904796111e-17,
        -2.2370566594359995e-18,
        -2.187342944303018e-18,
    ]
)

# -(1 + 2x)^2 erfcx'(x)
SLOPE = np.array(
    [
        2.220602224347926,
        0.3381491578548434,
        -0.4780647072401491,
        0.22991599476375216,
        -0.058506716560431084,
        0.00017975876764081186,
        0.0073446428848319605,
        -0.003827223400331194,
        0.0011722202970178507,
        -0.00023037555021512273,
        2.2114134929734502e-05,
        2.1859658381137526e-06,
        -1.049150448053633e-06,
        9.04530806168121e-08,
        2.2177778414245705e-08,
        -5.516129335919508e-09,
        -2.433302233708413e-10,
        2.1693995513380136e-10,
        -5.366283225603341e-12,
        -7.954006687162879e-12,
        5.362131784689535e-13,
        3.028340588750968e-13,
        -2.7807253862696932e-14,
        -1.2497160929799849e-14,
        1.1897640812263567e-15,
        5.617171355125805e-16,
        -4.3130464605649346e-17,
        -2.6922363729620375e-17,
        1.0823413430069776e-18,
    ]
)

# int_0^x erfcx - log(1 + x)/sqrt(pi)
INTEGRAL = np.array(
    [
        0.3575888547228991,
        0.2567784123577747,
        -0.07655640829012703,
        0.019611671843717746,
        -0.004090745252081195,
        0.0005942049575097646,
        -9.312428486541504e-06,
        -3.140994499624409e-05,
        1.419721959194945e-05,
        -4.512362749533358e-06,
        1.276850890831919e-06,
        -3.5739091968896696e-07,
        1.0317156800888982e-07,
        -3.052074286157909e-08,
        9.086214215202316e-09,
        -2.704828623959018e-09,
        8.073840055086561e-10,
        -2.4225012539079797e-10,
        7.300051975605425e-11,
        -2.2059956599135868e-11,
        6.682457868066983e-12,
        -2.0294867594560543e-12,
        6.17848903455562e-13,
        -1.8848051880853178e-13,
        5.760340507843422e-14,
        -1.763555687309066e-14,
        5.4079866502341934e-15,
        -1.660818574286225e-15,
        5.107411067235965e-16,
        -1.572662347124783e-16,
        4.848288964691909e-17,
        -1.49631568644119e-17,
        4.622847371023969e-18,
    ]
)

NODES, WEIGHTS = np.polynomial.legendre.leggauss(12)
SQRT_PI = sqrt(np.pi)
SHIFT, TAYLOR = 0, 1


@njit(cache=True)
def chebyshev(coefficients: FloatArray, x: float) -> float:
    """Return the Chebyshev sum at t = (x - 3.75) / (x + 3.75) by Clenshaw's recurrence."""
    t = 1.0 - 7.5 / (x + 3.75)
    b1, b2 = 0.0, 0.0
    for k in range(coefficients.size - 1, 0, -1):
        b1, b2 = coefficients[k] + 2.0 * t * b1 - b2, b1
    return float(coefficients[0] + t * b1 - b2)


@njit(cache=True)
def erfcx(x: float) -> float:
    """Return exp(x^2) erfc(x) for x >= 0."""
    return chebyshev(ERFCX, x) / (1.0 + 2.0 * x)


@njit(cache=True)
def dawson(x: float) -> float:
    """Return Dawson's integral exp(-x^2) int_0^x exp(u^2) du for x >= 0.

    Power series, Rybicki's exponentially convergent sum (1989), asymptotic series.
    """
    if x < 0.3:
        total, term = x, x
        for k in range(1, 14):
            term *= -2.0 * x * x / (2 * k + 1)
            total += term
        return total
    if x > 8.0:
        total, term = 1.0, 1.0
        for k in range(1, 20):
            term *= (2 * k - 1) / (2.0 * x * x)
            total += term
        return total / (2.0 * x)
    h = 0.25
    n0 = 2 * round(0.5 * x / h)
    total = 0.0
    for n in range(n0 - 27, n0 + 28, 2):
        d = x - n * h
        total += exp(-d * d) / n
    return total / SQRT_PI


@njit(cache=True)
def log_integrand(y: float) -> float:
    """Return log e(y)."""
    if y <= 0.0:
        return log(erfcx(-y))
    return y * y + log(erfc(-y))


@njit(cache=True)
def log_integrand_slope(y: float) -> float:
    """Return e'(y) / e(y), with e' = 2 y e + 2 / sqrt(pi), free of cancellation."""
    if y <= 0.0:
        return chebyshev(SLOPE, -y) / ((1.0 - 2.0 * y) * chebyshev(ERFCX, -y))
    return 2.0 * y + 2.0 / SQRT_PI * exp(-y * y) / erfc(-y)


@njit(cache=True)
def gauss_legendre_scaled(a: float, b: float) -> float:
    """Return exp(-b^2) int_a^b e(u) du over a short interval with b > 0."""
    half = 0.5 * (b - a)
    total = 0.0
    for k in range(NODES.size):
        s = half * (NODES[k] - 1.0)
        total += WEIGHTS[k] * exp(s * (2.0 * b + s)) * erfc(-b - s)
    return half * total


@njit(cache=True)
def erfcx_integral(x1: float, x2: float) -> float:
    """Return int_x1^x2 erfcx(x) dx for 0 <= x1 <= x2."""
    if x2 - x1 < 0.2 * (1.0 + x1):
        half = 0.5 * (x2 - x1)
        total = 0.0
        for k in range(NODES.size):
            total += WEIGHTS[k] * erfcx(x1 + half * (1.0 + NODES[k]))
        return half * total
    growth = log1p((x2 - x1) / (1.0 + x1)) / SQRT_PI
    return growth + chebyshev(INTEGRAL, x2) - chebyshev(INTEGRAL, x1)


@njit(cache=True)
def siegert_integral_scaled(a: float, b: float) -> float:
    """Return exp(-max(b, 0)^2) int_a^b e(u) du for a < b, at any size of a and b."""
    if b <= 0.0:
        return erfcx_integral(-b, -a)
    if b - a < 0.5 and (b - a) * (b + a) < 1.0:
        return gauss_legendre_scaled(a, b)
    scaled = 2.0 * dawson(b)
    if a >= 0.0:
        scaled -= 2.0 * exp((a - b) * (a + b)) * dawson(a)
        return scaled - exp(-b * b) * erfcx_integral(a, b)
    return scaled + exp(-b * b) * (erfcx_integral(0.0, -a) - erfcx_integral(0.0, b))


@njit(cache=True)
def log_siegert_integral(a: float, b: float) -> float:
    """Return log int_a^b e(u) du for a < b."""
    return max(b, 0.0) ** 2 + log(siegert_integral_scaled(a, b))


@njit(cache=True)
def log_sum(x: float, y: float) -> float:
    """Return log(exp x + exp y)."""
    high, low = max(x, y), min(x, y)
    return high if low == -inf else high + log1p(exp(low - high))


@njit(cache=True)
def log_noiseless_rate(
    mu: float, tau_m: float, tau_ref: float, V_th: float, V_reset: float
) -> float:
    """Return the log rate of a neuron without noise."""
    if mu <= V_th:
        return -inf
    return -log(tau_ref + tau_m * log1p((V_th - V_reset) / (mu - V_th)))


@njit(cache=True)
def log_rate(
    mu: float, sigma: float, tau_m: float, tau_ref: float, V_th: float, V_reset: float, shift: float
) -> float:
    """Return log nu with both boundaries moved by `shift` (in units of sigma)."""
    if sigma == 0.0 or not isfinite((abs(V_th - mu) + abs(V_reset - mu)) / sigma):
        return log_noiseless_rate(mu, tau_m, tau_ref, V_th, V_reset)
    a, b = (V_reset - mu) / sigma + shift, (V_th - mu) / sigma + shift
    log_dead = log(tau_ref) if tau_ref > 0.0 else -inf
    return -log_sum(log_dead, log(tau_m * SQRT_PI) + log_siegert_integral(a, b))


@njit(cache=True)
def rate_slopes(
    mu: float, sigma: float, tau_m: float, tau_ref: float, V_th: float, V_reset: float, shift: float
) -> tuple[float, float, float, float, float]:
    """Return nu and its derivatives by mu, sigma, mu mu and mu sigma.

    nu_mu     = T nu^2 [e(b) - e(a)] / sigma,           T = sqrt(pi) tau_m
    nu_sigma  = T nu^2 [b0 e(b) - a0 e(a)] / sigma,     b0 = b - shift, b e = (e' - 2/sqrt(pi))/2
    """
    log_nu = log_rate(mu, sigma, tau_m, tau_ref, V_th, V_reset, shift)
    nu = exp(log_nu)
    if sigma == 0.0:
        above = mu - V_th
        slope = (
            nu * nu * tau_m * (V_th - V_reset) / (above * (mu - V_reset)) if above > 0.0 else 0.0
        )
        return nu, slope, 0.0, 0.0, 0.0
    if log_nu == -inf:
        return 0.0, 0.0, 0.0, 0.0, 0.0
    a, b = (V_reset - mu) / sigma + shift, (V_th - mu) / sigma + shift
    log_eb = log_integrand(b)
    ratio_m1 = expm1(log_integrand(a) - log_eb)  # e(a)/e(b) - 1, in (-1, 0)
    ratio = 1.0 + ratio_m1
    sb, sa = log_integrand_slope(b), log_integrand_slope(a)
    scale = exp(2.0 * log_nu + log_eb + log(tau_m * SQRT_PI / sigma))
    nu_mu = -scale * ratio_m1
    nu_sigma = scale * (0.5 * (sb - sa * ratio) + shift * ratio_m1)
    gain_mu = exp(log_nu + log_eb + log(tau_m * SQRT_PI / sigma)) * -ratio_m1  # nu_mu / nu
    nu_mumu = 2.0 * gain_mu * nu_mu - scale / sigma * (sb - sa * ratio)
    b0, a0 = b - shift, a - shift
    nu_musigma = 2.0 * gain_mu * nu_sigma - (nu_mu + scale * (b0 * sb - a0 * sa * ratio)) / sigma
    return nu, nu_mu, nu_sigma, nu_mumu, nu_musigma


@njit(cache=True)
def rate_and_slopes(
    mu: float,
    sigma: float,
    tau_m: float,
    tau_ref: float,
    V_th: float,
    V_reset: float,
    shift: float,
    method: int,
) -> tuple[float, float, float]:
    """Return nu, d nu / d mu, d nu / d sigma for shifted boundaries or first order in shift.

    First order: nu_T = nu - shift sigma nu_mu, all taken at the unshifted boundaries.
    """
    if method == SHIFT:
        nu, nu_mu, nu_sigma, _, _ = rate_slopes(mu, sigma, tau_m, tau_ref, V_th, V_reset, shift)
        return nu, nu_mu, nu_sigma
    nu, nu_mu, nu_sigma, nu_mumu, nu_musigma = rate_slopes(
        mu, sigma, tau_m, tau_ref, V_th, V_reset, 0.0
    )
    return (
        nu - shift * sigma * nu_mu,
        nu_mu - shift * sigma * nu_mumu,
        nu_sigma - shift * (nu_mu + sigma * nu_musigma),
    )


@njit(cache=True, nogil=True)
def rate_table(inputs: FloatArray, neurons: FloatArray, method: int) -> FloatArray:
    """Return (nu, d nu/d mu, d nu/d sigma), shape (n, 3).

    `inputs` holds rows (mu, sigma), `neurons` rows (tau_m, tau_ref, V_th, V_reset, shift).
    """
    out = np.empty((inputs.shape[0], 3))
    for i in range(inputs.shape[0]):
        p = neurons[i]
        out[i] = rate_and_slopes(inputs[i, 0], inputs[i, 1], p[0], p[1], p[2], p[3], p[4], method)
    return out


@njit(cache=True, nogil=True)
def log_rate_table(inputs: FloatArray, neurons: FloatArray) -> FloatArray:
    """Return log nu of each row, boundaries shifted; arguments as in `rate_table`."""
    out = np.empty(inputs.shape[0])
    for i in range(inputs.shape[0]):
        p = neurons[i]
        out[i] = log_rate(inputs[i, 0], inputs[i, 1], p[0], p[1], p[2], p[3], p[4])
    return out
