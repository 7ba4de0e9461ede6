"""Stationary rate and linear response of single neurons at the configured inputs."""

from typing import Any

import numpy as np

from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.response import STATIONARY, TRANSFER
from cortex.io.tables import write_table
from cortex.meanfield.response.transfer import angular, linear_response
from cortex.meanfield.stationary.cv import isi_cv
from cortex.meanfield.stationary.derivatives import rate_slopes
from cortex.params.response import NeuronResponse

TREATMENTS = {"white": (0.0, "shift"), "shift": (1.0, "shift"), "taylor": (1.0, "taylor")}


def main(smk: Any) -> None:
    """Treat synapses as white noise, by shifted boundaries and to first order."""
    study = NeuronResponse.from_config(smk.params.response)
    cell = {name: getattr(study.neuron, name) for name in ("tau_m", "tau_ref", "V_th", "V_reset")}
    frequency = 10.0 ** study.log10_frequency.values()
    stationary, transfer = [], []
    for name, point in study.points.items():
        for treatment, (synapse, method) in TREATMENTS.items():
            at = (point.mu, point.sigma)
            args = {**cell, "tau_s": synapse * study.tau_s}
            slopes = rate_slopes(*at, **args, method=method)
            cv = isi_cv(*at, **args)
            row = (name, point.title, treatment, *at, slopes.nu, slopes.by_mu, cv)
            stationary.append(dict(zip(STATIONARY.columns, row, strict=True)))
            response = linear_response(angular(frequency), *at, **args, method=method)
            H, H_variance = response.H_mu, np.abs(response.H_sigma2)
            columns = (frequency, np.abs(H), np.angle(H), H_variance)
            transfer += [(name, treatment, *values) for values in zip(*columns, strict=True)]
    rows = {key: [row[key] for row in stationary] for key in STATIONARY.columns}
    write_table(smk.output.stationary, STATIONARY, rows, job_provenance(smk))
    curves = dict(zip(TRANSFER.columns, zip(*transfer, strict=True), strict=True))
    write_table(smk.output.transfer, TRANSFER, curves, job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
