"""Unitary-LFP kernels and convolution with population kernels."""

import numpy as np
import pytest

from cortex.errors import ParameterError
from cortex.lfp import (
    SpikeEvents,
    cell_sources,
    convolve_kernels,
    unitary_amplitude,
    unitary_lfp,
)
from cortex.params.lfp import UnitaryParams


def test_unitary_lfp_agrees_with_the_stored_numbers(stored):
    data = stored("telenczuk_kernels")
    given, expected = data["inputs"], data["outputs"]
    height = np.array(expected["A0_depth_mm"]) * 1e-3
    for kind, name in ((True, "A0_exc_uV"), (False, "A0_inh_uV")):
        found = unitary_amplitude(height, excitatory=kind) * 1e6
        np.testing.assert_allclose(found, expected[name], rtol=0, atol=1e-6)
    cells = cell_sources(
        np.array(given["neuron_coords_mm"]) * 1e-3,
        orientation=given["orientation"],
        soma_radius=0.0,
    )
    order = np.argsort(given["t_spikes_ms"], kind="stable")
    spikes = SpikeEvents(
        time=np.array(given["t_spikes_ms"])[order] * 1e-3, source=np.array(given["i_spikes"])[order]
    )
    lfp = 1e6 * unitary_lfp(
        np.array(given["elec_coords_mm"]) * 1e-3,
        cells,
        np.array(given["is_excitatory"]),
        spikes,
        at=np.array(given["t_eval_ms"]) * 1e-3,
    )
    wanted = np.array(expected["lfp_uV"])
    np.testing.assert_allclose(lfp, wanted, rtol=0, atol=1e-9 * np.abs(wanted).max())


def test_unitary_defaults_are_the_published_ones(stored):
    given, params = stored("telenczuk_kernels")["inputs"], UnitaryParams()
    assert params.speed == given["va_m_per_s"]
    assert params.decay_length == given["lambda_mm"] * 1e-3
    assert params.delay == pytest.approx(given["d_ms"] * 1e-3)
    assert params.width_exc == pytest.approx(given["sigma_exc_ms"] * 1e-3)
    assert params.width_inh == pytest.approx(given["sigma_inh_ms"] * 1e-3)


def test_unitary_lfp_refuses_uneven_times_and_foreign_cells():
    cells = cell_sources([[0.0, 0.0, 0.0]])
    spikes = SpikeEvents(time=np.array([0.0]), source=np.array([1]))
    with pytest.raises(ParameterError, match="1 cells"):
        unitary_lfp([[0, 0, 1e-3]], cells, np.ones(1, bool), spikes, at=np.arange(3.0))
    spikes = SpikeEvents(time=np.array([0.0]), source=np.array([0]))
    with pytest.raises(ParameterError, match="evenly spaced"):
        unitary_lfp([[0, 0, 1e-3]], cells, np.ones(1, bool), spikes, at=np.array([0, 1.0, 3.0]))


@pytest.mark.parametrize("first_lag", [0, 3, -5])
def test_convolution_equals_the_explicit_sum_over_lags(first_lag):
    rng = np.random.default_rng(0)
    rates, kernels = rng.random((60, 2)), rng.normal(size=(11, 3, 2))
    found = convolve_kernels(rates, kernels, dt=1e-3, first_lag=first_lag)
    expected = np.zeros((60, 3))
    for n in range(60):
        for k in range(11):
            m = n - first_lag - k
            if 0 <= m < 60:
                expected[n] += 1e-3 * kernels[k] @ rates[m]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-14)


def test_convolution_refuses_wrong_shapes_and_nan():
    with pytest.raises(ParameterError, match="n_lags, n_electrodes, n_pops"):
        convolve_kernels(np.ones((5, 2)), np.ones((3, 1, 1)), dt=1e-3)
    with pytest.raises(ParameterError, match="not finite"):
        convolve_kernels(np.full((5, 1), np.nan), np.ones((3, 1, 1)), dt=1e-3)
