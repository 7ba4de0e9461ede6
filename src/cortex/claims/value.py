"""Numbers of a text: SI inside, unit and rounding on paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Self

import numpy as np

from cortex.units import from_si, unit

UNKNOWN = "—"
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Value:
    """A number, or the ends of a range, as a text shows it.

    Parameters
    ----------
    ends : tuple of float
        One number or two, in `unit`.
    unit : str
        Name of a unit of `cortex.units`.
    form : str
        Format of the number: ``.1f`` one decimal, ``.2g`` two digits.
    """

    ends: tuple[float, ...]
    unit: str
    form: str

    @classmethod
    def of(cls, si: float | np.floating, unit_name: str = "1", form: str = ".3g") -> Self:
        """Return an SI number in a unit.

        Examples
        --------
        >>> print(Value.of(0.0015, "ms", ".1f"), Value.of(0.034, "percent", ".0f"))
        1.5 ms 3 %
        """
        return cls((from_si(float(si), unit_name),), unit_name, form)

    @classmethod
    def span(cls, si: object, unit_name: str = "1", form: str = ".3g") -> Self:
        """Return the least and the largest of SI numbers as a range; nan is left out.

        Examples
        --------
        >>> print(Value.span([0.002, 0.0045, 0.003], "ms", ".1f"))
        2.0 to 4.5 ms
        """
        known = np.asarray(si, dtype=np.float64)
        known = known[np.isfinite(known)]
        ends = (known.min(), known.max()) if known.size else (np.nan,)
        return cls(tuple(from_si(float(end), unit_name) for end in ends), unit_name, form)

    @property
    def number(self) -> str:
        """The number alone; a dash where it is not known."""
        shown = [_written(f"{end:{self.form}}") if isfinite(end) else UNKNOWN for end in self.ends]
        return " to ".join(dict.fromkeys(shown))

    def __str__(self) -> str:
        """Return number and unit."""
        return f"{self.number} {unit(self.unit).label}".rstrip()


def _written(number: str) -> str:
    """Return a number as papers write it: 7e-06 as 7·10⁻⁶."""
    digits, power, exponent = number.partition("e")
    digits = digits.removesuffix(".").replace("-", "−")
    return f"{digits}·10{str(int(exponent)).translate(RAISED)}" if power else digits


Facts = Mapping[str, Value | str | bool]
"""What a text may name: values, words, and claims, which hold or do not."""
