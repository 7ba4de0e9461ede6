"""Recorded spikes as an input population: theory takes their rate, simulation their times."""

import numpy as np
import pytest

import cortex
from cortex.config.presets import complete
from cortex.config.recorded import with_recorded
from cortex.errors import ConfigError, CortexError, ParameterError, TableError
from cortex.io.recorded import spikes_of
from cortex.networks.case import read_case
from cortex.networks.recorded import recorded_events, without_recorded
from cortex.params.description.overrides import deep_merge
from cortex.spiking import Inputs
from cortex.spiking import simulate as run_network
from cortex.spiking.simulation import draw_wiring
from cortex.steps import simulate as simulation

N, RATE, DURATION = 50, 40.0, 1.1
BLOCK = {
    "populations": {
        "E": {
            "size": 40, "tau_m_ms": 20.0, "tau_ref_ms": 2.0, "V_th_mV": 20.0, "V_reset_mV": 10.0
        },
        "I": {"like": "E", "size": 20},
    },
    "projections": {
        "own": {"source": "I", "target": "all", "in_degree": 5, "J_mV": -0.2, "delay_ms": 1.5,
                "receptor": "delta"}
    },
    "drive": {
        "outside": {
            "target": "all", "n_sources": 20, "J_mV": 1.5, "receptor": "delta",
            "recording": {"file": "outside.csv", "delay_ms": 1.0, "stop_s": DURATION,
                          "populations": {"pyr": N}},
        },
        "current": {"target": "E", "mu_mV": 1.0},
    },
    "simulation": {"dt_ms": 0.1, "warm_up_s": 0.1, "duration_s": 1.0, "precision": "float64"},
    "seeds": 1,
}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Be in a folder with a recording of N Poisson neurons."""
    monkeypatch.chdir(tmp_path)
    write("outside.csv", RATE)
    return tmp_path


def write(name, rate):
    rng = np.random.default_rng(4)
    n = rng.poisson(N * rate * DURATION)
    times = np.sort(rng.uniform(0.0, 1e3 * DURATION, n))
    rows = np.column_stack([times, rng.integers(0, N, n)])
    np.savetxt(name, rows, "%.4f,%d", header="time_ms,neuron", comments="")
    return n


def mine(state="default", **keys):
    return read_case("mine", with_recorded("mine", deep_merge(BLOCK, keys)), state)


def test_theory_takes_the_mean_rate_of_the_file(folder):
    n = len((folder / "outside.csv").read_text().splitlines()) - 1
    drive = mine().network.drive
    # 20 of the recorded neurons for every target, whose mean rate is n spikes / N neurons / time
    np.testing.assert_allclose(drive.rate[:, 0], 20.0 * n / N / DURATION, rtol=1e-12)


def test_every_target_hears_so_many_distinct_recorded_neurons_with_its_weight_and_delay():
    case = mine()
    spikes = spikes_of(case)
    events = recorded_events(case, spikes, seed=3)
    outside = spikes["outside"]
    of_neuron = [outside.steps[outside.neurons == k] for k in range(N)]
    for target in (0, 39, 40, 59):
        arrived = np.sort(events.steps[events.targets == target])
        # a spike found in step k of a run (counted from 0) acts k + 1 + delay steps on
        heard = [k for k in range(N) if np.isin(of_neuron[k] + 1 + 10, arrived).all()]
        assert len(heard) == 20
        sent = np.sort(np.concatenate([of_neuron[k] for k in heard]) + 1 + 10)
        np.testing.assert_array_equal(arrived, sent)
    np.testing.assert_allclose(events.weights, 1.5e-3, rtol=1e-12)


def test_the_run_is_that_of_explicit_events_and_no_other_input():
    case = mine()
    spikes = cortex.simulate(case, seed=7)
    own, network = case.run_seed(7, 0), without_recorded(case)
    assert not network.drive.rate.any()
    events = recorded_events(case, spikes_of(case), seed=own)
    again = run_network(
        network, case.study.simulation, seed=own,
        wiring=draw_wiring(network, case.study.simulation, seed=own, inputs=Inputs(events=events)),
        inputs=Inputs(events=events),
    ).spikes  # fmt: skip
    assert len(spikes) > 100
    np.testing.assert_array_equal(spikes.steps, again.steps)
    np.testing.assert_array_equal(spikes.neurons, again.neurons)


def test_rates_meet_theory():
    many = {"populations": {"E": {"size": 400}, "I": {"size": 400}}}
    case = mine(**many)
    rates = cortex.simulate(case, seed=1).mean_rates()
    told = cortex.working_point(case)["nu"]
    # one recording of 1.1 s: its rate is exact, its fluctuations shared by all targets, of which
    # each hears 880 spikes; noise of finite jumps adds some per cent
    np.testing.assert_allclose(rates, told, rtol=0.12)
    half = mine(**many, drive={"outside": {"n_sources": 10}})
    assert np.all(cortex.simulate(half, seed=1).mean_rates() < 0.6 * told)


def test_states_may_name_another_file():
    write("weak.csv", 10.0)
    states = {"strong": {}, "weak": {"drive.outside.recording.file": "weak.csv"}}
    strong, weak = (mine(state, states=states) for state in states)
    ratio = weak.network.drive.rate[0, 0] / strong.network.drive.rate[0, 0]
    assert 0.2 < ratio < 0.3
    assert len(spikes_of(weak)["outside"]) < 0.3 * len(spikes_of(strong)["outside"])


def test_a_file_that_has_changed_since_is_refused():
    case = mine()
    write("outside.csv", 2 * RATE)
    with pytest.raises(TableError, match=r"not the spikes that drive\.outside was read with"):
        cortex.simulate(case)


@pytest.mark.parametrize(
    ("keys", "error", "said"),
    [
        ({"recording": {"file": "none.csv"}}, ConfigError, r"outside\.recording: none\.csv"),
        ({"n_sources": 60}, ParameterError, r"60 distinct recorded neurons, there are 50"),
        ({"recording": {"stop_s": 1.2, "delay_ms": 0.05}}, ParameterError, "delay"),
        ({"rate_per_source_Hz": 3.0}, ParameterError, "takes no rate_per_source_Hz"),
        ({"n_sources": None, "rate_Hz": 3.0}, ParameterError, "needs n_sources"),
    ],
)
def test_what_cannot_be_meant_is_refused(keys, error, said):
    with pytest.raises(error, match=said):
        cortex.simulate(mine(drive={"outside": keys}))


def test_a_recording_shorter_than_the_run_is_refused():
    with pytest.raises(ParameterError, match=r"lasts 1\.1 s, the network 2\.1 s"):
        cortex.simulate(mine(simulation={"duration_s": 2.0}))


def test_spikes_act_through_a_receptor_that_the_network_has():
    slow = {"receptors": {"slow": {"tau_s_ms": 5.0}, "fast": {"tau_s_ms": 1.0}}}
    other = {
        "projections": {"own": {"receptor": "fast"}},
        "drive": {"outside": {"receptor": "slow"}},
    }
    with pytest.raises(ParameterError, match=r"tau_s = 1 ms, not one of 5 ms"):
        cortex.simulate(mine(**slow, **other))


def test_the_step_says_how_to_give_the_spikes():
    with pytest.raises(ParameterError, match=r"recorded=cortex\.io\.recorded\.spikes_of"):
        simulation.simulate(mine(), seed=1)


def test_a_configuration_holds_what_the_file_says():
    config = complete({"seed": 1, **BLOCK}, "mine")
    filled = config["networks"]["mine"]["drive"]["outside"]["recording"]
    assert len(filled["digest"]) == 64
    assert filled["mean_rate_Hz"] == pytest.approx(RATE, rel=0.1)
    with pytest.raises(CortexError):
        complete({"seed": 1, **deep_merge(BLOCK, {"drive": {"outside": {"recording": {
            "file": "nothing.csv"}}}})}, "mine")  # fmt: skip
