"""Delayed ring with differential Hebbian learning: kernels, sweeps, replay, locking."""


rule learn_ring_kernels:
    """Learned kernels for several delays, the full matrix and variants of the rule."""
    output:
        kernels="results/learning/kernels.parquet",
    log:
        "logs/learn_ring_kernels.log",
    benchmark:
        "benchmarks/rules/learn_ring_kernels.tsv"
    priority: 1  # long: started early
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=30,
    params:
        model=lookup(within=config, dpath="learning/model"),
        kernels=lookup(within=config, dpath="learning/kernels"),
        seed=config["seed"],
        code=code("learn_ring_kernels"),
    message:
        "Learn the kernels of the ring"
    script:
        "../scripts/learn_ring_kernels.py"


rule record_ring_pairs:
    """Weights of all pairs, their history and changes, and rules given as functions."""
    output:
        weights="results/learning/weights.parquet",
        activity="results/learning/activity.parquet",
        history="results/learning/history.parquet",
        changes="results/learning/changes.parquet",
        rules="results/learning/rules.parquet",
    log:
        "logs/record_ring_pairs.log",
    benchmark:
        "benchmarks/rules/record_ring_pairs.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=30,
    params:
        model=lookup(within=config, dpath="learning/model"),
        pairs=lookup(within=config, dpath="learning/pairs"),
        seed=config["seed"],
        code=code("record_ring_pairs"),
    message:
        "Record the weights of all pairs of the ring"
    script:
        "../scripts/record_ring_pairs.py"


rule replay_ring:
    """Free runs of learned waves over delay, time constant and period."""
    output:
        replay="results/learning/replay.parquet",
        picture="results/learning/picture.parquet",
    log:
        "logs/replay_ring.log",
    benchmark:
        "benchmarks/rules/replay_ring.tsv"
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=30,
    params:
        model=lookup(within=config, dpath="learning/model"),
        replay=lookup(within=config, dpath="learning/replay"),
        code=code("replay_ring"),
    message:
        "Replay learned waves"
    script:
        "../scripts/replay_ring.py"


rule lock_ring:
    """Where a drive holds the wave: while learning, and afterwards at other speeds."""
    output:
        locking="results/learning/locking.parquet",
        tongue="results/learning/tongue.parquet",
        edge="results/learning/tongue_edge.parquet",
    log:
        "logs/lock_ring.log",
    benchmark:
        "benchmarks/rules/lock_ring.tsv"
    priority: 1  # long: started early
    conda:
        ENV
    threads: 1
    resources:
        mem_mb=grow(1000),
        runtime=30,
    params:
        model=lookup(within=config, dpath="learning/model"),
        locking=lookup(within=config, dpath="learning/locking"),
        seed=config["seed"],
        code=code("lock_ring"),
    message:
        "Lock waves to their drives"
    script:
        "../scripts/lock_ring.py"


if makes("results/sweeps/learning_parameters/residual_course.parquet"):

    rule write_learning_explorer:
        """A page in which a click on the learning-rate sweep shows the course of a training."""
        input:
            sweep="results/sweeps/learning_parameters.parquet",
            residuals="results/sweeps/learning_parameters/residual_course.parquet",
            template=own("workflow/report/explorer.html.j2"),
        output:
            page="results/site/learning_explorer.html",
        log:
            "logs/write_learning_explorer.log",
        benchmark:
            "benchmarks/rules/write_learning_explorer.tsv"
        conda:
            ENV
        threads: 1
        resources:
            mem_mb=grow(1000),
            runtime=10,
        params:
            code=code("write_learning_explorer"),
        message:
            "Write the explorer of the learning rate"
        script:
            "../scripts/write_learning_explorer.py"
