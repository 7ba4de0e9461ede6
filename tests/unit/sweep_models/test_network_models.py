"""Sweeps over any network: its own keys vary, and a point shows what the chain shows."""

from typing import Any

import numpy as np
import pytest

from cortex.config.presets import read_preset
from cortex.errors import SimulationError
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.networks.case import case_of
from cortex.params.description.overrides import deep_merge
from cortex.params.sweep import SweepParams
from cortex.spiking.simulation import draw_wiring, simulate
from cortex.steps.predict import POOLED, predict
from cortex.sweep.plan import plan_sweep
from cortex.sweep.problems import sweep_problems
from cortex.sweep.run import evaluate_point, sound_arrays, sound_values
from cortex.sweep_models.lfp_proxies import LFP_PROXIES
from cortex.sweep_models.network import NETWORK, NETWORK_THEORY
from cortex.sweep_models.registry import MODELS

CELLS = {"size": 200, "tau_m_ms": 20.0, "tau_ref_ms": 2.0, "V_th_mV": 20.0, "V_reset_mV": 10.0}
OWN = {
    "populations": {"E": CELLS, "PV": {"like": "E", "size": 40}, "SST": {"like": "E", "size": 40}},
    "projections": {
        "from_E": {"source": "E", "target": "all", "in_degree": 20, "J_mV": 0.2},
        "from_PV": {"source": "PV", "target": "all", "in_degree": 4, "J_mV": -0.2},
        "from_SST": {"source": "SST", "target": "E", "in_degree": 4, "J_mV": -0.2, "times": ["g"]},
    },
    "factors": {"g": 5.0},
    "drive": {"background": {"target": "all", "rate_Hz": 9500.0, "J_mV": 0.1}},
    "simulation": {"dt_ms": 0.1, "warm_up_s": 0.1, "duration_s": 0.6, "precision": "float64"},
    "analysis": {"segment_ms": 256.0},
}
for each in OWN["projections"].values():  # type: ignore[attr-defined]
    each |= {"delay_ms": 1.5, "receptor": "delta"}
OWN["drive"]["background"]["receptor"] = "delta"
STUDY = {"seed": 1, "networks": {"own": OWN}}
JUDGED = {
    "variants": {"apical": {}, "everywhere": {"ampa_from_um": -150.0}},
    "lowest_um": -400.0,
    "highest_um": 600.0,
    "n_depths": 3,
    "longest_delay_ms": 2.0,
    "delay_step_ms": 1.0,
    "smallest_alpha": 0.5,
    "largest_alpha": 2.0,
    "n_alphas": 5,
    "discard_ms": 50.0,
}
TIED = {"inhibition": {"projections.from_PV.J_mV": [-0.2, -0.4], "g": [5.0, 8.0]}}


def plan(model, **keys):
    sweep = SweepParams.from_config({"model": model.name, "network": "own", **keys})
    assert sweep_problems("s", sweep, STUDY, models=MODELS) == []
    base = model.base_config(STUDY, sweep)
    return plan_sweep("s", sweep, model, base=base, seed=1, code="c").points


def test_a_point_shows_what_its_spikes_show_and_what_theory_says():
    (point,) = plan(NETWORK)
    params = NETWORK.block.from_config(point.params)
    found = NETWORK.function()(params, point.seed)
    network, settings = case_of("own", params.to_config()).network, params.study.simulation  # type: ignore[attr-defined]
    wiring = draw_wiring(network, settings, seed=point.seed, rule=params.study.wiring)  # type: ignore[attr-defined]
    spikes = simulate(network, settings, seed=point.seed, wiring=wiring).spikes
    assert found["nu"] == len(spikes) / (280 * 0.6)  # by hand
    np.testing.assert_array_equal(found["populations"]["nu"], spikes.mean_rates())
    assert list(found["populations"]["population"]) == ["E", "PV", "SST"]
    nu = solve_working_point(network).nu
    np.testing.assert_array_equal(found["populations"]["nu_theory"], nu)
    assert found["nu_theory"] == pytest.approx(nu @ [200, 40, 40] / 280, rel=1e-14)
    shown = found["spectrum"]["frequency"]
    np.testing.assert_allclose(shown, np.arange(1, len(shown) + 1) / 0.256, rtol=1e-12)
    assert len(found["raster"]["time"]) > 0
    assert np.isnan(found["lfp_sd"])  # it has no lfp block
    sound_values(NETWORK, found)
    sound_arrays(NETWORK, found)


