"""The acceptance table: expected values of config/acceptance against what was measured."""

ACCEPTANCE = sorted(
    path.stem
    for path in (ROOT / "config" / "acceptance").glob("*.tsv")
    if makes(f"results/acceptance/{path.stem}.parquet")
)


localrules:
    gather_acceptance,
    judge_acceptance,


rule gather_acceptance:
    """Lay every measured value against its published or independent number."""
    input:
        expected=expand(own("config/acceptance/{family}.tsv"), family=ACCEPTANCE),
        measured=expand("results/acceptance/{family}.parquet", family=ACCEPTANCE),
    output:
        table="results/acceptance.parquet",
    log:
        "logs/gather_acceptance.log",
    benchmark:
        "benchmarks/rules/gather_acceptance.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(500),
        runtime=5,
    params:
        code=code("gather_acceptance"),
    message:
        "Gather the acceptance table"
    script:
        "../scripts/gather_acceptance.py"


rule judge_acceptance:
    """Count the checks; fail, after everything else is made, when one of them fails."""
    input:
        table="results/acceptance.parquet",
        claims="results/claims.parquet",
        page="results/report.html",
    output:
        verdict="results/verdict.json",
    log:
        "logs/judge_acceptance.log",
    benchmark:
        "benchmarks/rules/judge_acceptance.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(500),
        runtime=5,
    params:
        code=code("judge_acceptance"),
    message:
        "Judge the acceptance table"
    script:
        "../scripts/judge_acceptance.py"
