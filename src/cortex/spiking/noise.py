"""Streams of the external drive: lanes of xoshiro128++ and the Poisson law they follow."""

from dataclasses import dataclass

import numpy as np

from cortex.errors import SimulationError
from cortex.rng import seed_sequence
from cortex.typing import AnyArray, FloatArray, IntArray

N_STRIPS = 8
MOST_PER_STEP = 5000.0
CERTAIN = 2**47  # threshold of a Poisson law at which a number is certain


def strip_width(n_neurons: int) -> int:
    """Return the neurons of one of 8 equal strips: the least multiple of 64 that fits all.

    Examples
    --------
    >>> strip_width(12_500), strip_width(50)
    (1600, 64)
    """
    return -(-n_neurons // (64 * N_STRIPS)) * 64


@dataclass(frozen=True, slots=True)
class Noise:
    """States of the random streams of one Poisson input, changed in place by a run.

    Parameters
    ----------
    lanes : ndarray of uint32, shape (4, n_slots / 2)
        One xoshiro128++ state per two neurons.
    dithers : ndarray of uint32, shape (8, 4)
        One state per strip of neurons, for rounding the Poisson law.
    """

    lanes: AnyArray
    dithers: AnyArray


def start_noise(seed: int, n_neurons: int, name: str) -> Noise:
    """Return the streams of the input called `name` at the start of a run.

    A lane depends on (seed, name, neuron) and not on how many neurons there are.
    """
    n_lanes = strip_width(n_neurons) * N_STRIPS // 2
    lanes = seed_sequence(seed, "poisson", name).generate_state(4 * n_lanes)
    dithers = seed_sequence(seed, "poisson", name, "dither").generate_state(4 * N_STRIPS)
    return Noise(
        np.ascontiguousarray(lanes.astype(np.uint32).reshape(n_lanes, 4).T),
        dithers.astype(np.uint32).reshape(N_STRIPS, 4),
    )


def poisson_law(mean: float) -> IntArray:
    """Return P(n <= k) of a Poisson number in units of 2**-47, up to the first certainty.

    Examples
    --------
    >>> (poisson_law(2.0)[:3] / 2**47).round(3)
    array([0.135, 0.406, 0.677])
    """
    if not 0.0 <= mean <= MOST_PER_STEP:
        msg = (
            f"a Poisson input of {mean:g} events per step and neuron lies outside "
            f"[0, {MOST_PER_STEP:g}]; lower its rate or shorten dt"
        )
        raise SimulationError(msg)
    scaled = np.rint(_cumulative(mean) * 2.0**47).astype(np.int64)
    certain = int(np.searchsorted(scaled, CERTAIN))
    law: IntArray = scaled[:certain]
    return law


def _cumulative(mean: float) -> FloatArray:
    """Return P(n <= k) up to 12 standard deviations beyond the mean, where nothing is left.

    Products outwards from the most likely number, then one normalisation: no cancellation.
    scipy.special.pdtr gives the same (see the test) but costs a tenth of a second to import.
    """
    mode, most = int(mean), int(mean + 12.0 * np.sqrt(mean) + 20.0)
    above = np.cumprod(mean / np.arange(mode + 1, most, dtype=np.longdouble))
    below = np.cumprod(np.arange(mode, 0, -1, dtype=np.longdouble) / mean if mode else [])
    cumulative = np.cumsum(np.concatenate([below[::-1], [np.longdouble(1.0)], above]))
    law: FloatArray = (cumulative / cumulative[-1]).astype(np.float64)
    return law


def poisson_laws(means: FloatArray) -> IntArray:
    """Return the laws of many means in one array, shape ``means.shape + (n_thresholds,)``."""
    distinct, place = np.unique(means, return_inverse=True)
    laws = [poisson_law(float(mean)) for mean in distinct]
    table = np.full((len(laws), max(1, *(law.size for law in laws), 1)), CERTAIN, dtype=np.int64)
    for row, law in zip(table, laws, strict=True):
        row[: law.size] = law
    stacked: IntArray = np.reshape(table[place], (*np.shape(means), table.shape[1]))
    return stacked
