"""Fourier transforms of kernels: the bridge from wiring to the stability of its activity.

The transform of a kernel f in d dimensions is  F(k) = int f(x) exp(-i k.x) d^d x  with the
angular wave number k (rad/m). Kernels are taken whole, not cut at their reach.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from scipy.special import ive, j0, j1, spherical_jn

from cortex.connectivity.kernels import (
    Boxcar,
    DifferenceOfGaussians,
    Exponential,
    Gabor,
    Gaussian,
    Kernel,
    MexicanHat,
    Tabulated,
    VonMises,
    distance,
    kernel_values,
)
from cortex.errors import ParameterError
from cortex.params.space import NetworkSpace
from cortex.typing import ComplexArray, FloatArray

PROFILES: Final[dict[str, Callable[[float], Kernel]]] = {
    "boxcar": Boxcar,
    "gaussian": Gaussian,
    "exponential": Exponential,
}


def profile_transform(
    profile: str, width: float, dim: int = 1
) -> Callable[[FloatArray], FloatArray]:
    """Return the transform of a connection profile, 1 at k = 0.

    Parameters
    ----------
    profile : {"boxcar", "gaussian", "exponential"}
        Shape of the connection probability over distance.
    width : float
        Half width w, standard deviation sigma or decay length l, m.
    dim : int
        1 on a line or ring, 2 on a sheet.

    Returns
    -------
    function of the angular wave number k, 1/m (any shape)
        On a ring: boxcar  sin(k w) / (k w);  Gaussian  exp(-k^2 sigma^2 / 2);
        exponential  1 / (1 + k^2 l^2). On a sheet: disc  2 J_1(k w) / (k w);  Gaussian the
        same;  exponential  (1 + k^2 l^2)^(-3/2).

    Notes
    -----
    Exact at the wave numbers k = 2 pi n / L of a ring for a boxcar with w <= L/2, and for
    the other profiles summed over all turns of the ring. Senk et al. (2020), Phys. Rev.
    Research 2:023174.

    Examples
    --------
    >>> float(round(profile_transform("boxcar", 0.2e-3)(np.array(5e3)).item(), 7))
    0.841471
    """
    if profile not in PROFILES:
        msg = f"profile = {profile!r} is none of {', '.join(PROFILES)}"
        raise ParameterError(msg)
    return unit_transform(PROFILES[profile](width), dim)


def profile_kernel(space: NetworkSpace, pair: tuple[int, int]) -> Kernel:
    """Return the kernel by which a pair (target, source) of populations is joined in space."""
    name, width = str(space.profile[pair]), float(space.width[pair])
    if name in space.tables:
        return Tabulated(tuple(space.tables[name].tolist()), width)
    return PROFILES[name](width)


def unit_transform(kernel: Kernel, dim: int) -> Callable[[FloatArray], FloatArray]:
    """Return the transform over wave numbers of a kernel of distance, 1 at k = 0."""
    area = kernel_integral(kernel, dim)

    def transform(k: FloatArray) -> FloatArray:
        vector = np.zeros((*np.shape(k), dim))
        vector[..., 0] = k
        return kernel_transform(kernel, vector).real / area

    return transform


def kernel_transform(kernel: Kernel, k: FloatArray) -> ComplexArray:
    """Return the closed-form transform of a kernel.

    Parameters
    ----------
    kernel : Kernel
        Gaussian, Exponential, Boxcar, Tabulated, DifferenceOfGaussians, MexicanHat (1, 2 or 3
        dimensions), Gabor (2) or VonMises (1, whole k).
    k : ndarray, shape (..., dim)
        Angular wave vectors, 1/m.

    Returns
    -------
    ndarray of complex, shape (...)
        F(k), in the unit of the kernel times m^dim.

    Raises
    ------
    ParameterError
        No closed form is known; use `numerical_transform`.

    References
    ----------
    Definition; closed forms of docs/models/connectivity.md.

    Examples
    --------
    >>> from cortex.connectivity.kernels import Gaussian
    >>> kernel_transform(Gaussian(1e-4), np.array([[0.0], [1e4]])).real.round(8).tolist()
    [0.00025066, 0.00015203]
    """
    dim = k.shape[-1]
    size = distance(k)
    match kernel:
        case Gaussian(sigma):
            value = _gaussian(sigma, size, dim)
        case DifferenceOfGaussians(center, surround, a_center, a_surround):
            value = a_center * _gaussian(center, size, dim)
            value = value - a_surround * _gaussian(surround, size, dim)
        case MexicanHat(sigma):
            value = 2.0 * _gaussian(sigma, size, dim)
            value = value - _gaussian(np.sqrt(2.0) * sigma, size, dim)
        case Exponential(length) if dim <= 3:
            value = _exponential(length, size, dim)
        case Boxcar(half_width) if dim <= 3:
            value = _boxcar(half_width, size, dim)
        case Tabulated() if dim <= 3:
            value = _tabulated(kernel, size, dim)
        case Gabor() if dim == 2:
            return _gabor(kernel, k)
        case VonMises(kappa) if dim == 1:
            value = np.asarray(2.0 * np.pi * ive(size, kappa), dtype=np.float64)
        case _:
            msg = f"no closed transform of {kernel!r} in {dim} dimensions; use numerical_transform"
            raise ParameterError(msg)
    return np.asarray(value, dtype=np.complex128)


def _gaussian(sigma: float, k: FloatArray, dim: int) -> FloatArray:
    """(2 pi sigma^2)^(d/2) exp(-k^2 sigma^2 / 2)."""
    return np.asarray((2.0 * np.pi * sigma**2) ** (dim / 2) * np.exp(-((k * sigma) ** 2) / 2.0))


def _exponential(length: float, k: FloatArray, dim: int) -> FloatArray:
    """2 l / q, 2 pi l^2 / q^(3/2) or 8 pi l^3 / q^2 in 1, 2 or 3 dimensions; q = 1 + k^2 l^2."""
    front, power = {1: (2.0, 1.0), 2: (2.0 * np.pi, 1.5), 3: (8.0 * np.pi, 2.0)}[dim]
    return np.asarray(front * length**dim / (1.0 + (k * length) ** 2) ** power)


def _boxcar(half_width: float, k: FloatArray, dim: int) -> FloatArray:
    """Length, area or volume within w, times sin(z)/z, 2 J_1(z)/z or 3 j_1(z)/z; z = k w."""
    z = k * half_width
    if dim == 1:
        return np.asarray(2.0 * half_width * np.sinc(z / np.pi))
    safe = np.where(z == 0.0, 1.0, z)
    wave = 2.0 * j1(safe) if dim == 2 else 3.0 * spherical_jn(1, safe)
    size = np.pi * half_width**2 if dim == 2 else 4.0 / 3.0 * np.pi * half_width**3
    return np.asarray(size * np.where(z == 0.0, 1.0, wave / safe))


def _tabulated(kernel: Tabulated, k: FloatArray, dim: int) -> FloatArray:
    """Gauss-Legendre between the heights: the waves turn by a radian a node at most."""
    r, weight = radial_nodes(kernel, kernel.reach, 8 + int(np.max(k, initial=0.0) * kernel.reach))
    front, z = (2.0, 2.0 * np.pi, 4.0 * np.pi)[dim - 1], k[..., np.newaxis] * r
    wave = (np.cos, j0, lambda x: np.sinc(x / np.pi))[dim - 1](z)
    amount = front * weight * kernel(r[:, np.newaxis]) * r ** (dim - 1)
    return np.asarray(wave @ amount)


def radial_nodes(kernel: Kernel, radius: float, n: int) -> tuple[FloatArray, FloatArray]:
    """Return distances up to a radius and their weights, Gauss-Legendre with `n` nodes or more.

    A table has kinks, so that each of its steps has nodes of its own, two at least.
    """
    edges = kernel.distances if isinstance(kernel, Tabulated) else np.array([0.0, radius])
    node, weight = np.polynomial.legendre.leggauss(max(-(-n // (len(edges) - 1)), 2))
    half = 0.5 * np.diff(edges)[:, np.newaxis]
    return (edges[:-1, np.newaxis] + half * (node + 1.0)).ravel(), (half * weight).ravel()


def _gabor(kernel: Gabor, k: FloatArray) -> ComplexArray:
    """Half of the envelope's transform around +k_0 and around -k_0, with their phases."""
    along = np.array([np.cos(kernel.theta), np.sin(kernel.theta)])
    across = np.array([-np.sin(kernel.theta), np.cos(kernel.theta)])
    k_u, k_v = k @ along, k @ across / kernel.aspect
    k_0 = 2.0 * np.pi * kernel.frequency
    bumps = [
        np.exp(1j * sign * kernel.phase)
        * np.exp(-(kernel.sigma**2) * ((k_u - sign * k_0) ** 2 + k_v**2) / 2.0)
        for sign in (1.0, -1.0)
    ]
    return np.asarray(np.pi * kernel.sigma**2 / kernel.aspect * (bumps[0] + bumps[1]))


