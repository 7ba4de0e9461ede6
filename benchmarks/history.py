"""The history of the benchmarks, one line per family and run, and the page of the latest runs.

``docs/benchmarks/history/<family>.jsonl`` is tracked: each line holds commit, day, machine,
versions and, for every task and script, the median and the range of CPU seconds. A task counts as
slower when its fastest round is slower than the slowest round of the run before on the same kind
of machine. ``python -m benchmarks.history`` writes the page without measuring.
"""

import json
import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs" / "benchmarks"
FAMILIES = sorted(path.parent.name for path in HERE.glob("*/ours.py"))
MICROCIRCUIT = "microcircuit, 1 of its neurons and synapses, per biological second"
OURS = ("numba", "numpy", "scipy")
INTRODUCTION = """# All benchmarks, latest runs

Written by `python -m benchmarks.run all`. CPU seconds, median (range) over rounds in which the
scripts alternate; ratio: peer over cortex. Change: cortex over its run before on the same kind of
machine with the same options; *slower* and *faster* only where the ranges do not overlap. What is
compared and how, and shares of the limits of the machine: the page of each family in this folder.
All runs: `history/<family>.jsonl`.
"""


def machine() -> dict[str, Any]:
    """Return what ratios belong to: processor, cores, memory, how busy it was."""
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8") if os.name == "posix" else ""
    found = {
        key: match.group(1).strip()
        for key in ("model name", "cpu family", "model", "cache size")
        if (match := re.search(rf"^{key}\s*: (.*)$", text, re.MULTILINE))
    }
    return {
        "processor": " ".join([found.get("model name", platform.processor()), platform.machine()]),
        "kind": "-".join(found.get(key, "?") for key in ("model name", "cpu family", "model")),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "memory_GB": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9),
        "load": round(os.getloadavg()[0], 1),
    }


