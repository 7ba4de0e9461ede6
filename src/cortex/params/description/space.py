"""The ring or sheet on which populations lie, as a network file states it."""

from dataclasses import dataclass
from typing import get_args

from cortex.params.base import Block
from cortex.params.space import Positions
from cortex.params.spec import choice, flag, quantity, vector


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceParams(Block):
    """Sides and places; every projection then has a `profile` and a `width`.

    A pair of neurons at distance r is joined with the probability K k(r) / (density of the sources
    x integral of k), k the profile of the projection and K its in-degree. Its delay is that of the
    projection, plus r over `speed` where that is given.
    """

    extent: tuple[float, ...] = vector(
        quantity("mm", 1e-3, 100.0, "a side"), "length of a ring, or the two sides of a sheet"
    )
    periodic: bool = flag("whether opposite edges are joined", True)
    positions: str = choice(
        get_args(Positions),
        "a grid of every population, one moved at random, or random places; the same for all seeds",
        "grid",
    )
    jitter: float = quantity(
        "1", 0.0, 1.0, "largest displacement of jittered positions over half the pitch", 1.0
    )

    def check(self) -> None:
        """Refuse more than two sides."""
        if len(self.extent) not in {1, 2}:
            self.refuse(
                "", f"extent needs one side of a ring or two of a sheet, not {len(self.extent)}"
            )
