"""Random streams keyed by (seed, name): independent of cores, chunks and order of use."""

from hashlib import sha256
from numbers import Integral
from typing import Any, Final

import numpy as np

from cortex.errors import ParameterError, shown
from cortex.typing import AnyArray

HALF: Final = (1 << 64) - 1


def seed_sequence(seed: int, *name: str | int) -> np.random.SeedSequence:
    """Return the seed sequence of the stream called `name`.

    Parameters
    ----------
    seed : int
        Seed of the study, non-negative.
    *name : str or int
        What the stream is for, from general to special: ``"brunel", "network"``.

    Raises
    ------
    ParameterError
        The seed is no whole number from 0: every other would not be repeatable.

    Notes
    -----
    The name enters as 128 bits of its SHA-256, so a stream never changes when another
    one is added.
    """
    if not isinstance(seed, Integral) or isinstance(seed, bool) or seed < 0:
        msg = f"seed = {shown(seed)} must be a whole number from 0; the same seed, the same run"
        raise ParameterError(msg)
    digest = sha256("\x1f".join(map(str, name)).encode()).digest()
    words = np.frombuffer(digest[:16], dtype="<u4")
    return np.random.SeedSequence(int(seed), spawn_key=tuple(int(word) for word in words))


def stream(seed: int, *name: str | int) -> np.random.Generator:
    """Return a generator of its own for (`seed`, `name`).

    Examples
    --------
    >>> a, b = stream(1, "network"), stream(1, "network")
    >>> bool(a.random() == b.random())
    True
    """
    return np.random.Generator(np.random.PCG64(seed_sequence(seed, *name)))


def saved(rng: np.random.Generator) -> AnyArray:
    """Return where a generator of `stream` is, as numbers that `resumed` reads.

    Examples
    --------
    >>> a = stream(1, "network")
    >>> b = resumed(saved(a))
    >>> bool(a.random() == b.random())
    True
    """
    state = rng.bit_generator.state
    whole = (state["state"]["state"], state["state"]["inc"])
    halves = [half for each in whole for half in (each >> 64, each & HALF)]
    return np.array([*halves, state["has_uint32"], state["uinteger"]], dtype=np.uint64)


def resumed(numbers: AnyArray) -> np.random.Generator:
    """Return a generator that goes on where `saved` found another."""
    high, low, inc_high, inc_low, has_half, half = map(int, numbers)
    bits = np.random.PCG64()
    bits.state = {
        "bit_generator": "PCG64",
        "state": {"state": high << 64 | low, "inc": inc_high << 64 | inc_low},
        "has_uint32": has_half,
        "uinteger": half,
    }
    return np.random.Generator(bits)


def require_stream(rng: Any) -> np.random.Generator:
    """Return `rng`; refuse seeds, None and the generators of old, which are no streams."""
    if not isinstance(rng, np.random.Generator):
        msg = f"rng = {shown(rng)} must be a numpy Generator: rng=cortex.rng.stream(seed, 'name')"
        raise ParameterError(msg)
    return rng


def child_seed(seed: int, *name: str | int) -> int:
    """Return a seed of its own for (`seed`, `name`), for functions that take one seed.

    Examples
    --------
    >>> child_seed(1, "network", 0) == child_seed(1, "network", 1)
    False
    """
    return int(seed_sequence(seed, *name).generate_state(1, np.uint32)[0])
