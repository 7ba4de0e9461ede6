"""Kinds of values that only network files need: names of populations, free keys."""

from dataclasses import dataclass
from typing import Any, Final

from cortex.params.spec import Spec, declare, spec_of

ALL: Final = "all"
"""Stands for every population."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names(Spec):
    """One name or a list of names; `all` stands for every population."""

    def read(self, raw: Any) -> tuple[str, ...]:
        names = [raw] if isinstance(raw, str) else raw
        if not isinstance(names, list | tuple) or not all(isinstance(n, str) for n in names):
            raise self.wrong_type(raw, "a name or a list of names")
        if not names or len(set(names)) < len(names):
            raise self.refused(self.given(raw), "must hold at least one name, and none twice")
        return tuple(names)

    def verify(self, value: Any) -> None:
        self.read(value)

    def render(self, value: tuple[str, ...]) -> list[str]:
        return list(value)


def optional(item: Any) -> Any:
    """Declare a value that may be left out, None then; itself declared by another helper."""
    return declare(spec_of(item), None)


def names(doc: str) -> Any:
    """Declare one or several names of populations."""
    return declare(Names(doc=doc))
