"""Stability of LIF networks: Brunel lines, ring patterns, microcircuit modes, delay rings."""


rule follow_brunel_lines:
    """Folds and onsets of oscillations in the Brunel plane, by continuation."""
    output:
        lines="results/stability/lines.parquet",
    log:
        "logs/follow_brunel_lines.log",
    benchmark:
        "benchmarks/rules/follow_brunel_lines.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=10,
    params:
        model=lookup(within=config, dpath="brunel/model"),
        plane=lookup(within=config, dpath="stability/plane"),
        code=code("follow_brunel_lines"),
    message:
        "Follow the lines of the Brunel plane"
    script:
        "../scripts/follow_brunel_lines.py"


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
        code=code("trace_senk_onset"),
    message:
        "Onset of waves on the Senk ring"
    script:
        "../scripts/trace_senk_onset.py"


rule analyse_bos_microcircuit:
    """Spectra, eigenvalue trajectories and sensitivity of the microcircuit."""
    output:
        spectra="results/stability/spectra.parquet",
        modes="results/stability/modes.parquet",
        sensitivity="results/stability/sensitivity.parquet",
    log:
        "logs/analyse_bos_microcircuit.log",
    benchmark:
        "benchmarks/rules/analyse_bos_microcircuit.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=10,
    params:
        circuit=lookup(within=config, dpath="stability/circuit"),
        code=code("analyse_bos_microcircuit"),
    message:
        "Modes of the microcircuit"
    script:
        "../scripts/analyse_bos_microcircuit.py"


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


rule check_meanfield_dynamics:
    """Values that the acceptance table asks of network dynamics and stability."""
    output:
        measured="results/acceptance/meanfield_dynamics.parquet",
    log:
        "logs/check_meanfield_dynamics.log",
    benchmark:
        "benchmarks/rules/check_meanfield_dynamics.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=10,
    params:
        brunel=lookup(within=config, dpath="brunel/model"),
        ring=lookup(within=config, dpath="stability/ring/model"),
        circuit=lookup(within=config, dpath="stability/circuit/model"),
        code=code("check_meanfield_dynamics"),
    message:
        "Check network dynamics and stability"
    script:
        "../scripts/check_meanfield_dynamics.py"
