"""The preset `sheet`: what is simulated lies on the ridge that theory predicts.

Oracle: theory. The strongest (wave number, frequency) of a run against the modes of the states.
"""

from dataclasses import replace

import numpy as np
import pytest

from cortex.config.presets import read_preset
from cortex.networks.case import read_case
from cortex.spiking.requests import Recorder
from cortex.steps.observe import observe
from cortex.steps.predict import predict
from cortex.steps.simulate import simulate

RESOLUTION = 10.0  # Hz, of segments of 100 ms


def seen(state, duration):
    """Return theory's leading mode of each wave number, and the strongest pattern of a run."""
    case = read_case("sheet", read_preset("sheet"), state)
    short = replace(case.study.simulation, duration=duration, warm_up=0.25)
    analysis = replace(case.study.analysis, segment=0.1)
    case = replace(case, study=replace(case.study, simulation=short, analysis=analysis))
    modes = predict(case, ("modes",))[0]["modes"]
    first = modes["rank"] == 0
    run = simulate(case, seed=1, record=Recorder())
    tables = observe(case, [run.spikes])
    E = tables["waves"]["population"] == "E"
    wave = {name: values[E][0] for name, values in tables["waves"].items()}
    return modes["growth"][first], modes["frequency"][first], wave, run.spikes.mean_rates(), tables


@pytest.mark.slow
def test_waves_of_a_sheet_lie_on_the_predicted_ridge():
    growth, frequency, wave, rates, tables = seen("waves", 0.4)
    n = int(wave["wave_number"])
    assert n == int(np.nanargmax(growth)) == 3
    assert np.nanmax(growth[[0, 1, 4, 5]]) < 0.0 < growth[3]
    # one bin of frequency; the mode is marginal, so that its frequency is that of the wave
    assert wave["wave_frequency"] == pytest.approx(frequency[n], abs=RESOLUTION)
    # frequency over wave number, and the phase, which mixes waves of all directions
    assert wave["speed"] == pytest.approx(frequency[n] * 4e-3 / n, rel=0.1)
    assert wave["phase_speed"] == pytest.approx(wave["speed"], rel=0.35)
    np.testing.assert_allclose(rates, 10.0, rtol=0.1)
    E = tables["distances"]["population"] == "E"
    half = 0.5 * 4e-3 / n  # half a wave length away activity is in antiphase
    at = np.argmin(np.abs(tables["distances"]["distance"][E] - half))
    assert tables["distances"]["coherence"][E][at] < -0.05


@pytest.mark.slow
def test_static_patterns_of_a_sheet_lie_on_the_predicted_ridge():
    growth, frequency, wave, _, _ = seen("pattern", 0.3)
    n = int(wave["wave_number"])
    assert n == int(np.nanargmax(growth)) == 3
    assert np.nanmax(growth[[0, 1, 2, 5, 6]]) < 0.0 < growth[3]
    assert frequency[n] < 1e-6
    assert wave["wave_frequency"] == 0.0
