"""JSON schema of the configuration, for editors: ``make schema`` writes docs/schema."""

import json
import sys
from typing import Any, Final

from cortex.cells.registry import CELLS
from cortex.params.base import Block, config_keys, is_required
from cortex.params.description.cells import CellPopulationParams, CellSpec, PopulationSpec
from cortex.params.description.check import Network
from cortex.params.description.specs import Names
from cortex.params.description.study import NetworkStudy
from cortex.params.free_keys import FreeKeys
from cortex.params.reading import NAME
from cortex.params.spec import Choice, Count, Flag, Nested, Quantity, Spec, Table, Vector
from cortex.params.study import Study
from cortex.params.sweep import Axes, Ties

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def block_schema(block: type[Block]) -> dict[str, Any]:
    """Return the closed JSON schema of a parameter block, nested blocks expanded."""
    keys = config_keys(block)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [key for key, (field, _) in keys.items() if is_required(field)],
        "properties": {key: schema_of(spec) for key, (_, spec) in keys.items()},
    }


def schema_of(spec: Spec, meaning: str = "") -> dict[str, Any]:
    """Return the JSON schema of a config value.

    Parameters
    ----------
    spec : Spec
        What the value may be.
    meaning : str
        What it is, where the spec does not say: items mean what their list means.
    """
    doc = spec.doc or meaning
    match spec:
        case Quantity():
            kind = {"type": "number", "minimum": spec.low, "maximum": spec.high, "unit": spec.unit}
        case Count():
            kind = {"type": "integer", "minimum": spec.low, "maximum": spec.high}
        case Choice():
            kind = {"enum": list(spec.options)}
        case Flag():
            kind = {"type": "boolean"}
        case Vector():
            least = spec.min_length if spec.length is None else spec.length
            most = {} if spec.length is None else {"maxItems": spec.length}
            items = schema_of(spec.item, doc)
            kind = {"type": "array", "items": items, "minItems": least, **most}
        case Nested() | CellSpec():
            kind = _blocks_schema(spec)
        case Table():
            kind = {
                "type": "object",
                "additionalProperties": schema_of(spec.item, doc),
                "propertyNames": {"type": "string", "pattern": f"^{NAME.pattern}$"},
                "minProperties": spec.min_length,
            }
        case Network():
            keys = block_schema(NetworkStudy)["properties"]  # those of its model stand beside them
            kind = optional({"type": "object", "properties": keys})
        case Names():
            text = {"type": "string"}
            kind = {"anyOf": [text, {"type": "array", "items": text}]}
        case Axes() | FreeKeys() | Ties():
            kind = {"type": "object"}
        case _:
            kind = {"type": "string"}
    return {**kind, "description": doc}


def _blocks_schema(spec: Nested | CellSpec) -> dict[str, Any]:
    """Return the schema of a block, or of the several that it may be."""
    if isinstance(spec, PopulationSpec):
        return {"anyOf": [block_schema(each) for each in (spec.block, CellPopulationParams)]}
    if isinstance(spec, Nested):
        return block_schema(spec.block)
    models = {name: block_schema(cell.params) for name, cell in CELLS.items()}
    for name, each in models.items():
        each["properties"]["model"] = {"const": name}
        each["required"].append("model")
    return {"anyOf": list(models.values())}


def optional(schema: Any) -> Any:
    """Return a schema that demands no key and takes empty ones.

    A preset may bring what a network does not say, and an empty key drops what it brings.
    """
    if isinstance(schema, list):
        return [optional(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: optional(value) for key, value in schema.items() if key != "required"}
    if "properties" in kept:
        kept["properties"] = {key: or_empty(value) for key, value in kept["properties"].items()}
    if isinstance(kept.get("additionalProperties"), dict):
        kept["additionalProperties"] = or_empty(kept["additionalProperties"])
    return kept


def or_empty(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that takes an empty key too."""
    return {"anyOf": [schema, {"type": "null"}]}


if __name__ == "__main__":
    head = {"$schema": DIALECT, "title": "Configuration of cortex"}
    sys.stdout.write(json.dumps({**head, **block_schema(Study)}, indent=2) + "\n")
