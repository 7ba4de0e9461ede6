"""Izhikevich cells, the published networks and the ring attractor."""


rule characterise_izhikevich_cells:
    """Landmarks, firing curves, traces and nullclines of the cells."""
    output:
        landmarks="results/izhikevich/landmarks.parquet",
        curves="results/izhikevich/curves.parquet",
        traces="results/izhikevich/traces.parquet",
        nullclines="results/izhikevich/nullclines.parquet",
    log:
        "logs/characterise_izhikevich_cells.log",
    benchmark:
        "benchmarks/rules/characterise_izhikevich_cells.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=30,
    params:
        cells=lookup(within=config, dpath="izhikevich/cells"),
        firing=lookup(within=config, dpath="izhikevich/firing"),
        code=code("characterise_izhikevich_cells"),
    message:
        "Characterise the Izhikevich cells"
    script:
        "../scripts/characterise_izhikevich_cells.py"


rule run_izhikevich_networks:
    """Spikes, potentials and receptor currents of the published networks."""
    output:
        rasters="results/izhikevich/rasters.parquet",
        potentials="results/izhikevich/potentials.parquet",
        currents="results/izhikevich/currents.parquet",
    log:
        "logs/run_izhikevich_networks.log",
    benchmark:
        "benchmarks/rules/run_izhikevich_networks.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=30,
    params:
        code=code("run_izhikevich_networks"),
    message:
        "Run the published Izhikevich networks"
    script:
        "../scripts/run_izhikevich_networks.py"


rule write_izhikevich_explorer:
    """A page in which a click on a cell of the ring shows its potential over time."""
    input:
        potentials="results/izhikevich/potentials.parquet",
        rasters="results/izhikevich/rasters.parquet",
        template=own("workflow/report/explorer.html.j2"),
    output:
        page="results/site/izhikevich_explorer.html",
    log:
        "logs/write_izhikevich_explorer.log",
    benchmark:
        "benchmarks/rules/write_izhikevich_explorer.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=10,
    params:
        code=code("write_izhikevich_explorer"),
    message:
        "Write the explorer of the Izhikevich ring"
    script:
        "../scripts/write_izhikevich_explorer.py"


rule run_bump_trials:
    """Repeated trials of the memory task: decoded angle, drift, diffusion."""
    output:
        trials="results/izhikevich/bump_trials.parquet",
        raster="results/izhikevich/bump_raster.parquet",
        diffusion="results/izhikevich/bump_diffusion.parquet",
        fit="results/izhikevich/bump_fit.parquet",
    log:
        "logs/run_bump_trials.log",
    benchmark:
        "benchmarks/rules/run_bump_trials.tsv"
    priority: 1  # long: started early
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1500),
        runtime=30,
    params:
        bump=lookup(within=config, dpath="izhikevich/bump"),
        trials=lookup(within=config, dpath="izhikevich/trials"),
        seed=config["seed"],
        code=code("run_bump_trials"),
    message:
        "Run the trials of the bump attractor"
    script:
        "../scripts/run_bump_trials.py"
