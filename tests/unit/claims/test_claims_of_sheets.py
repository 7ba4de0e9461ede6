"""Sheets: a number changed by hand in a table changes the sentences that rest on it."""

import numpy as np
from saying import said, text

from cortex.claims import connectivity, sheet


def sheet_states(number=3, frequency=122.0):
    states = text("calm", "waves", "pattern")
    f = np.arange(0.0, 50.0, 10.0)
    return {
        "modes": {
            "state": states, "wave_number": np.array([1, 3, 3]),
            "growth": np.array([-20.0, 22.0, 8.0]), "frequency": np.array([40.0, 130.0, 0.0]),
        },
        "waves": {
            "state": states, "population": text("E", "E", "E"),
            "wave_number": np.array([0, number, 3]),
            "wave_frequency": np.array([70.0, frequency, 0.4]),
        },
        "space_time": {"frequency": f},
    }  # fmt: skip


def test_a_pattern_off_the_ridge_by_more_than_the_resolution_is_said_to_be_off(root):
    line, against = said(root, "sheet_ridge", sheet.ridge(**sheet_states()))
    assert "3 cycles per side at 130 Hz in state waves; 3 cycles per side at 0 Hz" in line
    assert "within the resolution of 10 Hz" in line
    assert against == set()
    for moved in (sheet_states(frequency=119.0), sheet_states(number=2)):
        assert said(root, "sheet_ridge", sheet.ridge(**moved))[1] == {"waves_on_ridge"}


def test_neurons_as_coherent_as_contacts_are_said_to_be(root):
    def tables(coherence):
        r = np.array([0.2e-3, 0.4e-3, 0.8e-3])
        part = {"state": text(*["a"] * 6), "seed": np.zeros(6, int), "frequency": np.full(6, 40.0)}
        part |= {"kind": text(*["lfp"] * 3, *["spikes"] * 3), "distance": np.tile(r, 2)}
        shaft = {"height": np.repeat([0.0, 1e-4, 2e-4], 2)}
        shaft |= {"lfp": 1e-4 * np.array([2.0, -2.0, 0.1, -0.1, 1.0, -1.0])}
        response = {"population": text("E", "I"), "lfp": np.array([1e-6, -5e-6])}
        return part | {"coherence": np.array([0.9, 0.8, 0.4, *coherence])}, shaft, response

    line, against = said(root, "sheet_lfp", sheet.lfp(*tables([0.02, 0.01, 0.0])))
    assert "of two contacts from 30 to 60 Hz is 0.80, that of two neurons 0.010" in line
    assert "turns over at a height of 0.1 mm" in line
    assert "200 µV (standard deviation) where it is largest, and one spike makes up to 5 µV" in line
    assert against == set()
    assert said(root, "sheet_lfp", sheet.lfp(*tables([0.2, 0.1, 0.0])))[1] == {"wider"}


def test_a_cell_that_answers_to_another_angle_is_said_to(root):
    angle = np.deg2rad([0.0, 45.0, 90.0, 135.0])
    rate = np.array([1.0, 9.0, 1.0, 1.0])
    table = {"theta": np.full(4, angle[1]), "angle": angle, "drive": rate * 1e-3}
    table |= {"predicted": rate, "simulated": rate + 0.5, "error": np.full(4, 0.2)}
    line, against = said(root, "connectivity_tuning", connectivity.tuning(table))
    assert "with 9.5 Hz (9.0 Hz predicted)" in line
    assert "differ by 0.50 Hz" in line
    assert against == set()
    turned = connectivity.tuning(table | {"simulated": np.roll(rate, 2)})
    assert said(root, "connectivity_tuning", turned)[1] == {"tuned", "predicted"}
