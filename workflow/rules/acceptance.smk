"""The acceptance table: expected values of tests/acceptance against what this run gives.

A checkout has them; a wheel, which holds no tests, makes no such table.
"""

from runpy import run_path

EXPECTED = Path(own("tests/acceptance"))
CHECKS = run_path(str(EXPECTED / "checks.py")) if EXPECTED.is_dir() else {}
ACCEPTANCE = {
    family: (parts, asked["tables"])
    for family, asked in (CHECKS["read_families"]() if CHECKS else {}).items()
    if (parts := CHECKS["parts_of"](config, asked["config"])) is not None
    and all(makes(table) for table in asked["tables"].values())
}


localrules:
    gather_acceptance,
    judge_acceptance,


rule check_acceptance:
    """Measure one family of values and lay each against its published or independent number."""
    input:
        checks=own("tests/acceptance/checks.py"),
        measure=own("tests/acceptance/{family}.py"),
        expected=own("tests/acceptance/{family}.tsv"),
        tables=lambda wildcards: list(ACCEPTANCE[wildcards.family][1].values()),
    output:
        table="results/acceptance/{family}.parquet",
    log:
        "logs/check_acceptance/{family}.log",
    benchmark:
        "benchmarks/rules/check_acceptance/{family}.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(2000),
        runtime=30,
    params:
        config=lambda wildcards: ACCEPTANCE[wildcards.family][0],
        tables=lambda wildcards: list(ACCEPTANCE[wildcards.family][1]),
        code=lambda wildcards: code(
            "check_acceptance", EXPECTED / f"{wildcards.family}.py"
        ),
    message:
        "Check the expected values of family {wildcards.family}"
    script:
        "../scripts/check_acceptance.py"


rule gather_acceptance:
    """The acceptance table: the checks of all families."""
    input:
        tables=expand("results/acceptance/{family}.parquet", family=ACCEPTANCE),
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
