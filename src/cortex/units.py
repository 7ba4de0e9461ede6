"""SI scales of the units allowed at the edges: config keys, table columns, axes.

Inside cortex every number is SI (s, V, A, F, S, Hz, m, rad). A unit appears as a
suffix of a config key or of a table column (``tau_m_ms``, ``nu_Hz``); a
dimensionless number has the unit ``"1"`` and no suffix.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import pi
from typing import Final

import numpy as np

from cortex.errors import CortexError, ParameterError
from cortex.typing import AnyArray, FloatArray, IntArray

GRID_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit at the edge: its SI scale and what it measures."""

    scale: float
    dimension: str
    label: str


UNITS: Final[dict[str, Unit]] = {
    "1": Unit(1.0, "number", ""),
    "s": Unit(1.0, "time", "s"),
    "ms": Unit(1e-3, "time", "ms"),
    "us": Unit(1e-6, "time", "µs"),
    "min": Unit(60.0, "time", "min"),
    "Hz": Unit(1.0, "frequency", "Hz"),
    "kHz": Unit(1e3, "frequency", "kHz"),
    "per_s": Unit(1.0, "rate", "1/s"),
    "per_ms": Unit(1e3, "rate", "1/ms"),
    "mM": Unit(1.0, "concentration", "mmol/l"),
    "V": Unit(1.0, "voltage", "V"),
    "mV": Unit(1e-3, "voltage", "mV"),
    "uV": Unit(1e-6, "voltage", "µV"),
    "A": Unit(1.0, "current", "A"),
    "nA": Unit(1e-9, "current", "nA"),
    "pA": Unit(1e-12, "current", "pA"),
    "uA_per_mm3": Unit(1e3, "current source density", "µA/mm³"),
    "F": Unit(1.0, "capacitance", "F"),
    "nF": Unit(1e-9, "capacitance", "nF"),
    "pF": Unit(1e-12, "capacitance", "pF"),
    "S": Unit(1.0, "conductance", "S"),
    "nS": Unit(1e-9, "conductance", "nS"),
    "nS_per_mV": Unit(1e-6, "conductance per voltage", "nS/mV"),
    "Ohm": Unit(1.0, "resistance", "Ω"),
    "MOhm": Unit(1e6, "resistance", "MΩ"),
    "m": Unit(1.0, "length", "m"),
    "mm": Unit(1e-3, "length", "mm"),
    "um": Unit(1e-6, "length", "µm"),
    "m_per_s": Unit(1.0, "speed", "m/s"),
    "per_m": Unit(1.0, "wave number", "1/m"),
    "per_mm": Unit(1e3, "wave number", "1/mm"),
    "per_um": Unit(1e6, "wave number", "1/µm"),
    "rad": Unit(1.0, "angle", "rad"),
    "deg": Unit(pi / 180.0, "angle", "°"),
    "deg_per_s": Unit(pi / 180.0, "angular speed", "°/s"),
    "deg2": Unit((pi / 180.0) ** 2, "angular variance", "°²"),
    "deg2_per_s": Unit((pi / 180.0) ** 2, "angular diffusion", "°²/s"),
    "S_per_m": Unit(1.0, "conductivity", "S/m"),
    "Ohm_m": Unit(1.0, "resistivity", "Ω m"),
    "Ohm_cm2": Unit(1e-4, "area resistance", "Ω cm²"),
    "uF_per_cm2": Unit(1e-2, "area capacitance", "µF/cm²"),
    "Hz_per_V": Unit(1.0, "gain", "Hz/V"),
    "Hz_per_mV": Unit(1e3, "gain", "Hz/mV"),
    "Hz_per_mV2": Unit(1e6, "variance gain", "Hz/mV²"),
    "Hz2": Unit(1.0, "rate power", "Hz²"),
    "Hz2_per_Hz": Unit(1.0, "rate spectrum", "Hz²/Hz"),
    "V2_per_Hz": Unit(1.0, "voltage spectrum", "V²/Hz"),
    "uV2_per_Hz": Unit(1e-12, "voltage spectrum", "µV²/Hz"),
    "A2_per_Hz": Unit(1.0, "current spectrum", "A²/Hz"),
    "pA2_per_Hz": Unit(1e-24, "current spectrum", "pA²/Hz"),
    "percent": Unit(1e-2, "number", "%"),
    "B": Unit(1.0, "memory", "B"),
    "MB": Unit(1e6, "memory", "MB"),
}


