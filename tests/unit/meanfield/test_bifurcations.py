"""Continuation on curves with known form; lines of the Brunel plane; delay rings."""

import numpy as np
import pytest

from cortex.errors import ConvergenceError, ParameterError, RegimeWarning
from cortex.meanfield.patterns.delay_rings import ring_eigenvalues, ring_mode_couplings, ring_onsets
from cortex.meanfield.patterns.rate_model import mode_eigenvalues
from cortex.meanfield.stability.bifurcations import Window, fold_point, hopf_line, hopf_point
from cortex.meanfield.stability.continuation import follow_curve
from cortex.meanfield.stability.eigenvalues import leading_mode
from cortex.meanfield.stability.plane import plane_lines
from cortex.meanfield.stationary.working_point import solve_working_point


def lines_of(brunel, g_limits, ratio_limits=(0.1, 4.0), max_frequency=750.0, max_step=0.1):
    """Return the lines of the Brunel plane in a window."""
    window = Window(first=g_limits, second=ratio_limits, max_frequency=max_frequency)
    return plane_lines(
        lambda g, ratio: brunel.at(g, ratio).network(),
        window,
        inside=((4.5,), (0.7,)),
        max_step=max_step,
    )


@pytest.fixture
def family(brunel):
    """Return the function (g, ratio) -> Brunel network."""
    return lambda g, ratio: brunel.at(g, ratio).network()


def crossing(line, column, value):
    """Return (other parameter, frequency) where a line crosses a value, interpolated."""
    a = line.parameters[:, column] - value
    found = []
    for i in np.flatnonzero(a[1:] * a[:-1] <= 0):
        t = a[i] / (a[i] - a[i + 1])
        pair = np.column_stack([line.parameters[:, 1 - column], line.frequency])
        found.append(pair[i] + t * (pair[i + 1] - pair[i]))
    return np.array(found)


def test_an_ellipse_is_closed_and_lies_on_itself():
    curve = follow_curve(
        lambda x: np.array([x[0] ** 2 + 4 * x[1] ** 2 - 1]),
        np.array([1.0, 0.01]),
        scale=np.ones(2),
        inside=lambda _: True,
    )
    assert curve.is_closed
    assert curve.ends == ("closed", "closed")
    assert curve.residual < 1e-12
    assert np.ptp(curve.points[:, 0]) == pytest.approx(2.0, abs=0.02)


def test_a_curve_passes_its_folds_and_ends_at_the_window():
    curve = follow_curve(
        lambda x: np.array([x[0] - x[1] ** 3 + 3 * x[1]]),  # folds at x = -2 and 2
        np.array([0.0, 0.0]),
        scale=np.ones(2),
        inside=lambda x: abs(x[1]) < 2.5,
    )
    assert curve.points[0, 1] * curve.points[-1, 1] < 0
    assert curve.ends == ("outside", "outside")
    inner = np.abs(curve.points[:, 1]) < 1.5
    assert np.max(np.abs(curve.points[inner, 0])) == pytest.approx(2.0, abs=0.02)


def test_a_start_without_a_curve_is_reported():
    with pytest.raises(ConvergenceError, match="no point of the curve"):
        follow_curve(
            lambda x: np.array([x[0] ** 2 + x[1] ** 2 + 1]),
            np.array([0.3, 0.2]),
            scale=np.ones(2),
            inside=lambda _: True,
        )


def test_a_start_where_nothing_is_defined_is_reported():
    def nowhere(_):
        msg = "x must be positive"
        raise ParameterError(msg)

    with pytest.raises(ConvergenceError, match="no point of the curve"):
        follow_curve(nowhere, np.array([0.3, 0.2]), scale=np.ones(2), inside=lambda _: True)


def test_a_curve_tells_that_it_was_lost_or_cut():
    def root(x):  # y = sqrt(x) is not defined left of zero
        return np.array([x[1] - np.sqrt(x[0])]) if x[0] > 0.0 else np.array([np.nan])

    curve = follow_curve(
        root,
        np.array([0.5, 0.7]),
        scale=np.ones(2),
        inside=lambda x: x[0] < 1.0,
        max_points=40,
    )
    assert set(curve.ends) == {"lost", "outside"}
    assert curve.points[:, 0].min() < 1e-3
    cut = follow_curve(
        root, curve.points[20], scale=np.ones(2), inside=lambda _: True, max_points=5
    )
    assert "full" in cut.ends


