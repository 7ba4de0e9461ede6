"""The report page: one HTML file with everything inside, nothing fetched from anywhere."""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cortex.io.tables import read_columns, read_provenance
from cortex.report.lineage import Step, lineage_of, name_versions
from cortex.report.registry import Figure
from cortex.report.run import Run
from cortex.report.texts import as_html
from cortex.typing import AnyArray

ABBREVIATIONS = {"lfp"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """A table behind a figure and where its numbers come from."""

    path: str
    rule: str
    code: str
    seed: str
    params: str
    command: str
    versions: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureEntry:
    """All that the page shows about one figure."""

    name: str
    title: str
    notebook: str
    image: str
    embedded: str
    caption: str
    command: str
    data: tuple[DataFile, ...]
    lineage: tuple[Step, ...]
    claims: tuple[dict[str, Any], ...]
    checks: tuple[dict[str, Any], ...]


def figure_entries(
    figures: Mapping[str, Figure],
    images: Iterable[str],
    captions: Iterable[str],
    acceptance: Mapping[str, AnyArray],
    run: Run,
    *,
    claims: Mapping[str, AnyArray],
) -> list[FigureEntry]:
    """Return the entry of each figure; images and captions in the order of `figures`."""
    rows, said = acceptance_rows(acceptance), claim_rows(claims)
    return [
        _entry(name, figure, Path(image), Path(caption), rows=rows, said=said, run=run)
        for (name, figure), image, caption in zip(figures.items(), images, captions, strict=True)
    ]


def _entry(
    name: str,
    figure: Figure,
    image: Path,
    caption: Path,
    *,
    rows: list[dict[str, Any]],
    said: list[dict[str, Any]],
    run: Run,
) -> FigureEntry:
    sources = {path: read_provenance(path) for path in figure.tables.values()}
    return FigureEntry(
        name=name,
        title=figure.title,
        notebook=figure.notebook,
        image=f"../figures/{name}.png",
        embedded=_data_uri(image),
        caption=as_html(caption.read_text(encoding="utf-8")),
        command=run.command(f"results/figures/{name}.png"),
        data=tuple(_data_file(path, source, run) for path, source in sources.items()),
        lineage=lineage_of(sources.values()),
        claims=tuple(row for row in said if row["figure"] == name),
        checks=tuple(
            row for row in rows if figure.checks and row["check_id"].startswith(figure.checks)
        ),
    )


def acceptance_rows(acceptance: Mapping[str, AnyArray]) -> list[dict[str, Any]]:
    """Return the acceptance table as rows, failing ones first."""
    return _rows(acceptance, "passed")


def claim_rows(claims: Mapping[str, AnyArray]) -> list[dict[str, Any]]:
    """Return the table of claims as rows, those that do not hold first."""
    return _rows(claims, "holds")


def _rows(table: Mapping[str, AnyArray], good: str) -> list[dict[str, Any]]:
    """Return the rows of a table, those first whose column `good` is false."""
    rows = [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]
    return sorted(rows, key=lambda row: bool(row[good]))


def render_page(
    template: Path,
    entries: list[FigureEntry],
    acceptance: Mapping[str, AnyArray],
    run: Run,
    *,
    embed: bool,
    sweeps: Sequence[Mapping[str, Any]] = (),
    networks: Sequence[Mapping[str, Any]] = (),
    recordings: Sequence[Mapping[str, Any]] = (),
    claims: Sequence[Mapping[str, Any]] = (),
    explorers: Sequence[str] = (),
    left_out: Mapping[str, Sequence[str]] | None = None,
    timed: str = "",
) -> str:
    """Return the page as HTML text.

    Parameters
    ----------
    template : path
        Jinja2 template.
    entries : list of FigureEntry
        Figures in the order shown; those of one notebook form a chapter.
    acceptance : mapping
        Columns of the acceptance table; empty where nothing is checked.
    run : Run
        Configuration and commit, for the foot of the page.
    embed : bool
        Whether images stand inside the page (one file to send around), or beside it (a page
        in ``results/site``).
    sweeps : sequence of mapping
        Their accounts and figures, see `sweep_entries`.
    networks : sequence of mapping
        Their pages, see `network_entries`.
    recordings : sequence of mapping
        Their pages, see `recording_entries`.
    claims : sequence of mapping
        What the texts of the figures claim, see `claim_rows`.
    explorers : sequence of str
        Names of the pages in ``results/site`` on which points can be moved.
    left_out : mapping of str to sequence of str
        Notebook that was not run -> tables that the configuration does not ask for.
    timed : str
        Notebook of what a clock measured, which is linked but not shown; none where empty.
    """
    environment = Environment(
        loader=FileSystemLoader(template.parent),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    passed = acceptance.get("passed", np.zeros(0))
    return environment.get_template(template.name).render(
        chapters=[(name, list(part)) for name, part in groupby(entries, chapter)],
        embed=embed,
        root="" if embed else "../",
        rows=acceptance_rows(acceptance),
        n_checks=len(passed),
        n_passed=int(np.sum(passed)),
        sweeps=sweeps,
        lost=lost_points(sweeps),
        networks=networks,
        recordings=recordings,
        claims=claims,
        explorers=explorers,
        left_out=left_out or {},
        timed=timed,
        run=run,
    )


def chapter(entry: FigureEntry) -> str:
    """Return the heading over the figures of one notebook."""
    words = entry.notebook.replace("_", " ")
    return words.upper() if words in ABBREVIATIONS else words.capitalize()


def sweep_entries(
    accounts: Iterable[str], figures: Iterable[str], arrays: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """Return the account of each sweep (points asked, done, failed with errors) and its figures.

    Those of its arrays lie in a folder with the name of the sweep.
    """
    entries = []
    curves = [Path(array) for array in arrays]
    for account, figure in zip(accounts, map(Path, figures), strict=True):
        own = [(figure, figure.name)]
        own += [(p, f"{p.parent.name}/{p.name}") for p in curves if p.parent.name == figure.stem]
        pictures = [
            {"image": f"../figures/sweeps/{name}", "embedded": _data_uri(path), "name": name[:-4]}
            for path, name in own
        ]
        entry = json.loads(Path(account).read_text(encoding="utf-8"))
        entries.append({**entry, "pictures": pictures})
    return entries


def network_entries(pages: Iterable[str]) -> list[dict[str, Any]]:
    """Return name, title and the findings against theory of each network with a page."""
    entries = []
    for page in map(Path, pages):
        points = read_columns(page.parent / "network_points.parquet")
        found = read_columns(page.parent / "network_findings.parquet")
        titles, against = dict.fromkeys(points["title"]), found["sentence"][~found["holds"]]
        own = {"name": page.parent.name, "title": "; ".join(titles)}
        entries.append({**own, "against": list(dict.fromkeys(against))})
    return entries


def recording_entries(pages: Iterable[str]) -> list[dict[str, Any]]:
    """Return name and rate of each recording with a page, and what lies outside of its network."""
    entries = []
    for page in map(Path, pages):
        seen = read_columns(page.parent / "observed_network.parquet")
        compared = page.parent / "compared_findings.parquet"
        found = read_columns(compared) if compared.is_file() else None
        against = [] if found is None else found["sentence"][~found["holds"]].tolist()
        says = f"{seen['regime'][0]}, {seen['nu'][0]:.3g} Hz per neuron"
        entries.append({"name": page.parent.name, "says": says, "against": against})
    return entries


def lost_points(sweeps: Iterable[Mapping[str, Any]]) -> dict[str, tuple[int, int]]:
    """Return sweep -> (points failed or missing, points asked) where some were lost."""
    counts = {each["sweep"]: (each["failed"] + each["missing"], each["asked"]) for each in sweeps}
    return {name: count for name, count in counts.items() if count[0]}


def _data_uri(path: Path) -> str:
    return "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode()


def _data_file(path: str, source: Mapping[str, Any], run: Run) -> DataFile:
    return DataFile(
        path=path,
        rule=source["rule"],
        code=source["code"],
        seed=source["seed"],
        params=json.dumps(source["params"], indent=1),
        command=run.command(path),
        versions=name_versions(source["versions"]),
    )
