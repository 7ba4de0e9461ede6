"""Where the neurons of a network sit, and how far they reach: rings, sheets, volumes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, Literal, get_args

import numpy as np

from cortex.arguments import guarded
from cortex.errors import ParameterError
from cortex.params.arrays import frozen
from cortex.params.spec import Choice, Quantity
from cortex.params.weight_kernel import ShapedWeights
from cortex.typing import AnyArray, FloatArray

Positions = Literal["grid", "jittered", "random"]

LENGTH: Final = Quantity(unit="mm", low=1e-3, high=100.0, doc="length in space")
SPEED: Final = Quantity(unit="m_per_s", low=1e-3, high=200.0, doc="speed along an axon")
JITTER: Final = Quantity(unit="1", low=0.0, high=1.0, doc="largest displacement over half a pitch")
POSITIONS: Final = Choice(options=get_args(Positions), doc="how neurons are placed")
HEIGHT: Final = Quantity(unit="1", low=0.0, high=1e6, doc="height of a profile; any scale")
SUPPORT: Final = {"boxcar": 1.0, "gaussian": 5.0, "exponential": 12.0}
"""Where a profile ends, in units of its width: beyond lie 4e-6 and 8e-5 of all sources."""
OF_TABLE: Final = 1.0
"""The same of a profile that is a table."""
PER_PAIR: Final = ("profile", "width", "speed")
AT_ONCE: Final = np.inf
"""Speed of a projection whose delays do not grow with distance."""


@guarded
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NetworkSpace:
    """A ring, sheet or volume, where its populations sit, and the reach of their projections.

    Parameters
    ----------
    extent : ndarray of shape (dim,)
        Length of a ring, or the sides of a sheet or volume, m.
    profile : str or array of them
        "boxcar", "gaussian", "exponential" or the name of a table: shape of the connection
        probability over distance. Broadcasts to (n_pops, n_pops), ``[target, source]``: a list is
        one per source.
    width : ndarray
        Half width (radius), standard deviation, decay length or the distance at which a table
        ends, m; broadcasts alike.
    speed : ndarray
        Delays grow by distance over this, m/s; broadcasts alike. Not at all by default.
    periodic : bool
        Whether opposite edges are joined.
    positions : {"grid", "jittered", "random"}
        Every population fills the space with a grid of its own (on a ring neuron i of n sits at
        i/n), moved off it at random, or with random places. Places are those of the network, the
        same for every seed.
    jitter : float
        Largest displacement along each axis of jittered positions, over half the pitch.
    tables : mapping of str to ndarray
        Profiles of one's own: heights at equal steps of distance from zero to the width, linear in
        between, nothing beyond.
    weights : mapping of (target, source) to ShapedWeights
        Pairs of populations, by number, whose weights follow a kernel of the displacement; `J` is
        the mean weight (`cortex.connectivity.weights.shaped`).
    """

    extent: FloatArray
    profile: AnyArray
    width: FloatArray
    speed: FloatArray = field(default_factory=partial(np.full, (), AT_ONCE))
    periodic: bool = True
    positions: Positions = "grid"
    jitter: float = 1.0
    tables: Mapping[str, FloatArray] = field(default_factory=dict)
    weights: Mapping[tuple[int, int], ShapedWeights] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse lengths and speeds that are none, and unknown profiles."""
        object.__setattr__(
            self, "extent", np.atleast_1d(frozen("NetworkSpace.extent", self.extent, LENGTH))
        )
        if self.extent.shape not in {(1,), (2,), (3,)}:
            msg = (
                f"NetworkSpace.extent = {self.extent} m: one length of a ring, two of a sheet, "
                "three of a volume"
            )
            raise ParameterError(msg)
        object.__setattr__(self, "width", frozen("NetworkSpace.width", self.width, LENGTH))
        object.__setattr__(self, "speed", np.asarray(self.speed, dtype=np.float64))
        for speed in np.unique(self.speed[self.speed != np.inf]).tolist():
            SPEED.check("NetworkSpace.speed", speed)
        object.__setattr__(self, "profile", np.asarray(self.profile, dtype=np.str_))
        tables = {name: _table(name, each) for name, each in self.tables.items()}
        object.__setattr__(self, "tables", tables)
        known = Choice(options=(*SUPPORT, *tables), doc="connection probability over distance")
        for profile in np.unique(self.profile).tolist():
            known.check("NetworkSpace.profile", profile)
        POSITIONS.check("NetworkSpace.positions", self.positions)
        JITTER.check("NetworkSpace.jitter", self.jitter)

    def spread(self, n_pops: int) -> "NetworkSpace":
        """Return the space with profiles, widths and speeds of every pair of populations."""
        profile, width, speed = (
            _wide(name, getattr(self, name), (n_pops, n_pops)) for name in PER_PAIR
        )
        return replace(self, profile=profile, width=width, speed=speed)

    def grid_shape(self, name: str, size: int) -> tuple[int, ...]:
        """Return the neurons of a population along each side of the grid that fills the space.

        Raises
        ------
        ParameterError
            So many neurons fill no grid of nearly square cells.
        """
        if self.dim == 1:
            return (size,)
        if self.dim == 3:
            pitch = (float(np.prod(self.extent)) / size) ** (1.0 / 3.0)
            shape = tuple(max(round(side / pitch), 1) for side in self.extent.tolist())
            if np.prod(shape) != size:
                msg = (
                    f"{name}: {size} neurons fill no grid of cubes on {self.extent} m; "
                    f"{np.prod(shape)} ({' x '.join(map(str, shape))}) do; or take random positions"
                )
                raise ParameterError(msg)
            return shape
        ratio = float(self.extent[0] / self.extent[1])
        nx = max(round(np.sqrt(size * ratio)), 1)
        ny = max(round(nx / ratio), 1)
        if nx * ny != size:
            msg = (
                f"{name}: {size} neurons fill no grid of square cells on {self.extent[0]:g} x "
                f"{self.extent[1]:g} m; {nx * ny} ({nx} x {ny}) do; or take random positions"
            )
            raise ParameterError(msg)
        return nx, ny

    def peak_probability(self, pair: tuple[int, int], in_degree: float, n_sources: int) -> float:
        """Return the probability that neurons at one place are joined, K/(density x integral).

        Parameters
        ----------
        pair : tuple of int
            (target, source), of a space with arrays of every pair.
        in_degree : float
            Mean number of synapses per target.
        n_sources : int
            Neurons of the source population.

        Notes
        -----
        Integrals over all space; where a profile outgrows a period the true value is higher.
        """
        name = str(self.profile[pair])
        if name in self.tables:
            integral = _table_integral(self.tables[name], self.dim)
        else:
            integral = {
                "boxcar": (2.0, np.pi, 4.0 * np.pi / 3.0)[self.dim - 1],
                "gaussian": (2.0 * np.pi) ** (0.5 * self.dim),
                "exponential": (2.0, 2.0 * np.pi, 8.0 * np.pi)[self.dim - 1],
            }[name]
        integral *= float(self.width[pair]) ** self.dim
        area = float(np.prod(self.extent))
        return float(in_degree * area / (n_sources * min(integral, area)))

    def reach(self, pair: tuple[int, int]) -> float:
        """Return the distance at which the profile of a pair (target, source) ends, m."""
        ends = SUPPORT.get(str(self.profile[pair]), OF_TABLE)
        return float(self.width[pair]) * ends

    @property
    def dim(self) -> int:
        """Number of dimensions."""
        return len(self.extent)

    @property
    def period(self) -> FloatArray | None:
        """Lengths after which the space repeats, m; None where it is open."""
        return self.extent if self.periodic else None

    @property
    def has_growing_delays(self) -> bool:
        """Whether any delay grows with distance."""
        return bool(np.any(np.isfinite(self.speed)))

    @property
    def is_plain_ring(self) -> bool:
        """Whether it is a ring of evenly placed neurons with boxcar profiles, weights alike."""
        boxcars = bool(np.all(self.profile == "boxcar")) and not self.weights
        return self.dim == 1 and self.periodic and self.positions == "grid" and boxcars


