"""Modes of simulated rates: the parameters of linear response are fitted, with honest errors."""

from functools import partial

import numpy as np
import pytest
from scipy.optimize import check_grad

from cortex.analysis.cross_spectra import CrossSpectra, cross_spectra_between
from cortex.errors import ParameterError
from cortex.inverse.fitted_mode import _Fit, fit_mode, leading
from cortex.meanfield.exponents import angular
from cortex.meanfield.fluctuations.spectra import cross_spectra
from cortex.meanfield.stability.characteristic import rate_characteristic
from cortex.meanfield.stability.roots import Rectangle, newton_roots
from cortex.spikes import Spikes

W = np.array([[1.1, -1.9], [1.5, -0.6]])
TAU, DELAY = np.array([0.01, 0.008]), np.array([[1e-3, 2e-3], [1.5e-3, 1e-3]])
TOLD = rate_characteristic(W, TAU, DELAY)
GAINS, STRETCH = np.array([1.15, 0.9]), 0.93
TRUE = rate_characteristic(GAINS[:, np.newaxis] * W, TAU / STRETCH, DELAY / STRETCH)
N_AVERAGED = 4


def root(function):
    starts = np.array([-40.0 + 200.0j])
    region = Rectangle(real_limits=(-150.0, 20.0), imag_limits=(50.0, 400.0))
    return complex(newton_roots(function, starts, region=region).lam[0])


def measured(function, rng, f):
    """Draw mean periodograms of a Gaussian process with the spectra of a network."""
    L = np.linalg.cholesky(cross_spectra(function(angular(f)).M, np.array([8.0, 5.0]), [800, 200]))
    z = rng.normal(size=(2, N_AVERAGED, len(f), 2)) / np.sqrt(2.0)
    x = np.einsum("fab,mfb->mfa", L, z[0] + 1j * z[1])
    density = np.einsum("mfa,mfb->fab", x, np.conj(x)) / N_AVERAGED
    return CrossSpectra(frequency=f, density=density, n_averaged=N_AVERAGED, duration=10.0)


def test_a_mode_whose_gains_and_times_differ_from_theory_is_found_within_its_errors():
    # oracle: the root of the matrix that made the spectra
    told, true = root(TOLD), root(TRUE)
    assert abs(true.imag / told.imag - 1.0) > 0.05  # theory alone would miss
    f = np.arange(0.5, 1.8, 0.01) * told.imag / (2.0 * np.pi)
    rng = np.random.default_rng(5)
    found = [fit_mode(TOLD, told, measured(TRUE, rng, f)) for _ in range(40)]
    off = np.array([each.lam - true for each in found])
    errors = np.array([each.error for each in found])
    for z in (off.real / errors.real, off.imag / errors.imag):
        assert abs(np.mean(z)) < 0.5  # standard error of the mean of 40: 0.16
        assert 0.75 < np.std(z) < 1.3  # 2.5 standard errors of the deviation of 40 numbers
    assert np.median(errors.imag) < 0.02 * true.imag
    assert max(each.misfit for each in found) < 0.3


def test_the_gradient_of_the_likelihood_is_that_of_its_differences():
    f = np.linspace(15.0, 60.0, 30)
    seen = measured(TRUE, np.random.default_rng(1), f)
    fit = _Fit(TOLD, angular(f), seen.density, N_AVERAGED)
    at = np.array([0.1, -0.2, 0.3])
    slope = np.linalg.norm(fit.cost(at)[1])

    def cost(x):
        return fit.cost(x)[0]

    def gradient(x):
        return fit.cost(x)[1]

    off = check_grad(cost, gradient, at)
    assert off < 1e-5 * slope  # steps of the difference: 1.5e-8


