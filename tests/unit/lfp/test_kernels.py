"""Synaptic kernels: closed forms, stored numbers, one scale for spikes and simulations."""

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp

from cortex.errors import ParameterError
from cortex.lfp import SynapticKernel

MS = 1e-3
CLASSES = [(2e-3, 4e-4), (5e-3, 2.5e-4)]


def test_kernels_equal_the_stored_ones(stored):
    for case in stored("biexp_kernel")["cases"]:
        given, expected = case["inputs"], case["outputs"]
        tau = {"tau_decay": given["tau1_ms"] * MS, "tau_rise": given["tau2_ms"] * MS}
        t = np.array(given["t_ms"]) * MS
        plain = SynapticKernel(**tau, norm="difference")
        peak = SynapticKernel(**tau, norm="peak")
        np.testing.assert_allclose(plain(t), expected["kernel"], rtol=1e-9, atol=1e-13)
        np.testing.assert_allclose(
            peak(t), expected["kernel_peak_normalised"], rtol=1e-9, atol=1e-13
        )
        assert plain.peak_time / MS == pytest.approx(expected["t_peak_ms"], rel=1e-9)
        assert peak.amplitude == pytest.approx(expected["normalisation_factor_B"], rel=1e-9)
        assert plain.area / MS == pytest.approx(expected["integral_ms"], rel=1e-9)
        for threshold, t_end in expected["age_cutoff_t_end_ms_by_threshold"].items():
            assert peak(np.array(t_end * MS)) == pytest.approx(float(threshold), rel=1e-9)


@pytest.mark.parametrize(("decay", "rise"), CLASSES)
def test_cascade_kernel_is_the_response_of_the_simulated_pair_of_equations(decay, rise):
    # wslfp claims inexact integration where the two differ by this factor, 1/4 and 1/19
    t = np.linspace(0.0, 5 * decay, 40)
    run = solve_ivp(
        lambda _, y: [(y[1] - y[0]) / decay, -y[1] / rise],
        (0, t[-1]),
        [0.0, 1.0],
        t_eval=t,
        rtol=1e-10,
        atol=1e-13,
    )
    kernel = SynapticKernel(tau_decay=decay, tau_rise=rise, norm="cascade")
    np.testing.assert_allclose(kernel(t), run.y[0], rtol=0, atol=1e-9)
    assert kernel.amplitude == pytest.approx(rise / (decay - rise))


@pytest.mark.parametrize(("decay", "rise"), [*CLASSES, (3e-3, 0.0)])
def test_spectrum_is_the_fourier_integral_and_area_its_value_at_zero(decay, rise):
    kernel = SynapticKernel(tau_decay=decay, tau_rise=rise)
    assert kernel.area == pytest.approx(1.0)
    assert kernel.spectrum(np.array(0.0)) == pytest.approx(1.0)
    for f in (3.0, 80.0, 400.0):
        re, im = (
            quad(
                lambda t, g=g, f=f: float(kernel(np.array(t))) * g(2 * np.pi * f * t),
                0,
                40 * decay,
                limit=2000,
                epsabs=1e-9,
            )[0]
            for g in (np.cos, lambda x: -np.sin(x))
        )
        assert kernel.spectrum(np.array(f)) == pytest.approx(re + 1j * im, abs=1e-6)


def test_a_kernel_without_rise_jumps_to_its_amplitude():
    kernel = SynapticKernel(tau_decay=2e-3, tau_rise=0.0, norm="peak")
    np.testing.assert_allclose(kernel(np.array([-1e-6, 0.0, 2e-3])), [0.0, 1.0, np.exp(-1)])


@pytest.mark.parametrize(
    ("decay", "rise"), [(4e-4, 2e-3), (-1e-3, -2e-3), (1e-3, 1e-3), (np.nan, 1e-4)]
)
def test_impossible_time_constants_are_refused(decay, rise):
    with pytest.raises(ParameterError, match="tau_decay > tau_rise >= 0"):
        SynapticKernel(tau_decay=decay, tau_rise=rise)


def test_time_constants_in_ms_are_refused():
    with pytest.raises(ParameterError, match=r"tau_decay = 2\.0 s exceeds 1\.0 s; is it in ms"):
        SynapticKernel(tau_decay=2.0, tau_rise=0.4)


def test_unknown_and_impossible_norms_are_refused():
    with pytest.raises(ParameterError, match="none of area, peak"):
        SynapticKernel(tau_decay=2e-3, tau_rise=4e-4, norm="sum")
    with pytest.raises(ParameterError, match="needs tau_rise > 0"):
        SynapticKernel(tau_decay=2e-3, tau_rise=0.0, norm="cascade")
