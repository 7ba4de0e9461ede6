"""How the neurons of a population differ, as a network file states it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np

from cortex.errors import ParameterError
from cortex.params.base import Block, config_keys, likely_key
from cortex.params.free_keys import FreeKeys
from cortex.params.reading import is_number
from cortex.params.spec import Quantity
from cortex.units import to_si

MOST_TRIES: Final = 100
"""Draws of one neuron after which its scatter is called too wide."""


SCATTER: Final = FreeKeys(
    doc="standard deviations over the neurons, by the keys of their parameters"
)


def deviations(neuron: Block, stated: Mapping[str, Any]) -> dict[str, float]:
    """Return the standard deviation of each parameter of a neuron that scatters, SI.

    Raises
    ------
    ParameterError
        A key is no parameter of the neuron, a value no number above zero, or there is no mean.
    """
    known = {
        key: (field.name, spec)
        for key, (field, spec) in config_keys(type(neuron)).items()
        if isinstance(spec, Quantity)
    }
    found = {}
    for key, value in stated.items():
        if key not in known:
            msg = f"scatter.{key}: {likely_key(key, list(known))[0]}"
            raise ParameterError(msg)
        name, spec = known[key]
        if not is_number(value) or not 0.0 < value < float("inf"):
            msg = f"scatter.{key} = {value!r} must be a standard deviation, a number above 0"
            raise ParameterError(msg)
        if getattr(neuron, name) is None:
            msg = f"scatter.{key} needs {key} of the population, the mean of its neurons"
            raise ParameterError(msg)
        found[name] = to_si(float(value), spec.unit)
    return found


def draw_neurons(
    neuron: Block, spread: Mapping[str, float], n: int, rng: np.random.Generator
) -> list[Any]:
    """Return neurons that scatter about one, each by normal laws.

    Parameters
    ----------
    neuron : Block
        The mean neuron.
    spread : mapping of str to float
        Standard deviations by field, from `deviations`.
    n : int
        Number of neurons.
    rng : numpy.random.Generator
        Their stream.

    Returns
    -------
    list of Block
        A neuron with impossible parameters (beyond their bounds, a reset above threshold) is drawn
        anew as a whole.

    Raises
    ------
    ParameterError
        A hundred draws of one neuron in a row were impossible.
    """
    mean = np.array([getattr(neuron, name) for name in spread])
    widths = np.array(list(spread.values()))
    return [_one(neuron, tuple(spread), mean, widths, rng) for _ in range(n)]


def _one(
    neuron: Block, names: tuple[str, ...], mean: Any, widths: Any, rng: np.random.Generator
) -> Block:
    for _ in range(MOST_TRIES):
        values = mean + widths * rng.standard_normal(len(names))
        try:
            return replace(neuron, **dict(zip(names, values.tolist(), strict=True)))
        except ParameterError as error:
            last = error
    msg = f"scatter of {', '.join(names)} is too wide: no neuron of {MOST_TRIES} was possible"
    raise ParameterError(msg) from last
