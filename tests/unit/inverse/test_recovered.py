"""Recordings whose keys are known: gathered from the tables of a sweep, and told apart."""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest

from cortex.claims.inference import recovered as says
from cortex.inverse.summaries import DATA, Seen, banded, edges, names_of
from cortex.io.schemas.inference import DRAWS, RECOVERED
from cortex.networks.case import case_of
from cortex.plots.inference import draw_recovered
from cortex.steps.infer import gathered, recover

FREE = [{"key": "g", "low": 4.0, "high": 8.0}, {"key": "J_mV", "low": 0.1, "high": 0.3}]
BLOCK = {
    "model": "brunel",
    "neuron": {"tau_m_ms": 20.0, "tau_ref_ms": 2.0, "V_th_mV": 20.0, "V_reset_mV": 10.0},
    "n_exc": 80, "n_inh": 20, "in_degree_exc": 10, "in_degree_inh": 5,
    "J_mV": 0.2, "g": 5.0, "nu_ext_ratio": 2.0, "delay_ms": 1.5,
    "simulation": {"dt_ms": 0.1, "warm_up_s": 0.1, "duration_s": 2.0, "precision": "float32"},
    "free": FREE,
}  # fmt: skip
CASE = case_of("brunel", BLOCK)
F = np.arange(2.0, 500.0, 2.0)
SD = 0.05


def tables(n, rng):
    """Return a sweep whose power is a power law: level and slope are linear in the two keys."""
    x = rng.uniform(-1.0, 1.0, (n, 2))
    keys = np.array([6.0, 0.2e-3]) + x * [2.0, 0.1e-3]
    level = x[:, :1] + SD * rng.standard_normal((n, 1))
    slope = x[:, 1:] + SD * rng.standard_normal((n, 1))
    noise = 0.02 * rng.standard_normal((n, len(F)))
    power = np.exp(level + slope * np.log(F / 50.0) + noise)
    at = {"g": keys[:, 0], "J": keys[:, 1]}
    spectrum = {name: np.repeat(values, len(F)) for name, values in at.items()}
    spectrum |= {"frequency": np.tile(F, n), "lfp_power": power.ravel()}
    cells = {name: np.repeat(values, 2) for name, values in at.items()}
    cells |= {"nu": np.tile([10.0, 20.0], n), "cv": np.ones(2 * n)}
    points = {**at, "correlation": np.zeros(n)}
    return {"points": points, "populations": cells, "lfp_spectrum": spectrum}, keys * [1.0, 1e3]


def test_a_recording_is_as_many_numbers_as_it_has_names_whatever_it_is():
    bins = CASE.study.analysis
    power = F**-1.0
    for data in DATA:
        bands = banded({"frequency": F, "power": power}, "power", bins, data)
        inside = [(low <= F) & (high > F) for low, high in pairwise(edges(bins, data))]
        assert np.exp(bands) == pytest.approx([power[own].mean() for own in inside])
        seen = Seen(
            sizes=np.array([80.0, 20.0]),
            nu=np.array([10.0, 20.0]),
            cv=np.array([0.8, 0.9]),
            correlation=0.01,
            bands=bands,
        )
        found = seen.summaries(data)
        assert len(found) == len(names_of(("E", "I"), bins, data))
        if data == "rate":  # of all neurons, 80 of 10 Hz and 20 of 20 Hz
            assert np.exp(found[0]) == pytest.approx(12.0)


def test_the_bands_of_an_lfp_keep_most_of_what_the_depth_of_its_notches_tells():
    # oracle: information of a Gaussian signal, T times the integral of (change of log S)^2 over
    # frequency (Whittle), for S = |1 - r exp(-2 pi i f d)|^2, one part of currents 6 ms after the
    # other. Bands of log S with variance 1 / (T width) keep the sum of (change)^2 width of it.
    bins, f = CASE.study.analysis, np.arange(2.0, 500.0, 0.1)

    def kept(data):
        ends = edges(bins, data)
        own = (f >= ends[0]) & (f < ends[-1])
        less, more = (np.abs(1.0 - r * np.exp(-2j * np.pi * f * 6e-3)) ** 2 for r in (0.7, 0.72))
        whole = np.sum(np.log(more / less)[own] ** 2) * 0.1
        first, second = (
            banded({"frequency": f, "power": power}, "power", bins, data) for power in (less, more)
        )
        return np.sum((second - first) ** 2 * np.diff(ends)) / whole

    # 65 %; eight bands evenly in logarithms, which do for rates, keep 31 % of it
    assert kept("lfp") > 0.6
    assert kept("rate") < 0.35


def test_keys_and_summaries_of_a_sweep_come_back_in_their_units_and_a_failed_point_as_nan():
    made, keys = tables(5, np.random.default_rng(1))
    first = made["populations"]["g"] == made["points"]["g"][0]
    made["populations"] = {name: v[~first] for name, v in made["populations"].items()}
    found, summaries = gathered(CASE, made, "lfp")
    assert found == pytest.approx(keys)
    assert np.isnan(summaries[0]).all()
    assert np.isfinite(summaries[1:]).all()


