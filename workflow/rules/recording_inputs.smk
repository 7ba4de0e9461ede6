"""What jobs on recordings read: their blocks, and files of the network beside them."""

from cortex.io.schemas.recordings import BESIDE, DESCRIBED, FIELD, UNITARY

RECORDINGS = STUDY.recordings
AGAINST = [name for name, recording in RECORDINGS.items() if recording.network]

WITH_FIELD = [name for name, recording in RECORDINGS.items() if recording.field]


def block_of(wildcards):
    """Return the block of a recording."""
    return config["recordings"][wildcards.recording]


def network_of(wildcards):
    """Return the keys of the network that a recording is held against, at its state; or none."""
    recording = RECORDINGS[wildcards.recording]
    if not recording.network:
        return None
    block, state = NETWORKS[recording.network], recording.state_among(NETWORKS)
    return part_of(block, state, ("seeds", "excerpt", "lines"))


def of_network(*patterns):
    """Return the input function of files of that network; none where there is none."""

    def files(wildcards):
        recording = RECORDINGS[wildcards.recording]
        if not recording.network:
            return []
        state = recording.state_among(NETWORKS)
        seeds = range(NETWORKS[recording.network].get("seeds", 3))
        return [
            f"results/networks/{recording.network}/"
            + pattern.format(state=state, seed=seed)
            for pattern in patterns
            for seed in (seeds if "{seed}" in pattern else [0])
        ]

    return files
