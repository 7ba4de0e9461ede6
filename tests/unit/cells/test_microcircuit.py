"""The microcircuit with AdEx and LIF neurons: theory goes all the way."""

import numpy as np
import pytest

from cortex.config.presets import read_preset
from cortex.networks.case import read_case
from cortex.steps.predict import SPECTRAL, predict


def test_theory_of_the_adex_microcircuit_has_modes_and_the_simulated_rhythm():
    """One simulated second at full size peaks at 66.4 Hz (bins of 3.9 Hz) with 0.0035 Hz^2/Hz.

    Seven halves of segments leave a standard error of 40 % in one bin and of one bin in the peak.
    """
    case = read_case("microcircuit_adex", read_preset("microcircuit_adex"), "default")
    tables, refused = predict(case, ("rates", "modes", "response", *SPECTRAL[:3]))
    assert not refused
    assert np.all(tables["modes"]["growth"] < 0.0)
    spectra = tables["spectra"]
    band = (spectra["population"] == "all") & (np.abs(spectra["frequency"] - 75.0) < 45.0)
    f, power = spectra["frequency"][band], spectra["power"][band]
    assert f[np.argmax(power)] == pytest.approx(66.4, abs=5.0)
    assert np.max(power) == pytest.approx(0.0035, rel=0.4)
