"""Notebooks with their figures, and the report page; what is drawn: workflow/figures.yaml."""


include: "figure_lists.smk"


localrules:
    state_claims,
    write_report,


rule state_claims:
    """The text of every figure with the values of this run, and which of its claims hold."""
    input:
        registry=own("workflow/figures.yaml"),
        templates=expand(own("workflow/report/{figure}.rst"), figure=FIGURES),
        tables=tables_behind(FIGURES),
    output:
        claims="results/claims.parquet",
        texts=expand("results/texts/{figure}.rst", figure=FIGURES),
    log:
        "logs/state_claims.log",
    benchmark:
        "benchmarks/rules/state_claims.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1500),
        runtime=10,
    params:
        left_out=sorted(LEFT_OUT),
        code=code("state_claims", *SAYING),
    message:
        "State what the texts of the figures claim"
    script:
        "../scripts/state_claims.py"


# A rule per notebook, because each has figures of its own.
for NOTEBOOK in NOTEBOOKS:
    SHOWN = list(shown_by(FIGURES, NOTEBOOK))

    rule:
        """Run a notebook, which draws its figures."""
        name:
            f"show_{NOTEBOOK}"
        input:
            notebook=own(f"notebooks/{NOTEBOOK}.ipynb"),
            templates=[own(f"workflow/report/{name}.rst") for name in SHOWN],
            tables=tables_behind(shown_by(FIGURES, NOTEBOOK)),
        output:
            page=f"results/notebooks/{NOTEBOOK}.html",
            png=[
                report(
                    f"results/figures/{name}.png",
                    caption=str(Path(f"results/texts/{name}.rst").resolve()),
                    category="Figures",
                    labels={"figure": name},
                )
                for name in SHOWN
            ],
            pdf=[f"results/figures/{name}.pdf" for name in SHOWN],
        log:
            f"logs/show_{NOTEBOOK}.log",
            executed=f"logs/show_{NOTEBOOK}.ipynb",
        benchmark:
            f"benchmarks/rules/show_{NOTEBOOK}.tsv"
        conda:
            ENV
        threads: 1
        resources:
            mem_mb=grow(1500),
            runtime=15,
        params:
            drawings=drawings_of(NOTEBOOK),
            code=code("run_notebook", *modules_of(NOTEBOOK)),
        message:
            f"Run notebook {NOTEBOOK} and draw its figures"
        script:
            "../scripts/run_notebook.py"


rule write_report:
    """The report page: every figure with caption, parameters and provenance, and all checks."""
    input:
        figures=expand("results/figures/{figure}.png", figure=REPORTED),
        captions=expand("results/texts/{figure}.rst", figure=REPORTED),
        claims="results/claims.parquet" if FIGURES else [],
        explorers=expand("results/site/{explorer}.html", explorer=EXPLORERS),
        registry=own("workflow/figures.yaml"),
        template=own("workflow/report/page.html.j2"),
        acceptance="results/acceptance.parquet" if ACCEPTANCE else [],
        networks=expand("results/networks/{network}/index.html", network=NETWORKS),
        recordings=expand(
            "results/recordings/{recording}/index.html", recording=RECORDINGS
        ),
        notebooks=expand("results/notebooks/{notebook}.html", notebook=NOTEBOOKS),
        sweeps=expand("results/sweeps/{sweep}_account.json", sweep=STUDY.sweeps),
        drawn=expand("results/figures/sweeps/{sweep}.png", sweep=STUDY.sweeps),
        curves=expand("results/figures/sweeps/{array}.png", array=SWEEPS.chosen_courses),
    output:
        page=report("results/report.html", category="Report"),
        site="results/site/index.html",
        configuration="results/configuration.yaml",
    log:
        "logs/write_report.log",
    benchmark:
        "benchmarks/rules/write_report.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=10,
    params:
        study=config,
        left_out=LEFT_OUT,
        configfiles=relative_paths(CONFIGFILES, Path(), ROOT),
        overrides=dict(workflow.config_settings.config),
        code=code("write_report"),
    message:
        "Write results/report.html"
    script:
        "../scripts/write_report.py"
