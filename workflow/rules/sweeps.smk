"""Parameter sweeps: points in a content-addressed store, shares of them as jobs, tables."""


wildcard_constraints:
    sweep="|".join(SWEEPS.grids) or "none",
    refined="|".join(SWEEPS.refined) or "none",
    any_sweep="|".join(SWEEPS.all) or "none",
    array="|".join(SWEEPS.arrays) or "none",
    chunk=r"\d+",
    chunks=r"\d+",


rule run_sweep_chunk:
    """Points of one share of a sweep; those in the store already are reused."""
    input:
        store=sweep_store,
    output:
        receipt="results/sweeps/{sweep}/{chunk}-of-{chunks}.json",
    log:
        "logs/run_sweep_chunk/{sweep}/{chunk}-of-{chunks}.log",
    benchmark:
        "benchmarks/rules/run_sweep_chunk/{sweep}/{chunk}-of-{chunks}.tsv"
    priority: 1  # long: started early
    retries: 2
    conda:
        ENV
    threads: lambda wildcards: SWEEPS[wildcards.sweep].params.threads
    resources:
        mem_mb=lambda wildcards, attempt: SWEEPS[wildcards.sweep].memory_MB(attempt),
        runtime=lambda wildcards: SWEEPS[wildcards.sweep].minutes(),
    params:
        sweep=lambda wildcards: SWEEPS[wildcards.sweep].science,
        rows=lambda wildcards: SWEEPS[wildcards.sweep].rows,
        base=lambda wildcards: SWEEPS[wildcards.sweep].base,
        seed=config["seed"],
        point_retries=lambda wildcards: SWEEPS[wildcards.sweep].params.retries,
        model_code=lambda wildcards: SWEEPS[wildcards.sweep].model_code,
        code=code("run_sweep_chunk"),
    message:
        "Sweep {wildcards.sweep}, share {wildcards.chunk} of {wildcards.chunks}"
    script:
        "../scripts/run_sweep_chunk.py"


rule gather_sweep:
    """One table of all points, one over repetitions, and the account of the sweep."""
    input:
        store=gathered_store,
        receipts=lambda wildcards: SWEEPS[wildcards.sweep].receipts(),
    output:
        table="results/sweeps/{sweep}.parquet",
        summary="results/sweeps/{sweep}_summary.parquet",
        account="results/sweeps/{sweep}_account.json",
    log:
        "logs/gather_sweep/{sweep}.log",
    benchmark:
        "benchmarks/rules/gather_sweep/{sweep}.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: SWEEPS[wildcards.sweep].memory_MB(attempt),
        runtime=30,
    params:
        sweep=lambda wildcards: SWEEPS[wildcards.sweep].science,
        observables=lambda wildcards: SWEEPS[wildcards.sweep].params.observables,
        rows=lambda wildcards: SWEEPS[wildcards.sweep].rows,
        base=lambda wildcards: SWEEPS[wildcards.sweep].base,
        seed=config["seed"],
        point_retries=lambda wildcards: SWEEPS[wildcards.sweep].params.retries,
        model_code=lambda wildcards: SWEEPS[wildcards.sweep].model_code,
        code=code("gather_sweep"),
    message:
        "Gather sweep {wildcards.sweep}"
    script:
        "../scripts/gather_sweep.py"


rule refine_sweep:
    """A sweep computed only near the changes of one observable; saves most of the grid."""
    input:
        store=refined_store,
    output:
        table="results/sweeps/{refined}.parquet",
        summary="results/sweeps/{refined}_summary.parquet",
        map="results/sweeps/{refined}_map.parquet",
        account="results/sweeps/{refined}_account.json",
    log:
        "logs/refine_sweep/{refined}.log",
    benchmark:
        "benchmarks/rules/refine_sweep/{refined}.tsv"
    retries: 2
    conda:
        ENV
    threads: lambda wildcards: SWEEPS[wildcards.refined].params.threads
    resources:
        mem_mb=lambda wildcards, attempt: SWEEPS[wildcards.refined].memory_MB(attempt),
        runtime=lambda wildcards: SWEEPS[wildcards.refined].minutes(),
    params:
        sweep=lambda wildcards: SWEEPS[wildcards.refined].science,
        observables=lambda wildcards: SWEEPS[wildcards.refined].params.observables,
        rows=lambda wildcards: SWEEPS[wildcards.refined].rows,
        base=lambda wildcards: SWEEPS[wildcards.refined].base,
        seed=config["seed"],
        point_retries=lambda wildcards: SWEEPS[wildcards.refined].params.retries,
        model_code=lambda wildcards: SWEEPS[wildcards.refined].model_code,
        code=code("refine_sweep"),
    message:
        "Refine sweep {wildcards.refined}"
    script:
        "../scripts/refine_sweep.py"


