"""Kernels of single spikes against the weighted sum of the demonstration network."""

from typing import Any

import numpy as np

from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.lfp import KERNEL_SCORES, KERNEL_TRACES, KERNELS
from cortex.io.spike_table import read_spike_table
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.lfp.judgement import scaled_to
from cortex.lfp.kernel_methods import compare_kernels
from cortex.lfp.probe import scatter_cells
from cortex.lfp.wiring import wired_classes
from cortex.params.lfp import SynapseParams, WeightedSumParams
from cortex.params.lfp_study import DemonstrationParams, ProbeParams, SpikeKernelParams
from cortex.params.observation import ObservationParams
from cortex.rng import stream


def main(smk: Any) -> None:
    """Compare the three on the first shank: kernels, traces, explained variance."""
    model = DemonstrationParams.from_config(smk.params.demonstration)
    synapses = model.charged(SynapseParams.from_config(smk.params.synapses))
    weighting = WeightedSumParams.from_config(smk.params.weighting)
    probe = ProbeParams.from_config(smk.params.probe)
    params = SpikeKernelParams.from_config(smk.params.kernels)
    bins = ObservationParams.from_config(smk.params.analysis)
    spikes, network, seed = read_spike_table(smk.input.spikes), model.network(), smk.params.seed
    dt, shank = spikes.dt, probe.electrodes()[: probe.contacts]
    classes = wired_classes(network, seed=seed, dt=dt, synapses=synapses, weighting=weighting)
    cells = (
        scatter_cells(probe, model.n_exc, rng=stream(seed, "lfp", "somata")),
        scatter_cells(probe, model.n_inh, rng=stream(seed, "lfp", "interneurons")),
    )
    lags = dt * np.arange(round(params.longest_lag / dt))
    grid = {"lags": lags, "discard": bins.settle}
    found = compare_kernels(shank, cells, spikes, network, classes, **grid)
    time = dt * np.arange(1, round(1e-3 * smk.params.excerpt_ms / dt) + 1)
    kernels, traces = [], []
    for e, z in enumerate(shank[:, 2]):
        signals = {"cells": found.cells[:, e], "convolved": found.convolved[:, e]}
        signals["unitary"] = scaled_to(found.unitary[:, e], found.cells[:, e])
        excerpt = {name: signal[: len(time)] for name, signal in signals.items()}
        traces.append({"depth": z, "time": time, **excerpt})
        for p, name in enumerate(network.names):
            response = {"kernel": found.kernels[:, e, p], "unitary": found.unitary_kernels[:, e, p]}
            kernels.append({"depth": z, "population": name, "lag": lags, **response})
    scores, out, source = found.scores(params.shifts(), dt=dt), smk.output, job_provenance(smk)
    write_table(out.kernels, KERNELS, stack_columns(kernels, KERNELS), source)
    write_table(out.traces, KERNEL_TRACES, stack_columns(traces, KERNEL_TRACES), source)
    write_table(out.scores, KERNEL_SCORES, {"depth": shank[:, 2], **scores}, source)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
