"""Compare the results of two runs byte for byte: ``python tools/same_bytes.py ONE TWO``.

ONE and TWO are folders ``results``. Prints every file that only one of them has, that differs,
or that names the folder of its run. What a clock measured may differ (docs/adr/0217, 0305): pages
of costs and what they show, receipts and accounts of sweeps, and the store.
"""

import sys
from hashlib import sha256
from pathlib import Path

from cortex.installation import workflow_root
from cortex.report.registry import TIMED, read_figures, shown_by

MAY_DIFFER = ("store/", "_account.json", "-of-", f"/{TIMED}.html")


def timed_files() -> set[str]:
    """Return tables, figures and texts of measured times, below ``results``."""
    timed = shown_by(read_figures(workflow_root() / "workflow" / "figures.yaml"), TIMED)
    names = {f"figures/{name}.{kind}" for name in timed for kind in ("png", "pdf")}
    tables = {
        table.removeprefix("results/") for each in timed.values() for table in each.tables.values()
    }
    names |= {f"texts/{name}.rst" for name in timed}
    return names | {path.removeprefix("results/") for path in tables}


def digests(results: Path) -> dict[str, str]:
    """Return the digest of every file that has to be the same, by its path below `results`."""
    measured = timed_files()
    found = {str(p.relative_to(results)): p for p in sorted(results.rglob("*")) if p.is_file()}
    return {
        name: sha256(path.read_bytes()).hexdigest()
        for name, path in found.items()
        if name not in measured and not any(part in name for part in MAY_DIFFER)
    }


def complaints(one: Path, two: Path) -> list[str]:
    """Return a line for each file that is not the same in both results."""
    first, second = digests(one), digests(two)
    lines = []
    for name in sorted(first.keys() | second.keys()):
        if name not in first or name not in second:
            lines.append(f"only in {two if name in second else one}: {name}")
        elif first[name] != second[name]:
            lines.append(f"differs: {name}")
    for results, names in ((one, first), (two, second)):
        folder = results.resolve().parent
        held = (name for name in names if str(folder).encode() in (results / name).read_bytes())
        lines += [f"names {folder}: {name}" for name in held]
    return lines


def main() -> int:
    """Compare two folders of results; return how many files differ, at most 1."""
    one, two = map(Path, sys.argv[1:])
    found = complaints(one, two)
    summary = f"{len(digests(one))} files compared, {len(found)} complaints"
    sys.stdout.write("\n".join([*found, summary, ""]))
    return min(len(found), 1)


if __name__ == "__main__":
    sys.exit(main())