def test_points_of_the_lines_agree_with_independent_values(family):
    # printed to 1e-3 and 0.1 Hz: half of the last digit
    for ratio, g, nu, f in ((4.0, 5.339, 75.0, 184.4), (3.0, 6.361, 35.0, 172.7)):
        at = hopf_point(family, parameters=(g, ratio), nu=np.full(2, nu), frequency=f, pinned=1)
        assert at.parameters[0, 0] == pytest.approx(g, abs=5e-4)
        assert at.frequency[0] == pytest.approx(f, abs=0.05)
    for ratio, g, nu in ((0.5, 3.429, 83.0), (0.7, 3.566, 38.0), (0.8, 3.777, 11.0)):
        at = fold_point(family, parameters=(g, ratio), nu=np.full(2, nu), pinned=1)
        assert at.parameters[0, 0] == pytest.approx(g, abs=5e-4)
        assert at.residual < 1e-12


def test_a_point_without_a_line_is_reported(family):
    far = {"parameters": (7.0, 1.5), "nu": np.full(2, 10.0), "pinned": 0}
    with pytest.raises(ConvergenceError, match="start closer to the line"):
        hopf_point(family, frequency=20.0, **far)
    with pytest.raises(ConvergenceError, match="start closer to the line"):
        fold_point(family, **far)


def test_fast_oscillations_set_in_along_one_line(family):
    # independent: g 6.361 at 172.7 Hz (ratio 3); ratio 3.255 at g = 6 and 176.2 Hz
    window = Window(first=(5.0, 8.0), second=(2.0, 4.0))
    line = hopf_line(
        family,
        window,
        parameters=(5.339, 4.0),
        nu=np.full(2, 75.0),
        frequency=184.0,
        pinned=1,
        max_step=0.05,
    )
    for column, value, want in ((1, 3.0, (6.361, 172.7)), (0, 6.0, (3.255, 176.2))):
        # interpolated between points of the line: its chords lie within 2e-4
        np.testing.assert_allclose(crossing(line, column, value)[0], want, rtol=5e-4)
    assert line.residual < 1e-9


def test_slow_oscillations_agree_with_independent_values(family):
    window = Window(first=(4.3, 5.3), second=(0.88, 0.95))
    slow = hopf_line(
        family,
        window,
        parameters=(4.5, 0.9126),
        nu=np.full(2, 7.0),
        frequency=31.8,
        pinned=0,
        max_step=0.15,
    )
    # printed to 1e-4 and 0.1 Hz
    for g, ratio, frequency in ((4.5, 0.9126, 31.8), (5.0, 0.8926, 27.6)):
        got = crossing(slow, 0, g)[0]
        assert got[0] == pytest.approx(ratio, abs=1e-4)
        assert got[1] == pytest.approx(frequency, abs=0.06)


@pytest.mark.parametrize(
    ("g_limits", "ratio_limits", "kind", "through"),
    [  # the window leaves g = 4.5 or ratio = 0.7; independent points of the lines
        ((4.9, 5.1), (0.88, 0.91), "hopf", (5.0, 0.8926)),
        ((3.2, 3.6), (0.4, 0.6), "fold", (3.429, 0.5)),
        ((2.9, 3.1), (0.82, 0.86), "fold", (3.0, 0.836)),
    ],
)
def test_lines_are_found_in_every_window_that_they_cross(
    brunel, g_limits, ratio_limits, kind, through
):
    lines = lines_of(
        brunel, g_limits=g_limits, ratio_limits=ratio_limits, max_frequency=60.0, max_step=0.2
    )
    side = 0.3 * np.array([np.ptp(g_limits), np.ptp(ratio_limits)])
    apart = [
        np.min(np.linalg.norm((line.parameters - through) / side, axis=1))
        for line in lines
        if line.kind == kind
    ]
    assert min(apart) < 0.2  # one step of the continuation


def test_a_second_region_of_slow_oscillations_lies_at_strong_inhibition(brunel):
    # the sign of the growth rate is the oracle: it changes twice along the border g = 8
    growth = {}
    for ratio in (0.84, 0.86, 0.89):
        network = brunel.at(8.0, ratio).network()
        growth[ratio] = leading_mode(network, solve_working_point(network), real_low=-20.0).real
    assert not growth[0.84] > 0.0
    assert growth[0.86] > 0.0
    assert not growth[0.89] > 0.0
    lines = lines_of(
        brunel, g_limits=(7.8, 8.0), ratio_limits=(0.84, 0.89), max_frequency=40.0, max_step=0.3
    )
    crossings = np.sort([line.parameters[i, 1] for line in lines for i in (0, -1)])
    assert crossings[0] < 0.86 < crossings[-1]


