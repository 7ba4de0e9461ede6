"""Inner loops without numba's counting of references to arrays."""

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])
UNCOUNTED: Final[dict[str, Any]] = {"_nrt": False, "nogil": True, "error_model": "numpy"}


def uncounted(function: Function) -> Function:
    """Compile a function that allocates nothing, and keep it on disk.

    To take an array out of a tuple, or a slice of it, numba counts references up and down, some
    7 ns each: in steps of a few thousand neurons more than the neurons take. Whoever calls owns
    the arrays. A division by zero is not looked for.
    """
    return cast("Function", njit(cache=True, **UNCOUNTED)(function))
