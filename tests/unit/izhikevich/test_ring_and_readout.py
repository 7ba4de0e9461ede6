"""Ring weights and population vector against closed forms and synthetic data."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cortex.errors import ParameterError
from cortex.izhikevich import (
    angles,
    base_level,
    measure_diffusion,
    read_angle,
    ring_network,
    structured_profile,
    wrapped,
)
from cortex.params.izhikevich import RingNetworkParams, mean_gaussian
from cortex.rng import stream

DATA = Path(__file__).parents[2] / "data" / "izhikevich"


def test_base_level_has_the_value_of_compte_et_al():
    assert base_level(1.62, np.deg2rad(14.4)) == pytest.approx(0.93091, abs=5e-6)


@given(J_plus=st.floats(0.5, 5.0), sigma=st.floats(8.0, 90.0))
def test_structured_weights_have_mean_one_whatever_their_shape(J_plus, sigma):
    profile = structured_profile(360, 360, J_plus, np.deg2rad(sigma), same_population=False)
    # sum over 1-degree steps against the integral: spectrally accurate but for the kink at 180
    np.testing.assert_allclose(profile.mean(axis=1), 1.0, atol=1e-4)
    assert profile[0, 0] == pytest.approx(J_plus, rel=1e-12)


@given(sigma=st.floats(2.0, 180.0))
def test_the_mean_of_the_gaussian_over_the_ring_is_its_sum(sigma):
    x = np.deg2rad(np.arange(-180.0, 180.0, 0.1) + 0.05)
    mean = np.mean(np.exp(-(x**2) / (2 * np.deg2rad(sigma) ** 2)))
    # midpoint rule: step^2/24 times the curvature, at most 1/sigma^2 = 0.25 per square degree
    assert mean_gaussian(np.deg2rad(sigma)) == pytest.approx(mean, abs=1.1e-4)


def test_J_plus_one_is_an_unstructured_network():
    np.testing.assert_allclose(
        structured_profile(8, 8, 1.0, 0.3, same_population=False), 1.0, rtol=1e-12
    )


def test_weights_of_the_published_ring_are_the_stored_formula():
    rule = json.loads((DATA / "ring_100_20.json").read_text(encoding="utf-8"))["weights"]
    network = ring_network(RingNetworkParams())
    by_pair = {(p.target, p.source): p.weights * 1e9 for p in network.pathways}
    for (target, source), peak, n_target, n_source in (
        (("E", "E"), rule["e_to_e"], 100, 100),
        (("I", "E"), rule["e_to_i"], 20, 100),
        (("I", "I"), rule["i_to_i"], 20, 20),
    ):
        d = np.abs(
            np.arange(n_target)[:, None] * 360 / n_target - np.arange(n_source) * 360 / n_source
        )
        d = np.minimum(d, 360 - d)
        expected = peak * np.exp(-(d**2) / rule["sigma_deg"] ** 2)
        if target == source:
            np.fill_diagonal(expected, 0.0)
        np.testing.assert_allclose(by_pair[target, source], expected, rtol=1e-11, atol=1e-300)
    assert ("E", "I") not in by_pair


def test_the_factor_two_widens_the_kernel_by_root_two():
    with_two = ring_network(RingNetworkParams(has_factor_two=True)).pathways[0].weights
    wide = ring_network(RingNetworkParams(sigma=np.deg2rad(14.4) * np.sqrt(2))).pathways[0].weights
    np.testing.assert_allclose(with_two, wide, rtol=1e-10, atol=1e-300)


@given(angle=st.floats(-50.0, 50.0))
def test_wrapped_angles_lie_on_the_same_direction_within_one_turn(angle):
    w = float(wrapped(np.array(angle)))
    assert -np.pi <= w <= np.pi
    assert np.exp(1j * w) == pytest.approx(np.exp(1j * angle), abs=1e-9)


@given(centre=st.floats(0.0, 2 * np.pi), width=st.floats(0.1, 1.0))
def test_population_vector_finds_centre_and_width_of_a_gaussian_bump(centre, width):
    """Strength of a wrapped Gaussian is exp(-width^2/2)."""
    n = 512
    offset = wrapped(angles(n) - centre)
    counts = np.round(1000 * np.exp(-(offset**2) / (2 * width**2))).astype(int)
    neurons = np.repeat(np.arange(n), counts)
    times = np.full(neurons.size, 0.1)
    out = read_angle(times, neurons, n_cells=n, window=0.2, duration=0.2)
    assert float(wrapped(out.angle - centre)[0]) == pytest.approx(0.0, abs=1e-3)
    assert out.strength[0] == pytest.approx(np.exp(-(width**2) / 2), abs=5e-3)
    assert out.rate[0] == pytest.approx(neurons.size / (n * 0.2))


def test_spikes_of_other_cells_and_outside_the_windows_are_left_out():
    times = np.array([-0.1, 0.1, 0.1, 0.95])
    out = read_angle(times, np.array([0, 1, 7, 0]), n_cells=4, window=0.3, duration=1.0)
    assert len(out.time) == 3
    assert out.angle[0] == pytest.approx(np.pi / 2)
    assert np.isnan(out.angle[1:]).all()
    assert out.rate.tolist() == pytest.approx([1 / 1.2, 0.0, 0.0])


def test_a_readout_without_a_whole_window_is_refused():
    with pytest.raises(ParameterError, match="no window"):
        read_angle(np.empty(0), np.empty(0, int), n_cells=4, window=0.5, duration=0.4)


def test_drift_and_diffusion_of_a_synthetic_walk_are_recovered():
    """A Brownian walk of known drift and coefficient, 400 trials: within four errors."""
    drift, coefficient, dt = 0.05, 0.02, 0.1
    steps = stream(2, "walk").standard_normal((400, 40)) * np.sqrt(coefficient * dt) + drift * dt
    time = (np.arange(40) + 1) * dt
    out = measure_diffusion(time, np.cumsum(steps, axis=1))
    assert abs(out.drift - drift) < 4 * out.drift_error
    assert abs(out.coefficient - coefficient) < 4 * out.coefficient_error
    assert out.coefficient_error < 0.15 * coefficient
    assert out.linearity > 0.95


def test_white_errors_show_no_diffusion():
    errors = stream(3, "white").standard_normal((200, 30))
    out = measure_diffusion(np.arange(30) * 0.1, errors)
    assert abs(out.coefficient) < 4 * out.coefficient_error
    assert out.offset == pytest.approx(1.0, abs=0.1)


def test_the_error_of_a_variance_is_the_spread_of_variances_of_so_many_trials():
    errors = stream(4, "white").standard_normal((9, 20_000))
    out = measure_diffusion(np.arange(20_000.0), errors)
    # 20,000 windows know a standard deviation to 1 %
    assert out.variance_error.mean() == pytest.approx(out.variance.std(), rel=0.04)


def test_three_trials_of_three_windows_are_enough():
    errors = stream(5, "white").standard_normal((3, 3))
    assert np.isfinite(measure_diffusion(np.arange(3.0), errors).coefficient_error)
    for few in (errors[:2], errors[:, :2]):
        with pytest.raises(ParameterError, match="at least 3 trials and 3 windows"):
            measure_diffusion(np.arange(float(few.shape[1])), few)


def test_dead_trials_are_refused_by_the_diffusion():
    errors = np.zeros((5, 5))
    errors[2, 3] = np.nan
    with pytest.raises(ParameterError, match="leave out trials whose bump died"):
        measure_diffusion(np.arange(5.0), errors)
