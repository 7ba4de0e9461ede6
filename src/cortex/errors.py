"""Exceptions and warnings: each message names what, which value, what is allowed, the fix.

What is wrong with a parameter is data, a `Problem`. It becomes a sentence in one place,
`Problem.sentence`: in SI for the library, with the keys and units of the file for a configuration.
"""

from dataclasses import dataclass, replace
from enum import Enum
from reprlib import Repr
from typing import Any, Final

Place = tuple[str | int, ...]


class Absent(Enum):
    """Stands for a value that is not there, `None` being one that is."""

    ABSENT = ""


ABSENT: Final = Absent.ABSENT


class _Short(Repr):
    """Like `repr`, but short, quick and without failure for whatever a file may hold."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel, self.maxdict, self.maxlist, self.maxtuple = 3, 6, 10, 10
        self.maxstring = self.maxother = 80

    def repr_int(self, x: int, _level: int) -> str:
        digits = x.bit_length() * 0.30103  # `repr` refuses more than 4300
        return repr(x) if digits < 40.0 else f"{'-' * (x < 0)}1e{digits:.0f} (about)"

    def repr_dict(self, x: dict[Any, Any], level: int) -> str:
        if level <= 0:
            return "{...}"
        inside = list(x.items())[: self.maxdict]
        pairs = [f"{self.repr1(k, level - 1)}: {self.repr1(v, level - 1)}" for k, v in inside]
        return f"{{{', '.join(pairs + ['...'] * (len(x) > self.maxdict))}}}"


shown: Final = _Short().repr


def dotted(place: Place) -> str:
    """Return a path as in messages.

    Examples
    --------
    >>> dotted(("lfp", "probe", "shanks_um", 2))
    'lfp.probe.shanks_um[2]'
    """
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in place).removeprefix(".")


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A value in both languages: as the library holds it and as a configuration states it.

    Parameters
    ----------
    place : tuple
        Names of the fields and indices that lead to it; empty for a value that has no name.
    value, entry : object
        The value in SI, and in the unit of the configuration.
    unit, entry_unit : str
        Labels of the two units.
    suffix : str
        What the configuration appends to the name: the unit of the key, ``"_ms"``.
    """

    place: Place = ()
    value: object = ABSENT
    entry: object = ABSENT
    unit: str = ""
    entry_unit: str = ""
    suffix: str = ""

    def name(self, *, edge: bool) -> Place:
        """Return the place, at the edge (in a configuration) with the key's unit."""
        last = max((i for i, step in enumerate(self.place) if isinstance(step, str)), default=-1)
        own = [f"{p}{self.suffix}" if i == last else p for i, p in enumerate(self.place)]
        return tuple(own) if edge else self.place

    def number(self, *, edge: bool) -> str:
        """Return value and unit, rounded to 12 digits where it holds the noise of a division."""
        value, unit = (self.entry, self.entry_unit) if edge else (self.value, self.unit)
        text = repr(float(value)) if isinstance(value, float) else shown(value)
        text = f"{value:.12g}" if isinstance(value, float) and len(text) > 14 else text
        return f"{text} {unit}".rstrip()

    def sentence(self, *, edge: bool, above: str = "") -> str:
        """Return ``name = value unit``, or what there is of it."""
        name = dotted((above, *self.name(edge=edge)) if above else self.name(edge=edge))
        number = "" if self.value is ABSENT else self.number(edge=edge)
        return " = ".join(part for part in (name, number) if part)


