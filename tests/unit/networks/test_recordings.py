"""Recorded spikes beside runs of a network: names, lengths, statistics, reasons."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from cortex.analysis import firing_rates
from cortex.errors import ParameterError
from cortex.io.recorded import read_recorded
from cortex.networks.case import case_of
from cortex.params.recording import RecordingParams
from cortex.params.study import Study
from cortex.spikes import Spikes
from cortex.steps.recorded_lfp import kernel_lfp, weighted_lfp
from cortex.steps.recordings import alike, arranged, beside, describe, view_of

DELTA = {"J_mV": 0.2, "delay_ms": 1.5, "receptor": "delta"}
NETWORK = {
    "populations": {
        "E": {"size": 8000, "tau_m_ms": 20, "tau_ref_ms": 2, "V_th_mV": 20, "V_reset_mV": 10},
        "I": {"like": "E", "size": 2000},
    },
    "projections": {"from_E": {"source": "E", "target": "all", "probability": 0.1, **DELTA}},
}


def poisson(seed, *, duration=4.0, rates=None, n=40):
    """Return Poisson trains of n neurons per population on a grid of 0.1 ms."""
    rng = np.random.default_rng(seed)
    trains = {
        name: [np.sort(rng.uniform(0, duration, rng.poisson(duration * rate))) for _ in range(n)]
        for name, rate in (rates or {"E": 5.0, "I": 12.0}).items()
    }
    return Spikes.of_trains(trains, stop=duration).on_grid(1e-4)


def params(**keys):
    return RecordingParams.from_config({"file": "mine.csv", **keys})


def test_populations_take_new_names_and_the_order_of_the_network():
    spikes = poisson(1, rates={"pv": 12.0, "sst": 8.0, "pyr": 5.0})
    order = ("E", "PV", "SST", "VIP")  # the last one is not recorded
    ours = arranged(spikes, {"pyr": "E", "pv": "PV", "sst": "SST"}, order)
    assert ours.names == order[:3]
    for old, new in (("pyr", "E"), ("pv", "PV"), ("sst", "SST")):
        np.testing.assert_array_equal(firing_rates(ours.of(new)), firing_rates(spikes.of(old)))


@pytest.mark.parametrize(
    ("rename", "said"),
    [
        ({}, r"--populations pv=E"),
        ({"PV": "I"}, "no population 'PV'"),
        ({"pv": "E", "pyr": "E"}, "a name twice"),
    ],
)
def test_names_that_the_network_does_not_have_are_refused_with_the_fix(rename, said):
    with pytest.raises(ParameterError, match=said):
        arranged(poisson(1, rates={"pv": 12.0, "pyr": 5.0}), rename, ("E", "I"))


def test_a_recording_and_its_runs_are_cut_to_the_smaller_of_both():
    data, runs = alike(poisson(1, duration=2.0, n=40), [poisson(2, n=30), poisson(3, n=50)])
    for spikes in (data, *runs):
        assert spikes.duration == pytest.approx(2.0)
        assert spikes.sizes.tolist() == [30, 30]
    whole = poisson(1, duration=2.0, n=40).of("I")
    kept = np.unique(np.linspace(0, 39, 30).astype(int))
    np.testing.assert_array_equal(firing_rates(data.of("I")), firing_rates(whole)[kept])


def test_intervals_of_means_are_those_of_student():
    spikes = poisson(1)
    table = describe(spikes, params())["statistics"]
    row = (table["population"] == "E") & (table["statistic"] == "rate")
    rates = firing_rates(spikes.of("E"))
    reach = t.interval(0.95, 39, rates.mean(), rates.std(ddof=1) / np.sqrt(40))
    # rounding of the sums alone
    assert (table["low"][row][0], table["high"][row][0]) == pytest.approx(reach, rel=1e-12)


def test_further_runs_lie_inside_the_bands_as_often_as_said():
    outside = 0
    for seed in range(0, 100, 10):
        data, *runs = (poisson(seed + i, n=20) for i in range(7))
        outside += int(beside(*alike(data, runs), None)["comparison"]["outside"].any())
    # bands of 95 % hold 93 % at least of further runs: more than 3 of 10 outside have 0.4 %
    assert outside <= 3


def test_another_rate_is_named_first():
    runs = [poisson(seed) for seed in range(2, 8)]
    faster = beside(*alike(poisson(1, rates={"E": 9.0, "I": 12.0}), runs), None)
    assert faster["findings"]["sentence"][0].startswith("E: rate ")
    outside = faster["comparison"]["outside"]
    assert outside[faster["comparison"]["statistic"] == "rate"].tolist() == [True, False]


def test_what_theory_says_stands_beside_data_and_simulation():
    told = {
        "population": np.array(["E", "I"], dtype=object),
        "nu": np.array([5.5, 11.0]),
        "cv": np.array([0.9, 0.8]),
    }
    table = beside(*alike(poisson(1), [poisson(2)]), told)["comparison"]
    known = np.isfinite(table["theory"])
    assert table["theory"][known].tolist() == [5.5, 0.9, 11.0, 0.8]
    assert set(table["statistic"][known]) == {"rate", "cv"}
    assert np.isnan(table["band"]).all()  # one run has no band


def test_a_network_that_is_not_simulated_is_refused():
    with pytest.raises(ParameterError, match="seeds: 0"):
        alike(poisson(1), [])


def test_recordings_that_are_too_short_say_for_what():
    with pytest.raises(ParameterError, match=r"too short for analysis.segment_ms"):
        view_of(poisson(1, duration=0.4), params())


def test_the_lfp_of_a_few_recorded_neurons_has_the_level_of_all():
    case = case_of("mine", {**NETWORK, "drive": {"x": {"target": "all", "mu_mV": 1.0}}})
    signal = [
        weighted_lfp(case, poisson(1, duration=8.0, n=n), params())["traces"]["lfp"].std()
        for n in (10, 1000)
    ]
    # fluctuations fall with the root of the numbers of neurons, a tenth here, known to 1/sqrt(100)
    assert signal[0] / signal[1] == pytest.approx(10.0, rel=0.5)
    assert weighted_lfp(case, poisson(1).of("E"), params()) == {}


@pytest.mark.parametrize(("name", "microvolt", "width"), [("E", 0.48, 3.15e-3), ("I", 3.0, 2.1e-3)])
def test_without_weights_each_spike_adds_its_published_unitary_lfp(name, microvolt, width):
    spikes = Spikes.of_trains({name: [[0.1]]}, stop=1.0).on_grid(1e-4)
    shown = kernel_lfp(spikes, params())["traces"]
    # closed form: one neuron lies at sqrt(1/2) of the disc, whose radius is the decay length; less
    # its mean over the second, bins of 0.5 ms
    x = 0.2e-3 * np.sqrt(0.5)
    when = 0.1 + 10.4e-3 + x / 0.2 - 0.1  # the excerpt begins behind the settling, 100 ms
    shape = np.exp(-((shown["time"] - when) ** 2) / (2 * width**2))
    wave = microvolt * 1e-6 * np.exp(-np.sqrt(0.5)) * shape
    np.testing.assert_allclose(shown["lfp"], wave - wave.sum() / 2000, atol=1e-4 * wave.max())


def test_a_file_is_read_on_its_grid_under_the_names_wanted(tmp_path):
    path = tmp_path / "mine.csv"
    rows = {"time_ms": [1.0, 2.0, 900.0], "neuron": [0, 1, 0], "population": ["a", "b", "a"]}
    pd.DataFrame(rows).to_csv(path, index=False)
    spikes = read_recorded(params(file=str(path), rename={"a": "E", "b": "I"}, dt_ms=0.5))
    assert spikes.names == ("E", "I")
    assert spikes.steps.tolist() == [1, 3, 1799]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"network": "yours"}, r"recordings.r.network = 'yours' is no network; there are: mine"),
        (
            {"network": "mine", "state": "C"},
            r"recordings.r.state = 'C' is no state of network",
        ),
    ],
)
def test_a_recording_is_held_against_what_is_there(keys, said):
    drive = {"drive": {"x": {"target": "all", "mu_mV": 1.0}}}
    study = {"seed": 1, "networks": {"mine": {**NETWORK, **drive}}}
    with pytest.raises(ParameterError, match=said):
        Study.from_config({**study, "recordings": {"r": {"file": "a.csv", **keys}}})
