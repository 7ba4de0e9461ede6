"""Who is connected to whom, how strongly and with which delay: the wiring of every model."""

from cortex.connectivity.kernels import (
    Boxcar,
    Custom,
    DifferenceOfGaussians,
    Exponential,
    Gabor,
    Gaussian,
    Image,
    Kernel,
    MexicanHat,
    VonMises,
    laplacian,
    sobel,
)
from cortex.connectivity.peer import braintools_prune
from cortex.connectivity.projection import Projection, Rows
from cortex.connectivity.rules import fixed_in_degree
from cortex.connectivity.space import Lattice, Points, Space, ring
from cortex.connectivity.spatial import (
    distance_delays,
    fixed_in_degree_within,
    kernel_probability,
    kernel_stencil,
    kernel_weights,
)
from cortex.connectivity.stencil import Stencil
from cortex.connectivity.transforms import (
    kernel_integral,
    kernel_transform,
    numerical_transform,
    profile_transform,
)

__all__ = [
    "Boxcar",
    "Custom",
    "DifferenceOfGaussians",
    "Exponential",
    "Gabor",
    "Gaussian",
    "Image",
    "Kernel",
    "Lattice",
    "MexicanHat",
    "Points",
    "Projection",
    "Rows",
    "Space",
    "Stencil",
    "VonMises",
    "braintools_prune",
    "distance_delays",
    "fixed_in_degree",
    "fixed_in_degree_within",
    "kernel_integral",
    "kernel_probability",
    "kernel_stencil",
    "kernel_transform",
    "kernel_weights",
    "laplacian",
    "numerical_transform",
    "profile_transform",
    "ring",
    "sobel",
]
