"""Places of populations, and the probability over distance that a rule prescribes."""

import numpy as np
import pytest

from cortex.connectivity.networks import expected_profile
from cortex.connectivity.positions import places
from cortex.params.connectivity import SheetNetworkParams
from cortex.params.space import NetworkSpace


def test_random_places_lie_in_stripes_so_that_neighbours_are_close_in_number():
    extent = np.array([2e-3, 1e-3])
    sheet = NetworkSpace(extent=extent.tolist(), profile="boxcar", width=1e-4, positions="random")
    x, y = (places(sheet, "E", 100).coordinates / extent).T
    stripe = np.floor(10 * y)  # of a square of 100 neurons
    assert sorted(set(stripe)) == list(range(10))
    assert np.all(np.diff(stripe) >= 0)
    assert np.all(np.diff(x)[np.diff(stripe) == 0] > 0)


@pytest.mark.parametrize(("kind", "sigma", "radius"), [("E", 100e-6, 300e-6), ("I", 50e-6, 200e-6)])
def test_the_expected_profile_ends_with_the_reach(kind, sigma, radius):
    params = SheetNetworkParams(
        extent=1e-3, n_exc=400, n_inh=100, sigma_exc=100e-6, sigma_inh=50e-6,
        radius_exc=300e-6, radius_inh=200e-6, peak_probability=0.5, weight_exc=1e-9,
        weight_inh=-4e-9, distance_bins=10,
    )  # fmt: skip

    def at(r, variant):  # the middle of one bin
        return expected_profile(params, kind, variant, np.array([0.0, 2.0 * r]))[0]

    for r in (0.0, sigma, 2.0 * sigma, radius):  # the reach is part of it
        want = 0.5 * np.exp(-(r**2) / (2.0 * sigma**2))
        assert at(r, "drawn") == pytest.approx(want, rel=1e-12)
        assert at(r, "whole") == 1.0
    assert [at(1.001 * radius, variant) for variant in ("drawn", "whole", "pruned")] == [0, 0, 0]
    cut = 1e-6 * 2.0 * np.pi * (sigma / 1e-6) ** 2  # of the Gaussian over its integral in um^2
    last = sigma * np.sqrt(-2.0 * np.log(cut))
    assert last < radius
    assert [at(r * last, "pruned") for r in (0.999, 1.001)] == [1.0, 0.0]
