"""Spikes of the demonstration network in the excerpt that the figures show."""

from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.lfp import RASTER
from cortex.io.spike_table import read_spike_table
from cortex.io.tables import write_table
from cortex.networks.case import case_of


def main(smk: Any) -> None:
    """Cut, number the neurons through both populations, write."""
    study = case_of("lfp_demonstration", smk.params.network).study
    spikes = read_spike_table(smk.input.spikes)
    time = spikes.times - study.analysis.settle
    kept = (time >= 0.0) & (time < study.excerpt.duration)
    columns = {
        "time": time[kept],
        "neuron": spikes.neurons[kept],
        "excitatory": spikes.neurons[kept] < spikes.first[1],
    }
    write_table(smk.output.raster, RASTER, columns, job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
