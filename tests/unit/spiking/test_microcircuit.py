"""The full microcircuit against NEST: distributions over neurons by Kolmogorov-Smirnov distance.

One run is no verification, so distributions of rates, CVs and correlations are compared
with two NEST runs of other networks. Two samples of n neurons of one law are farther apart
than c sqrt(2 / n) with probability 2 exp(-2 c^2); c = 2.47 is 1e-5 for each of the 48
comparisons. Fixed instead of random in-degrees lie 0.2 to 0.34 apart in rates.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from cortex.analysis.trains import interval_cv
from cortex.params.microcircuit import POPULATIONS, PUBLISHED_WIRING, MicrocircuitParams
from cortex.params.simulation import SimulationParams
from cortex.spiking import draw_wiring, scale_down, simulate

DATA = Path(__file__).parents[2] / "data" / "microcircuit"
PUBLISHED = (0.903, 2.965, 4.414, 5.876, 7.569, 8.633, 1.105, 7.829)  # Hz, one PyNEST run
N_PAIRED, BIN = 200, 20  # neurons, steps
C = 2.47


def reference(seed):
    return json.loads((DATA / f"nest_seed{seed}.json").read_text())["populations"]


def distance(values, others):
    """Return the largest difference of two empirical distribution functions."""
    at = np.concatenate([values, others])
    shares = [
        np.searchsorted(np.sort(each), at, side="right") / each.size for each in (values, others)
    ]
    return np.abs(shares[0] - shares[1]).max()


def counts_of(histogram):
    return np.repeat(np.arange(len(histogram)), histogram)


def correlations(steps, neurons):
    binned = np.zeros((N_PAIRED, 30_000 // BIN))
    kept = neurons < N_PAIRED
    np.add.at(binned, (neurons[kept], steps[kept] // BIN), 1.0)
    matrix = np.corrcoef(binned[binned.any(axis=1)])
    return matrix[np.triu_indices(len(matrix), 1)].round(6)


@pytest.fixture(scope="module")
def run():
    """Return 3 s of one network as published, population by population."""
    network = MicrocircuitParams(delay_distribution="truncated_gaussian", w_cv=0.1).network()
    grid = SimulationParams(dt=1e-4, warm_up=0.3, duration=3.0, precision="float32")
    wiring = draw_wiring(network, grid, seed=1, rule=PUBLISHED_WIRING)
    spikes = simulate(network, grid, seed=1, wiring=wiring).spikes
    cvs = np.split(interval_cv(spikes, min_intervals=2), network.first[1:-1])
    parts = {}
    for name, low, high, cv in zip(
        POPULATIONS, network.first[:-1], network.first[1:], cvs, strict=True
    ):
        own = (spikes.neurons >= low) & (spikes.neurons < high)
        neurons = spikes.neurons[own] - low
        parts[name] = {
            "counts": np.bincount(neurons, minlength=high - low),
            "cv": cv[np.isfinite(cv)],
            "correlation": correlations(spikes.steps[own], neurons),
        }
    return parts


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("population", POPULATIONS)
def test_rates_irregularity_and_correlations_have_the_distributions_of_nest(run, population, seed):
    ours, nest = run[population], reference(seed)[population]
    n, n_regular = ours["counts"].size, ours["cv"].size
    assert distance(ours["counts"], counts_of(nest["spike_count_histogram"])) < C * np.sqrt(2 / n)
    # stored as quantiles: one part in 400 more
    cv, correlation = np.array(nest["cv_quantiles"]), np.array(nest["correlation_quantiles"])
    assert distance(ours["cv"], cv) < C * np.sqrt(2 / n_regular) + 1 / 400
    # pairs share neurons: as good as N_PAIRED values, not as N_PAIRED^2 / 2
    assert distance(ours["correlation"], correlation) < C * np.sqrt(2 / N_PAIRED) + 1 / 400


@pytest.mark.slow
def test_rates_lie_within_the_spread_of_networks_around_the_published_run(run):
    ours = np.array([run[name]["counts"].mean() / 3.0 for name in POPULATIONS])
    # six networks of 4 to 10 s scatter by 1.2 % (5E, sd) and less; so does the published one:
    # sqrt(2) 1.2 % is the sd of the difference, three of them
    assert ours == pytest.approx(np.array(PUBLISHED), rel=0.051)


def test_two_networks_of_nest_differ_by_no_more_than_the_band():
    one, other = reference(1), reference(2)
    for name in POPULATIONS:
        counts = [counts_of(each[name]["spike_count_histogram"]) for each in (one, other)]
        assert distance(*counts) < C * np.sqrt(2 / counts[0].size)


@pytest.mark.slow
def test_mean_rates_of_a_tenth_are_those_of_nest_over_many_networks():
    nest = json.loads((DATA / "nest_tenth.json").read_text())
    theirs = np.array(nest["rates_Hz"])
    full = MicrocircuitParams(delay_distribution="truncated_gaussian").network()
    small = scale_down(full, nest["scale"], np.array(PUBLISHED))
    grid = SimulationParams(dt=1e-4, warm_up=0.3, duration=3.0, precision="float32")
    ours = []
    for seed in range(1, 25):
        wiring = draw_wiring(small, grid, seed=seed, rule=PUBLISHED_WIRING)
        ours.append(simulate(small, grid, seed=seed, wiring=wiring).spikes.mean_rates())
    errors = [np.std(each, axis=0, ddof=1) / np.sqrt(len(each)) for each in (ours, theirs)]
    z = (np.mean(ours, axis=0) - theirs.mean(axis=0)) / np.hypot(*errors)
    assert np.abs(z).max() < 3.5  # of eight normal numbers: 0.4 %
