"""Kernel transforms: closed forms against quadrature, and against the wiring itself."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad

from cortex.connectivity import (
    Boxcar,
    Custom,
    DifferenceOfGaussians,
    Exponential,
    Gabor,
    Gaussian,
    Lattice,
    MexicanHat,
    VonMises,
    fixed_in_degree_within,
    kernel_integral,
    kernel_stencil,
    kernel_transform,
    numerical_transform,
    profile_transform,
    ring,
)
from cortex.connectivity.pairs import pair_displacements
from cortex.errors import ParameterError
from cortex.rng import stream

SENK = json.loads(
    (Path(__file__).parents[2] / "data/connectivity/ring_boxcar_senk2020_nnmt.json").read_text()
)
MM = 1e-3


@pytest.mark.parametrize("dim", [1, 2])
@pytest.mark.parametrize(
    ("kernel", "radius"),
    [
        (Gaussian(1.3), 13.0),
        (Exponential(0.7), 35.0),
        (Boxcar(1.1), 1.1),
        (DifferenceOfGaussians(0.6, 1.2, 2.0, 0.7), 12.0),
        (MexicanHat(0.8), 12.0),
    ],
)
def test_closed_forms_equal_quadrature(kernel, radius, dim):
    k = np.linspace(0.0, 3.0, 5)[:, None] * ([1.0] if dim == 1 else [0.6, 0.8])
    numerical = numerical_transform(kernel, k, radius=radius, n_nodes=160)
    scale = np.abs(numerical).max()
    # Gauss-Legendre is exact to rounding; the exponential is cut where it is e^-50
    np.testing.assert_allclose(kernel_transform(kernel, k), numerical, rtol=0, atol=1e-11 * scale)


@pytest.mark.parametrize(
    ("kernel", "radius"),
    [
        (Gaussian(1.3), 13.0),
        (Exponential(0.7), 28.0),
        (Boxcar(1.1), 1.1),
        (DifferenceOfGaussians(0.6, 1.2, 2.0, 0.7), 12.0),
        (MexicanHat(0.8), 12.0),
    ],
)
def test_closed_forms_in_space_equal_the_radial_integral(kernel, radius):
    """F(k) = 4 pi int r^2 f(r) sin(kr)/(kr) dr, by an adaptive rule; k along a slant."""
    slant = np.array([0.48, 0.6, 0.64])
    for k in (0.0, 0.4, 3.0):
        integral = quad(
            lambda r, k=k: r**2 * kernel(np.array([r, 0.0, 0.0])) * np.sinc(k * r / np.pi),
            0.0,
            radius,
            limit=400,
            epsabs=1e-12,
        )[0]
        found = kernel_transform(kernel, k * slant)
        # the adaptive rule is good to 1e-12 times 4 pi; the cuts leave e^-40 and less
        assert found.real == pytest.approx(4.0 * np.pi * integral, abs=1e-10)
        assert found.imag == 0.0


def test_quadrature_in_space_counts_every_direction():
    """The transform of x^2 exp(-r^2/2) is (2 pi)^(3/2) (1 - k_x^2) exp(-k^2/2)."""
    kernel = Custom(lambda d: d[..., 0] ** 2 * np.exp(-np.sum(d**2, axis=-1) / 2.0), 10.0)
    k = np.array([[0.0, 0.0, 0.0], [1.5, 0.0, 0.0], [0.3, -0.7, 1.1], [0.0, 0.0, 2.0]])
    wanted = (2 * np.pi) ** 1.5 * (1 - k[:, 0] ** 2) * np.exp(-np.sum(k**2, axis=1) / 2)
    found = numerical_transform(kernel, k, radius=10.0, n_nodes=48)
    # Gauss-Legendre with 48 nodes for a phase of 20 rad is exact to rounding; cut at e^-50
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-11)


@pytest.mark.parametrize(
    ("kernel", "wanted"),
    [
        (Boxcar(0.3), 4.0 / 3.0 * np.pi * 0.3**3),
        (Gaussian(0.3), (2 * np.pi) ** 1.5 * 0.3**3),
        (Exponential(0.3), 8 * np.pi * 0.3**3),
        (MexicanHat(0.3), (2 - 2**1.5) * (2 * np.pi) ** 1.5 * 0.3**3),
        (Custom(lambda d: np.ones(d.shape[:-1]), 0.3), 4.0 / 3.0 * np.pi * 0.3**3),
    ],
)
def test_integrals_over_space_are_the_closed_forms(kernel, wanted):
    assert kernel_integral(kernel, 3) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("dim", [1, 3])
def test_a_kernel_of_the_plane_has_no_integral_elsewhere(dim):
    with pytest.raises(ParameterError, match="dimensions"):
        kernel_integral(Gabor(1.0, 0.3, 0.4), dim)


def test_gabor_transform_equals_quadrature_with_phase_and_aspect():
    kernel = Gabor(1.0, 0.3, 0.4, phase=0.9, aspect=0.6)
    k = np.array([[0.0, 0.0], [1.7, 0.8], [-1.7, -0.8], [0.3, 2.0]])
    numerical = numerical_transform(kernel, k, radius=14.0, n_nodes=160)
    np.testing.assert_allclose(kernel_transform(kernel, k), numerical, rtol=0, atol=1e-11)


@pytest.mark.parametrize("n", [0, 1, 3])
def test_von_mises_transform_is_a_bessel_function(n):
    integral = quad(lambda a: np.exp(2.0 * (np.cos(a) - 1.0)) * np.cos(n * a), -np.pi, np.pi)[0]
    value = kernel_transform(VonMises(2.0), np.array([[float(n)]]))[0]
    assert value.real == pytest.approx(integral, rel=1e-12)


def test_a_mexican_hat_has_zero_integral_over_the_plane():
    assert kernel_integral(MexicanHat(60e-6), 2) == pytest.approx(0.0, abs=1e-22)
    # and it crosses zero at 2 sqrt(ln 2) sigma
    zero = MexicanHat(60e-6)(np.array([[2.0 * np.sqrt(np.log(2.0)) * 60e-6, 0.0]]))
    assert zero[0] == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize("profile", ["boxcar", "gaussian", "exponential"])
def test_profiles_are_normalised_and_even(profile):
    transform = profile_transform(profile, 0.2 * MM)
    k = np.linspace(-4e4, 4e4, 9)
    assert float(transform(np.array(0.0))) == pytest.approx(1.0, rel=1e-14)
    np.testing.assert_allclose(transform(k), transform(-k), rtol=1e-14)


def test_boxcar_profile_is_the_sinc_of_the_reference():
    for projection, half_width in (("E->E", 0.2), ("I->E", 0.07)):
        transform = profile_transform("boxcar", half_width * MM)
        moments = SENK["expected"][projection]["fourier_cos_by_wavenumber_per_mm"]
        for k_per_mm, values in moments.items():
            found = float(transform(np.array(float(k_per_mm) / MM)))
            assert found == pytest.approx(values["continuous_sinc"], abs=1e-14)


def test_ring_transform_of_a_wrapped_gaussian_is_that_of_the_line():
    # Poisson summation: at k = 2 pi n / L the transform of the sum over all turns is exact
    length, n, sigma = 1.0, 512, 0.08
    place = np.arange(n) * length / n
    wrapped = sum(Gaussian(sigma)((place + turn * length)[:, None]) for turn in range(-3, 4))
    spectrum = np.fft.fft(wrapped).real / wrapped.sum()
    k = 2.0 * np.pi * np.arange(6) / length
    np.testing.assert_allclose(spectrum[:6], profile_transform("gaussian", sigma)(k), atol=1e-13)


def test_stencil_spectrum_of_a_torus_tends_to_the_continuum():
    torus = Lattice.over((1.0, 1.0), (64, 64), periodic=True)
    stencil = kernel_stencil(torus, torus, Gaussian(0.05), radius=0.4)
    spectrum = np.fft.fft2(stencil.matrix()).real / 64**2
    k = 2.0 * np.pi * np.array([[0.0, 0.0], [2.0, 1.0], [3.0, 3.0]])
    # aliasing of a Gaussian of 3.2 pitches is below e^-200; its cut at 8 sigma e^-32
    np.testing.assert_allclose(
        [spectrum[0, 0], spectrum[1, 2], spectrum[3, 3]],
        kernel_transform(Gaussian(0.05), k).real,
        atol=1e-13,
    )


@pytest.mark.parametrize("projection", SENK["expected"])
def test_senk_ring_has_the_exact_cosine_moments(projection):
    source, target = projection.split("->")
    p, expected = SENK["params"], SENK["expected"][projection]
    rings = {name: ring(n, p["ring_length_mm"] * MM) for name, n in p["N"].items()}
    drawn = fixed_in_degree_within(
        rings[source],
        rings[target],
        expected["in_degree"],
        radius=expected["half_width_mm"] * MM,
        rng=stream(20, projection),
        multapses=True,
        autapses=False,
        same_population=source == target,
    )
    assert set(drawn.in_degrees.tolist()) == {expected["in_degree"]}
    assert drawn.n_autapses == 0
    x = pair_displacements(drawn, rings[source], rings[target])[:, 0]
    moments = expected["displacement_mm"]
    assert np.abs(x).max() / MM == pytest.approx(moments["max_abs"], abs=1e-12)
    assert x.mean() / MM == pytest.approx(0.0, abs=4 * moments["std_of_mean"])
    assert np.abs(x).mean() / MM == pytest.approx(
        moments["mean_abs_discrete"], abs=4 * moments["std_of_mean_abs"]
    )
    for k_per_mm, values in expected["fourier_cos_by_wavenumber_per_mm"].items():
        found = np.cos(float(k_per_mm) / MM * x).mean()
        assert found == pytest.approx(
            values["discrete_exact"], abs=4 * values["std_of_estimate"] + 1e-12
        )


def test_a_kernel_without_closed_form_says_what_to_use():
    with pytest.raises(ParameterError, match="numerical_transform"):
        kernel_transform(Custom(lambda d: d[..., 0], 1.0), np.zeros((1, 1)))
    with pytest.raises(ParameterError, match="none of boxcar"):
        profile_transform("triangle", 1.0)
