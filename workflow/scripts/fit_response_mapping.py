"""Low-pass fits to the response of the Senk ring over a grid of inputs."""

import warnings
from typing import Any

import numpy as np

from cortex.errors import RegimeWarning
from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.response import CURVES, FITS
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.meanfield.response.mapping import fit_rate_model
from cortex.meanfield.stationary.cv import population_cv
from cortex.meanfield.stationary.external_drive import hold_input
from cortex.params.response import RateModelMapping
from cortex.params.senk import SenkParams


def main(smk: Any) -> None:
    """Write one fit per weight and input, and the curves of the first weight."""
    study = RateModelMapping.from_config(smk.params.mapping)
    model = SenkParams.from_config(smk.params.model)
    frequency = study.frequency.values()
    grid = [(mu, sigma) for mu in study.mu for sigma in study.sigma]
    fits, curves = [], []
    for g in study.g:
        for mu, sigma in grid:
            with warnings.catch_warnings():  # negative external rates stay visible in the table
                warnings.simplefilter("ignore", RegimeWarning)
                held = hold_input(model.at(g).network(), mu, sigma)
            fitted = fit_rate_model(held.network, held.point, frequency)
            cv = population_cv(held.network, held.point)[0]
            fit, w = fitted.fit, fitted.weights[0]
            at, (exc, inh) = {"mu": mu, "sigma": sigma}, held.network.drive.rate[0]
            state = {"rate_ext_exc": exc, "rate_ext_inh": inh, "nu": held.point.nu[0], "cv": cv}
            low_pass = {"tau": fit.tau[0], "h0": fit.h0[0], "fit_error": fit.error[0]}
            fits.append({"g": g, **at, **state, **low_pass, "w_exc": w[0], "w_inh": w[1]})
            if g == study.g[0]:
                H, H_fit = fitted.response[:, 0], fit(frequency)[:, 0]
                found = {"gain": np.abs(H), "phase": np.angle(H)}
                shown = {"fit_gain": np.abs(H_fit), "fit_phase": np.angle(H_fit)}
                curves.append({**at, "frequency": frequency, **found, **shown})
    for path, schema, rows in ((smk.output.fits, FITS, fits), (smk.output.curves, CURVES, curves)):
        write_table(path, schema, stack_columns(rows, schema), job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
