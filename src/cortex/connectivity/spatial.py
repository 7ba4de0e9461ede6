"""Kernels in space: as weights, as probabilities, as a stencil, as a dense ring; delays."""

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from cortex.connectivity._loops_draw import thin_rows
from cortex.connectivity.kernels import Custom, Image, Kernel, distance, kernel_values
from cortex.connectivity.normalization import Normalize, kernel_scale, warn_above_nyquist
from cortex.connectivity.pairs import find_pairs, is_one_lattice, pair_displacements
from cortex.connectivity.projection import Projection
from cortex.connectivity.rules import draw_key
from cortex.connectivity.space import (
    INCLUSIVE,
    Lattice,
    Space,
    check_lengths,
    check_spaces,
    displacements,
    extent,
    ring,
)
from cortex.connectivity.stencil import Stencil, offsets_within
from cortex.errors import ParameterError, shown
from cortex.params.arrays import argument
from cortex.params.reading import is_number
from cortex.params.synapses import DELAY
from cortex.typing import BoolArray, FloatArray

Algorithm = Literal["auto", "stencil", "windows", "tree", "all pairs"]


def kernel_weights(
    source: Space,
    target: Space,
    kernel: Kernel,
    *,
    weight: float = 1.0,
    autapses: bool,
    same_population: bool = False,
    radius: float | None = None,
    prune: float | None = None,
    normalize: Normalize = "none",
    algorithm: Algorithm = "auto",
    weight_type: type[np.floating] = np.float64,
) -> Projection:
    """Connect every pair within a radius with the weight that a kernel gives it.

    Parameters
    ----------
    source, target : Lattice or Points
        Where the two populations sit.
    kernel : Kernel
        Value for each displacement, source minus target.
    weight : float
        Factor on the kernel, unit of the model.
    autapses : bool
        Whether a neuron connects to itself; matters for one population only.
    same_population : bool
        Whether source and target are the same neurons, which then sit at the same places.
        Never guessed from places.
    radius : float, optional
        Support, rim included; the reach of the kernel when not given.
    prune : float, optional
        Drop pairs whose normalised kernel value is not larger than this in size. Nothing
        is dropped when not given.
    normalize : {"none", "peak", "integral", "incoming sum"}
        "peak": largest value in size over the support is 1, sought on a grid of 401 places
        per axis (101 in three dimensions). "integral": the kernel
        integrates to 1 over all space, so `weight` is a weight times m^dim. "incoming
        sum": the weights into each target add up to `weight`, also at an edge.
    algorithm : {"auto", "stencil", "windows", "tree", "all pairs"}
        How pairs are found; the result does not depend on it.
    weight_type : type
        numpy.float64 or numpy.float32.

    Returns
    -------
    Projection
        Weights included, sources ascending within each target.

    Raises
    ------
    ParameterError
        Spaces do not match, the normalisation is undefined, or nothing is connected.

    Warns
    -----
    RegimeWarning
        A Gabor carrier lies above the Nyquist frequency of the spacing.

    Examples
    --------
    >>> from cortex.connectivity.kernels import Gaussian
    >>> line = Lattice(shape=(4,), pitch=(1.0,), periodic=False)
    >>> kernel_weights(line, line, Gaussian(1.0), radius=1.0, autapses=True).in_degrees.tolist()
    [2, 3, 3, 2]
    """
    check_spaces(source, target, same_population=same_population)
    radius = _reach(kernel, source, target) if radius is None else radius
    check_lengths("radius", (radius,))
    weight = _factor("weight", weight)
    warn_above_nyquist(kernel, source)
    by_sum = normalize == "incoming sum"
    support = _Support(
        kernel=kernel,
        radius=radius,
        scale=kernel_scale(kernel, source, radius, normalize),
        prune=prune,
        factor=1.0 if by_sum else weight,
        has_autapses=autapses or not same_population,
        weight_type=weight_type,
    )
    if algorithm == "stencil" or (algorithm == "auto" and is_one_lattice(source, target)):
        projection = _by_stencil(source, target, support)
    else:
        projection = _by_pairs(source, target, support, algorithm)
    if by_sum:
        projection = _normalized_by_sum(projection, weight)
    rule = {"name": "kernel", "kernel": repr(kernel), "radius": radius, "prune": prune}
    switches = {"normalize": normalize, "weight": weight, "autapses": autapses}
    return replace(projection, same_population=same_population, rule={**rule, **switches})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Support:
    """Which pairs are kept with which weight: the arguments of `kernel_weights`, settled."""

    kernel: Kernel
    radius: float
    scale: float
    prune: float | None
    factor: float
    has_autapses: bool
    weight_type: type[np.floating]

    def kept(self, values: FloatArray, is_own: BoolArray) -> BoolArray:
        """Mark values above the prune, without autapses unless they are wanted."""
        keep = np.ones(values.shape, dtype=np.bool_)
        if self.prune is not None:
            keep &= np.abs(values) > self.prune
        return keep if self.has_autapses else keep & ~is_own

    def refuse_empty(self, n: int) -> None:
        """Refuse a projection without connections."""
        if n == 0:
            msg = (
                f"{self.kernel!r} connects nothing inside radius {self.radius} with prune "
                f"{self.prune}; is the radius below the spacing, the prune above the peak, or a "
                "unit wrong?"
            )
            raise ParameterError(msg)


