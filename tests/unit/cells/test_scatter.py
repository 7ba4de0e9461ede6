"""Parameters that scatter over the neurons of a population, as network files state them."""

import numpy as np
import pytest

from cortex.errors import ParameterError
from cortex.networks.case import read_case
from cortex.params.description.scatter import draw_neurons
from cortex.rng import stream
from cortex.spiking.requests import Recorder
from cortex.steps.predict import predict
from cortex.steps.simulate import simulate_seeded

N, SEED = 5, 3
ADEX = {"model": "adex", "C_pF": 200.0, "g_L_nS": 10.0, "E_L_mV": -70.0, "V_th_mV": -52.0,
        "V_reset_mV": -60.0, "tau_ref_ms": 2.0, "Delta_T_mV": 2.0, "V_peak_mV": 0.0,
        "tau_w_ms": 150.0, "a_nS": 2.0, "b_pA": 20.0}  # fmt: skip
SCATTER = {"C_pF": 20.0, "g_L_nS": 1.0, "E_L_mV": 2.0, "V_th_mV": 1.0, "V_reset_mV": 2.0,
           "tau_ref_ms": 0.5, "Delta_T_mV": 0.2, "tau_w_ms": 20.0, "a_nS": 0.5, "b_pA": 5.0,
           "V_peak_mV": 1.0}  # fmt: skip
PLAIN = {"tau_m_ms": 20.0, "tau_ref_ms": 2.0, "E_L_mV": -70.0, "V_th_mV": -50.0,
         "V_reset_mV": -60.0, "C_pF": 200.0}  # fmt: skip
OF_PLAIN = {"tau_m_ms": 2.0, "tau_ref_ms": 0.5, "E_L_mV": 2.0, "V_th_mV": 2.0, "V_reset_mV": 2.0,
            "C_pF": 20.0}  # fmt: skip
CONDUCTANCES = {
    "receptors": {
        "ampa": {"tau_s_ms": 5.0, "E_rev_mV": 0.0},
        "gaba": {"tau_s_ms": 8.0, "tau_rise_ms": 1.0, "E_rev_mV": -80.0},
    },
    "drive": {
        "exc": {"target": "all", "rate_Hz": 2000.0, "g_nS": 0.8, "receptor": "ampa"},
        "inh": {"target": "all", "rate_Hz": 500.0, "g_nS": 1.5, "receptor": "gaba"},
        "on": {"target": "all", "current_pA": 250.0},
    },
}
CURRENTS = {
    "receptors": {"psc": {"tau_s_ms": 2.0}},
    "drive": {
        "exc": {"target": "all", "rate_Hz": 2000.0, "w_pA": 20.0, "receptor": "psc"},
        "on": {"target": "all", "current_pA": 180.0},
    },
}
SIMULATION = {"dt_ms": 0.1, "warm_up_s": 0.0, "duration_s": 0.3, "precision": "float64"}


def case(populations, block, **more):
    keys = {"populations": populations, "simulation": SIMULATION, **block, **more}
    return read_case("mine", keys, "default")


def spikes_of(each):
    run = simulate_seeded(each, SEED, record=Recorder())
    assert len(run.spikes) > 5 * N
    return run.spikes.steps, run.spikes.neurons


def on_grid(keys):
    """Return keys whose refractory period is a whole number of steps."""
    return keys | {"tau_ref_ms": round(10.0 * keys["tau_ref_ms"]) / 10.0}


def without_scatter(population):
    return {key: value for key, value in population.to_config().items() if key != "scatter"}


@pytest.mark.parametrize(("block", "spread"), [(CONDUCTANCES, SCATTER), (CURRENTS, SCATTER)])
def test_neurons_with_any_parameter_scattered_are_populations_of_one_such_neuron(block, spread):
    """Uncoupled, the neurons drawn spike as populations that state each as its own block."""
    mine = case({"E": {"size": N, "neuron": ADEX, "scatter": spread}}, block)
    population, _ = mine.scatter["E"]
    drawn = draw_neurons(population.cell, population.spread, N, stream(SEED, "scatter", "E"))
    single = {
        f"E{i}": {"size": 1, "neuron": {"model": "adex", **on_grid(each.to_config())}}
        for i, each in enumerate(drawn)
    }
    np.testing.assert_array_equal(spikes_of(mine), spikes_of(case(single, block)))


def test_plain_neurons_scatter_as_populations_of_one_neuron_each():
    mine = case({"E": {"size": N, **PLAIN, "scatter": OF_PLAIN}}, CURRENTS)
    population, _ = mine.scatter["E"]
    drawn = draw_neurons(population.cell, population.spread, N, stream(SEED, "scatter", "E"))
    single = {f"E{i}": on_grid(without_scatter(each)) | {"size": 1} for i, each in enumerate(drawn)}
    np.testing.assert_array_equal(spikes_of(mine), spikes_of(case(single, CURRENTS)))


