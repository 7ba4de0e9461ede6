"""A sweep on a real SLURM of three nodes on loopback, one of which dies; `make test-slurm`."""

import os
import shutil
import signal
import subprocess
import time

import pytest

HERE = os.geteuid() == 0 and shutil.which("slurmctld") is not None
pytestmark = [
    pytest.mark.cluster,
    pytest.mark.skipif(not HERE, reason="needs root and SLURM's daemons: make test-slurm"),
]

SWEEP = {
    "model": "made_up_model:MADE_UP",
    "vary": {"x": {"start": -1.0, "stop": 1.0, "num": 10}, "y": [0.5, 2.0]},
    "fixed": {"work_ms": 800.0},
    "seeds": 3,
    "chunk_size": 15,
    "memory_MB": 800.0,
}
TABLE = "results/sweeps/small.parquet"
QUICK = (
    *("--profile", "workflow/profiles/slurm", "--slurm-init-seconds-before-status-checks", "3"),
    *("--latency-wait", "5"),
)


def test_a_sweep_survives_the_death_of_a_node_and_ends_with_the_same_bytes(slurm, new_project):
    alone = new_project("alone")
    alone.sweeps(small={**SWEEP, "fixed": {"work_ms": 800.0}, "threads": 1})
    on_cluster = new_project("cluster")
    on_cluster.sweeps(small=SWEEP)
    process = subprocess.Popen(
        on_cluster.command(TABLE, *QUICK),
        cwd=on_cluster.folder,
        env=on_cluster.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    victim = wait_for_work(slurm, on_cluster, process)
    slurm.kill(victim)
    said, _ = process.communicate(timeout=560)
    assert process.returncode == 0, said
    assert "Trying to restart job" in said
    assert on_cluster.account("small")["done"] == 60
    assert victim not in slurm.available()

    alone.run(TABLE, "--cores", "1")
    assert alone.table("small") == on_cluster.table("small")


def wait_for_work(slurm, project, process):
    """Return a node that runs a job, once some points are done."""
    end = time.monotonic() + 300
    while len(project.records()) < 4 or not slurm.busy():
        if process.poll() is not None or time.monotonic() > end:
            process.send_signal(signal.SIGINT)
            pytest.fail(process.communicate()[0])
        time.sleep(0.1)
    return slurm.busy()[0]
