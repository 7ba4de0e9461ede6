"""Cost of the sweep machinery: dry run of 10,000 points, overhead of the default sweep.

Prints one JSON line per task. The overhead is the CPU time of a whole run on two cores, less
that of starting Snakemake on the finished sweep, less that of the points themselves, which each
record in the store. It works in a copy; pass the name of another sweep to measure that one.
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

ROOT = Path(__file__).parents[2]
PARTS = ("Snakefile", "workflow", "config", "notebooks", "environment.yml", "profiles")
BIG = """
sweeps:
  big:
    model: rehearsal
    vary: {x: {start: 0.0, stop: 1.0, num: 100}, y: {start: 0.0, stop: 1.0, num: 100}}
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
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, folder / part)
    (folder / "big.yaml").write_text(BIG)


def main() -> None:
    """Measure in a temporary copy."""
    sweep = sys.argv[1] if len(sys.argv) > 1 else "brunel_plane"
    os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / ".cache" / "numba"))
    snakemake = (sys.executable, "-m", "snakemake", "--cores", "2")
    study = ("--configfile", "config/config.yaml")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_to(folder)
        report("snakemake --version", *measure(*snakemake, "--version", cwd=folder))
        big = (*study, "big.yaml", "--dry-run", "results/sweeps/big.parquet")
        report("dry run of 10,000 points", *measure(*snakemake, *big, cwd=folder))
        table = f"results/sweeps/{sweep}.parquet"
        cpu, wall = measure(*snakemake, *study, table, cwd=folder)
        start, _ = measure(*snakemake, *study, table, cwd=folder)  # nothing to be done
        records = (folder / "results" / "store").glob("*/[!.]*.json")
        costs = [json.loads(r.read_bytes().split(b"\n", 1)[1])["cpu_s"] for r in records]
        work = sum(costs)
        result = {"points": len(costs), "work_cpu_s": work, "start_cpu_s": start}
        report(
            f"sweep {sweep}",
            cpu,
            wall,
            **result,
            overhead_percent=100 * (cpu - start - work) / work,
        )


if __name__ == "__main__":
    main()
