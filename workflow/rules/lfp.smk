"""LFP proxies: amplitudes, demonstration network, ground truth, kernels of spikes."""

from cortex.params.description.states import ALONE


rule map_lfp_amplitude:
    """Amplitude profiles around a dipole."""
    output:
        maps="results/lfp/amplitude.parquet",
    log:
        "logs/map_lfp_amplitude.log",
    benchmark:
        "benchmarks/rules/map_lfp_amplitude.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=10,
    params:
        amplitude=lookup(within=config, dpath="lfp/amplitude"),
        probe=lookup(within=config, dpath="lfp/probe"),
        code=code("map_lfp_amplitude"),
    message:
        "Map the amplitude profiles of the LFP"
    script:
        "../scripts/map_lfp_amplitude.py"


if "lfp_demonstration" in NETWORKS:

    # what its LFP is made of; of its seeds there is one, that of the study
    DEMONSTRATION = part_of(
        NETWORKS["lfp_demonstration"],
        ALONE,
        ("seeds", "stream", "theory", "lines"),
    )

    rule simulate_lfp_demonstration:
        """Spikes and mean currents of the demonstration network."""
        output:
            spikes="results/lfp/spikes.parquet",
            currents="results/lfp/simulated.parquet",
        log:
            "logs/simulate_lfp_demonstration.log",
        benchmark:
            "benchmarks/rules/simulate_lfp_demonstration.tsv"
        conda:
            ENV
        threads: 1
        resources:
            mem_mb=grow(1000),
            runtime=10,
        params:
            network=DEMONSTRATION,
            seed=config["seed"],
            code=code("simulate_lfp_demonstration"),
        message:
            "Simulate the demonstration network of the LFP"
        script:
            "../scripts/simulate_lfp_demonstration.py"

    rule derive_lfp_currents:
        """Currents from the spikes, beside the simulated ones."""
        input:
            spikes="results/lfp/spikes.parquet",
            currents="results/lfp/simulated.parquet",
        output:
            currents="results/lfp/currents.parquet",
        log:
            "logs/derive_lfp_currents.log",
        benchmark:
            "benchmarks/rules/derive_lfp_currents.tsv"
        conda:
            ENV
        threads: 1
        resources:
            mem_mb=grow(1000),
            runtime=10,
        params:
            network=DEMONSTRATION,
            seed=config["seed"],
            code=code("derive_lfp_currents"),
        message:
            "Derive the currents of the demonstration network from its spikes"
        script:
            "../scripts/derive_lfp_currents.py"

    rule synthesise_lfp_demonstration:
        """LFP at every contact, per neuron, per population and physical."""
        input:
            spikes="results/lfp/spikes.parquet",
        output:
            cells="results/lfp/cells.parquet",
            electrodes="results/lfp/electrodes.parquet",
            traces="results/lfp/traces.parquet",
            spectra="results/lfp/spectra.parquet",
        log:
            "logs/synthesise_lfp_demonstration.log",
        benchmark:
            "benchmarks/rules/synthesise_lfp_demonstration.tsv"
        conda:
            ENV
        threads: 1
        resources:
            mem_mb=grow(1000),
            runtime=10,
        params:
            network=DEMONSTRATION,
            probe=lookup(within=config, dpath="lfp/probe"),
            seed=config["seed"],
            code=code("synthesise_lfp_demonstration"),
        message:
            "Synthesise the LFP of the demonstration network"
        script:
            "../scripts/synthesise_lfp_demonstration.py"

    rule compare_lfp_ways:
        """LFP of simulated currents and of spikes, normalised, at the first shank."""
        input:
            spikes="results/lfp/spikes.parquet",
        output:
            traces="results/lfp/way_traces.parquet",
            spectra="results/lfp/way_spectra.parquet",
        log:
            "logs/compare_lfp_ways.log",
        benchmark:
            "benchmarks/rules/compare_lfp_ways.tsv"
        conda:
            ENV
        threads: 1
        resources:
            mem_mb=grow(1000),
            runtime=10,
        params:
            network=DEMONSTRATION,
            probe=lookup(within=config, dpath="lfp/probe"),
            seed=config["seed"],
            code=code("compare_lfp_ways"),
        message:
            "Compare the LFP of simulated currents with that of spikes"
        script:
            "../scripts/compare_lfp_ways.py"

    rule cut_lfp_raster:
        """Spikes of the excerpt that the figures show."""
        input:
            spikes="results/lfp/spikes.parquet",
        output:
            raster="results/lfp/raster.parquet",
        log:
            "logs/cut_lfp_raster.log",
        benchmark:
            "benchmarks/rules/cut_lfp_raster.tsv"
        conda:
            ENV
        threads: 1
        resources:
            mem_mb=grow(1000),
            runtime=10,
        params:
            network=DEMONSTRATION,
            code=code("cut_lfp_raster"),
        message:
            "Cut the raster of the demonstration network"
        script:
            "../scripts/cut_lfp_raster.py"

    rule judge_lfp_proxies:
        """Proxies against the cable ground truth for each placement of synapses."""
        input:
            currents="results/lfp/currents.parquet",
        output:
            r2="results/lfp/proxies.parquet",
            fits="results/lfp/fits.parquet",
            surface="results/lfp/surface.parquet",
            traces="results/lfp/ground_truth.parquet",
        log:
            "logs/judge_lfp_proxies.log",
        benchmark:
            "benchmarks/rules/judge_lfp_proxies.tsv"
        conda:
            ENV
        threads: 1
        resources:
            mem_mb=grow(1500),
            runtime=10,
        params:
            ground_truth=lookup(within=config, dpath="lfp/ground_truth"),
            network=DEMONSTRATION,
            code=code("judge_lfp_proxies"),
        message:
            "Judge LFP proxies on the cable ground truth"
        script:
            "../scripts/judge_lfp_proxies.py"

    rule compare_lfp_kernels:
        """Kernels of single spikes against the weighted sum of every cell."""
        input:
            spikes="results/lfp/spikes.parquet",
        output:
            kernels="results/lfp/kernels.parquet",
            traces="results/lfp/kernel_traces.parquet",
            scores="results/lfp/kernel_scores.parquet",
        log:
            "logs/compare_lfp_kernels.log",
        benchmark:
            "benchmarks/rules/compare_lfp_kernels.tsv"
        conda:
            ENV
        threads: 1
        resources:
            mem_mb=grow(1000),
            runtime=10,
        params:
            network=DEMONSTRATION,
            probe=lookup(within=config, dpath="lfp/probe"),
            kernels=lookup(within=config, dpath="lfp/kernels"),
            seed=config["seed"],
            code=code("compare_lfp_kernels"),
        message:
            "Compare kernels of single spikes with the weighted sum"
        script:
            "../scripts/compare_lfp_kernels.py"
