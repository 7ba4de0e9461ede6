"""Rates and responses of single cells in noise, firing patterns of AdEx."""

from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.cells import CURVES, PLANE, RESPONSES, TRACES
from cortex.io.tables import write_table
from cortex.params.cell_study import CellStudy
from cortex.steps.cells import firing_patterns, rate_curve, response_curve
from cortex.steps.columns import labelled, stacked


def main(smk: Any) -> None:
    """Predict and simulate every cell; find the patterns of the plane."""
    study, seed = CellStudy.from_config(smk.params.cells), smk.params.seed
    curves = stacked(
        labelled(rate_curve(neuron, study.curves, seed=seed), cell=name)
        for name, neuron in study.neurons.items()
    )
    responses = stacked(
        labelled(response_curve(neuron, study.modulation, seed=seed), cell=name)
        for name, neuron in study.neurons.items()
    )
    plane, traces = firing_patterns(study.patterns)
    provenance = job_provenance(smk)
    write_table(smk.output.curves, CURVES, curves, provenance)
    write_table(smk.output.responses, RESPONSES, responses, provenance)
    write_table(smk.output.plane, PLANE, plane, provenance)
    write_table(smk.output.traces, TRACES, traces, provenance)


if __name__ == "__main__":
    run_job(main, globals())