def _table(name: str, heights: AnyArray) -> FloatArray:
    """Return a profile as a table whose peak is 1; refuse what is none."""
    table: FloatArray = frozen(f"NetworkSpace.tables.{name}", heights, HEIGHT)
    if name in SUPPORT or table.ndim != 1 or len(table) < 2 or not table.max() > 0.0:
        msg = (
            f"NetworkSpace.tables.{name} = {table}: a table needs a name other than "
            f"{', '.join(SUPPORT)}, two heights or more, and one above zero"
        )
        raise ParameterError(msg)
    table = table / table.max()
    table.flags.writeable = False
    return table


def _table_integral(table: FloatArray, dim: int) -> float:
    """Return the integral of a table of width 1, by Simpson's rule: exact for its cubics."""
    r = np.linspace(0.0, 1.0, 2 * len(table) - 1)
    value = np.interp(r, r[::2], table) * (2.0, 2.0 * np.pi * r, 4.0 * np.pi * r**2)[dim - 1]
    weights = np.where(np.arange(len(r)) % 2 == 1, 4.0, 2.0)
    weights[[0, -1]] = 1.0
    return float(value @ weights * r[1] / 3.0)


def _wide(name: str, array: AnyArray, shape: tuple[int, int]) -> AnyArray:
    try:
        return np.ascontiguousarray(np.broadcast_to(array, shape))
    except ValueError:
        msg = f"NetworkSpace.{name} has shape {array.shape}, needs {shape}"
        raise ParameterError(msg) from None
