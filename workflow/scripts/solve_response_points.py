"""Stationary rate and linear response of single neurons at the configured inputs."""

from typing import Any

import numpy as np

from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.response import STATIONARY, TRANSFER
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.meanfield.exponents import angular
from cortex.meanfield.response.transfer import linear_response
from cortex.meanfield.stationary.cv import isi_cv
from cortex.meanfield.stationary.derivatives import rate_slopes
from cortex.params.response import NeuronResponse

TREATMENTS = {"white": (0.0, "shift"), "shift": (1.0, "shift"), "taylor": (1.0, "taylor")}


def main(smk: Any) -> None:
    """Treat synapses as white noise, by shifted boundaries and to first order."""
    study = NeuronResponse.from_config(smk.params.response)
    frequency = 10.0 ** study.log10_frequency.values()
    stationary, transfer = [], []
    for name, point in study.points.items():
        at = {"mu": point.mu, "sigma": point.sigma}
        for treatment, (synapse, method) in TREATMENTS.items():
            case = {"point": name, "treatment": treatment}
            args = {**at, "neuron": study.neuron, "tau_s": synapse * study.tau_s}
            slopes = rate_slopes(**args, method=method)
            state = {"nu": slopes.nu, "slope": slopes.by_mu, "cv": isi_cv(**args)}
            state["validity"] = 1.0 / (2.0 * np.pi * study.tau_s)
            stationary.append({**case, "title": point.title, **at, **state})
            response = linear_response(angular(frequency), **args, method=method)
            H, H_variance = response.H_mu, np.abs(response.H_sigma2)
            curve = {"gain": np.abs(H), "phase": np.angle(H), "gain_variance": H_variance}
            transfer.append({**case, "frequency": frequency, **curve})
    source = job_provenance(smk)
    write_table(smk.output.stationary, STATIONARY, stack_columns(stationary, STATIONARY), source)
    write_table(smk.output.transfer, TRANSFER, stack_columns(transfer, TRANSFER), source)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
