"""What a parameter may be: its kind, unit, bounds and meaning, declared once.

A spec knows its config key (with the unit suffix), how to read a config value into SI
and to check an SI value. What is wrong is raised as a `ParameterError` that holds
all problems of a value and of what is inside it, placed relative to that value.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING, Any, cast

from cortex.errors import Amount, ParameterError, Place, Problem, Words, shown
from cortex.params.reading import (
    entries_needed,
    found,
    gather,
    is_number,
    is_sound,
    limits_of,
    need_name,
    number_in,
)
from cortex.units import UNITS, edge_name, from_si, si_label, to_si, unit

if TYPE_CHECKING:
    from cortex.params.base import Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """Base of all specs; the default is free text."""

    doc: str = ""

    def key(self, name: str) -> str:
        """Return the config key of a field called `name`."""
        return name

    def read(self, raw: Any) -> Any:
        """Return a config value as the SI value of the field; refuse what it may not be."""
        if not isinstance(raw, str):
            quoted = f'write "{shown(raw)}", in quotes' if is_number(raw) else ""
            quoted = "write it in quotes" if isinstance(raw, bool | date) else quoted
            raise self.wrong_type(raw, "text", quoted)
        return raw

    def verify(self, value: Any) -> None:
        """Refuse an SI value that is of the wrong type or implausible."""
        self.read(value)

    def check(self, where: str, value: Any) -> None:
        """Refuse like `verify`, with the name of what has the value."""
        try:
            self.verify(value)
        except ParameterError as error:
            raise ParameterError(*error.problems, above=where) from None

    def render(self, value: Any) -> Any:
        """Return an SI value as a config value."""
        return value

    def given(self, raw: Any) -> Amount:
        """Return a value that is shown as it was given."""
        return Amount(value=raw, entry=raw)

    def limits(self) -> tuple[Amount, Amount] | None:
        """Return the plausible bounds, if there are any."""
        return None

    def entries(self) -> tuple[object, ...]:
        """Return config values that may stand there, from low to high; none is zero for nothing."""
        return ()

    def refused(self, value: Amount, reason: Words, fix: Words = "") -> ParameterError:
        """Return the error of a value."""
        return ParameterError(
            Problem(
                subject=value,
                reason=reason,
                bounds=self.limits(),
                meaning=self.doc,
                fix=fix,
                instead=self.entries(),
            )
        )

    def wrong_type(self, raw: Any, wanted: str, fix: str = "") -> ParameterError:
        """Return the error of a value of another type."""
        same = found(raw) == wanted.replace("whole ", "")
        kind = "" if same else f", not {found(raw)}"
        return self.refused(self.given(raw), f": must be {wanted}{kind}", fix)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity(Spec):
    """A real number with a unit and plausible bounds, both given in that unit."""

    unit: str
    low: float
    high: float

    def key(self, name: str) -> str:
        return edge_name(name, self.unit)

    def read(self, raw: Any) -> float:
        if not is_number(raw):
            raise self.wrong_type(raw, "a number", self._number_in(raw))
        try:
            value = to_si(float(raw), self.unit)
        except OverflowError:
            raise self.refused(self.given(raw), "") from None
        if not self._is_within(value):
            raise self.refused(self.amount(value, raw), "", self._hint(float(raw)))
        return value

    def verify(self, value: Any) -> None:
        if not is_number(value):
            raise self.wrong_type(value, "a number")
        if not self._is_within(value):
            try:
                raise self.refused(self.amount(value), "", self._hint(float(value)))
            except OverflowError:
                raise self.refused(Amount(value=value, entry=value), "") from None

    def render(self, value: float) -> float:
        return from_si(value, self.unit)

    def amount(self, value: float, entry: object = None, place: Place = ()) -> Amount:
        """Return an SI value in both languages."""
        if entry is None:
            entry = from_si(float(value), self.unit)
        return Amount(
            place=place,
            value=value,
            entry=entry,
            unit=si_label(self.unit),
            entry_unit=UNITS[self.unit].label,
            suffix=edge_name("", self.unit),
        )

    def given(self, raw: Any) -> Amount:
        label = UNITS[self.unit].label
        suffix = edge_name("", self.unit)
        return Amount(value=raw, entry=raw, unit=label, entry_unit=label, suffix=suffix)

    def limits(self) -> tuple[Amount, Amount]:
        return limits_of(self.unit, self.low, self.high)

    def entries(self) -> tuple[object, ...]:
        return (self.low or 1e-3 * self.high, self.high)

    def _is_within(self, value: float) -> bool:
        low, high = self.limits()
        return cast("float", low.value) <= value <= cast("float", high.value)

    def _hint(self, number: float) -> Words:
        """Return the unit in which the number would be plausible, not barely, and what to write."""
        dimension, least = unit(self.unit).dimension, to_si(self.low, self.unit)
        for name, each in UNITS.items() if self.unit != "1" else ():
            if each.dimension == dimension and isfinite(number):
                value = to_si(number, name)
                if self._is_within(value) and not 0.0 < value < 10.0 * least:
                    amount = Amount(value=value, entry=from_si(value, self.unit))
                    return (f"is it in {each.label}? Then write ", amount)
        return ""

    def _number_in(self, raw: object) -> str:
        """Return the fix for a number that YAML took for text; nothing for other text."""
        value, reason = number_in(raw, self.unit)
        is_fit = value is not None and is_sound(partial(self.read, value))
        return f"{reason}write {value!r}" if is_fit else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(Spec):
    """A whole number within bounds."""

    low: int
    high: int

    def read(self, raw: Any) -> int:
        if not isinstance(raw, int) or isinstance(raw, bool):
            raise self.wrong_type(raw, "a whole number", self._whole_in(raw))
        if not self.low <= raw <= self.high:
            raise self.refused(self.given(raw), "")
        return raw

    def limits(self) -> tuple[Amount, Amount]:
        return (Amount(value=self.low, entry=self.low), Amount(value=self.high, entry=self.high))

    def entries(self) -> tuple[object, ...]:
        return (max(self.low, min(1, self.high)), self.high)

    def _whole_in(self, raw: object) -> str:
        """Return the whole number that was meant by a text or another number."""
        try:
            number = round(float(raw)) if isinstance(raw, str | float) else None
        except (ValueError, OverflowError):
            return ""
        is_fit = number is not None and self.low <= number <= self.high
        return f"write {number}" if is_fit else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Spec):
    """One of a few words."""

    options: tuple[str, ...]

    def read(self, raw: Any) -> str:
        word = raw if isinstance(raw, str) else ""
        if word in self.options:
            return word
        close = get_close_matches(word[:80], self.options, n=1, cutoff=0.5)
        fix = f"did you mean {close[0]}?" if close else ""
        allowed = ", ".join(self.options)
        raise self.refused(self.given(raw), f"is none of {allowed}", fix)

    def entries(self) -> tuple[object, ...]:
        return self.options


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Spec):
    """True or false."""

    def read(self, raw: Any) -> bool:
        if not isinstance(raw, bool):
            word = raw.strip().lower() if isinstance(raw, str) else ""
            fix = f"write {word} without quotes" if word in {"true", "false"} else ""
            raise self.wrong_type(raw, "true or false", fix)
        return raw

    def entries(self) -> tuple[object, ...]:
        return (False, True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector(Spec):
    """A list whose items obey one spec; a list of lists is a vector of vectors."""

    item: Spec
    length: int | None = None
    min_length: int = 1
    distinct: bool = False

    def key(self, name: str) -> str:
        return self.item.key(name)

    def read(self, raw: Any) -> tuple[Any, ...]:
        if isinstance(raw, str) or not isinstance(raw, Sequence):
            fits = is_sound(partial(self.item.read, raw)) and self.length in {None, 1}
            raise self.wrong_type(raw, "a list", f"write [{shown(raw)}]" if fits else "")
        self._need_entries(raw)
        return tuple(gather((i, partial(self.item.read, each)) for i, each in enumerate(raw)))

    def verify(self, value: Any) -> None:
        if not isinstance(value, tuple):
            raise self.wrong_type(value, "a tuple")
        self._need_entries(value)
        gather((i, partial(self.item.verify, each)) for i, each in enumerate(value))

    def render(self, value: Any) -> list[Any]:
        return [self.item.render(each) for each in value]

    def given(self, raw: Any) -> Amount:
        return self.item.given(raw)

    def entries(self) -> tuple[object, ...]:
        return tuple([each] * (self.length or 1) for each in self.item.entries())

    def _need_entries(self, value: Sequence[Any]) -> None:
        if self.length not in {None, len(value)}:
            raise self.refused(self.given(value), entries_needed(f"{self.length}", value))
        if len(value) < self.min_length:
            raise self.refused(
                self.given(value), entries_needed(f"at least {self.min_length}", value)
            )
        twice = [each for i, each in enumerate(value) if self.distinct and each in value[:i]]
        if twice:
            raise self.refused(self.given(value), f"holds {shown(twice[0])} twice; keep one")


@dataclass(frozen=True, slots=True, kw_only=True)
class Nested(Spec):
    """A block inside a block."""

    block: "type[Block]"

    def read(self, raw: Any) -> "Block":
        if not isinstance(raw, Mapping):
            raise self.wrong_type(raw, "a block of keys")
        return self.block.from_config(raw)

    def verify(self, value: Any) -> None:
        if not isinstance(value, self.block):
            raise self.wrong_type(value, f"of the class {self.block.__name__}")

    def render(self, value: "Block") -> dict[str, Any]:
        return value.to_config()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Spec):
    """Named entries that obey one spec, such as the states of a model."""

    item: Spec
    min_length: int = 1

    def read(self, raw: Any) -> dict[str, Any]:
        if not isinstance(raw, Mapping):
            raise self.wrong_type(raw, "a block of named entries")
        return self._each(raw, self.item.read)

    def verify(self, value: Any) -> None:
        if not isinstance(value, Mapping):
            raise self.wrong_type(value, "a mapping")
        self._each(value, self.item.verify)

    def render(self, value: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self.item.render(each) for name, each in value.items()}

    def _each(self, raw: Mapping[str, Any], call: Callable[[Any], Any]) -> dict[str, Any]:
        if len(raw) < self.min_length:
            raise self.refused(self.given(raw), entries_needed(f"at least {self.min_length}", raw))
        names: dict[str, str] = {}
        for name in raw:
            need_name(name)
            twin = names.setdefault(name.lower(), name)
            if twin != name:
                msg = f"the names {twin!r} and {name!r} differ only in case; rename one"
                raise ParameterError(msg)
        values = gather((name, partial(call, each)) for name, each in raw.items())
        return dict(zip(raw, values, strict=True))


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


def distinct(item: Any, doc: str) -> Any:
    """Declare a list whose items are cases of their own: none twice."""
    return declare(Vector(item=spec_of(item), distinct=True, doc=doc))


def block(kind: "type[Block]", doc: str, default: "Callable[[], Block] | Any" = MISSING) -> Any:
    """Declare a nested block."""
    return declare(Nested(block=kind, doc=doc), default)


def table(item: Any, doc: str, default: Any = MISSING) -> Any:
    """Declare named entries of one kind, each declared by another; empty only if the default is."""
    least = 0 if default == {} else 1
    return declare(Table(item=spec_of(item), min_length=least, doc=doc), default)
