"""Neurons of every model in the normal form of a network."""

from dataclasses import fields

import numpy as np
import pytest

from cortex.cells.adex import AdExCell, AdExNeurons, slopes
from cortex.errors import ParameterError
from cortex.params.drive import Drive
from cortex.params.network import PopulationNetwork
from cortex.params.synapses import Synapses

PUBLISHED = AdExCell.from_config(
    {
        "C_pF": 281.0, "g_L_nS": 30.0, "E_L_mV": -70.6, "V_th_mV": -50.4, "Delta_T_mV": 2.0,
        "V_reset_mV": -60.0, "V_peak_mV": 0.0, "tau_w_ms": 144.0, "a_nS": 4.0, "b_pA": 80.5,
        "tau_ref_ms": 2.0,
    }
)  # fmt: skip  # Brette & Gerstner 2005, with another reset
FIELDS = [each.name for each in fields(AdExNeurons)]


def network(g: float) -> PopulationNetwork:
    return PopulationNetwork(
        names=("E", "I"),
        sizes=np.array([80, 20]),
        neurons=AdExNeurons(**PUBLISHED.normal()),
        synapses=Synapses(
            in_degrees=10.0, J=[1e-4, 0.0], g=[0.0, g], E_rev=-0.01, tau_s=5e-3, delay=1e-3
        ),
        drive=Drive(rate=1e3, J=1e-4, tau_s=5e-3),
    )


def test_a_spike_through_a_conductance_adds_to_V_what_it_drives_at_threshold():
    found, driving = network(0.1).jumps, -0.01 - (70.6 - 50.4) * 1e-3
    np.testing.assert_allclose(found, [[1e-4, 0.1 * driving], [1e-4, 0.1 * driving]], rtol=1e-12)


def test_published_adex_in_volts_relative_to_rest_obeys_the_same_equation():
    C, g_L, E_L, V, w, current = 281e-12, 30e-9, -70.6e-3, -49e-3, 60e-12, 500e-12
    dV = (-g_L * (V - E_L) + g_L * 2e-3 * np.exp((V + 50.4e-3) / 2e-3) - w + current) / C
    dw = (4e-9 * (V - E_L) - w) / 0.144
    p = tuple(PUBLISHED.normal()[name] for name in FIELDS)
    assert slopes(V - E_L, w / g_L, current / g_L, p) == pytest.approx((dV, dw / g_L), rel=1e-12)


def test_network_holds_adex_neurons_and_conductances_and_is_not_plain():
    net = network(g=0.1)
    assert net.neurons.MODEL == "adex"
    assert net.neurons.tau_w.shape == (2,)  # type: ignore[attr-defined]
    assert net.synapses.g.tolist() == [[0.0, 0.1], [0.0, 0.1]]
    assert not net.is_plain


def test_what_holds_for_plain_networks_only_refuses_others_by_name():
    with pytest.raises(ParameterError, match="model adex and conductances: simulate it"):
        _ = network(g=0.1).lif


def test_a_reset_above_the_peak_is_refused_and_one_above_the_onset_is_not():
    values = PUBLISHED.normal()
    AdExNeurons(**{**values, "V_reset": values["V_th"] + 1e-3})
    with pytest.raises(ParameterError, match="must lie below V_peak"):
        AdExNeurons(**{**values, "V_reset": values["V_peak"]})
