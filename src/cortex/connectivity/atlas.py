"""Kernels as they are drawn: continuous fields, lattice samples, spectra with their aliases."""

from dataclasses import dataclass

import numpy as np

from cortex.connectivity.kernels import (
    Custom,
    DifferenceOfGaussians,
    Gabor,
    Gaussian,
    Kernel,
    MexicanHat,
)
from cortex.connectivity.peer import braintools_peak_prune, braintools_prune
from cortex.connectivity.space import Lattice
from cortex.connectivity.spatial import kernel_stencil
from cortex.errors import ParameterError
from cortex.params.connectivity import SheetKernelParams, SheetParams
from cortex.typing import BoolArray, FloatArray


def kernel_of(params: SheetKernelParams) -> Kernel:
    """Return the kernel that a block of the configuration describes."""
    match params.shape:
        case "gaussian":
            return Gaussian(params.sigma)
        case "gabor":
            return Gabor(params.sigma, params.frequency, params.theta)
        case "difference_of_gaussians":
            surround = (params.sigma_surround, 1.0, params.amplitude_surround)
            return DifferenceOfGaussians(params.sigma, *surround)
        case "mexican_hat":
            return MexicanHat(params.sigma)
        case _:
            return spiral(params.sigma, params.turn, params.arms, params.radius)


def spiral(decay: float, turn: float, arms: int, radius: float) -> Custom:
    """Return exp(-r / decay) cos(r / turn + arms angle), an example of a custom kernel.

    Parameters
    ----------
    decay, turn, radius : float
        Lengths, m: of the decay, of a turn by 1 rad, and of the support.
    arms : int
        Number of arms.

    Raises
    ------
    ParameterError
        A length is not positive.
    """
    if min(decay, turn) <= 0.0:
        msg = f"spiral: decay {decay} m and turn {turn} m must be positive"
        raise ParameterError(msg)

    def value(displacement: FloatArray) -> FloatArray:
        x, y = displacement[..., 0], displacement[..., 1]
        r = np.hypot(x, y)
        return np.asarray(np.exp(-r / decay) * np.cos(r / turn + arms * np.arctan2(y, x)))

    return Custom(value, radius)


def peer_prune(params: SheetKernelParams) -> float:
    """Return the kernel value below which braintools 0.3.0 drops a pair, positions in um.

    For a Gaussian that is normalised there, the threshold per area is expressed at a peak
    of 1; for a custom kernel it is the explicit threshold.
    """
    if params.normalized:
        return braintools_peak_prune(params.sigma)
    prune = braintools_prune(kernel_of(params))
    return params.threshold if prune is None else prune


def lattice_of(sheet: SheetParams) -> Lattice:
    """Return the lattice of a square sheet, both edges occupied."""
    return Lattice.over((sheet.extent,) * 2, (sheet.n_side,) * 2, periodic=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KernelSamples:
    """What a neuron in the middle of a lattice receives.

    Parameters
    ----------
    displacement : ndarray, shape (n_samples, 2)
        Source minus target, m.
    value : ndarray, shape (n_samples,)
        Kernel value.
    is_pruned : ndarray of bool, shape (n_samples,)
        Whether braintools 0.3.0 would drop the pair unasked.
    """

    displacement: FloatArray
    value: FloatArray
    is_pruned: BoolArray


def lattice_samples(params: SheetKernelParams, lattice: Lattice) -> KernelSamples:
    """Return a kernel at the offsets of a lattice inside its radius, the centre included."""
    stencil = kernel_stencil(lattice, lattice, kernel_of(params), radius=params.radius)
    return KernelSamples(
        displacement=stencil.displacements,
        value=stencil.values,
        is_pruned=np.abs(stencil.values) <= peer_prune(params),
    )


def kernel_field(kernel: Kernel, half_side: float, n: int) -> tuple[FloatArray, FloatArray]:
    """Return places (n^2, 2) of a square of `half_side` (m) around the origin, and the kernel."""
    axis = np.linspace(-half_side, half_side, n)
    places = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    return places, kernel(places)


def sample_spectrum(
    displacement: FloatArray, value: FloatArray, frequency: FloatArray
) -> FloatArray:
    """Return the power of a sampled kernel, ``|sum_j v_j exp(-2 pi i f.d_j)|^2``.

    Parameters
    ----------
    displacement, value : ndarray, shape (n_samples, 2) and (n_samples,)
        The samples.
    frequency : ndarray, shape (n_frequencies, 2)
        Cycles per m; beyond the Nyquist square the spectrum repeats itself.
    """
    waves = np.exp(-2j * np.pi * frequency @ displacement.T)
    return np.asarray(np.abs(waves @ value) ** 2)
