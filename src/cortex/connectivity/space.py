"""Where neurons sit: lattices, rings, tori and free positions.

A displacement is always *source minus target*; in a periodic space it is the shortest
one (minimum image). Lengths are in m on sheets and lines, in rad on a ring of angles.
"""

from dataclasses import dataclass, field
from math import prod
from numbers import Integral
from typing import Self

import numpy as np

from cortex.arguments import guarded
from cortex.errors import ParameterError
from cortex.params.arrays import finite, whole
from cortex.params.reading import is_number
from cortex.typing import FloatArray

INCLUSIVE = 1.0 + 1e-9
"""Factor on a radius: a pair within one part in 1e9 of it counts as on it, in any unit."""


@guarded
@dataclass(frozen=True, slots=True, kw_only=True)
class Lattice:
    """Neurons on a regular lattice of one or two dimensions, x running fastest.

    Parameters
    ----------
    shape : tuple of int
        Neurons along x, or along x and y.
    pitch : tuple of float
        Distance of neighbours along each axis.
    periodic : bool
        Whether the lattice closes on itself: a ring or a torus.

    Examples
    --------
    >>> Lattice(shape=(3, 2), pitch=(1.0, 2.0), periodic=False).coordinates[4].tolist()
    [1.0, 2.0]
    """

    shape: tuple[int, ...]
    pitch: tuple[float, ...]
    periodic: bool

    def __post_init__(self) -> None:
        """Refuse empty lattices and pitches that are not positive numbers."""
        if len(self.shape) not in {1, 2} or len(self.pitch) != len(self.shape):
            msg = f"Lattice: shape {self.shape} and pitch {self.pitch} need 1 or 2 entries each"
            raise ParameterError(msg)
        if not all(isinstance(n, Integral) and n > 0 for n in self.shape):
            msg = f"Lattice.shape = {self.shape} must hold positive whole numbers of neurons"
            raise ParameterError(msg)
        check_lengths("Lattice.pitch", self.pitch)

    @classmethod
    def over(cls, extent: tuple[float, ...], shape: tuple[int, ...], *, periodic: bool) -> Self:
        """Return the lattice that fills `extent`: open ones reach both edges.

        Examples
        --------
        >>> Lattice.over((1.0,), (5,), periodic=False).pitch
        (0.25,)
        >>> Lattice.over((1.0,), (5,), periodic=True).pitch
        (0.2,)
        """
        gaps = [n if periodic else max(n - 1, 1) for n in shape]
        pitch = tuple(length / n for length, n in zip(extent, gaps, strict=True))
        return cls(shape=shape, pitch=pitch, periodic=periodic)

    @property
    def n(self) -> int:
        """Number of neurons."""
        return prod(self.shape)

    @property
    def dim(self) -> int:
        """Number of dimensions."""
        return len(self.shape)

    @property
    def period(self) -> FloatArray | None:
        """Length after which the lattice repeats, shape (dim,); None when open."""
        return np.multiply(self.shape, self.pitch) if self.periodic else None

    @property
    def coordinates(self) -> FloatArray:
        """Places of the neurons, shape (n, dim)."""
        axes = [np.arange(n) * pitch for n, pitch in zip(self.shape, self.pitch, strict=True)]
        grids = np.meshgrid(*axes, indexing="xy")
        return np.stack([grid.ravel() for grid in grids], axis=1)

    @property
    def spacing(self) -> float:
        """Largest distance of neighbours along an axis."""
        return max(self.pitch)