@pytest.fixture(scope="module")
def found():
    rng = np.random.default_rng(2)
    prior, recordings = tables(120, rng)[0], tables(60, rng)[0]
    return recover("brunel", BLOCK, prior, recordings, "lfp", seed=3), recordings


def test_intervals_hold_the_keys_of_recordings_that_taught_nothing(found):
    (rows, draws), recordings = found
    assert rows.keys() == RECOVERED.columns.keys()
    assert draws.keys() == DRAWS.columns.keys()
    g = rows["key"] == "g"
    assert rows["truth"][g] == pytest.approx(recordings["points"]["g"])
    # noise of 0.05 in units of half the prior, 2: median error 0.674 deviations, and three standard
    # errors of a median of 60, 0.5 / (sqrt(60) 0.636) deviations each
    assert np.median(np.abs(rows["middle"] - rows["truth"])[g]) < 0.1 * (0.674 + 3.0 * 0.1015)
    for key in ("g", "J_mV"):
        own = rows["key"] == key
        inside = (rows["low"] < rows["truth"]) & (rows["truth"] < rows["high"])
        assert np.mean(inside[own]) > 0.9 - 3.0 * np.sqrt(0.09 / 60.0)


def test_what_is_said_of_them_follows_from_the_table(found):
    rows, draws = found[0]
    facts = says(rows, draws)
    assert facts["n"] == "60"
    # oracle: two deviations of a binomial share, sqrt(0.09 / 60), which are 84 to 96 % for 100
    assert str(facts["covered"]) == "82 to 98 %"
    assert facts["lfp_near"]
    assert facts["lfp_even"]
    # oracle: every median a tenth off, and intervals that hold none of the truths
    off = {**rows, "middle": 1.1 * rows["truth"], "low": 1.05 * rows["truth"]}
    wrong = says({**off, "rank": np.zeros(len(rows["rank"]))}, draws)
    assert not wrong["lfp_near"]
    assert not wrong["lfp_covered"]
    assert not wrong["lfp_even"]
    assert "g 10.00 ± 0.00 %" in str(wrong["lfp_errors"])
    assert str(wrong["lfp_inside"]).startswith("0")
    figure = draw_recovered(rows, draws)
    assert len(figure.axes) == 8
    assert [figure.axes[k].get_xlabel() for k in (0, 4)] == ["true g", "true J (mV)"]
    plt.close(figure)


def test_the_error_of_a_median_is_that_of_many_draws():
    # oracle: errors of deviation 1 have their median at 0.674, with the standard error
    # 0.5 / (sqrt(n) 0.636), 1.6 % for 2500; told from one draw it is known to a tenth or two
    n, rng = 2500, np.random.default_rng(6)
    rows = {name: np.zeros(n) for name in ("low", "high")} | {"truth": np.ones(n)}
    rows |= {name: np.full(n, name[-1], dtype=object) for name in ("key", "data")}
    rows |= {"middle": 1.0 + rng.standard_normal(n), "recording": np.arange(float(n))}
    text = str(says(rows | {"rank": rng.uniform(size=n)}, {})["a_errors"])
    error, spread = text.removeprefix("y ").removesuffix(" %").split(" ± ")
    assert float(error) == pytest.approx(67.4, abs=3.0 * 1.6)
    assert float(spread) == pytest.approx(1.6, abs=0.5)


@pytest.mark.parametrize(("n", "least"), [(100, 84), (20, 16)])
def test_intervals_that_hold_fewer_truths_than_chance_allows_are_said_to(n, least):
    # oracle: the counts asked for, 84 to 96 of 100 and at least 16 of 20
    rank = (np.arange(n) + 0.5) / n
    for inside, holds in ((least, True), (least - 1, False)):
        ends = np.where(np.arange(n) < inside, 0.9, 1.1), np.full(n, 1.2)
        rows = dict(zip(("low", "high"), ends, strict=True)) | {"truth": np.ones(n)}
        rows |= {name: np.full(n, name[-1], dtype=object) for name in ("key", "data")}
        rows |= {"middle": np.ones(n), "recording": np.arange(float(n)), "rank": rank}
        assert says(rows, {})["a_covered"] is holds


def test_recordings_of_the_prior_itself_are_each_told_once_by_what_the_others_teach():
    made = tables(50, np.random.default_rng(4))[0]
    rows, _ = recover("brunel", BLOCK, made, None, "lfp", seed=5)
    g = rows["key"] == "g"
    assert sorted(rows["truth"][g]) == pytest.approx(sorted(made["points"]["g"]))
    assert sorted(rows["recording"][g]) == list(range(50))
    whole, _ = recover("brunel", BLOCK, made, made, "lfp", seed=5)
    # each fit to 40 others leaves more than one that has seen what it tells
    off, seen = (
        np.mean(np.abs(each["middle"] - each["truth"])[each["key"] == "g"])
        for each in (rows, whole)
    )
    assert seen < off < 0.2
