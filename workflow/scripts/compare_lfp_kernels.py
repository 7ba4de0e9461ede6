"""Kernels of single spikes against the weighted sum of the demonstration network."""

from functools import partial
from typing import Any

import numpy as np

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.lfp import KERNEL_SCORES, KERNEL_TRACES, KERNELS
from cortex.io.spike_table import read_spike_table
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.lfp.judgement import scaled_to
from cortex.lfp.kernel_methods import compare_kernels
from cortex.lfp.probe import scatter_cells
from cortex.lfp.wiring import wired_classes
from cortex.networks.case import case_of
from cortex.params.lfp_study import ProbeParams, SpikeKernelParams
from cortex.rng import stream


def main(smk: Any) -> None:
    """Compare the three on the first shank: kernels, traces, explained variance."""
    case = case_of("lfp_demonstration", smk.params.network)
    network, lfp, seed = case.network, case.lfp, smk.params.seed
    probe = ProbeParams.from_config(smk.params.probe)
    params = SpikeKernelParams.from_config(smk.params.kernels)
    spikes = read_spike_table(smk.input.spikes)
    dt, shank = spikes.dt, probe.electrodes()[: probe.contacts]
    draw = partial(wired_classes, network, seed=seed, dt=dt, rule=case.rule)
    classes = draw(synapses=lfp.synapses, weighting=lfp.weighting)
    cells = (
        scatter_cells(probe, network.sizes[0], rng=stream(seed, "lfp", "somata")),
        scatter_cells(probe, network.sizes[1], rng=stream(seed, "lfp", "interneurons")),
    )
    lags = np.asarray(dt * np.arange(round(params.longest_lag / dt)), dtype=np.float64)
    settle = case.study.analysis.settle
    found = compare_kernels(shank, cells, spikes, network, classes, lags=lags, discard=settle)
    time = dt * np.arange(1, round(case.study.excerpt.duration / dt) + 1)
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
    run_job(main, globals())
