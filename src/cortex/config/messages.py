"""Lists of what is wrong with a configuration, in the keys and units of its file."""

from collections.abc import Sequence
from typing import Final

from cortex.errors import ConfigError, ParameterError

MOST_LISTED: Final = 50


def sentences(error: ParameterError, above: str = "") -> list[str]:
    """Return the problems of an error with the keys and units of the file."""
    return [problem.sentence(above=above, edge=True) for problem in error.problems]


def refuse_listed(problems: Sequence[str], source: str, what: str) -> None:
    """Raise a `ConfigError` that lists problems, if there are any."""
    if not problems:
        return
    listed = [f"  {i}. {problem}" for i, problem in enumerate(problems[:MOST_LISTED], 1)]
    more = len(problems) - MOST_LISTED
    listed += [f"  ... and {more} more"] if more > 0 else []
    plural = "problem" if len(problems) == 1 else "problems"
    msg = "\n".join([f"{source}: {len(problems)} {plural} in {what}", *listed])
    raise ConfigError(msg)
