"""Rates without noise: closed forms, published numbers, and the simulation."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from test_every_cell import MODELS, neurons

from cortex.cells.firing import noise_free_rate
from cortex.cells.izhikevich import (
    Izhikevich2007Neurons,
    IzhikevichCell,
    IzhikevichNeurons,
    slopes,
)
from cortex.cells.qif import QIFNeurons
from cortex.izhikevich import slope, step_response
from cortex.params.drive import Drive
from cortex.params.izhikevich import FAST_SPIKING as FS
from cortex.params.izhikevich import REGULAR_SPIKING as RS
from cortex.params.lif import LIFNeurons
from cortex.params.network import PopulationNetwork
from cortex.params.simulation import SimulationParams
from cortex.params.synapses import Synapses
from cortex.spiking import Inputs, simulate

REGULAR = IzhikevichCell.from_config({"a_per_ms": 0.02, "b_per_ms": 0.2, "c_mV": -65.0, "d": 8.0})


def test_lif_fires_as_the_logarithm_says():
    tau_m, tau_ref, V_th, V_reset = 0.02, 2e-3, 0.015, 0.005
    lif = LIFNeurons(tau_m=tau_m, tau_ref=tau_ref, V_th=V_th, V_reset=V_reset)
    RI = np.array([0.014, 0.0151, 0.03, 0.2])
    beyond = RI[1:]
    exact = 1.0 / (tau_ref + tau_m * np.log((beyond - V_reset) / (beyond - V_th)))
    np.testing.assert_allclose(noise_free_rate(lif, RI), [0.0, *exact], rtol=1e-7)


def test_quadratic_neuron_fires_as_the_arc_tangent_says():
    tau_m, V_th, V_reset, V_peak, RI = 0.02, 0.015, -0.02, 0.2, 0.01
    # -V + V^2/V_th + RI = ((V - V_th/2)^2 + k^2)/V_th
    k = np.sqrt(V_th * RI - V_th**2 / 4.0)
    part = [np.arctan((V - V_th / 2.0) / k) for V in (V_reset, V_peak)]
    exact = 1.0 / (tau_m * V_th / k * (part[1] - part[0]))
    qif = QIFNeurons(tau_m=tau_m, tau_ref=0.0, V_th=V_th, V_reset=V_reset, V_peak=V_peak)
    np.testing.assert_allclose(noise_free_rate(qif, RI), exact, rtol=1e-8)


def test_izhikevich_in_volts_above_rest_obeys_the_published_equations():
    values, v, u, current = REGULAR.normal(), -52.0, -9.0, 10.0  # mV, mV/ms, mV/ms
    p = tuple(values.values())
    tau_m, rest = REGULAR.tau_m, REGULAR.E_L
    dV, dw = slopes(v * 1e-3 - rest, tau_m * (u - 0.2 * rest * 1e3), tau_m * current, p)
    assert rest == pytest.approx(-0.07)
    assert dV == pytest.approx(0.04 * v**2 + 5.0 * v + 140.0 - u + current)
    assert dw / tau_m == pytest.approx(0.02e3 * (0.2 * v - u))


@pytest.mark.parametrize("model", MODELS)
def test_simulated_neuron_fires_at_the_rate_without_noise(model):
    RI, duration = 0.05, 2.0
    own = neurons(model)
    net = PopulationNetwork(
        names=("A",),
        sizes=np.array([1]),
        neurons=own,
        synapses=Synapses(in_degrees=0.0, J=0.0, tau_s=2e-3, delay=1e-3),
        drive=Drive(rate=np.zeros((1, 0)), J=0.0, tau_s=2e-3, mu_dc=RI),
    )
    run = simulate(
        net,
        SimulationParams(
            dt=1e-5, warm_up=1.0, duration=duration, precision="float64", integration="accurate"
        ),
        seed=0,
        inputs=Inputs(V0=np.zeros(1)),
    )
    rate = noise_free_rate(own, RI)
    # a spike is stamped up to a step late and refractoriness lasts a step longer: dt each
    slack = duration * rate**2 * 2e-5
    assert abs(len(run.spikes) - duration * rate) < 1.0 + slack


@pytest.mark.parametrize("cell", [REGULAR, RS])
def test_izhikevich_neuron_has_the_fields_of_its_record(cell):
    assert set(cell.normal()) == {*IzhikevichNeurons.__dataclass_fields__} - {"MODEL", "PEAK"}


def test_the_cell_of_2007_in_volts_above_rest_obeys_the_published_equations():
    """Izhikevich (2007), eq. 8.5, by `cortex.izhikevich.slope` in V and A."""
    v, u, current = -52e-3, 30e-12, 200e-12
    per_leak = 1.0 / (RS.k * (RS.v_t - RS.v_r))
    found = slopes(v - RS.v_r, u * per_leak, current * per_leak, tuple(RS.normal().values()))
    expected = slope(np.array(v), np.array(u), RS, current)
    assert found == pytest.approx([expected[0], expected[1] * per_leak])


@pytest.mark.parametrize(("cell", "current"), [(RS, 3e-10), (FS, 2e-10)])
def test_the_cell_of_2007_spikes_in_any_network_as_in_the_published_ones(cell, current):
    """Two integrators: substeps within 10 us here, Heun's step of 1 us and its search there."""
    net = PopulationNetwork(
        names=("A",),
        sizes=np.array([1]),
        neurons=Izhikevich2007Neurons(**cell.normal()),
        synapses=Synapses(in_degrees=0.0, J=0.0, tau_s=2e-3, delay=1e-3),
        drive=Drive(rate=np.zeros((1, 0)), J=0.0, tau_s=2e-3, mu_dc=current * cell.tau_m / cell.C),
    )
    settings = SimulationParams(
        dt=1e-5, warm_up=0.0, duration=0.3, precision="float64", integration="accurate"
    )
    found = simulate(net, settings, seed=0, inputs=Inputs(V0=np.zeros(1))).spikes.times
    expected = step_response(cell, np.array([current]), 0.3, dt=1e-6).spikes.times
    assert len(found) == len(expected) >= 3
    # a spike is stamped up to a step late and its neuron goes on at the next step: dt each
    late = found - expected
    assert np.all(late > -1e-6)
    assert np.all(late < 2e-5 * np.arange(1, len(found) + 1))
