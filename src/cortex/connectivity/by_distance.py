"""Fixed in-degrees by distance: exactly K sources, each pair joined with a kernel's probability."""

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
from cortex.typing import FloatArray, IntArray

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
        Where the two populations sit, in one or two dimensions.
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
    check_spaces(source, target, same_population=same_population)
    radius = kernel.reach if radius is None else radius
    check_lengths("radius", (radius,))
    if source.dim > 2:
        msg = f"draws by distance need a line, ring or sheet, not {source.dim} dimensions"
        raise ParameterError(msg)
    counts = np.broadcast_to(whole("in_degree", in_degree, 0), (target.n,))
    law, step = _law(source, kernel, radius, None if multapses else float(counts.mean()))
    places, at, period = flat_places(source, target)
    raster = _raster(places, at, source, radius)
    bounds = _bounds(raster, law, step, radius, periodic=source.period is not None)
    own = np.arange(target.n) if same_population and not autapses else np.full(target.n, -1)
    start = row_starts(counts)
    sources = np.empty(int(start[-1]), dtype=index_type(source.n))
    lacking = draw_near(
        draw_key(rng), start, own, at, places, period, raster, bounds,
        law, step, multapses, sources,
    )  # fmt: skip
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


def _law(
    source: Space, kernel: Kernel, radius: float, in_degree: float | None
) -> tuple[FloatArray, float]:
    """Return the table of the weight of a draw over distance, and its step, m."""
    step = radius * INCLUSIVE / ENTRIES
    r = np.zeros((ENTRIES + 1, source.dim))
    r[:, 0] = np.minimum(np.arange(ENTRIES + 1) * step, radius)
    values = kernel_values(kernel, r)
    if values.min() < 0.0 or not values.max() > 0.0:
        msg = f"{kernel!r} is {values.min():g} at some distance; a probability is not negative"
        raise ParameterError(msg)
    if in_degree is None or isinstance(kernel, Boxcar):
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
    n = int(np.sqrt(PAIRS_AT_ONCE) if source.dim == 2 else PAIRS_AT_ONCE)
    axes = [(np.arange(n) + 0.5) * length / n - 0.5 * length for length in source.period]
    offset = np.stack([axis.ravel() for axis in np.meshgrid(*axes)], axis=1)
    inside = np.sum(offset**2, axis=1) <= radius**2
    return float(np.mean(kernel_values(kernel, offset) * inside) * np.prod(source.period))


def flat_places(source: Space, target: Space) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return both sets of places in two dimensions from zero on, and the period; 0 is none."""
    flat = [np.zeros((space.n, 2)) for space in (source, target)]
    for each, space in zip(flat, (source, target), strict=True):
        each[:, : space.dim] = space.coordinates
    period: FloatArray = np.zeros(2)
    if source.period is not None:
        period[: source.dim] = source.period
        return flat[0], flat[1], period
    origin = np.minimum(flat[0].min(axis=0), flat[1].min(axis=0))
    return flat[0] - origin, flat[1] - origin, period


def _raster(places: FloatArray, at: FloatArray, source: Space, radius: float) -> Raster:
    """Return the sources sorted into cells that cover the places of sources and targets."""
    dim, box = source.dim, np.ones(2)
    far = np.maximum(places.max(axis=0), at.max(axis=0))[:dim]
    box[:dim] = np.maximum(far, radius * 1e-6) if source.period is None else source.period
    side = max(radius / PER_WIDTH, (PER_CELL * float(np.prod(box)) / source.n) ** (1.0 / dim))
    shape = np.ones(2, dtype=np.int64)
    shape[:dim] = np.maximum(box[:dim] / side, 1.0).astype(np.int64)
    sides = box / shape
    cell = np.minimum((places / sides).astype(np.int64), shape - 1)
    number = cell[:, 1] * shape[0] + cell[:, 0]
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
    """Return the offsets of cells in reach, bounds of the weights there, and their alias table."""
    shape, sides = raster[0], raster[1]
    reach = np.minimum(np.floor(radius / sides).astype(np.int64) + 1, shape)
    low, high = -reach, reach
    if periodic:  # every cell once
        low, high = np.maximum(low, -((shape - 1) // 2)), np.minimum(high, shape // 2)
    axes = [np.arange(a, b + 1) for a, b in zip(low, high, strict=True)]
    offsets = np.stack([axis.ravel() for axis in np.meshgrid(*axes)], axis=1)
    nearest = np.linalg.norm(np.maximum(np.abs(offsets) - 1, 0) * sides, axis=1)
    inside = nearest <= radius * INCLUSIVE
    offsets, nearest = offsets[inside], nearest[inside]
    at_most = np.maximum.accumulate(law[::-1])[::-1]
    entry = np.minimum((nearest / step).astype(np.int64), len(law) - 1)
    bound = at_most[np.maximum(entry - 1, 0)] * INCLUSIVE
    kept = bound > 0.0
    dx, dy = np.ascontiguousarray(offsets[kept].T)
    return dx, dy, bound[kept], *alias_table(bound[kept])


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
