"""Inference judged: what made simulated recordings, whose keys are known."""


include: "inference_inputs.smk"


wildcard_constraints:
    recordings="|".join(RECORDED) or "none",


rule infer_recordings:
    """Posterior of the keys of every recording of a sweep, learned from the sweep over the prior."""
    input:
        prior=prior_of,
        recordings=recordings_of,
    output:
        recovered="results/inference/{recordings}.parquet",
        draws="results/inference/{recordings}_draws.parquet",
    log:
        "logs/infer_recordings/{recordings}.log",
    benchmark:
        "benchmarks/rules/infer_recordings/{recordings}.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(2000),
        runtime=30,
    params:
        network=lambda wildcards: STUDY.sweeps[wildcards.recordings].network,
        block=sought_of,
        data=data_of,
        seed=config["seed"],
        code=code("infer_recordings"),
    message:
        "Infer what made the recordings of sweep {wildcards.recordings}"
    script:
        "../scripts/infer_recordings.py"
