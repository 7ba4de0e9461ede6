"""The linear response up to 100 kHz, for means thousands of sigma away, and everywhere at all.

The oracle needs neither cylinder functions nor differential equations: with s = log t,

    Gamma(q) psi_q(x) = int exp(q s + x e^s - e^(2s)/2) ds

along a path through the saddle point, by the trapezoidal rule, which converges exponentially
there. Near and below 1 kHz the oracles of the other tests take over, with the asymptotic
series of psi (30 digits of it) where its argument lies far to the left.
"""

import warnings
from dataclasses import astuple, replace

import mpmath as mp
import numpy as np
import pytest

from cortex.meanfield import angular, boundary_shift, isi_cv, linear_response, transfer_function
from cortex.params.lif import LIFParams

LIF = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01)
DIGITS = 34


def far_rate(mu, sigma, neuron, shift, exact):
    """Return the Siegert rate; below zero the integrand is erfcx and needs no extra digits."""
    tau, ref, (a, b) = exact.boundaries(mu, sigma, neuron, shift)
    if a > -6:
        return exact.rate(mu, sigma, neuron, shift)
    with mp.workdps(60 + int(0.9 * float(max(b, 0) ** 2))):
        above = exact.siegert_primitive(b) if b > 0 else mp.mpf(0)
    with mp.workdps(40):
        ends = [max(-b, mp.mpf(0))]
        while 2 * ends[-1] + 0.5 < -a:
            ends.append(2 * ends[-1] + 0.5)
        below = mp.quad(lambda u: mp.exp(u * u) * mp.erfc(u), [*ends, -a])
        return 1 / (ref + tau * mp.sqrt(mp.pi) * (above + below))


def saddle_integrals(p, x):
    """Return log scale and the integrals of order p, p+1, p+2 divided by it; Im p > 0."""
    root = mp.sqrt(x * x + 4 * p)
    t = (x + root) / 2 if x > 0 else 2 * p / (root - x)
    s0, curvature = mp.log(t), x * t - 2 * t * t
    steepest = 1j / mp.sqrt(curvature)
    # a path of this direction at the saddle, real to the right, turning up to the left
    turn = -2 * steepest.imag / steepest.real
    bend = turn * mp.log(2) / s0.imag

    def at(u):
        e1 = mp.exp(-bend * u)
        s = s0 + u + 1j * (turn * mp.log1p(e1) / bend - s0.imag)
        z = mp.exp(s)
        return p * s + x * z - z * z / 2, 1 - 1j * turn * e1 / (1 + e1), z

    top, limit = at(mp.mpf(0))[0], DIGITS * mp.log(10)
    ends = []
    for side in (-1, 1):
        u = side / mp.sqrt(abs(curvature))
        while (at(u)[0] - top).real > -limit:
            u *= 1.1
        ends.append(u)
    before, n = None, 64
    while True:
        h = (ends[1] - ends[0]) / n
        sums = [mp.mpc(0)] * 3
        for j in range(n + 1):
            exponent, slope, z = at(ends[0] + j * h)
            value = mp.exp(exponent - top) * slope * h
            sums = [total + value * z**k for k, total in enumerate(sums)]
        if before and all(abs(a - b) < 1e-22 * abs(a) for a, b in zip(sums, before, strict=True)):
            return top, sums
        before, n = sums, 2 * n


def saddle_functions(p, r, t):
    """Return psi, psi', psi'' at reset and threshold up to a common factor."""
    (top_r, at_r), (top_t, at_t) = saddle_integrals(p, r), saddle_integrals(p, t)
    top = max(top_r.real, top_t.real)
    return [v * mp.exp(top_r - top) for v in at_r], [v * mp.exp(top_t - top) for v in at_t]


def far_psi(q, x, exact):
    """Return psi_q(x) from its asymptotic series far to the left, else from power series."""
    if x < -12 and abs(q) ** 2 < x * x:
        term = total = mp.mpc(1)
        s = 0
        while abs(term) > mp.mpf(10) ** -DIGITS * abs(total):
            term *= -(q + 2 * s) * (q + 2 * s + 1) / ((s + 1) * 2 * x * x)
            s += 1
            total += term
        return (-x) ** (-q) * total
    with mp.workdps(60 + int(0.45 * float(x * x) + 1.5 * float(abs(q)))):
        return exact.psi(mp.mpc(q), mp.mpf(x))


def plain_functions(p, r, t, exact):
    """Return psi, psi', psi'' at reset and threshold."""
    return [
        [factor * far_psi(p + k, x, exact) for k, factor in enumerate((1, p, p * (p + 1)))]
        for x in (r, t)
    ]


