"""All self-consistent states of a network, their stability, and whether any is missing."""

from dataclasses import dataclass

import numpy as np

from cortex.meanfield.stationary import _loops_working_point as loops
from cortex.meanfield.stationary.packed import Method, method_code
from cortex.meanfield.stationary.working_point import (
    Equation,
    RateEquation,
    WorkingPoint,
    equation_of,
)
from cortex.params.arrays import whole
from cortex.params.network import PopulationNetwork
from cortex.regime import warn_regime
from cortex.rng import stream
from cortex.typing import BoolArray, FloatArray, IntArray

RATE_BOUND = 1e4
"""Highest rate searched where no refractory period bounds it, Hz."""

GRID_SIZES = {1: 4000, 2: 240}
"""Points per axis of the search grid, by number of unlike populations."""


@dataclass(frozen=True, slots=True, eq=False)
class FixedPoints:
    """Fixed points of nu = phi(nu), from low to high mean rate.

    Attributes
    ----------
    points : tuple of WorkingPoint
        Each with rates, input and static stability.
    index_sum : int
        Sum of sign det(1 - d phi / d nu). It is 1 if none is missing (degree theory: the
        rates stay within a box), apart from missing pairs of opposite sign.
    """

    points: tuple[WorkingPoint, ...]
    index_sum: int

    @property
    def nu(self) -> FloatArray:
        """Rates, Hz, shape (n_points, n_pops)."""
        return np.array([point.nu for point in self.points])

    @property
    def is_stable(self) -> BoolArray:
        """Static stability of each point, see `WorkingPoint.is_stable`."""
        return np.array([point.is_stable for point in self.points], dtype=np.bool_)

    @property
    def is_complete(self) -> bool:
        """Whether the indices sum to 1."""
        return self.index_sum == 1


def all_fixed_points(
    network: PopulationNetwork, *, method: Method | None = None, n_starts: int = 400
) -> FixedPoints:
    """Return all fixed points of the rates of a network.

    Populations with the same neurons and input share one rate. With one or two unlike
    populations the box of possible rates is covered by a grid, and Newton starts in every
    cell where all components of phi(nu) - nu change sign. With more, Newton starts from
    `n_starts` quasi-random points, from relaxed states and from the middle between points.

    Parameters
    ----------
    network : PopulationNetwork
        Populations, connections and drive.
    method : {"shift", "taylor", "nodes"}, optional
        Treatment of colored noise, as in `solve_working_point`. Unlike receptors are searched
        with one effective time constant per population, and Newton goes on from what is found.
    n_starts : int, optional
        Starts with three or more unlike populations.

    Returns
    -------
    FixedPoints
        Sorted by mean rate; ``is_complete`` tells whether the search satisfies the index
        theorem. `solve_working_point` returns the one in whose basin its start lies.

    Warns
    -----
    RegimeWarning
        The indices do not sum to 1, or starts led to states of negative rates, which are left
        out: what is returned is not all.

    Examples
    --------
    >>> from cortex.params.brunel import BrunelParams
    >>> brunel = BrunelParams(g=3.0, nu_ext_ratio=0.8)
    >>> found = all_fixed_points(brunel.network())
    >>> found.nu[:, 0].round(1), found.is_stable
    (array([  0. ,   2.2, 302.1]), array([ True, False,  True]))
    """
    whole("n_starts", n_starts, 1, 10**7)
    equation = equation_of(network, method)
    searched = equation.nearest()
    groups = alike_populations(searched)
    starts = _grid_starts(searched, groups)
    if starts is None:
        starts = _scattered_starts(searched, groups, n_starts)
    silence = np.zeros(network.n_pops)
    reached = [searched.polish(start, 0) for start in (silence, *starts)]
    points = _distinct(reached)
    if searched is not equation:
        points = _distinct([equation.polish(point.nu, 0) for point in points])
    points = _distinct([*points, *_between(equation, points)])
    order = sorted(points, key=lambda point: float(np.mean(point.nu)))
    found = FixedPoints(points=tuple(order), index_sum=sum(_index(p) for p in order))
    below = [p.nu for p in reached if p.converged and not np.all(p.nu > -1e-9)]
    if below or not found.is_complete:
        negative = f"; {len(below)} starts led to negative rates, {below[:1]} Hz" if below else ""
        msg = (
            f"{len(order)} states found, their indices sum to {found.index_sum} instead of 1"
            f"{negative}: states are missing, or none exist because the rates run away or the "
            "first-order theory ('taylor') fails at low noise"
        )
        warn_regime(msg)
    return found


