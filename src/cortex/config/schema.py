"""JSON schema of the configuration, derived from the parameter blocks."""

from typing import Any

from cortex.params.base import Block, config_keys, is_required


def block_schema(block: type[Block]) -> dict[str, Any]:
    """Return the closed JSON schema of a parameter block, nested blocks expanded."""
    keys = config_keys(block)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [key for key, (field, _) in keys.items() if is_required(field)],
        "properties": {key: expand(spec.schema()) for key, (_, spec) in keys.items()},
    }


def expand(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a spec's schema with its nested blocks replaced by their schemas.

    Items that say nothing of themselves mean what their list means.
    """
    if "block" in schema:
        return {**block_schema(schema["block"]), "description": schema["description"]}
    expanded = dict(schema)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            meaning = schema[key]["description"] or schema["description"]
            expanded[key] = expand({**schema[key], "description": meaning})
    return expanded
