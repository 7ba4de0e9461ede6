"""Weights that follow a kernel of the displacement, as a network file and a network state them."""

from dataclasses import dataclass
from typing import Final

from cortex.params.base import Block
from cortex.params.description.specs import optional
from cortex.params.spec import choice, quantity

KEYS: Final[dict[str, tuple[str, ...]]] = {
    "gaussian": (),
    "mexican_hat": (),
    "difference_of_gaussians": ("surround", "surround_height"),
    "gabor": ("frequency", "theta", "phase", "aspect"),
}
"""Keys that each shape needs beside `sigma`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightKernel(Block):
    """A factor on every weight by the displacement of its synapse, source minus target.

    `gaussian`: exp(-r^2/(2 sigma^2)). `mexican_hat`: 2 exp(-r^2/(2 sigma^2)) -
    exp(-r^2/(4 sigma^2)), whose integral over a sheet is zero.
    `difference_of_gaussians`: exp(-r^2/(2 sigma^2)) - surround_height exp(-r^2/(2 surround^2)).
    `gabor`, on a sheet: exp(-(u^2 + aspect^2 v^2)/(2 sigma^2)) cos(2 pi frequency u + phase) with u
    along the angle theta and v across.
    """

    shape: str = choice(tuple(KEYS), "shape of the weights over the displacement")
    sigma: float = quantity("mm", 1e-3, 100.0, "standard deviation of the centre")
    surround: float | None = optional(quantity("mm", 1e-3, 100.0, "that of the surround"))
    surround_height: float | None = optional(
        quantity("1", 0.0, 1e3, "height of the surround over that of the centre")
    )
    frequency: float | None = optional(quantity("per_mm", 1e-3, 1e3, "cycles per length"))
    theta: float | None = optional(quantity("deg", -360.0, 360.0, "direction of the wave"))
    phase: float | None = optional(quantity("deg", -360.0, 360.0, "phase at the target"))
    aspect: float | None = optional(quantity("1", 0.01, 100.0, "width along over width across"))

    def check(self) -> None:
        """Refuse keys that the shape lacks or does not know."""
        for shape, keys in KEYS.items():
            for key in keys:
                if (getattr(self, key) is not None) != (shape == self.shape):
                    needs = ", ".join(("sigma", *KEYS[self.shape]))
                    self.refuse("", f"a {self.shape} has the keys {needs} (with their units)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapedWeights:
    """Weights of a pair of populations that follow a kernel, about their mean.

    Parameters
    ----------
    kernel : WeightKernel
        Their shape.
    mean : float
        Mean of the kernel over the synapses, by the profile of the connection probability.
    cv : float
        Standard deviation of the kernel over them, over the size of the mean.
    """

    kernel: WeightKernel
    mean: float
    cv: float
