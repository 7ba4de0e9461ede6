"""Pack a finished run as a Workflow Run Crate: ``python -m cortex.report.crate results/crate``.

The crate holds figures, the tables behind them, executed notebooks, report, configuration of
the run, and the code: workflow, library, pins. One action is the run; one per figure has its
tables as objects; one per table has as objects every parameter and seed on the way to it. Each
file carries its SHA-256.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from rocrate.model.contextentity import ContextEntity
from rocrate.rocrate import ROCrate

from cortex.errors import CortexError
from cortex.installation import cortex_version
from cortex.io.ancestry import ancestors
from cortex.io.tables import read_provenance
from cortex.provenance import describe_commit, digest_of
from cortex.report.registry import Figure, read_figures

LICENCE: Final = "https://spdx.org/licenses/MIT"
PROFILES: Final = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": ("Workflow RO-Crate", "1.0"),
}
CONFIGURATION: Final = "results/configuration.yaml"
REPORT: Final = "results/report.html"
TREES: Final = (
    *("workflow", "profiles", "src", "config", "requirements", "notebooks"),
    "tests/acceptance",
)
SINGLE: Final = (
    "Makefile",
    "README.md",
    "LICENSE",
    "CITATION.cff",
    "environment.yml",
    "pyproject.toml",
)
KINDS: Final = {
    ".cff": "application/yaml",
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".json": "application/json",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".py": "text/x-python",
    ".tsv": "text/tab-separated-values",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}


def pack_crate(root: Path, folder: Path) -> Path:
    """Write the crate of the results under `root` into `folder` and return it.

    Raises
    ------
    CortexError
        A file is missing because the run is not finished; `folder` holds something else.
    """
    crate = ROCrate(version="1.1")  # the one the profiles of runs rest on
    crate.metadata.extra_terms["sha256"] = "http://schema.org/sha256"
    _describe(crate)
    workflow = _workflow(crate, root)
    figures = read_figures(root / "workflow" / "figures.yaml")
    drawn = [_add_figure(crate, root, *each, workflow) for each in figures.items()]
    _add_run(crate, root, workflow, [picture for pictures in drawn for picture in pictures])
    _make_room(folder)
    crate.write(folder)
    return folder


def _make_room(folder: Path) -> None:
    """Remove an earlier crate; refuse to remove anything else."""
    if not folder.exists():
        return
    if any(folder.iterdir()) and not (folder / "ro-crate-metadata.json").is_file():
        msg = f"{folder} is no crate and not empty; name another folder"
        raise CortexError(msg)
    shutil.rmtree(folder)


def _describe(crate: ROCrate) -> None:
    crate.name = "cortex: figures, data, workflow and code of one run"
    crate.description = "Theory, simulation and LFP of cortical networks from one parameter set."
    crate.datePublished = datetime.now(UTC)
    crate.license = _entity(crate, LICENCE, {"@type": "CreativeWork", "name": "MIT License"})
    crate.root_dataset["conformsTo"] = [
        _entity(crate, url, {"@type": "CreativeWork", "name": name, "version": number})
        for url, (name, number) in PROFILES.items()
    ]


def _entity(crate: ROCrate, identifier: str, properties: Mapping[str, Any]) -> ContextEntity:
    known = crate.dereference(identifier)
    return known or crate.add(ContextEntity(crate, identifier, properties=dict(properties)))


def _workflow(crate: ROCrate, root: Path) -> ContextEntity:
    """Add the Snakefile as the main workflow, and the code and settings it needs."""
    engine = {"@type": "ComputerLanguage", "name": "Snakemake", "version": version("snakemake")}
    engine["url"] = "https://snakemake.readthedocs.io"
    workflow = _file(crate, root, "Snakefile")
    workflow["name"] = "cortex workflow"
    workflow["version"] = describe_commit(root) or cortex_version()
    workflow["programmingLanguage"] = _entity(crate, "#snakemake", engine)
    crate.mainEntity = workflow
    for path in _code(root):
        _file(crate, root, path)
    readme = crate.dereference("README.md")
    if readme is not None:
        readme["about"] = crate.root_dataset
    return workflow


def _code(root: Path) -> Iterator[str]:
    """Yield the files of workflow, library, configuration, pins and notebooks."""
    yield from (name for name in SINGLE if (root / name).is_file())
    for tree in TREES:
        for path in sorted((root / tree).rglob("*")):
            name = path.relative_to(root)
            passed = any(part.startswith(".") or part == "__pycache__" for part in name.parts)
            if path.is_file() and not passed:
                yield str(name)


def _file(crate: ROCrate, root: Path, path: str) -> ContextEntity:
    known = crate.dereference(path)
    if known is not None:
        return known
    if not (root / path).is_file():
        msg = f"{path} is missing; finish the run first: make figures"
        raise CortexError(msg)
    properties = {
        "@type": _types(path),
        "name": Path(path).name,
        "encodingFormat": KINDS.get(Path(path).suffix, "text/plain"),
        "sha256": sha256((root / path).read_bytes()).hexdigest(),
    }
    return crate.add_file(root / path, path, properties=properties, record_size=True)


def _types(path: str) -> str | list[str]:
    if path == "Snakefile":
        return ["File", "SoftwareSourceCode", "ComputationalWorkflow"]
    return ["File", "SoftwareSourceCode"] if path.endswith(".py") else "File"


def _add_figure(
    crate: ROCrate, root: Path, name: str, figure: Figure, workflow: ContextEntity
) -> list[ContextEntity]:
    """Add a figure with its tables and notebook; return its pictures."""
    tables = [_table(crate, root, path, workflow) for path in figure.tables.values()]
    pictures = [_file(crate, root, f"results/figures/{name}.{kind}") for kind in ("png", "pdf")]
    notebook = _file(crate, root, f"results/notebooks/{figure.notebook}.html")
    _action(
        crate,
        f"#draw-{name}",
        name=figure.title,
        description=f"drawn by {figure.draw}",
        end=root / f"results/figures/{name}.png",
        links={"instrument": workflow, "object": tables, "result": [*pictures, notebook]},
    )
    return pictures


def _table(crate: ROCrate, root: Path, path: str, workflow: ContextEntity) -> ContextEntity:
    """Add a table and the action that made it from its parameters and those before it."""
    known = crate.dereference(path)
    if known is not None:
        return known
    table, source = _file(crate, root, path), read_provenance(root / path)
    jobs = [source, *map(_as_source, ancestors(source))]
    values = [_value(crate, job["rule"], *each) for job in jobs for each in _values(job)]
    script = f"workflow/scripts/{source['rule']}.py"
    instrument = _file(crate, root, script) if (root / script).is_file() else workflow
    _action(
        crate,
        f"#make-{path}",
        name=f"rule {source['rule']}",
        description=f"code {source['code']}",
        end=root / path,
        links={
            "instrument": instrument,
            "object": list({value.id: value for value in values}.values()),
            "result": table,
        },
    )
    return table


def _as_source(job: Any) -> dict[str, Any]:
    return {"rule": job.rule, "params": job.params, "seed": job.seed, "code": job.code}


def _values(job: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from job["params"].items()
    yield "code", job["code"]
    if job["seed"]:
        yield "seed", int(job["seed"])


def _value(crate: ROCrate, rule: str, name: str, value: Any) -> ContextEntity:
    text = value if isinstance(value, str | int | float) else json.dumps(value)
    identifier = f"#{rule}-{name}-{digest_of(value)[:16]}"
    return _entity(
        crate, identifier, {"@type": "PropertyValue", "name": f"{rule}: {name}", "value": text}
    )


def _add_run(
    crate: ROCrate, root: Path, workflow: ContextEntity, pictures: list[ContextEntity]
) -> None:
    """Add the run itself: configuration in, report, checks and pictures out."""
    configuration = _file(crate, root, CONFIGURATION)
    results = [_file(crate, root, path) for path in (REPORT, "results/acceptance.parquet")]
    for end, name, example in (
        ("input", "configuration", configuration),
        ("output", "report", results[0]),
    ):
        parameter = {"@type": "FormalParameter", "name": name, "additionalType": "File"}
        formal = _entity(crate, f"#{end}-{name}", parameter)
        formal["workExample"] = example
        example["exampleOfWork"] = formal
        workflow[end] = formal
    command = f"snakemake --cores 2 --configfile {CONFIGURATION}"
    _action(
        crate,
        "#run",
        name="the run",
        description=f"repeat it: {command}",
        end=root / REPORT,
        links={
            "instrument": workflow,
            "object": configuration,
            "result": [*results, *pictures],
        },
    )


def _action(
    crate: ROCrate,
    identifier: str,
    *,
    name: str,
    description: str,
    end: Path,
    links: Mapping[str, Any],
) -> None:
    """Add an action that ended when `end` was written; `links` name what it read and made."""
    ended = datetime.fromtimestamp(end.stat().st_mtime, UTC).isoformat(timespec="seconds")
    properties = {"@type": "CreateAction", "name": name, "description": description}
    action = _entity(crate, identifier, properties | {"endTime": ended})
    for key, value in links.items():
        action[key] = value
    crate.root_dataset.append_to("mentions", action)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the crate goes")
    try:
        pack_crate(Path.cwd(), parser.parse_args().folder)
    except CortexError as error:
        sys.exit(f"cortex: {error}")
