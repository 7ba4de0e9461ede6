"""Self-consistent rates of the microcircuit by all treatments of synapses and drive."""

from dataclasses import replace
from typing import Any, Final

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.response import MICROCIRCUIT
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.meanfield.stationary.cv import population_cv
from cortex.meanfield.stationary.packed import Method
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.params.microcircuit import MicrocircuitParams
from cortex.params.response import MicrocircuitRates

METHODS: Final[dict[str, Method]] = {"taylor": "taylor"}


def main(smk: Any) -> None:
    """Solve the working points and lay the published simulation beside them."""
    study = MicrocircuitRates.from_config(smk.params.microcircuit)
    published = replace(MicrocircuitParams.from_config(smk.params.model), w_cv=study.w_cv)
    constant = replace(published, drive="dc")
    models = {"shift": published, "taylor": published, "constant drive": constant}
    rows = []
    for name, model in models.items():
        network = model.network()
        point = solve_working_point(network, method=METHODS.get(name, "shift"))
        solved = {"mu": point.mu, "sigma": point.sigma, "nu": point.nu}
        label = {"population": network.names, "treatment": name}
        cv = population_cv(network, point)
        rows.append({**label, **solved, "cv": cv, "nu_simulated": study.simulated})
    columns = stack_columns(rows, MICROCIRCUIT)
    write_table(smk.output.rates, MICROCIRCUIT, columns, job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
