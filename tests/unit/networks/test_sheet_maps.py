"""Tables of a sheet: how its populations are joined, and maps of rate and CV."""

import numpy as np
import pytest

from cortex.analysis.sheets import SheetPlaces
from cortex.connectivity import places
from cortex.connectivity.space import displacements
from cortex.networks.case import case_of
from cortex.params.description.settings import ExcerptParams
from cortex.params.observation import ObservationParams
from cortex.spikes import Spikes
from cortex.spiking import draw_source_lists
from cortex.steps.kernels import PLACES, kernels_of
from cortex.steps.sheets import observe_sheet


def test_maps_hold_mean_rate_and_cv_of_the_neurons_of_a_cell():
    """Oracle: trains written down; two neurons in the first of 4 x 2 cells, then one in each."""
    trains = {0: [0, 10, 20, 30, 40, 50], 1: [7], 8: [5, 10, 25, 30, 45, 50]}
    trains |= {neuron: list(range(0, 100, 5)) for neuron in range(2, 8)}
    pairs = sorted((step, neuron) for neuron, train in trains.items() for step in train)
    steps, neurons = np.array(pairs).T
    spikes = Spikes(
        steps=steps, neurons=neurons, dt=1e-3, n_steps=100, names=("E",), sizes=np.array([9])
    )
    y, x = (each.ravel() * 1e-3 for each in np.mgrid[0.25:1:0.5, 0.25:2:0.5])
    at = np.stack([np.append(x, x[0]), np.append(y, y[0])], axis=1)
    sheet = SheetPlaces(extent=np.array([2e-3, 1e-3]), coordinates={"E": at})
    bins = ObservationParams(n_space=4, rate_bin=5e-3, wave_segment=0.04)
    excerpt = ExcerptParams(start=0.0, duration=0.05)
    found = observe_sheet("a", sheet, [spikes, spikes], bins, excerpt)["maps"]
    np.testing.assert_allclose(found["x"], x)
    np.testing.assert_allclose(found["y"], y)
    np.testing.assert_allclose(found["rate"], [60.0, 10.0, *[200.0] * 6])  # Hz, in 0.1 s
    jumpy = np.std([5, 15, 5, 15, 5]) / 9.0
    np.testing.assert_allclose(found["cv"], [0.5 * jumpy, np.nan, *[0.0] * 6], atol=1e-12)


def test_a_silent_population_is_told_by_nan_and_stops_nothing():
    nothing = np.zeros(0, dtype=np.int32)
    spikes = Spikes(
        steps=nothing, neurons=nothing, dt=1e-3, n_steps=100, names=("E",), sizes=np.array([16])
    )
    y, x = (each.ravel() for each in np.mgrid[0.125:1:0.25, 0.125:1:0.25])
    at = np.stack([x, y], axis=1) * 1e-3
    sheet = SheetPlaces(extent=np.full(2, 1e-3), coordinates={"E": at})
    bins = ObservationParams(n_space=4, rate_bin=5e-3, wave_segment=0.04)
    tables = observe_sheet("a", sheet, [spikes], bins, ExcerptParams(start=0.0, duration=0.05))
    assert tables["waves"]["wave_number"].tolist() == [0.0]
    assert np.isnan(tables["waves"]["wave_frequency"]).all()
    assert np.isnan(tables["distances"]["correlation"]).all()
    assert tables["maps"]["rate"].tolist() == [0.0] * 16
    assert np.isnan(tables["maps"]["cv"]).all()


def test_kernels_are_how_often_pairs_of_a_drawn_sheet_are_joined():
    """Oracle: drawn synapses, counted by displacement; delays and signs of the file."""
    cells = {"tau_m_ms": 10.0, "tau_ref_ms": 2.0, "V_th_mV": 15.0, "V_reset_mV": 0.0}
    own = {"target": "E", "delay_ms": 0.5, "receptor": "delta"}
    block = {
        "populations": {"E": {"size": 1600, **cells}, "I": {"like": "E", "size": 400}},
        "space": {"extent_mm": [1.0, 1.0]},
        "projections": {
            "from_E": {**own, "source": "E", "in_degree": 200, "J_mV": 0.1, "profile": "gaussian",
                       "width_mm": 0.2, "speed_m_per_s": 0.5},
            "from_I": {**own, "source": "I", "in_degree": 30, "J_mV": -0.5, "profile": "boxcar",
                       "width_mm": 0.3},
        },
        "drive": {"mean": {"target": "all", "mu_mV": 10.0}},
    }  # fmt: skip
    case = case_of("own", block)
    table = kernels_of(case)
    from_E, from_I = (
        {name: each[table["source"] == source] for name, each in table.items()}
        for source in ("E", "I")
    )
    assert len(from_E["x"]) == PLACES**2
    lists = draw_source_lists(case.network, seed=1, dt=1e-4)
    source, target = np.repeat(np.arange(2000), np.diff(lists.start)), lists.targets.astype(int)
    at = np.concatenate([places(case.network.space, *each).coordinates
                         for each in (("E", 1600), ("I", 400))])  # fmt: skip
    d = displacements(at[source], at[target], case.network.space.period)
    r = np.linalg.norm(d, axis=1)
    for table, mine, density in ((from_E, source < 1600, 1600e6), (from_I, source >= 1600, 400e6)):
        near = np.hypot(table["x"], table["y"])
        low, high = 0.08e-3, 0.24e-3  # an annulus of many places
        drawn = np.sum((r[mine] >= low) & (r[mine] < high)) / 1600
        told = table["probability"][(near >= low) & (near < high)].mean()
        # places of I, 50 um apart, fall on either side of the rims
        assert drawn == pytest.approx(told * density * np.pi * (high**2 - low**2), rel=0.03)
    np.testing.assert_allclose(from_E["delay"], 5e-4 + np.hypot(from_E["x"], from_E["y"]) / 0.5)
    assert set(from_E["weight"]) == {1.0}
    assert set(from_I["weight"]) == {-1.0}
