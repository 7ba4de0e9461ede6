"""Whatever small network is simulated, its spikes are sound, and so is the LFP they make.

``python tests/fuzz/test_simulations.py 500 [SEED]`` tries more and prints the counts.
"""

from dataclasses import replace

import numpy as np
import pytest
from counting import count
from test_mean_field import random_network

from cortex.errors import CortexError
from cortex.lfp.population import population_rws
from cortex.params.simulation import SimulationParams
from cortex.spiking import Recorder, simulate


def small_network(rng):
    """Return a random network of at most 300 neurons; few in-degrees and delays are impossible."""
    network = random_network(rng)
    sizes = rng.integers(2, 50, network.n_pops)
    synapses = network.synapses
    most = sizes[None, :] - 1 if rng.random() < 0.9 else 60
    in_degrees = np.minimum(synapses.in_degrees, most)
    on_grid = np.round(synapses.delay / 2e-4) * 2e-4 if rng.random() < 0.9 else synapses.delay
    J = np.clip(synapses.J * rng.choice([1.0, 1.0, 10.0, 30.0]), -0.02, 0.02)
    synapses = replace(synapses, in_degrees=in_degrees, delay=np.maximum(on_grid, 2e-4), J=J)
    return replace(network, sizes=sizes, synapses=synapses)


def ask(seed):
    """Simulate one network, make its LFP; return the first refusal, if any."""
    rng = np.random.default_rng(seed)
    refused = None
    try:
        network = small_network(rng)
        settings = SimulationParams(
            dt=float(rng.choice([5e-5, 1e-4, 2e-4])),
            warm_up=float(rng.choice([0.0, 0.01])),
            duration=0.05,
            precision=str(rng.choice(["float32", "float64"])),
        )
        traced = tuple(range(min(3, int(network.sizes.sum()))))
        record = Recorder(voltages=traced) if rng.random() < 0.5 else None
        run = simulate(network, settings, seed=int(rng.integers(0, 1000)), record=record)
    except CortexError as error:
        return str(error)
    spikes = run.spikes
    assert np.all((spikes.steps >= 0) & (spikes.steps < spikes.n_steps))
    assert np.all(np.diff(spikes.steps) >= 0)
    assert np.all((spikes.neurons >= 0) & (spikes.neurons < network.sizes.sum()))
    for name, trace in run.traces.items():
        assert np.all(np.isfinite(trace)), name
    try:
        lfp = population_rws(spikes, network, targets=(network.names[0],))
    except CortexError as error:
        refused = str(error)
    else:
        assert np.all(np.isfinite(lfp))
    return refused


@pytest.mark.filterwarnings("ignore::cortex.errors.RegimeWarning")
@pytest.mark.parametrize("first", range(0, 40, 10))
def test_random_small_networks_are_simulated_or_refused(first):
    outcomes = [ask(seed) for seed in range(first, first + 10)]
    assert None in outcomes  # most of them are possible


if __name__ == "__main__":
    count(ask)
