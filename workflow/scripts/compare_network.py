"""One table per kind over all states of a network, and prediction beside simulation."""

from dataclasses import asdict
from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.network import at_state, read_kinds, write_tables
from cortex.io.schemas.network import COMPARED, LFP, OBSERVED, PREDICTED
from cortex.io.tables import read_provenance
from cortex.networks.case import read_case
from cortex.networks.points import points
from cortex.params.description.states import states_of
from cortex.steps.columns import labelled, transposed
from cortex.steps.compare import compare, findings


def main(smk: Any) -> None:
    """Join the tables of the states; compare and judge state by state."""
    name, block, source = smk.wildcards.network, smk.params.network, job_provenance(smk)
    predicted = read_kinds(smk.input.predicted, PREDICTED)
    observed = read_kinds(smk.input.observed, OBSERVED)
    lfp = read_kinds(smk.input.lfp, LFP)
    refused = read_provenance(smk.input.predicted[0])["notes"]["refused"]
    parts = []
    for state in states_of(block):
        case = read_case(name, block, state)
        told, seen, potentials = (at_state(each, state) for each in (predicted, observed, lfp))
        judged = findings(case, told, seen, potentials, refused[state])
        parts.append(
            {
                "points": points(block, state),
                "comparison": compare(case, told, seen, potentials),
                "findings": labelled(transposed(map(asdict, judged)), state=state),
            }
        )
    write_tables(smk.output, "network", COMPARED, parts, provenance=source)
    write_tables(smk.output, "observed", OBSERVED, [observed], provenance=source)
    write_tables(smk.output, "lfp", LFP, [lfp], provenance=source)


if __name__ == "__main__":
    run_job(main, globals())
