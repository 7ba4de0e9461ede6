"""Depressing and facilitating synapses against NEST 3.10, release by release.

Those of tsodyks2 recover what a spike used at once, those of tsodyks after a stay in the current.
"""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import reference_cells as reference

from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons
from cortex.params.network import PopulationNetwork
from cortex.params.simulation import SimulationParams
from cortex.params.synapses import Synapses
from cortex.spiking import Inputs, Recorder, SourceLists, SpikeInputs, simulate

CASES = {
    f"{case['synapse_model']}, {case['name']}, {case['train']}": case
    for case in reference.load("stp")
}


@pytest.mark.parametrize("name", CASES)
def test_every_release_has_the_size_that_nest_gives_it(name):
    case = CASES[name]
    p, stp, dt = case["neuron_params"], case["syn_params"], case["dt_ms"]
    tau_s, tau_m, C = p["tau_syn_ex"] * 1e-3, p["tau_m"] * 1e-3, p["C_m"] * 1e-12
    steps = np.rint(np.array(case["spike_times_ms"]) / dt).astype(int)
    arrivals = np.rint(np.array(case["results"]["arrival_ms"]) / dt).astype(int)
    net = PopulationNetwork(
        names=("S", "T"),  # a source that input makes fire, a target that never does
        sizes=np.array([1, 1]),
        neurons=LIFNeurons(tau_m=tau_m, tau_ref=0.0, V_th=[0.05, 0.2], V_reset=0.0),
        synapses=Synapses(
            in_degrees=[[0.0, 0.0], [1.0, 0.0]],
            J=case["weight_pA"] * 1e-12 * tau_s / C,
            tau_s=tau_s,
            delay=2e-3,
            # rows are targets: those onto S would be others, and must not be taken for those onto T
            U=[[0.9, 1.0], [stp["U"], 1.0]],
            tau_rec=[[1.0, 0.0], [stp["tau_rec"] * 1e-3, 0.0]],
            tau_fac=[[2.0, 0.0], [stp["tau_fac"] * 1e-3, 0.0]],
            tau_active=[[0.0, 0.0], [stp.get("tau_psc", 0.0) * 1e-3, 0.0]],
        ),
        drive=Drive(rate=0.0, J=0.01, tau_s=0.0),
    )
    run = simulate(
        net,
        SimulationParams(
            dt=dt * 1e-3, warm_up=0.0, duration=case["T_ms"] * 1e-3, precision="float64"
        ),
        seed=0,
        wiring=SourceLists.from_connections(
            [0], [1], n_neurons=2, delays=arrivals[:1] - steps[:1], weights=None
        ),
        inputs=Inputs(
            V0=np.zeros(2),
            events=SpikeInputs(
                steps=steps,
                targets=np.zeros(len(steps), dtype=int),
                weights=np.full(len(steps), 0.19),
                inputs=np.zeros(len(steps), dtype=int),
            ),
        ),
        record=Recorder(currents="neuron", current_neurons=[1]),
    )
    np.testing.assert_array_equal(run.spikes.steps + 1, steps)
    current = run.traces["exc"][:, 0] * C / tau_m * 1e12  # pA; sample k stands at step k + 1
    jumps = current[arrivals - 1] - current[arrivals - 2] * np.exp(-dt * 1e-3 / tau_s)
    # the file holds twelve digits
    np.testing.assert_allclose(jumps, case["results"]["effective_weight_pA"], rtol=1e-9)