def numerical_transform(
    kernel: Kernel, k: FloatArray, *, radius: float, n_nodes: int = 200
) -> ComplexArray:
    """Return the transform of any kernel inside `radius` by quadrature.

    Parameters
    ----------
    kernel : Kernel
        Smooth inside the radius except, at most, at the origin.
    k : ndarray, shape (n_k, dim)
        Angular wave vectors, 1/m; 1, 2 or 3 dimensions.
    radius : float
        Where the kernel is cut, m.
    n_nodes : int
        Gauss-Legendre nodes along the radius; on a sheet twice as many angles, in space
        as many heights times twice as many angles. Choose more than k times radius.

    Returns
    -------
    ndarray of complex, shape (n_k,)
        Integral over the line [-radius, radius], the disc or the ball, in the unit of the kernel
        times m, m^2 or m^3.

    References
    ----------
    Definition, by Gauss-Legendre quadrature.

    Examples
    --------
    >>> from cortex.connectivity.kernels import Gaussian
    >>> k = np.array([[0.0], [1e4]])
    >>> numerical_transform(Gaussian(1e-4), k, radius=1e-3).real.round(8).tolist()
    [0.00025066, 0.00015203]
    """
    nodes, weights = np.polynomial.legendre.leggauss(n_nodes)
    dim = k.shape[-1]
    toward, angles = directions(dim, n_nodes)
    total = np.zeros(len(k), dtype=np.complex128)
    for r, w in zip(radius * (nodes + 1.0) / 2.0, radius * weights / 2.0, strict=True):
        values = kernel_values(kernel, r * toward) * angles
        waves = np.exp(-1j * r * toward @ k.T)
        total += w * r ** (dim - 1) * (values @ waves)
    return total


