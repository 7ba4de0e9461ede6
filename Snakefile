"""cortex: theory, simulation and LFP of cortical networks from one parameter set."""

from snakemake.utils import min_version

min_version("9.27")


include: "workflow/rules/common.smk"
include: "workflow/rules/sweep_plan.smk"
include: "workflow/rules/networks.smk"
include: "workflow/rules/recordings.smk"
include: "workflow/rules/sweeps.smk"


for SECTION in SECTIONS:  # what a section that is absent would need is left out
    if SECTION in config:

        include: f"workflow/rules/{SECTION}.smk"


include: "workflow/rules/spiking.smk"
include: "workflow/rules/acceptance.smk"
include: "workflow/rules/figures.smk"


onstart:
    # a limit on the rate of jobs costs more with every job done (ADR 0010); a cluster keeps it
    if workflow.local_exec:
        workflow.scheduler.job_rate_limiter = None


rule all:
    """All that the sections of the configuration ask for; an error if a check fails."""
    default_target: True
    input:
        expand("results/networks/{network}/index.html", network=NETWORKS),
        expand("results/recordings/{recording}/index.html", recording=RECORDINGS),
        "results/recordings/statistics.parquet" if RECORDINGS else [],
        expand("results/sweeps/{array}.parquet", array=SWEEPS.chosen_arrays),
        expand("results/figures/{figure}.{kind}", figure=FIGURES, kind=("png", "pdf")),
        expand("results/notebooks/{notebook}.html", notebook=NOTEBOOKS),
        expand("results/site/{explorer}.html", explorer=EXPLORERS),
        "results/report.html",
        "results/verdict.json" if ACCEPTANCE else [],
