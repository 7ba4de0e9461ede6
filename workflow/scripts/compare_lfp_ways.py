"""LFP of the simulated currents of every cell beside the LFP of the spikes."""

from functools import partial
from typing import Any

import numpy as np

from cortex.analysis.population import rate_spectrum
from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.lfp import WAY_SPECTRA, WAY_TRACES
from cortex.io.spike_table import read_spike_table
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.lfp.amplitude import amplitude_matrix, mazzoni_neuron
from cortex.lfp.normalise import z_score
from cortex.lfp.probe import scatter_cells
from cortex.lfp.running import lfp_by_ways
from cortex.networks.case import case_of
from cortex.params.lfp_study import ProbeParams
from cortex.rng import stream


def main(smk: Any) -> None:
    """Simulate again, summing currents at the first shank; normalise, cut, estimate spectra."""
    case, seed = case_of("lfp_demonstration", smk.params.network), smk.params.seed
    network, of, bins = case.network, case.lfp, case.study.analysis
    probe, spikes = ProbeParams.from_config(smk.params.probe), read_spike_table(smk.input.spikes)
    cells = scatter_cells(probe, network.sizes[0], rng=stream(seed, "lfp", "somata"))
    contacts = probe.electrodes()[: probe.contacts]
    amplitude = amplitude_matrix(contacts, cells, mazzoni_neuron)
    ways_of = partial(lfp_by_ways, synapses=of.synapses, weighting=of.weighting, rule=case.rule)
    whole = ways_of(amplitude, spikes, network, case.study.simulation, seed=seed)
    start, size = round(bins.settle / spikes.dt), np.abs(amplitude.mean(axis=1))
    ways = {name: size * z_score(lfp[start:]) for name, lfp in whole.items()}
    power = {k: rate_spectrum(v, spikes.dt, segment=bins.segment) for k, v in ways.items()}
    shown, f = slice(round(case.study.excerpt.duration / spikes.dt)), power["bare"].frequency
    traces, spectra, low = [], [], f <= bins.max_frequency
    for e, (_, _, z) in enumerate(contacts):
        trace = {"electrode": e, "z": z, "time": spikes.dt * np.arange(1, shown.stop + 1)}
        traces.append(trace | {name: way[shown, e] for name, way in ways.items()})
        densities = {name: each.density[low, e] for name, each in power.items()}
        spectra.append({"electrode": e, "frequency": f[low], **densities})
    for name, schema, rows in (("traces", WAY_TRACES, traces), ("spectra", WAY_SPECTRA, spectra)):
        write_table(smk.output[name], schema, stack_columns(rows, schema), job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
