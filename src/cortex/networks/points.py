"""Where the states of a network lie: the keys they change and what they set them to."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cortex.params.reading import is_number
from cortex.typing import AnyArray


def points(block: Mapping[str, Any], state: str) -> dict[str, AnyArray]:
    """Return ``state``, ``title``, ``key``, ``value`` of the numbers that a state sets.

    Values are those of the file, in the units of their keys; a state without any has one row
    with an empty key.
    """
    keys = dict((block.get("states") or {}).get(state) or {})
    title = keys.get("title", block.get("title", state))
    numbers = {key: float(value) for key, value in keys.items() if is_number(value)} or {"": np.nan}
    n = len(numbers)
    return {
        "state": np.full(n, state, dtype=object),
        "title": np.full(n, title, dtype=object),
        "key": np.array(list(numbers), dtype=object),
        "value": np.array(list(numbers.values())),
    }