def test_nmda_receptors_of_scattered_neurons_are_those_of_single_ones():
    """Their conductance in nS is fixed: reversal, block and share of the leak are the neuron's."""
    spread = {"C_pF": 20.0, "g_L_nS": 1.0, "E_L_mV": 2.0}
    joined = {"source": "S", "in_degree": 1, "receptor": "ampa", "g_nS": 1e-6, "delay_ms": 1.0,
              "g_nmda_nS": 5.0}  # fmt: skip
    source = {"S": {"size": 1, "neuron": ADEX | {"b_pA": 0.0}}}
    of_one = {"projections": {"up": joined | {"target": "E"}}, "wiring": {"autapses": True}}
    mine = case({"E": {"size": N, "neuron": ADEX, "scatter": spread}, **source},
                CONDUCTANCES, **of_one)  # fmt: skip
    population, _ = mine.scatter["E"]
    drawn = draw_neurons(population.cell, population.spread, N, stream(SEED, "scatter", "E"))
    single = {
        f"E{i}": {"size": 1, "neuron": {"model": "adex", **each.to_config()}}
        for i, each in enumerate(drawn)
    }
    of_each = {
        "projections": {"up": joined | {"target": list(single)}},
        "wiring": {"autapses": True},
    }
    found = spikes_of(mine)
    told = spikes_of(case({**single, **source}, CONDUCTANCES, **of_each))
    np.testing.assert_array_equal(found, told)
    silent = joined | {"target": "E", "g_nmda_nS": 0.0}
    assert len(found[0]) > len(spikes_of(case(
        {"E": {"size": N, "neuron": ADEX, "scatter": spread}, **source},
        CONDUCTANCES, projections={"up": silent}, wiring={"autapses": True}))[0])  # fmt: skip


def test_drawn_parameters_have_mean_and_spread_that_the_file_states():
    mine = case({"E": {"size": 4000, "neuron": ADEX, "scatter": {"V_th_mV": 1.5}}}, CURRENTS)
    population, _ = mine.scatter["E"]
    drawn = draw_neurons(population.cell, population.spread, 4000, stream(1, "scatter", "E"))
    values = np.array([each.V_th for each in drawn])
    # 4000 draws: standard errors of 1.6 % of the spread on the mean, 1.1 % on the spread
    assert values.mean() == pytest.approx(-52e-3, abs=4 * 1.5e-3 / 4000**0.5)
    assert values.std() == pytest.approx(1.5e-3, rel=0.045)
    assert {each.tau_w for each in drawn} == {0.15}


def test_impossible_neurons_are_drawn_anew_and_theory_says_that_it_takes_the_mean():
    wide = {"V_reset_mV": 10.0}  # a fifth lies above the onset of the spike, all stay below peak
    mine = case({"E": {"size": 50, **PLAIN, "scatter": wide}}, CURRENTS)
    population, _ = mine.scatter["E"]
    drawn = draw_neurons(population.cell, population.spread, 500, stream(1, "scatter", "E"))
    assert max(each.V_reset for each in drawn) < -50e-3
    verdict = predict(mine, ("verdict",))[0]["verdict"]
    said = verdict["sentence"][verdict["aspect"] == "scatter"]
    assert list(said) == ["E scatters 1 of its parameters: theory takes its mean neuron."]


@pytest.mark.parametrize(
    ("population", "spread", "said"),
    [
        ({"neuron": ADEX}, {"V_th": 1.0}, "the unit is missing from the key; write V_th_mV"),
        ({"neuron": ADEX}, {"size": 1.0}, "unknown key"),
        ({"neuron": ADEX}, {"V_th_mV": -1.0}, "must be a standard deviation"),
        (PLAIN, {"tau_m_ms": "2"}, "must be a standard deviation"),
        ({**PLAIN, "C_pF": None}, {"C_pF": 2.0}, "needs C_pF of the population"),
    ],
)
def test_scatter_of_nonsense_is_refused_by_key(population, spread, said):
    stated = {key: value for key, value in population.items() if value is not None}
    with pytest.raises(ParameterError, match=said):
        case({"E": {"size": N, **stated, "scatter": spread}}, {"drive": {}})


def test_a_scatter_that_leaves_no_neuron_possible_is_called_too_wide():
    wide = dict.fromkeys(("V_th_mV", "V_reset_mV", "E_L_mV"), 5000.0)
    with pytest.raises(ParameterError, match="too wide"):
        spikes_of(case({"E": {"size": N, **PLAIN, "scatter": wide}}, CURRENTS))
