"""The density solver against closed forms: white noise, renewal spectra, mean potential."""

from functools import cache

import mpmath
import numpy as np
import pytest

from cortex.meanfield import firing_rate, isi_cv, linear_response
from cortex.meanfield.density import _loops_density as loops
from cortex.meanfield.density.cells import VoltageCells, lif_cells
from cortex.meanfield.density.slow_inputs import SlowInputs
from cortex.meanfield.density.solver import (
    Modulation,
    Operator,
    Susceptibility,
    interval_cv,
    respond,
    spike_spectrum,
    stationary_density,
)
from cortex.params.lif import LIFParams

LIF = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.015, V_reset=0.0)
NO_INPUT = SlowInputs.of(np.zeros(0), np.zeros(0), 1)
INPUTS = [(0.010, 0.005), (0.013, 0.003), (0.016, 0.004)]
# on the grids below the fourth order in the cell, all that extrapolation leaves, is 1e-9 to 1e-7
GRIDS = (1000, 2000)


@cache
def white(mu, sigma, n_cells):
    """Return the density of a neuron in white noise."""
    return stationary_density(Operator.of(lif_cells(mu, sigma**2, sigma, LIF, n_cells), NO_INPUT))


def extrapolated(mu, sigma, number):
    """Return a number of the density on two grids, extrapolated by the square of the cell."""
    coarse, fine = (np.asarray(number(white(mu, sigma, n))) for n in GRIDS)
    return fine + (fine - coarse) / 3.0


@pytest.mark.parametrize(("mu", "sigma"), INPUTS)
def test_rate_in_white_noise_is_that_of_siegert(mu, sigma):
    got = extrapolated(mu, sigma, lambda state: state.nu)
    assert got == pytest.approx(firing_rate(mu, sigma, LIF), rel=1e-7)


@pytest.mark.parametrize(("mu", "sigma"), INPUTS)
def test_error_of_the_rate_falls_with_the_square_of_the_cell(mu, sigma):
    exact = float(firing_rate(mu, sigma, LIF))
    errors = [white(mu, sigma, n).nu - exact for n in (250, *GRIDS)]
    assert errors[0] / errors[1] == pytest.approx(16.0, rel=0.02)
    assert errors[1] / errors[2] == pytest.approx(4.0, rel=0.02)


@pytest.mark.parametrize(("mu", "sigma"), INPUTS)
def test_cv_in_white_noise_is_that_of_the_closed_form(mu, sigma):
    got = extrapolated(mu, sigma, interval_cv)
    assert got == pytest.approx(isi_cv(mu, sigma, LIF), rel=2e-7)  # 1e-8 of two frequencies left


@pytest.mark.parametrize(("mu", "sigma"), INPUTS)
@pytest.mark.parametrize("lam", [None, 60.0j, 400.0j, -30.0 + 900.0j, 120.0 + 10.0j, 3000.0j])
def test_response_in_white_noise_is_the_closed_form_at_any_exponent(mu, sigma, lam):
    def both(state):
        changes = [Modulation(mean=1.0), Modulation(diffusion=1.0 / (2.0 * LIF.tau_m))]
        return respond(state, Susceptibility.of(state), lam, changes).nu

    got = extrapolated(mu, sigma, both)
    want = linear_response(complex(lam or 0.0), mu, sigma, LIF)
    # 500 Hz diffuse over few cells: the fourth order is larger there
    assert got == pytest.approx(
        [want.H_mu, want.H_sigma2], rel=2e-7 if lam != 3000.0j else 2e-6, abs=0.0
    )


@pytest.mark.parametrize(("mu", "sigma"), INPUTS)
@pytest.mark.parametrize("frequency", [1.0, 10.0, 60.0, 200.0])
def test_spectrum_in_white_noise_is_that_of_the_renewal_process(mu, sigma, frequency):
    """Closed form by parabolic cylinder functions (Lindner, Schimansky-Geier & Longtin 2002)."""
    lam = 2j * mpmath.pi * frequency
    at, back = (np.sqrt(2.0) * (v - mu) / sigma for v in (LIF.V_th, LIF.V_reset))
    a = lam * LIF.tau_m - mpmath.mpf(1) / 2
    rho = (
        mpmath.exp((back**2 - at**2) / 4 - lam * LIF.tau_ref)
        * mpmath.pcfu(a, -back)
        / mpmath.pcfu(a, -at)
    )
    want = float(firing_rate(mu, sigma, LIF) * (1.0 - abs(rho) ** 2) / abs(1.0 - rho) ** 2)
    got = extrapolated(mu, sigma, lambda state: spike_spectrum(state, np.array([frequency])))
    assert got[0] == pytest.approx(want, rel=1e-6)