def far_response(lam, mu, sigma, neuron, *, shift, exact):
    """Return H_mu and H_sigma2 as in the papers, from either set of functions."""
    scale = far_rate(mu, sigma, neuron, shift, exact) / mp.mpf(sigma)
    lower = lam.imag < 0.0
    with mp.workdps(DIGITS if abs(lam.imag) * neuron[0] > 60.0 else 60):
        tau, ref, y = exact.boundaries(mu, sigma, neuron, shift)
        lam = mp.mpc(lam.conjugate() if lower else lam)
        p, (r, t) = lam * tau, (mp.sqrt(2) * v for v in y)
        if abs(p.imag) > 60:
            at_r, at_t = saddle_functions(p, r, t)
        else:
            at_r, at_t = plain_functions(p, r, t, exact)
        entry = at_t[0] - mp.exp(-lam * ref) * at_r[0]
        by_mean = mp.sqrt(2) * scale * (at_t[1] - at_r[1]) / (1 + p) / entry
        by_variance = scale / mp.mpf(sigma) * (at_t[2] - at_r[2]) / (2 + p) / entry
        pair = complex(by_mean), complex(by_variance)
    return tuple(value.conjugate() for value in pair) if lower else pair


def test_the_saddle_oracle_agrees_with_the_power_series(exact):
    rng = np.random.default_rng(1)
    for frequency in (1e3, 2e3, 4e3):
        lam = complex(rng.uniform(-500.0, 500.0), 2.0 * np.pi * frequency)
        args = rng.uniform(0.0, 0.03), 10 ** rng.uniform(-2.6, -1.6), astuple(LIF)
        np.testing.assert_allclose(
            far_response(lam, *args, shift=0.1, exact=exact),
            exact.response(lam, *args, 0.1),
            rtol=1e-15,
        )


def check_far_sample(exact, n_points, seed):
    """Compare points beyond 5 kHz and, every other one, points far away in sigma."""
    rng = np.random.default_rng(seed)
    checked = 0
    while checked < n_points:
        fast = checked % 2 == 0
        f = 10 ** (rng.uniform(np.log10(5e3), 5.0) if fast else rng.uniform(0.0, 3.7))
        growth = rng.choice([0.0, 1.0]) * rng.uniform(-500.0, 500.0)
        lam = complex(growth, rng.choice([-1, 1]) * 2.0 * np.pi * f)
        mu, sigma = rng.uniform(-0.05, 0.15), 10 ** rng.uniform(-5, np.log10(0.04))
        neuron = (rng.choice([0.005, 0.01, 0.02]), rng.choice([0.0, 0.002]), 0.02,
                  rng.choice([0.0, 0.01]))  # fmt: skip
        names = ("tau_m", "tau_ref", "V_th", "V_reset")
        cell = LIFParams(**dict(zip(names, map(float, neuron), strict=True)))
        tau_s = float(rng.choice([0.0, 5e-4]))
        got = linear_response(lam, mu, sigma, cell, tau_s=tau_s)
        if abs(got.H_mu) < 1e-200 or (not fast and abs(neuron[3] - mu) < 20.0 * sigma):
            continue  # flushed to zero, or near enough for the other tests
        shift = float(boundary_shift(tau_s, neuron[0]))
        want = far_response(lam, mu, sigma, astuple(cell), shift=shift, exact=exact)
        assert got.H_mu == pytest.approx(want[0], rel=1e-11)
        assert got.H_sigma2 == pytest.approx(want[1], rel=1e-11)
        if growth == 0.0:
            short = transfer_function(lam.imag / (2.0 * np.pi), mu, sigma, cell, tau_s=tau_s)
            assert short == pytest.approx(want[0], rel=1e-11)
        checked += 1


def test_agrees_with_30_digits_beyond_5_khz_and_20_sigma(exact):
    check_far_sample(exact, n_points=8, seed=21)


@pytest.mark.parametrize(("mu", "sigma"), [(0.065, 1.2e-5), (0.07, 1e-5)])
def test_thousands_of_sigma_above_threshold_no_digit_is_lost_between_orders(exact, mu, sigma):
    # |p| eps = 4e-13 is what rounding of the phase leaves; orders that cancel would lose 3e-12
    lam = 2j * np.pi * 13e3
    got = linear_response(lam, mu, sigma, LIF)
    want = far_response(lam, mu, sigma, astuple(LIF), shift=0.0, exact=exact)
    assert got.H_mu == pytest.approx(want[0], rel=4e-13)
    assert got.H_sigma2 == pytest.approx(want[1], rel=4e-13)


@pytest.mark.slow
def test_agrees_with_30_digits_beyond_5_khz_and_20_sigma_on_a_wide_sample(exact):
    check_far_sample(exact, n_points=120, seed=22)


def series_psi(q, x, digits):
    """Return psi_q(x) from its power series at zero, for exponents left of the axis too."""
    with mp.workdps(digits):
        q, x = mp.mpc(q), mp.mpf(x)
        even = mp.hyp1f1(q / 2, 0.5, x * x / 2) * mp.rgamma((q + 1) / 2)
        odd = mp.hyp1f1((q + 1) / 2, 1.5, x * x / 2) * mp.rgamma(q / 2) * x * mp.sqrt(2)
        return 2 ** (-q / 2) * mp.sqrt(mp.pi) * (even + odd)


