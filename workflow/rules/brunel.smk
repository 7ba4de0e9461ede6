"""Brunel (2000) model A: the explorer of its plane."""

if makes("results/networks/brunel/lines.parquet") and makes(
    "results/sweeps/brunel_atlas.parquet"
):

    rule write_brunel_explorer:
        """A page in which a click on the plane shows the network at that point."""
        input:
            points="results/sweeps/brunel_atlas.parquet",
            raster="results/sweeps/brunel_atlas/raster.parquet",
            spectrum="results/sweeps/brunel_atlas/spectrum.parquet",
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
            code=code("write_brunel_explorer"),
        message:
            "Write the explorer of the Brunel plane"
        script:
            "../scripts/write_brunel_explorer.py"