def _by_stencil(source: Space, target: Space, support: _Support) -> Projection:
    """Evaluate the kernel once per offset and walk the stencil over the lattice."""
    stencil = kernel_stencil(source, target, support.kernel, radius=support.radius)
    values = stencil.values * support.scale
    keep = support.kept(values, np.all(stencil.offsets == 0, axis=1))
    support.refuse_empty(int(np.count_nonzero(keep)))
    stencil = stencil.with_values(values * support.factor).where(keep)
    return stencil.projection(weight_type=support.weight_type)


def _by_pairs(source: Space, target: Space, support: _Support, algorithm: Algorithm) -> Projection:
    """Find the pairs in reach and evaluate the kernel at each displacement."""
    pairs = find_pairs(source, target, support.radius, algorithm)
    offset = pair_displacements(pairs, source, target)
    values = kernel_values(support.kernel, offset) * support.scale
    keep = support.kept(values, pairs.sources == pairs.targets) & _covered(support.kernel, offset)
    support.refuse_empty(int(np.count_nonzero(keep)))
    weights = (values * support.factor).astype(support.weight_type)
    return pairs.with_values(weights=weights).where(keep)


def kernel_probability(
    source: Space,
    target: Space,
    kernel: Kernel,
    *,
    rng: np.random.Generator,
    amplitude: float = 1.0,
    autapses: bool,
    same_population: bool = False,
    radius: float | None = None,
    algorithm: Algorithm = "auto",
) -> Projection:
    """Connect each pair with the probability ``amplitude * kernel``, zero beyond the radius.

    Parameters
    ----------
    source, target, kernel, autapses, same_population, radius, algorithm
        As in `kernel_weights`.
    rng : numpy.random.Generator
        Stream of this projection; one key is taken from it.
    amplitude : float
        Factor on the kernel.

    Returns
    -------
    Projection
        Without weights, sources ascending within each target.

    Raises
    ------
    ParameterError
        A probability lies outside [0, 1], or as in `kernel_weights`.
    """
    candidates = kernel_weights(
        source,
        target,
        kernel,
        weight=amplitude,
        autapses=autapses,
        same_population=same_population,
        radius=radius,
        algorithm=algorithm,
    )
    probability = np.asarray(candidates.weights)
    if probability.min() < 0.0 or probability.max() > 1.0:
        msg = (
            f"probabilities range from {probability.min():.3g} to {probability.max():.3g}; they "
            "must lie in [0, 1]: lower the amplitude or choose a kernel without negative values"
        )
        raise ParameterError(msg)
    keep = np.empty(candidates.n_connections, dtype=np.bool_)
    thin_rows(draw_key(rng), 0, candidates.start, probability, keep)
    rule = {**candidates.rule, "name": "kernel probability"}
    return replace(candidates.where(keep), weights=None, rule=rule)


def kernel_stencil(
    source: Space, target: Space, kernel: Kernel, *, radius: float | None = None
) -> Stencil:
    """Return the kernel on the offsets of a lattice, all that lie within the radius.

    Parameters
    ----------
    source, target : Lattice
        The same lattice twice.
    kernel : Kernel
        Value for each displacement, source minus target.
    radius : float, optional
        Support, rim included; the reach of the kernel when not given.

    Raises
    ------
    ParameterError
        The two are not one lattice.
    """
    if not isinstance(source, Lattice) or source != target:
        msg = "the stencil algorithm needs sources and targets on one and the same lattice"
        raise ParameterError(msg)
    radius = _reach(kernel, source, target) if radius is None else radius
    offsets = offsets_within(source, radius)
    offset = np.multiply(offsets, source.pitch)
    inside = (distance(offset) <= radius * INCLUSIVE) & _covered(kernel, offset)
    values = kernel_values(kernel, offset[inside])
    return Stencil(lattice=source, offsets=offsets[inside], values=values)


