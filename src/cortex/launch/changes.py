"""What differs between the configuration of the last run and that of the next, key by key."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from cortex.params.description.states import DESCRIPTIVE, WAY_BACK

MISSING: Final = "(none)"
MOST_LISTED: Final = 20
UNREAD: Final = WAY_BACK | DESCRIPTIVE | {"analysis", "excerpt", "lfp", "lines", "seeds"}
"""Keys of a network that a simulation does not read; its rule leaves them out."""
SEEDLESS: Final = ("Predict network ", "Follow the lines of network ")
"""How messages of jobs begin to which the seed of the study means nothing."""


def changed_keys(before: Any, now: Any, place: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield (dotted key, value before, value now) of everything that differs.

    Examples
    --------
    >>> list(changed_keys({"a": {"g": 5.0, "h": 1}}, {"a": {"g": 4.2, "h": 1}, "b": 2}))
    [('a.g', 5.0, 4.2), ('b', '(none)', 2)]
    """
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        for key in dict.fromkeys((*before, *now)):
            inner = f"{place}.{key}" if place else str(key)
            yield from changed_keys(before.get(key, MISSING), now.get(key, MISSING), inner)
    elif before != now:
        yield place, before, now


def reads(key: str, job: str) -> bool:
    """Tell whether a job, by its message, is one of the network or sweep of a changed key.

    The seed of the study is that of all but theory.

    Examples
    --------
    >>> reads("networks.brunel.states.C.g", "Simulate network brunel, state C, seed 1")
    True
    >>> reads("networks.brunel.states.C.g", "Simulate network brunel, state A, seed 1")
    False
    >>> reads("networks.brunel.states.C.g", "Page of network brunel")
    True
    >>> reads("seed", "Predict network brunel"), reads("seed", "Observe network brunel, state C")
    (False, True)
    """
    if key == "seed":
        return not job.startswith(SEEDLESS)
    family, _, rest = key.partition(".")
    name, *inner = rest.split(".")
    words = [word.strip(",") for word in job.split()]
    pairs = {(word.lower(), after) for word, after in pairwise(words)}
    if (family.removesuffix("s"), name) not in pairs:
        return False
    if job.startswith("Simulate ") and inner and inner[0] in UNREAD:
        return False
    is_state = len(inner) > 1 and inner[0] == "states"
    return not is_state or "state" not in words or ("state", inner[1]) in pairs


def explain(before: Mapping[str, Any], now: Mapping[str, Any], jobs: list[str]) -> list[str]:
    """Return one line per changed key: what it was, what it is, how many jobs it causes.

    Parameters
    ----------
    before, now : mapping
        Complete configurations of the last run and of the next.
    jobs : list of str
        Messages of the jobs that will run.
    """
    lines = []
    for key, old, new in changed_keys(before, now):
        n = sum(reads(key, job) for job in jobs)
        named = key.startswith(("networks.", "sweeps.")) or key == "seed"
        count = f": {n} job{'' if n == 1 else 's'}" if named else ""
        lines.append(f"{key} {_short(old)} -> {_short(new)}{count}")
    more = len(lines) - MOST_LISTED
    return lines[:MOST_LISTED] + ([f"... and {more} more keys"] if more > 0 else [])


def _short(value: Any) -> str:
    """Return a value on one line."""
    text = "{...}" if isinstance(value, Mapping) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
