"""Brunel (2000) model A: predicted plane, simulated states, statistics, LFP."""

BRUNEL_RUNS = expand(
    "{state}-{network}", state=STUDY.brunel.states, network=range(STUDY.brunel.networks)
)
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


rule predict_brunel_states:
    """Leading eigenvalue and, where the state is stable, spectrum of the population rate."""
    output:
        predicted="results/brunel/predicted.parquet",
    log:
        "logs/predict_brunel_states.log",
    benchmark:
        "benchmarks/rules/predict_brunel_states.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=10,
    params:
        model=lookup(within=config, dpath="brunel/model"),
        states=lookup(within=config, dpath="brunel/states"),
        analysis=lookup(within=config, dpath="brunel/analysis"),
        code=code("predict_brunel_states"),
    message:
        "Predicted modes and spectra of the Brunel states"
    script:
        "../scripts/predict_brunel_states.py"


rule simulate_brunel_state:
    """Spikes of one full network at one state."""
    output:
        spikes="results/brunel/spikes/{state}-{network}.parquet",
    log:
        "logs/simulate_brunel_state/{state}-{network}.log",
    benchmark:
        "benchmarks/rules/simulate_brunel_state/{state}-{network}.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(2000),
        runtime=30,
    params:
        model=lookup(within=config, dpath="brunel/model"),
        state=lookup(within=config, dpath="brunel/states/{state}"),
        simulation=lookup(within=config, dpath="brunel/simulation"),
        seed=config["seed"],
        network=lambda wildcards: int(wildcards.network),
        code=code("simulate_brunel_state"),
    message:
        "Simulate Brunel state {wildcards.state}, network {wildcards.network}"
    script:
        "../scripts/simulate_brunel_state.py"


rule analyse_brunel_state:
    """Rates, irregularity, synchrony and spectrum of one simulated state."""
    input:
        spikes="results/brunel/spikes/{state}-{network}.parquet",
    output:
        statistics="results/brunel/statistics/{state}-{network}.parquet",
        spectrum="results/brunel/spectrum/{state}-{network}.parquet",
    log:
        "logs/analyse_brunel_state/{state}-{network}.log",
    benchmark:
        "benchmarks/rules/analyse_brunel_state/{state}-{network}.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(2000),
        runtime=10,
    params:
        model=lookup(within=config, dpath="brunel/model"),
        state=lookup(within=config, dpath="brunel/states/{state}"),
        simulation=lookup(within=config, dpath="brunel/simulation"),
        analysis=lookup(within=config, dpath="brunel/analysis"),
        seed=config["seed"],
        code=code("analyse_brunel_state"),
    message:
        "Statistics of Brunel state {wildcards.state}, network {wildcards.network}"
    script:
        "../scripts/analyse_brunel_state.py"


rule synthesise_brunel_lfp:
    """Weighted-sum LFP proxy from the spikes of one state."""
    input:
        spikes="results/brunel/spikes/{state}-{network}.parquet",
    output:
        lfp="results/brunel/lfp/{state}-{network}.parquet",
    log:
        "logs/synthesise_brunel_lfp/{state}-{network}.log",
    benchmark:
        "benchmarks/rules/synthesise_brunel_lfp/{state}-{network}.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(2000),
        runtime=10,
    params:
        model=lookup(within=config, dpath="brunel/model"),
        state=lookup(within=config, dpath="brunel/states/{state}"),
        simulation=lookup(within=config, dpath="brunel/simulation"),
        lfp=lookup(within=config, dpath="brunel/lfp"),
        synapses=lookup(within=config, dpath="brunel/synapses"),
        seed=config["seed"],
        code=code("synthesise_brunel_lfp"),
    message:
        "LFP proxy of Brunel state {wildcards.state}, network {wildcards.network}"
    script:
        "../scripts/synthesise_brunel_lfp.py"


rule gather_brunel_states:
    """One table per kind of result over all states and networks."""
    input:
        spikes=expand(
            "results/brunel/spikes/{state}-0.parquet", state=STUDY.brunel.states
        ),
        statistics=expand("results/brunel/statistics/{run}.parquet", run=BRUNEL_RUNS),
        spectra=expand("results/brunel/spectrum/{run}.parquet", run=BRUNEL_RUNS),
        lfp=expand("results/brunel/lfp/{state}-0.parquet", state=STUDY.brunel.states),
    output:
        states="results/brunel/states.parquet",
        spectra="results/brunel/spectra.parquet",
        rasters="results/brunel/rasters.parquet",
        activity="results/brunel/activity.parquet",
    log:
        "logs/gather_brunel_states.log",
    benchmark:
        "benchmarks/rules/gather_brunel_states.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(2000),
        runtime=10,
    params:
        states=lookup(within=config, dpath="brunel/states"),
        analysis=lookup(within=config, dpath="brunel/analysis"),
        excerpt=lookup(within=config, dpath="brunel/excerpt"),
        code=code("gather_brunel_states"),
    message:
        "Gather the Brunel states"
    script:
        "../scripts/gather_brunel_states.py"


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
        analysis=lookup(within=config, dpath="brunel/analysis"),
        seed=config["seed"],
        row=lambda wildcards: int(wildcards.row),
        code=code("simulate_brunel_atlas"),
    message:
        "Brunel atlas, row {wildcards.row}"
    script:
        "../scripts/simulate_brunel_atlas.py"


rule write_brunel_explorer:
    """A page in which a click on the plane shows the network at that point."""
    input:
        points=expand("results/brunel/atlas/{row}-points.parquet", row=BRUNEL_ROWS),
        spikes=expand("results/brunel/atlas/{row}-spikes.parquet", row=BRUNEL_ROWS),
        spectra=expand("results/brunel/atlas/{row}-spectra.parquet", row=BRUNEL_ROWS),
        lines="results/stability/lines.parquet",
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


rule check_brunel:
    """Measure what the acceptance table asks of the Brunel network."""
    input:
        states="results/brunel/states.parquet",
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
