"""Turn schema violations into sentences a newcomer can act on."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any, cast

from jsonschema import ValidationError

from cortex.units import UNITS

POWERS = (1e-3, 1e3, 1e-6, 1e6)


def explain(error: ValidationError) -> Iterator[str]:
    """Yield one sentence per problem: key = value, what is wrong, what is allowed, the fix."""
    path = [str(part) for part in error.absolute_path]
    value: Any = error.instance
    schema: dict[str, Any] = cast("dict[str, Any]", error.schema)
    match error.validator:
        case "additionalProperties":
            yield from _unknown_keys(value, schema, path)
        case "required":
            yield from _missing_keys(error.message, value, schema, path)
        case "type":
            yield f"{_show(path, error)}: {_wrong_type(error.instance, schema)}"
        case "minimum" | "maximum":
            yield f"{_show(path, error)}: {_out_of_range(value, schema)}"
        case "enum":
            yield f"{_show(path, error)}: {_unknown_word(error.instance, schema['enum'])}"
        case _:
            yield f"{_show(path, error)}: {error.message}"


def _show(path: Sequence[str], error: ValidationError) -> str:
    unit = error.schema.get("unit", "1") if isinstance(error.schema, dict) else "1"
    unit = "" if unit == "1" else f" {UNITS[unit].label}"
    return f"{'.'.join(path)} = {error.instance!r}{unit}"


def _range(schema: dict[str, Any]) -> str:
    unit = UNITS[schema.get("unit", "1")].label
    limits = f"[{schema['minimum']:g}, {schema['maximum']:g}] {unit}".rstrip()
    return f"allowed: {limits}; meaning: {schema['description']}"


def _unknown_keys(
    block: dict[str, Any], schema: dict[str, Any], path: Sequence[str]
) -> Iterator[str]:
    known = list(schema["properties"])
    for key, value in block.items():
        if key not in known:
            yield f"{'.'.join([*path, str(key)])} = {value!r}: {_likely_key(str(key), known)}"


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


def _missing_keys(
    message: str, block: dict[str, Any], schema: dict[str, Any], path: Sequence[str]
) -> Iterator[str]:
    name = message.split("'")[1]
    known = list(schema["properties"])
    if any(name in _likely_key(str(key), known) for key in block if key not in known):
        return  # reported already as a misspelt key or one without its unit
    meaning = schema["properties"][name]["description"]
    yield f"{'.'.join([*path, name])}: missing; meaning: {meaning}"


def _wrong_type(value: object, schema: dict[str, Any]) -> str:
    wanted = {"number": "a number", "integer": "a whole number", "object": "a block of keys"}
    words = wanted.get(schema["type"], f"a {schema['type']}")
    limits = f"; {_range(schema)}" if "minimum" in schema else ""
    return f"must be {words}{_type_hint(value, schema['type'])}{limits}"


def _type_hint(value: object, wanted: str) -> str:
    if isinstance(value, str) and wanted in {"number", "integer"}:
        text = value.strip()
        number = text.split()[0] if text else text
        try:
            fixed = float(number)
        except ValueError:
            return ", not text"
        reason = "" if " " in text else " (YAML reads 1e-3 as text: write 1.0e-3)"
        return f", not text{reason}; write {fixed!r}"
    if isinstance(value, float) and wanted == "integer":
        return f"; write {round(value)}"
    return f", not {type(value).__name__}"


def _out_of_range(value: float, schema: dict[str, Any]) -> str:
    low, high = schema["minimum"], schema["maximum"]
    fits = [value * power for power in POWERS if low <= value * power <= high]
    unit = schema.get("unit", "1")
    hint = f"; is it in another unit? Then write {fits[0]:g}" if fits and unit != "1" else ""
    return f"outside the plausible range, {_range(schema)}{hint}"


def _unknown_word(value: object, options: Sequence[str]) -> str:
    close = get_close_matches(str(value), list(map(str, options)), n=1, cutoff=0.5)
    hint = f"; did you mean {close[0]}?" if close else ""
    return f"unknown; allowed: {', '.join(map(str, options))}{hint}"
