"""CPU time and memory of the jobs of a run, from neurons, synapses and seconds, beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cortex.params.description.states import block_at
from cortex.params.description.study import DescribedNetwork

RATE: Final = 10.0  # Hz; what a neuron is taken to fire
PER_JOB: Final = 1.5  # CPU s; start of Python, imports, reading and writing
PER_PREDICTION: Final = 1.5  # CPU s; one state
PAGE: Final = 7.0  # CPU s; the notebook with its pictures
PER_NEURON_STEP: Final = 1.5e-9  # CPU s
PER_EVENT: Final = 5e-10  # CPU s; one spike at one synapse
PER_SYNAPSE: Final = 2e-8  # CPU s; drawing it
BASE_MEMORY: Final = 0.3e9  # B; Python with its packages
SYNAPSE_MEMORY: Final = 10.0  # B
SPIKE_MEMORY: Final = 30.0  # B


@dataclass(frozen=True, slots=True)
class Cost:
    """What one job costs.

    Parameters
    ----------
    cpu_time : float
        s, compiled caches warm; right within a factor of 3 for simulations.
    memory : float
        B.
    """

    cpu_time: float
    memory: float


def simulation_cost(block: Mapping[str, Any]) -> Cost:
    """Return the cost of one run of a network, from the block of its state."""
    described = DescribedNetwork.from_config(block)
    network, study = described.model.network(), described.study
    sizes = network.sizes * study.scale
    n = float(sizes.sum())
    synapses = float(sizes @ network.synapses.in_degrees.sum(axis=1)) * study.scale
    seconds = study.simulation.warm_up + study.simulation.duration
    steps = seconds / study.simulation.dt
    work = n * steps * PER_NEURON_STEP + synapses * (RATE * seconds * PER_EVENT + PER_SYNAPSE)
    memory = BASE_MEMORY + SYNAPSE_MEMORY * synapses + SPIKE_MEMORY * n * RATE * seconds
    return Cost(PER_JOB + work, memory)


def cost_of(job: str, networks: Mapping[str, Any]) -> Cost:
    """Return the cost of a job by its message; jobs that are no simulation take seconds."""
    words = [word.strip(",") for word in job.split()]
    if job.startswith("Simulate network ") and words[2] in networks:
        return simulation_cost(block_at(networks[words[2]], words[4]))
    if job.startswith("Predict network "):
        n_states = len(networks.get(words[2], {}).get("states") or {"default": {}})
        return Cost(PER_JOB + n_states * PER_PREDICTION, BASE_MEMORY)
    if job.startswith(("Page of network ", "Run notebook ")):
        return Cost(PAGE, 2.0 * BASE_MEMORY)
    return Cost(PER_JOB, BASE_MEMORY)


def sentence(costs: Mapping[str, Cost], cores: int) -> str:
    """Return the line that is said before a run, from the costs of its jobs by message."""
    listed = list(costs.values())
    shares = sum(job.startswith("Sweep ") for job in costs)
    points = f"; not counted: the points of {shares} shares of sweeps" if shares else ""
    n, cpu_time = len(listed), sum(cost.cpu_time for cost in listed)
    memory = sum(sorted((cost.memory for cost in listed), reverse=True)[:cores])
    return (
        f"{n} job{'' if n == 1 else 's'}, about {duration(cpu_time / min(cores, n))} on "
        f"{min(cores, n)} core{'' if min(cores, n) == 1 else 's'} ({duration(cpu_time)} of CPU "
        f"time), up to {memory / 1e9:.1f} GB of memory; estimated from neurons, synapses and "
        "seconds, within a factor of 3; minutes more where something is compiled for the first time"
        f"{points}"
    )


def duration(seconds: float) -> str:
    """Return a time in words.

    Examples
    --------
    >>> duration(42.4), duration(130.0), duration(9000.0)
    ('42 s', '2 min', '2.5 h')
    """
    if seconds < 100.0:
        return f"{seconds:.0f} s"
    if seconds < 5400.0:
        return f"{seconds / 60.0:.0f} min"
    return f"{seconds / 3600.0:.1f} h"