def unit(name: str) -> Unit:
    """Return the unit called `name`; refuse an unknown one with the list of all."""
    try:
        return UNITS[name]
    except KeyError:
        msg = f"unknown unit {name!r}; known units: {', '.join(UNITS)}"
        raise ParameterError(msg) from None


def edge_name(name: str, unit_name: str) -> str:
    """Return the config key or column of `name` in `unit_name`.

    Examples
    --------
    >>> edge_name("tau_m", "ms"), edge_name("g", "1")
    ('tau_m_ms', 'g')
    """
    return name if unit_name == "1" else f"{name}_{unit_name}"


def _shift(value: float, power: Decimal) -> float:
    return float(Decimal(repr(float(value))) * power)


def to_si(value: float, unit_name: str) -> float:
    """Return a number given in `unit_name` as SI, exact in decimal digits.

    Examples
    --------
    >>> to_si(0.1, "ms"), to_si(20.0, "mV")
    (0.0001, 0.02)
    """
    scale = unit(unit_name).scale
    if unit_name == "deg" or not np.isfinite(value):
        return float(value) * scale
    return _shift(value, Decimal(repr(scale)))


def from_si(value: float, unit_name: str) -> float:
    """Return an SI number in `unit_name`; the inverse of `to_si`.

    Examples
    --------
    >>> from_si(0.0015, "ms")
    1.5
    """
    scale = unit(unit_name).scale
    if unit_name == "deg" or not np.isfinite(value):
        return float(value) / scale
    return _shift(value, Decimal(1) / Decimal(repr(scale)))


def array_to_si(values: FloatArray, unit_name: str) -> FloatArray:
    """Return an array of any shape given in `unit_name` as SI."""
    return np.asarray(values, dtype=np.float64) * unit(unit_name).scale


def array_from_si(values: FloatArray, unit_name: str) -> FloatArray:
    """Return an SI array of any shape in `unit_name`."""
    return np.asarray(values, dtype=np.float64) / unit(unit_name).scale


def si_label(unit_name: str) -> str:
    """Return the label of the SI unit with the dimension of `unit_name`.

    Examples
    --------
    >>> si_label("ms"), si_label("per_ms"), si_label("1")
    ('s', '1/s', '')
    """
    dimension = unit(unit_name).dimension
    return next((u.label for u in UNITS.values() if (u.dimension, u.scale) == (dimension, 1.0)), "")


def key_label(key: str) -> str:
    """Return a key of a network file as an axis calls it, its unit in parentheses.

    Examples
    --------
    >>> key_label("drive.bg.rate_Hz"), key_label("factors.g")
    ('drive.bg.rate (Hz)', 'factors.g')
    """
    endings = [name for name in UNITS if key.endswith(f"_{name}")]
    unit = max(endings, key=len, default="")
    return f"{key.removesuffix(f'_{unit}')} ({UNITS[unit].label})" if unit else key


def steps_are_whole(steps: float, least: int = 0) -> bool:
    """Tell whether a number of steps is whole to rounding, and not below the fewest allowed."""
    whole = round(steps)
    return whole >= least and abs(steps - whole) <= GRID_TOLERANCE * max(1.0, steps)


def whole_steps(
    name: str,
    values: AnyArray | float,
    dt: float,
    *,
    least: int = 0,
    error: type[CortexError] = ParameterError,
) -> IntArray:
    """Return times as steps of `dt`; refuse what is no multiple or too short.

    Parameters
    ----------
    name : str
        What the times are, for the message.
    values : float or ndarray
        Times, s.
    dt : float
        Step, s.
    least : int
        Fewest steps allowed.
    error : type
        Raised, naming the quantity, the value and the step.

    Returns
    -------
    ndarray of int, at least one-dimensional

    Examples
    --------
    >>> whole_steps("delay", 1.5e-3, 1e-4)
    array([15])
    """
    steps = np.atleast_1d(np.asarray(values, dtype=np.float64)) / dt
    whole = np.rint(steps)
    wrong = ~(np.abs(steps - whole) <= GRID_TOLERANCE * np.maximum(1.0, steps))
    if np.any(wrong):
        value = float(steps[wrong].ravel()[0]) * dt
        msg = f"{name} = {value:g} s is not a multiple of dt = {dt:g} s; change it or dt"
        raise error(msg)
    if np.any(whole < least):
        value = float(whole.min()) * dt
        msg = f"{name} = {value:g} s lies below {least} step(s) of dt = {dt:g} s; shorten dt"
        raise error(msg)
    return whole.astype(np.int64)
