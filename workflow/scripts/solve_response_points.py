"""Stationary rate and linear response of single neurons at the configured inputs."""

from typing import Any, get_args

import numpy as np

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.response import STATIONARY, TRANSFER
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.meanfield.response.treatments import Treatment, treat
from cortex.params.response import NeuronResponse


def main(smk: Any) -> None:
    """Treat synapses as white noise, by shifted boundaries, to first order and on nodes."""
    study = NeuronResponse.from_config(smk.params.response)
    frequency = 10.0 ** study.log10_frequency.values()
    validity = 1.0 / (2.0 * np.pi * study.tau_s)
    stationary, transfer = [], []
    for name, point in study.points.items():
        mu, sigma = point.mu, point.sigma
        for treatment in get_args(Treatment):
            found = treat(
                treatment, mu, sigma, study.neuron, tau_s=study.tau_s, frequency=frequency
            )
            case = {"point": name, "treatment": treatment}
            state = {"mu": mu, "sigma": sigma, "nu": found.nu, "slope": found.slope}
            state |= {"cv": found.cv, "validity": validity}
            stationary.append({**case, "title": point.title, **state})
            H, H_variance = found.H_mu, np.abs(found.H_variance)
            curve = {"gain": np.abs(H), "phase": np.angle(H), "gain_variance": H_variance}
            transfer.append({**case, "frequency": found.frequency, **curve})
    source = job_provenance(smk)
    write_table(smk.output.stationary, STATIONARY, stack_columns(stationary, STATIONARY), source)
    write_table(smk.output.transfer, TRANSFER, stack_columns(transfer, TRANSFER), source)


if __name__ == "__main__":
    run_job(main, globals())
