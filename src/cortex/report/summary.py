"""Last words of a run: where its results lie, what failed, what of its sweeps is not there.

``python -m cortex.report.summary STATUS CONFIG...``, in the folder of the run.
"""

import json
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from cortex.config.loader import read_yaml
from cortex.errors import ConfigError
from cortex.io.schemas.acceptance import ACCEPTANCE, CLAIMS
from cortex.io.tables import read_table
from cortex.report.page import lost_points

PLACES: Final = {  # what -> files below results, as said
    "report": ("report.html", "results/report.html (open it in a browser, no network needed)"),
    "explorers": ("site/*_explorer.html", "results/site/*_explorer.html, linked from the report"),
    "figures": ("figures/*.png", "results/figures/*.png, *.pdf"),
    "notebooks": ("notebooks/*.html", "results/notebooks/*.html"),
    "tables": ("**/*.parquet", "results/**/*.parquet"),
}
# as Snakemake 9.27 writes its log
FAILED: Final = re.compile(
    r"^Error in rule (\w+):\n(?:    .*\n)*?    log: (.*?)(?: \(check.*)?$", flags=re.M
)
STOPPED: Final = "Terminating processes on user request"
STARTED: Final = "%Y-%m-%dT%H%M%S"  # in the name of the log


def summary_lines(
    status: int, results: Path, accounts: Iterable[dict[str, Any]], log: Path | None = None
) -> list[str]:
    """Return the last lines of a run, bad news last.

    Parameters
    ----------
    status : int
        Exit status of Snakemake.
    results : path
        Folder of the results; what is not there is not named.
    accounts : iterable of dict
        Accounts of the sweeps of the configuration that have one.
    log : path, optional
        Log of Snakemake; None when it did not come to write one.
    """
    started = datetime.strptime(log.name[:17], STARTED).timestamp() if status and log else 0.0
    lines = []
    for what, (pattern, where) in PLACES.items():
        newest = max((path.stat().st_mtime for path in results.glob(pattern)), default=None)
        if newest is not None:
            lines.append(f"{what + ':':<11} {where}{', of an earlier run' * (newest < started)}")
    if status:
        lines.append(_end(log.read_text(encoding="utf-8") if log else ""))
    lines += _checks(results / "acceptance.parquet", started)
    lines += _claims(results / "claims.parquet", started)
    lost = lost_points(accounts)
    if lost:
        listed = ", ".join(f"{name} {n} of {asked}" for name, (n, asked) in lost.items())
        lines.append(
            f"sweep points failed: {listed}; the report lists their errors, "
            "`cortex sweep-forget` lets the next run try them again"
        )
    return lines


def _checks(path: Path, started: float) -> list[str]:
    """Return how many expected values are met, where this run compared them."""
    if not path.is_file() or path.stat().st_mtime < started:
        return []
    passed = read_table(path, ACCEPTANCE)["passed"]
    return [f"checks:     {sum(passed)} of {len(passed)} expected values are met"]


def _claims(path: Path, started: float) -> list[str]:
    """Return how many claims of the texts hold, and which do not, where this run found it."""
    if not path.is_file() or path.stat().st_mtime < started:
        return []
    claims = read_table(path, CLAIMS)
    against = [
        f"{figure}.{claim}"
        for figure, claim, holds in zip(
            claims["figure"], claims["claim"], claims["holds"], strict=True
        )
        if not holds
    ]
    n = len(claims["holds"])
    line = f"claims:     {n - len(against)} of {n} sentences hold for this configuration"
    return [f"{line}; not, and said so: {', '.join(against)}" if against else line]


def _end(log: str) -> str:
    """Return why a run ended with an error, from what Snakemake logged."""
    failed = dict(FAILED.findall(log))
    if STOPPED in log:
        return "interrupted; the same command goes on where it stopped"
    if "judge_acceptance" in failed:
        return "checks failed: the report shows them first"
    if failed:
        listed = ", ".join(f"{rule} (see {where})" for rule, where in failed.items())
        return f"failed: {listed}; the same command goes on where it stopped"
    return "ended with an error before any job failed: see above"


def latest_log(folder: Path) -> Path | None:
    """Return the log of the last run of Snakemake in a folder."""
    return max((folder / ".snakemake" / "log").glob("*.log"), default=None)


def read_accounts(results: Path, configfiles: Sequence[str]) -> list[dict[str, Any]]:
    """Return the accounts of the sweeps named in configuration files, as far as there are any."""
    names = dict.fromkeys(
        name for path in configfiles for name in read_yaml(Path(path)).get("sweeps") or ()
    )
    paths = [results / "sweeps" / f"{name}_account.json" for name in names]
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths if path.is_file()]


def main(status: str, *configfiles: str) -> None:
    """Print the last lines of a run."""
    results = Path("results")
    try:
        accounts = read_accounts(results, configfiles)
    except ConfigError:  # said at the start of the run
        accounts = []
    lines = summary_lines(int(status), results, accounts, latest_log(Path()))
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
