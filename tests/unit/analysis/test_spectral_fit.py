"""Power laws and peaks of spectra made for the purpose."""

import numpy as np
import pytest
from scipy.signal import welch

from cortex import installation
from cortex.analysis import fit_spectrum
from cortex.errors import InstallationError, ParameterError

F = np.arange(0.5, 300.0, 0.5)


@pytest.mark.parametrize("exponent", [0.0, 1.0, 2.3])
def test_a_pure_power_law_is_found_without_peaks(exponent):
    fit = fit_spectrum(F, 3e-4 / F**exponent)
    assert fit.exponent == pytest.approx(exponent, abs=1e-9)
    assert fit.offset == pytest.approx(np.log10(3e-4), abs=1e-9)
    assert fit.peaks == ()


def test_peaks_are_found_where_they_stand_and_do_not_bend_the_power_law():
    decades = sum(
        h * np.exp(-0.5 * ((F - f) / s) ** 2) for f, h, s in ((12, 1.0, 1.5), (65, 0.6, 6))
    )
    fit = fit_spectrum(F, 1e-2 / F**1.5 * 10.0**decades)
    assert fit.exponent == pytest.approx(1.5, abs=0.01)  # the tails of the peaks remain
    assert [peak.frequency for peak in fit.peaks] == [12.0, 65.0]
    assert [peak.height for peak in fit.peaks] == pytest.approx([1.0, 0.6], abs=0.02)
    # full width at half height of a Gaussian: 2.355 sd
    assert [peak.width for peak in fit.peaks] == pytest.approx([3.53, 14.13], rel=0.05)


def test_the_exponent_of_a_random_walk_is_two():
    walk = np.cumsum(np.random.default_rng(0).normal(size=400_000))
    f, density = welch(walk, fs=1000.0, nperseg=2000)
    # 400 windows: 5 % per frequency, 0.3 % on the slope over two decades; sampling bends it
    assert fit_spectrum(f, density, band=(2.0, 80.0)).exponent == pytest.approx(2.0, abs=0.03)


def test_spectra_that_cannot_be_fitted_are_refused():
    with pytest.raises(ParameterError, match="power above zero"):
        fit_spectrum(F, np.zeros_like(F))
    with pytest.raises(ParameterError, match="eight frequencies"):
        fit_spectrum(F, 1.0 / F, band=(2.0, 3.0))
    with pytest.raises(ParameterError, match="none of line, specparam"):
        fit_spectrum(F, 1.0 / F, method="fooof")


def test_specparam_is_an_extra_that_is_named_where_it_is_missing(monkeypatch):
    monkeypatch.setattr(installation, "EXTRAS", {"spectra": ("no_such_module",)})
    with pytest.raises(InstallationError, match=r"pip install \"cortex-networks\[spectra\]\""):
        fit_spectrum(F, 1.0 / F, method="specparam")
