"""Write config/README.md from the parameter blocks: ``python -m cortex.config.document``."""

import sys
from collections.abc import Iterator

from cortex.cells.registry import CELLS
from cortex.params.base import Block, config_keys, is_required
from cortex.params.description.cells import CellPopulationParams, CellSpec, PopulationSpec
from cortex.params.description.check import Network
from cortex.params.description.study import MODELS, NetworkStudy
from cortex.params.free_keys import FreeKeys
from cortex.params.spec import Choice, Count, Flag, Nested, Quantity, Spec, Table, Vector
from cortex.params.study import Study
from cortex.params.sweep import Axes
from cortex.units import UNITS

PLAIN = {
    Flag: "true, false",
    Table: "named blocks",
    Nested: "block",
    Axes: "block of keys",
    FreeKeys: "block of keys",
    CellSpec: "block of keys",
}
HEAD = """\
# Configuration

`config.yaml` is the paper-scale study, `test.yaml` the same keys in small. Both are closed: an
unknown key, a missing one, a wrong type or an implausible value stops before any job runs, and
one message lists all problems with file, key, value, unit, allowed range and likely fix.

- A unit is part of the key: `tau_m_ms: 20.0`.
- Write `1.0e-3`, not `1e-3`: YAML reads the latter as text.
- Run another file: `make figures CONFIG=my.yaml`; change one key:
  `snakemake --cores 2 --config seed=7`, or one inside `--config 'networks={brunel: {seeds: 2}}'`.
- Every section may be left out; what would need it is left out of the run, and the report says so.
- A file may hold the keys of one network at its top, beside `seed` and `sweeps`, instead of
  `networks:`; the network bears the name of the file (docs/tutorials/my-network.md).
- `networks:` holds any number of networks; `preset: brunel` lays `config/networks/brunel.yaml`
  beneath the keys given, an empty key drops what the preset has there.
- `python -m cortex.config.schema` prints a JSON schema for editors.

This page is made from the parameter classes by `python -m cortex.config.document`; a test keeps
it in step.
"""


def document() -> str:
    """Return the text of config/README.md."""
    sections = "\n".join(_section(Study, "top level"))
    return f"{HEAD}\n{sections}"


def _section(block: type[Block], path: str) -> Iterator[str]:
    """Yield the heading and table of a block, then those of the blocks inside it."""
    keys = config_keys(block)
    yield f"## {path}\n"
    yield f"{(block.__doc__ or '').strip().splitlines()[0]}\n"
    yield "| key | unit | allowed | needed | meaning |\n| --- | --- | --- | --- | --- |"
    for key, (field, spec) in keys.items():
        needed = "yes" if is_required(field) else "no"
        yield f"| `{key}` | {_unit(spec)} | {_allowed(spec)} | {needed} | {spec.doc} |"
    yield ""
    prefix = "" if path == "top level" else f"{path}."
    for key, (_, spec) in keys.items():
        name = f"{key}.<name>" if isinstance(spec, Table) else key
        for inner, beside in _inner_blocks(spec):
            yield from _section(inner, f"{prefix}{name}{beside}")


def _inner_blocks(spec: Spec) -> Iterator[tuple[type[Block], str]]:
    """Yield the blocks whose keys stand inside a value, and what tells them apart."""
    match spec:
        case Vector() | Table():
            yield from _inner_blocks(spec.item)
        case PopulationSpec():
            yield spec.block, ""
            yield CellPopulationParams, " with neuron"
        case CellSpec():
            yield from ((cell.params, f" with model {name}") for name, cell in CELLS.items())
        case Nested():
            yield spec.block, ""
        case Network():
            yield NetworkStudy, ""
            yield from ((block, f" with model {name}") for name, block in MODELS.items())


def _unit(spec: Spec) -> str:
    if isinstance(spec, Vector):
        return _unit(spec.item)
    return UNITS[spec.unit].label if isinstance(spec, Quantity) else ""


def _allowed(spec: Spec) -> str:
    if isinstance(spec, Quantity | Count):
        return f"{spec.low:g} to {spec.high:g}"
    if isinstance(spec, Choice):
        return ", ".join(spec.options)
    if isinstance(spec, Vector):
        return f"list of {_allowed(spec.item)}"
    return next((text for kind, text in PLAIN.items() if isinstance(spec, kind)), "text")


if __name__ == "__main__":
    sys.stdout.write(document())
