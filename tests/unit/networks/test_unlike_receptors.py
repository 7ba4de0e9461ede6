"""Networks in a file whose receptors are unlike: theory of the LFP demonstration network."""

import copy

import numpy as np
import pytest

from cortex.meanfield import solve_working_point
from cortex.networks.case import case_of
from cortex.networks.wanted import find_drive
from cortex.steps.predict import predict

BLOCK = {
    "title": "AMPA and GABA",
    "populations": {
        "E": {
            "size": 800,
            "tau_m_ms": 20.0,
            "tau_ref_ms": 2.0,
            "V_th_mV": 20.0,
            "V_reset_mV": 10.0,
        },
        "I": {"like": "E", "size": 200},
    },
    "receptors": {"ampa": {"tau_s_ms": 2.0}, "gaba": {"tau_s_ms": 5.0}},
    "projections": {
        "from_E": {
            "source": "E",
            "target": "all",
            "in_degree": 80,
            "J_mV": 0.14,
            "delay_ms": 1.5,
            "receptor": "ampa",
        },
        "from_I": {
            "source": "I",
            "target": "all",
            "in_degree": 20,
            "J_mV": -0.35,
            "delay_ms": 1.5,
            "receptor": "gaba",
        },
    },
    "drive": {"background": {"target": "all", "rate_Hz": 9200.0, "J_mV": 0.1, "receptor": "ampa"}},
    "simulation": {"dt_ms": 0.1, "warm_up_s": 0.2, "duration_s": 4.0, "precision": "float64"},
    "seeds": 1,
    "analysis": {
        "rate_bin_ms": 0.5,
        "segment_ms": 256.0,
        "max_frequency_Hz": 500.0,
        "settle_ms": 60.0,
    },
    "excerpt": {"start_s": 0.1},
}


def with_method(method):
    """Return the block with a treatment of coloured noise."""
    return copy.deepcopy(BLOCK) | {"theory": {"method": method}}


@pytest.mark.filterwarnings("ignore:tau_s / tau_m reaches")
def test_predictions_hold_each_receptor_unless_a_file_names_another_method():
    tables, refused = predict(case_of("mine", copy.deepcopy(BLOCK)))
    spectral = {"modes", "spectra", "eigenvalues", "sensitivity"}
    elastic = {"rate_elasticities", "mode_elasticities"}
    assert set(tables) == {"rates", "neurons", "verdict"} | spectral | elastic
    assert list(refused) == ["response"]
    assert "no single filter" in refused["response"]
    rates = {
        method: predict(case_of("mine", with_method(method)))[0]["rates"]["nu"]
        for method in ("auto", "nodes", "shift")
    }
    assert np.array_equal(rates["auto"], tables["rates"]["nu"])
    assert np.array_equal(rates["auto"], rates["nodes"])
    # one effective time constant, 3 % too low at receptors 2.5 times apart
    assert 0.9 < rates["shift"][0] / rates["nodes"][0] < 0.99


def test_the_drive_of_wanted_rates_is_found_with_each_receptor():
    network = case_of("mine", copy.deepcopy(BLOCK)).network
    found = find_drive(network, {("E", 0): 5.0, ("I", 0): 7.0})
    assert solve_working_point(found).nu == pytest.approx([5.0, 7.0], rel=1e-4)
    alone = find_drive(network, {("E", 0): 5.0})
    nu = solve_working_point(alone).nu
    assert nu[0] == pytest.approx(5.0, rel=1e-4)
    assert alone.drive.rate[1, 0] == network.drive.rate[1, 0]
