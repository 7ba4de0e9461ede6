"""Stability of LIF networks: Brunel lines, ring patterns, microcircuit modes, delay rings."""


rule disperse_senk_ring:
    """Growth rates of rate and spiking ring over wave numbers, and the way between them."""
    output:
        dispersion="results/stability/dispersion.parquet",
        blend="results/stability/blend.parquet",
    log:
        "logs/disperse_senk_ring.log",
    benchmark:
        "benchmarks/rules/disperse_senk_ring.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=10,
    params:
        ring=lookup(within=config, dpath="stability/ring"),
        model=model_of(lambda study: study.stability.ring),
        code=code("disperse_senk_ring"),
    message:
        "Growth rates of the Senk ring"
    script:
        "../scripts/disperse_senk_ring.py"


rule trace_senk_onset:
    """Onset of waves over relative inhibition and delay."""
    output:
        onset="results/stability/onset.parquet",
    log:
        "logs/trace_senk_onset.log",
    benchmark:
        "benchmarks/rules/trace_senk_onset.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=10,
    params:
        ring=lookup(within=config, dpath="stability/ring"),
        model=model_of(lambda study: study.stability.ring),
        code=code("trace_senk_onset"),
    message:
        "Onset of waves on the Senk ring"
    script:
        "../scripts/trace_senk_onset.py"


rule solve_delay_rings:
    """Onsets of bumps, oscillations and waves over the delay."""
    output:
        rings="results/stability/rings.parquet",
    log:
        "logs/solve_delay_rings.log",
    benchmark:
        "benchmarks/rules/solve_delay_rings.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=10,
    params:
        delay_rings=lookup(within=config, dpath="stability/delay_rings"),
        code=code("solve_delay_rings"),
    message:
        "Onsets on delay rings"
    script:
        "../scripts/solve_delay_rings.py"
