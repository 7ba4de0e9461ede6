"""The sheet: where the strongest patterns lie, and what theory says of them."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cortex.typing import AnyArray

STATES = ("waves", "pattern")


def measure(
    _config: Mapping[str, Any], tables: Mapping[str, Mapping[str, AnyArray]]
) -> dict[str, float]:
    """Return how far the strongest pattern of each state lies off the predicted ridge."""
    got: dict[str, float] = {}
    if not tables:
        return got
    modes, waves = tables["modes"], tables["waves"]
    for state in STATES:
        mine = np.flatnonzero(modes["state"] == state)
        fastest = mine[np.nanargmax(modes["growth"][mine])]
        seen = (waves["state"] == state) & (waves["population"] == "E")
        number, frequency = (
            np.mean(waves[f"wave_{name}"][seen]) for name in ("number", "frequency")
        )
        got |= {
            f"sheet.{state}.wave_number_off": float(number - modes["wave_number"][fastest]),
            f"sheet.{state}.frequency_off": float(frequency - modes["frequency"][fastest]),
        }
    return got
