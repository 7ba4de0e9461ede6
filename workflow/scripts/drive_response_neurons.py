"""Simulated neurons whose mean input swings, beside the response of shifted boundaries."""

from typing import Any

import numpy as np

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.response import DRIVEN
from cortex.io.tables import write_table
from cortex.meanfield.exponents import angular
from cortex.meanfield.response.transfer import linear_response
from cortex.meanfield.stationary.derivatives import rate_slopes
from cortex.params.response import NeuronResponse
from cortex.spiking.driven import drive_neurons


def main(smk: Any) -> None:
    """Drive all cases at once, each by what swings its predicted rate by the same share."""
    study = NeuronResponse.from_config(smk.params.response)
    asked, points = study.driven, list(study.points.values())
    each = np.array(asked.frequency)
    told, nu = [], []
    for point in points:
        at: dict[str, Any] = {name: getattr(point, name) for name in ("mu", "sigma")}
        at |= {"neuron": study.neuron, "tau_s": study.tau_s, "method": "shift"}
        told.append(linear_response(angular(each), **at).H_mu)
        nu.append(np.full(each.size, rate_slopes(**at).nu))
    H, frequency = np.concatenate(told), np.tile(each, len(points))
    mu, sigma = (np.repeat([getattr(p, k) for p in points], each.size) for k in ("mu", "sigma"))
    amplitude = asked.swing * np.concatenate(nu) / np.abs(H)
    swing: dict[str, Any] = {"frequency": frequency, "amplitude": amplitude}
    run: dict[str, Any] = {"n_neurons": asked.n_neurons, "settings": asked.run}
    at = {"mu": mu, "sigma": sigma, "tau_s": study.tau_s, "seed": smk.params.seed}
    seen = drive_neurons(study.neuron, **at, **swing, **run)
    columns = {
        "point": np.repeat(np.array(list(study.points), dtype=object), each.size),
        **swing,
        "nu": seen.rate,
        "nu_error": seen.rate_error,
        "gain": np.abs(seen.response),
        "gain_error": seen.error,
        "gain_predicted": np.abs(H),
        "phase": np.angle(seen.response),
        "phase_error": seen.error / np.abs(seen.response),
        "phase_predicted": np.angle(H),
    }
    write_table(smk.output.driven, DRIVEN, columns, job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