def left_response(p, mu, sigma, neuron, exact):
    """Return H_mu and H_sigma2 of the papers at lambda = p / tau_m, from power series."""
    tau, ref, y = exact.boundaries(mu, sigma, neuron, 0.0)
    ends = [mp.sqrt(2) * v for v in y]
    digits = 60 + int(2 * np.sqrt(abs(p)) * max(abs(x) for x in ends))
    with mp.workdps(digits):
        p = mp.mpc(p)
        at_r, at_t = (
            [f * series_psi(p + k, x, digits) for k, f in enumerate((1, p, p * (p + 1)))]
            for x in ends
        )
        scale = exact.rate(mu, sigma, neuron, 0.0) / mp.mpf(sigma)
        entry = at_t[0] - mp.exp(-p * ref / tau) * at_r[0]
        by_mean = mp.sqrt(2) * scale * (at_t[1] - at_r[1]) / (1 + p) / entry
        by_variance = scale / mp.mpf(sigma) * (at_t[2] - at_r[2]) / (2 + p) / entry
        return complex(by_mean), complex(by_variance)


LEFT = [-11000.0 + 0.3j, -10500.7 + 2.0j, -15000.0 - 9000.0j, -3.0e4 + 40.0j, -1e4 * (1.0 - 1.2j)]


@pytest.mark.parametrize(("mu", "sigma"), [(0.019, 5e-3), (0.03, 4e-3)])
def test_far_left_of_the_axis_the_response_is_its_continuation_poles_and_all(exact, mu, sigma):
    cell = replace(LIF, tau_ref=0.0)  # else it is nil: exp(-lam tau_ref) divides it
    for p in LEFT:
        lam = p / cell.tau_m
        got = linear_response(lam, mu, sigma, cell)
        want = left_response(p, mu, sigma, astuple(cell), exact)
        # pi p, the phase of the poles, keeps 1e-12 of a radian; beside one it is divided by
        assert got.H_mu == pytest.approx(want[0], rel=1e-9), p
        assert got.H_sigma2 == pytest.approx(want[1], rel=1e-9), p
        step = 1e-4j / cell.tau_m
        up, down = (linear_response(lam + s, mu, sigma, cell) for s in (step, -step))
        for name in ("H_mu", "H_sigma2"):
            slope = (getattr(up, name) - getattr(down, name)) / (2 * step)
            assert getattr(got, f"{name}_slope") == pytest.approx(slope, rel=1e-4), p


def test_the_response_is_finite_up_to_a_billion_time_constants_in_every_direction():
    """Three seconds of marching at 1 MHz, no end at 1 GHz, nan to the left: once."""
    phases = np.exp(1j * np.pi * np.linspace(-1.0, 1.0, 17))
    lam = np.geomspace(1.1e4, 1e9, 6)[:, None] * phases / LIF.tau_m
    for mu, sigma in ((0.019, 5e-3), (0.0, 2e-3), (0.03, 1e-3)):
        for cell in (LIF, replace(LIF, tau_ref=0.0)):
            response = linear_response(lam, mu, sigma, cell)
            for name in ("H_mu", "H_sigma2", "H_mu_slope", "H_sigma2_slope"):
                assert np.all(np.isfinite(getattr(response, name))), name


FREQUENCIES = np.geomspace(1e-3, 1e5, 9)
SIGNED = np.concatenate([-FREQUENCIES[::-1], [0.0], FREQUENCIES])
GROWTH = np.array([0.0, -500.0, -137.0, 500.0])


def assert_total(mu, sigma, frequencies, growth, tau_m):
    """Assert finite responses without warning, by either method and for white noise."""
    lam = (angular(frequencies)[:, None] + growth).ravel()
    cell = replace(LIF, tau_m=tau_m)
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        for colored in ({}, {"tau_s": 5e-4}, {"tau_s": 5e-4, "method": "taylor"}):
            response = linear_response(lam, mu, sigma, cell, **colored)
            for name in ("H_mu", "H_sigma2", "H_mu_slope", "H_sigma2_slope"):
                assert np.all(np.isfinite(getattr(response, name))), name
            assert np.all(np.isfinite(transfer_function(frequencies, mu, sigma, cell, **colored)))
        assert np.all(np.isfinite(isi_cv(mu, sigma, cell)))


def test_is_total_on_a_coarse_grid():
    mu, sigma = np.linspace(-0.05, 0.15, 7)[:, None], np.geomspace(1e-5, 0.04, 6)
    assert_total(mu, sigma, SIGNED[[0, 5, 9, 12, 17]], GROWTH, tau_m=0.005)


@pytest.mark.slow
@pytest.mark.parametrize("tau_m", [0.005, 0.02])
def test_is_total_on_the_whole_grid(tau_m):
    mu, sigma = np.linspace(-0.05, 0.15, 13)[:, None], np.geomspace(1e-5, 0.04, 10)
    assert_total(mu, sigma, SIGNED, GROWTH, tau_m)
