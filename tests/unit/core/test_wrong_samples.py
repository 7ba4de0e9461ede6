"""Gaps, text and odd shapes in rates, spectra, samples and matrices are named where they enter.

Each call returned nan, a number in which the gap was forgotten, or a raw traceback before.
"""

import numpy as np
import pytest

from cortex.analysis.comparison import compare_spikes, effect_size, ks_distance
from cortex.analysis.population import rate_spectrum
from cortex.analysis.ratios import spectral_ratio
from cortex.analysis.spectral_fit import fit_spectrum
from cortex.analysis.spike_field import phase_locking, spike_triggered_field
from cortex.analysis.waves import space_time_spectrum
from cortex.errors import ParameterError
from cortex.learning_ring.examples import standard_params
from cortex.learning_ring.free_wave import switch_input
from cortex.learning_ring.initial_weights import forgetting, transient
from cortex.learning_ring.measure import (
    phase_lead,
    relative_residual,
    rotation_frequency,
    wave_amplitude,
)
from cortex.learning_ring.symmetry import diagonal_average
from cortex.learning_ring.theory import driven_rates, recurrent_input
from cortex.meanfield.binary import (
    BinaryNetwork,
    balanced_threshold,
    binary_activity,
    binary_mean_input,
)
from cortex.meanfield.fluctuations.pairwise import pairwise_weights, spectral_bound
from cortex.meanfield.fluctuations.spectra import coherences, pooled_spectrum, power_spectra
from cortex.meanfield.stability.characteristic import rate_characteristic
from cortex.spikes import Spikes

F = np.arange(1.0, 200.0)
POWER = 1.0 / F
GAPS = np.where(F == 40.0, np.nan, POWER)
WAVES = np.cos(2.0 * np.pi * (np.arange(64)[:, None] / 16.0 + np.arange(8) / 8.0))
HOLES = np.where(np.arange(64)[:, None] == 5, np.nan, WAVES)
SPIKES = Spikes.at(np.array([0.01, 0.02]), np.array([0, 1]), stop=0.1)
C = np.array([[[1.0, 0.5], [0.5, np.nan]]])
RING = standard_params(n_neurons=8)
FLAT = np.zeros(8)
BINARY = BinaryNetwork(J=[[-0.1]], K=[[10.0]], theta=[-0.5])


