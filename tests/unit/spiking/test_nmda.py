"""NMDA receptors with magnesium block against NEST 3.10 (iaf_bw_2001_exact) and their equations."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import reference_cells as reference

from cortex.errors import ParameterError
from cortex.meanfield import solve_working_point
from cortex.networks.case import read_case
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons
from cortex.params.network import PopulationNetwork
from cortex.params.nmda import NMDA, NMDAParams
from cortex.params.simulation import SimulationParams
from cortex.params.synapses import Synapses
from cortex.spiking import Inputs, Recorder, SourceLists, SpikeInputs, simulate

CASES = {case["name"]: case for case in reference.load("nmda")}
CHEMISTRY = NMDAParams()
AMPA, GABA, KICK = range(3)  # inputs of the network below
FIRES = 0.19  # V, makes a source fire at once


def network(case):
    """Return a target, and a population of one neuron for every train onto NMDA receptors."""
    p = case["params"]
    trains = [each for each in case["input_trains"] if each["receptor"] == "NMDA"]
    n, C, E_L = len(trains) + 1, p["C_m"], p["E_L"]
    g = np.zeros((n, n))
    g[0, 1:] = [each["weight"] / p["g_L"] for each in trains]
    tau_s = [1e-3 * p["tau_AMPA"], 1e-3 * p["tau_GABA"], 0.0]
    source_threshold = [0.05] * (n - 1)
    return trains, PopulationNetwork(
        names=("T", *(f"S{k}" for k in range(1, n))),
        sizes=np.ones(n, dtype=int),
        neurons=LIFNeurons(
            tau_m=C / p["g_L"] * 1e-3,
            tau_ref=[1e-3 * p["t_ref"], *(0.0 for _ in trains)],
            V_th=[min(1e-3 * (p["V_th"] - E_L), 0.2), *source_threshold],
            V_reset=[1e-3 * (p["V_reset"] - E_L), *(0.0 for _ in trains)],
        ),
        synapses=Synapses(
            in_degrees=(g > 0).astype(float), J=0.0, g=[[0.1] * n] * n, tau_s=tau_s[0],
            E_rev=1e-3 * (p["E_ex"] - E_L), delay=1e-3,
        ),
        drive=Drive(
            rate=np.zeros(3), J=[0.0, 0.0, 0.01], g=[0.1, 0.1, 0.0], tau_s=tau_s,
            E_rev=[1e-3 * (p["E_ex"] - E_L), 1e-3 * (p["E_in"] - E_L), 0.0],
        ),
        nmda=NMDA(
            g=g, block=CHEMISTRY.block_at(1e-3 * E_L), E_rev=1e-3 * (p["E_ex"] - E_L),
            tau_rise=1e-3 * p["tau_rise_NMDA"], tau_s=1e-3 * p["tau_decay_NMDA"],
            alpha=1e3 * p["alpha"],
        ),
    )  # fmt: skip


def events(case, dt):
    """Return trains onto AMPA and GABA of the target, and kicks of the sources of NMDA."""
    p, parts, source = case["params"], [], 0
    for train in case["input_trains"]:
        steps = np.rint(np.array(train["times_ms"]) / dt).astype(int)
        if train["receptor"] == "NMDA":
            source += 1
            to, weight, kind = source, FIRES, KICK
        else:
            kind = AMPA if train["receptor"] == "AMPA" else GABA
            tau = p[f"tau_{train['receptor']}"]
            to, weight = 0, abs(train["weight"]) * tau * 1e-3 / p["C_m"]
            weight *= 1e3  # nS ms / pF
            steps = steps + round(train["delay_ms"] / dt)
        parts.append([steps, *(np.full(len(steps), each) for each in (to, weight, kind))])
    steps, targets, weights, kinds = (np.concatenate(each) for each in zip(*parts, strict=True))
    return SpikeInputs(
        steps=steps, targets=targets.astype(int), weights=weights, inputs=kinds.astype(int)
    )


@pytest.mark.parametrize("name", CASES)
def test_potential_and_spikes_are_those_of_nest(name):
    case, dt = CASES[name], 0.1
    trains, net = network(case)
    net = replace(net, synapses=replace(net.synapses, g=np.full(net.synapses.g.shape, 1e-12)))
    n = net.n_pops
    run = simulate(
        net,
        SimulationParams(
            dt=dt * 1e-3, warm_up=0.0, duration=case["T_ms"] * 1e-3, precision="float64",
            integration="accurate" if name != "mixed_passive" else "fixed",
        ),
        seed=0,
        wiring=SourceLists.from_connections(
            range(1, n), [0] * len(trains), n_neurons=n,
            delays=[round(each["delay_ms"] / dt) for each in trains], weights=None,
        ),
        inputs=Inputs(
            V0=np.array([1e-3 * (case["V0_mV"] - case["params"]["E_L"]), *[0.0] * len(trains)]),
            events=events(case, dt),
        ),
        record=Recorder(voltages=[0], currents="neuron", current_neurons=[0]),
    )  # fmt: skip
    expected = case["results"]
    own = run.spikes.steps[run.spikes.neurons == 0] + 1
    np.testing.assert_array_equal(own, np.rint(np.array(expected["spike_times_ms"]) / dt))
    at = np.rint(np.array(expected["sample_times_ms"]) / dt).astype(int) - 1
    V = 1e3 * run.traces["V"][at, 0] + case["params"]["E_L"]
    # the file's weighted s is off by 1e-6 of it where NEST steps far without input
    np.testing.assert_allclose(V, expected["V_m"], rtol=0, atol=2e-6)
    assert np.all(run.traces["g_nmda"] >= -1e-12)


def test_a_network_file_states_nmda_in_the_units_of_its_paper_and_theory_refuses_it():
    cell = {"model": "lif", "C_pF": 500.0, "g_L_nS": 25.0, "E_L_mV": -70.0, "V_th_mV": -50.0,
            "V_reset_mV": -55.0, "tau_ref_ms": 2.0}  # fmt: skip
    file = {
        "populations": {"E": {"size": 80, "neuron": cell}, "I": {"size": 20, "neuron": cell}},
        "receptors": {
            "ampa": {"tau_s_ms": 2.0, "E_rev_mV": 0.0}, "gaba": {"tau_s_ms": 5.0, "E_rev_mV": -70.0}
        },
        "projections": {
            "from_E": {"source": "E", "target": "all", "in_degree": 40, "g_nS": 0.1,
                       "g_nmda_nS": 0.5, "delay_ms": 0.5, "receptor": "ampa"},
            "from_I": {"source": "I", "target": "all", "in_degree": 10, "g_nS": 2.0,
                       "delay_ms": 0.5, "receptor": "gaba"},
        },
        "drive": {"out": {"target": "all", "rate_Hz": 2400.0, "g_nS": 3.0, "receptor": "ampa"}},
        "nmda": {"Mg_mM": 2.0},
    }  # fmt: skip
    case = read_case("mine", file, "default")
    nmda = case.network.nmda
    np.testing.assert_allclose(nmda.g, [[0.02, 0.0], [0.02, 0.0]])
    np.testing.assert_allclose(nmda.block, 2.0 / 3.57 * np.exp(0.062 * 70.0))
    np.testing.assert_allclose(nmda.E_rev, 0.07)
    with pytest.raises(ParameterError, match="no theory of NMDA"):
        solve_working_point(case.network)
    del file["populations"]["E"]["neuron"]
    file["populations"]["E"] |= {"tau_m_ms": 20.0, "tau_ref_ms": 2.0, "V_th_mV": 20.0,
                                 "V_reset_mV": 10.0, "C_pF": 500.0}  # fmt: skip
    with pytest.raises(ParameterError, match="g_nmda_nS: needs C_pF and absolute potentials"):
        read_case("mine", file, "default")
