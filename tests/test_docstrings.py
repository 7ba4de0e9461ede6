"""Docstrings of public functions say shape, unit and source of arrays, and show them in use."""

import ast
import importlib
import inspect
import re

import pytest
from offered import FUNCTIONS, SRC, sections

ARRAY = re.compile(r"\bndarray\b|ArrayLike|_SupportsArray")
# `array_like` is what broadcasts with the other arguments
SHAPE = re.compile(r"shape|broadcast|scalar|array_like|\(n_\w+", re.I)
# of arrays of counts, indices and truth values nothing else is to be said
COUNTS = re.compile(r"of (int|bool)|\bint\b.*ndarray of int", re.I)
UNIT = re.compile(
    r"(?<!\w)(Hz|s|V|A|F|S|m|mm|rad|deg|degrees|[1VAFSCm]/\w+|(V|A|Hz|s|m)\^-?\d|per \w+)(?!\w)"
    r"|[dD]imensionless|unit|\b(probabilit|fraction|share|ratio)\w*|[0-9] (to|and) 1"
)
# a year, a section of references, or what is nobody's discovery
SOURCE = re.compile(r"\b(18|19|20)\d\d\b|\b(Definition|Derived)\b|[Aa]s for\s+`", re.M)
SEE = re.compile(r"(?:[Aa]s in|[Ss]ee|[Ff]rom|`) ?`([\w.]+)`")


ARRAYS = {
    name: function
    for name, function in FUNCTIONS.items()
    if any(ARRAY.search(str(kind)) for kind in function.__annotations__.values())
}


def is_array(kind):
    """Whether an annotation is that of an array, not of a function or table of arrays."""
    return bool(ARRAY.search(str(kind))) and not re.search(
        r"Callable|Mapping|dict\[|Rule|Drive", str(kind)
    )


def entries(lines):
    """Return name -> what the section says of it, its kind included."""
    found: dict[str, str] = {}
    names: list[str] = []
    for line in lines:
        if line and not line.startswith(" "):
            head, _, kind = line.partition(" : ")
            names = [name.strip().lstrip("*") for name in head.split(",")]
            found |= dict.fromkeys(names, f"{kind or head}. ")
        else:
            for name in names:
                found[name] += f"{line.strip()} "
    return found


def said_of(function, name, depth=0):
    """Return what a docstring says of an argument; where it refers to another function, of that."""
    parts = sections(function)
    head = " ".join(parts[""])
    refers = re.search(r"(?:Arguments|Parameters|parameters)[^.]* as in `\w+`", head)
    said = entries(parts.get("Parameters", [])).get(name) or (refers[0] if refers else "")
    for other in SEE.findall(said) if depth < 3 else ():
        for dotted, named in FUNCTIONS.items():
            if dotted.endswith(f".{other.split('.')[-1]}") and named is not function:
                said += said_of(named, name, depth + 1) or said_of_result(named)
    if not said and re.search(rf"`{name}`", function.__doc__ or ""):
        said = head
    return said


def said_of_result(function):
    """Return what a docstring says of the result: in its section, or in its head."""
    parts = sections(function)
    lines = parts.get("Returns") or parts.get("Yields")
    return " ".join(lines if lines else parts[""])


def lacks(said):
    """Return what is not said of an array."""
    shape = [] if SHAPE.search(said) else ["shape"]
    return shape + ([] if UNIT.search(said) or COUNTS.search(said) else ["unit"])


@pytest.mark.parametrize("name", ARRAYS)
def test_every_array_has_its_shape_and_its_unit(name):
    function, missing = ARRAYS[name], {}
    for argument, kind in function.__annotations__.items():
        if is_array(kind):
            result = argument == "return"
            said = said_of_result(function) if result else said_of(function, argument)
            if lacking := lacks(said):
                missing[argument] = lacking
    assert missing == {}


def source_of(function):
    """Return what a docstring says of the source of a function; that of others that it names."""
    text = inspect.cleandoc(function.__doc__ or "")
    found = "\n".join(sections(function).get("References", [])) or (SOURCE.search(text) and text)
    named = re.findall(r"(?:[Aa]s for|and)\s+`(\w+)`", found or "")
    of = {dotted.rpartition(".")[2]: each for dotted, each in FUNCTIONS.items()}
    others = [of[name] for name in named if name in of and of[name] is not function]
    return found and all(source_of(other) for other in others)


@pytest.mark.parametrize("name", ARRAYS)
def test_every_function_of_arrays_says_where_it_comes_from(name):
    assert source_of(ARRAYS[name])


@pytest.mark.parametrize("name", ARRAYS)
def test_every_function_of_arrays_is_shown_in_use(name):
    function = ARRAYS[name]
    shown = "\n".join(sections(function).get("Examples", []))  # run as a doctest
    assert re.search(rf"(>>>|\.\.\.)(?s:.*)\b{function.__name__}\(", shown)


DOOR = [
    alias.name
    for node in ast.parse((SRC / "cortex" / "__init__.pyi").read_text(encoding="utf-8")).body
    for alias in (node.names if isinstance(node, ast.ImportFrom) else ())
    if inspect.isfunction(getattr(importlib.import_module("cortex"), alias.name))
]


@pytest.mark.parametrize("name", DOOR)
def test_every_function_of_the_front_door_is_shown_in_use(name):
    shown = "\n".join(
        sections(getattr(importlib.import_module("cortex"), name)).get("Examples", [])
    )
    page = re.search(r"`(docs/[\w/-]+\.md)`", shown)  # its code is run by the tests
    text = (SRC.parent / page[1]).read_text(encoding="utf-8") if page else shown
    assert f"cortex.{name}(" in text if page else re.search(rf">>>(?s:.*)\b{name}\(", text)
