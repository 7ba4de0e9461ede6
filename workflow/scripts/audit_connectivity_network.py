"""Build the random E-I network; lay cells, blocks and in-degrees beside their exact law."""

from typing import Any

import numpy as np

from cortex.connectivity.audit import DegreeLaw, audit_blocks, audit_degrees
from cortex.connectivity.composition import block
from cortex.connectivity.networks import cell_density, populations_of, random_network
from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.connectivity import BLOCKS, CELLS, DEGREES
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.params.connectivity import RandomNetworkParams


def main(smk: Any) -> None:
    """Audit the network; the law of all in-degrees is the sum of the two binomials."""
    params = RandomNetworkParams.from_config(smk.params.network)
    neurons = populations_of(params.n_exc, params.n_inh)
    network = random_network(params, smk.params.seed)
    made = job_provenance(smk)

    density = cell_density(network, params.neurons_per_cell)
    target, source = np.indices(density.shape) * params.neurons_per_cell
    cells = {"target": target.ravel(), "source": source.ravel(), "density": density.ravel()}
    write_table(smk.output.cells, CELLS, cells, made)

    audit = audit_blocks(network, neurons, autapses=params.autapses)
    blocks = {
        "target": np.repeat(audit.names, 2),
        "source": np.tile(audit.names, 2),
        "expected": np.tile([params.p_exc, params.p_inh], 2),
        "weight": np.tile([params.weight_exc, params.weight_inh], 2),
    }
    for name in ("pairs", "connections", "probability", "error"):
        blocks[name] = getattr(audit, name).ravel()
    write_table(smk.output.blocks, BLOCKS, blocks, made)

    laws = {
        "E": [DegreeLaw(n=params.n_exc, p=params.p_exc)],
        "I": [DegreeLaw(n=params.n_inh, p=params.p_inh)],
    }
    everyone = range(neurons.n)
    parts = {n: block(network, sources=neurons.members(n), targets=everyone) for n in laws}
    audits = {n: audit_degrees(part.in_degrees, *laws[n]) for n, part in parts.items()}
    audits["all"] = audit_degrees(network.in_degrees, *laws["E"], *laws["I"])
    rows = [
        {"source": n, "degree": each.degree, "count": each.count, "expected": each.expected}
        for n, each in audits.items()
    ]
    write_table(smk.output.degrees, DEGREES, stack_columns(rows, DEGREES), made)


if __name__ == "__main__":
    run_job(main, globals())
