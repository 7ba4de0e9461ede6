"""Power laws and peaks agree with specparam (in the environment of make test-elephant)."""

import numpy as np
import pytest

from cortex.analysis import fit_spectrum

specparam = pytest.importorskip(
    "specparam", reason="not in the locked environment: make test-elephant"
)
pytestmark = pytest.mark.filterwarnings("ignore")

F = np.arange(0.5, 300.0, 0.5)


@pytest.mark.parametrize("noise", [0.0, 0.04])
@pytest.mark.parametrize("exponent", [1.0, 1.5, 2.5])
def test_power_law_and_peaks_are_those_of_specparam(exponent, noise):
    decades = sum(
        height * np.exp(-0.5 * ((F - centre) / width) ** 2)
        for centre, height, width in ((12, 1.0, 1.5), (65, 0.6, 6))
    )
    decades = decades + noise * np.random.default_rng(0).normal(size=len(F))
    density = 1e-2 / F**exponent * 10.0**decades
    model = specparam.SpectralModel(peak_width_limits=(1, 20), max_n_peaks=2, verbose=False)
    model.fit(F, density, [2.0, 150.0])
    offset, theirs = model.get_params("aperiodic")
    found = fit_spectrum(F, density)
    # two fits of one line: a Gaussian too many or too few moves the slope by a hundredth
    assert found.exponent == pytest.approx(theirs, abs=0.02)
    assert found.offset == pytest.approx(offset, abs=0.03)
    peaks = np.array(model.get_params("peak")).reshape(-1, 3)
    ours = sorted(found.peaks[:2], key=lambda peak: peak.frequency)
    # maxima of noisy spectra stand within a third of the width of a peak
    for (centre, height, _), peak in zip(peaks, ours, strict=True):
        assert peak.frequency == pytest.approx(centre, abs=0.1 if noise == 0.0 else 2.0)
        assert peak.height == pytest.approx(height, abs=0.02 + 3 * noise)
    assert len(peaks) == 2


def test_the_method_of_specparam_hands_on_its_numbers():
    decades = np.exp(-0.5 * ((F - 30) / 3) ** 2)
    density = 1e-2 / F**1.5 * 10.0**decades
    found = fit_spectrum(F, density, method="specparam")
    model = specparam.SpectralModel(peak_width_limits=(1, 12), min_peak_height=0.3, verbose=False)
    model.fit(F, density, [2.0, 150.0])
    offset, exponent = model.get_params("aperiodic")
    assert (found.offset, found.exponent) == pytest.approx((offset, exponent), rel=1e-9)
    (peak,) = found.peaks
    centre, height, width = np.ravel(model.get_params("peak"))
    assert (peak.frequency, peak.height) == pytest.approx((centre, height), rel=1e-9)
    # its width is two standard deviations, the full width at half height 2.3548 of one
    assert peak.width == pytest.approx(2.3548 * width / 2, rel=1e-4)
    assert (centre, peak.width) == pytest.approx((30.0, 2.3548 * 3.0), rel=0.01)
