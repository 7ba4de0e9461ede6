"""Network statistics lie in the bands that NEST 3.10 gave over its own seeds.

Rule of the files: |own - mean| <= 4 sd sqrt(1/n + 1/m) + floor, with m = 3 own seeds.
"""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from cortex.analysis import (
    count_correlation,
    detect_wave,
    firing_rates,
    interval_cv,
    network_rate,
    population_fano,
    rate_spectrum,
    space_time_rate,
    space_time_spectrum,
)
from cortex.params.brunel import BrunelParams
from cortex.params.senk import SenkParams
from cortex.params.simulation import SimulationParams
from cortex.spiking import simulate

DATA = Path(__file__).parents[2] / "data"
SEEDS = (101, 102, 103)


@cache
def reference(name):
    return json.loads((DATA / f"{name}.json").read_text())


def point(name, g, eta):
    return next(p for p in reference(name)["points"] if (p["g"], p["eta"]) == (g, eta))


def statistics(spikes):
    spectrum = rate_spectrum(network_rate(spikes, 5e-4), 5e-4)
    rate_E, rate_I = spikes.mean_rates()
    return {
        "rate_E_hz": rate_E,
        "rate_I_hz": rate_I,
        "rate_sd_across_neurons_hz": firing_rates(spikes).std(),
        "cv_isi_mean": np.nanmean(interval_cv(spikes)),
        "corr_5ms_mean": count_correlation(spikes),
        "pop_fano_1ms": population_fano(spikes),
        "psd_peak_hz": spectrum.peak(),
        "psd_peak_centroid_hz": spectrum.centroid(),
    }


def floor(name, mean):
    if name.startswith("rate"):
        return 0.005 * mean
    if name.startswith("psd"):
        return 4.0
    return {"cv_isi_mean": 0.01, "corr_5ms_mean": 0.003, "pop_fano_1ms": 0.03 * mean}[name]


def outside(bands, own, skipped=()):
    """Return the statistics outside their band as {name: (own, mean, allowed)}."""
    found = {}
    for name, values in own.items():
        band = bands[name]
        allowed = 4 * band["sd"] * np.sqrt(1 / band["n"] + 1 / len(values))
        allowed += floor(name, band["mean"])
        if name not in skipped and abs(np.mean(values) - band["mean"]) > allowed:
            found[name] = (float(np.mean(values)), band["mean"], float(allowed))
    return found


def brunel_statistics(ref, seeds, *, g_error=1.0, delay=None):
    model = BrunelParams(
        n_exc=ref["NE"],
        n_inh=ref["NI"],
        in_degree_exc=ref["CE"],
        in_degree_inh=ref["CI"],
        J=ref["J_mV"] * 1e-3,
        g=ref["g"] * g_error,
        nu_ext_ratio=ref["eta"],
        delay=(delay or ref["D_ms"]) * 1e-3,
    )
    settings = SimulationParams(
        dt=1e-4, warm_up=ref["warm_ms"] * 1e-3, duration=ref["T_ms"] * 1e-3, precision="float32"
    )
    runs = [statistics(simulate(model.network(), settings, seed=s).spikes) for s in seeds]
    return {name: np.array([run[name] for run in runs]) for name in runs[0]}


def not_testable(ref):
    return () if ref["psd_peak_testable"] else ("psd_peak_hz", "psd_peak_centroid_hz")


GRID = [(p["g"], p["eta"]) for p in reference("brunel/grid_n2500")["points"]]
STATES = [(p["g"], p["eta"]) for p in reference("brunel/network_a")["points"]]


@pytest.mark.parametrize(("g", "eta"), [(6.0, 0.9), (8.0, 4.0)])
def test_two_grid_points_lie_in_the_bands(g, eta):
    ref = point("brunel/grid_n2500", g, eta)
    assert outside(ref["band"], brunel_statistics(ref, SEEDS), not_testable(ref)) == {}


@pytest.mark.slow
@pytest.mark.parametrize(("g", "eta"), GRID)
def test_every_grid_point_lies_in_the_bands(g, eta):
    ref = point("brunel/grid_n2500", g, eta)
    assert outside(ref["band"], brunel_statistics(ref, SEEDS), not_testable(ref)) == {}


@pytest.mark.slow
@pytest.mark.parametrize(("g", "eta"), STATES)
def test_network_a_lies_in_the_bands(g, eta):
    ref = point("brunel/network_a", g, eta)
    # in SR half of the neurons fire once more if a volley falls into the last millisecond of
    # the window: the spread of rates is 0.33 or 0.50 Hz by the phase alone
    skipped = ("rate_sd_across_neurons_hz",) if g == 3.0 else ()
    own = brunel_statistics(ref, SEEDS)
    assert outside(ref["band"], own, (*skipped, *not_testable(ref))) == {}


@pytest.mark.parametrize("error", [{"g_error": 1.05}, {"delay": 2.0}])
def test_a_wrong_weight_or_delay_falls_out_of_the_bands(error):
    ref = point("brunel/grid_n2500", 8.0, 4.0)
    own = brunel_statistics(ref, SEEDS, **error)
    assert outside(ref["band"], own, not_testable(ref))


def ring_statistics(ref, seed):
    rates = ref["external_hz"]
    model = SenkParams(g=ref["g"], rate_ext_exc=rates[0], rate_ext_inh=rates[1])
    settings = SimulationParams(dt=1e-4, warm_up=0.3, duration=1.0, precision="float32")
    spikes = simulate(model.network(), settings, seed=seed).spikes
    wave = detect_wave(space_time_spectrum(space_time_rate(spikes.of("E")), 5e-4))
    own = statistics(spikes)
    return {name: own[name] for name in ref["band"]}, wave


@pytest.mark.slow
def test_ring_statistics_lie_in_the_bands_and_three_waves_travel_at_202_hz():
    ref = reference("ring_spiking/senk_g5")
    runs, waves = zip(*(ring_statistics(ref, seed) for seed in SEEDS), strict=True)
    own = {name: np.array([run[name] for run in runs]) for name in runs[0]}
    assert outside(ref["band"], own) == {}
    assert {wave.number for wave in waves} == {3}
    nest = np.mean(ref["wave"]["centroid_f_hz"])
    assert np.mean([wave.frequency for wave in waves]) == pytest.approx(nest, rel=0.02)