def test_of_two_waves_the_one_that_decays_slowest_is_told_where_single_fits_and_power_fail():
    # oracle: the roots of the matrices that made the spectra, 1.5/s apart
    other = np.array([[1.2, -1.9], [1.5, -0.7]])
    functions = [TOLD, rate_characteristic(other, TAU, DELAY)]
    rows = GAINS[:, np.newaxis] * other
    makers = [TRUE, rate_characteristic(rows, TAU / STRETCH, DELAY / STRETCH)]
    growth = [root(maker).real for maker in makers]
    assert 1.0 < growth[0] - growth[1] < 2.0
    told = [root(function) for function in functions]
    f = np.arange(0.5, 1.8, 0.01) * told[0].imag / (2.0 * np.pi)
    rng = np.random.default_rng(3)
    found, single, strongest = [], [], []
    for _ in range(12):
        seen = [measured(maker, rng, f) for maker in makers]
        found.append(leading(functions, told, seen))
        alone = zip(functions, told, seen, strict=True)
        single.append(np.argmax([fit_mode(*each).lam.real for each in alone]))
        strongest.append(np.argmax([np.einsum("faa->", each.density).real for each in seen]))
    assert not any(found)
    assert any(single)
    assert any(strongest)


def test_a_cycle_that_no_linear_response_describes_is_told_by_its_line():
    told = root(TOLD)
    f = np.arange(10.0, 60.0, 0.1)
    # a line at 33 Hz, 0.3 Hz wide, thousands of times above what lies beside it
    power = 1.0 + 5e3 * np.exp(-0.5 * ((f - 33.0) / 0.3) ** 2)
    density = power[:, np.newaxis, np.newaxis] * np.array([[1.0, 0.9], [0.9, 1.0]]) + 0j
    seen = CrossSpectra(frequency=f, density=density, n_averaged=1, duration=10.0)
    found = fit_mode(TOLD, told, seen)
    assert np.isnan(found.lam.real)
    assert found.frequency == pytest.approx(33.0, abs=0.1)  # one frequency step
    assert 0.02 < found.frequency_error < 0.3


def test_too_few_frequencies_are_refused():
    f = np.linspace(30.0, 40.0, 5)
    with pytest.raises(ParameterError, match="record longer"):
        fit_mode(TOLD, root(TOLD), measured(TRUE, np.random.default_rng(1), f))


def modulated(rate, rng, n, duration):
    """Return Poisson spikes of neuron i of n at rate(t, i / n), by thinning."""
    trains = []
    for i in range(n):
        t = np.sort(rng.uniform(0.0, duration, rng.poisson(40.0 * duration)))
        trains.append(t[rng.random(len(t)) < rate(t, i / n) / 40.0])
    return trains


def wave(t, x, *, number):
    return 20.0 + 10.0 * np.cos(2.0 * np.pi * (30.0 * t - number * x))


def test_shot_noise_and_a_wave_have_the_densities_of_their_definition():
    rng = np.random.default_rng(2)
    trains = {
        name: modulated(partial(wave, number=number), rng, n, 10.0)
        for name, number, n in (("E", 3, 120), ("I", 0, 60))
    }
    spikes = Spikes.of_trains(trains, stop=10.0)
    quiet = cross_spectra_between([spikes, spikes], 40.0, 200.0)
    assert quiet.n_averaged == 2 * 9  # two recordings, 1601 frequencies in blocks of 9
    # shot noise nu / N; 177 blocks of 9 periodograms: 2.5 %, and 4 of these are allowed
    noise = np.einsum("faa->a", quiet.density).real / len(quiet.frequency)
    assert noise == pytest.approx([20.0 / 120, 20.0 / 60], rel=0.1)
    lines = [cross_spectra_between([spikes], 29.95, 30.05, wave_number=k) for k in (0, 3)]
    power = np.array([np.einsum("faa->fa", each.density).real.max(axis=0) for each in lines])
    # a cosine of 10 Hz over 10 s: 25 * 10 at +-f, one of the two directions for a wave
    assert power[0] == pytest.approx([0.0, 250.0], abs=40.0)
    assert power[1] == pytest.approx([125.0, 0.0], abs=40.0)
    with pytest.raises(ParameterError, match="no frequency"):
        cross_spectra_between([spikes], 30.01, 30.02)
