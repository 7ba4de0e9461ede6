"""Drives of the ring and its rate function: what enters a neuron and what leaves it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from cortex.params.learning import RingParams
from cortex.typing import FloatArray

Drive = Callable[[FloatArray, RingParams], FloatArray]
"""Steps of shape (n,), in units of dt and not always whole, and the ring -> (n, n_neurons)."""

RateFunction = Callable[[FloatArray], FloatArray]
"""Total input -> stationary rate, elementwise on any shape; both dimensionless."""

EXPONENTS: Final = (-40.0, 250.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TravellingWave:
    """Sinusoidal wave u = A sin(2 pi (t/T' + m k/N)) that visits the neurons k in turn.

    Parameters
    ----------
    amplitude : float
        A, dimensionless.
    period : float
        T', s; a negative period reverses the direction. The wave runs towards smaller k.
    cycles : int, optional
        Spatial cycles per ring, m.
    """

    amplitude: float
    period: float
    cycles: int = 1

    def __call__(self, steps: FloatArray, ring: RingParams) -> FloatArray:
        """Return the wave at `steps` (n,) as an array of shape (n, n_neurons)."""
        n_period = _snapped(self.period / ring.dt)
        time = 2.0 * np.pi * np.fmod(steps, n_period) / n_period
        turns = (self.cycles * np.arange(ring.n_neurons)) % ring.n_neurons / ring.n_neurons
        place = 2.0 * np.pi * turns
        in_time = self.amplitude * np.column_stack([np.sin(time), np.cos(time)])
        rows: FloatArray = in_time @ np.stack([np.cos(place), np.sin(place)])
        return rows


@dataclass(frozen=True, slots=True)
class Superposition:
    """Sum of several drives, such as `opposite_waves`.

    Parameters
    ----------
    parts : tuple of Drive
        What is added.
    """

    parts: tuple[Drive, ...]

    def __call__(self, steps: FloatArray, ring: RingParams) -> FloatArray:
        """Return the summed drive, shape (n, n_neurons)."""
        total = np.zeros((len(steps), ring.n_neurons))
        for part in self.parts:
            total += part(steps, ring)
        return total


@dataclass(frozen=True, slots=True)
class Logistic:
    """Rate function phi(z) = 1/(1 + exp(-gain z))."""

    gain: float

    def __call__(self, z: FloatArray) -> FloatArray:
        """Return the rate, same shape as `z`.

        Examples
        --------
        >>> Logistic(10.0)(np.array([-1e6, 0.0, 1e6])).round(3).tolist()
        [0.0, 0.5, 1.0]
        """
        # Beyond the bounds the rate is 1 to the last digit, or below 1e-108; exp is slow there.
        return 1.0 / (1.0 + np.exp(np.clip(-self.gain * z, *EXPONENTS)))


def training_wave(ring: RingParams) -> TravellingWave:
    """Return the wave the ring is trained with: one neuron per step, amplitude `u_scale`."""
    return TravellingWave(amplitude=ring.u_scale, period=ring.period)


def opposite_waves(ring: RingParams) -> Superposition:
    """Return the training wave and its mirror image: a standing wave of amplitude 2 `u_scale`.

    Notes
    -----
    ``u_k(t) = 2 A cos(2 pi t/T) sin(2 pi k/N)``; what it teaches is `standing_kernel`.
    """
    there = training_wave(ring)
    back = TravellingWave(amplitude=there.amplitude, period=-there.period)
    return Superposition((there, back))


def _snapped(n_period: float) -> float:
    """Return a period in steps as the whole number it rounds to within float error."""
    whole = float(round(n_period))
    return whole if abs(n_period - whole) < 1e-9 * abs(n_period) else n_period
