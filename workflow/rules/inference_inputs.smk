"""What inference reads: a sweep of simulated recordings, and the one over the prior of its network."""

from cortex.params.description.states import block_at

PRIOR = "prior"
# NAME_prior is what `cortex infer` calls the sweep that teaches; every other sweep that simulates
# NAME is recordings, and so is itself, a fifth at a time
RECORDED = [
    name
    for name, sweep in STUDY.sweeps.items()
    if sweep.model == "network"
    and f"{sweep.network}_{PRIOR}" in STUDY.sweeps
    and NETWORKS[sweep.network].get("free")
]


def data_of(wildcards):
    """Return what recordings of a network may be."""
    block = NETWORKS[STUDY.sweeps[wildcards.recordings].network]
    return ["spikes", "rate", "lfp"] if "lfp" in block else ["spikes", "rate"]


def sought_of(wildcards):
    """Return the keys of the network at the state that is simulated, with its prior."""
    sweep = STUDY.sweeps[wildcards.recordings]
    block = NETWORKS[sweep.network]
    return block_at(block, state_named(NETWORKS, sweep.network, sweep.state))


def prior_of(wildcards):
    """Return the tables of the sweep that teaches."""
    return tables_of(f"{STUDY.sweeps[wildcards.recordings].network}_{PRIOR}", wildcards)


def recordings_of(wildcards):
    """Return the tables of the recordings; none where they are those of the prior."""
    is_prior = wildcards.recordings.endswith(f"_{PRIOR}")
    return [] if is_prior else tables_of(wildcards.recordings, wildcards)


def tables_of(sweep, wildcards):
    """Return the points of a sweep, and the arrays that tell of populations and spectra."""
    arrays = ["populations", "spectrum"]
    arrays += ["lfp_spectrum"] if "lfp" in data_of(wildcards) else []
    return [
        f"results/sweeps/{sweep}.parquet",
        *(f"results/sweeps/{sweep}/{array}.parquet" for array in arrays),
    ]