rule gather_array:
    """One array observable of a sweep, its points below each other in one long table."""
    input:
        store=shown_store,
        table="results/sweeps/{any_sweep}.parquet",
    output:
        array="results/sweeps/{any_sweep}/{array}.parquet",
    log:
        "logs/gather_array/{any_sweep}/{array}.log",
    benchmark:
        "benchmarks/rules/gather_array/{any_sweep}/{array}.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: SWEEPS[wildcards.any_sweep].memory_MB(attempt),
        runtime=30,
    params:
        sweep=lambda wildcards: SWEEPS[wildcards.any_sweep].science,
        rows=lambda wildcards: SWEEPS[wildcards.any_sweep].rows,
        base=lambda wildcards: SWEEPS[wildcards.any_sweep].base,
        seed=config["seed"],
        point_retries=lambda wildcards: SWEEPS[wildcards.any_sweep].params.retries,
        model_code=lambda wildcards: SWEEPS[wildcards.any_sweep].model_code,
        code=code("gather_array"),
    message:
        "Gather {wildcards.array} of sweep {wildcards.any_sweep}"
    script:
        "../scripts/gather_array.py"


rule draw_sweep:
    """The figure of a sweep: lines, maps or small multiples, theory beside simulation."""
    input:
        store=shown_store,
        summary="results/sweeps/{any_sweep}_summary.parquet",
    output:
        png=report(
            "results/figures/sweeps/{any_sweep}.png",
            category="Sweeps",
            labels={"sweep": "{any_sweep}"},
        ),
        pdf="results/figures/sweeps/{any_sweep}.pdf",
    log:
        "logs/draw_sweep/{any_sweep}.log",
    benchmark:
        "benchmarks/rules/draw_sweep/{any_sweep}.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: SWEEPS[wildcards.any_sweep].memory_MB(attempt),
        runtime=30,
    params:
        sweep=lambda wildcards: SWEEPS[wildcards.any_sweep].science,
        observables=lambda wildcards: SWEEPS[wildcards.any_sweep].params.observables,
        rows=lambda wildcards: SWEEPS[wildcards.any_sweep].rows,
        base=lambda wildcards: SWEEPS[wildcards.any_sweep].base,
        seed=config["seed"],
        point_retries=lambda wildcards: SWEEPS[wildcards.any_sweep].params.retries,
        model_code=lambda wildcards: SWEEPS[wildcards.any_sweep].model_code,
        code=code("draw_sweep"),
    message:
        "Draw sweep {wildcards.any_sweep}"
    script:
        "../scripts/draw_sweep.py"


rule draw_array:
    """The curves of an array observable of a sweep, a colour per value of what varies."""
    input:
        store=shown_store,
        array="results/sweeps/{any_sweep}/{array}.parquet",
    output:
        png=report(
            "results/figures/sweeps/{any_sweep}/{array}.png",
            category="Sweeps",
            labels={"sweep": "{any_sweep}", "array": "{array}"},
        ),
        pdf="results/figures/sweeps/{any_sweep}/{array}.pdf",
    log:
        "logs/draw_array/{any_sweep}/{array}.log",
    benchmark:
        "benchmarks/rules/draw_array/{any_sweep}/{array}.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: SWEEPS[wildcards.any_sweep].memory_MB(attempt),
        runtime=30,
    params:
        sweep=lambda wildcards: SWEEPS[wildcards.any_sweep].science,
        rows=lambda wildcards: SWEEPS[wildcards.any_sweep].rows,
        base=lambda wildcards: SWEEPS[wildcards.any_sweep].base,
        seed=config["seed"],
        point_retries=lambda wildcards: SWEEPS[wildcards.any_sweep].params.retries,
        model_code=lambda wildcards: SWEEPS[wildcards.any_sweep].model_code,
        code=code("draw_array"),
    message:
        "Draw {wildcards.array} of sweep {wildcards.any_sweep}"
    script:
        "../scripts/draw_array.py"
