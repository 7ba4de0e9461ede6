"""Kernels: a number for every displacement, as weight or as connection probability.

A kernel is called with displacements (source minus target) of shape (..., dim) and
returns values of shape (...). Widths are in the unit of the places, frequencies in one
over that unit. `reach` is the radius beyond which a projection is cut by default.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from cortex.connectivity.space import INCLUSIVE, check_lengths
from cortex.errors import ParameterError, shown
from cortex.params.spec import Quantity
from cortex.typing import AnyArray, BoolArray, FloatArray, IntArray

ANGLE: Final = Quantity(unit="rad", low=-7.0, high=7.0, doc="angle, a turn at most")


class Kernel(Protocol):
    """What every kernel offers."""

    @property
    def reach(self) -> float:
        """Radius of the support used when none is given."""

    def __call__(self, displacement: FloatArray) -> FloatArray:
        """Return the values at displacements of shape (..., dim)."""


def kernel_values(kernel: Kernel, displacement: FloatArray) -> FloatArray:
    """Return a kernel at displacements of shape (..., dim); refuse what is no value of each.

    Raises
    ------
    ParameterError
        The kernel, which may be the user's own, returns another shape, complex numbers, or
        values that are not finite.
    """
    values: AnyArray = np.asarray(kernel(displacement))
    if values.shape != displacement.shape[:-1] or values.dtype.kind not in "biuf":
        msg = (
            f"{shown(kernel)} returned {values.dtype} of shape {values.shape} for displacements "
            f"of shape {displacement.shape}; it needs one real number of each: "
            f"{displacement.shape[:-1]}"
        )
        raise ParameterError(msg)
    bad = ~np.isfinite(values)
    if np.any(bad):
        msg = (
            f"{shown(kernel)} is {values[bad][0]} at the displacement {displacement[bad][0]}; "
            "a weight must be finite"
        )
        raise ParameterError(msg)
    return np.asarray(values, dtype=np.float64)


def distance(displacement: FloatArray) -> FloatArray:
    """Return the Euclidean length over the last axis, all dimensions counted."""
    return np.asarray(np.sqrt(np.sum(np.square(displacement), axis=-1)))


@dataclass(frozen=True, slots=True)
class Gaussian:
    """exp(-r^2 / (2 sigma^2)), cut at 3 sigma by default."""

    sigma: float

    def __post_init__(self) -> None:
        """Refuse widths that are not positive."""
        check_lengths("Gaussian.sigma", (self.sigma,))

    @classmethod
    def without_factor_two(cls, width: float) -> "Gaussian":
        """Return exp(-r^2 / width^2), the convention of Cano-Colino et al. (2014).

        Examples
        --------
        >>> float(Gaussian.without_factor_two(2.0)(np.array([[2.0]])).round(6)[0])  # exp(-1)
        0.367879
        """
        return cls(width / np.sqrt(2.0))

    @property
    def reach(self) -> float:
        return 3.0 * self.sigma

    def __call__(self, displacement: FloatArray) -> FloatArray:
        square = np.sum(np.square(displacement), axis=-1)
        return np.asarray(np.exp(-square / (2.0 * self.sigma**2)))


@dataclass(frozen=True, slots=True)
class Exponential:
    """exp(-r / length), cut at 5 lengths by default."""

    length: float

    def __post_init__(self) -> None:
        """Refuse lengths that are not positive."""
        check_lengths("Exponential.length", (self.length,))

    @property
    def reach(self) -> float:
        return 5.0 * self.length

    def __call__(self, displacement: FloatArray) -> FloatArray:
        return np.exp(-distance(displacement) / self.length)


@dataclass(frozen=True, slots=True)
class Boxcar:
    """1 inside the radius `half_width`, rim included, 0 outside."""

    half_width: float

    def __post_init__(self) -> None:
        """Refuse widths that are not positive."""
        check_lengths("Boxcar.half_width", (self.half_width,))

    @property
    def reach(self) -> float:
        return self.half_width

    def __call__(self, displacement: FloatArray) -> FloatArray:
        inside = distance(displacement) <= self.half_width * INCLUSIVE
        return inside.astype(np.float64)


@dataclass(frozen=True, slots=True)
class Tabulated:
    """Heights at equal steps of distance from zero to `reach`, linear in between, 0 beyond."""

    heights: tuple[float, ...]
    reach: float

    def __post_init__(self) -> None:
        """Refuse a reach that is not positive, and fewer than two heights."""
        check_lengths("Tabulated.reach", (self.reach,))
        if len(self.heights) < 2 or not np.all(np.isfinite(self.heights)):
            msg = f"Tabulated.heights = {shown(self.heights)} must be two finite numbers or more"
            raise ParameterError(msg)

    @property
    def distances(self) -> FloatArray:
        """Where the heights are."""
        return np.linspace(0.0, self.reach, len(self.heights))

    def __call__(self, displacement: FloatArray) -> FloatArray:
        r = distance(displacement)
        inside = np.interp(r, self.distances, self.heights)
        return np.where(r <= self.reach * INCLUSIVE, inside, 0.0)


@dataclass(frozen=True, slots=True)
class DifferenceOfGaussians:
    """A_c exp(-r^2 / (2 s_c^2)) - A_s exp(-r^2 / (2 s_s^2)), cut at 3 s_s by default."""

    sigma_center: float
    sigma_surround: float
    amplitude_center: float = 1.0
    amplitude_surround: float = 1.0

    def __post_init__(self) -> None:
        """Refuse widths that are not positive."""
        check_lengths("DifferenceOfGaussians.sigma", (self.sigma_center, self.sigma_surround))

    @property
    def reach(self) -> float:
        return 3.0 * self.sigma_surround

    def __call__(self, displacement: FloatArray) -> FloatArray:
        center = Gaussian(self.sigma_center)(displacement)
        surround = Gaussian(self.sigma_surround)(displacement)
        return self.amplitude_center * center - self.amplitude_surround * surround


@dataclass(frozen=True, slots=True)
class MexicanHat:
    """2 exp(-r^2 / (2 s^2)) - exp(-r^2 / (4 s^2)): zero integral over the plane.

    Crosses zero at r = 2 s sqrt(ln 2) = 1.665 s; cut at 4 s by default.
    """

    sigma: float

    def __post_init__(self) -> None:
        """Refuse widths that are not positive."""
        check_lengths("MexicanHat.sigma", (self.sigma,))

    @property
    def reach(self) -> float:
        return 4.0 * self.sigma

    def __call__(self, displacement: FloatArray) -> FloatArray:
        wide = np.sqrt(2.0) * self.sigma
        return DifferenceOfGaussians(self.sigma, wide, 2.0, 1.0)(displacement)


@dataclass(frozen=True, slots=True)
class Gabor:
    """Gaussian envelope times a plane wave on a sheet.

    exp(-(u^2 + aspect^2 v^2) / (2 sigma^2)) cos(2 pi frequency u + phase), with u along the
    wave vector at angle `theta` and v across it, so bars lie at ``theta + pi/2``. An
    aspect below 1 makes the bars longer than the envelope is wide.
    """

    sigma: float
    frequency: float
    theta: float
    phase: float = 0.0
    aspect: float = 1.0

    def __post_init__(self) -> None:
        """Refuse widths, frequencies and aspect ratios that are not positive."""
        check_lengths("Gabor.sigma, frequency, aspect", (self.sigma, self.frequency, self.aspect))
        ANGLE.check("Gabor.theta", self.theta)
        ANGLE.check("Gabor.phase", self.phase)

    @property
    def reach(self) -> float:
        return 3.0 * self.sigma / min(self.aspect, 1.0)

    @property
    def wave_vector(self) -> FloatArray:
        """Cycles per unit length along x and y."""
        return self.frequency * np.array([np.cos(self.theta), np.sin(self.theta)])

    def __call__(self, displacement: FloatArray) -> FloatArray:
        x, y = _plane(displacement, "Gabor")
        u = x * np.cos(self.theta) + y * np.sin(self.theta)
        v = y * np.cos(self.theta) - x * np.sin(self.theta)
        envelope = np.exp(-(u**2 + (self.aspect * v) ** 2) / (2.0 * self.sigma**2))
        return np.asarray(envelope * np.cos(2.0 * np.pi * self.frequency * u + self.phase))


@dataclass(frozen=True, slots=True)
class VonMises:
    """exp(kappa (cos(angle) - 1)) on a ring of angles, rad; no cut."""

    kappa: float

    def __post_init__(self) -> None:
        """Refuse concentrations that are not positive."""
        check_lengths("VonMises.kappa", (self.kappa,))

    @property
    def reach(self) -> float:
        return float(np.pi)

    def __call__(self, displacement: FloatArray) -> FloatArray:
        if displacement.shape[-1] != 1:
            msg = f"VonMises needs angles on a ring, got {displacement.shape[-1]} dimensions"
            raise ParameterError(msg)
        angle = displacement[..., 0]
        for extreme in (angle.min(), angle.max()) if angle.size else ():
            ANGLE.check("VonMises: displacement", float(extreme))
        return np.exp(self.kappa * (np.cos(angle) - 1.0))


@dataclass(frozen=True, slots=True)
class Custom:
    """Any function of displacements of shape (..., dim), with the radius of its support."""

    function: Callable[[FloatArray], FloatArray]
    reach: float

    def __post_init__(self) -> None:
        """Refuse a reach that is not positive, and what does not take the displacements alone."""
        check_lengths("Custom.reach", (self.reach,))
        try:
            inspect.signature(self.function).bind(np.zeros((1, 1)))
        except (TypeError, ValueError):
            msg = (
                f"Custom.function = {shown(self.function)} must take one argument, the "
                "displacements (source minus target) of shape (..., dim)"
            )
            raise ParameterError(msg) from None

    def __call__(self, displacement: FloatArray) -> FloatArray:
        return np.asarray(self.function(displacement))


@dataclass(frozen=True, slots=True)
class Image:
    """A sampled kernel: each displacement takes the value of the nearest sample.

    Parameters
    ----------
    samples : tuple of tuple of float
        Rows along y (first row: most negative), columns along x.
    size : float
        Side of the box along its longer axis. Samples sit on both edges of the box, so
        their pitch is ``size / (n - 1)``; a tie goes to the lower index. The value is
        taken as it stands (correlation, no flip).
    """

    samples: tuple[tuple[float, ...], ...]
    size: float

    def __post_init__(self) -> None:
        """Refuse ragged or empty samples and sizes that are not positive."""
        check_lengths("Image.size", (self.size,))
        if not self.samples or {len(row) for row in self.samples} != {len(self.samples[0])}:
            msg = f"Image.samples must be a full matrix, got rows of {list(map(len, self.samples))}"
            raise ParameterError(msg)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.samples), len(self.samples[0])

    @property
    def box(self) -> tuple[float, float]:
        """Extent along x and y."""
        rows, columns = self.shape
        longest = max(rows, columns)
        return self.size * columns / longest, self.size * rows / longest

    @property
    def reach(self) -> float:
        return float(np.hypot(*self.box)) / 2.0

    def __call__(self, displacement: FloatArray) -> FloatArray:
        x, y = _plane(displacement, "Image")
        rows, columns = self.shape
        (column, in_x), (row, in_y) = (
            _nearest(x, columns, self.box[0]),
            _nearest(y, rows, self.box[1]),
        )
        values = np.asarray(self.samples)[row, column]
        return np.where(in_x & in_y, values, 0.0)

    def covers(self, displacement: FloatArray) -> BoolArray:
        """Tell which displacements, shape (..., 2), lie in the box, edges included."""
        x, y = _plane(displacement, "Image")
        return _nearest(x, 2, self.box[0])[1] & _nearest(y, 2, self.box[1])[1]


def sobel(direction: str, size: float) -> Image:
    """Return the Sobel gradient on a sheet.

    Parameters
    ----------
    direction : {"horizontal", "vertical"}
        Edges it answers to: horizontal ones (gradient along y) or vertical ones (along x).
    size : float
        Side of the box, see `Image`.

    Raises
    ------
    ParameterError
        Another direction, or a size that is not positive.
    """
    horizontal = ((-1.0, -2.0, -1.0), (0.0, 0.0, 0.0), (1.0, 2.0, 1.0))
    if direction not in {"horizontal", "vertical"}:
        msg = f"direction = {direction!r} is neither 'horizontal' nor 'vertical'"
        raise ParameterError(msg)
    return Image(
        horizontal if direction == "horizontal" else tuple(zip(*horizontal, strict=True)), size
    )


def laplacian(size: float) -> Image:
    """Return the 4-connected Laplacian on a sheet, `size` the side of its box, see `Image`.

    Its centre is an autapse: without autapses the sum is 4, not 0.
    """
    return Image(((0.0, 1.0, 0.0), (1.0, -4.0, 1.0), (0.0, 1.0, 0.0)), size)


def _plane(displacement: FloatArray, name: str) -> tuple[FloatArray, FloatArray]:
    if displacement.shape[-1] != 2:
        msg = f"{name} lives on a sheet (2 dimensions), got {displacement.shape[-1]}"
        raise ParameterError(msg)
    return displacement[..., 0], displacement[..., 1]


def _nearest(x: FloatArray, n: int, extent: float) -> tuple[IntArray, BoolArray]:
    """Return the nearest of `n` samples over `extent` and whether x lies inside."""
    place = (x + extent / 2.0) * (n - 1) / extent
    index = np.clip(np.ceil(place - 0.5 * INCLUSIVE), 0, n - 1).astype(np.int64)
    return index, np.abs(x) <= extent / 2.0 * INCLUSIVE
