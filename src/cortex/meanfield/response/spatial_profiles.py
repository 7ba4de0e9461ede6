r"""What connection profiles and growing delays make of a perturbation exp(lambda t + i k.x).

A projection with the connection probability P(r) and delays d0 + r/v multiplies it by
exp(-lambda d0) and by

    S(k, lambda) = int P(r) exp(-lambda r/v) exp(i k.x) d^d x / int P(r) d^d x,

on a ring an integral of 2 cos(k r), on a sheet of 2 pi r J_0(k r), in a volume of
4 pi r^2 sinc(k r) over r. Where weights follow a kernel w(r), P w stands for P: that is what the
mean input does, and the response to the variance is taken to do the same. Neurons are taken as a
continuum without borders: wave lengths below the pitch of a grid, and sheets narrower than the
reach of a profile, are beyond it.
"""

from collections.abc import Callable

import numpy as np
from scipy.special import j0

from cortex.connectivity.kernels import Gabor, kernel_values
from cortex.connectivity.transforms import (
    profile_kernel,
    profile_transform,
    radial_nodes,
    unit_transform,
)
from cortex.connectivity.weights import kernel_of
from cortex.errors import ParameterError
from cortex.params.network import PopulationNetwork
from cortex.params.space import NetworkSpace
from cortex.typing import AnyArray, ComplexArray, FloatArray

Transform = Callable[[FloatArray, float], FloatArray]
"""Function of angular wave numbers (1/m) and a width (m), 1 at wave number zero."""
SpaceFactor = Callable[[ComplexArray], tuple[AnyArray, AnyArray]]
"""Returns S and dS/dlambda, which broadcast to lambda.shape + (n_pops, n_pops)."""

NODES = 64  # Gauss-Legendre nodes along a profile, and one more per radian of the wave


def profile_matrix(
    k: FloatArray, width: FloatArray, profile: str | AnyArray | Transform, dim: int = 1
) -> FloatArray:
    """Return p_hat(k) of every projection, to multiply ``W[target, source]``.

    Parameters
    ----------
    k : ndarray of any shape
        Angular wave numbers, 1/m.
    width : ndarray of shape (n_pops,) or (n_pops, n_pops)
        Width of the projections of each source population, or of each pair, m.
    profile : name, array of names or callable
        "boxcar", "gaussian", "exponential", or the transform of any other symmetric kernel,
        normalised to 1 at k = 0 (see `cortex.connectivity.transforms.kernel_transform`).
    dim : int
        1 on a ring, 2 on a sheet.

    Returns
    -------
    p_hat : ndarray of shape k.shape + (1, n_pops) or k.shape + (n_pops, n_pops)
        Dimensionless; broadcasts over the targets.

    References
    ----------
    Senk et al. (2020), Phys. Rev. Research 2:023174, for the boxcar.

    Examples
    --------
    >>> profile_matrix(np.array(np.pi), np.array([0.5, 0.25]), "boxcar").round(4)
    array([[0.6366, 0.9003]])
    """
    wave, widths = np.asarray(k, dtype=float), np.atleast_2d(np.asarray(width, dtype=float))
    p_hat = np.empty(wave.shape + widths.shape)
    names = np.broadcast_to("" if callable(profile) else profile, widths.shape)
    for place in np.ndindex(*widths.shape):
        w = float(widths[place])
        p_hat[..., *place] = (
            profile(wave, w)
            if callable(profile)
            else profile_transform(str(names[place]), w, dim)(wave)
        )
    return p_hat


def profiles_at(space: NetworkSpace, k: FloatArray) -> FloatArray:
    """Return p_hat(k) of every pair of populations of a space, k.shape + (n_pops, n_pops)."""
    p_hat = np.empty(np.shape(k) + space.width.shape)
    for pair in np.ndindex(*space.width.shape):
        a, b = pair
        if pair in space.weights:
            for at in np.ndindex(*np.shape(k)):
                n = NODES + int(k[at] * space.reach((a, b)))
                p_hat[*at, a, b] = np.sum(_nodes(space, (a, b), float(k[at]), n)[1])
        else:
            p_hat[..., a, b] = unit_transform(profile_kernel(space, (a, b)), space.dim)(k)
    return p_hat


def space_factor(space: NetworkSpace, k: float) -> SpaceFactor:
    """Return S(lambda) at one wave number.

    Parameters
    ----------
    space : NetworkSpace
        Profiles, widths and speeds of every pair of populations.
    k : float
        Angular wave number, 1/m; on a sheet the length of the wave vector.

    Returns
    -------
    function of lambda (1/s)
        Closed forms where delays do not grow; else a sum over distances r_j of weights c_j(k) and
        delays r_j/v, Gauss-Legendre up to where drawn profiles end (`NetworkSpace.reach`).
    """
    p_hat = profiles_at(space, np.asarray(k))
    if not space.has_growing_delays:
        return lambda _: (p_hat, np.zeros_like(p_hat))
    n = NODES + int(k * max(space.reach(pair) for pair in np.ndindex(*p_hat.shape)))
    n_steps = max((len(table) - 1 for table in space.tables.values()), default=1)
    most = max(n + n_steps, 2 * n_steps)  # nodes, shared among the steps of a table
    share, late = np.zeros((*p_hat.shape, most)), np.zeros((*p_hat.shape, most))
    share[..., 0] = p_hat  # pairs whose delays do not grow
    for pair in np.argwhere(np.isfinite(space.speed)).tolist():
        a, b = pair
        r, amount = _nodes(space, (a, b), k, n)
        share[a, b, : len(r)], share[a, b, len(r) :] = amount, 0.0
        late[a, b, : len(r)] = r / space.speed[a, b]

    def factor(lam: ComplexArray) -> tuple[AnyArray, AnyArray]:
        part = share * np.exp(-np.asarray(lam)[..., np.newaxis, np.newaxis, np.newaxis] * late)
        return part.sum(axis=-1), -(part * late).sum(axis=-1)

    return factor


def _nodes(
    space: NetworkSpace, pair: tuple[int, int], k: float, n: int
) -> tuple[FloatArray, FloatArray]:
    """Return distances, m, and the shares of the perturbation that come from there."""
    kernel = profile_kernel(space, pair)
    r, weight = radial_nodes(kernel, space.reach(pair), n)
    amount = weight * kernel_values(kernel, r[:, np.newaxis])
    if pair in space.weights:
        own = kernel_of(space.weights[pair].kernel)
        if isinstance(own, Gabor):
            msg = f"theory of waves: weights that follow {own!r} are not the same in all directions"
            raise ParameterError(msg)
        amount = amount * kernel_values(own, r[:, np.newaxis])
    amount = amount * r ** (space.dim - 1)
    wave = (np.cos, j0, lambda z: np.sinc(z / np.pi))[space.dim - 1](k * r)
    return r, amount * wave / np.sum(amount)


def space_of(network: PopulationNetwork, wave_number: float | None = None) -> SpaceFactor | None:
    """Return S(lambda) of a network; None where space does not matter.

    Parameters
    ----------
    network : PopulationNetwork
        The network.
    wave_number : float, optional
        Angular wave number, 1/m. Without one the perturbation is uniform; it notices space only
        where delays grow with distance.

    Raises
    ------
    ParameterError
        A wave number is given for a network without space.
    """
    space = network.space
    if space is None:
        if wave_number is None:
            return None
        msg = f"wave_number = {wave_number} 1/m needs a network with space (a ring or a sheet)"
        raise ParameterError(msg)
    if wave_number is None and not space.has_growing_delays:
        return None
    return space_factor(space, wave_number or 0.0)
