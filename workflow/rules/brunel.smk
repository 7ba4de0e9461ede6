"""Brunel (2000) model A: predicted plane, atlas and its explorer."""

BRUNEL_ROWS = range(STUDY.brunel.atlas.g.num)


rule solve_brunel_plane:
    """Self-consistent rates over the (g, external rate) plane."""
    output:
        plane="results/brunel/plane.parquet",
    log:
        "logs/solve_brunel_plane.log",
    benchmark:
        "benchmarks/rules/solve_brunel_plane.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=10,
    params:
        model=lookup(within=config, dpath="brunel/model"),
        plane=lookup(within=config, dpath="brunel/plane"),
        code=code("solve_brunel_plane"),
    message:
        "Mean-field rates of the Brunel plane"
    script:
        "../scripts/solve_brunel_plane.py"


rule simulate_brunel_atlas:
    """Short full-size runs along one value of g, with their predictions."""
    output:
        points="results/brunel/atlas/{row}-points.parquet",
        spikes="results/brunel/atlas/{row}-spikes.parquet",
        spectra="results/brunel/atlas/{row}-spectra.parquet",
    log:
        "logs/simulate_brunel_atlas/{row}.log",
    benchmark:
        "benchmarks/rules/simulate_brunel_atlas/{row}.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(2000),
        runtime=30,
    params:
        model=lookup(within=config, dpath="brunel/model"),
        atlas=lookup(within=config, dpath="brunel/atlas"),
        analysis=lookup(within=config, dpath="networks/brunel/analysis"),
        seed=config["seed"],
        row=lambda wildcards: int(wildcards.row),
        code=code("simulate_brunel_atlas"),
    message:
        "Brunel atlas, row {wildcards.row}"
    script:
        "../scripts/simulate_brunel_atlas.py"


if makes("results/networks/brunel/lines.parquet"):

    rule write_brunel_explorer:
        """A page in which a click on the plane shows the network at that point."""
        input:
            points=expand("results/brunel/atlas/{row}-points.parquet", row=BRUNEL_ROWS),
            spikes=expand("results/brunel/atlas/{row}-spikes.parquet", row=BRUNEL_ROWS),
            spectra=expand(
                "results/brunel/atlas/{row}-spectra.parquet", row=BRUNEL_ROWS
            ),
            lines="results/networks/brunel/lines.parquet",
            template=own("workflow/report/explorer.html.j2"),
        output:
            page="results/site/brunel_explorer.html",
        log:
            "logs/write_brunel_explorer.log",
        benchmark:
            "benchmarks/rules/write_brunel_explorer.tsv"
        conda:
            ENV
        threads: 1
        resources:
            mem_mb=grow(1000),
            runtime=10,
        params:
            atlas=lookup(within=config, dpath="brunel/atlas"),
            code=code("write_brunel_explorer"),
        message:
            "Write the explorer of the Brunel plane"
        script:
            "../scripts/write_brunel_explorer.py"


if "brunel" in NETWORKS:

    rule check_brunel:
        """Measure what the acceptance table asks of the Brunel network."""
        input:
            observed="results/networks/brunel/observed_network.parquet",
        output:
            measured="results/acceptance/brunel.parquet",
        log:
            "logs/check_brunel.log",
        benchmark:
            "benchmarks/rules/check_brunel.tsv"
        conda:
            ENV
        threads: 1
        resources:
            mem_mb=grow(1000),
            runtime=10,
        params:
            model=lookup(within=config, dpath="brunel/model"),
            code=code("check_brunel"),
        message:
            "Acceptance values of the Brunel network"
        script:
            "../scripts/check_brunel.py"
