"""Lines of the plane of two parameters of any network: folds and onsets of oscillations."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np

from cortex.errors import ConvergenceError
from cortex.meanfield.stability.bifurcations import (
    FREQUENCY_SCALE,
    BifurcationLine,
    Family,
    Kind,
    Window,
    fold_line,
    fold_point,
    hopf_line,
    hopf_point,
)
from cortex.meanfield.stability.continuation import Curve
from cortex.meanfield.stability.equilibria import (
    LOG_RATE_SCALE,
    equilibrium_curve,
    find_folds,
    find_hopf_points,
)
from cortex.meanfield.stationary.fixed_points import RATE_BOUND
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.params.network import PopulationNetwork
from cortex.regime import warn_regime
from cortex.typing import FloatArray

HIGH_RATE: Final = 0.6
"""Rate over its refractory limit from which the state of high rate is reached."""


LEAST_RATE: Final = 1e-12
"""Hz; a state below has no logarithm of its rates that a curve could follow."""


@dataclass(frozen=True, slots=True)
class _Start:
    """Two parameters, rates and frequency near a line; `pinned` its scan kept fixed."""

    kind: Kind
    parameters: tuple[float, float]
    nu: FloatArray
    frequency: float
    pinned: int


@dataclass(frozen=True, slots=True)
class _Scan:
    """A straight way through the window, on which the parameter `pinned` has the value `at`."""

    pinned: int
    at: float
    limits: tuple[float, float]

    def place(self, x: float) -> tuple[float, float]:
        """Return both parameters where the other parameter has the value `x`."""
        return (self.at, x) if self.pinned == 0 else (x, self.at)

    def through(self, family: Family) -> Callable[[float], PopulationNetwork]:
        """Return the networks on this way."""
        return lambda x: family(*self.place(x))


def plane_lines(
    family: Family,
    window: Window,
    *,
    inside: tuple[Sequence[float], Sequence[float]] = ((), ()),
    max_step: float = 0.1,
) -> tuple[BifurcationLine, ...]:
    """Return the bifurcation lines in a plane of any two parameters of a network.

    Parameters
    ----------
    family : callable
        Returns the network for two parameters.
    window : Window
        Limits of the two parameters, and the highest frequency of an onset.
    inside : (sequence of float, sequence of float)
        Values of the first and of the second parameter along which states are followed inside
        the window, beside its borders; the middle where none is given.
    max_step : float
        Largest step of the continuation, see `bifurcations.hopf_line`.

    Returns
    -------
    tuple of BifurcationLine
        Folds and Hopf lines.

    Warns
    -----
    RegimeWarning
        A scan met a line that could not be followed from there.

    Notes
    -----
    A line is followed from where a scan meets it. Scans follow the states, through all folds,
    along the four borders and the ways inside. A closed line inside the window that none of
    these meets is not found.
    """
    tau_ref = family(window.first[0], window.second[0]).neurons.tau_ref
    bound = np.divide(1.0, tau_ref, out=np.full_like(tau_ref, RATE_BOUND), where=tau_ref > 0.0)
    high, max_frequency = HIGH_RATE * bound, window.max_frequency
    lines: list[BifurcationLine] = []
    for scan in _scans(window, inside):
        for start in _starts(family, scan, high, max_frequency):
            point = _exact(family, start)
            if point is None or not window.contains(*point.parameters[0]):
                continue
            if any(_passes(line, point, window, max_step) for line in lines):
                continue
            lines.append(_follow(family, window, point, start.pinned, max_step))
    return tuple(lines)


def _scans(window: Window, inside: tuple[Sequence[float], Sequence[float]]) -> tuple[_Scan, ...]:
    """Return the borders of the window and the ways inside, each once."""
    columns, rows = (
        dict.fromkeys([*limits, *np.clip(ways or [float(np.mean(limits))], *limits).tolist()])
        for limits, ways in zip((window.first, window.second), inside, strict=True)
    )
    return (
        *(_Scan(0, x, window.second) for x in columns),
        *(_Scan(1, y, window.first) for y in rows),
    )


def _starts(family: Family, scan: _Scan, high: FloatArray, top: float) -> Iterator[_Start]:
    """Yield the bifurcations up to the frequency `top` of all states along a scan."""
    along = scan.through(family)
    frequencies = np.append([0.1, 1.0], np.arange(4.0, top, 6.0))
    for curve in _equilibria(along, scan.limits, high):
        for x, *log_nu in find_folds(along, curve):
            yield _Start("fold", scan.place(float(x)), np.exp(log_nu), 0.0, scan.pinned)
        for (x, *log_nu), frequency in find_hopf_points(along, curve, frequencies):
            yield _Start("hopf", scan.place(float(x)), np.exp(log_nu), frequency, scan.pinned)


def _equilibria(
    along: Callable[[float], PopulationNetwork], limits: tuple[float, float], high: FloatArray
) -> Iterator[Curve]:
    """Yield the curves of the states to which silence and high rates lead on the way, once."""
    known = np.empty((0, 1 + high.size))
    scale = np.append(0.3 * (limits[1] - limits[0]), np.full(high.size, LOG_RATE_SCALE))
    for x, nu_start in product(np.linspace(*limits, 13), (None, high)):
        point = solve_working_point(along(float(x)), nu_start=nu_start, throw=False)
        if not point.converged:
            warn_regime(f"no state at {x:g} on the way {limits}: no line starts there")
            continue
        nu = point.nu
        here = np.append(x, np.log(np.maximum(nu, 1e-300)))
        if np.any(nu < LEAST_RATE) or np.any(np.linalg.norm((known - here) / scale, axis=1) < 0.2):
            continue
        curve = equilibrium_curve(along, limits, start=float(x), nu_start=nu, max_step=0.2)
        known = np.vstack([known, curve.points])
        yield curve


def _exact(family: Family, start: _Start) -> BifurcationLine | None:
    """Return the point of a line next to a start; warn, None, where Newton does not find it.

    Where a line only just reaches the scan, its nearest point lies beside the scan.
    """
    try:
        return _point(family, start, start.pinned)
    except ConvergenceError:
        try:
            return _point(family, start, None)
        except ConvergenceError as error:
            msg = f"a {start.kind} line near {start.parameters} was given up: {error}"
            warn_regime(msg)
            return None


def _point(family: Family, start: _Start, pinned: int | None) -> BifurcationLine:
    place = start.parameters
    if start.kind == "fold":
        return fold_point(family, parameters=place, nu=start.nu, pinned=pinned)
    return hopf_point(
        family, parameters=place, nu=start.nu, frequency=start.frequency, pinned=pinned
    )


def _passes(line: BifurcationLine, point: BifurcationLine, window: Window, step: float) -> bool:
    """Tell whether a line passes a point within one step of its continuation."""
    if line.kind != point.kind:
        return False
    scale = np.concatenate([window.scale, [LOG_RATE_SCALE, FREQUENCY_SCALE]])
    here, points = (
        np.column_stack([each.parameters, np.log(each.nu[:, 0]), each.frequency]) / scale
        for each in (point, line)
    )
    return bool(np.min(np.linalg.norm(points - here, axis=1)) < step)


def _follow(
    family: Family, window: Window, point: BifurcationLine, pinned: int, max_step: float
) -> BifurcationLine:
    x, y = point.parameters[0]
    if point.kind == "fold":
        return fold_line(
            family,
            window,
            parameters=(x, y),
            nu=point.nu[0],
            pinned=pinned,
            max_step=max_step,
        )
    return hopf_line(
        family,
        window,
        parameters=(x, y),
        nu=point.nu[0],
        frequency=float(point.frequency[0]),
        pinned=pinned,
        max_step=max_step,
    )
