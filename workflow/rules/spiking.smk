"""Spiking simulations beside theory: ring of Senk et al. (2020), microcircuit."""

RING_RUNS = expand(
    "{case}-{network}",
    case=STUDY.spiking.ring.cases,
    network=range(STUDY.spiking.ring.networks),
)
CIRCUIT_RUNS = range(STUDY.spiking.circuit.networks)


wildcard_constraints:
    case="|".join(STUDY.spiking.ring.cases),


rule predict_ring_modes:
    """Leading eigenvalues of the spiking ring at the wave numbers that fit it."""
    output:
        modes="results/spiking/ring_modes.parquet",
    log:
        "logs/predict_ring_modes.log",
    benchmark:
        "benchmarks/rules/predict_ring_modes.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=10,
    params:
        ring=lookup(within=config, dpath="spiking/ring"),
        code=code("predict_ring_modes"),
    message:
        "Predicted modes of the spiking ring"
    script:
        "../scripts/predict_ring_modes.py"


rule simulate_ring:
    """One network of the ring at one case: statistics, space-time spectrum, raster."""
    output:
        statistics="results/spiking/ring/{case}-{network}/statistics.parquet",
        spectrum="results/spiking/ring/{case}-{network}/spectrum.parquet",
        raster="results/spiking/ring/{case}-{network}/raster.parquet",
    log:
        "logs/simulate_ring/{case}-{network}.log",
    benchmark:
        "benchmarks/rules/simulate_ring/{case}-{network}.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=10,
    params:
        ring=lookup(within=config, dpath="spiking/ring"),
        seed=config["seed"],
        code=code("simulate_ring"),
    message:
        "Simulate the ring, case {wildcards.case}, network {wildcards.network}"
    script:
        "../scripts/simulate_ring.py"


rule simulate_circuit:
    """One network of the microcircuit: rates and spectra beside theory, raster."""
    output:
        rates="results/spiking/circuit/{network}/rates.parquet",
        spectra="results/spiking/circuit/{network}/spectra.parquet",
        raster="results/spiking/circuit/{network}/raster.parquet",
    log:
        "logs/simulate_circuit/{network}.log",
    benchmark:
        "benchmarks/rules/simulate_circuit/{network}.tsv"
    priority: 1  # long: started early
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(3000),
        runtime=30,
    params:
        circuit=lookup(within=config, dpath="spiking/circuit"),
        seed=config["seed"],
        code=code("simulate_circuit"),
    message:
        "Simulate the microcircuit, network {wildcards.network}"
    script:
        "../scripts/simulate_circuit.py"


rule gather_spiking:
    """One table per kind of result over all cases and networks."""
    input:
        ring_statistics=expand(
            "results/spiking/ring/{run}/statistics.parquet", run=RING_RUNS
        ),
        ring_spectra=expand(
            "results/spiking/ring/{run}/spectrum.parquet", run=RING_RUNS
        ),
        ring_rasters=expand("results/spiking/ring/{run}/raster.parquet", run=RING_RUNS),
        circuit_rates=expand(
            "results/spiking/circuit/{run}/rates.parquet", run=CIRCUIT_RUNS
        ),
        circuit_spectra=expand(
            "results/spiking/circuit/{run}/spectra.parquet", run=CIRCUIT_RUNS
        ),
        circuit_rasters=expand(
            "results/spiking/circuit/{run}/raster.parquet", run=CIRCUIT_RUNS
        ),
    output:
        ring_statistics="results/spiking/ring_statistics.parquet",
        ring_spectra="results/spiking/ring_spectra.parquet",
        ring_rasters="results/spiking/ring_rasters.parquet",
        circuit_rates="results/spiking/circuit_rates.parquet",
        circuit_spectra="results/spiking/circuit_spectra.parquet",
        circuit_rasters="results/spiking/circuit_rasters.parquet",
    log:
        "logs/gather_spiking.log",
    benchmark:
        "benchmarks/rules/gather_spiking.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=5,
    params:
        code=code("gather_spiking"),
    message:
        "Gather ring and microcircuit simulations"
    script:
        "../scripts/gather_spiking.py"


rule check_spiking:
    """What the acceptance table asks of ring and microcircuit."""
    input:
        ring="results/spiking/ring_statistics.parquet",
        modes="results/spiking/ring_modes.parquet",
        circuit="results/spiking/circuit_rates.parquet",
    output:
        measured="results/acceptance/spiking.parquet",
    log:
        "logs/check_spiking.log",
    benchmark:
        "benchmarks/rules/check_spiking.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(500),
        runtime=5,
    params:
        code=code("check_spiking"),
    message:
        "Measure ring and microcircuit for the acceptance table"
    script:
        "../scripts/check_spiking.py"
