"""Figures, notebooks and the report page; what is drawn stands in workflow/figures.yaml."""


rule plot_figure:
    """Draw one figure of workflow/figures.yaml from its tables."""
    input:
        unpack(lambda wildcards: FIGURES[wildcards.figure].tables),
    output:
        png=report(
            "results/figures/{figure}.png",
            caption="../report/{figure}.rst",
            category="Figures",
            labels={"figure": "{figure}"},
        ),
        pdf="results/figures/{figure}.pdf",
    log:
        "logs/plot_figure/{figure}.log",
    benchmark:
        "benchmarks/rules/plot_figure/{figure}.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=1500,
        runtime="10m",
    params:
        figure=lambda wildcards: wildcards.figure,
        draw=lambda wildcards: FIGURES[wildcards.figure].draw,
        code=lambda wildcards: code("plot_figure", FIGURES[wildcards.figure].module),
    message:
        "Draw {wildcards.figure}"
    script:
        "../scripts/plot_figure.py"


rule run_notebook:
    """Execute one notebook with papermill and keep it as a page that needs no network."""
    input:
        notebook="notebooks/{notebook}.ipynb",
        tables=lambda wildcards: tables_of(wildcards.notebook),
    output:
        page="results/notebooks/{notebook}.html",
    log:
        "logs/run_notebook/{notebook}.log",
        executed="logs/run_notebook/{notebook}.ipynb",
    benchmark:
        "benchmarks/rules/run_notebook/{notebook}.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=1500,
        runtime="15m",
    params:
        code=lambda wildcards: code("run_notebook", *modules_of(wildcards.notebook)),
    message:
        "Run notebook {wildcards.notebook}"
    script:
        "../scripts/run_notebook.py"


rule write_report:
    """The report page: every figure with caption, parameters and provenance, and all checks."""
    input:
        figures=expand("results/figures/{figure}.png", figure=FIGURES),
        captions=expand("workflow/report/{figure}.rst", figure=FIGURES),
        registry="workflow/figures.yaml",
        template="workflow/report/page.html.j2",
        acceptance="results/acceptance.parquet",
        notebooks=expand("results/notebooks/{notebook}.html", notebook=NOTEBOOKS),
        sweeps=expand("results/sweeps/{sweep}_account.json", sweep=STUDY.sweeps),
    output:
        page=report("results/report.html", category="Report"),
        site="results/site/index.html",
    log:
        "logs/write_report.log",
    benchmark:
        "benchmarks/rules/write_report.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=1000,
        runtime="10m",
    params:
        code=code("write_report"),
    message:
        "Write results/report.html"
    script:
        "../scripts/write_report.py"
