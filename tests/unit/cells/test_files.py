"""Neurons of any model, conductances and plastic synapses in network files."""

from typing import Any

import numpy as np
import pytest

from cortex.cells.adex import AdExCell, AdExNeurons
from cortex.cells.izhikevich import Izhikevich2007Neurons
from cortex.cells.mixed import part_of
from cortex.errors import ParameterError
from cortex.networks.case import read_case
from cortex.params.description.population import ReceptorParams
from cortex.params.izhikevich import REGULAR_SPIKING
from cortex.params.simulation import SimulationParams
from cortex.spiking import simulate
from cortex.steps.predict import predict

ADEX = {
    "C_pF": 281.0, "g_L_nS": 30.0, "E_L_mV": -70.6, "V_th_mV": -50.4, "Delta_T_mV": 2.0,
    "V_reset_mV": -60.0, "V_peak_mV": 0.0, "tau_w_ms": 144.0, "a_nS": 4.0, "b_pA": 80.5,
    "tau_ref_ms": 2.0,
}  # fmt: skip
FILE: dict[str, Any] = {
    "populations": {
        "E": {"size": 80, "neuron": {"model": "adex", **ADEX}},
        "I": {"like": "E", "size": 20, "neuron": {"b_pA": 0.0}},
    },
    "receptors": {
        "ampa": {"tau_s_ms": 5.0, "E_rev_mV": 0.0},
        "gaba": {"tau_rise_ms": 1.0, "tau_s_ms": 10.0, "E_rev_mV": -80.0},
    },
    "projections": {
        "from_E": {
            "source": "E", "target": "all", "in_degree": 10, "g_nS": 6.0, "delay_ms": 1.0,
            "receptor": "ampa", "U": 0.5, "tau_rec_ms": 200.0,
        },
        "from_I": {
            "source": "I", "target": "all", "in_degree": 5, "g_nS": 20.0, "delay_ms": 1.0,
            "receptor": "gaba",
        },
    },
    "drive": {
        "bg": {"target": "all", "rate_Hz": 2000.0, "g_nS": 2.0, "receptor": "ampa"},
        "kick": {"target": "E", "rate_Hz": 100.0, "J_mV": 1.0, "receptor": "delta"},
        "bias": {"target": "all", "current_pA": 300.0},
    },
}  # fmt: skip


def laid(**changes):
    return {**FILE, **changes}


def test_a_file_gives_the_normal_form_that_its_units_say():
    net = read_case("mine", FILE, "default").network
    expected = AdExCell.from_config(ADEX).normal()
    assert isinstance(net.neurons, AdExNeurons)
    assert {n: getattr(net.neurons, n)[0] for n in expected} == pytest.approx(expected)
    assert net.neurons.b[1] == 0.0
    synapses, C = net.synapses, 281e-12
    assert synapses.g[:, 0] == pytest.approx(6e-9 * 5e-3 / C)
    assert synapses.E_rev[0] == pytest.approx([0.0706, -0.0094])
    assert synapses.tau_rise[0].tolist() == [0.0, 1e-3]
    assert synapses.U[0].tolist() == [0.5, 1.0]
    assert net.drive.mu_dc == pytest.approx(300e-12 / 30e-9)
    # the inputs of E from A to Z: conductances of bg, jumps of kick
    assert net.drive.g[0] == pytest.approx([2e-9 * 5e-3 / C, 0.0])
    assert net.drive.tau_s[0].tolist() == [5e-3, 0.0]


def test_the_cell_of_izhikevich_2007_stands_in_files_beside_others():
    cell = {"model": "izhikevich_2007", **REGULAR_SPIKING.to_config()}
    populations = {**FILE["populations"], "I": {"size": 20, "neuron": cell}}
    net = read_case("mine", laid(populations=populations), "default").network
    own = part_of(net.neurons, 1)
    assert isinstance(own, Izhikevich2007Neurons)
    # C/(k 10 mV) = 100 pF/30 nS; 5 nS and 400 pA over 30 nS
    assert (own.tau_m, own.a, own.b) == pytest.approx((1e-10 / 3e-8, 5.0 / 30.0, 4e-10 / 3e-8))
    assert net.drive.mu_dc == pytest.approx([300e-12 / 30e-9, 300e-12 / 30e-9])
    assert net.synapses.g[1, 0] == pytest.approx(6e-9 * 5e-3 / 1e-10)
    assert net.synapses.E_rev[1] == pytest.approx([0.06, -0.02])


@pytest.mark.parametrize(
    ("rise", "decay"), [(0.0, 5e-3), (5e-3, 5e-3), (1e-3, 10e-3), (5e-3, 1e-3)]
)
def test_weights_are_peaks_of_the_course_of_a_receptor(rise, decay):
    t = np.linspace(0.0, 0.2, 400_001)
    if rise == 0.0:
        course = np.exp(-t / decay)
    elif rise == decay:
        course = t * np.exp(-t / decay)
    else:
        course = (np.exp(-t / decay) - np.exp(-t / rise)) / (decay - rise)
    peak_is_one = course / course.max()
    # the grid of half a microsecond misses the peak by 1e-8 of it
    integral = ReceptorParams(tau_s=decay, tau_rise=rise).integral
    assert integral == pytest.approx(np.trapezoid(peak_is_one, t), rel=1e-6, abs=1e-7)


def test_a_file_with_conductances_and_jumps_runs_and_theory_tells_or_says_why_not():
    case = read_case("mine", FILE, "default")
    settings = SimulationParams(dt=1e-4, warm_up=0.1, duration=0.5, precision="float32")
    run = simulate(case.network, settings, seed=1)
    assert run.kernel == "cells"
    assert 1.0 < len(run.spikes) / 100 / 0.5 < 100.0
    tables, refused = predict(case)
    assert {"rates", "spectra", "response"} <= {*tables, *refused}
    assert all(refused.values())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"receptors": {**FILE["receptors"], "ampa": {"tau_s_ms": 5.0}}},
         "ampa has no reversal potential"),
        ({"populations": {**FILE["populations"], "E": {"size": 1, "neuron": {"model": "adx"}}}},
         "is none of lif, eif, adex"),
        ({"populations": {**FILE["populations"], "E": {"size": 1, "neuron": {"C_pF": 1.0}}}},
         "with model: lif, eif, adex"),
        ({"receptors": {**FILE["receptors"], "gaba": {"tau_s_ms": 0.0, "tau_rise_ms": 1.0}}},
         "delta synapse, which has no rise"),
        ({"receptors": {**FILE["receptors"], "gaba": {"tau_s_ms": 0.0, "E_rev_mV": -80.0}}},
         "no delta synapse .gaba.; or give kick"),
        ({"populations": {**FILE["populations"],
          "E": {"size": 80, "neuron": {"model": "adex", **ADEX, "V_reset_mV": 10.0}}}},
         "must lie below"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused(changes, message):
    with pytest.raises(ParameterError, match=message):
        read_case("mine", laid(**changes), "default")


def test_a_file_is_restored_from_what_was_read():
    model = read_case("mine", FILE, "default").block
    from cortex.params.description.study import DescribedNetwork

    described = DescribedNetwork.from_config(model).model
    assert type(described).from_config(described.to_config()) == described
