"""What a package offers: loaded when it is asked for, its functions with their arguments checked.

Inside the house mypy sees to it that arguments are of the right kind; whoever comes through the
door of a package may hand in anything. Modules import from modules and pay nothing for it.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from types import FunctionType
from typing import Any

import lazy_loader


def open_door(
    package: str, file: str
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Return ``__getattr__``, ``__dir__`` and ``__all__`` of a package with a stub.

    Parameters
    ----------
    package, file : str
        ``__name__`` and ``__file__`` of the package.
    """
    find, names, offered = lazy_loader.attach_stub(package, file)

    def get(name: str) -> Any:
        thing = find(name)
        if isinstance(thing, FunctionType):
            thing = import_module("cortex.arguments").checked(thing, package)
            vars(sys.modules[package])[name] = thing
        return thing

    return get, names, offered
