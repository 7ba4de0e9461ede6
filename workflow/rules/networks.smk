"""Any network: what theory says, spikes, observables, LFP, and prediction beside simulation."""


include: "network_inputs.smk"


localrules:
    weigh_network,


wildcard_constraints:
    network="|".join(NETWORKS) or "none",
    seed=r"\d+",
    state="|".join({state for states in STATES.values() for state in states}) or "none",


rule predict_network:
    """Working points, modes, responses, spectra and sensitivities of every state."""
    output:
        **tables("results/networks/{network}", "predicted", PREDICTED),
    log:
        "logs/predict_network/{network}.log",
    benchmark:
        "benchmarks/rules/predict_network/{network}.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1500),
        runtime=15,
    params:
        network=part("seeds", "excerpt", "stream", "lines"),
        code=code("predict_network"),
    message:
        "Predict network {wildcards.network}"
    script:
        "../scripts/predict_network.py"


rule simulate_network:
    """Spikes of one independent network at one state."""
    output:
        spikes="results/networks/{network}/{state}/spikes-{seed}.parquet",
    log:
        "logs/simulate_network/{network}/{state}-{seed}.log",
    benchmark:
        "benchmarks/rules/simulate_network/{network}/{state}-{seed}.tsv"
    wildcard_constraints:
        network="|".join(n for n in NETWORKS if n not in TRACED) or "none",
    priority: 1  # some are long: started early
    conda:
        ENV
    threads: threads_of_run
    resources:
        mem_mb=grow(3000),
        runtime=60,
    params:
        network=part_at_state("seeds", "excerpt", "analysis", "lfp", "lines"),
        seed=config["seed"],
        code=code("simulate_network"),
    message:
        "Simulate network {wildcards.network}, state {wildcards.state}, seed {wildcards.seed}"
    script:
        "../scripts/simulate_network.py"


rule trace_network:
    """The same of a network with conductances, and the currents that make its LFP."""
    output:
        spikes="results/networks/{network}/{state}/spikes-{seed}.parquet",
        currents="results/networks/{network}/{state}/currents-{seed}.parquet",
    log:
        "logs/trace_network/{network}/{state}-{seed}.log",
    benchmark:
        "benchmarks/rules/trace_network/{network}/{state}-{seed}.tsv"
    wildcard_constraints:
        network="|".join(TRACED) or "none",
    priority: 1  # some are long: started early
    conda:
        ENV
    threads: threads_of_run
    resources:
        mem_mb=grow(3000),
        runtime=60,
    params:
        network=part_at_state("seeds", "excerpt", "analysis", "lines"),
        seed=config["seed"],
        code=code("trace_network"),
    message:
        "Trace network {wildcards.network}, state {wildcards.state}, seed {wildcards.seed}"
    script:
        "../scripts/trace_network.py"


rule observe_network:
    """Observables, spectra, raster and rate of the runs of one state."""
    input:
        spikes=spikes_of,
    output:
        **tables("results/networks/{network}/{state}", "observed", OBSERVED),
    log:
        "logs/observe_network/{network}/{state}.log",
    benchmark:
        "benchmarks/rules/observe_network/{network}/{state}.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(2000),
        runtime=30,
    params:
        network=part_at_state("seeds", "lfp", "lines"),
        code=code("observe_network"),
    message:
        "Observe network {wildcards.network}, state {wildcards.state}"
    script:
        "../scripts/observe_network.py"


rule synthesise_lfp:
    """Traces and spectra of the LFP of one state."""
    input:
        spikes=spikes_of,
        currents=currents_of,
    output:
        **tables("results/networks/{network}/{state}", "lfp", LFP),
    log:
        "logs/synthesise_lfp/{network}/{state}.log",
    benchmark:
        "benchmarks/rules/synthesise_lfp/{network}/{state}.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(2000),
        runtime=30,
    params:
        network=part_at_state("seeds", "lines"),
        code=code("synthesise_lfp"),
    message:
        "LFP of network {wildcards.network}, state {wildcards.state}"
    script:
        "../scripts/synthesise_lfp.py"


rule compare_network:
    """All states of a network in one table per kind, prediction beside simulation, findings."""
    input:
        predicted=list(
            tables("results/networks/{network}", "predicted", PREDICTED).values()
        ),
        observed=of_states("observed", OBSERVED),
        lfp=of_states("lfp", LFP),
    output:
        **tables("results/networks/{network}", "network", COMPARED),
        **tables("results/networks/{network}", "observed", OBSERVED),
        **tables("results/networks/{network}", "lfp", LFP),
    log:
        "logs/compare_network/{network}.log",
    benchmark:
        "benchmarks/rules/compare_network/{network}.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(2000),
        runtime=15,
    params:
        network=part("stream", is_shown=True),
        code=code("compare_network"),
    message:
        "Compare prediction and simulation of network {wildcards.network}"
    script:
        "../scripts/compare_network.py"


rule follow_lines:
    """Folds and onsets of oscillations in the plane of two keys, by continuation."""
    output:
        lines="results/networks/{network}/lines.parquet",
    log:
        "logs/follow_lines/{network}.log",
    benchmark:
        "benchmarks/rules/follow_lines/{network}.tsv"
    wildcard_constraints:
        network="|".join(n for n in NETWORKS if NETWORKS[n].get("lines")) or "none",
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=30,
    params:
        network=part(
            "states", "seeds", "excerpt", "stream", "analysis", "simulation", "lfp"
        ),
        code=code("follow_lines"),
    message:
        "Follow the lines of network {wildcards.network}"
    script:
        "../scripts/follow_lines.py"


rule show_network:
    """The page of a network: its notebook, executed on its tables."""
    input:
        notebook=own("notebooks/network.ipynb"),
        tables=[
            path
            for prefix, schemas in (
                ("predicted", PREDICTED),
                ("network", COMPARED),
                ("observed", OBSERVED),
                ("lfp", LFP),
            )
            for path in tables("results/networks/{network}", prefix, schemas).values()
        ],
        lines=lines_of,
    output:
        page="results/networks/{network}/index.html",
    log:
        "logs/show_network/{network}.log",
        executed="logs/show_network/{network}.ipynb",
    benchmark:
        "benchmarks/rules/show_network/{network}.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1500),
        runtime=15,
    params:
        code=code("run_notebook", "cortex.report.network_page"),
    message:
        "Page of network {wildcards.network}"
    script:
        "../scripts/run_notebook.py"


rule weigh_network:
    """What the jobs of a network cost, as Snakemake measured them, shown by its page."""
    input:
        page="results/networks/{network}/index.html",
    output:
        page="results/networks/{network}/costs.html",
    log:
        "logs/weigh_network/{network}.log",
    benchmark:
        "benchmarks/rules/weigh_network/{network}.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(500),
        runtime=5,
    params:
        measured=measured_of,
        code=code("weigh_network"),
    message:
        "Costs of network {wildcards.network}"
    script:
        "../scripts/weigh_network.py"
