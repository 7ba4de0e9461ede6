"""The networks that are built, audited and drawn: random, on a sheet, on a ring."""

from dataclasses import dataclass
from functools import partial
from math import lcm

import numpy as np

from cortex.connectivity.composition import (
    Populations,
    block,
    excitatory_inhibitory,
    overlay,
    place,
)
from cortex.connectivity.kernels import Gaussian
from cortex.connectivity.pairs import find_pairs, pair_displacements
from cortex.connectivity.peer import braintools_peak_prune
from cortex.connectivity.projection import Projection
from cortex.connectivity.space import Lattice, Points, ring
from cortex.connectivity.spatial import kernel_probability, kernel_weights
from cortex.connectivity.window import fixed_in_degree_within
from cortex.params.connectivity import BoxcarRingParams, RandomNetworkParams, SheetNetworkParams
from cortex.rng import stream
from cortex.typing import FloatArray, IntArray


def populations_of(n_exc: int, n_inh: int) -> Populations:
    """Return the populations "E" and "I", numbered in this order."""
    return Populations({"E": n_exc, "I": n_inh})


def random_network(params: RandomNetworkParams, seed: int) -> Projection:
    """Return the E-I network without space, weights included."""
    return excitatory_inhibitory(
        populations_of(params.n_exc, params.n_inh),
        p={"E": params.p_exc, "I": params.p_inh},
        weight={"E": params.weight_exc, "I": params.weight_inh},
        rng=stream(seed, "connectivity", "random"),
        autapses=params.autapses,
    )


