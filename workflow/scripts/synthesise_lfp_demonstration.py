"""LFP of the demonstration network at the contacts of a probe."""

from functools import partial
from typing import Any

import numpy as np

from cortex.analysis.population import rate_spectrum
from cortex.io.job import job_provenance, run_job
from cortex.io.schemas import lfp
from cortex.io.spike_table import read_spike_table
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.lfp.probe import probe_signals, scatter_cells
from cortex.lfp.regime import inverting_electrodes
from cortex.lfp.wiring import wired_classes
from cortex.networks.case import case_of
from cortex.params.lfp_study import ProbeParams
from cortex.rng import stream


def main(smk: Any) -> None:
    """Scatter the cells, send the spikes through the wiring, cut traces, estimate spectra."""
    case = case_of("lfp_demonstration", smk.params.network)
    probe = ProbeParams.from_config(smk.params.probe)
    network, bins, said = case.network, case.study.analysis, case.lfp
    spikes = read_spike_table(smk.input.spikes)
    draw = partial(wired_classes, network, seed=smk.params.seed, dt=spikes.dt, rule=case.rule)
    classes = draw(synapses=said.synapses, weighting=said.weighting)
    cells = scatter_cells(probe, network.sizes[0], rng=stream(smk.params.seed, "lfp", "somata"))
    at = np.asarray(spikes.dt * np.arange(1, spikes.n_steps + 1), dtype=np.float64)
    found = probe_signals(probe, cells, spikes, classes, at=at, discard=bins.settle)
    start, inverting = round(bins.settle / spikes.dt), inverting_electrodes(found.amplitude)
    shown = slice(start, start + round(case.study.excerpt.duration / spikes.dt))
    kinds = ("per_neuron", "population", "physical")
    cube = {"half_width": probe.half_width, "dendrite": probe.dendrite}
    settled = {kind: getattr(found, kind)[start:] for kind in kinds[:2]}
    power = {k: rate_spectrum(v, spikes.dt, segment=bins.segment) for k, v in settled.items()}
    f = power["population"].frequency
    low = f <= bins.max_frequency
    rows: dict[str, list[dict[str, Any]]] = {"electrodes": [], "traces": [], "spectra": []}
    for e, (x, _, z) in enumerate(probe.electrodes()):
        place = {"x": x, "z": z, "amplitude": found.amplitude[e].mean(), **cube}
        rows["electrodes"].append({"electrode": e, **place, "reliable": e not in inverting})
        trace = {kind: getattr(found, kind)[shown, e] for kind in kinds}
        rows["traces"].append({"electrode": e, "time": at[shown] - bins.settle, **trace})
        density = {kind: each.density[low, e] for kind, each in power.items()}
        rows["spectra"].append({"electrode": e, "frequency": f[low], **density})
    source = job_provenance(smk)
    tip = cells.soma + probe.dendrite * cells.orientation
    ends = zip(lfp.CELLS.columns, np.hstack([cells.soma, tip]).T, strict=True)
    write_table(smk.output.cells, lfp.CELLS, dict(ends), source)
    for name, schema in zip(rows, (lfp.ELECTRODES, lfp.TRACES, lfp.SPECTRA), strict=True):
        write_table(smk.output[name], schema, stack_columns(rows[name], schema), source)


if __name__ == "__main__":
    run_job(main, globals())
