"""Write config/README.md from the parameter blocks: ``python -m cortex.config.document``."""

import sys
from collections.abc import Iterator

from cortex.params.base import Block, config_keys, is_required
from cortex.params.spec import Choice, Count, Flag, Nested, Quantity, Spec, Table, Vector
from cortex.params.study import Study
from cortex.params.sweep import Axes, FreeKeys
from cortex.units import UNITS

PLAIN = {
    Flag: "true, false",
    Table: "named blocks",
    Nested: "block",
    Axes: "block of keys",
    FreeKeys: "block of keys",
}
HEAD = """\
# Configuration

`config.yaml` is the paper-scale study, `test.yaml` the same keys in small. Both are closed: an
unknown key, a missing one, a wrong type or an implausible value stops before any job runs, and
one message lists all problems with file, key, value, unit, allowed range and likely fix.

- A unit is part of the key: `tau_m_ms: 20.0`.
- Write `1.0e-3`, not `1e-3`: YAML reads the latter as text.
- Run another file: `make figures CONFIG=my.yaml`; change one key:
  `snakemake --cores 2 --config seed=7`, or one inside `--config 'brunel={model: {g: 4.2}}'`.
- The library reads a file without some sections; the rules need all of them.
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
        inner = _inner_block(spec)
        if inner is not None:
            name = f"{key}.<name>" if isinstance(spec, Table) else key
            yield from _section(inner, f"{prefix}{name}")


def _inner_block(spec: Spec) -> type[Block] | None:
    if isinstance(spec, Vector | Table):
        return _inner_block(spec.item)
    return spec.block if isinstance(spec, Nested) else None


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
