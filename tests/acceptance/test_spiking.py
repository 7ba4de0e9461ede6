"""The acceptance numbers of ring and microcircuit are taken from their tables as said."""

import numpy as np
import pytest
from checks import judge, read_checks
from spiking import measure_circuit, measure_ring

POPULATIONS = ("23E", "23I", "4E", "4I", "5E", "5I", "6E", "6I")


def text(*values):
    return np.array(values, dtype=object)


def measured(case="g6"):
    states = text("g5", "g5", case)
    observed = {"state": states, "nu": np.array([67.0, 68.0, 72.0])}
    waves = {
        "state": states,
        "population": text("E", "E", "E"),
        "wave_number": np.array([3, 3, 3]),
        "wave_frequency": np.array([201.0, 203.0, 204.0]),
    }
    modes = {
        "state": states,
        "wave_number": np.array([2, 3, 3]),
        "growth": np.array([np.nan, 74.0, 147.0]),
        "frequency": np.array([195.0, 200.0, 203.6]),
    }
    still = {"state": case, "wave_number": 11, "growth": 13.6, "frequency": 0.0}
    modes = {name: np.append(values, still[name]) for name, values in modes.items()}
    space_time = {
        "state": text(*[case] * 5),
        "seed": np.array([0, 0, 0, 0, 0]),
        "population": text(*["E"] * 5),
        "wave_number": np.array([0, -11, 11, 3, 3]),
        "frequency": np.array([0.0, 0.0, 0.0, 0.0, 200.0]),
        "power": np.array([900.0, 5.0, 5.0, 7.0, 800.0]),
    }
    rates = {
        "population": text(*POPULATIONS, *POPULATIONS),
        "nu": np.concatenate([np.arange(8.0), np.arange(8.0) + 1]),
    }
    return measure_ring(observed, waves, modes, space_time) | measure_circuit(rates)


def test_every_row_is_measured_and_nothing_else():
    assert set(measured()) == {check.check_id for check in read_checks("spiking")}


def test_values_are_means_over_networks_and_the_fastest_mode_is_the_predicted_one():
    got = measured()
    assert got["spiking.ring.frequency.g5"] == pytest.approx(202.0)
    assert got["spiking.ring.predicted_waves.g5"] == 3
    assert got["spiking.ring.frequency_over_theory.g5"] == pytest.approx(1.01)
    assert got["spiking.ring.most_static.g6"] == 11  # both directions together, no mean, no wave
    assert got["spiking.ring.predicted_static.g6"] == 11
    assert "spiking.ring.most_static.g5" not in got
    assert got["spiking.circuit.rate.4E"] == pytest.approx(2.5)


def test_a_case_that_was_not_simulated_leaves_its_rows_to_fail():
    got = measured("g7")
    assert "spiking.ring.rate.g5" in got
    columns = judge(read_checks("spiking"), got)  # refuses values without a row, such as of g7
    failing = [i for i, ok in zip(columns["check_id"], columns["passed"], strict=True) if not ok]
    assert "spiking.ring.rate.g6" in failing
