"""Names in a network file that lead nowhere, also those of entries that are unsound otherwise."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from cortex.errors import Amount, Problem, shown
from cortex.params.description.specs import ALL
from cortex.params.space import SUPPORT

DELTA_NAME: Final = "delta"
LISTED: Final = ("source", "target", "times", "rate_times")
"""Keys that may hold several names."""


def lost_names(net: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with the names that projections and drives use, of plain keys."""
    space = net.get("space")
    known: dict[str, list[Any]] = {}
    if isinstance(net.get("populations"), Mapping):
        known |= {key: [*net["populations"], ALL] for key in ("source", "target")}
    if isinstance(net.get("receptors", {}), Mapping):
        known["receptor"] = [DELTA_NAME, *named(net, "receptors")]
    if isinstance(net.get("factors", {}), Mapping):
        known |= {key: list(named(net, "factors")) for key in ("times", "rate_times")}
    if isinstance(space, Mapping):
        known["profile"] = [*SUPPORT, *named(space, "profiles")]
    problems = []
    for section in ("projections", "drive"):
        for name, entry in named(net, section).items():
            for key, there in known.items() if isinstance(entry, Mapping) else ():
                lost = [each for each in _names(entry.get(key), key) if each not in there]
                if lost:
                    problems.append(_lost((section, name, key), lost, there))
    return problems


def listed(names: Iterable[Any]) -> str:
    """Return names as a message can show them, whatever they hold."""
    return ", ".join(shown(name).strip("'") for name in names) or "none"


def named(block: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    """Return the named entries of a section; none where it is something else."""
    entries = block.get(section)
    return entries if isinstance(entries, Mapping) else {}


def _names(said: Any, key: str) -> Iterable[str]:
    if isinstance(said, str):
        return (said,)
    is_list = key in LISTED and isinstance(said, list | tuple)
    return (each for each in said if isinstance(each, str)) if is_list else ()


def _lost(place: tuple[str, ...], lost: list[str], there: list[Any]) -> Problem:
    known = [each for each in there if each != ALL]
    fits = [[each] for each in known] or [[]] if place[-1] in LISTED else known
    return Problem(
        subject=Amount(place=place),
        reason=f"no {listed(lost)}; there are: {listed(there)}",
        instead=tuple(fits),
    )
