"""Draws by distance: exactly K sources of each target, or each pair with a kernel's probability."""

from dataclasses import dataclass

import numpy as np

from cortex.connectivity._loops_reach import Bounds, Raster, draw_near
from cortex.connectivity.kernels import Boxcar, Kernel, kernel_values
from cortex.connectivity.pairs import PAIRS_AT_ONCE
from cortex.connectivity.projection import Projection, index_type, row_starts
from cortex.connectivity.rules import draw_key
from cortex.connectivity.space import INCLUSIVE, Space, check_lengths, check_spaces
from cortex.connectivity.transforms import kernel_integral
from cortex.errors import ParameterError
from cortex.params.arrays import whole
from cortex.typing import AnyArray, FloatArray, IntArray

ENTRIES = 2048  # of the table of a kernel, linear in between: 1e-6 of its peak
PER_WIDTH = 20.0  # cells along a radius: finer ones bound weights better but cost memory
PER_CELL = 12.0  # least mean number of neurons in a cell: fewer vary too much


def fixed_in_degree_by_distance(
    source: Space,
    target: Space,
    in_degree: int | IntArray,
    *,
    kernel: Kernel,
    radius: float | None = None,
    rng: np.random.Generator,
    multapses: bool,
    autapses: bool,
    same_population: bool = False,
) -> Projection:
    """Draw exactly `in_degree` sources for each target, with probabilities by distance.

    Parameters
    ----------
    source, target : Lattice or Points
        Where the two populations sit, in one to three dimensions.
    in_degree : int or ndarray of int, shape (n_targets,)
        Connections per target.
    kernel : Kernel
        Not negative, a function of distance alone; its height does not matter.
    radius : float, optional
        Where it is cut, rim included; its reach when not given.
    rng, multapses, autapses, same_population
        As in `fixed_in_degree`.

    Returns
    -------
    Projection
        Sources ascending within each target.

    Raises
    ------
    ParameterError
        Spaces do not fit, a kernel has negative values, the in-degree needs a probability
        above 1, or a target has fewer sources in reach.

    Notes
    -----
    A pair at distance r is joined with the probability p(r) = K k(r) / (density x integral of k).
    Drawing distinct sources one by one in proportion to k would join near ones less often than
    that: source i is among the first K of successive draws with weights w_i with probability
    1 - exp(-s w_i), where s makes the sum K (Rosen 1972, Ann. Math. Stat. 43:373). So
    w = -log(1 - p) is drawn by, for which s = 1. With multapses draws are independent, w = k.
    At the edge of an open sheet all K sources come from inside. Time and memory are linear in the
    number of connections, whatever lies in reach.

    Examples
    --------
    >>> from cortex.connectivity.kernels import Gaussian
    >>> from cortex.connectivity.space import Lattice
    >>> from cortex.rng import stream
    >>> sheet = Lattice.over((1e-3, 1e-3), (20, 20), periodic=True)
    >>> p = fixed_in_degree_by_distance(sheet, sheet, 20, kernel=Gaussian(1e-4), autapses=False,
    ...     rng=stream(1, "doc"), multapses=False, same_population=True)
    >>> p.in_degrees.min(), p.in_degrees.max(), p.n_autapses
    (np.int64(20), np.int64(20), 0)
    """
    radius = kernel.reach if radius is None else radius
    counts = np.broadcast_to(whole("in_degree", in_degree, 0), (target.n,))
    near = _Near.of(
        source, target, kernel, radius,
        None if multapses else float(counts.mean()),
        same_population=same_population, autapses=autapses,
    )  # fmt: skip
    start = row_starts(counts)
    sources = np.empty(int(start[-1]), dtype=index_type(source.n))
    lacking = near.draw(draw_key(rng), start, sources, np.zeros(0, dtype=np.int64), multapses)
    if lacking >= 0:
        msg = (
            f"target {lacking} finds fewer than {counts[lacking]} sources within {radius:g} m; "
            "lower the in-degree, widen the profile or allow multapses"
        )
        raise ParameterError(msg)
    return Projection(
        n_sources=source.n,
        n_targets=target.n,
        start=start,
        sources=sources,
        same_population=same_population,
        rule={
            "name": "fixed_in_degree_by_distance",
            "kernel": repr(kernel),
            "radius": radius,
            "multapses": multapses,
            "autapses": autapses,
        },
    )


