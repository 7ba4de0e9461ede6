"""Checks of the simulated ring and microcircuit."""

if "senk_ring" in NETWORKS and "microcircuit" in NETWORKS:

    rule check_spiking:
        """What the acceptance table asks of ring and microcircuit."""
        input:
            ring="results/networks/senk_ring/observed_network.parquet",
            waves="results/networks/senk_ring/observed_waves.parquet",
            modes="results/networks/senk_ring/predicted_modes.parquet",
            circuit="results/networks/microcircuit/observed_populations.parquet",
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