Words = str | tuple[str | Amount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with one value.

    Parameters
    ----------
    subject : Amount
        Where it stands, its value and units.
    reason : str or tuple of str and Amount
        What is wrong, to be read after ``name = value``; empty: it lies outside its bounds.
    bounds : (low, high), optional
        What is allowed.
    meaning : str
        What the value is.
    fix : str or tuple of str and Amount
        What to do about it.
    instead : tuple
        Entries that a configuration could hold there, from one end of what is allowed to the other;
        `ABSENT` where none may stand, empty where the others decide.
    """

    subject: Amount = Amount()
    reason: Words = ""
    bounds: tuple[Amount, Amount] | None = None
    meaning: str = ""
    fix: Words = ""
    instead: tuple[object, ...] = ()

    def below(self, *steps: str | int) -> "Problem":
        """Return the same problem seen from further up."""
        return replace(self, subject=replace(self.subject, place=(*steps, *self.subject.place)))

    def sentence(self, *, above: str = "", edge: bool = False) -> str:
        """Return what is wrong as a sentence.

        Parameters
        ----------
        above : str
            What the place of the problem is part of.
        edge : bool
            Whether to use keys and units of a configuration; else names and SI.
        """
        subject = self.subject.sentence(edge=edge, above=above)
        limits = self._limits(edge=edge)
        reason = _worded(self.reason, edge=edge) or f"is outside {limits}"
        if self.subject.value is ABSENT and subject:
            reason = f": {reason}"
        meaning = f" ({self.meaning})" if self.meaning else ""
        allowed = f"allowed: {limits}" if limits and self.reason else ""
        head = f"{subject}{' ' * bool(subject and reason[0] != ':')}{reason}{meaning}"
        return "; ".join(part for part in (head, _worded(self.fix, edge=edge), allowed) if part)

    def _limits(self, *, edge: bool) -> str:
        if self.bounds is None:
            return ""
        low, high = ((a.entry, a.entry_unit) if edge else (a.value, a.unit) for a in self.bounds)
        return f"[{low[0]:g}, {high[0]:g}] {high[1]}".rstrip()


def _worded(words: Words, *, edge: bool) -> str:
    parts = (words,) if isinstance(words, str) else words
    return "".join(p if isinstance(p, str) else p.sentence(edge=edge) for p in parts)


class CortexError(Exception):
    """Base of every error that cortex raises on purpose."""


class ParameterError(CortexError, ValueError):
    """A parameter is of the wrong type, unit or size, or contradicts another.

    Parameters
    ----------
    *problems : Problem or str
        What is wrong; a sentence stands for a problem that knows no more.
    above : str
        What the places of the problems are part of, such as the name of a block.
    edge : bool
        Whether the values came from a configuration, so that its keys and units are used.
    """

    def __init__(self, *problems: Problem | str, above: str = "", edge: bool = False) -> None:
        super().__init__(*problems)
        self.problems = tuple(Problem(reason=p) if isinstance(p, str) else p for p in problems)
        self.above = above
        self.edge = edge

    def __str__(self) -> str:
        return "\n".join(p.sentence(above=self.above, edge=self.edge) for p in self.problems)

    def below(self, *steps: str | int) -> tuple[Problem, ...]:
        """Return the problems seen from further up."""
        return tuple(problem.below(*steps) for problem in self.problems)


class ConfigError(CortexError, ValueError):
    """A configuration cannot be read or used; the message lists every problem."""


class InstallationError(CortexError, ImportError):
    """Packages are missing, or another distribution's files lie among those of cortex."""


class TableError(CortexError, ValueError):
    """A table is truncated, damaged, of a foreign schema, or has no units."""


class SimulationError(CortexError, RuntimeError):
    """A simulation cannot be run as asked, or blew up while running."""


class ConvergenceError(CortexError, RuntimeError):
    """An iterative solver did not reach its tolerance.

    Parameters
    ----------
    message : str
        What did not converge, how far it came and what to try.
    partial : object
        The last iterate, in the type the solver would have returned.
    """

    def __init__(self, message: str, partial: object = None) -> None:
        super().__init__(message)
        self.partial = partial


class RegimeWarning(UserWarning):
    """A theory or a proxy is used outside the conditions it was derived for."""


class SweepError(CortexError, RuntimeError):
    """A sweep cannot go on, for a reason that is not one point's; finished points are safe."""