def ring_weights(
    n_sources: int,
    n_targets: int,
    kernel: Kernel,
    *,
    amplitude: float,
    autapses: bool,
    same_population: bool = False,
    circumference: float = 2.0 * np.pi,
) -> FloatArray:
    """Return dense weights ``W[target, source]`` between two rings of any sizes.

    Parameters
    ----------
    n_sources, n_targets : int
        Neurons, evenly spaced from 0 on each ring.
    kernel : Kernel
        Value of the wrapped displacement, which is at most half the circumference.
    amplitude : float
        Factor on the kernel, unit of the model.
    autapses, same_population
        As in `kernel_weights`.
    circumference : float
        Length of the ring; 2 pi for angles in rad.

    Returns
    -------
    ndarray, shape (n_targets, n_sources)
        A circulant matrix when the sizes are equal.

    Raises
    ------
    ParameterError
        One population is given two sizes.

    References
    ----------
    Definition.

    Examples
    --------
    >>> from cortex.connectivity.kernels import VonMises
    >>> ring_weights(4, 2, VonMises(1.0), amplitude=1.0, autapses=True).round(3)
    array([[1.   , 0.368, 0.135, 0.368],
           [0.135, 0.368, 1.   , 0.368]])
    """
    source, target = ring(n_sources, circumference), ring(n_targets, circumference)
    check_spaces(source, target, same_population=same_population)
    _reach(kernel, source, target)
    places = source.coordinates[None, :, :], target.coordinates[:, None, :]
    offset = displacements(*places, source.period)
    weights = _factor("amplitude", amplitude) * kernel_values(kernel, offset)
    if same_population and not autapses:
        np.fill_diagonal(weights, 0.0)
    return weights


def distance_delays(
    projection: Projection, source: Space, target: Space, *, offset: float, speed: float
) -> Projection:
    """Return the projection with delays that grow with the distance r: offset + r / speed.

    Parameters
    ----------
    projection : Projection
        The connections.
    source, target : Lattice or Points
        Where the two populations sit, m.
    offset : float
        Delay at distance zero, s.
    speed : float
        Speed along the axon, m/s.

    Raises
    ------
    ParameterError
        Delays beyond [0, 0.5] s, a speed that is not positive, spaces that do not fit.
    """
    check_lengths("speed", (speed,))
    DELAY.check("offset", offset)
    r = distance(pair_displacements(projection, source, target))
    return projection.with_values(delays=argument("delay", offset + r / speed, DELAY))


MOST_REACH: Final = 4.0
"""Reach of a kernel over the largest distance in its space, beyond which units differ."""


def _reach(kernel: Kernel, source: Space, target: Space) -> float:
    """Return the radius of the support; refuse one far beyond the space, as a wrong unit gives.

    The reach of a `Custom` kernel was stated by hand and counts as meant.
    """
    size, reach = max(extent(source), extent(target)), kernel.reach
    if reach > MOST_REACH * size > 0.0 and not isinstance(kernel, Custom):
        msg = (
            f"{shown(kernel)} reaches {reach:g}, but no two neurons lie further apart than "
            f"{size:g}: it joins all alike. Is it in another unit than the places (µm, mm and m, "
            "or degrees and rad)? Give a radius if this is meant, or use all_to_all"
        )
        raise ParameterError(msg)
    return reach


def _factor(name: str, value: float) -> float:
    """Return a factor on a kernel; refuse what is no finite number."""
    if not is_number(value) or not np.isfinite(value):
        msg = f"{name} = {shown(value)} must be a finite number, in the unit of the model"
        raise ParameterError(msg)
    return float(value)


def _covered(kernel: Kernel, displacement: FloatArray) -> BoolArray:
    """Tell which displacements belong to a support that is not a disc."""
    if isinstance(kernel, Image):
        return kernel.covers(displacement)
    return np.ones(displacement.shape[:-1], dtype=np.bool_)


def _normalized_by_sum(projection: Projection, weight: float) -> Projection:
    """Scale the weights into each target so that they add up to `weight`."""
    weights = np.asarray(projection.weights)
    targets = projection.targets
    total = projection.incoming_sum()
    size = np.bincount(targets, weights=np.abs(weights), minlength=projection.n_targets)
    bad = (np.abs(total) <= 1e-9 * size) & (projection.in_degrees > 0)
    if np.any(bad):
        msg = (
            f"the incoming sum of target {np.argmax(bad)} is zero; a kernel that balances itself "
            "cannot be normalised by it"
        )
        raise ParameterError(msg)
    factor = np.divide(weight, total, out=np.zeros_like(total), where=total != 0.0)
    return projection.with_values(weights=(weights * factor[targets]).astype(weights.dtype))
