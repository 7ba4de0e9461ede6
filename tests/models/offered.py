"""What the packages of cortex offer, read from their stubs, and what docstrings say of it."""

import ast
import importlib
import inspect
from pathlib import Path
from types import FunctionType

SRC = Path(__file__).parents[2] / "src"


def exported() -> dict[str, FunctionType]:
    """Return dotted name -> function of what packages export, each function once."""
    found: dict[str, FunctionType] = {}
    for stub in sorted(SRC.rglob("__init__.pyi")):
        package = ".".join(stub.parent.relative_to(SRC).parts)
        for node in ast.parse(stub.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.ImportFrom):
                continue
            for alias in node.names:
                home = importlib.import_module("." * node.level + (node.module or ""), package)
                thing = getattr(home, alias.name, None)
                if isinstance(thing, FunctionType) and not alias.name.startswith("_"):
                    found[f"{thing.__module__}.{thing.__name__}"] = thing
    return found


def sections(function: FunctionType) -> dict[str, list[str]]:
    """Return section -> its lines; of the head under the empty name."""
    found: dict[str, list[str]] = {"": []}
    name = ""
    lines = inspect.cleandoc(function.__doc__ or "").split("\n")
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if below and set(below) == {"-"}:
            name = line
            found[name] = []
        elif not line or set(line) != {"-"}:
            found[name].append(line)
    return found


FUNCTIONS = exported()