def directions(dim: int, n: int) -> tuple[FloatArray, FloatArray]:
    """Return directions of shape (n_directions, dim) and the angle each stands for.

    A product rule in space: Gauss-Legendre in height, even in the angle around.
    """
    if dim == 1:
        return np.array([[-1.0], [1.0]]), np.ones(2)
    angle = np.arange(2 * n) * np.pi / n
    circle: FloatArray = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    if dim == 2:
        return circle, np.full(2 * n, np.pi / n)
    height, weight = np.polynomial.legendre.leggauss(n)
    flat = np.sqrt(1.0 - height**2)[:, None, None] * circle
    upright = np.broadcast_to(height[:, None, None], (n, 2 * n, 1))
    directions = np.concatenate([flat, upright], axis=-1).reshape(-1, 3)
    return directions, np.repeat(weight * np.pi / n, 2 * n)


CLOSED = (
    Gaussian | Exponential | Boxcar | Tabulated | DifferenceOfGaussians | MexicanHat | Gabor
    | VonMises
)  # fmt: skip


def kernel_integral(kernel: Kernel, dim: int) -> float:
    """Return the integral over all space: the transform at k = 0.

    Kernels without a closed form are integrated inside their reach.

    Parameters
    ----------
    kernel : Kernel
        Any kernel.
    dim : int
        Dimensions of the space it is used in: 1, 2 or 3.

    Returns
    -------
    float
        In the unit of the kernel times m^dim.

    Raises
    ------
    ParameterError
        The kernel lives in another number of dimensions.

    Examples
    --------
    >>> round(kernel_integral(Boxcar(0.3), 3), 4)  # 4 pi w^3 / 3
    0.1131
    """
    zero = np.zeros((1, dim))
    if isinstance(kernel, CLOSED):
        return float(kernel_transform(kernel, zero)[0].real)
    return float(numerical_transform(kernel, zero, radius=kernel.reach)[0].real)
