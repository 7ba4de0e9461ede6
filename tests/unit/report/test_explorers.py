"""What the explorer pages say of their tables, on tiny ones."""

import numpy as np
import pytest

from cortex.report.brunel_explorer import bifurcation_lines, brunel_payload
from cortex.report.learning_explorer import learning_payload


def atlas():
    g, ratio = np.array([5.0, 3.0, 3.0, 5.0]), np.array([2.0, 1.0, 2.0, 1.0])  # sorted by key
    numbers = ("nu", "nu_theory", "cv", "cv_theory", "rate_std_ratio", "peak_frequency")
    points = dict.fromkeys((*numbers, "growth", "frequency"), 10.0 * g + ratio)
    points |= {"g": g, "nu_ext_ratio": ratio, "regime": np.full(4, "AI", dtype=object)}
    n = np.array([2, 1, 2, 1])
    at = {"g": np.repeat(g, n), "nu_ext_ratio": np.repeat(ratio, n)}
    one = np.ones(6)
    raster = {**at, "time": 1e-3 * one, "row": one.astype(int), "excitatory": one.astype(int)}
    return points, raster, {**at, "frequency": one, "power": one, "power_theory": 2.0 * one}


def test_the_brunel_page_states_the_size_of_its_networks_and_keeps_points_apart():
    page = brunel_payload(*atlas(), n_neurons=2_500, raster_duration=0.1)
    assert "network of 2,500 neurons" in page.intro
    # numbered x fastest: g = 3, 5 at ratio 1, then at ratio 2
    assert page.observables[0].values == [31.0, 51.0, 32.0, 52.0]
    first, *_, last = page.details
    assert [len(detail.raster["t"]) for detail in (first, last)] == [1, 2]
    assert [len(detail.series[0].x) for detail in (first, last)] == [1, 2]


def test_lines_are_named_by_what_happens_there():
    table = {
        "line": np.array([0, 0, 1, 2]),
        "kind": np.array(["fold", "fold", "hopf", "hopf"], dtype=object),
        "x": np.array([3.0, 4.0, 5.0, 6.0]),
        "y": np.ones(4),
        "frequency": np.array([0.0, 0.0, 30.0, 180.0]),
    }
    fold, slow, fast = bifurcation_lines(table)
    assert (len(fold.points), fold.dashed) == (2, True)
    assert "slow" in slow.label
    assert "fast" in fast.label


@pytest.mark.parametrize(("converged", "says"), [(True, "settled"), (False, "did not settle")])
def test_the_learning_page_says_whether_the_fixed_point_settled(converged, says):
    one = np.array([0.02])
    names = ("beta", "kernel_max", "kernel_max_predicted", "residual", "residual_transient")
    sweep = dict.fromkeys((*names, "spread", "replay_frequency", "replay_frequency_predicted"), one)
    sweep |= {"varied": np.array(["beta"], dtype=object), "replicate": np.array([0])}
    course = {
        "beta": np.full(2, 0.02),
        "varied": np.full(2, "beta"),
        "replicate": np.zeros(2, int),
        "time": np.array([0.0, 1.0]),
    }
    course |= {"residual": np.ones(2), "predicted": np.ones(2)}
    page = learning_payload(sweep | {"converged": np.array([converged])}, course)
    assert dict(page.details[0].numbers)["fixed point of the theory"] == says
    assert page.details[0].series[0].x == [1.0]
