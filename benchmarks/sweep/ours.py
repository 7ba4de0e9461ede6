"""Cost of the sweep machinery: dry runs of 10,000 points, overhead of a sweep on two cores.

``python -m benchmarks.sweep.ours [SWEEP [CONFIG ...]]`` measures `brunel_plane` of
config/config.yaml, or another sweep, with further files laid over the configuration. It works
in a copy, code included, compiles once, and prints one JSON line per task. What counts as
overhead: docs/benchmarks/sweep.md.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from snakemake.utils import update_config

from cortex.config.loader import read_yaml
from cortex.params.sweep import SweepParams
from cortex.sweep.model import find_model
from cortex.sweep.workflow import Sweep
from cortex.sweep_models.registry import MODELS

ROOT = Path(__file__).parents[2]
PARTS = ("Snakefile", "workflow", "config", "notebooks", "environment.yml", "profiles", "src")
SNAKEMAKE = (sys.executable, "-m", "snakemake", "--cores", "2")
BIG = """
sweeps:
  big:
    model: made_up_model:MADE_UP
    vary: {x: {start: 0.0, stop: 1.0, num: 100}, y: {start: 0.0, stop: 1.0, num: 100}}
    chunk_size: 625
"""
TWICE = """
import json, sys, time
from cortex.sweep.model import find_model
from cortex.sweep_models.registry import MODELS
point = json.load(sys.stdin)
model = find_model(point["model"], MODELS)
evaluate, params = model.function(), model.block.from_config(point["params"])
seconds = []
for _ in range(2):
    started = time.thread_time()
    evaluate(params, point["seed"])
    seconds.append(time.thread_time() - started)
print(seconds[0] - seconds[1])
"""


def measure(*command: str, cwd: Path) -> tuple[float, float]:
    """Return CPU and wall seconds of a command and all its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run(command, cwd=cwd, check=True, capture_output=True)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
    return cpu, wall


def report(task: str, cpu: float, wall: float, **result: float) -> None:
    """Print one line."""
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3
    line = {"task": task, "cpu_s": round(cpu, 2), "wall_s": round(wall, 2), "peak_mb": round(peak)}
    print(json.dumps({**line, "result": {k: round(v, 3) for k, v in result.items()}}), flush=True)


def copy_to(folder: Path) -> None:
    """Copy what Snakemake reads."""
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy2
        copy(ROOT / part, folder / part)
    (folder / "big.yaml").write_text(BIG)


def measure_planning(folder: Path) -> None:
    """Time dry runs: the default study at cluster scale, and 10,000 points before and after."""
    report("snakemake --version", *measure(*SNAKEMAKE, "--version", cwd=folder))
    study = ("--configfile", "config/config.yaml")
    cluster = measure(*SNAKEMAKE, "--dry-run", *study, "config/cluster.yaml", cwd=folder)
    report("dry run of everything with config/cluster.yaml", *cluster)
    big = (*SNAKEMAKE, "results/sweeps/big.parquet", *study, "big.yaml")
    report("dry run of 10,000 points, none known", *measure(*big, "--dry-run", cwd=folder))
    report("10,000 points without work, 16 jobs", *measure(*big, cwd=folder))
    report("dry run of 10,000 points, all known", *measure(*big, "--dry-run", cwd=folder))


def first_point(sweep: str, files: list[Path]) -> dict[str, Any]:
    """Return model, parameters and seed of one point of a sweep."""
    config: dict[str, Any] = {}
    for file in files:
        update_config(config, read_yaml(file))
    params = SweepParams.from_config(config["sweeps"][sweep])
    plan = Sweep(sweep, params, config, find_model(params.model, MODELS)).plan
    point = plan.points[0]
    return {"model": plan.model.name, "params": point.params, "seed": point.seed}


def loading_seconds(point: dict[str, Any]) -> float:
    """Return how much longer the first point of a process takes than the same point again."""
    done = subprocess.run(
        [sys.executable, "-c", TWICE],
        input=json.dumps(point),
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def measure_overhead(folder: Path, sweep: str, files: list[Path]) -> None:
    """Run a sweep and set what is not its points against what is."""
    point = first_point(sweep, files)
    loading_seconds(point)  # compiles
    loading = loading_seconds(point)
    study = ("--configfile", *map(str, files))
    run = (*SNAKEMAKE, f"results/sweeps/{sweep}.parquet", *study)
    cpu, wall = measure(*run, cwd=folder)
    start, _ = measure(*run, cwd=folder)  # nothing to be done
    stored = (folder / "results/store").glob("*/[!.]*.json")
    records = [json.loads(path.read_bytes().split(b"\n", 1)[1]) for path in stored]
    records = [record for record in records if record["model"] == point["model"]]
    jobs = len(list((folder / f"results/sweeps/{sweep}").glob("*.json")))
    work = sum(record["cpu_s"] for record in records) - jobs * loading
    other = cpu - start - work
    report(
        f"sweep {sweep}",
        cpu,
        wall,
        points=len(records),
        jobs=jobs,
        start_cpu_s=start,
        work_cpu_s=work,
        overhead_cpu_s=other,
        of_which_loading_cpu_s=jobs * loading,
        overhead_percent=100 * other / work,
    )


def main() -> None:
    """Measure in a temporary copy."""
    sweep = sys.argv[1] if len(sys.argv) > 1 else "brunel_plane"
    further = [Path(name).resolve() for name in sys.argv[2:]]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_to(folder)
        os.environ["PYTHONPATH"] = f"{folder}/src{os.pathsep}{ROOT}/tests/models"
        os.environ["NUMBA_CACHE_DIR"] = str(folder / ".cache" / "numba")
        measure_planning(folder)
        measure_overhead(folder, sweep, [folder / "config" / "config.yaml", *further])


if __name__ == "__main__":
    main()