@guarded
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Points:
    """Neurons at arbitrary places.

    Parameters
    ----------
    coordinates : ndarray, shape (n, dim)
        Places in 1, 2 or 3 dimensions, all of which count.
    period : ndarray, shape (dim,), optional
        Lengths after which space repeats; places must then lie in [0, period).
    """

    coordinates: FloatArray
    period: FloatArray | None = None
    dim: int = field(init=False)

    def __post_init__(self) -> None:
        """Refuse wrong shapes, places that are not finite or lie outside the period."""
        places = np.array(self.coordinates, dtype=np.float64)
        if places.ndim != 2 or places.shape[1] not in {1, 2, 3} or len(places) < 1:
            msg = f"Points.coordinates has shape {places.shape}, needs (n, 1), (n, 2) or (n, 3)"
            raise ParameterError(msg)
        bad = ~np.all(np.isfinite(places), axis=1)
        if np.any(bad):
            msg = f"Points.coordinates of neuron {np.argmax(bad)} is {places[np.argmax(bad)]}"
            raise ParameterError(msg)
        if self.period is not None:
            period = np.asarray(self.period, dtype=np.float64)
            check_lengths("Points.period", tuple(period))
            if period.shape != places.shape[1:] or np.any((places < 0.0) | (places >= period)):
                msg = f"Points: places must lie in [0, period), period {period}, one per dimension"
                raise ParameterError(msg)
            object.__setattr__(self, "period", period)
        places.flags.writeable = False
        object.__setattr__(self, "coordinates", places)
        object.__setattr__(self, "dim", places.shape[1])

    @property
    def n(self) -> int:
        """Number of neurons."""
        return len(self.coordinates)

    @property
    def spacing(self) -> float:
        """Distance of neighbours if the neurons filled their box evenly."""
        box = np.ptp(self.coordinates, axis=0) if self.period is None else self.period
        filled = box[box > 0.0]
        return float(np.prod(filled) / self.n) ** (1.0 / len(filled)) if len(filled) else 0.0


Space = Lattice | Points


def ring(n: int, circumference: float) -> Lattice:
    """Return `n` neurons evenly spaced on a ring (m, or rad with circumference 2 pi)."""
    n = int(whole("n", n, 1))
    around = float(finite("circumference", circumference, 0))
    return Lattice(shape=(n,), pitch=(around / n,), periodic=True)


def displacements(source: FloatArray, target: FloatArray, period: FloatArray | None) -> FloatArray:
    """Return source minus target, the shortest way round where space is periodic.

    Parameters
    ----------
    source, target : ndarray, shape (..., dim)
        Places that broadcast against each other.
    period : ndarray, shape (dim,), optional
        Lengths after which space repeats.

    Returns
    -------
    ndarray, shape (..., dim)
        In (-period/2, period/2]: of the two ways to the far side of a ring, both equally
        short, the positive one is taken.

    Examples
    --------
    >>> displacements(np.array([0.9, 0.0]), np.array([0.1, 0.5]), np.array([1.0])).round(3)
    array([-0.2,  0.5])
    """
    difference: FloatArray = np.subtract(source, target)
    if period is None:
        return difference
    return difference - period * np.ceil(difference / period - 0.5 * INCLUSIVE)


def extent(space: Space) -> float:
    """Return the largest distance that two places of a space can have."""
    period = space.period
    if period is not None:
        return float(np.linalg.norm(period)) / 2.0
    if isinstance(space, Lattice):
        return float(np.linalg.norm(np.multiply(np.subtract(space.shape, 1), space.pitch)))
    return float(np.linalg.norm(np.ptp(space.coordinates, axis=0)))


def check_spaces(source: Space, target: Space, *, same_population: bool) -> None:
    """Refuse two spaces that cannot be joined, and one population at two sets of places.

    Raises
    ------
    ParameterError
        Dimension or period differ; for one population, also number or places of neurons.
    """
    check_same_space(source, target)
    if not same_population or source is target or source == target:
        return
    if not np.array_equal(source.coordinates, target.coordinates):
        msg = (
            f"one population sits at one set of places, but the {source.n} sources and "
            f"{target.n} targets sit at different ones; give it the same space twice, or "
            "same_population=False"
        )
        raise ParameterError(msg)


def check_same_space(source: Space, target: Space) -> None:
    """Refuse two spaces of different dimension or period."""
    a, b = source.period, target.period
    if source.dim != target.dim or (a is None) != (b is None):
        msg = (
            f"source space (dimension {source.dim}, period {a}) and target space (dimension "
            f"{target.dim}, period {b}) do not match"
        )
        raise ParameterError(msg)
    if a is not None and b is not None and not np.allclose(a, b, rtol=1e-12, atol=0.0):
        msg = f"source space repeats after {a}, target space after {b}"
        raise ParameterError(msg)


def check_lengths(name: str, values: tuple[float, ...]) -> None:
    """Refuse lengths that are not positive and finite."""
    if not all(is_number(value) and np.isfinite(value) and value > 0.0 for value in values):
        msg = f"{name} = {values} must be positive and finite"
        raise ParameterError(msg)
