"""Closed forms of one cell against numerical search and simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cortex.errors import ParameterError
from cortex.izhikevich import (
    bistable_range,
    eigenvalues,
    equilibria,
    find_rest_loss,
    firing_curve,
    firing_offset,
    firing_onset,
    fold_current,
    hopf_current,
    slope,
    step_response,
    u_nullcline,
    v_nullcline,
)
from cortex.params.izhikevich import FAST_SPIKING, REGULAR_SPIKING, IzhikevichCell
from cortex.spiking import Inputs

CELLS = [REGULAR_SPIKING, FAST_SPIKING]


@st.composite
def cells(draw):
    """Return a cell with a Hopf bifurcation, b > a C."""
    C = draw(st.floats(10.0, 400.0))
    a = draw(st.floats(0.005, 0.2))
    v_r = draw(st.floats(-70.0, -50.0))
    return IzhikevichCell(
        C=C * 1e-12,
        k=draw(st.floats(0.5, 5.0)) * 1e-6,
        v_r=v_r * 1e-3,
        v_t=(v_r + draw(st.floats(5.0, 25.0))) * 1e-3,
        v_peak=40e-3,
        a=a * 1e3,
        b=a * C * draw(st.floats(1.1, 10.0)) * 1e-9,
        c=-60e-3,
        d=100e-12,
    )


@pytest.mark.parametrize(
    ("cell", "fold", "hopf"),
    [(REGULAR_SPIKING, 102.0833, 100.75), (FAST_SPIKING, 132.25, 126.0)],
)
def test_fold_and_hopf_currents_have_the_values_of_the_closed_forms(cell, fold, hopf):
    assert fold_current(cell) * 1e12 == pytest.approx(fold, abs=1e-4)
    assert hopf_current(cell) * 1e12 == pytest.approx(hopf, abs=1e-9)


@given(cell=cells())
def test_fold_and_hopf_found_numerically_equal_the_closed_forms(cell):
    found = find_rest_loss(cell)
    # the search for the maximum is exact to the square root of the rounding error in v
    assert found.fold == pytest.approx(fold_current(cell), rel=1e-9)
    assert found.hopf == pytest.approx(hopf_current(cell), rel=1e-6)
    assert found.hopf < found.fold


@given(cell=cells())
def test_equilibria_lie_on_both_nullclines_and_vanish_above_the_fold(cell):
    fold = fold_current(cell)
    v = equilibria(cell, 0.9 * fold)
    assert len(v) == 2
    u = u_nullcline(v, cell)
    np.testing.assert_allclose(u, v_nullcline(v, cell, 0.9 * fold), atol=1e-9 * fold)
    np.testing.assert_allclose(slope(v, u, cell, 0.9 * fold)[0] * cell.C, 0.0, atol=1e-9 * fold)
    assert equilibria(cell, 1.001 * fold).size == 0


@pytest.mark.parametrize("cell", CELLS)
def test_eigenvalues_cross_the_axis_at_the_hopf_current_with_its_frequency(cell):
    at = eigenvalues(equilibria(cell, hopf_current(cell))[0], cell)
    assert np.max(np.abs(at.real)) < 1e-6 * np.max(np.abs(at.imag))
    omega = np.sqrt(cell.a * (cell.b - cell.a * cell.C) / cell.C)
    assert np.max(at.imag) == pytest.approx(omega, rel=1e-9)


def test_a_cell_without_a_hopf_bifurcation_is_refused():
    weak = IzhikevichCell(
        C=100e-12, k=1e-6, v_r=-60e-3, v_t=-40e-3, v_peak=35e-3, a=30.0, b=-2e-9, c=-50e-3, d=1e-10
    )
    for find in (hopf_current, find_rest_loss):
        with pytest.raises(ParameterError, match="no Hopf"):
            find(weak)


@pytest.mark.parametrize("cell", CELLS)
def test_the_hopf_bifurcation_is_subcritical_so_firing_coexists_with_rest_below_it(cell):
    low, high = bistable_range(cell, 60e-12, tolerance=1e-13)
    assert low < high
    between = 0.5 * (low + high)
    # from rest: no firing late in the step; just after a spike: firing goes on
    rest = equilibria(cell, between)[:1]
    resting, fired = (Inputs(V0=rest, w0=u_nullcline(rest, cell)), Inputs(V0=[cell.c], w0=[cell.d]))
    silent = step_response(cell, np.array([between]), 4.0, inputs=resting)
    firing = step_response(cell, np.array([between]), 4.0, inputs=fired)
    assert len(silent.spikes) == 0
    assert np.any(firing.spikes.times > 3.5)


def test_fast_spiking_cell_is_bistable_from_121_6_to_126_pA():
    # Euler at 0.1 ms ends at 121.5 pA, the converged scheme at 121.7 pA
    low, high = bistable_range(FAST_SPIKING, 60e-12, tolerance=1e-13)
    assert low * 1e12 == pytest.approx(121.6, abs=0.2)
    assert high * 1e12 == pytest.approx(126.0, abs=1e-6)


@pytest.mark.parametrize(
    ("cell", "sustained", "expected"),
    [
        (REGULAR_SPIKING, False, 84.7),
        (REGULAR_SPIKING, True, 100.4),
        (FAST_SPIKING, False, 98.0),
        (FAST_SPIKING, True, 121.6),
    ],
)
def test_steps_from_rest_start_to_fire_where_expected(cell, sustained, expected):
    onset = firing_onset(cell, 60e-12, 140e-12, sustained=sustained, tolerance=1e-13)
    # expected: printed for Euler at 0.1 ms; converged onsets lie up to 0.2 pA higher
    assert onset * 1e12 == pytest.approx(expected, abs=0.2)


def test_fast_spiking_cell_does_not_fire_from_73_pA():
    """The often quoted 73 pA belong to the 2007 book's cell, whose u is cubic in v."""
    currents = np.array([73e-12, 80e-12, 90e-12])
    for scheme in ("reference", "standard"):
        run = step_response(FAST_SPIKING, currents, 2.0, scheme=scheme)
        assert len(run.spikes) == 0
    assert cubic_cell_spikes(np.array([71.0, 73.0])).tolist() == [0, 21]


