"""cortex: theory, simulation and LFP of cortical networks from one parameter set."""

from snakemake.utils import min_version

min_version("9.27")


include: "workflow/rules/common.smk"
include: "workflow/rules/sweep_plan.smk"
include: "workflow/rules/networks.smk"
include: "workflow/rules/brunel.smk"
include: "workflow/rules/connectivity.smk"
include: "workflow/rules/izhikevich.smk"
include: "workflow/rules/learning.smk"
include: "workflow/rules/stability.smk"
include: "workflow/rules/lfp.smk"
include: "workflow/rules/response.smk"
include: "workflow/rules/spiking.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/acceptance.smk"
include: "workflow/rules/sweeps.smk"


onstart:
    # a limit on the rate of jobs costs more with every job done (ADR 0010); a cluster keeps it
    if workflow.local_exec:
        workflow.scheduler.job_rate_limiter = None


rule all:
    """Figures, executed notebooks, acceptance table, report; ends in an error if a check fails."""
    default_target: True
    input:
        expand("results/figures/{figure}.{kind}", figure=FIGURES, kind=("png", "pdf")),
        expand("results/notebooks/{notebook}.html", notebook=NOTEBOOKS),
        expand("results/networks/{network}/index.html", network=NETWORKS),
        "results/acceptance.parquet",
        "results/report.html",
        "results/site/index.html",
        "results/site/brunel_explorer.html",
        "results/site/learning_explorer.html",
        "results/verdict.json",
