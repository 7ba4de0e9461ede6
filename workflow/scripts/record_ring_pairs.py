"""Weights of all pairs over time, and rules given as functions, beside their predictions."""

from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.learning import ACTIVITY, CHANGES, HISTORY, RULES, WEIGHTS
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.learning_ring.histories import pair_histories, rule_columns
from cortex.learning_ring.rules import covariance, differential_hebbian
from cortex.params.learning import LearningParams, RingPairsParams

FUNCTIONS = {"differential Hebbian": differential_hebbian, "covariance": covariance}


def main(smk: Any) -> None:
    """Learn the full matrix once, and every rule that is a function on the coarser ring."""
    model = LearningParams.from_config(smk.params.model)
    pairs, seed = RingPairsParams.from_config(smk.params.pairs), smk.params.seed
    histories = pair_histories(model, seed, n_times=pairs.n_times, n_shown=pairs.n_shown)
    for schema in (WEIGHTS, ACTIVITY, HISTORY, CHANGES):
        name = schema.name.removeprefix("learning_")
        write_table(smk.output[name], schema, histories[name], job_provenance(smk))
    ring = pairs.coarse(model)
    rows = [rule_columns(name, ring, rule, seed) for name, rule in FUNCTIONS.items()]
    write_table(smk.output.rules, RULES, stack_columns(rows, RULES), job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
