"""Measure what the acceptance table asks of the LFP proxies."""

from typing import Any

from cortex.acceptance.lfp import (
    measure_currents,
    measure_definitions,
    measure_ground_truth,
    measure_spectra,
)
from cortex.io.job import job_log
from cortex.io.measured import write_measured
from cortex.io.schemas.lfp import CURRENTS, PROXIES
from cortex.io.schemas.network import LFP, PREDICTED
from cortex.io.tables import read_table
from cortex.networks.case import case_of


def main(smk: Any) -> None:
    """Measure definitions, currents, ground truth and spectra; write the values."""
    got = measure_definitions()
    settle = case_of("lfp_demonstration", smk.params.network).study.analysis.settle
    got |= measure_currents(read_table(smk.input.currents, CURRENTS), settle)
    got |= measure_ground_truth(read_table(smk.input.proxies, PROXIES))
    got |= measure_spectra(
        read_table(smk.input.predicted, PREDICTED["lfp"]),
        read_table(smk.input.simulated, LFP["spectra"]),
    )
    write_measured(smk, got)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
