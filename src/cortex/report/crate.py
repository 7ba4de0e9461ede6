"""Pack a finished run as an RO-Crate: ``python -m cortex.report.crate results/crate``.

The crate holds the figures, the tables behind them, the executed notebooks, the report, the
configuration and the workflow. Each figure is the result of an action whose objects are its
tables, so that a reader finds data, code and parameters of every panel in one file.
"""

import argparse
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from rocrate.model.contextentity import ContextEntity
from rocrate.rocrate import ROCrate

from cortex.io.tables import read_provenance
from cortex.report.registry import Figure, read_figures

LICENCE: Final = "https://spdx.org/licenses/MIT"
ENGINE: Final = {
    "@type": "ComputerLanguage",
    "name": "Snakemake",
    "url": "https://snakemake.readthedocs.io",
    "version": version("snakemake"),
}


def pack_crate(root: Path, folder: Path) -> Path:
    """Write the crate of the results under `root` into `folder` and return it.

    Raises
    ------
    FileNotFoundError
        A figure or table is missing: the run is not finished.
    """
    figures = read_figures(root / "workflow" / "figures.yaml")
    crate = ROCrate()
    crate.name = "cortex: figures, data and workflow of one run"
    crate.description = "Theory, simulation and LFP of cortical networks from one parameter set."
    crate.datePublished = datetime.now(UTC)
    crate.license = _entity(crate, LICENCE, {"@type": "CreativeWork", "name": "MIT License"})
    workflow = _workflow(crate, root)
    for name, figure in figures.items():
        _add_figure(crate, root, name, figure, workflow)
    for path in ("results/report.html", "results/acceptance.parquet", "config/config.yaml"):
        _file(crate, root, path)
    crate.write(folder)
    return folder


def _entity(crate: ROCrate, identifier: str, properties: Mapping[str, Any]) -> ContextEntity:
    return crate.add(ContextEntity(crate, identifier, properties=dict(properties)))


def _workflow(crate: ROCrate, root: Path) -> ContextEntity:
    language = _entity(crate, "#snakemake", ENGINE)
    workflow = crate.add_file(
        root / "Snakefile",
        "Snakefile",
        properties={
            "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
            "name": "cortex workflow",
        },
    )
    workflow["programmingLanguage"] = language
    crate.mainEntity = workflow
    for rules in sorted((root / "workflow" / "rules").glob("*.smk")):
        _file(crate, root, str(rules.relative_to(root)))
    return workflow


def _file(crate: ROCrate, root: Path, path: str) -> ContextEntity:
    known = crate.dereference(path)
    if known is not None:
        return known
    if not (root / path).is_file():
        msg = f"{path} is missing; finish the run first: make figures"
        raise FileNotFoundError(msg)
    kind = KINDS.get(Path(path).suffix, "text/plain")
    properties = {"name": Path(path).name, "encodingFormat": kind}
    return crate.add_file(root / path, path, properties=properties)


KINDS: Final = {
    ".png": "image/png",
    ".pdf": "application/pdf",
    ".html": "text/html",
    ".parquet": "application/vnd.apache.parquet",
    ".yaml": "application/yaml",
}


def _add_figure(
    crate: ROCrate, root: Path, name: str, figure: Figure, workflow: ContextEntity
) -> None:
    results = [_file(crate, root, f"results/figures/{name}.{kind}") for kind in ("png", "pdf")]
    results.append(_file(crate, root, f"results/notebooks/{figure.notebook}.html"))
    tables = []
    for path in figure.tables.values():
        table = _file(crate, root, path)
        source = read_provenance(root / path)
        table["description"] = (
            f"made by rule {source['rule']}, code {source['code']}, remake: {source['command']}"
        )
        tables.append(table)
    action = _entity(
        crate,
        f"#draw-{name}",
        {"@type": "CreateAction", "name": figure.title, "description": f"drawn by {figure.draw}"},
    )
    action["instrument"] = workflow
    action["object"] = tables
    action["result"] = results
    crate.root_dataset.append_to("mentions", action)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the crate goes")
    pack_crate(Path.cwd(), parser.parse_args().folder)
