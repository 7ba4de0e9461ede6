"""Join the Brunel states into one table per kind of result."""

from typing import Any

from cortex.analysis.excerpts import activity_excerpt, raster_excerpt, spread_over_networks
from cortex.analysis.population import rate_spectrum
from cortex.io.job import job_log, job_provenance
from cortex.io.schemas import brunel
from cortex.io.spike_table import read_spike_table
from cortex.io.stack import stack_columns
from cortex.io.tables import read_table, read_tables, write_table
from cortex.params.brunel import ExcerptParams
from cortex.params.statistics import StatisticsParams


def main(smk: Any) -> None:
    """Stack the statistics; cut rasters and traces; average the spectra over networks."""
    cut = ExcerptParams.from_config(smk.params.excerpt)
    bins = StatisticsParams.from_config(smk.params.analysis)
    per_run = read_tables(smk.input.spectra, brunel.SPECTRUM)
    window = {"start": cut.start, "duration": cut.duration}
    tables: dict[str, list[dict[str, Any]]] = {"rasters": [], "activity": [], "spectra": []}
    for state, spike_file, lfp_file in zip(
        smk.params.states, smk.input.spikes, smk.input.lfp, strict=True
    ):
        spikes, lfp = read_spike_table(spike_file), read_table(lfp_file, brunel.LFP)["lfp"]
        raster = raster_excerpt(spikes, **window, n_neurons=cut.n_neurons, excitatory=("E",))
        activity = activity_excerpt(spikes, lfp, **window, rate_bin=bins.rate_bin)
        frequency, power, std = spread_over_networks(per_run, state)
        settled = lfp[round(bins.settle / spikes.dt) :]
        lfp_power = rate_spectrum(settled, spikes.dt, segment=bins.segment).density
        spectrum = {"frequency": frequency, "rate_power": power, "rate_power_std": std}
        pieces = (raster, activity, spectrum | {"lfp_power": lfp_power[: len(frequency)]})
        for name, piece in zip(tables, pieces, strict=True):
            tables[name].append({"state": state, **piece})
    source = job_provenance(smk)
    statistics = read_tables(smk.input.statistics, brunel.STATISTICS)
    write_table(smk.output.states, brunel.STATISTICS, statistics, source)
    for name, schema in (
        ("rasters", brunel.RASTERS),
        ("activity", brunel.ACTIVITY),
        ("spectra", brunel.SPECTRA),
    ):
        write_table(smk.output[name], schema, stack_columns(tables[name], schema), source)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
