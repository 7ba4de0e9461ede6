"""LFP of a recording: by the weights of its network, else by unitary kernels."""

from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.network import write_tables
from cortex.io.schemas.network import LFP
from cortex.io.schemas.recordings import UNITARY
from cortex.io.spike_table import read_spike_table
from cortex.networks.case import case_of
from cortex.params.recording import RecordingParams
from cortex.steps.recorded_lfp import kernel_lfp, weighted_lfp


def main(smk: Any) -> None:
    """Weight the spikes as their network does; where none has their populations, by kernels."""
    params, block = RecordingParams.from_config(smk.params.recording), smk.params.network
    spikes = read_spike_table(smk.input.spikes)
    case = None if block is None else case_of(params.network, block)
    made = {} if case is None else weighted_lfp(case, spikes, params)
    source, kernels = job_provenance(smk), {} if made else kernel_lfp(spikes, params)
    write_tables(smk.output, "lfp", LFP, [made], provenance=source)
    write_tables(smk.output, "unitary", UNITARY, [kernels], provenance=source)


if __name__ == "__main__":
    run_job(main, globals())
