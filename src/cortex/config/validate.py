"""What a value breaks of the JSON schema of parameter blocks: every violation, with its place.

Covers the keywords of JSON Schema (draft 2020-12) that blocks make, and no other, so that
reading a network needs no further package; the tests hold it against jsonschema.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

Place = tuple[str | int, ...]
Schema = Mapping[str, Any]

TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "number": (int, float),
    "integer": (int,),
    "string": (str,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
# keyword -> type of the values it limits, and whether such a value lies beyond
LIMITS: Final[Mapping[str, tuple[str, Callable[[Any, Any], bool]]]] = {
    "minimum": ("number", operator.lt),
    "maximum": ("number", operator.gt),
    "pattern": ("string", lambda text, pattern: re.search(pattern, text) is None),
    "minItems": ("array", lambda items, least: len(items) < least),
    "maxItems": ("array", lambda items, most: len(items) > most),
    "minProperties": ("object", lambda block, least: len(block) < least),
    "required": ("object", lambda block, names: not block.keys() >= set(names)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One keyword of a schema that a value breaks.

    Parameters
    ----------
    path : tuple
        Where the value stands.
    value : object
        The value; for ``propertyNames`` the name.
    keyword : str
        The keyword.
    schema : mapping
        The schema that holds the keyword.
    """

    path: Place
    value: Any
    keyword: str
    schema: Schema


def violations(value: Any, schema: Schema, path: Place = ()) -> Iterator[Violation]:
    """Yield every violation, in the order of the schema's keywords."""
    for keyword, rule in schema.items():
        if keyword == "propertyNames":
            for name in value if isinstance(value, dict) else ():
                if breaks_any(name, rule):
                    yield Violation(path=path, value=name, keyword=keyword, schema=schema)
        elif _breaks(value, keyword, rule, schema):
            yield Violation(path=path, value=value, keyword=keyword, schema=schema)
        for key, inner in _parts(value, keyword, rule, schema):
            yield from violations(value[key], inner, (*path, key))


def breaks_any(value: Any, schema: Schema) -> bool:
    """Tell whether a value breaks anything of a schema."""
    return any(True for _ in violations(value, schema))


def _breaks(value: Any, keyword: str, rule: Any, schema: Schema) -> bool:
    """Tell whether a value itself, not a part of it, breaks a keyword."""
    if keyword in LIMITS:
        kind, beyond = LIMITS[keyword]
        return has_type(value, kind) and beyond(value, rule)
    match keyword:
        case "type":
            return not has_type(value, rule)
        case "enum":
            return value not in rule
        case "additionalProperties" if rule is False:
            return isinstance(value, dict) and not value.keys() <= schema["properties"].keys()
        case "anyOf":
            return all(breaks_any(value, each) for each in rule)
    return False


def _parts(
    value: Any, keyword: str, rule: Any, schema: Schema
) -> Iterator[tuple[str | int, Schema]]:
    """Yield the parts of a value that a keyword holds a schema for."""
    match keyword:
        case "properties" if isinstance(value, dict):
            yield from ((key, inner) for key, inner in rule.items() if key in value)
        case "additionalProperties" if isinstance(value, dict) and rule is not False:
            known = schema.get("properties", {})
            yield from ((key, rule) for key in value if key not in known)
        case "items" if isinstance(value, list):
            yield from ((i, rule) for i in range(len(value)))


def has_type(value: Any, name: str) -> bool:
    """Tell whether a value is of a JSON type; 2.0 is a whole number, true is no number."""
    if isinstance(value, bool):
        return name == "boolean"
    whole = name == "integer" and isinstance(value, float) and value.is_integer()
    return whole or isinstance(value, TYPES[name])
