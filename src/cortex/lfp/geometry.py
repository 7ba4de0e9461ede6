"""Electrodes and current dipoles in three dimensions.

The dipole of a pyramidal cell spans from the soma along the apical dendrite; its centre
lies half a dendrite above the soma. Amplitude profiles are functions of the cylindrical
coordinates of an electrode about that dipole.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from cortex.arguments import guarded
from cortex.errors import ParameterError
from cortex.params.arrays import instance, reals
from cortex.typing import FloatArray

LARGEST_EXTENT = 0.1  # m; anything wider is not cortex but a wrong unit


@guarded
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sources:
    """Current dipoles, one per cell or one per population.

    Build them with `cell_sources` or `population_source`.

    Parameters
    ----------
    centre : ndarray of shape (n_sources, 3)
        Middle of the dipole, m.
    orientation : ndarray of shape (n_sources, 3)
        Unit vectors from the soma to the apical dendrite.
    length : ndarray of shape (n_sources,)
        Length of the dendrite, m.
    soma_radius : float
        Radius around the soma, m, in which no electrode may lie; 0 for populations.
    """

    centre: FloatArray
    orientation: FloatArray
    length: FloatArray
    soma_radius: float = 0.0

    @property
    def soma(self) -> FloatArray:
        """Positions of the somata, half a dendrite below the centres, m."""
        return self.centre - 0.5 * self.length[:, None] * self.orientation


@guarded
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coordinates:
    """Electrodes seen from each dipole.

    Parameters
    ----------
    r : ndarray of shape (n_electrodes, n_sources)
        Distance from the dipole axis, m.
    d : ndarray of shape (n_electrodes, n_sources)
        Position along the axis from the centre, m, positive towards the apical dendrite.
    length : ndarray of shape (n_sources,)
        Length of each dipole, m.
    """

    r: FloatArray
    d: FloatArray
    length: FloatArray


def cell_sources(
    position: ArrayLike,
    *,
    orientation: ArrayLike = (0.0, 0.0, 1.0),
    length: ArrayLike = 250e-6,
    located: Literal["soma", "centre"] = "soma",
    soma_radius: float = 5e-6,
) -> Sources:
    """Return one dipole per cell.

    Parameters
    ----------
    position : array of shape (n_sources, 3)
        Somata or dipole centres, m.
    orientation : array of shape (3,) or (n_sources, 3)
        Direction from the soma to the apical dendrite, dimensionless; any norm but zero.
    length : float or array of shape (n_sources,)
        Length of the apical dendrite of each cell, m.
    located : {"soma", "centre"}
        What `position` means.
    soma_radius : float
        Electrodes closer than this to a soma are refused, m.

    Raises
    ------
    ParameterError
        Wrong shapes, values that are not finite, a zero orientation, coordinates too
        large for metres.

    References
    ----------
    Definition.

    Examples
    --------
    >>> cell_sources([[0.0, 0.0, 0.0]], length=200e-6).centre
    array([[0.    , 0.    , 0.0001]])
    """
    points = checked_points("position", position)
    n = len(points)
    axis = _rows("orientation", orientation, (n, 3))
    norm = np.linalg.norm(axis, axis=1, keepdims=True)
    if np.any(norm == 0.0):
        msg = f"orientation of source {int(np.argmin(norm))} is the zero vector"
        raise ParameterError(msg)
    axis = axis / norm
    lengths = _rows("length", length, (n,))
    if np.any((lengths <= 0.0) | (lengths > 0.01)):
        msg = (
            f"length spans {lengths.min()} to {lengths.max()} m, allowed is (0, 0.01]; is it in µm?"
        )
        raise ParameterError(msg)
    if located not in {"soma", "centre"}:
        msg = f"located = {located!r} is neither 'soma' nor 'centre'"
        raise ParameterError(msg)
    if located == "soma":
        points = points + 0.5 * lengths[:, None] * axis
    return Sources(centre=points, orientation=axis, length=lengths, soma_radius=soma_radius)


def population_source(
    position: ArrayLike,
    *,
    orientation: ArrayLike = (0.0, 0.0, 1.0),
    length: float = 250e-6,
    located: Literal["soma", "centre"] = "soma",
) -> Sources:
    """Return one dipole at the mean position of a population.

    Parameters
    ----------
    position : array of shape (n_cells, 3)
        Somata or dipole centres of the cells, m.
    orientation : array of shape (3,)
        Common direction of the apical dendrites, dimensionless.
    length : float
        Length of the dendrites, m.
    located : {"soma", "centre"}
        What `position` means.

    References
    ----------
    Definition.

    Examples
    --------
    >>> population_source([[0.0, 0.0, 0.0], [2e-4, 0.0, 0.0]], located="centre").centre.tolist()
    [[0.0001, 0.0, 0.0]]
    """
    mean = checked_points("position", position).mean(axis=0, keepdims=True)
    return cell_sources(
        mean, orientation=orientation, length=length, located=located, soma_radius=0.0
    )


def cylindrical(electrodes: ArrayLike, sources: Sources) -> Coordinates:
    """Return the cylindrical coordinates of all electrodes about all dipoles.

    With v from the centre to the electrode and the unit axis o: d = v . o and
    r = |v - d o|. No angle is formed, so points on the axis keep their side.

    Parameters
    ----------
    electrodes : array of shape (n_electrodes, 3)
        Contact positions, m.
    sources : Sources
        The dipoles.

    Raises
    ------
    ParameterError
        Wrong shape or unit, or an electrode inside a soma.

    References
    ----------
    Definition.

    Examples
    --------
    >>> at = cylindrical([[3e-4, 0.0, 4e-4]], cell_sources([[0.0, 0.0, 0.0]], located="centre"))
    >>> at.r.round(7).tolist(), at.d.round(7).tolist()
    ([[0.0003]], [[0.0004]])
    """
    points = checked_points("electrodes", electrodes)
    instance("sources", sources, Sources)
    _refuse_inside_soma(points, sources)
    v = points[:, None, :] - sources.centre[None, :, :]
    d = np.einsum("esk,sk->es", v, sources.orientation)
    r = np.linalg.norm(v - d[:, :, None] * sources.orientation, axis=2)
    return Coordinates(r=r, d=d, length=sources.length)


def checked_points(name: str, points: ArrayLike) -> FloatArray:
    """Return points as an (n, 3) array in m; refuse other shapes, NaN and other units."""
    array = reals(name, points, "m")
    if array.ndim != 2 or array.shape[1] != 3 or len(array) == 0:
        msg = f"{name} has shape {array.shape}, needs (n, 3) with at least one row of x, y, z"
        raise ParameterError(msg)
    if not np.all(np.isfinite(array)):
        msg = f"{name} holds coordinates that are not finite"
        raise ParameterError(msg)
    extent = float(np.ptp(array, axis=0).max()), float(np.abs(array).max())
    if max(extent) > LARGEST_EXTENT:
        msg = (
            f"{name} reaches {max(extent):g} m, at most {LARGEST_EXTENT} m is cortex; is it in µm?"
        )
        raise ParameterError(msg)
    return array


def _rows(name: str, value: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    """Return `value`, one for all sources or one per source, as an array of `shape`."""
    array = reals(name, value)
    if array.shape not in {shape, shape[1:]} or not np.all(np.isfinite(array)):
        msg = f"{name} has shape {array.shape}, needs {shape[1:]} or {shape}, all finite"
        raise ParameterError(msg)
    return np.array(np.broadcast_to(array, shape))


def _refuse_inside_soma(electrodes: FloatArray, sources: Sources) -> None:
    if sources.soma_radius <= 0.0:
        return
    away = np.linalg.norm(electrodes[:, None, :] - sources.soma[None, :, :], axis=2)
    if np.any(away < sources.soma_radius):
        e, s = np.unravel_index(int(np.argmin(away)), away.shape)
        msg = (
            f"electrode {e} lies {away[e, s] * 1e6:.3g} µm from the soma of source {s}, inside "
            f"its radius of {sources.soma_radius * 1e6:g} µm; move it or lower soma_radius"
        )
        raise ParameterError(msg)
