"""One type of spikes: on and off a grid, cut, put into steps and bins; nothing is guessed."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cortex.analysis import (
    count_correlation,
    fano_factors,
    firing_rates,
    interval_cv,
    interval_cv2,
    population_counts,
    windowed_cv,
)
from cortex.analysis.excerpts import raster_excerpt, rate_excerpt
from cortex.analysis.observables import observe
from cortex.errors import ParameterError
from cortex.params.observation import ObservationParams
from cortex.spikes import Spikes

TWO = {"names": ("E", "I"), "sizes": np.array([3, 2])}


def on_grid(seed=0, n_steps=4000, dt=1e-3, **more):
    rng = np.random.default_rng(seed)
    steps, neurons = np.nonzero(rng.random((n_steps, 5)) < 0.05)
    return Spikes(steps=steps, neurons=neurons, dt=dt, n_steps=n_steps, **TWO, **more)


def off_grid(spikes):
    parts = {"times": spikes.times, "start": spikes.start, "stop": spikes.stop}
    return Spikes(neurons=spikes.neurons, **parts, **TWO)


@given(
    dt=st.sampled_from([1e-4, 1e-3, 5e-5, 3e-4]),
    start=st.sampled_from([0.0, 0.5, 17.0]),
    unit=st.sampled_from([1.0, 1e3, 1e6]),
)
def test_times_of_a_grid_go_back_to_their_steps_from_any_unit(dt, start, unit):
    spikes = on_grid(dt=dt, start=start)
    times = spikes.times * unit / unit  # one rounding of the unit, as in a file
    free = Spikes(neurons=spikes.neurons, times=times, start=start, stop=spikes.stop, **TWO)
    found = free.on_grid(dt)
    np.testing.assert_array_equal(found.steps, spikes.steps)
    np.testing.assert_array_equal(found.neurons, spikes.neurons)
    assert (found.n_steps, found.start) == (spikes.n_steps, start)


def test_a_time_goes_to_the_step_that_contains_it_and_an_edge_to_the_step_it_ends():
    free = Spikes.at(np.array([0.0, 0.2e-3, 1e-3, 1.0001e-3, 2.6e-3]), np.zeros(5, int), stop=4e-3)
    assert free.on_grid(1e-3).steps.tolist() == [0, 0, 0, 1, 2]
    assert free.on_grid(1e-3, rounding="nearest").steps.tolist() == [0, 0, 0, 0, 2]


def test_times_in_single_precision_find_their_steps_by_nearest_rounding():
    spikes = on_grid(n_steps=200_000, dt=1e-4)
    single = (spikes.times * 1e3).astype(np.float32).astype(np.float64) * 1e-3
    stop = max(spikes.stop, float(single[-1]))
    free = Spikes(neurons=spikes.neurons, times=single, stop=stop, **TWO)
    np.testing.assert_array_equal(free.on_grid(1e-4, rounding="nearest").steps, spikes.steps)
    assert np.any(free.on_grid(1e-4).steps != spikes.steps)


def test_spikes_of_one_step_are_ordered_by_neuron():
    free = Spikes.at(np.array([1.1e-3, 1.2e-3, 1.3e-3]), np.array([2, 0, 1]))
    assert free.on_grid(1e-3).neurons.tolist() == [0, 1, 2]


def test_statistics_are_those_of_the_grid_off_it_too():
    spikes = on_grid()
    free = off_grid(spikes)
    np.testing.assert_array_equal(firing_rates(free), firing_rates(spikes))
    np.testing.assert_array_equal(population_counts(free, 5e-3), population_counts(spikes, 5e-3))
    np.testing.assert_array_equal(fano_factors(free, 0.1), fano_factors(spikes, 0.1))
    assert count_correlation(free) == count_correlation(spikes)
    # intervals are differences of times: rounding of 4 s in doubles over 1 ms
    for statistic in (interval_cv, interval_cv2):
        np.testing.assert_allclose(statistic(free), statistic(spikes), rtol=1e-11)
    assert windowed_cv(free, 1.0) == pytest.approx(windowed_cv(spikes, 1.0), rel=1e-11)
    window = {"start": 1.0, "duration": 0.5, "n_neurons": 5, "excitatory": ("E",)}
    for name, column in raster_excerpt(free, **window).items():
        np.testing.assert_array_equal(column, raster_excerpt(spikes, **window)[name])
    window = {"start": 1.0, "duration": 0.5, "rate_bin": 5e-3}
    for name, column in rate_excerpt(free, **window).items():
        np.testing.assert_array_equal(column, rate_excerpt(spikes, **window)[name])


def test_observables_are_those_of_the_grid_off_it_too():
    spikes = on_grid(n_steps=40_000, dt=1e-4)
    ours, theirs = (observe(each, ObservationParams()) for each in (spikes, off_grid(spikes)))
    assert theirs.regime == ours.regime
    assert theirs.network == pytest.approx(ours.network, rel=1e-9)
    for name, values in ours.populations.items():
        np.testing.assert_allclose(theirs.populations[name], values, rtol=1e-9)
    np.testing.assert_array_equal(theirs.spectrum.density, ours.spectrum.density)


@pytest.mark.parametrize("which", [on_grid, lambda: off_grid(on_grid())])
def test_pieces_and_populations_hold_every_spike_once(which):
    spikes = which()
    pieces = [spikes.between(a, a + 1.0) for a in (0.0, 1.0, 2.0, 3.0)]
    np.testing.assert_allclose(np.concatenate([p.times for p in pieces]), spikes.times, rtol=1e-15)
    assert [p.duration for p in pieces] == pytest.approx([1.0] * 4)
    parts = [spikes.of(name) for name in "EI"]
    assert sum(map(len, parts)) == len(spikes)
    assert parts[1].neurons.max() == 1
    np.testing.assert_allclose(
        np.concatenate([p.mean_rates() for p in parts]), spikes.mean_rates(), rtol=1e-15
    )


def test_ids_and_positions_follow_their_neurons():
    spikes = on_grid(ids=np.array([7, 8, 9, 70, 80]), positions=np.arange(10.0).reshape(5, 2))
    inhibitory = spikes.of("I")
    assert inhibitory.ids.tolist() == [70, 80]
    assert inhibitory.positions.tolist() == [[6.0, 7.0], [8.0, 9.0]]
    assert spikes.on_grid(2e-3).ids is spikes.ids
    assert spikes.binned(2e-3).positions is spikes.positions


def test_whole_bins_leave_a_rest_out_and_a_grid_covers_it():
    free = Spikes.at(np.array([0.5e-3, 2.4e-3]), np.zeros(2, int))
    assert free.binned(1e-3).steps.tolist() == [0]
    assert free.on_grid(1e-3).steps.tolist() == [0, 2]


def test_trains_become_spikes_with_silent_neurons():
    spikes = Spikes.of_trains({"E": [[0.3, 0.1], []], "I": [np.array([0.2])]}, stop=1.0)
    assert spikes.times.tolist() == [0.1, 0.2, 0.3]
    assert spikes.neurons.tolist() == [0, 2, 0]
    np.testing.assert_allclose(spikes.mean_rates(), [1.0, 1.0])
    assert Spikes.of_trains([[], []]).duration == 0.0


def test_spikes_survive_another_process():
    spikes = pickle.loads(pickle.dumps(on_grid()))
    np.testing.assert_array_equal(spikes.steps, on_grid().steps)
    assert repr(spikes).startswith("<Spikes: ")


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"steps": np.array([1, 0])}, "not in time order"),
        ({"steps": np.array([0, 9])}, "leaves the 5 recorded steps"),
        ({"steps": np.array([0.0, 1.0])}, "must be whole numbers"),
        ({"steps": np.array([0])}, "one of each of 2 spikes"),
        ({"neurons": np.array([0, 5])}, r"neurons = 0\.\.5 leaves the 5 neurons"),
        ({"neurons": np.array([0.0, 1.0])}, "must be whole numbers"),
        ({"dt": 0.0}, "dt = 0.0 s must be positive"),
        ({"names": ("E", "E")}, "distinct"),
        ({"ids": np.arange(4)}, "one for each of 5 neurons"),
        ({"positions": np.zeros((4, 2))}, "needs 5 rows of 1 or 2 or 3 coordinates"),
        ({"times": np.array([0.2e-3, 0.1e-3])}, "spike 1 at 0.0001 s comes after one at 0.0002 s"),
        ({"times": np.array([0.2e-3, np.nan])}, "spike 1 has a time that is not finite"),
        ({"times": np.array([2e-3, 0.2])}, "leave the recording of 0 to 0.005 s"),
    ],
)
def test_what_would_be_misread_is_refused(change, match):
    fits = {"steps": np.array([0, 1]), "neurons": np.array([0, 1]), "dt": 1e-3, "n_steps": 5, **TWO}
    assert len(Spikes(**fits)) == 2
    with pytest.raises(ParameterError, match=match):
        Spikes(**fits | change)


def test_what_cannot_be_done_off_a_grid_or_beyond_the_recording_is_refused():
    free, gridded = off_grid(on_grid()), on_grid()
    with pytest.raises(ParameterError, match="lie on no grid"):
        _ = free.steps
    with pytest.raises(ParameterError, match="no population 'X'; there are E, I"):
        free.of("X")
    with pytest.raises(ParameterError, match="no piece 3 to 5 s in a recording of 0 to 4 s"):
        free.between(3.0, 5.0)
    with pytest.raises(ParameterError, match=r"piece of a recording = 0.0005 s is not a multiple"):
        gridded.between(5e-4, 1.0)
    with pytest.raises(ParameterError, match=r"dt = 0.0015 s is not a multiple"):
        gridded.on_grid(1.5e-3)
    with pytest.raises(ParameterError, match="must be positive"):
        free.on_grid(0.0)
    for spikes in (free, gridded):
        with pytest.raises(ParameterError, match="bin of 5 s is longer than the recorded 4 s"):
            spikes.binned(5.0)


@settings(deadline=None)  # the first example compiles
@given(
    times=st.lists(st.floats(-1e6, 1e6) | st.sampled_from([0.0, -0.0, 1e-3]), max_size=60),
    kind=st.sampled_from([np.int32, np.int64]),
)
def test_sorting_is_that_of_numpy_and_keeps_the_order_of_equal_times(times, kind):
    given_, neurons = np.array(times, dtype=float), np.arange(len(times), dtype=kind)
    found = Spikes.at(given_, neurons, stop=1e6, sort=True)
    order = np.argsort(given_ + 0.0, kind="stable")
    np.testing.assert_array_equal(found.times, given_[order])
    np.testing.assert_array_equal(found.neurons, order)