def test_power_is_compared_band_by_band_with_every_layer_that_was_asked_for():
    (plain,) = plan(NETWORK)
    (point,) = plan(NETWORK, fixed={"theory.finite_s": 0.5})
    found = NETWORK.function()(NETWORK.block.from_config(point.params), point.seed)
    bands, f = found["bands"], found["spectrum"]["frequency"]
    for low, high, ratio in zip(bands["low"], bands["high"], bands["power_ratio"], strict=True):
        told = seen = 0.0
        for i, at in enumerate(f):  # by hand, bin by bin
            if low <= at < high:
                told += found["spectrum"]["power_theory"][i]
                seen += found["spectrum"]["power"][i]
        assert ratio == pytest.approx(told / seen, rel=1e-12)
    case = case_of("own", NETWORK.block.from_config(point.params).to_config())
    finite = predict(case, ["finite"])[0]["finite"]
    own = (finite["population"] == POOLED) & (finite["frequency"] > 0.0)
    assert np.all(np.isfinite(finite["power"][own]))
    inside = (f >= 20.0) & (f < 100.0)
    expected = finite["power"][own][inside].sum() / found["spectrum"]["power"][inside].sum()
    assert bands["power_ratio_finite"][1] == pytest.approx(expected, rel=1e-12)
    assert "finite_s" not in plain.params["theory"]  # what is not asked for moves no seed


def test_theory_alone_says_what_it_says_beside_a_simulation():
    (beside,), (alone,) = plan(NETWORK), plan(NETWORK_THEORY)
    told = NETWORK.function()(NETWORK.block.from_config(beside.params), beside.seed)
    found = NETWORK_THEORY.function()(NETWORK_THEORY.block.from_config(alone.params), 0)
    for name in ("nu", "cv", "regime"):
        assert found[name] == told[f"{name}_theory"]
    for name in ("growth", "frequency"):
        np.testing.assert_equal(found[name], told[name])
    own = np.searchsorted(found["spectrum"]["frequency"], told["spectrum"]["frequency"])
    power = found["spectrum"]["power"][own]
    np.testing.assert_array_equal(power, told["spectrum"]["power_theory"])


def test_tied_keys_of_projections_and_factors_reach_the_network():
    points = {point.varied["g"]: point for point in plan(NETWORK_THEORY, tied=TIED)}
    for g, J in ((5.0, -0.2e-3), (8.0, -0.4e-3)):
        network = NETWORK_THEORY.block.from_config(points[g].params).model.network()  # type: ignore[attr-defined]
        assert network.synapses.J[0, 1] == pytest.approx(J, rel=1e-12)
        assert network.synapses.J[0, 2] == pytest.approx(-0.2e-3 * g, rel=1e-12)
        assert network.synapses.in_degrees[1, 2] == 0.0


@pytest.mark.parametrize("depth", ["working_point", "rates", "modes"])
def test_theory_goes_as_far_as_asked(depth):
    (point,) = plan(NETWORK_THEORY, fixed={"theory.depth": depth})
    found = NETWORK_THEORY.function()(NETWORK_THEORY.block.from_config(point.params), 0)
    assert found["nu"] > 0.0
    assert found["spectrum"]["frequency"].size == 0
    assert (found["regime"] == "undetermined") == (depth != "modes")
    assert np.isnan(found["nu_sd"]) == (depth == "working_point")
    assert (found["unmet"] == "undetermined") == (depth == "working_point")
    sound_values(NETWORK_THEORY, found)


def test_the_working_point_alone_is_that_of_all_theory():
    found = []
    for depth in ("working_point", "spectra"):
        (point,) = plan(NETWORK_THEORY, fixed={"theory.depth": depth})
        found.append(NETWORK_THEORY.function()(NETWORK_THEORY.block.from_config(point.params), 0))
    for name in ("nu", "cv"):
        assert found[0][name] == found[1][name]


def test_what_is_only_simulated_or_shown_is_no_parameter_of_theory():
    (point,) = plan(NETWORK_THEORY)
    assert {"populations", "theory", "analysis", "wiring"} <= point.params.keys()
    assert not {"simulation", "excerpt", "seeds", "title"} & point.params.keys()


