"""Fixed in-degrees inside a window: exactly K sources, evenly among those in reach."""

import numpy as np

from cortex.connectivity.pairs import find_pairs, line_windows
from cortex.connectivity.projection import Projection, row_starts
from cortex.connectivity.rules import draw_from_windows
from cortex.connectivity.space import Lattice, Space, check_lengths, check_spaces


def fixed_in_degree_within(
    source: Space,
    target: Space,
    in_degree: int,
    *,
    radius: float,
    rng: np.random.Generator,
    multapses: bool,
    autapses: bool,
    same_population: bool = False,
) -> Projection:
    """Draw exactly `in_degree` sources for each target, evenly among those in a window.

    Parameters
    ----------
    source, target : Lattice or Points
        Where the two populations sit; on a line or ring the window is integer arithmetic.
    in_degree : int
        Connections per target.
    radius : float
        Half width of the window, rim included.
    rng, multapses, autapses, same_population
        As in `fixed_in_degree`.

    Raises
    ------
    ParameterError
        Spaces or radius do not fit, or a window holds fewer sources than are wanted.

    Notes
    -----
    The rule of the ring network of Senk et al. (2020) (boxcar profile).
    """
    check_lengths("radius", (radius,))
    check_spaces(source, target, same_population=same_population)
    counts = np.full(target.n, in_degree, dtype=np.int64)
    excludes = same_population and not autapses
    own = np.arange(target.n)
    if isinstance(source, Lattice) and source.dim == 1:
        windows = np.column_stack([line_windows(source, target, radius), np.full(target.n, -1)])
        if excludes:
            windows[:, 2] = (own - windows[:, 0]) % source.n
        sources = draw_from_windows(windows, counts, source.n, rng=rng, multapses=multapses)
    else:
        near = find_pairs(source, target, radius, "tree")
        near = near.where(near.sources != near.targets) if excludes else near
        windows = np.zeros((target.n, 3), dtype=np.int64)
        windows[:, 1], windows[:, 2] = near.in_degrees, -1
        widest = int(near.in_degrees.max())
        place = draw_from_windows(windows, counts, widest, rng=rng, multapses=multapses)
        sources = near.sources[np.repeat(near.start[:-1], counts) + place]
    return Projection(
        n_sources=source.n,
        n_targets=target.n,
        start=row_starts(counts),
        sources=sources,
        same_population=same_population,
        rule={
            "name": "fixed_in_degree_within",
            "radius": radius,
            "multapses": multapses,
            "autapses": autapses,
        },
    )
