"""Cells and synapses of all kinds against NEST 3.10: every spike, and V to the file's precision."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import reference_cells as reference

from cortex.spiking import Recorder, SourceLists, simulate

NETWORKS = {case["name"]: case for case in reference.load("small_networks")}
CELLS = {case["name"]: case for case in reference.load("single_neuron")}
# one case of each kind at a tenth of the step too; they take ten times as long
FINE = ("pattern_irregular", "adex_cond_alpha_trains", "lif_cond_beta_trains")
RUNS = [(name, 0.1) for name in CELLS] + [(name, 0.01) for name in FINE]
# NEST's adaptive steps leave this much in V after spikes: reference README, precision
V_TOLERANCE_MV = 1e-4
LOOSE_MV = {"pattern_irregular": 5e-4}


@pytest.mark.parametrize("name", NETWORKS)
def test_every_spike_of_thirty_neurons_equals_nest(name):
    case = NETWORKS[name]
    dt, traced = case["dt_ms"], case["V_samples"]
    run = simulate(
        reference.network(case, [case["NE"], case["N"] - case["NE"]]),
        reference.settings(dt, case["T_ms"]),
        seed=0,
        wiring=reference.wiring(case, dt),
        inputs=reference.inputs_of_network(case, dt),
        record=Recorder(voltages=traced["neurons"]),
    )
    found = sorted(zip((run.spikes.steps + 1).tolist(), run.spikes.neurons.tolist(), strict=True))
    steps = np.rint(np.array(case["raster"]["times_ms"]) / dt).astype(int).tolist()
    assert found == sorted(zip(steps, case["raster"]["neuron"], strict=True))
    at = np.rint(np.array(traced["sample_times_ms"]) / dt).astype(int) - 1
    inside = at < len(run.traces["V"])
    V = run.traces["V"][at[inside]] * 1e3 + case["params"]["E_L"]
    expected = np.array(traced["V_mV"])[:, inside].T
    np.testing.assert_allclose(V, expected, rtol=0, atol=V_TOLERANCE_MV)


@pytest.mark.parametrize(("name", "dt"), RUNS)
def test_single_cells_under_steps_and_trains_equal_nest(name, dt):
    case = CELLS[name]
    run = simulate(
        reference.network(case, [1, 1]),
        reference.settings(dt, case["T_ms"]),
        seed=0,
        wiring=SourceLists.from_connections([1], [0], n_neurons=2, delays=[1], weights=[0.0]),
        inputs=reference.inputs_of_cell(case, dt),
        record=Recorder(voltages=[0]),
    )
    steps = (run.spikes.steps[run.spikes.neurons == 0] + 1).tolist()
    times = np.array(case["results"][f"dt_{dt}"]["spike_times_ms"])
    assert steps == np.rint(times / dt).astype(int).tolist()
    if dt == 0.1:
        samples = case["results"]["dt_0.1"]
        at = np.rint(np.array(samples["sample_times_ms"]) / dt).astype(int) - 1
        inside = at < len(run.traces["V"])
        V = run.traces["V"][at[inside], 0] * 1e3 + case["params"]["E_L"]
        atol = LOOSE_MV.get(name, V_TOLERANCE_MV)
        np.testing.assert_allclose(V, np.array(samples["V_m"])[inside], rtol=0, atol=atol)
        if "w" in run.traces:
            w = run.traces["w"][at[inside], 0] * reference.leak(case["params"]) * 1e3
            # pA; a slope of the leak, 30 nS, times the tolerance of V, and a spike's share
            np.testing.assert_allclose(w, np.array(samples["w"])[inside], rtol=0, atol=0.01)
