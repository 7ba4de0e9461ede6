"""What a parameter may be: its kind, unit, bounds and meaning, declared once.

A spec knows four things: the config key (with the unit suffix), how to read a config
value into SI, how to check an SI value, and its JSON schema.
"""

from collections.abc import Callable, Mapping, Sequence, Sized
from dataclasses import MISSING, Field, dataclass, field
from typing import TYPE_CHECKING, Any, cast

from cortex.errors import ParameterError
from cortex.units import UNITS, edge_name, from_si, to_si, unit

if TYPE_CHECKING:
    from cortex.params.base import Block


def is_number(value: object) -> bool:
    """Tell whether a value is a real number (not a bool, not text)."""
    return isinstance(value, int | float) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """Base of all specs; the default is free text."""

    doc: str = ""

    def key(self, name: str) -> str:
        """Return the config key of a field called `name`."""
        return name

    def parse(self, where: str, raw: Any) -> Any:
        """Return a config value as the SI value of the field."""
        if not isinstance(raw, str):
            msg = f"{where} = {raw!r} is not text ({self.doc})"
            raise ParameterError(msg)
        return raw

    def render(self, value: Any) -> Any:
        """Return an SI value as a config value."""
        return value

    def check(self, where: str, value: Any) -> None:
        """Refuse an SI value that is of the wrong type or implausible."""
        self.parse(where, value)

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema of the config value."""
        return {"type": "string", "description": self.doc}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity(Spec):
    """A real number with a unit and plausible bounds, both given in that unit."""

    unit: str
    low: float
    high: float

    def key(self, name: str) -> str:
        return edge_name(name, self.unit)

    def parse(self, where: str, raw: Any) -> float:
        if not is_number(raw):
            msg = f"{where} = {raw!r} is not a number in {self.unit} ({self.doc})"
            raise ParameterError(msg)
        return to_si(raw, self.unit)

    def render(self, value: float) -> float:
        return from_si(value, self.unit)

    def check(self, where: str, value: Any) -> None:
        if not is_number(value):
            msg = f"{where} = {value!r} is not a number ({self.doc})"
            raise ParameterError(msg)
        low, high = to_si(self.low, self.unit), to_si(self.high, self.unit)
        if low <= value <= high:
            return
        label = f" {si_label(self.unit)}".rstrip()
        msg = f"{where} = {value}{label} is outside [{low:g}, {high:g}]{label} ({self.doc})"
        raise ParameterError(msg + self._hint(value, low, high))

    def _hint(self, value: float, low: float, high: float) -> str:
        """Return the known unit in which the number would be plausible, and its SI value."""
        dimension = unit(self.unit).dimension
        for name, each in UNITS.items() if self.unit != "1" else ():
            if each.dimension == dimension and low <= to_si(value, name) <= high:
                return f"; is it in {each.label}? Then write {to_si(value, name):g}"
        return ""

    def schema(self) -> dict[str, Any]:
        return {
            "type": "number",
            "minimum": self.low,
            "maximum": self.high,
            "unit": self.unit,
            "description": self.doc,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(Spec):
    """A whole number within bounds."""

    low: int
    high: int

    def parse(self, where: str, raw: Any) -> int:
        if not isinstance(raw, int) or isinstance(raw, bool):
            msg = f"{where} = {raw!r} is not a whole number ({self.doc})"
            raise ParameterError(msg)
        return raw

    def check(self, where: str, value: Any) -> None:
        if not self.low <= self.parse(where, value) <= self.high:
            msg = f"{where} = {value} is outside [{self.low}, {self.high}] ({self.doc})"
            raise ParameterError(msg)

    def schema(self) -> dict[str, Any]:
        return {
            "type": "integer",
            "minimum": self.low,
            "maximum": self.high,
            "description": self.doc,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Spec):
    """One of a few words."""

    options: tuple[str, ...]

    def check(self, where: str, value: Any) -> None:
        if value not in self.options:
            msg = f"{where} = {value!r} is none of {', '.join(self.options)} ({self.doc})"
            raise ParameterError(msg)

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.options), "description": self.doc}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Spec):
    """True or false."""

    def parse(self, where: str, raw: Any) -> bool:
        if not isinstance(raw, bool):
            msg = f"{where} = {raw!r} is neither true nor false ({self.doc})"
            raise ParameterError(msg)
        return raw

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean", "description": self.doc}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector(Spec):
    """A list whose items obey one spec; a list of lists is a vector of vectors."""

    item: Spec
    length: int | None = None
    min_length: int = 1

    def key(self, name: str) -> str:
        return self.item.key(name)

    def parse(self, where: str, raw: Any) -> tuple[Any, ...]:
        if isinstance(raw, str) or not isinstance(raw, Sequence):
            msg = f"{where} = {raw!r} is not a list ({self.doc})"
            raise ParameterError(msg)
        return tuple(self.item.parse(f"{where}[{i}]", value) for i, value in enumerate(raw))

    def render(self, value: Any) -> list[Any]:
        return [self.item.render(each) for each in value]

    def check(self, where: str, value: Any) -> None:
        if not isinstance(value, tuple):
            msg = f"{where} = {value!r} is not a tuple ({self.doc})"
            raise ParameterError(msg)
        if self.length is not None and len(value) != self.length:
            msg = f"{where} has {len(value)} entries, {self.length} are needed ({self.doc})"
            raise ParameterError(msg)
        _need_entries(where, value, self.min_length, self.doc)
        for i, each in enumerate(value):
            self.item.check(f"{where}[{i}]", each)

    def schema(self) -> dict[str, Any]:
        size = {"minItems": self.min_length}
        if self.length is not None:
            size = {"minItems": self.length, "maxItems": self.length}
        items = self.item.schema()
        return {"type": "array", "items": items, "description": self.doc, **size}


@dataclass(frozen=True, slots=True, kw_only=True)
class Nested(Spec):
    """A block inside a block."""

    block: "type[Block]"

    def parse(self, where: str, raw: Any) -> "Block":
        if not isinstance(raw, Mapping):
            msg = f"{where} = {raw!r} is not a block of keys ({self.doc})"
            raise ParameterError(msg)
        try:
            return self.block.from_config(raw)
        except ParameterError as error:
            msg = f"{where}: {error}"
            raise ParameterError(msg) from None

    def render(self, value: "Block") -> dict[str, Any]:
        return value.to_config()

    def check(self, where: str, value: Any) -> None:
        if not isinstance(value, self.block):
            msg = f"{where} = {value!r} is not a {self.block.__name__} ({self.doc})"
            raise ParameterError(msg)

    def schema(self) -> dict[str, Any]:
        return {"block": self.block, "description": self.doc}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Spec):
    """Named entries that obey one spec, such as the states of a model."""

    item: Spec
    min_length: int = 1

    def parse(self, where: str, raw: Any) -> dict[str, Any]:
        if not isinstance(raw, Mapping):
            msg = f"{where} = {raw!r} is not a block of named entries ({self.doc})"
            raise ParameterError(msg)
        return {name: self.item.parse(f"{where}.{name}", each) for name, each in raw.items()}

    def render(self, value: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self.item.render(each) for name, each in value.items()}

    def check(self, where: str, value: Any) -> None:
        if not isinstance(value, Mapping):
            msg = f"{where} = {value!r} is not a mapping ({self.doc})"
            raise ParameterError(msg)
        _need_entries(where, value, self.min_length, self.doc)
        for name, each in value.items():
            self.item.check(f"{where}.{name}", each)

    def schema(self) -> dict[str, Any]:
        names = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_]*$"}
        return {
            "type": "object",
            "additionalProperties": self.item.schema(),
            "propertyNames": names,
            "minProperties": self.min_length,
            "description": self.doc,
        }


def _need_entries(where: str, value: Sized, least: int, doc: str) -> None:
    if len(value) < least:
        msg = f"{where} has {len(value)} entries, at least {least} is needed ({doc})"
        raise ParameterError(msg)


def si_label(unit_name: str) -> str:
    """Return the label of the SI unit with the dimension of `unit_name`.

    Examples
    --------
    >>> si_label("ms"), si_label("per_ms"), si_label("1")
    ('s', '1/s', '')
    """
    dimension = unit(unit_name).dimension
    return next((u.label for u in UNITS.values() if (u.dimension, u.scale) == (dimension, 1.0)), "")


def spec_of(declared: "Field[Any]") -> Spec:
    """Return the spec of a dataclass field declared with a helper of this module."""
    return cast("Spec", declared.metadata["spec"])


def declare(spec: Spec, default: Any = MISSING) -> Any:
    """Return a dataclass field that carries `spec`."""
    if isinstance(default, dict):
        return field(default_factory=lambda: dict(default), metadata={"spec": spec})
    return field(default=default, metadata={"spec": spec})


def quantity(unit: str, low: float, high: float, doc: str, default: float | Any = MISSING) -> Any:
    """Declare a real number; `low`, `high` in `unit`, a `default` in SI."""
    return declare(Quantity(unit=unit, low=low, high=high, doc=doc), default)


def count(low: int, high: int, doc: str, default: int | Any = MISSING) -> Any:
    """Declare a whole number."""
    return declare(Count(low=low, high=high, doc=doc), default)


def choice(options: Sequence[str], doc: str, default: str | Any = MISSING) -> Any:
    """Declare one of a few words."""
    return declare(Choice(options=tuple(options), doc=doc), default)


def flag(doc: str, default: bool | Any = MISSING) -> Any:
    """Declare a truth value."""
    return declare(Flag(doc=doc), default)


def text(doc: str, default: str | Any = MISSING) -> Any:
    """Declare free text."""
    return declare(Spec(doc=doc), default)


def vector(item: Any, doc: str, length: int | None = None, default: Any = MISSING) -> Any:
    """Declare a list of items, each declared by another helper; empty only if the default is."""
    least = 0 if default == () else 1
    return declare(Vector(item=spec_of(item), length=length, min_length=least, doc=doc), default)


def block(kind: "type[Block]", doc: str, default: "Callable[[], Block] | Any" = MISSING) -> Any:
    """Declare a nested block."""
    return declare(Nested(block=kind, doc=doc), default)


def table(item: Any, doc: str, default: Any = MISSING) -> Any:
    """Declare named entries of one kind, each declared by another; empty only if the default is."""
    least = 0 if default == {} else 1
    return declare(Table(item=spec_of(item), min_length=least, doc=doc), default)
