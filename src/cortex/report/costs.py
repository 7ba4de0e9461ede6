"""What the jobs behind a page cost: times and memory as Snakemake measured them."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from cortex.report.cells import HtmlTable

UNKNOWN: Final = "–"
HEAD: Final = ("step", "jobs", "CPU time", "elapsed", "longest job", "peak memory")
STYLE: Final = """<style>
body { font: 14px/1.4 system-ui, sans-serif; margin: 0.5em; }
td, th { padding: 0.15em 1em 0.15em 0; text-align: left; }
</style>"""
NOTE: Final = (
    "Of each job when it ran last, the start of Python included. Elapsed times are those of all "
    "jobs together; jobs run beside each other. Memory is the largest resident set of one job, "
    "looked at now and then: of short jobs it is a lower bound."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What the jobs of one step cost together.

    Parameters
    ----------
    n_jobs : int
        Jobs that were measured.
    cpu_time, elapsed, longest : float
        CPU time and elapsed time of all, elapsed time of the longest, s.
    memory : float
        Largest resident set of one of them, MB.
    """

    n_jobs: int
    cpu_time: float
    elapsed: float
    longest: float
    memory: float


def read_cost(files: Iterable[Path | str]) -> Cost:
    """Return what jobs cost, from the benchmark files of Snakemake; absent ones do not count."""
    rows = [row for path in map(Path, files) if path.is_file() for row in _rows(path)]
    elapsed = [_number(row["s"]) for row in rows]
    return Cost(
        n_jobs=len(rows),
        cpu_time=sum(_number(row["cpu_time"]) for row in rows),
        elapsed=sum(elapsed),
        longest=max(elapsed, default=0.0),
        memory=max((_number(row["max_rss"]) for row in rows), default=0.0),
    )


def cost_table(steps: Mapping[str, Sequence[Path | str]]) -> HtmlTable:
    """Return a row for each step that has jobs, and one for all.

    Parameters
    ----------
    steps : mapping of str to sequence of path
        What a step does -> the benchmark files of its jobs.
    """
    files = {step: paths for step, paths in steps.items() if paths}
    files["all"] = [path for paths in files.values() for path in paths]
    return HtmlTable(HEAD, [[step, *_shown(read_cost(paths))] for step, paths in files.items()])


def cost_page(title: str, steps: Mapping[str, Sequence[Path | str]]) -> str:
    """Return the page of what the jobs behind another page cost."""
    table = cost_table(steps)._repr_html_()
    head = f'<meta charset="utf-8"><title>{escape(title)}</title>{STYLE}'
    return f"<!DOCTYPE html><html><head>{head}</head><body>{table}<p>{NOTE}</p></body></html>\n"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def _number(text: str) -> float:
    """Return a number, 0 where a job was too short to be measured."""
    try:
        return float(text)
    except ValueError:
        return 0.0


def _shown(cost: Cost) -> list[str]:
    if not cost.n_jobs:
        return ["not measured", *[UNKNOWN] * 4]
    times = (f"{time:,.1f} s" for time in (cost.cpu_time, cost.elapsed, cost.longest))
    memory = f"{cost.memory:,.0f} MB" if cost.memory else UNKNOWN
    return [str(cost.n_jobs), *times, memory]
