"""What the explorer pages say of their tables, on tiny ones."""

import numpy as np
import pytest

from cortex.report.brunel_explorer import bifurcation_lines, brunel_payload
from cortex.report.izhikevich_explorer import izhikevich_payload
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


def ring_of_cells(n_times=3):
    """Return potentials and spikes of two excitatory cells and an inhibitory one."""
    case = np.full(3 * n_times, "ring", dtype=object)
    neuron = np.tile(np.arange(3), n_times)
    potentials = {"case": case, "neuron": neuron, "excitatory": neuron < 2}
    potentials["time"] = np.repeat(1e-3 * np.arange(n_times), 3)
    potentials["v"] = -0.06 + 0.01 * neuron + 0.1 * (potentials["time"] > 0.0) * (neuron == 1)
    potentials["u"] = 1e-12 * neuron
    spikes = {"case": case[:1], "scheme": np.array(["standard"], dtype=object)}
    return potentials, {**spikes, "time": np.array([1.2e-3]), "neuron": np.array([1])}


def test_the_page_of_a_ring_has_a_row_per_cell_and_colours_that_end_below_the_spikes():
    potentials, spikes = ring_of_cells()
    page = izhikevich_payload(potentials, spikes, "ring")
    assert (page.x.values, page.y.values) == ([0, 1, 2], [0.0, 1.0, 2.0])
    v, u = page.observables
    # numbered time fastest: the spiking cell is cut at -30 mV, its trace is not
    assert v.values == [-60.0] * 3 + [-50.0, -30.0, -30.0] + [-40.0] * 3
    assert u.values == [0.0] * 3 + [1.0] * 3 + [2.0] * 3
    assert [len(detail.series[0].y) for detail in page.details] == [3, 3, 3]
    assert page.details[1].series[0].y == [-50.0, 50.0, 50.0]
    numbers = [dict(detail.numbers) for detail in page.details]
    assert [each["first spike"] for each in numbers] == ["none", "1.2 ms", "none"]
    assert [each["kind"].split(", ")[1] for each in numbers] == ["excitatory"] * 2 + ["inhibitory"]


def test_long_runs_are_thinned_in_the_plane_and_not_in_the_traces():
    potentials, spikes = ring_of_cells(500)
    page = izhikevich_payload(potentials, spikes, "ring")
    assert len(page.x.values) == 167  # every third, 200 at most
    assert len(page.details[0].series[0].x) == 500


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