def test_a_start_that_newton_gives_up_is_told(brunel, monkeypatch):
    def lost(*_, **__):
        msg = "no point"
        raise ConvergenceError(msg)

    monkeypatch.setattr("cortex.meanfield.stability.plane.hopf_point", lost)
    with pytest.warns(RegimeWarning, match="hopf line near .* was given up: no point"):
        lines = lines_of(brunel, g_limits=(4.9, 5.1), ratio_limits=(0.88, 0.91), max_frequency=40.0)
    assert lines == ()


@pytest.mark.slow
def test_the_whole_plane_has_one_fold_line_and_four_onsets_of_oscillations(brunel):
    lines = lines_of(brunel, g_limits=(2.5, 8.0))
    kinds = sorted(line.kind for line in lines)
    assert kinds == ["fold", "hopf", "hopf", "hopf", "hopf"]
    top = sorted(line.frequency.max() for line in lines)
    # folds at 0 Hz, slow below 40 Hz (a loop at the folds and one at strong inhibition), fast
    # below 190 Hz, regular firing near 1/delay = 667 Hz
    assert top[0] == 0.0
    assert top[1] < top[2] < 40 < top[3] < 190
    assert 600 < top[4] < 680
    for line in lines:
        assert line.residual < 1e-9


@pytest.mark.parametrize(
    ("delay", "omega", "J0", "J1"),
    [
        (0.1, 16.3199, -16.3506, -32.7011),
        (0.2, 8.4434, -8.5024, -17.0050),
        (0.05, 32.0399, -32.0555, -64.1111),
    ],
)
def test_delay_rings_lose_stability_at_the_published_couplings(delay, omega, J0, J1):
    onsets = ring_onsets(1.0, delay)
    assert (onsets.J0_rate, onsets.J1_turing) == (1.0, 2.0)
    assert 2 * np.pi * onsets.frequency == pytest.approx(omega, abs=1e-4)
    # -17.0050 is twice the rounded -8.5025; the exact value is -17.00485
    assert onsets.J0_oscillation == pytest.approx(J0, abs=1e-4)
    assert onsets.J1_wave == pytest.approx(J1, abs=2e-4)


def test_every_mode_of_a_ring_with_equal_delays_is_a_lambert_solution():
    roots = ring_eigenvalues(np.array([[-20.0]]), np.array([1.0]), np.array([[0.1]]))
    lam = mode_eigenvalues(np.array(-20.0), 1.0, 0.1, np.array([0, 1, 2]))
    want = lam[lam.real > -0.5]
    np.testing.assert_allclose(np.sort_complex(roots.lam), np.sort_complex(want), rtol=1e-10)


def test_unequal_delays_and_time_constants_satisfy_their_equation():
    W, tau, d = (
        np.array([[2.0, -4.0], [3.0, -5.0]]),
        np.array([0.01, 0.02]),
        np.array([[1e-3, 2e-3], [3e-3, 2e-3]]),
    )
    roots = ring_eigenvalues(W, tau, d)
    assert roots.lam.size > 0
    for lam in roots.lam:
        M = W * np.exp(-lam * d) / (1 + lam * tau[:, None])
        assert abs(np.linalg.det(np.eye(2) - M)) < 1e-9
    with pytest.raises(ParameterError, match="right of the pole"):
        ring_eigenvalues(W, tau, d, real_low=-80.0)


def test_modes_of_a_periodic_ring_are_the_eigenvalues_of_its_weights():
    rng = np.random.default_rng(3)
    kernel = rng.normal(size=8)
    W = np.array([[kernel[(i - j) % 8] for j in range(8)] for i in range(8)])
    np.testing.assert_allclose(
        np.sort_complex(ring_mode_couplings(kernel)),
        np.sort_complex(np.linalg.eigvals(W)),
        atol=1e-12,
    )


def test_windows_know_what_lies_inside():
    window = Window(first=(0.0, 1.0), second=(0.0, 1.0))
    assert window.contains(0.5, 0.5)
    assert not window.contains(1.5, 0.5)


def test_a_step_to_where_nothing_is_becomes_a_shorter_one():
    def parabola(x):
        if x[0] < 0.0:
            msg = "x must be positive"
            raise ParameterError(msg)
        return np.array([x[1] - x[0] ** 2])

    curve = follow_curve(
        parabola,
        np.array([1.0, 1.0]),
        scale=np.ones(2),
        inside=lambda x: 0.05 < x[0] < 2.0,
        max_step=1.5,
    )
    # closed form; the corrector stops at 1e-10
    np.testing.assert_allclose(curve.points[:, 1], curve.points[:, 0] ** 2, atol=1e-9)
    assert curve.points[:, 0].min() >= 0.0
    assert curve.points[:, 0].max() >= 2.0
