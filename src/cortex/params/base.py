"""Frozen parameter blocks: one declaration gives SI values, bounds, config keys and docs."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from difflib import get_close_matches
from functools import partial
from math import floor
from string import Formatter
from typing import Any, ClassVar, NoReturn, Self, cast

from cortex.errors import ABSENT, Amount, ParameterError, Problem, shown
from cortex.params.reading import gather
from cortex.params.spec import Quantity, Spec, Vector, spec_of
from cortex.units import UNITS, steps_are_whole

MOST_GUESSES = 20  # each costs a millisecond


def config_keys(block: type["Block"]) -> dict[str, tuple["Field[Any]", Spec]]:
    """Return config key -> (dataclass field, spec) of a block, in order of declaration."""
    pairs = [(field, spec_of(field)) for field in fields(block)]
    return {spec.key(field.name): (field, spec) for field, spec in pairs}


def is_required(field: "Field[Any]") -> bool:
    """Tell whether a field has no default and must stand in the config."""
    return field.default is MISSING and field.default_factory is MISSING


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Base of all parameter blocks; subclasses are frozen, keyword-only dataclasses.

    Each field is declared with one of the helpers of `cortex.params.spec`
    (`quantity`, `count`, `choice`, ...). Values are SI; `from_config` and `to_config`
    are the only converters between SI and config keys with their unit suffix.
    """

    PLAUSIBLE: ClassVar[str] = "every value inside the bounds of its declaration"

    def __post_init__(self) -> None:
        """Refuse values outside their bounds, then values that contradict each other."""
        try:
            gather(
                (field.name, partial(spec_of(field).verify, value))
                for field in fields(self)
                if (value := getattr(self, field.name)) is not None or field.default is not None
            )
            self.check()
        except ParameterError as error:
            raise ParameterError(*error.problems, above=type(self).__name__) from None

    def check(self) -> None:
        """Refuse values that contradict each other; overridden where relations exist."""

    def amount(self, path: str, value: float | None = None) -> Amount:
        """Return a field (by dotted path) as messages show it, or another value in its unit.

        A number in the path is a place in a list, ``replay.tau_d.0``.
        """
        steps = tuple(int(step) if step.isdigit() else step for step in path.split("."))
        found: Any = self
        spec = Spec()
        for step in steps:
            if isinstance(step, int):
                found, spec = found[step], cast("Vector", spec).item
            else:
                spec = next(spec_of(field) for field in fields(found) if field.name == step)
                found = getattr(found, step)
        place, found = (steps, found) if value is None else ((), value)
        if isinstance(spec, Quantity):
            return spec.amount(found, place=place)
        return Amount(place=place, value=found, entry=found)

    def refuse(
        self, path: str, reason: str, *, instead: tuple[float, ...] = (), **values: float
    ) -> NoReturn:
        """Raise the error of a field that does not fit the others.

        Parameters
        ----------
        path : str
            The field, dotted where it stands in a nested block; empty for the whole block.
        reason : str
            What is wrong and what to do, read after ``name = value``. ``{V_th}`` and
            ``{ring.dt}`` stand for fields, in the units of whoever reads the message.
        instead : tuple of float
            Values of the field that would fit, SI.
        **values : float
            Further numbers, in the SI unit of the field `path`, for ``{number}`` in the reason.
        """
        parts: list[str | Amount] = []
        for text, name, _, _ in Formatter().parse(reason):
            parts.append(text)
            if name is not None:
                parts.append(
                    self.amount(path, values[name]) if name in values else self.amount(name)
                )
        subject = self.amount(path) if path else Amount()
        fits = tuple(self.amount(path, value).entry for value in instead)
        raise ParameterError(Problem(subject=subject, reason=tuple(parts), instead=fits))

    def need_rising(self, low: str, high: str) -> None:
        """Refuse bounds without anything between them."""
        if self._at(low) >= self._at(high):
            self.refuse(low, f"must lie below {{{high}}}; are the two exchanged?")

    def need_steps(self, path: str, dt: str = "dt", *, least: int = 0) -> None:
        """Refuse a time that is no whole number of steps, or of fewer than `least`."""
        step, time = self._at(dt), self._at(path)
        if steps_are_whole(time / step, least):
            return
        low = max(floor(time / step), least)
        reason = (
            f"is {time / step:g} steps of {{{dt}}}; it must be a whole number of steps"
            f"{', at least one' * least}: take {{less}} or {{more}}"
        )
        less, more = low * step, (low + 1) * step
        self.refuse(path, reason, instead=(less, more), less=less, more=more)

    def _at(self, path: str) -> float:
        return cast("float", self.amount(path).value)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Return the block described by config keys (with units).

        Raises
        ------
        ParameterError
            Holds every problem: unknown and missing keys, wrong types, implausible values,
            contradictions; with the keys and units of the configuration.
        """
        try:
            return cls(**_read(cls, config))
        except ParameterError as error:
            raise ParameterError(*error.problems, above=cls.__name__, edge=True) from None

    def to_config(self) -> dict[str, Any]:
        """Return the block as plain config keys; `from_config` restores it exactly."""
        return {
            key: spec.render(value)
            for key, (field, spec) in config_keys(type(self)).items()
            if (value := getattr(self, field.name)) is not None
        }


def _read(block: type[Block], config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that config keys state; raise all that is wrong with them."""
    known = config_keys(block)
    unknown = [key for key in config if key not in known]
    guesses = [likely_key(shown(key).strip("'"), list(known)) for key in unknown[:MOST_GUESSES]]
    problems = [
        Problem(
            subject=Amount(place=(shown(key).strip("'"),), value=config[key], entry=config[key]),
            reason=f": {reason}",
            instead=(ABSENT,),
        )
        for key, (reason, _) in zip(unknown, guesses, strict=False)
    ]
    meant = {key for _, key in guesses}
    problems += _missing(known, config, meant)
    stated = {key: each for key, each in known.items() if key in config}
    try:
        values = gather((f.name, partial(s.read, config[key])) for key, (f, s) in stated.items())
    except ParameterError as error:
        problems += error.problems
    if problems:
        raise ParameterError(*problems)
    return dict(zip((field.name for field, _ in stated.values()), values, strict=True))


def _missing(
    known: Mapping[str, tuple["Field[Any]", Spec]], config: Mapping[str, Any], meant: set[str]
) -> Iterator[Problem]:
    """Yield the keys that are not there, save those that a misspelt one stands for."""
    for key, (field, spec) in known.items():
        if is_required(field) and key not in config and key not in meant:
            place = Amount(place=(key,))
            yield Problem(subject=place, reason="missing", meaning=spec.doc, instead=spec.entries())


def likely_key(key: str, known: list[str]) -> tuple[str, str]:
    """Return what is wrong with an unknown key, and the known key that was meant, or nothing."""
    name, _, suffix = key.rpartition("_")
    for candidate in known:
        stem, _, unit = candidate.rpartition("_")
        if unit in UNITS and stem == key:
            return f"the unit is missing from the key; write {candidate}", candidate
        if unit in UNITS and suffix in UNITS and stem == name:
            return f"this quantity is given in {unit}; convert and write {candidate}", candidate
    close = get_close_matches(key[:80], known, n=1, cutoff=0.6)
    if close:
        return f"unknown key; did you mean {close[0]}?", close[0]
    return f"unknown key; known: {', '.join(known)}", ""
