"""Simulate the ring once; write its statistics, space-time spectrum and a raster."""

from typing import Any

import numpy as np

from cortex.analysis.trains import interval_cv
from cortex.analysis.waves import detect_wave, space_time_rate, space_time_spectrum
from cortex.io.job import job_log, job_provenance
from cortex.io.schemas import spiking
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.params.spiking import RingSimulation
from cortex.rng import child_seed
from cortex.spiking.simulation import simulate


def main(smk: Any) -> None:
    """Run one network of one case and measure the wave of its excitatory neurons."""
    study = RingSimulation.from_config(smk.params.ring)
    case, number = smk.wildcards.case, int(smk.wildcards.network)
    network = study.cases[case].of(study.model).network()
    seed = child_seed(smk.params.seed, "ring", case, number)
    spikes = simulate(network, study.simulation, seed=seed).spikes
    excitatory = spikes.of("E")
    rate = space_time_rate(excitatory, n_space=study.n_space, width=study.rate_bin)
    spectrum = space_time_spectrum(rate, study.rate_bin, segment=study.segment)
    wave = detect_wave(spectrum)
    row = {
        "g": study.cases[case].g,
        "nu": len(spikes.steps) / (spikes.sizes.sum() * spikes.duration),
        "cv": np.nanmean(interval_cv(spikes)),
        "wave_number": wave.number,
        "frequency": wave.frequency,
        "direction": wave.direction,
        "share": wave.share,
    }
    frequency, wave_number = np.meshgrid(spectrum.frequency, spectrum.wave_number, indexing="ij")
    waves = {"frequency": frequency, "wave_number": wave_number, "power": spectrum.power}
    early = excitatory.times <= study.excerpt
    position = excitatory.neurons[early] / excitatory.sizes[0]
    source = job_provenance(smk)
    for path, schema, piece in (
        (smk.output.statistics, spiking.RING_STATISTICS, row),
        (smk.output.spectrum, spiking.RING_SPECTRA, {k: v.ravel() for k, v in waves.items()}),
        (
            smk.output.raster,
            spiking.RING_RASTERS,
            {"time": excitatory.times[early], "position": position},
        ),
    ):
        columns = stack_columns([{"case": case, "network": number, **piece}], schema)
        write_table(path, schema, columns, source)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
