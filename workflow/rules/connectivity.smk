"""Wiring: random network, kernels, Gabor fields, sheet, ring, cost; audit of each."""


rule audit_connectivity_network:
    """Random E-I network: cells, blocks and in-degrees beside their law."""
    output:
        cells="results/connectivity/cells.parquet",
        blocks="results/connectivity/blocks.parquet",
        degrees="results/connectivity/degrees.parquet",
    log:
        "logs/audit_connectivity_network.log",
    benchmark:
        "benchmarks/rules/audit_connectivity_network.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=5,
    params:
        network=lookup(within=config, dpath="connectivity/random"),
        seed=config["seed"],
        code=code("audit_connectivity_network"),
    message:
        "Audit the random network"
    script:
        "../scripts/audit_connectivity_network.py"


rule sample_connectivity_kernels:
    """Every kernel as a field and at the points of its lattice."""
    output:
        kernels="results/connectivity/kernels.parquet",
        fields="results/connectivity/fields.parquet",
        samples="results/connectivity/samples.parquet",
    log:
        "logs/sample_connectivity_kernels.log",
    benchmark:
        "benchmarks/rules/sample_connectivity_kernels.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=5,
    params:
        sheet=lookup(within=config, dpath="connectivity/sheet"),
        kernels=lookup(within=config, dpath="connectivity/kernels"),
        code=code("sample_connectivity_kernels"),
    message:
        "Sample the kernels"
    script:
        "../scripts/sample_connectivity_kernels.py"


rule sample_connectivity_gabors:
    """Gabor fields that the sheet resolves, and one that it does not."""
    output:
        samples="results/connectivity/gabor_samples.parquet",
        spectrum="results/connectivity/gabor_spectrum.parquet",
    log:
        "logs/sample_connectivity_gabors.log",
    benchmark:
        "benchmarks/rules/sample_connectivity_gabors.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=5,
    params:
        grating=lookup(within=config, dpath="connectivity/grating"),
        coarse=lookup(within=config, dpath="connectivity/sheet"),
        code=code("sample_connectivity_gabors"),
    message:
        "Sample the Gabor fields"
    script:
        "../scripts/sample_connectivity_gabors.py"


rule tune_connectivity_gabors:
    """Cells with Gabor kernels hear drifting gratings."""
    output:
        tuning="results/connectivity/tuning.parquet",
    log:
        "logs/tune_connectivity_gabors.log",
    benchmark:
        "benchmarks/rules/tune_connectivity_gabors.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=5,
    params:
        grating=lookup(within=config, dpath="connectivity/grating"),
        seed=config["seed"],
        code=code("tune_connectivity_gabors"),
    message:
        "Simulate the tuning of the Gabor cells"
    script:
        "../scripts/tune_connectivity_gabors.py"


rule connect_connectivity_sheet:
    """E-I sheet: probability against distance, summed weights with and without a border."""
    output:
        profile="results/connectivity/sheet_profile.parquet",
        received="results/connectivity/sheet_input.parquet",
    log:
        "logs/connect_connectivity_sheet.log",
    benchmark:
        "benchmarks/rules/connect_connectivity_sheet.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=5,
    params:
        network=lookup(within=config, dpath="connectivity/sheet_network"),
        seed=config["seed"],
        code=code("connect_connectivity_sheet"),
    message:
        "Connect the sheet"
    script:
        "../scripts/connect_connectivity_sheet.py"


rule survey_connectivity:
    """Weights, matrices and lengths of the network of every kernel and of the E-I sheet."""
    output:
        weights="results/connectivity/weights.parquet",
        lengths="results/connectivity/lengths.parquet",
        matrices="results/connectivity/matrices.parquet",
    log:
        "logs/survey_connectivity.log",
    benchmark:
        "benchmarks/rules/survey_connectivity.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=5,
    params:
        sheet=lookup(within=config, dpath="connectivity/sheet"),
        kernels=lookup(within=config, dpath="connectivity/kernels"),
        network=lookup(within=config, dpath="connectivity/sheet_network"),
        seed=config["seed"],
        code=code("survey_connectivity"),
    message:
        "Survey the networks of all kernels"
    script:
        "../scripts/survey_connectivity.py"


rule connect_connectivity_ring:
    """Ring network: displacements and their transform."""
    output:
        histogram="results/connectivity/ring_histogram.parquet",
        transform="results/connectivity/ring_transform.parquet",
    log:
        "logs/connect_connectivity_ring.log",
    benchmark:
        "benchmarks/rules/connect_connectivity_ring.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(2000),
        runtime=5,
    params:
        network=lookup(within=config, dpath="connectivity/ring"),
        seed=config["seed"],
        code=code("connect_connectivity_ring"),
    message:
        "Connect the ring"
    script:
        "../scripts/connect_connectivity_ring.py"


rule time_connectivity:
    """What a Gaussian sheet costs by size; the numbers depend on the machine."""
    output:
        cost="results/connectivity/cost.parquet",
    log:
        "logs/time_connectivity.log",
    benchmark:
        "benchmarks/rules/time_connectivity.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(4000),
        runtime=10,
    params:
        cost=lookup(within=config, dpath="connectivity/cost"),
        code=code("time_connectivity"),
    message:
        "Time the construction"
    script:
        "../scripts/time_connectivity.py"
