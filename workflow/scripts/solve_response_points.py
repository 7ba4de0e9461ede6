"""Stationary rate and linear response of single neurons at the configured inputs."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.response import STATIONARY, TRANSFER
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.meanfield.exponents import angular
from cortex.meanfield.response.transfer import linear_response
from cortex.meanfield.stationary.cv import isi_cv
from cortex.meanfield.stationary.derivatives import rate_slopes
from cortex.meanfield.stationary.packed import ClosedForm
from cortex.params.response import NeuronResponse

TREATMENTS: Final[Mapping[str, tuple[float, ClosedForm]]] = {
    "white": (0.0, "shift"),
    "shift": (1.0, "shift"),
    "taylor": (1.0, "taylor"),
}


def main(smk: Any) -> None:
    """Treat synapses as white noise, by shifted boundaries and to first order."""
    study = NeuronResponse.from_config(smk.params.response)
    frequency = 10.0 ** study.log10_frequency.values()
    stationary, transfer = [], []
    for name, point in study.points.items():
        mu, sigma, neuron = point.mu, point.sigma, study.neuron
        for treatment, (synapse, method) in TREATMENTS.items():
            case = {"point": name, "treatment": treatment}
            tau_s = synapse * study.tau_s
            slopes = rate_slopes(mu, sigma, neuron, tau_s=tau_s, method=method)
            cv = isi_cv(mu, sigma, neuron, tau_s=tau_s)
            state = {"mu": mu, "sigma": sigma, "nu": slopes.nu, "slope": slopes.by_mu, "cv": cv}
            state["validity"] = 1.0 / (2.0 * np.pi * study.tau_s)
            stationary.append({**case, "title": point.title, **state})
            response = linear_response(
                angular(frequency), mu, sigma, neuron, tau_s=tau_s, method=method
            )
            H, H_variance = response.H_mu, np.abs(response.H_sigma2)
            curve = {"gain": np.abs(H), "phase": np.angle(H), "gain_variance": H_variance}
            transfer.append({**case, "frequency": frequency, **curve})
    source = job_provenance(smk)
    write_table(smk.output.stationary, STATIONARY, stack_columns(stationary, STATIONARY), source)
    write_table(smk.output.transfer, TRANSFER, stack_columns(transfer, TRANSFER), source)


if __name__ == "__main__":
    run_job(main, globals())