def test_where_theory_refuses_the_simulation_stands_alone(monkeypatch):
    (point,) = plan(NETWORK, fixed={"theory.depth": "rates"})
    refusal: Any = ({}, {"rates": "no working point"})
    monkeypatch.setattr("cortex.sweep_models.network_run.predict", lambda *_: refusal)
    record, arrays = evaluate_point(point, NETWORK, NETWORK.function(), retries=0)
    assert record["values"]["nu"] > 0.0
    assert np.isnan(record["values"]["nu_theory"])
    assert np.isnan(arrays["populations"]["nu_theory"]).all()
    (alone,) = plan(NETWORK_THEORY)
    with pytest.raises(SimulationError, match="no working point"):
        NETWORK_THEORY.function()(NETWORK_THEORY.block.from_config(alone.params), 0)


def test_in_a_plane_the_points_without_a_bounded_state_are_marked_and_the_rest_computed():
    """J (K_E - g K_I) reaches V_th - V_reset at g = 3.6, where nothing bounds the rates."""
    brunel = deep_merge(read_preset("brunel"), {"neuron": {"tau_ref_ms": 0.0}})
    study = {"seed": 1, "networks": {"brunel": brunel}}
    keys = {"fixed": {"nu_ext_ratio": 2.0, "theory.depth": "rates"}, "state": "C"}
    axis = {"vary": {"g": [3.0, 3.9, 4.2, 5.0]}, "observables": ["nu"]}
    sweep = SweepParams.from_config(
        {"model": "network_theory", "network": "brunel", **keys, **axis}
    )
    base = NETWORK_THEORY.base_config(study, sweep)
    points = plan_sweep("s", sweep, NETWORK_THEORY, base=base, seed=1, code="c").points
    found = [
        evaluate_point(p, NETWORK_THEORY, NETWORK_THEORY.function(), retries=0)[0] for p in points
    ]
    lost = [record for record in found if "error" in record]
    assert [record["params"]["g"] for record in lost] == [3.0]
    assert "the rates run away" in lost[0]["error"]
    rates = {r["params"]["g"]: r["values"]["nu"] for r in found if "values" in r}
    # stated with three decimals
    assert rates == pytest.approx({3.9: 180.764, 4.2: 90.488, 5.0: 39.067}, abs=5e-4)


@pytest.mark.filterwarnings("ignore::cortex.errors.RegimeWarning")  # a small, quiet network
def test_proxies_of_any_network_with_an_lfp_are_judged_placement_by_placement():
    lfp = {"lfp": {"targets": ["E"], "synapses": {"capacitance_pF": 200.0}}}
    study = {**STUDY, "networks": {"own": {**OWN, **lfp}}, "lfp": {"ground_truth": JUDGED}}
    sweep = SweepParams(model="lfp_proxies", network="own", fixed={"precision": "float32"})
    assert sweep_problems("s", sweep, study, models=MODELS) == []
    model, base = LFP_PROXIES, LFP_PROXIES.base_config(study, sweep)
    (point,) = plan_sweep("s", sweep, model, base=base, seed=1, code="c").points
    found = model.function()(model.block.from_config(point.params), point.seed)
    sound_values(model, found)
    judged = sound_arrays(model, found)["proxies"]
    whole = {(v, p) for v in JUDGED["variants"] for p in judged["proxy"]}  # type: ignore[attr-defined]
    assert {*zip(judged["variant"], judged["proxy"], strict=True)} == whole
    best = {v: judged["r_squared"][judged["variant"] == v].max() for v in JUDGED["variants"]}  # type: ignore[attr-defined]
    assert all(0.0 < value <= 1.0 for value in best.values())
    said = sweep_problems("s", sweep, {**study, **STUDY}, models=MODELS)
    assert "a network with an `lfp:` block" in said[0]


def test_the_only_network_of_a_study_need_not_be_named():
    named, unnamed = (SweepParams(model="network", network=name) for name in ("own", ""))
    assert NETWORK.base_config(STUDY, unnamed) == NETWORK.base_config(STUDY, named)
    two = {**STUDY, "networks": {"own": OWN, "other": OWN}}
    (problem,) = sweep_problems("s", unnamed, two, models=MODELS)
    assert "network = '': unknown network" in problem


def test_a_window_that_does_not_fit_the_recording_is_said_before_any_job():
    short = SweepParams(model="network", network="own", fixed={"simulation.duration_s": 0.2})
    segment, excerpt = sweep_problems("s", short, STUDY, models=MODELS)
    assert "sweeps.s.simulation.duration_s = 0.2 s is too short for" in segment
    assert "sweeps.s.excerpt.duration_s = 0.2 s from" in excerpt