def alike_populations(equation: RateEquation) -> IntArray:
    """Return the group of each population; populations with equal equations share one."""
    rows = np.hstack([equation.drive, equation.neurons, *equation.coupling])
    _, group = np.unique(rows, axis=0, return_inverse=True)
    return np.asarray(group.ravel(), dtype=np.int64)


def _axis(equation: RateEquation, group: int, groups: IntArray, n: int) -> FloatArray:
    """Return rates from 0 to the highest possible one, dense at low rates and at the top."""
    tau_ref = equation.neurons[np.argmax(groups == group), 1]
    top = 1.0 / tau_ref if tau_ref > 0.0 else RATE_BOUND
    low = np.concatenate([[0.0], np.geomspace(1e-6, 0.9, n) * top])
    return np.concatenate([low, (1.0 - np.geomspace(0.1, 1e-4, n // 4)[1:]) * top])


def _grid_starts(equation: RateEquation, groups: IntArray) -> list[FloatArray] | None:
    n_groups = int(groups.max()) + 1
    if n_groups not in GRID_SIZES:
        return None
    axes = [_axis(equation, k, groups, GRID_SIZES[n_groups]) for k in range(n_groups)]
    mesh = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    points = np.ascontiguousarray(mesh.reshape(-1, n_groups)[:, groups])
    flow = loops.flow_at(
        points, equation.drive, equation.coupling, equation.neurons, method_code(equation.method)
    )
    representatives = [int(np.argmax(groups == k)) for k in range(n_groups)]
    # a rate that underflows is a fixed point at zero: count phi(0) - 0 = 0 as upwards
    sign = (flow[:, representatives] >= 0.0).reshape(mesh.shape)
    changes = np.ones([len(axis) - 1 for axis in axes], dtype=bool)
    for k in range(n_groups):
        corners = _corners(sign[..., k])
        changes &= corners.any(axis=0) & ~corners.all(axis=0)
    cells = np.argwhere(changes)
    middles = [0.5 * (axis[1:] + axis[:-1]) for axis in axes]
    reduced = [np.array([m[i] for m, i in zip(middles, cell, strict=True)]) for cell in cells]
    return [nu[groups] for nu in reduced]


def _corners(sign: BoolArray) -> BoolArray:
    """Return the values at all corners of each grid cell, shape (n_corners, ...)."""
    corners = [sign]
    for axis in range(sign.ndim):
        first = [np.take(c, range(c.shape[axis] - 1), axis=axis) for c in corners]
        last = [np.take(c, range(1, c.shape[axis]), axis=axis) for c in corners]
        corners = first + last
    return np.array(corners)


def _scattered_starts(equation: RateEquation, groups: IntArray, n_starts: int) -> list[FloatArray]:
    """Return starts spread log-uniformly over the box, and the states they relax to."""
    n_groups = int(groups.max()) + 1
    tops = np.array([_axis(equation, k, groups, 2)[-1] for k in range(n_groups)])
    exponents = stream(0, "fixed point starts").uniform(-5.0, 0.0, (n_starts, n_groups))
    starts = [(10.0**e * tops)[groups] for e in exponents]
    relaxed = [equation.relax(start, 200)[0] for start in starts[:: max(1, n_starts // 20)]]
    return starts + relaxed


def _between(equation: Equation, points: list[WorkingPoint]) -> list[WorkingPoint]:
    pairs = [(a, b) for i, a in enumerate(points) for b in points[:i]]
    weights = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98)
    return [equation.polish(a.nu + w * (b.nu - a.nu), 0) for a, b in pairs for w in weights]


def _distinct(points: list[WorkingPoint]) -> list[WorkingPoint]:
    kept: list[WorkingPoint] = []
    for point in points:
        close = [np.allclose(point.nu, other.nu, rtol=1e-6, atol=1e-12) for other in kept]
        if point.converged and np.all(point.nu > -1e-9) and not any(close):
            kept.append(point)
    return kept


def _index(point: WorkingPoint) -> int:
    """Return sign det(1 - d phi/d nu); alike populations add zero eigenvalues, no sign."""
    return int(np.sign(np.prod(1.0 - point.slope_eigenvalues).real))
