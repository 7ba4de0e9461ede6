"""Lines of the phase diagram of Brunel (2000): folds and onsets of oscillations."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from cortex.errors import ConvergenceError
from cortex.meanfield.bifurcations import (
    BifurcationLine,
    Family,
    Kind,
    Window,
    equilibrium_curve,
    find_folds,
    find_hopf_points,
    fold_line,
    hopf_line,
)
from cortex.params.brunel import BrunelParams
from cortex.params.network import PopulationNetwork
from cortex.typing import FloatArray


@dataclass(frozen=True, slots=True)
class _Start:
    """A point near a line; `pinned` is the parameter that its scan kept fixed."""

    kind: Kind
    g: float
    ratio: float
    nu: FloatArray
    frequency: float
    pinned: int


def brunel_lines(
    params: BrunelParams,
    *,
    g_limits: tuple[float, float] = (3.0, 8.0),
    ratio_limits: tuple[float, float] = (0.1, 4.0),
    max_frequency: float = 750.0,
    max_step: float = 0.1,
) -> tuple[BifurcationLine, ...]:
    """Return the bifurcation lines of the (g, nu_ext/nu_thr) plane.

    Parameters
    ----------
    params : BrunelParams
        The network; its own g and external rate do not matter.
    g_limits, ratio_limits : (low, high)
        Window of relative inhibitory weights and of external rates over the threshold rate.
    max_frequency : float
        Highest frequency of the onsets, Hz.
    max_step : float
        Largest step of the continuation, see `bifurcations.hopf_line`.

    Returns
    -------
    tuple of BifurcationLine
        Folds and Hopf lines with `parameters` (g, ratio).

    Notes
    -----
    A line is followed from where a scan meets it: along the upper and the right border and
    along g = 4.5 for oscillations, along the left border and across the bistable region
    for folds. A closed line inside the window that none of these meets is not found.
    """
    window = Window(first=g_limits, second=ratio_limits, max_frequency=max_frequency)

    def family(g: float, ratio: float) -> PopulationNetwork:
        return params.at(g, ratio).network()

    lines: list[BifurcationLine] = []
    for start in (*_fold_starts(family, window), *_hopf_starts(family, window)):
        if not any(_passes(line, start, window) for line in lines):
            line = _follow(family, window, start, max_step)
            lines.extend([] if line is None else [line])
    return tuple(lines)


def _hopf_starts(family: Family, window: Window) -> Iterator[_Start]:
    frequencies = np.arange(4.0, window.max_frequency, 6.0)
    gs = np.linspace(*window.first, 56)
    ratios = np.linspace(*window.second, 79)
    top, right = window.second[1], window.first[1]
    for g, nu, f in find_hopf_points(lambda g: family(g, top), gs, frequencies):
        yield _Start("hopf", g, top, nu, f, 1)
    for column in {right, min(4.5, right)}:
        scan = find_hopf_points(partial(family, column), ratios, frequencies)
        for ratio, nu, f in scan:
            yield _Start("hopf", column, ratio, nu, f, 0)


def _fold_starts(family: Family, window: Window) -> Iterator[_Start]:
    left, low = window.first[0], max(0.7, window.second[0])
    curve = equilibrium_curve(partial(family, left), window.second, start=low)
    for point in find_folds(partial(family, left), curve):
        yield _Start("fold", left, point[0], np.exp(point[1:]), 0.0, 0)
    # the state of high rate, reached from 300 Hz, ends at a larger g
    curve = equilibrium_curve(
        lambda g: family(g, low), window.first, start=left, nu_start=np.full(2, 300.0)
    )
    for point in find_folds(lambda g: family(g, low), curve):
        yield _Start("fold", point[0], low, np.exp(point[1:]), 0.0, 1)


def _passes(line: BifurcationLine, start: _Start, window: Window) -> bool:
    """Tell whether a line already found passes the start, in units of the window."""
    if line.kind != start.kind:
        return False
    scale = np.append(window.scale, [1.0, 50.0])
    here = np.array([start.g, start.ratio, np.log(start.nu[0]), start.frequency])
    points = np.column_stack([line.parameters, np.log(line.nu[:, 0]), line.frequency])
    return bool(np.min(np.linalg.norm((points - here) / scale, axis=1)) < 0.3)


def _follow(
    family: Family, window: Window, start: _Start, max_step: float
) -> BifurcationLine | None:
    """Return the line through a start; None where the scan was too coarse for Newton."""
    parameters = (start.g, start.ratio)
    try:
        if start.kind == "fold":
            return fold_line(
                family,
                window,
                parameters=parameters,
                nu=start.nu,
                pinned=start.pinned,
                max_step=max_step,
            )
        return hopf_line(
            family,
            window,
            parameters=parameters,
            nu=start.nu,
            frequency=start.frequency,
            pinned=start.pinned,
            max_step=max_step,
        )
    except ConvergenceError:
        return None
