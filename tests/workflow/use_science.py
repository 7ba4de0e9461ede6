"""A working point, a simulation and an LFP with the science alone; prints their numbers."""

import json
import sys

import cortex
from cortex.lfp.population import population_rws
from cortex.meanfield import solve_working_point
from cortex.params.simulation import SimulationParams
from cortex.spiking import simulate

network = cortex.preset("brunel", "C").network
settings = SimulationParams(dt=1e-4, warm_up=0.1, duration=0.1, precision="float64")
run = simulate(network, settings, seed=7)
lfp = population_rws(run.spikes, network, targets=("E",))
numbers = {
    "predicted_Hz": solve_working_point(network).nu.tolist(),
    "n_spikes": len(run.spikes.times),
    "lfp_sd": float(lfp.std()),
}
sys.stdout.write(json.dumps(numbers))
