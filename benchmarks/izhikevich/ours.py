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
    SMALL,
    SMALL_CLEAN,
    large_current,
    measure,
)
from cortex.izhikevich import (
    CurrentDrive,
    IzhikevichNetwork,
    NetworkSimulator,
    Pathway,
    Population,
    Recorder,
    published_case,
    simulate_network,
)
from cortex.izhikevich.packing import Scheme
from cortex.izhikevich.ring import EXCITATION, INHIBITION
from cortex.params.izhikevich import FAST_SPIKING, REGULAR_SPIKING

FULL = Recorder(variables=("v", "u"), every=1e-4)
SIX = ("v", "u", "ampa", "nmda", "gaba_a", "gaba_b")


def small(scheme: Scheme, recording: Recorder | None) -> int:
    """Return the number of spikes of the published ring."""
    return len(published_case("ring_100_20").run(scheme=scheme, recording=recording).spikes.times)


def large_network() -> tuple[IzhikevichNetwork, list[CurrentDrive]]:
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
    populations = tuple(Population(name=p, size=LARGE_N[p], cell=cells[p]) for p in "EI")
    current = large_current() * 1e-12
    drives = [
        CurrentDrive(target="E", amplitude=current[: LARGE_N["E"]]),
        CurrentDrive(target="I", amplitude=current[LARGE_N["E"] :]),
    ]
    return IzhikevichNetwork(populations=populations, pathways=tuple(pathways)), drives


def main() -> None:
    """Print one line per task; the cold start is that of a process with compiled code cached."""
    cold = time.process_time()
    six = Recorder(variables=SIX, every=1e-4, precision="float32")
    for recording in (None, FULL, six):
        for scheme in ("reference", "standard"):
            case = published_case("ring_100_20")
            simulate_network(
                case.network, 1e-3, drives=case.drives, scheme=scheme, recording=recording
            )
    print(f"first runs of this process: {time.process_time() - cold:.2f} s of CPU")
    measure("100+20 ring, 1 s, full v and u", lambda: small("reference", FULL))
    measure("100+20 ring, 1 s, all six full", lambda: small("reference", six))
    measure(SMALL, lambda: small("reference", None), 10)
    measure(SMALL_CLEAN, lambda: small("standard", None), 10)
    run_large(1e-3)
    measure(LARGE, lambda: run_large(1.0))
    network, drives = large_network()
    simulator = NetworkSimulator(network, 1.0, drives=drives)
    measure(LARGE_LOOP, lambda: sum(len(chunk.times) for chunk in simulator.spikes()) / 1e4)


def run_large(duration: float) -> float:
    """Draw the large network, run it, return its mean number of spikes."""
    network, drives = large_network()
    run = simulate_network(network, duration, drives=drives)
    return len(run.spikes.times) / network.n_neurons


if __name__ == "__main__":
    main()
