"""EIF and QIF by the density: first passage, threshold integration, simulation, the LIF limit."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cortex.errors import ParameterError
from cortex.meanfield import firing_rate, isi_cv, linear_response
from cortex.meanfield.density.neurons import ExponentialNeuron, QuadraticNeuron
from cortex.meanfield.density.receptors import (
    Receptors,
    receptor_cv,
    receptor_rate,
    receptor_response,
    receptor_spectrum,
)
from cortex.meanfield.density.resolution import Resolution
from cortex.params.lif import LIFParams

DATA = Path(__file__).parents[2] / "data" / "cells"
EIF = ExponentialNeuron(
    tau_m=0.02, tau_ref=0.002, V_th=0.015, Delta_T=0.0015, V_peak=0.045, V_reset=0.005
)
QIF = QuadraticNeuron(tau_m=0.02, tau_ref=0.0, V_th=0.02, V_peak=0.12, V_reset=-0.01)


def white(mu, sigma, neuron):
    """Return a neuron in white noise."""
    return Receptors(mu, np.array([sigma**2]), np.zeros(1), neuron)


def exact_points():
    """Return mean and noise relative to rest (V), exact rate (Hz) and CV of the EIF."""
    table = json.loads((DATA / "fi_eif.json").read_text())
    for p in table["points"]:
        if p["exact_rate_hz"] > 1e-7:  # below, a neuron counts as silent
            mu, sigma = p["mu_mV"] - table["params"]["E_L"], np.sqrt(2.0) * p["sigma_mV"]
            yield 1e-3 * mu, 1e-3 * sigma, p["exact_rate_hz"], p["exact_isi_cv"]


@pytest.mark.parametrize(("mu", "sigma", "rate", "cv"), list(exact_points()))
def test_rate_and_cv_of_the_eif_are_those_of_its_first_passage(mu, sigma, rate, cv):
    """Two grids leave 2e-6; the CV of the rarest spikes, a curvature at zero, 6e-5 by rounding."""
    neuron = white(mu, sigma, EIF)
    assert receptor_rate(neuron).nu == pytest.approx(rate, rel=1e-5)
    assert receptor_cv(neuron) == pytest.approx(cv, rel=1e-4)


def test_spectrum_of_the_eif_is_that_of_a_renewal_process_at_both_ends():
    """C0 -> nu CV^2 at low frequency, nu at high ones; receptors without noise change nothing."""
    neuron = white(0.016, 0.004, EIF)
    nu, cv = receptor_rate(neuron).nu, receptor_cv(neuron)
    low, high = receptor_spectrum(neuron, np.array([1e-3, 2000.0]))
    assert low == pytest.approx(nu * cv**2, rel=1e-4)
    assert high == pytest.approx(nu, rel=1e-3)


def threshold_integration(lam, mu, sigma, cell, n_steps):
    """Return rate and response to mean and variance (Richardson 2007, sections II and III).

    From the peak, where nothing comes back, down to where no flux is left; in each step the
    drift is that of its middle and the equations of flux and density are solved exactly.
    """
    h = (cell.V_peak - cell.V_reset) / n_steps  # the reset is a point of the grid
    reset = int((cell.V_reset - min(mu, cell.V_reset) + 4.0 * sigma) / h)
    V = cell.V_reset + h * np.arange(-reset, n_steps + 1)
    n, D = V.size, sigma**2 / (2.0 * cell.tau_m)
    middle = 0.5 * (V[1:] + V[:-1])
    drift = (mu - middle + cell.upswing(middle)) / cell.tau_m
    hold, gain = np.exp(-drift / D * h), -np.expm1(-drift / D * h) / drift

    def down(exit_flux, reinjected, lam, added):
        """Integrate J' = -lam P and P' = (A P - J + added) / D downwards from the peak."""
        J, P = [exit_flux], [0.0]
        for k in range(n - 2, -1, -1):
            inside = J[-1] + 0.5 * h * lam * P[-1] - added[k]  # in the middle of the step
            P.append(P[-1] * hold[k] + inside * gain[k])
            J.append(J[-1] + 0.5 * h * lam * (P[-1] + P[-2]) - (reinjected if k == reset else 0.0))
        return J[-1], np.array(P[::-1])

    none = np.zeros(n)
    _, p = down(1.0, 1.0, 0.0, none)
    nu = 1.0 / (cell.tau_ref + h * np.sum(0.5 * (p[1:] + p[:-1])))
    p0 = nu * p
    flux, _ = down(1.0, np.exp(-lam * cell.tau_ref), lam, none)
    half = 0.5 * (p0[1:] + p0[:-1])
    by_mean = half / cell.tau_m
    slope = (drift * half - nu * (middle > cell.V_reset)) / D
    by_variance = -slope / (2.0 * cell.tau_m)
    return nu, [-down(0.0, 0.0, lam, change)[0] / flux for change in (by_mean, by_variance)]


def integrated(lam, mu, sigma, cell):
    """Return rate and responses of two steps, extrapolated by their square."""
    coarse, fine = (
        np.hstack(threshold_integration(lam, mu, sigma, cell, n)) for n in (10_000, 20_000)
    )
    return fine + (fine - coarse) / 3.0


@pytest.mark.parametrize(("cell", "tolerance"), [(EIF, 1e-3), (QIF, 5e-3)])
@pytest.mark.parametrize(("mu", "sigma"), [(0.008, 0.006), (0.016, 0.004)])
@pytest.mark.parametrize("lam", [60.0j, -15.0 + 250.0j, 3000.0j])
def test_response_is_that_of_threshold_integration(cell, tolerance, mu, sigma, lam):
    """Both are second order, extrapolated; the fourth leaves 7e-4 at 500 Hz.

    To the variance in units of nu / sigma^2. The peak of the QIF, where its drift is not
    beyond all noise, has a layer in which a modulated noise acts at once, and no cells.
    """
    nu, by_mean, by_variance = integrated(lam, mu, sigma, cell)
    neuron = white(mu, sigma, cell)
    rate, got = receptor_rate(neuron), receptor_response(neuron, np.array([lam]))
    assert rate.nu == pytest.approx(nu.real, rel=2e-5)
    assert got.H_mu[0] == pytest.approx(by_mean, abs=3e-4 * rate.by_mu)
    scale = rate.nu / sigma**2
    assert got.H_variance[0, 0] == pytest.approx(by_variance, abs=tolerance * scale)


@pytest.mark.parametrize("cell", [EIF, QIF])
def test_response_at_zero_is_the_slope_of_the_rate(cell):
    mu, sigma, step = 0.014, 0.005, 1e-3

    def rate(mean, noise):
        return receptor_rate(white(mean, noise, cell)).nu

    got = receptor_response(white(mu, sigma, cell), np.array([0j]))
    # central differences of second order, and grids that move with the noise
    by_mu = (rate(mu * (1 + step), sigma) - rate(mu * (1 - step), sigma)) / (2 * step * mu)
    noise = [rate(mu, sigma * np.sqrt(1 + sign * 10 * step)) for sign in (1, -1)]
    by_variance = (noise[0] - noise[1]) / (20 * step * sigma**2)
    assert got.H_mu[0] == pytest.approx(by_mu, rel=1e-4)
    assert got.H_variance[0, 0] == pytest.approx(by_variance, abs=1e-4 * rate(mu, sigma) / sigma**2)


def test_response_of_the_eif_is_that_of_simulated_neurons():
    """Three frequencies with standard errors of 0.85 to 0.96 %, made by the program beside."""
    points = json.loads((DATA / "eif_response.json").read_text())["points"]
    lam = 2j * np.pi * np.array([p["frequency_Hz"] for p in points])
    got = 1e-3 * receptor_response(white(0.016, 0.004, EIF), lam).H_mu
    want = np.array([complex(*p["response_Hz_per_mV"]) for p in points])
    assert np.all([p["se_Hz_per_mV"] < 0.01 * abs(w) for p, w in zip(points, want, strict=True)])
    assert got == pytest.approx(want, rel=0.02)


def test_response_of_the_eif_falls_with_the_inverse_of_the_frequency():
    """H -> nu / (i omega tau_m Delta_T) (Fourcaud-Trocme et al. 2003), within 4 % at 4 kHz."""
    neuron = white(0.016, 0.004, EIF)
    omega = 2.0 * np.pi * np.array([4000.0, 8000.0])
    got = receptor_response(neuron, 1j * omega).H_mu * 1j * omega
    want = receptor_rate(neuron).nu / (EIF.tau_m * EIF.Delta_T)
    assert got == pytest.approx(np.full(2, want + 0j), rel=0.04)


@pytest.mark.parametrize(("mu", "sigma"), [(0.010, 0.005), (0.016, 0.004)])
def test_an_eif_of_vanishing_sharpness_is_the_lif(mu, sigma):
    """Delta_T = 1 fV moves the threshold by 57 Delta_T; 1600 cells and their double leave 3e-8."""
    lif = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.015, V_reset=0.0)
    sharp = ExponentialNeuron(
        tau_m=0.02, tau_ref=0.002, V_th=0.015, Delta_T=1e-12, V_peak=0.045, V_reset=0.0
    )
    neuron, fine = white(mu, sigma, sharp), Resolution(share=0.05, n_nodes=1, n_cells=1600)
    assert receptor_rate(neuron, fine).nu == pytest.approx(firing_rate(mu, sigma, lif), rel=1e-7)
    # the CV is a curvature at zero, by frequencies that are small: rounding leaves 7e-6
    assert receptor_cv(neuron, fine) == pytest.approx(isi_cv(mu, sigma, lif), rel=2e-5)
    lam = np.array([0j, 400.0j, -30.0 + 900.0j])
    got, want = receptor_response(neuron, lam, (fine, fine)), linear_response(lam, mu, sigma, lif)
    assert got.H_mu == pytest.approx(want.H_mu, rel=1e-7)
    assert got.H_variance[:, 0] == pytest.approx(want.H_sigma2, rel=1e-7)


def test_too_deep_or_too_quiet_neurons_are_refused():
    for mu, sigma in ((0.002, 0.002), (0.02, 1e-5)):
        with pytest.raises(ParameterError, match="the cells resolve"):
            receptor_rate(white(mu, sigma, EIF))


def test_a_reset_into_the_upswing_is_refused():
    with pytest.raises(ParameterError, match=r"V_reset = 0\.07 V lies in the upswing"):
        receptor_rate(white(0.02, 0.005, replace(EIF, V_reset=0.07, V_peak=0.1)))
