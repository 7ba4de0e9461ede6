"""Write the results that the pages of models quote: ``make values`` after ``make figures``.

In docs/models a number of the default run stands as ``<!--=figure.value-->8.8 Hz<!--=-->``. Its
name is that in the text of the figure (`cortex.claims`); docs/models/values.json keeps the values
with configuration and commit. Other numbers stand below a line ``<!-- numbers: ... -->`` that
names the file that holds them, or says `equation`, `published` or `measured once`. The foot of a
page lists both.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from cortex.claims.text import facts_of
from cortex.claims.value import Value
from cortex.io.tables import read_columns
from cortex.report.registry import read_figures

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "docs" / "models").glob("*.md"))
STORED = ROOT / "docs" / "models" / "values.json"
NAMED = re.compile(r"<!--=([\w.]+)-->(.*?)<!--=-->", re.S)
NUMBERS = re.compile(r"^<!-- numbers: (.*?) -->$", re.M)
FOOT = "sources"


def names_in(page: str) -> list[str]:
    """Return the named values of a page, in order."""
    return [name for name, _ in NAMED.findall(page) if name != FOOT]


def values_of(results: Path, names: set[str]) -> dict[str, str]:
    """Return named values from the tables of a run."""
    figures = read_figures(ROOT / "workflow" / "figures.yaml")
    values = {}
    for name in sorted({each.split(".")[0] for each in names}):
        tables = {
            key: read_columns(results.parent / path) for key, path in figures[name].tables.items()
        }
        for key, fact in facts_of(figures[name].says, tables).items():
            values[f"{name}.{key}"] = str(fact)
            if isinstance(fact, Value):
                values[f"{name}.{key}.number"] = fact.number
    return {name: values[name] for name in sorted(names)}


def filled(page: str, stored: dict[str, Any]) -> str:
    """Return a page with its named values and its foot."""
    values: dict[str, str] = stored["values"]
    foot = _foot(page, stored)

    def shown(match: re.Match[str]) -> str:
        text = foot if match[1] == FOOT else values[match[1]]
        text = f"\n\n{text}\n\n" if "\n" in text or match[1] == FOOT else text
        return f"<!--={match[1]}-->{text}<!--=-->"

    return NAMED.sub(shown, page)


def _foot(page: str, stored: dict[str, Any]) -> str:
    others = sorted({part for line in NUMBERS.findall(page) for part in line.split(", ")})
    files = [f"`{other}`" for other in others if "/" in other]
    once = "measured once" in others
    lines = []
    if names_in(page):
        run = f"`{stored['configuration']}` with the code of commit `{stored['commit']}`"
        lines += [f"Results named in this page are those of a run of {run} (`make values`)."]
    if files:
        lines += ["Other numbers stand in " + ", ".join(files) + "."]
    if once:
        lines += [
            "Numbers marked so in the source of this page were measured once; no test holds them."
        ]
    return "*" + " ".join(lines or ["This page quotes no results."]) + "*"


def main(results: str, commit: str) -> None:
    """Take the values that the pages name from a run, keep them, write them into the pages."""
    pages = {path: path.read_text(encoding="utf-8") for path in PAGES}
    names = {name for page in pages.values() for name in names_in(page)}
    stored = {"configuration": "config/config.yaml", "commit": commit}
    stored["values"] = values_of(Path(results), names)  # type: ignore[assignment]
    STORED.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for path, page in pages.items():
        path.write_text(filled(page, stored), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
