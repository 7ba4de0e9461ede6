"""Distances between recordings: closed forms, scipy, and a network against itself and another."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import ks_2samp

from cortex.analysis import compare_spikes, effect_size, firing_rates, ks_distance
from cortex.analysis.comparison import STATISTICS, simultaneous_bands
from cortex.errors import ParameterError
from cortex.params.brunel import BrunelParams
from cortex.params.simulation import SimulationParams
from cortex.rng import child_seed
from cortex.spikes import Spikes
from cortex.spiking import simulate


def poisson(rates, seed, *, duration=20.0, dt=1e-3):
    """Return Poisson trains of populations E and I of the given rates, 30 neurons each, Hz."""
    rng = np.random.default_rng(seed)
    p = np.repeat(rates, 30) * dt
    steps, neurons = np.nonzero(rng.random((round(duration / dt), 60)) < p)
    return Spikes(
        steps=steps,
        neurons=neurons,
        dt=dt,
        n_steps=round(duration / dt),
        names=("E", "I"),
        sizes=np.array([30, 30]),
    )


@pytest.mark.parametrize("seed", range(5))
def test_the_distance_is_that_of_scipy_with_ties_and_unequal_numbers(seed):
    rng = np.random.default_rng(seed)
    first, second = rng.integers(0, 9, 37).astype(float), rng.normal(4.0, 3.0, 90).round()
    assert ks_distance(first, second) == pytest.approx(ks_2samp(first, second).statistic, abs=1e-15)
    assert np.isnan(ks_distance(first, np.zeros(0)))


def test_the_effect_is_the_difference_in_pooled_deviations():
    first, second = np.array([1.0, 2.0, 3.0]), np.array([4.0, 6.0])
    pooled = np.sqrt((2 * 1.0 + 1 * 2.0) / 3)
    assert effect_size(first, second) == pytest.approx(3.0 / pooled)
    assert np.isnan(effect_size(np.ones(3), np.ones(3)))
    assert np.isnan(effect_size(np.ones(1), first))


def test_each_statistic_of_each_population_has_a_row():
    runs = [poisson([5.0, 20.0], seed) for seed in range(4)]
    found = compare_spikes(poisson([5.0, 20.0], 10), runs)
    assert [(row.population, row.statistic) for row in found.rows] == [
        (p, s) for p in "EI" for s in STATISTICS
    ]
    rate = found.rows[len(STATISTICS)]
    assert rate.data == pytest.approx(20.0, rel=0.05)
    assert (rate.n_data, rate.n_model) == (30, 120)
    assert found.rows[5].n_data == 30 * 29 / 2
    columns = found.columns()
    assert len(columns["distance"]) == len(columns["outside"]) == 2 * len(STATISTICS)
    assert columns["effect"][0] == found.rows[0].effect


def test_one_more_run_of_the_model_lies_in_all_bands_as_often_as_it_says():
    n_outside = 0
    of_both = {"rate": firing_rates, "cv": STATISTICS["cv"]}
    for trial in range(60):
        runs = [poisson([5.0, 20.0], child_seed(trial, str(k)), duration=4.0) for k in range(6)]
        found = compare_spikes(runs[0], runs[1:], statistics=of_both, level=0.9)
        n_outside += len(found.reasons()) > 0
    # at most one in ten: of 60 trials 6 +- 2.3, three standard deviations
    assert n_outside <= 12


@pytest.mark.parametrize("n_runs", [3, 5, 9, 19])
@pytest.mark.parametrize("shared", [0.0, 0.6])
def test_bands_hold_for_values_that_move_as_a_whole_from_run_to_run(n_runs, shared):
    """Ten rows whose runs differ by Gaussian shifts, which rows share or not."""
    rng = np.random.default_rng(n_runs)
    n_trials, n_inside = 400, 0
    for _ in range(n_trials):
        moved = rng.normal(size=(10, n_runs + 1)) * np.sqrt(1.0 - shared)
        moved += rng.normal(size=n_runs + 1) * np.sqrt(shared)
        apart = np.abs(moved[:, :, None] - moved[:, None, :])
        bands = simultaneous_bands(apart[:, 1:, 1:], np.full(10, 1e-6), 0.95)
        n_inside += bool(np.all(apart[:, 0, 1:].mean(axis=1) <= bands))
    # 95 % of 400 are 380 +- 4.4; three standard deviations below
    assert n_inside >= 380 - 13


def test_the_band_is_the_prediction_interval_of_the_largest_score():
    shifts = {1: 0.0, 2: 1.0, 3: 3.0, 4: 6.0}  # ten evenly spread values, moved

    def values(spikes):
        return shifts[len(spikes)] + np.arange(10.0)

    runs = [
        Spikes.at(np.linspace(0.0, 1.0, n), np.zeros(n, int), populations={"E": 1}) for n in shifts
    ]
    (row,) = compare_spikes(runs[0], runs, statistics={"x": values}, level=0.6).rows
    at = list(shifts.values())
    apart = np.abs(np.subtract.outer(at, at)) / 10  # each step of a shift parts a tenth
    scores = []
    for i in range(4):
        rest = np.delete(np.delete(apart, i, 0), i, 1)
        scores.append(apart[i].sum() / 3 / (rest.sum() / 6))
    logs = np.log(scores)
    # Student's t of 3 degrees of freedom at 60 %: 0.2767; rank 0.6 x 5 is the third of four scores
    beyond = np.exp(logs.mean() + 0.27667066 * logs.std(ddof=1) * np.sqrt(1.25))
    assert row.band == pytest.approx(max(beyond, sorted(scores)[2]) * apart.sum() / 12, rel=1e-6)
    assert row.distance == pytest.approx(apart[0].mean())


def test_runs_that_are_the_same_have_no_band_and_another_recording_is_outside():
    model, data = poisson([5.0, 20.0], 1), poisson([9.0, 20.0], 2)
    own, other = (compare_spikes(each, [model] * 4).rows for each in (model, data))
    assert not any(row.outside for row in own)
    assert all(row.outside for row in other)


def test_another_rate_lies_outside_and_is_the_reason():
    runs = [poisson([5.0, 20.0], seed) for seed in range(4)]
    found = compare_spikes(poisson([5.0, 26.0], 10), runs)
    assert {row.population for row in found.reasons()} == {"I"}
    assert found.reasons()[0].statistic == "rate"
    assert found.reasons()[0].effect < -2.0


def test_fewer_than_three_runs_give_no_band_and_none_are_refused():
    data = poisson([5.0, 5.0], 0, duration=2.0)
    (row, _) = compare_spikes(data, [data], statistics={"rate": firing_rates}).rows
    assert (row.distance, row.outside) == (0.0, False)
    assert np.isnan(row.band)
    with pytest.raises(ParameterError, match="share none"):
        compare_spikes(data, [])
    with pytest.raises(ParameterError, match="share none"):
        compare_spikes(data.of("E"), [data.of("I")])


def test_a_network_is_near_itself_and_far_from_one_with_other_inhibition():
    sizes = {"n_exc": 800, "n_inh": 200, "in_degree_exc": 80, "in_degree_inh": 20}
    model = BrunelParams(**sizes, J=2e-4, g=5.0, nu_ext_ratio=2.0, multapses=True)
    settings = SimulationParams(dt=1e-4, warm_up=0.1, duration=2.0, precision="float32")
    runs = [simulate(model.network(), settings, seed=seed).spikes for seed in range(5)]
    assert compare_spikes(runs[0], runs[1:]).reasons() == ()
    other = simulate(replace(model, g=5.5).network(), settings, seed=9).spikes
    reasons = compare_spikes(other, runs).reasons()
    assert {"rate"} <= {row.statistic for row in reasons}
    assert {"E", "I"} == {row.population for row in reasons}


@pytest.mark.slow
def test_state_c_lies_in_the_band_of_its_network_and_g_ten_per_cent_off_does_not():
    sizes = {"n_exc": 10_000, "n_inh": 2500, "in_degree_exc": 1000, "in_degree_inh": 250}
    state_c = BrunelParams(**sizes, g=5.0, nu_ext_ratio=2.0, multapses=True)
    settings = SimulationParams(dt=1e-4, warm_up=0.1, duration=1.0, precision="float32")
    runs = [simulate(state_c.network(), settings, seed=seed).spikes for seed in range(6)]
    assert compare_spikes(runs[0], runs[1:]).reasons() == ()
    other = simulate(replace(state_c, g=5.5).network(), settings, seed=11).spikes
    reasons = compare_spikes(other, runs[1:]).reasons()
    assert [row.statistic for row in reasons[:4]] == ["rate", "rate", "cv", "cv"]
