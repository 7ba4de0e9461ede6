"""Leading eigenvalue of the spiking ring at every whole wave number, case by case."""

from typing import Any

import numpy as np

from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.spiking import RING_MODES
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.meanfield.patterns.ring_patterns import spiking_dispersion
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.params.spiking import RingSimulation


def main(smk: Any) -> None:
    """Solve the dispersion at the wave numbers that fit the ring."""
    study = RingSimulation.from_config(smk.params.ring)
    number = np.arange(study.max_wave_number + 1)
    k = 2.0 * np.pi * number / study.model.circumference
    rows = []
    for case, block in study.cases.items():
        network = block.of(study.model).network()
        point = solve_working_point(network, nu_start=np.full(network.n_pops, 50.0))
        # the response to the variance is unknown for exponential synapses and left out
        modes = [roots.lam for roots in spiking_dispersion(network, point, k, variance=False)]
        leading = np.array([lam[0] if len(lam) else complex(np.nan, np.nan) for lam in modes])
        rows.append(
            {
                "case": case,
                "wave_number": number,
                "growth": leading.real,
                "frequency": np.abs(leading.imag) / (2.0 * np.pi),
                "nu": point.nu[0],
            }
        )
    write_table(smk.output.modes, RING_MODES, stack_columns(rows, RING_MODES), job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