def cubic_cell_spikes(current_pA):
    """Count spikes in 1 s of the fast-spiking cell of Izhikevich (2007), section 8.2.6."""
    v, u = np.full(len(current_pA), -55.0), np.zeros(len(current_pA))
    n_spikes = np.zeros(len(current_pA), dtype=int)
    for _ in range(50_000):
        target = np.where(v < -55.0, 0.0, 0.025 * (v + 55.0) ** 3)
        dv, du = ((v + 55.0) * (v + 40.0) - u + current_pA) / 20.0, 0.2 * (target - u)
        v, u = v + 0.02 * dv, u + 0.02 * du
        fired = v >= 25.0
        v[fired] = -45.0
        n_spikes += fired
    return n_spikes


@pytest.mark.parametrize(
    ("cell", "rates", "digit"),
    [
        (REGULAR_SPIKING, [3.50, 5.76, 8.20, 10.5], [0.01, 0.01, 0.01, 0.1]),
        (FAST_SPIKING, [35.7, 75.2, 112, 149], [0.1, 0.1, 1, 1]),
    ],
)
def test_steady_rates_of_the_euler_scheme_are_the_published_ones(cell, rates, digit):
    rates, half_digit = np.array(rates), 0.5 * np.array(digit)
    curve = firing_curve(cell, np.array([125, 200, 300, 400]) * 1e-12, scheme="reference")
    # half a printed digit, or one step of 0.1 ms in the interval the rate was read from
    slack = np.maximum(half_digit, 1e-4 * rates**2)
    assert np.all(np.abs(curve.steady_rate - rates) < slack)


@given(low=st.floats(140.0, 400.0), step=st.floats(5.0, 100.0))
def test_rate_grows_with_current(low, step):
    currents = np.array([low, low + step]) * 1e-12
    for cell in CELLS:
        first, second = firing_curve(cell, currents, duration=2.0).steady_rate
        assert 0.0 < first < second


def test_an_onset_outside_the_bracket_is_refused():
    with pytest.raises(ParameterError, match="widen the bracket"):
        firing_onset(REGULAR_SPIKING, 200e-12, 300e-12, sustained=False)


def test_a_reversed_bracket_and_a_tolerance_of_zero_are_refused():
    with pytest.raises(ParameterError, match="low < high"):
        firing_onset(REGULAR_SPIKING, 140e-12, 60e-12, sustained=False)
    with pytest.raises(ParameterError, match="low < high"):
        firing_offset(REGULAR_SPIKING, 60e-12, np.nan)
    with pytest.raises(ParameterError, match=r"tolerance = 0\.0 A"):
        firing_onset(REGULAR_SPIKING, 60e-12, 140e-12, sustained=False, tolerance=0.0)
