"""Spikes of any file on a grid, under the names of the network."""

from typing import Any

from cortex.io.job import run_job
from cortex.io.recorded import read_recorded
from cortex.io.spike_table import write_spikes
from cortex.params.description.study import DescribedNetwork
from cortex.params.recording import RecordingParams
from cortex.provenance import Provenance


def main(smk: Any) -> None:
    """Read the file as the configuration says; it has no provenance of cortex to hand on."""
    params, block = RecordingParams.from_config(smk.params.recording), smk.params.network
    network = None if block is None else DescribedNetwork.from_config(block).model.network()
    spikes = read_recorded(params, () if network is None else network.names)
    source = Provenance(
        rule=str(smk.rule),
        params={"recording": smk.params.recording, "network": block},
        code=smk.params.code,
        wildcards=dict(smk.wildcards.items()),
    )
    write_spikes(smk.output.spikes, spikes, source)


if __name__ == "__main__":
    run_job(main, globals())
