"""Single cells of any model."""


rule characterise_cells:
    """Rates and responses in noise beside theory, firing patterns of AdEx."""
    output:
        curves="results/cells/curves.parquet",
        responses="results/cells/responses.parquet",
        plane="results/cells/plane.parquet",
        traces="results/cells/traces.parquet",
    log:
        "logs/characterise_cells.log",
    benchmark:
        "benchmarks/rules/characterise_cells.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(2000),
        runtime=30,
    params:
        cells=lookup(within=config, dpath="cells"),
        seed=config["seed"],
        code=code("characterise_cells"),
    message:
        "Characterise single cells"
    script:
        "../scripts/characterise_cells.py"