def cell_density(projection: Projection, size: int) -> FloatArray:
    """Return connections over pairs in cells of `size` x `size` neurons, ``[target, source]``."""
    shape = (-(-projection.n_targets // size), -(-projection.n_sources // size))
    code = (projection.targets.astype(np.int64) // size) * shape[1] + projection.sources // size
    counts = np.bincount(code, minlength=shape[0] * shape[1]).reshape(shape)
    rows, columns = (
        np.diff(np.append(np.arange(0, n, size), n))
        for n in (projection.n_targets, projection.n_sources)
    )
    return np.asarray(counts / np.outer(rows, columns))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SheetProjection:
    """The projection of the "E" or "I" neurons of a sheet onto all of them.

    Parameters
    ----------
    source, target : Points
        Places of the sources and of all neurons.
    radius : float
        Reach that was asked for, m.
    weights : Projection
        Gaussian weights onto everybody inside the radius.
    pruned : Projection
        The same as braintools 0.3.0 leaves it, without its autapses.
    drawn : Projection
        Gaussian connection probability instead of Gaussian weights.
    """

    source: Points
    target: Points
    radius: float
    weights: Projection
    pruned: Projection
    drawn: Projection

    @property
    def variants(self) -> dict[str, Projection]:
        """The three projections by name: whole, pruned, drawn."""
        return {"whole": self.weights, "pruned": self.pruned, "drawn": self.drawn}


def sheet_places(params: SheetNetworkParams, seed: int, *, periodic: bool) -> Points:
    """Return places drawn evenly over the sheet, excitatory neurons first."""
    n = params.n_exc + params.n_inh
    places = stream(seed, "connectivity", "places").random((n, 2)) * params.extent
    return Points(coordinates=places, period=np.full(2, params.extent) if periodic else None)


def sheet_projection(
    params: SheetNetworkParams, places: Points, kind: str, seed: int
) -> SheetProjection:
    """Return the projection of the "E" or "I" neurons of a sheet onto all of them.

    The whole population is joined without autapses, then the other sources are left out: a
    neuron is known by its number, not by its place.
    """
    sigma, radius, weight = (
        (params.sigma_exc, params.radius_exc, params.weight_exc)
        if kind == "E"
        else (params.sigma_inh, params.radius_inh, params.weight_inh)
    )
    members = populations_of(params.n_exc, params.n_inh).members(kind)
    prune = braintools_peak_prune(sigma)
    connect = partial(
        kernel_weights,
        places,
        places,
        Gaussian(sigma),
        weight=weight,
        radius=radius,
        autapses=False,
        same_population=True,
    )
    drawn = kernel_probability(
        places,
        places,
        Gaussian(sigma),
        amplitude=params.peak_probability,
        radius=radius,
        rng=stream(seed, "connectivity", "sheet", kind),
        autapses=False,
        same_population=True,
    )
    take = partial(block, sources=members, targets=range(places.n))
    return SheetProjection(
        source=Points(coordinates=places.coordinates[members], period=places.period),
        target=places,
        radius=radius,
        weights=take(connect()),
        pruned=take(connect(prune=prune)),
        drawn=take(drawn),
    )


def sheet_network(params: SheetNetworkParams, places: Points, seed: int) -> Projection:
    """Return all Gaussian weights of a sheet in one projection, excitatory sources first."""
    who = populations_of(params.n_exc, params.n_inh)
    everybody = range(places.n)
    parts = (
        place(
            sheet_projection(params, places, kind, seed).weights,
            sources=who.members(kind),
            targets=everybody,
            n=places.n,
        )
        for kind in who.sizes
    )
    return overlay(*parts)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RingProjection:
    """A projection of the ring network, and what its law is.

    Parameters
    ----------
    source, target : Lattice
        The two rings.
    half_width : float
        Half width of the window, m.
    drawn : Projection
        Fixed in-degree inside the window.
    candidates : Projection
        All pairs the draw could choose from, each with its expected number of synapses
        as weight.
    """

    source: Lattice
    target: Lattice
    half_width: float
    drawn: Projection
    candidates: Projection


def ring_network(params: BoxcarRingParams, seed: int) -> dict[str, RingProjection]:
    """Return the four projections of the ring network, keyed "source-target"."""
    rings = {
        name: ring(n, params.circumference)
        for name, n in (("E", params.n_exc), ("I", params.n_inh))
    }
    return {
        f"{source}-{target}": _ring_projection(params, rings, source, target, seed)
        for source in rings
        for target in rings
    }


def _ring_projection(
    params: BoxcarRingParams, rings: dict[str, Lattice], source: str, target: str, seed: int
) -> RingProjection:
    half_width, in_degree = (
        (params.half_width_exc, params.in_degree_exc)
        if source == "E"
        else (params.half_width_inh, params.in_degree_inh)
    )
    same = source == target
    drawn = fixed_in_degree_within(
        rings[source],
        rings[target],
        in_degree,
        radius=half_width,
        rng=stream(seed, "connectivity", "ring", source, target),
        multapses=params.multapses,
        autapses=False,
        same_population=same,
    )
    near = find_pairs(rings[source], rings[target], half_width, "windows")
    near = near.where(near.sources != near.targets) if same else near
    expected = in_degree / np.repeat(near.in_degrees, near.in_degrees)
    return RingProjection(
        source=rings[source],
        target=rings[target],
        half_width=half_width,
        drawn=drawn,
        candidates=near.with_values(weights=expected),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Moments:
    """Cosine moments of displacements: mean of cos(k x) over connections.

    Parameters
    ----------
    measured, expected : ndarray, shape (n_k,)
        Moment of the drawn connections, and exact moment over all candidates.
    error : ndarray, shape (n_k,)
        Standard error of the measured moment for independent draws.
    """

    measured: FloatArray
    expected: FloatArray
    error: FloatArray


def cosine_moments(projection: RingProjection, k: FloatArray) -> Moments:
    """Return the moments of a ring projection at angular wave numbers `k`, 1/m, shape (n_k,).

    Cells at regular places share their displacements: each distinct one is evaluated once.
    """
    n = projection.drawn.n_connections
    x, count = _distinct_displacements(projection, projection.drawn, np.full(n, 1.0 / n))
    weights = np.asarray(projection.candidates.weights) / n
    place, chance = _distinct_displacements(projection, projection.candidates, weights)
    waves = np.cos(np.outer(k, place))
    expected = waves @ chance
    variance = np.clip(waves**2 @ chance - expected**2, 0.0, None)
    return Moments(
        measured=np.cos(np.outer(k, x)) @ count,
        expected=expected,
        error=np.sqrt(variance / n),
    )


def _distinct_displacements(
    projection: RingProjection, pairs: Projection, weights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the distinct displacements of pairs, m, and the summed weight of each."""
    source, target = projection.source, projection.target
    x = pair_displacements(pairs, source, target)[:, 0]
    # both rings have their neurons on these places
    pitch = source.pitch[0] * source.n / lcm(source.n, target.n)
    place = np.rint(x / pitch).astype(np.int64)
    first = int(place.min())
    used = np.flatnonzero(np.bincount(place - first))
    total = np.asarray(np.bincount(place - first, weights)[used], dtype=np.float64)
    return np.asarray((used + first) * pitch, dtype=np.float64), total


def displacement_edges(params: BoxcarRingParams, n_coarse: int = 8) -> FloatArray:
    """Return bins of `n_coarse` pitches of the sparser population, edges between the places.

    Every bin inside a window then holds equally many candidates of equal sizes of N.
    """
    coarse = params.circumference / min(params.n_exc, params.n_inh)
    fine = params.circumference / max(params.n_exc, params.n_inh)
    width = n_coarse * coarse
    n = int(np.ceil(1.2 * max(params.half_width_exc, params.half_width_inh) / width))
    return np.asarray(width * np.arange(-n - 0.5, n + 1.0) - fine / 2.0)


def displacement_histogram(
    projection: RingProjection, edges: FloatArray
) -> tuple[IntArray, FloatArray]:
    """Return drawn and expected numbers of connections, shape (n_bins,), between `edges`, m."""
    x, candidate = (
        pair_displacements(each, projection.source, projection.target)[:, 0]
        for each in (projection.drawn, projection.candidates)
    )
    found = np.histogram(x, edges)[0]
    expected = np.histogram(candidate, edges, weights=projection.candidates.weights)[0]
    return found, np.asarray(expected, dtype=np.float64)


def expected_profile(
    params: SheetNetworkParams, kind: str, variant: str, edges: FloatArray
) -> FloatArray:
    """Return the connection probability at the middle of each distance bin, by the rule.

    Parameters
    ----------
    params : SheetNetworkParams
        The sheet.
    kind : {"E", "I"}
        Sources.
    variant : {"whole", "pruned", "drawn"}
        As in `SheetProjection`.
    edges : ndarray, shape (n_bins + 1,)
        Edges of the bins, m.
    """
    sigma, radius = (
        (params.sigma_exc, params.radius_exc)
        if kind == "E"
        else (params.sigma_inh, params.radius_inh)
    )
    middle = (edges[1:] + edges[:-1]) / 2.0
    value = Gaussian(sigma)(middle[:, None])
    if variant == "drawn":
        return np.where(middle <= radius, params.peak_probability * value, 0.0)
    prune = braintools_peak_prune(sigma) if variant == "pruned" else 0.0
    return np.where((middle <= radius) & (value > prune), 1.0, 0.0)