WRONG = {
    "gap in a sample": (lambda: ks_distance([1.0, np.nan], [2.0]), r"first\[1\] = nan must be"),
    "text for a sample": (
        lambda: effect_size("x", [1.0, 2.0]),
        "first = 'x' must be a real number",
    ),
    "level": (lambda: compare_spikes(SPIKES, [SPIKES], level=-1.0), r"level = -1\.0 must lie betw"),
    "gap in a rate": (lambda: rate_spectrum(HOLES[:, 0], 1e-3, segment=0.016), r"rate\[5\] = nan"),
    "rate of text": (lambda: rate_spectrum("x", 1e-3), "rate = 'x' must be a real"),
    "one rate": (lambda: rate_spectrum(1.0, 1e-3), r"rate has shape \(\), needs \(n_times,\)"),
    "endless segment": (lambda: rate_spectrum(WAVES, 1e-3, segment=np.inf), "segment = inf must"),
    "gap in a ratio": (lambda: spectral_ratio(GAPS, POWER, POWER[None]), r"frequency\[39\] = nan"),
    "bands": (
        lambda: spectral_ratio(F, POWER, POWER[None], per_octave=2.5),
        "per_octave = 2.5",
    ),
    "gap in a spectrum": (
        lambda: fit_spectrum(F, GAPS),
        "needs eight frequencies",
    ),
    "endless power": (
        lambda: fit_spectrum(F, np.inf * POWER),
        "needs eight frequencies",
    ),
    "spectrum of others": (lambda: fit_spectrum(F[1:], POWER), r"density \(199,\) needs one value"),
    "gap in a phase": (
        lambda: phase_locking(SPIKES, HOLES[:, :1] + 0j, step=1e-3),
        r"analytic\[5, 0\] = .*nan.* must be finite",
    ),
    "no step": (
        lambda: phase_locking(SPIKES, WAVES + 0j, step=np.nan),
        "step = nan must be",
    ),
    "field of text": (
        lambda: spike_triggered_field(SPIKES, ["1"] * 100, step=1e-3, window=(-5e-3, 5e-3)),
        "field = .* must be a real number",
    ),
    "gap on a ring": (
        lambda: space_time_spectrum(HOLES, 1e-3, segment=0.016),
        r"rate\[5, 0\]",
    ),
    "gap in a course": (lambda: rotation_frequency(HOLES, 1e-3), r"rates\[5, 0\] = nan must be"),
    "no interval": (lambda: rotation_frequency(WAVES, np.nan), "interval = nan must be finite"),
    "gap in a profile": (
        lambda: phase_lead(HOLES[5], WAVES[5]),
        r"rates\[0\] = nan",
    ),
    "rates of one time": (lambda: wave_amplitude(WAVES[0]), r"rates has shape \(8,\), needs 2 dim"),
    "gap in a residual": (lambda: relative_residual(HOLES, WAVES), r"measured\[5, 0\] = nan must"),
    "gap in weights": (lambda: diagonal_average(C[0]), r"weights\[1, 1\] = nan must be finite"),
    "weights of a list": (lambda: diagonal_average([1.0]), "must be a square matrix"),
    "gap in a kernel": (lambda: switch_input(RING, HOLES[5], 8.0), r"kernel\[0\] = nan must be"),
    "kernel of others": (
        lambda: switch_input(RING, np.zeros(9), 8.0),
        "9 weights, the ring 8",
    ),
    "no frequency": (lambda: switch_input(RING, FLAT, np.nan), "frequency = nan must be finite"),
    "no leak": (lambda: driven_rates(FLAT, np.nan), "leak = nan must be finite"),
    "text that arrives": (lambda: recurrent_input(FLAT, "x", RING), "rates = 'x' must be a real"),
    "half a step": (lambda: forgetting(RING, [0.5]), r"steps = \[0\.5\] must be whole"),
    "gap at the start": (
        lambda: transient(RING, HOLES[5], FLAT, [1]),
        r"w_init\[0\] = nan",
    ),
    "weights of binary cells": (
        lambda: BinaryNetwork(J=[[np.nan]], K=[[1.0]], theta=[0.0]),
        r"J\[0, 0\] = nan must be finite",
    ),
    "activity": (lambda: binary_mean_input(BINARY, [1.5]), r"m = \[1\.5\] must hold 1 activities"),
    "expected activity": (
        lambda: balanced_threshold([[1.0]], [[1.0]], [np.nan]),
        r"m_expected\[0\] = nan must be finite",
    ),
    "threshold": (lambda: binary_activity([0.0], [1.0], [np.nan]), r"theta\[0\] = nan must be fin"),
    "weights of pairs": (lambda: spectral_bound([[np.nan]]), r"w\[0, 0\] = nan must be finite"),
    "no matrix": (lambda: spectral_bound([1.0]), r"w has shape \(1,\), needs \(\.\.\., n, n\)"),
    "time constant of pairs": (
        lambda: pairwise_weights([[1e-4]], np.nan, [1.0], [1.0]),
        "tau_m = nan must be finite",
    ),
    "gap in spectra": (lambda: power_spectra(C), r"C\[0, 1, 1\] = .*nan.* must be finite"),
    "gap in coherence": (lambda: coherences(C), r"C\[0, 1, 1\] = .*nan.* must be finite"),
    "half a population": (
        lambda: pooled_spectrum(np.ones((1, 1, 1)), [1.5]),
        r"sizes = \[1\.5\] must be whole, from 1",
    ),
    "rate model": (
        lambda: rate_characteristic([[np.nan]], 1e-3, 1e-3),
        r"connectivity\[0, 0\] = nan must be finite",
    ),
    "delay of a rate model": (
        lambda: rate_characteristic([[-1.0]], 1e-3, np.nan),
        "delay = nan must be finite",
    ),
}


@pytest.mark.parametrize(("call", "message"), WRONG.values(), ids=WRONG)
def test_a_gap_or_odd_shape_is_named_where_it_enters(call, message):
    with pytest.raises(ParameterError, match=message):
        call()


def test_lists_stand_for_arrays_in_statistics_and_binary_networks():
    assert ks_distance([1.0, 2.0], [2.0, 3.0]) == 0.5
    assert binary_mean_input(BINARY, [0.5]) == pytest.approx([-0.5])
    assert spectral_bound([[-0.5, 0.0], [0.0, -2.0]]) == -0.5
