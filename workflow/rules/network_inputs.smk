"""What jobs on networks read: blocks of the configuration, spikes, tables."""

from cortex.io.schemas.network import COMPARED, LFP, OBSERVED, PREDICTED
from cortex.params.description.populations import has_conductances
from cortex.params.description.states import part_of, state_named, states_of
from cortex.params.description.study import split

NETWORKS = config["networks"]
STATES = {network: states_of(block) for network, block in NETWORKS.items()}
TRACED = [
    n for n, block in NETWORKS.items() if "lfp" in block and has_conductances(block)
]


def part(*left_out, is_shown=False):
    """Return the input function of what one job reads of a network: its block, some keys less."""
    return lambda wildcards: part_of(
        NETWORKS[wildcards.network], None, left_out, is_shown=is_shown
    )


def part_at_state(*left_out):
    """Return the same of one state, alone."""
    return lambda wildcards: part_of(
        NETWORKS[wildcards.network], wildcards.state, left_out
    )


def model_of(find):
    """Return the input function of the keys of the network that a part of the study names."""

    def keys(wildcards):
        part = find(STUDY)
        state = state_named(NETWORKS, part.network, part.state)
        return split(part_of(NETWORKS[part.network], state, ()))[1]

    return keys


def spikes_of(wildcards):
    """Return the spikes of every seed of one state."""
    seeds = NETWORKS[wildcards.network].get("seeds", 3)
    return [
        f"results/networks/{wildcards.network}/{wildcards.state}/spikes-{seed}.parquet"
        for seed in range(seeds)
    ]


def currents_of(wildcards):
    """Return the recorded currents of every seed of one state, where the LFP is made of them."""
    if wildcards.network not in TRACED:
        return []
    return [path.replace("spikes-", "currents-") for path in spikes_of(wildcards)]


def threads_of_run(wildcards):
    """Return the cores of NEST's processes and threads, or those left when all networks run."""
    block = NETWORKS[wildcards.network]
    if block.get("backend") == "nest":
        asked = block.get("nest") or {}
        return asked.get("threads", 1) * asked.get("processes", 1)
    jobs = sum(
        len(STATES[network]) * block.get("seeds", 3)
        for network, block in NETWORKS.items()
    )
    return -(-(workflow.resource_settings.cores or 1) // max(jobs, 1))


def lines_of(wildcards):
    """Return the lines in the plane of two keys, where the network asks for them."""
    if NETWORKS[wildcards.network].get("lines") is None:
        return []
    return f"results/networks/{wildcards.network}/lines.parquet"


def measured_of(wildcards):
    """Return the benchmark files of every job behind the page of a network, step by step."""
    network = wildcards.network
    block, states = NETWORKS[network], STATES[network]
    seeds = range(block.get("seeds", 3))
    simulated = states if seeds else ()
    steps = {
        "predict": ("predict_network", [network]),
        "follow lines": ("follow_lines", [network] if lines_of(wildcards) else []),
        "simulate": (
            "trace_network" if network in TRACED else "simulate_network",
            [f"{network}/{state}-{seed}" for state in simulated for seed in seeds],
        ),
        "observe": ("observe_network", [f"{network}/{state}" for state in simulated]),
        "LFP": (
            "synthesise_lfp",
            [f"{network}/{state}" for state in simulated if "lfp" in block],
        ),
        "compare": ("compare_network", [network]),
        "page": ("show_network", [network]),
    }
    return {
        step: [f"benchmarks/rules/{rule}/{job}.tsv" for job in jobs]
        for step, (rule, jobs) in steps.items()
    }


def tables(folder, prefix, schemas):
    """Return name -> file of every kind of table of one step."""
    return {f"{prefix}_{kind}": f"{folder}/{prefix}_{kind}.parquet" for kind in schemas}


def of_states(prefix, schemas):
    """Return the input function of the tables of every state that is simulated."""

    def files(wildcards):
        block = NETWORKS[wildcards.network]
        if not block.get("seeds", 3) or (prefix == "lfp" and "lfp" not in block):
            return []
        folder = f"results/networks/{wildcards.network}"
        states = STATES[wildcards.network]
        return [
            path
            for state in states
            for path in tables(f"{folder}/{state}", prefix, schemas).values()
        ]

    return files
