"""Last words of a run: where its results lie, and what of its sweeps is not there.

``python -m cortex.report.closing STATUS CONFIG...``, from the root of the project.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from cortex.config.read import read_yaml
from cortex.errors import ConfigError
from cortex.report.page import lost_points

PLACES: Final = {
    "report": "results/report.html (open it in a browser, no network needed)",
    "figures": "results/figures/*.png, *.pdf",
    "notebooks": "results/notebooks/*.html",
    "tables": "results/**/*.parquet",
}


def closing_lines(status: int, accounts: Iterable[dict[str, Any]]) -> list[str]:
    """Return the last lines of a run, bad news last.

    Parameters
    ----------
    status : int
        Exit status of Snakemake.
    accounts : iterable of dict
        Accounts of the sweeps of the configuration that have one.
    """
    lines = [f"{what + ':':<10} {where}" for what, where in PLACES.items()]
    if status:
        lines.append("ended with an error or a failing check: see above, and the report")
    lost = lost_points(accounts)
    if lost:
        listed = ", ".join(f"{name} {n} of {asked}" for name, (n, asked) in lost.items())
        lines.append(
            f"sweep points failed: {listed}; the report lists their errors, "
            "`cortex sweep-forget` lets the next run try them again"
        )
    return lines


def read_accounts(results: Path, configfiles: Sequence[str]) -> list[dict[str, Any]]:
    """Return the accounts of the sweeps named in configuration files, as far as there are any."""
    names = dict.fromkeys(
        name for path in configfiles for name in read_yaml(Path(path)).get("sweeps") or ()
    )
    paths = [results / "sweeps" / f"{name}_account.json" for name in names]
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths if path.is_file()]


def main(status: str, *configfiles: str) -> None:
    """Print the last lines of a run."""
    try:
        accounts = read_accounts(Path("results"), configfiles)
    except ConfigError:  # said at the start of the run
        accounts = []
    sys.stdout.write("\n".join(closing_lines(int(status), accounts)) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
