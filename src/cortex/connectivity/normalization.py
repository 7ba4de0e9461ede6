"""How a kernel is scaled before it becomes weights, and whether its lattice resolves it."""

from typing import Literal

import numpy as np

from cortex.connectivity.kernels import Gabor, Kernel, distance, kernel_values
from cortex.connectivity.space import INCLUSIVE, Lattice, Space
from cortex.connectivity.transforms import kernel_integral
from cortex.errors import ParameterError
from cortex.regime import warn_regime

Normalize = Literal["none", "peak", "integral", "incoming sum"]


def kernel_scale(kernel: Kernel, source: Space, radius: float, normalize: Normalize) -> float:
    """Return the factor that normalises the kernel itself; 1 for "none" and "incoming sum".

    Parameters
    ----------
    kernel : Kernel
        The kernel.
    source : Lattice or Points
        Where the sources sit; its dimension counts.
    radius : float
        Support over which the peak is sought, m.
    normalize : {"none", "peak", "integral", "incoming sum"}
        As in `kernel_weights`.

    Raises
    ------
    ParameterError
        An unknown normalisation, or one by a peak or integral of zero.
    """
    if normalize not in {"none", "peak", "integral", "incoming sum"}:
        msg = f"normalize = {normalize!r} is none of none, peak, integral, incoming sum"
        raise ParameterError(msg)
    if normalize in {"none", "incoming sum"}:
        return 1.0
    largest = _largest(kernel, radius, source.dim)
    value = largest if normalize == "peak" else kernel_integral(kernel, source.dim)
    volume = 1.0 if normalize == "peak" else radius**source.dim
    if abs(value) <= 1e-12 * largest * volume:
        msg = f"the {normalize} of {kernel!r} is zero, it cannot be normalised by it"
        raise ParameterError(msg)
    return 1.0 / value


def _largest(kernel: Kernel, radius: float, dim: int) -> float:
    """Return the largest value in size over the support: 401 places per axis, 101 in space."""
    axis = np.linspace(-radius, radius, 401 if dim < 3 else 101)
    places = np.stack(np.meshgrid(*[axis] * dim), axis=-1).reshape(-1, dim)
    inside = distance(places) <= radius * INCLUSIVE
    return float(np.max(np.abs(kernel_values(kernel, places[inside]))))


def warn_above_nyquist(kernel: Kernel, space: Space) -> None:
    """Warn when a Gabor carrier varies faster than the neurons sample it."""
    if not isinstance(kernel, Gabor):
        return
    pitch = space.pitch if isinstance(space, Lattice) else space.spacing
    cycles = float(np.max(np.abs(kernel.wave_vector) * pitch))
    if cycles > 0.5 + 1e-9:
        msg = (
            f"Gabor: {cycles:.2f} cycles per spacing along an axis exceed the Nyquist limit 0.5, "
            f"the carrier is aliased; use a finer lattice or a frequency below "
            f"{kernel.frequency * 0.5 / cycles:.4g} per unit length"
        )
        warn_regime(msg)
