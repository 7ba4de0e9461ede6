"""Where the neurons of a network sit, and how far they reach."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

from cortex.params.spec import Choice, Quantity
from cortex.typing import FloatArray

Profile = Literal["boxcar", "gaussian", "exponential"]

LENGTH: Final = Quantity(unit="mm", low=1e-3, high=100.0, doc="length on the ring")
PROFILE: Final = Choice(options=get_args(Profile), doc="connection profile")


@dataclass(frozen=True, slots=True, kw_only=True)
class RingSpace:
    """Positions on a ring and the connection profile of each source population.

    Parameters
    ----------
    circumference : float
        Length of the ring, m.
    profile : {"boxcar", "gaussian", "exponential"}
        Shape of the connection probability over distance.
    width : ndarray of shape (n_pops,)
        Half width (boxcar), standard deviation (Gaussian) or decay length
        (exponential) of the projections of each source population, m.
    """

    circumference: float
    profile: Profile
    width: FloatArray

    def __post_init__(self) -> None:
        """Refuse lengths that are none, and unknown profiles."""
        object.__setattr__(self, "width", np.asarray(self.width, dtype=np.float64))
        LENGTH.check("RingSpace.circumference", self.circumference)
        for width in self.width.ravel().tolist():
            LENGTH.check("RingSpace.width", width)
        PROFILE.check("RingSpace.profile", self.profile)
