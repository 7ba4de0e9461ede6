"""What theory says of every state of a network."""

from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.network import write_tables
from cortex.io.schemas.network import PREDICTED
from cortex.networks.case import read_case
from cortex.params.description.states import states_of
from cortex.steps.predict import predict


def main(smk: Any) -> None:
    """Predict state by state; what theory refuses stands, with its reason, in the notes."""
    name, block = smk.wildcards.network, smk.params.network
    parts = {state: predict(read_case(name, block, state)) for state in states_of(block)}
    refused = {state: reasons for state, (_, reasons) in parts.items()}
    tables = [tables for tables, _ in parts.values()]
    write_tables(
        smk.output,
        "predicted",
        PREDICTED,
        tables,
        provenance=job_provenance(smk),
        notes={"refused": refused},
    )


if __name__ == "__main__":
    run_job(main, globals())
