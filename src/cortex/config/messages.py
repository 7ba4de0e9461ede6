"""Turn schema violations into sentences a newcomer can act on."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from cortex.config.validate import Place, Schema, Violation
from cortex.params.spec import is_number
from cortex.units import UNITS

POWERS = (1e-3, 1e3, 1e-6, 1e6)
WANTED = {
    "number": "a number",
    "integer": "a whole number",
    "object": "a block of keys",
    "array": "a list",
    "string": "text",
    "boolean": "true or false",
}
FOUND = {str: "text", bool: "true or false", list: "a list", dict: "a block", type(None): "empty"}


def dotted(path: Place) -> str:
    """Return a path as in messages.

    Examples
    --------
    >>> dotted(("lfp", "probe", "shanks_um", 2))
    'lfp.probe.shanks_um[2]'
    """
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).removeprefix(".")


def explain(broken: Violation) -> Iterator[str]:
    """Yield one sentence per problem: key = value, what is wrong, what is allowed, the fix."""
    path, value, schema = broken.path, broken.value, broken.schema
    match broken.keyword:
        case "propertyNames":
            yield f"{dotted(path)}: {_wrong_name(value)}"
        case "additionalProperties":
            yield from _unknown_keys(value, schema, path)
        case "required":
            yield from _missing_keys(value, schema, path)
        case "type":
            yield f"{_show(broken)}: {_wrong_type(value, schema)}"
        case "minimum" | "maximum":
            yield f"{_show(broken)}: {_out_of_range(value, schema)}"
        case "enum":
            yield f"{_show(broken)}: {_unknown_word(value, schema['enum'])}"
        case "minItems" | "maxItems" | "minProperties":
            yield f"{_show(broken)}: {_wrong_length(value, schema)}"
        case "anyOf":
            wanted = " or ".join(WANTED[each["type"]] for each in schema["anyOf"])
            yield f"{_show(broken)}: must be {wanted}; meaning: {schema['description']}"


def _show(broken: Violation) -> str:
    unit = broken.schema.get("items", broken.schema).get("unit", "1")
    unit = "" if unit == "1" else f" {UNITS[unit].label}"
    return f"{dotted(broken.path)} = {broken.value!r}{unit}"


def _range(schema: Schema) -> str:
    unit = UNITS[schema.get("unit", "1")].label
    limits = f"[{schema['minimum']:g}, {schema['maximum']:g}] {unit}".rstrip()
    return f"allowed: {limits}; meaning: {schema['description']}"


def _unknown_keys(block: dict[str, Any], schema: Schema, path: Place) -> Iterator[str]:
    known = list(schema["properties"])
    for key, value in block.items():
        if key not in known:
            yield f"{dotted((*path, str(key)))} = {value!r}: {_likely_key(str(key), known)}"


def _likely_key(key: str, known: Sequence[str]) -> str:
    name, _, suffix = key.rpartition("_")
    for candidate in known:
        stem, _, unit = candidate.rpartition("_")
        if unit in UNITS and stem == key:
            return f"the unit is missing from the key; write {candidate}"
        if unit in UNITS and suffix in UNITS and stem == name:
            return f"this quantity is given in {unit}; convert and write {candidate}"
    close = get_close_matches(key, known, n=1, cutoff=0.6)
    return (
        f"unknown key; did you mean {close[0]}?"
        if close
        else "unknown key; known keys are in config/README.md"
    )


def _missing_keys(block: dict[str, Any], schema: Schema, path: Place) -> Iterator[str]:
    known = list(schema["properties"])
    likely = [_likely_key(str(key), known) for key in block if key not in known]
    for name in schema["required"]:
        # a misspelt key, or one without its unit, is reported already
        if name not in block and not any(name in guess for guess in likely):
            meaning = schema["properties"][name]["description"]
            yield f"{dotted((*path, name))}: missing; meaning: {meaning}"


def _wrong_type(value: object, schema: Schema) -> str:
    limits = f"; {_range(schema)}" if "minimum" in schema else ""
    return f"must be {WANTED[schema['type']]}{_type_hint(value, schema['type'])}{limits}"


def _type_hint(value: object, wanted: str) -> str:
    if isinstance(value, str) and wanted in {"number", "integer"}:
        return f", not text{_number_in(value.strip())}"
    if isinstance(value, float) and wanted == "integer":
        return f"; write {round(value)}"
    word = str(value).strip().lower()
    if wanted == "boolean" and word in {"true", "false"}:
        return f", not text; write {word} without quotes"
    if wanted == "array" and not isinstance(value, dict | None):
        return f"; write [{value}]"
    quoted = f'; write "{value}", in quotes' if wanted == "string" and is_number(value) else ""
    return quoted or f", not {FOUND.get(type(value), 'a number')}"


def _number_in(text: str) -> str:
    """Return the fix for a number that YAML took for text; nothing for other text."""
    try:
        fixed = float(text.split(maxsplit=1)[0] if text else text)
    except ValueError:
        return ""
    reason = "" if " " in text else " (YAML reads 1e-3 as text: write 1.0e-3)"
    return f"{reason}; write {fixed!r}"


def _wrong_length(value: Sequence[Any] | dict[str, Any], schema: Schema) -> str:
    least = schema.get("minItems", schema.get("minProperties", 0))
    needed = f"{least}" if least == schema.get("maxItems") else f"at least {least}"
    plural = "entry" if least == 1 else "entries"
    return f"needs {needed} {plural}, has {len(value)}; meaning: {schema['description']}"


def _wrong_name(name: object) -> str:
    if not isinstance(name, str):
        return f"{name!r} is no name; write it in quotes and let it start with a letter"
    rule = "letters, digits and underscores may follow"
    return f"the name {name!r} must start with a letter; {rule}"


def _out_of_range(value: float, schema: Schema) -> str:
    low, high = schema["minimum"], schema["maximum"]
    fits = [value * power for power in POWERS if low <= value * power <= high]
    unit = schema.get("unit", "1")
    hint = f"; is it in another unit? Then write {fits[0]:g}" if fits and unit != "1" else ""
    return f"outside the plausible range, {_range(schema)}{hint}"


def _unknown_word(value: object, options: Sequence[str]) -> str:
    close = get_close_matches(str(value), list(map(str, options)), n=1, cutoff=0.5)
    hint = f"; did you mean {close[0]}?" if close else ""
    return f"unknown; allowed: {', '.join(map(str, options))}{hint}"
