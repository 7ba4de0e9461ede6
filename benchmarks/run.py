"""Measure cortex against its peers: ``python -m benchmarks.run <family|all> [--rounds 5] [...]``.

Each ``benchmarks/<family>`` holds ``ours.py`` and ``peer_<name>.py`` with the peer's pinned
packages in ``requirements-<name>.txt``. A script prints one JSON line per task for one
repetition: ``{"task": ..., "cpu_s": ..., "wall_s": ..., "peak_mb": ..., "result": ...}``. The
scripts run in turn, so that drifts of the machine hit both alike; medians, the ratio of CPU
seconds with its range, and both results side by side go to the terminal and to
``benchmarks/results/<family>.json``. Options that are not known here go to every script.

With ``all`` every family runs, medians are added to ``docs/benchmarks/history`` and the page
``docs/benchmarks/latest.md`` is written anew (`history.py`); a single family does so with
``--keep``. Options and changes that are not committed are noted there.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.history import FAMILIES, keep, write_page

HERE = Path(__file__).parent
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)


def peer_python(family: Path, peer: str) -> str:
    """Return the interpreter of the peer's own environment, made when missing."""
    requirements = family / f"requirements-{peer}.txt"
    if not requirements.exists():
        return sys.executable
    folder = HERE / ".envs" / f"{family.name}-{peer}"
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run(["uv", "venv", "--quiet", str(folder)], check=True)
        install = ["uv", "pip", "install", "--quiet", "--python", str(python)]
        subprocess.run([*install, "-r", str(requirements)], check=True)
    return str(python)


def run_once(python: str, script: str, options: list[str]) -> list[dict[str, Any]]:
    """Return the JSON lines that a script, named as a module, prints."""
    environment = {**os.environ, **ONE_THREAD}
    environment.setdefault("NUMBA_CACHE_DIR", str((HERE.parent / ".cache" / "numba").resolve()))
    done = subprocess.run(
        [python, "-m", script, *options],
        cwd=HERE.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{script} failed:\n{done.stderr[-3000:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def spread(values: list[float]) -> str:
    """Return median (min-max)."""
    return f"{median(values):.4g} ({min(values):.4g}-{max(values):.4g})"


def measure(name: str, rounds: int, options: list[str]) -> dict[str, Any]:
    """Return task -> script -> lines of one family, its scripts run in turn."""
    family = HERE / name
    peers = sorted(path.stem.removeprefix("peer_") for path in family.glob("peer_*.py"))
    scripts = {"cortex": (sys.executable, f"benchmarks.{name}.ours")}
    scripts |= {
        peer: (peer_python(family, peer), f"benchmarks.{name}.peer_{peer}") for peer in peers
    }
    runs: dict[str, Any] = defaultdict(lambda: defaultdict(list))
    for number in range(rounds):
        for script, command in scripts.items():
            for line in run_once(*command, options):
                runs[line["task"]][script].append(line)
            print(f"{name}, round {number + 1} of {rounds}: {script} done", file=sys.stderr)
    return runs


def main() -> None:
    """Alternate the scripts of the families asked for, print and keep the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("family", choices=[*FAMILIES, "all"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", action="store_true", help="add one family to the history")
    arguments, options = parser.parse_known_args()
    every = arguments.family == "all"
    for family in FAMILIES if every else [arguments.family]:
        runs = measure(family, arguments.rounds, options)
        report(family, runs)
        if every or arguments.keep:
            keep(family, runs, options)
            write_page()


def report(family: str, runs: dict[str, Any]) -> None:
    """Print one block per task and write all numbers as JSON."""
    for task, by_name in runs.items():
        print(f"\n{task}")
        ours = [line["cpu_s"] for line in by_name.get("cortex", [])]
        for name, lines in by_name.items():
            cpu = [line["cpu_s"] for line in lines]
            ratios = [b / a for a, b in zip(ours, cpu, strict=False)]
            ratio = f"  ratio {spread(ratios)}" if name != "cortex" and ratios else ""
            peak = median(line.get("peak_mb") or 0.0 for line in lines)
            print(f"  {name:12s} CPU {spread(cpu)} s  peak {peak:.0f} MB{ratio}")
            print(f"  {'':12s} result {lines[-1].get('result')}")
    out = HERE / "results" / f"{family}.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(runs, indent=1) + "\n", encoding="utf-8")
    print(f"\nall numbers: {out.relative_to(HERE.parent)}")


if __name__ == "__main__":
    main()
