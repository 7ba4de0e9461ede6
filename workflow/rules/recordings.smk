"""Your own recordings: any file as spikes, their statistics, and a network beside them."""


include: "recording_inputs.smk"


wildcard_constraints:
    recording="|".join(RECORDINGS) or "none",


rule read_recording:
    """Spikes of any file on a grid, under the names of the network."""
    input:
        files=lambda wildcards: list(RECORDINGS[wildcards.recording].file),
    output:
        spikes="results/recordings/{recording}/spikes.parquet",
    log:
        "logs/read_recording/{recording}.log",
    benchmark:
        "benchmarks/rules/read_recording/{recording}.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(3000),
        runtime=30,
    params:
        recording=block_of,
        network=network_of,
        code=code("read_recording"),
    message:
        "Read recording {wildcards.recording}"
    script:
        "../scripts/read_recording.py"


rule observe_recording:
    """Statistics with their confidence, observables, spectra, raster of one recording."""
    input:
        spikes="results/recordings/{recording}/spikes.parquet",
    output:
        **tables("results/recordings/{recording}", "observed", OBSERVED),
        **tables("results/recordings/{recording}", "described", DESCRIBED),
    log:
        "logs/observe_recording/{recording}.log",
    benchmark:
        "benchmarks/rules/observe_recording/{recording}.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(3000),
        runtime=30,
    params:
        recording=block_of,
        code=code("observe_recording"),
    message:
        "Observe recording {wildcards.recording}"
    script:
        "../scripts/observe_recording.py"


rule weigh_recording:
    """LFP of a recording: by the weights of its network, else by unitary kernels."""
    input:
        spikes="results/recordings/{recording}/spikes.parquet",
    output:
        **tables("results/recordings/{recording}", "lfp", LFP),
        **tables("results/recordings/{recording}", "unitary", UNITARY),
    log:
        "logs/weigh_recording/{recording}.log",
    benchmark:
        "benchmarks/rules/weigh_recording/{recording}.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(3000),
        runtime=30,
    params:
        recording=block_of,
        network=network_of,
        code=code("weigh_recording"),
    message:
        "LFP of recording {wildcards.recording}"
    script:
        "../scripts/weigh_recording.py"


rule relate_field:
    """Spectra of a recorded field with their power law; coherence, phases, field around spikes."""
    input:
        spikes="results/recordings/{recording}/spikes.parquet",
        field=lambda wildcards: RECORDINGS[wildcards.recording].field.file,
    output:
        **tables("results/recordings/{recording}", "field", FIELD),
    log:
        "logs/relate_field/{recording}.log",
    benchmark:
        "benchmarks/rules/relate_field/{recording}.tsv"
    wildcard_constraints:
        recording="|".join(WITH_FIELD) or "none",
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(3000),
        runtime=30,
    params:
        recording=block_of,
        code=code("relate_field"),
    message:
        "Relate the field of recording {wildcards.recording} to its spikes"
    script:
        "../scripts/relate_field.py"


rule compare_recording:
    """Data, simulation and theory in one table, distances with their bands, and reasons."""
    input:
        spikes="results/recordings/{recording}/spikes.parquet",
        runs=of_network("{state}/spikes-{seed}.parquet"),
        predicted=of_network("predicted_rates.parquet"),
    output:
        **tables("results/recordings/{recording}", "compared", BESIDE),
    log:
        "logs/compare_recording/{recording}.log",
    benchmark:
        "benchmarks/rules/compare_recording/{recording}.tsv"
    wildcard_constraints:
        recording="|".join(AGAINST) or "none",
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(3000),
        runtime=30,
    params:
        state=lambda wildcards: RECORDINGS[wildcards.recording].state_among(NETWORKS),
        code=code("compare_recording"),
    message:
        "Hold recording {wildcards.recording} against its network"
    script:
        "../scripts/compare_recording.py"


rule gather_recordings:
    """The statistics of all recordings in one table; power laws and phases of all fields."""
    input:
        statistics=expand(
            "results/recordings/{recording}/described_statistics.parquet",
            recording=RECORDINGS,
        ),
        laws=expand(
            "results/recordings/{recording}/field_laws.parquet", recording=WITH_FIELD
        ),
        locking=expand(
            "results/recordings/{recording}/field_locking.parquet",
            recording=WITH_FIELD,
        ),
    output:
        statistics="results/recordings/statistics.parquet",
        laws="results/recordings/field_laws.parquet",
        locking="results/recordings/field_locking.parquet",
    log:
        "logs/gather_recordings.log",
    benchmark:
        "benchmarks/rules/gather_recordings.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(500),
        runtime=5,
    params:
        recordings=list(RECORDINGS),
        with_field=WITH_FIELD,
        code=code("gather_recordings"),
    message:
        "Gather the statistics of all recordings"
    script:
        "../scripts/gather_recordings.py"


rule show_recording:
    """The page of a recording: its notebook, executed on its tables."""
    input:
        notebook=own("notebooks/recording.ipynb"),
        tables=[
            path
            for prefix, schemas in (
                ("observed", OBSERVED),
                ("described", DESCRIBED),
                ("lfp", LFP),
                ("unitary", UNITARY),
            )
            for path in tables(
                "results/recordings/{recording}", prefix, schemas
            ).values()
        ],
        field=lambda wildcards: [
            f"results/recordings/{wildcards.recording}/field_{kind}.parquet"
            for kind in FIELD
            if RECORDINGS[wildcards.recording].field
        ],
        compared=lambda wildcards: [
            f"results/recordings/{wildcards.recording}/compared_{kind}.parquet"
            for kind in BESIDE
            if RECORDINGS[wildcards.recording].network
        ],
        beside=of_network(
            *(f"{{state}}/observed_{kind}.parquet" for kind in OBSERVED),
            *(f"predicted_{kind}.parquet" for kind in PREDICTED),
        ),
    output:
        page="results/recordings/{recording}/index.html",
    log:
        "logs/show_recording/{recording}.log",
        executed="logs/show_recording/{recording}.ipynb",
    benchmark:
        "benchmarks/rules/show_recording/{recording}.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1500),
        runtime=15,
    params:
        code=code("run_notebook", "cortex.report.recording_page"),
    message:
        "Page of recording {wildcards.recording}"
    script:
        "../scripts/run_notebook.py"