@pytest.mark.parametrize(("mu", "sigma"), INPUTS)
def test_mean_potential_balances_drift_and_spikes(mu, sigma):
    """The mean drift of the potential makes up for what each spike takes away."""
    got = extrapolated(mu, sigma, lambda state: state.mean_potential)
    nu = firing_rate(mu, sigma, LIF)
    free = 1.0 - nu * LIF.tau_ref
    want = mu * free - LIF.tau_m * nu * (LIF.V_th - LIF.V_reset) + LIF.V_reset * (1.0 - free)
    assert got == pytest.approx(want, rel=1e-7)


def test_density_has_the_mass_of_the_time_outside_of_refractoriness():
    state = white(0.016, 0.004, 400)
    mass = state.operator.cells.width @ state.marginal
    assert mass == pytest.approx(1.0 - state.nu * LIF.tau_ref, rel=1e-12)
    assert np.all(state.marginal > 0.0)


def test_any_drift_and_diffusion_solve_the_equation_of_their_first_passage():
    """Drift and diffusion vary with V; the oracle is the double integral of the mean interval."""
    tau, V_th, V_reset = 0.02, 0.02, 0.0

    def drift(V):
        return (0.012 - V + 0.003 * np.exp((V - 0.015) / 0.003)) / tau

    def diffusion(V):
        return (0.005**2 + 1e-4 * (V - 0.01) ** 2) / (2.0 * tau)

    rates = []
    for n_cells in (400, 800):
        cells = lif_cells(
            0.012,
            1.0,
            0.006,
            LIFParams(tau_m=tau, tau_ref=0.0, V_th=V_th, V_reset=V_reset),
            n_cells,
        )
        edges = np.append(V_th - np.cumsum(cells.width[::-1])[::-1], V_th)
        made = VoltageCells(
            width=cells.width,
            centres=cells.centres,
            V_th=V_th,
            reset=cells.reset,
            V_reset=V_reset,
            tau_ref=0.0,
            lag=0.0,
            drift=drift(edges),
            diffusion=diffusion(edges),
            steepness=np.zeros(edges.size),
            gain=1.0 / tau,
            strength=np.ones(edges.size),
        )
        rates.append(stationary_density(Operator.of(made, NO_INPUT)).nu)
    # mean interval = int_reset^th dx / s(x) int_low^x dy s(y) / D(y), s = exp int drift / D
    V = np.linspace(edges[0], V_th, 400001)
    ratio = drift(V) / diffusion(V)
    step = V[1] - V[0]
    potential = np.concatenate([[0.0], np.cumsum(0.5 * (ratio[1:] + ratio[:-1]))]) * step
    inner = np.exp(potential) / diffusion(V)
    below = np.concatenate([[0.0], np.cumsum(0.5 * (inner[1:] + inner[:-1]))]) * step
    outer = np.where(V_reset <= V, below * np.exp(-potential), 0.0)
    interval = float(np.sum(0.5 * (outer[1:] + outer[:-1])) * step)
    got = rates[1] + (rates[1] - rates[0]) / 3.0
    # fluxes of constant diffusion between two faces: second order in the variation of D
    assert got == pytest.approx(1.0 / interval, rel=2e-4)


@pytest.mark.parametrize("m", [1, 3])
@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "python"])
def test_block_elimination_solves_the_whole_matrix(m, compiled):
    """Oracle: NumPy on the dense matrix; in Python every index is checked. Row n has no n + 1."""
    rng, n, reset = np.random.default_rng(4), 5, 2
    lower, upper = rng.uniform(-1.0, 0.0, (2, n, m))
    diagonal, coupling = rng.uniform(4.0, 5.0, (n, m)), rng.uniform(-0.5, 0.5, (m, m))
    entering, source = rng.normal(size=(m, m)), rng.normal(size=(n, m))
    width, total = rng.uniform(1.0, 2.0, n), rng.uniform(1.0, 2.0, m)
    dense = np.zeros((n, m, n, m))
    for i in range(n):
        dense[i, :, i] = coupling + np.diag(diagonal[i])
        if i > 0:
            dense[i, :, i - 1], dense[i - 1, :, i] = np.diag(lower[i]), np.diag(upper[i - 1])
    inverse = np.linalg.inv(dense.reshape(n * m, n * m)).reshape(n, m, n, m)

    def run(function, *arguments):
        return (function if compiled else function.py_func)(*arguments)

    inverses = run(loops.eliminate, lower, diagonal, upper, coupling)
    whole = run(loops.profile, inverses, lower, upper, source)
    last, sums = run(
        loops.last_and_sum, inverses, lower, upper, width, total, reset, entering.copy()
    )
    apart = np.einsum("ijk,kl->ijl", inverse[:, :, reset], entering)
    # rounding of five eliminations
    np.testing.assert_allclose(whole, np.einsum("ijkl,kl", inverse, source), rtol=1e-12)
    np.testing.assert_allclose(last, apart[-1], rtol=1e-12)
    np.testing.assert_allclose(sums, np.einsum("i,j,ijl", width, total, apart), rtol=1e-12)
