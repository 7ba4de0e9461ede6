"""The ring, sheet or volume in which populations lie, as a network file states it."""

from dataclasses import dataclass
from typing import get_args

from cortex.params.base import Block
from cortex.params.space import SUPPORT, Positions
from cortex.params.spec import choice, flag, quantity, table, vector


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceParams(Block):
    """Sides and places; every projection then has a `profile` and a `width`.

    A pair of neurons at distance r is joined with the probability K k(r) / (density of the sources
    x integral of k), k the profile of the projection and K its in-degree. Its delay is that of the
    projection, plus r over `speed` where that is given.
    """

    extent: tuple[float, ...] = vector(
        quantity("mm", 1e-3, 100.0, "a side"), "length of a ring, sides of a sheet or of a volume"
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
    profiles: dict[str, tuple[float, ...]] = table(
        vector(quantity("1", 0.0, 1e6, "height"), "heights from distance 0 to width_mm"),
        "profiles of your own, by name: heights at equal steps, linear in between; any scale",
        {},
    )

    def check(self) -> None:
        """Refuse more than three sides, and tables that are no profiles."""
        for name, heights in self.profiles.items():
            if name in SUPPORT or len(heights) < 2 or not max(heights) > 0.0:
                self.refuse(
                    "",
                    f"profiles.{name} = {list(heights)} needs a name other than "
                    f"{', '.join(SUPPORT)}, two heights or more, and one above zero",
                )
        if len(self.extent) not in {1, 2, 3}:
            self.refuse(
                "",
                "extent needs one side of a ring, two of a sheet or three of a volume, not "
                f"{len(self.extent)}",
            )
