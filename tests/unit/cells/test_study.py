"""Rates, responses and patterns of the study of cells, on few neurons."""

import numpy as np

from cortex.params.cell_study import CurveParams, ModulationParams, PatternParams
from cortex.params.description.cells import CellSpec
from cortex.steps.cells import PATTERNS, firing_patterns, rate_curve, response_curve

MEMBRANE = {"C_pF": 200.0, "g_L_nS": 10.0, "E_L_mV": -70.0, "V_th_mV": -55.0,
            "V_reset_mV": -65.0, "tau_ref_ms": 2.0}  # fmt: skip
EIF = CellSpec(doc="").read(
    {"model": "eif", **MEMBRANE, "Delta_T_mV": 1.5, "V_peak_mV": -30.0}
)  # fmt: skip


def test_simulated_rates_are_those_of_theory_within_their_error():
    params = CurveParams.from_config(
        {"start_mV": 12.0, "stop_mV": 20.0, "num": 2, "noise_mV": 5.0, "size": 40,
         "duration_s": 1.0, "dt_ms": 0.05}
    )  # fmt: skip
    found = rate_curve(EIF, params, seed=1)
    # three standard errors, and 1 % for spikes found at the end of their step and finite jumps
    assert np.all(np.abs(found["nu_seen"] - found["nu"]) < 3.0 * found["se"] + 0.01 * found["nu"])


def test_simulated_responses_are_those_of_theory_within_their_error():
    params = ModulationParams.from_config(
        {"mean_mV": 13.0, "noise_mV": 5.0, "amplitude_mV": 0.6, "frequencies_Hz": [5.0, 40.0],
         "size": 500, "duration_s": 1.0, "dt_ms": 0.1}
    )  # fmt: skip
    found = response_curve(EIF, params, seed=1)
    told, seen = (found[f"gain{end}"] * np.exp(1j * found[f"phase{end}"]) for end in ("", "_seen"))
    simulated = np.isfinite(found["se"])
    assert found["frequency"][simulated].tolist() == [5.0, 40.0]
    assert np.all(found["se"][simulated] < 0.3 * found["gain"][0])
    assert np.all((np.abs(told - seen) < 3.0 * np.sqrt(2.0) * found["se"])[simulated])


def test_patterns_of_adex_are_those_of_its_published_corners():
    """Touboul & Brette (2008): no adaptation by spikes, none; reset beyond the onset, bursts."""
    params = PatternParams.from_config(
        {"neuron": {**MEMBRANE, "E_L_mV": -58.0, "V_th_mV": -50.0, "V_reset_mV": -58.0,
                    "tau_ref_ms": 0.0, "Delta_T_mV": 2.0, "V_peak_mV": 0.0, "tau_w_ms": 120.0,
                    "a_nS": 2.0, "b_pA": 0.0},
         "current_pA": 210.0, "lowest_reset_mV": -58.0, "highest_reset_mV": -45.0, "n_resets": 2,
         "lowest_b_pA": 0.0, "highest_b_pA": 75.0, "n_b": 2, "duration_s": 1.5, "dt_ms": 0.02}
    )  # fmt: skip
    plane, traces = firing_patterns(params)
    assert plane["pattern"].tolist() == ["tonic", "tonic", "adapting", "bursting"]
    assert set(traces["pattern"]) == {"tonic", "adapting", "bursting"} < set(PATTERNS)
    assert traces["v"].min() < -0.05 < 0.0