def pairwise_by_distance(
    source: Space,
    target: Space,
    in_degree: float,
    *,
    kernel: Kernel,
    radius: float | None = None,
    rng: np.random.Generator,
    autapses: bool,
    same_population: bool = False,
) -> Projection:
    """Join each pair on its own, with a probability by distance that makes a mean in-degree.

    Parameters
    ----------
    source, target, kernel, radius, rng, autapses, same_population
        As in `fixed_in_degree_by_distance`.
    in_degree : float
        Mean connections per target, far from an open edge.

    Returns
    -------
    Projection
        Sources ascending within each target.

    Raises
    ------
    ParameterError
        As in `fixed_in_degree_by_distance`.

    Notes
    -----
    The same law as `kernel_probability` at the cost of the connections, not of the pairs in reach:
    draws with weights w = -log(1 - p), as many as a Poisson number says, meet each pair at least
    once with the probability p, all pairs independently.
    """
    check_lengths("in_degree", (in_degree,))
    radius = kernel.reach if radius is None else radius
    near = _Near.of(
        source, target, kernel, radius, in_degree,
        pairs=True, same_population=same_population, autapses=autapses,
    )  # fmt: skip
    key, counts = draw_key(rng), np.zeros(target.n, dtype=np.int64)
    start = row_starts(rng.poisson(near.total, target.n))
    drawn = np.empty(int(start[-1]), dtype=index_type(source.n))
    near.draw(key, start, drawn, counts, False)
    kept = np.arange(len(drawn)) - np.repeat(start[:-1], np.diff(start)) < np.repeat(
        counts, np.diff(start)
    )
    return Projection(
        n_sources=source.n,
        n_targets=target.n,
        start=row_starts(counts),
        sources=drawn[kept],
        same_population=same_population,
        rule={
            "name": "pairwise_by_distance",
            "kernel": repr(kernel),
            "radius": radius,
            "autapses": autapses,
        },
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Near:
    """What `draw_near` needs of two spaces and a kernel."""

    own: IntArray
    places: tuple[FloatArray, FloatArray, FloatArray]
    raster: Raster
    bounds: Bounds
    law: FloatArray
    step: float

    @classmethod
    def of(
        cls,
        source: Space,
        target: Space,
        kernel: Kernel,
        radius: float,
        in_degree: float | None,
        *,
        pairs: bool = False,
        same_population: bool,
        autapses: bool,
    ) -> "_Near":
        """Return it; refuse spaces, kernels and in-degrees that do not fit."""
        check_spaces(source, target, same_population=same_population)
        check_lengths("radius", (radius,))
        law, step = _law(source, kernel, radius, in_degree, pairs=pairs)
        places, at, period = flat_places(source, target)
        raster = _raster(places, at, source, radius)
        return cls(
            own=np.arange(target.n) if same_population and not autapses else np.full(target.n, -1),
            places=(at, places, period),
            raster=raster,
            bounds=_bounds(raster, law, step, radius, periodic=source.period is not None),
            law=law,
            step=step,
        )

    @property
    def total(self) -> float:
        """Draws after which a pair at weight w has been met w times on average."""
        return float(self.raster[4] * np.sum(self.bounds[1]))

    def draw(
        self, key: AnyArray, start: IntArray, out: AnyArray, found: IntArray, multapses: bool
    ) -> int:
        """Call the compiled loop."""
        return int(
            draw_near(
                key, start, self.own, *self.places, self.raster, self.bounds,
                self.law, self.step, multapses, out, found,
            )
        )  # fmt: skip


def _law(
    source: Space, kernel: Kernel, radius: float, in_degree: float | None, *, pairs: bool
) -> tuple[FloatArray, float]:
    """Return the table of the weight of a draw over distance, and its step, m."""
    step = radius * INCLUSIVE / ENTRIES
    r = np.zeros((ENTRIES + 1, source.dim))
    r[:, 0] = np.minimum(np.arange(ENTRIES + 1) * step, radius)
    values = kernel_values(kernel, r)
    if values.min() < 0.0 or not values.max() > 0.0:
        msg = f"{kernel!r} is {values.min():g} at some distance; a probability is not negative"
        raise ParameterError(msg)
    if in_degree is None or (isinstance(kernel, Boxcar) and not pairs):
        return values, step
    p = in_degree * values / (_density(source) * _integral(source, kernel, radius))
    if p.max() >= 1.0:
        msg = (
            f"in-degree {in_degree:g} of {kernel!r} needs the connection probability {p.max():.3g} "
            "at its peak; lower the in-degree, widen the profile or allow multapses"
        )
        raise ParameterError(msg)
    return -np.log1p(-p), step


def _density(source: Space) -> float:
    """Return neurons per length or area of their space."""
    if source.period is not None:
        return source.n / float(np.prod(source.period))
    return source.spacing**-source.dim


def _integral(source: Space, kernel: Kernel, radius: float) -> float:
    """Return the integral of a kernel over its disc; in a period over the shortest ways only."""
    if source.period is None or 2.0 * radius <= source.period.min():
        return kernel_integral(kernel, source.dim)
    n = int(PAIRS_AT_ONCE ** (1.0 / source.dim) + 1e-6)
    axes = [(np.arange(n) + 0.5) * length / n - 0.5 * length for length in source.period]
    offset = np.stack([axis.ravel() for axis in np.meshgrid(*axes)], axis=1)
    inside = np.sum(offset**2, axis=1) <= radius**2
    return float(np.mean(kernel_values(kernel, offset) * inside) * np.prod(source.period))


def flat_places(source: Space, target: Space) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return both sets of places in three dimensions from zero on, and the period; 0 is none."""
    flat = [np.zeros((space.n, 3)) for space in (source, target)]
    for each, space in zip(flat, (source, target), strict=True):
        each[:, : space.dim] = space.coordinates
    period: FloatArray = np.zeros(3)
    if source.period is not None:
        period[: source.dim] = source.period
        return flat[0], flat[1], period
    origin = np.minimum(flat[0].min(axis=0), flat[1].min(axis=0))
    return flat[0] - origin, flat[1] - origin, period


def _raster(places: FloatArray, at: FloatArray, source: Space, radius: float) -> Raster:
    """Return the sources sorted into cells that cover the places of sources and targets."""
    dim, box = source.dim, np.ones(3)
    far = np.maximum(places.max(axis=0), at.max(axis=0))[:dim]
    box[:dim] = np.maximum(far, radius * 1e-6) if source.period is None else source.period
    side = max(radius / PER_WIDTH, (PER_CELL * float(np.prod(box)) / source.n) ** (1.0 / dim))
    shape = np.ones(3, dtype=np.int64)
    shape[:dim] = np.maximum(box[:dim] / side, 1.0).astype(np.int64)
    sides = box / shape
    cell = np.minimum((places / sides).astype(np.int64), shape - 1)
    number = (cell[:, 2] * shape[1] + cell[:, 1]) * shape[0] + cell[:, 0]
    counts = np.bincount(number, minlength=int(np.prod(shape)))
    return shape, sides, row_starts(counts), np.argsort(number, kind="stable"), int(counts.max())


def _bounds(
    raster: Raster,
    law: FloatArray,
    step: float,
    radius: float,
    *,
    periodic: bool,
) -> Bounds:
    """Return the offsets of cells in reach, bounds of the weights there, and their alias table.

    Where space has no third axis there is one layer of cells.
    """
    shape, sides = raster[0], raster[1]
    reach = np.minimum(np.floor(radius / sides).astype(np.int64) + 1, shape)
    low, high = -reach, reach
    if periodic:  # every cell once
        low, high = np.maximum(low, -((shape - 1) // 2)), np.minimum(high, shape // 2)
    if shape[2] == 1:
        low[2] = high[2] = 0
    axes = [np.arange(a, b + 1) for a, b in zip(low, high, strict=True)]
    offsets = np.stack([axis.ravel() for axis in np.meshgrid(*axes)], axis=1)
    nearest = np.linalg.norm(np.maximum(np.abs(offsets) - 1, 0) * sides, axis=1)
    inside = nearest <= radius * INCLUSIVE
    offsets, nearest = offsets[inside], nearest[inside]
    at_most = np.maximum.accumulate(law[::-1])[::-1]
    entry = np.minimum((nearest / step).astype(np.int64), len(law) - 1)
    bound = at_most[np.maximum(entry - 1, 0)] * INCLUSIVE
    kept = bound > 0.0
    return np.ascontiguousarray(offsets[kept]), bound[kept], *alias_table(bound[kept])


def alias_table(weights: FloatArray) -> tuple[FloatArray, IntArray]:
    """Return shares and aliases to draw entries in proportion to weights (Vose 1991).

    Examples
    --------
    >>> share, alias = alias_table(np.array([1.0, 3.0]))
    >>> share.tolist(), alias.tolist()
    ([0.5, 1.0], [1, 1])
    """
    n = len(weights)
    share = np.asarray(weights * n / np.sum(weights))
    alias: IntArray = np.arange(n)
    small, large = list(np.flatnonzero(share < 1.0)), list(np.flatnonzero(share >= 1.0))
    while small and large:
        less, more = small.pop(), large[-1]
        alias[less] = more
        share[more] -= 1.0 - share[less]
        if share[more] < 1.0:
            small.append(large.pop())
    share[[*small, *large]] = 1.0
    return share, alias
