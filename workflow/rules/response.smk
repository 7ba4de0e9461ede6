"""Single neurons, the mapping from spiking to rate model, rates of the microcircuit."""


rule solve_response_points:
    """Rate, CV and linear response of single neurons at the configured inputs."""
    output:
        stationary="results/response/stationary.parquet",
        transfer="results/response/transfer.parquet",
    log:
        "logs/solve_response_points.log",
    benchmark:
        "benchmarks/rules/solve_response_points.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=10,
    params:
        response=lookup(within=config, dpath="response/schuecker"),
        code=code("solve_response_points"),
    message:
        "Response of single neurons"
    script:
        "../scripts/solve_response_points.py"


rule drive_response_neurons:
    """Simulated neurons whose mean input swings, at the configured inputs."""
    output:
        driven="results/response/driven.parquet",
    log:
        "logs/drive_response_neurons.log",
    benchmark:
        "benchmarks/rules/drive_response_neurons.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1500),
        runtime=10,
    params:
        response=lookup(within=config, dpath="response/schuecker"),
        seed=config["seed"],
        code=code("drive_response_neurons"),
    message:
        "Drive simulated neurons"
    script:
        "../scripts/drive_response_neurons.py"


rule fit_response_mapping:
    """Low-pass fits over a grid of inputs, and the curves behind them."""
    output:
        fits="results/response/fits.parquet",
        curves="results/response/curves.parquet",
    log:
        "logs/fit_response_mapping.log",
    benchmark:
        "benchmarks/rules/fit_response_mapping.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=10,
    params:
        mapping=lookup(within=config, dpath="response/mapping"),
        model=model_of(lambda study: study.response.mapping),
        code=code("fit_response_mapping"),
    message:
        "Fit the rate model of the Senk ring"
    script:
        "../scripts/fit_response_mapping.py"


rule solve_response_microcircuit:
    """Self-consistent rates of the microcircuit by all treatments."""
    output:
        rates="results/response/microcircuit.parquet",
    log:
        "logs/solve_response_microcircuit.log",
    benchmark:
        "benchmarks/rules/solve_response_microcircuit.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=10,
    params:
        microcircuit=lookup(within=config, dpath="response/microcircuit"),
        model=model_of(lambda study: study.response.microcircuit),
        code=code("solve_response_microcircuit"),
    message:
        "Rates of the microcircuit"
    script:
        "../scripts/solve_response_microcircuit.py"
