"""cortex: the published ring in both schemes, and a network of 10,000 cells."""

import time

import numpy as np
from scipy import sparse

from benchmarks.izhikevich.tasks import (
    LARGE,
    LARGE_IN_DEGREE,
    LARGE_LOOP,
    LARGE_N,
    LARGE_WEIGHT_NS,
    N_STEPS,
    SMALL,
    SMALL_CLEAN,
    large_current,
    measure,
)
from cortex.izhikevich import published_run
from cortex.izhikevich.ring import EXCITATION, INHIBITION
from cortex.params.izhikevich import FAST_SPIKING, REGULAR_SPIKING
from cortex.params.simulation import SimulationParams
from cortex.spiking import (
    CurrentDrive,
    IzhikevichNetwork,
    IzhikevichPopulation,
    Pathway,
    Recorder,
    simulate,
)
from cortex.spiking.izhikevich.engine import IzhikevichEngine
from cortex.spiking.izhikevich.network import Scheme
from cortex.spiking.requests import Request

ALL = list(range(120))
FULL = Recorder(voltages=ALL)
SIX = Recorder(voltages=ALL, currents="neuron", current_neurons=ALL)


def small(scheme: Scheme, record: Recorder | None) -> int:
    """Return the number of spikes of the published ring."""
    return len(published_run("ring_100_20", scheme, record=record).spikes)


def large_network() -> IzhikevichNetwork:
    """Return the sparse network: fixed in-degree, one weight per kind of source."""
    rng, pathways = np.random.default_rng(0), []
    for target in "EI":
        for source in "EI":
            n, k = LARGE_N[target], LARGE_IN_DEGREE[source]
            index = rng.integers(0, LARGE_N[source], n * k, dtype=np.int32)
            weight = np.full(n * k, LARGE_WEIGHT_NS[source] * 1e-9, dtype=np.float32)
            start = np.arange(0, n * k + 1, k)
            w = sparse.csr_array((weight, index, start), shape=(n, LARGE_N[source]))
            mix = EXCITATION if source == "E" else INHIBITION
            pathways.append(Pathway(source=source, target=target, weights=w, receptors=mix))
    cells = {"E": REGULAR_SPIKING, "I": FAST_SPIKING}
    populations = tuple(IzhikevichPopulation(name=p, size=LARGE_N[p], cell=cells[p]) for p in "EI")
    current = large_current() * 1e-12
    drives = (
        CurrentDrive(target="E", amplitude=current[: LARGE_N["E"]]),
        CurrentDrive(target="I", amplitude=current[LARGE_N["E"] :]),
    )
    return IzhikevichNetwork(populations=populations, pathways=tuple(pathways), drives=drives)


def main() -> None:
    """Print one line per task; the cold start is that of a process with compiled code cached."""
    cold = time.process_time()
    small("reference", None)
    small("standard", None)
    print(f"first runs of this process: {time.process_time() - cold:.2f} s of CPU")
    measure("100+20 ring, 1 s, full v and u", lambda: small("reference", FULL))
    measure("100+20 ring, 1 s, all six full", lambda: small("reference", SIX))
    measure(SMALL, lambda: small("reference", None), 10)
    measure(SMALL_CLEAN, lambda: small("standard", None), 10)
    run(large_network(), 0.01)
    measure(LARGE, lambda: run(large_network(), 1.0))
    engine = IzhikevichEngine(large_network(), Request(settings=settings(1.0), seed=0))
    measure(LARGE_LOOP, lambda: step(engine, N_STEPS))


def settings(duration: float) -> SimulationParams:
    """Return the settings of all runs."""
    return SimulationParams(dt=1e-4, warm_up=0.0, duration=duration, precision="float64")


def run(network: IzhikevichNetwork, duration: float) -> float:
    """Run a network, return its mean number of spikes."""
    return len(simulate(network, settings(duration), seed=0).spikes) / network.n_neurons


def step(engine: IzhikevichEngine, n_steps: int) -> float:
    """Step a network that is laid out, return its mean number of spikes."""
    out, n_spikes = np.empty((2, 1 << 20), dtype=np.int32), 0
    while engine.step < n_steps:
        n_spikes += engine.advance(n_steps, out)
    return n_spikes / engine.network.n_neurons


if __name__ == "__main__":
    main()