def versions(family: str) -> dict[str, Any]:
    """Return the versions of Python, our packages and the pinned peers."""
    peers: dict[str, str] = {}
    for path in (HERE / family).glob("requirements-*.txt"):
        pins = re.findall(r"^([\w.-]+)==([\w.]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        peers |= dict(pins)
    return {"python": platform.python_version(), **{name: version(name) for name in OURS}, **peers}


def commit() -> str:
    """Return the commit that was measured, with a mark when the tree differs from it."""
    command = ["git", "-C", str(HERE), "describe", "--always", "--dirty=+", "--abbrev=7"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def summary(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the median and the range of CPU and wall seconds, memory and what came out."""
    cpu = [line["cpu_s"] for line in lines]
    kept: dict[str, Any] = {"cpu_s": [median(cpu), min(cpu), max(cpu)]}
    if all("wall_s" in line for line in lines):
        wall = [line["wall_s"] for line in lines]
        kept["wall_s"] = [median(wall), min(wall), max(wall)]
    if any(line.get("peak_mb") for line in lines):
        kept["peak_mb"] = round(median([line.get("peak_mb") or 0.0 for line in lines]))
    if isinstance(lines[-1].get("result"), str):
        kept["result"] = lines[-1]["result"]
    return kept


def keep(family: str, runs: dict[str, Any], options: list[str]) -> None:
    """Add one run of a family to its history."""
    entry = {
        "commit": commit(),
        "day": datetime.now(UTC).date().isoformat(),
        "options": options,
        "machine": machine(),
        "versions": versions(family),
        "tasks": {
            task: {name: summary(lines) for name, lines in by_name.items()}
            for task, by_name in runs.items()
        },
    }
    folder = DOCS / "history"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{family}.jsonl").open("a", encoding="utf-8") as out:
        out.write(json.dumps(entry) + "\n")


def history(family: str) -> list[dict[str, Any]]:
    """Return the runs of a family, oldest first."""
    path = DOCS / "history" / f"{family}.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


def spread(value: list[float]) -> str:
    """Return median (least-most)."""
    return f"{value[0]:.3g} ({value[1]:.3g}-{value[2]:.3g})"


def change(task: str, new: dict[str, Any], old: dict[str, Any] | None) -> str:
    """Return how cortex changed since the run before, in words when beyond both ranges."""
    before = (old or {}).get("tasks", {}).get(task, {}).get("cortex")
    if not before or "cortex" not in new["tasks"][task]:
        return ""
    now, then = new["tasks"][task]["cortex"]["cpu_s"], before["cpu_s"]
    ratio = f"{now[0] / then[0]:.2f}"
    if now[1] > then[2]:
        return f"**slower, {ratio}**"
    return f"faster, {ratio}" if now[2] < then[1] else ratio


def rows(new: dict[str, Any], old: dict[str, Any] | None) -> list[str]:
    """Return a row of the table for every task and peer, in the order they ran."""
    lines = []
    for task, by_name in new["tasks"].items():
        ours = by_name.get("cortex")
        peers = [name for name in by_name if name != "cortex"] or [""]
        for peer in peers:
            theirs = by_name.get(peer)
            ratio = f"{theirs['cpu_s'][0] / ours['cpu_s'][0]:.3g}" if theirs and ours else ""
            cells = [
                task,
                spread(ours["cpu_s"]) if ours else "",
                str(ours.get("peak_mb", "")) if ours else "",
                f"{peer} {spread(theirs['cpu_s'])}" if theirs else "",
                ratio,
                change(task, new, old),
                (ours or {}).get("result", "") if peer == peers[0] else "",
            ]
            lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    return lines


def alike(entry: dict[str, Any], other: dict[str, Any]) -> bool:
    """Tell whether two runs may be compared: same kind of machine, same options."""
    same_machine = entry["machine"]["kind"] == other["machine"]["kind"]
    return bool(same_machine and entry["options"] == other["options"])


def section(family: str) -> list[str]:
    """Return the part of the page about one family, none if it was never kept."""
    entries = history(family)
    if not entries:
        return []
    new = entries[-1]
    old = next((entry for entry in reversed(entries[:-1]) if alike(entry, new)), None)
    where, used = new["machine"], ", ".join(f"{k} {v}" for k, v in new["versions"].items())
    options = f"; options {' '.join(new['options'])}" if new["options"] else ""
    since = f"; changes since {old['commit']} ({old['day']})" if old else ""
    about = (
        f"Commit {new['commit']}, {new['day']}; {where['processor']}, {where['cores']} cores, "
        f"{where['memory_GB']} GB, load {where['load']}; {used}{options}{since}."
    )
    return [
        f"## {family}",
        "",
        about,
        "",
        "| task | cortex, CPU s | MB | peer, CPU s | ratio | change | result |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *rows(new, old),
        "",
    ]


def real_time() -> list[str]:
    """Return the table of real-time factors of the full microcircuit, ours among the published."""
    entries = [entry for entry in history("threads") if MICROCIRCUIT in "".join(entry["tasks"])]
    mine = entries[-1:]
    kinds = {entry["machine"]["kind"] for entry in mine}
    mine += [entry for entry in entries if entry["machine"]["kind"] not in kinds]
    lines = [
        f"| cortex, {entry['commit']}, {entry['day']} | cortex | {task.rpartition(', ')[2]} of "
        f"{entry['machine']['cores']} cores, {entry['machine']['processor']} | Poisson | "
        f"**{spread(scripts['cortex']['wall_s'])}** |"
        for entry in mine
        for task, scripts in entry["tasks"].items()
        if task.startswith(MICROCIRCUIT)
    ]
    published = (HERE / "threads" / "published.tsv").read_text(encoding="utf-8").splitlines()[1:]
    lines += [f"| {' | '.join(row.split(chr(9)))} |" for row in published]
    return [
        "## Real-time factors of the full microcircuit",
        "",
        "Wall seconds per second of the network of Potjans & Diesmann 2014, 77,169 neurons and",
        "0.3 billion synapses, steps of 0.1 ms, building left out. Published: as Senk et al. 2025",
        "(arXiv:2505.21185) list them (`benchmarks/threads/published.tsv`).",
        "",
        "| study | simulator | hardware | drive | real-time factor |",
        "| --- | --- | --- | --- | --- |",
        *lines,
        "",
    ]


def write_page() -> None:
    """Write the page of the latest run of every family."""
    body = [*real_time(), *(line for family in FAMILIES for line in section(family))]
    (DOCS / "latest.md").write_text(
        "\n".join([INTRODUCTION, *body]).rstrip() + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    write_page()
