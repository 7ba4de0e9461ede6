"""Landmarks, firing curves, traces and nullclines of the Izhikevich cells."""

from dataclasses import asdict
from typing import Any

import numpy as np

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas import izhikevich
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.izhikevich.firing import find_landmarks, firing_curve, step_response
from cortex.izhikevich.neuron import u_nullcline, v_nullcline
from cortex.izhikevich.published import with_start
from cortex.params.izhikevich import FiringParams, IzhikevichCell
from cortex.spiking.requests import Recorder

SCHEMAS = {
    "landmarks": izhikevich.LANDMARKS,
    "curves": izhikevich.CURVES,
    "traces": izhikevich.TRACES,
    "nullclines": izhikevich.NULLCLINES,
}


def main(smk: Any) -> None:
    """Characterise each cell; one table per kind of result."""
    steps = FiringParams.from_config(smk.params.firing)
    currents = np.linspace(steps.start, steps.stop, steps.num)
    shown, record = np.array([steps.shown]), Recorder(voltages=[0])
    tables: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMAS}
    for name, config in smk.params.cells.items():
        cell = IzhikevichCell.from_config(config)
        marks = asdict(find_landmarks(cell))
        curve = asdict(firing_curve(cell, currents, duration=steps.duration))
        run = step_response(cell, shown, steps.shown_duration, record=record)
        V, w = (with_start(run.traces[k], [at])[:, 0] for k, at in (("V", cell.v_r), ("w", 0.0)))
        trace = {"time": np.arange(len(V)) * run.spikes.dt, "v": V, "u": w}
        v = np.linspace(cell.c - 15e-3, cell.v_t + 25e-3, 200)
        u_of_v, u_of_u = v_nullcline(v, cell, steps.shown), u_nullcline(v, cell)
        lines = {"v": v, "u_where_v_rests": u_of_v, "u_where_u_rests": u_of_u}
        pieces = (marks, curve, trace, lines)
        for kind, piece in zip(tables, pieces, strict=True):
            tables[kind].append({"cell": name, **piece})
    source = job_provenance(smk)
    for kind, schema in SCHEMAS.items():
        write_table(smk.output[kind], schema, stack_columns(tables[kind], schema), source)


if __name__ == "__main__":
    run_job(main, globals())
