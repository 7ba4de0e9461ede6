"""Numbers of the discrete scheme, the ring buffer of past rates, and the presynaptic rows."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from cortex.errors import ParameterError
from cortex.params.learning import LearningParams
from cortex.typing import FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scheme:
    """What the update of one step needs, derived once from the parameters.

    Parameters
    ----------
    dt, leak : float
        Step, s, and a = dt/tau_x.
    beta, retention : float
        Learning rate and fraction q = 1 - lambda beta dt of a weight kept in one step.
    lags, lag_weights : ndarray of shape (n_delays,)
        Delays in steps and their probabilities.
    noise_step : float
        Deviation of the noise added to a rate in one step.
    on_target : bool
        Whether the derivative of the rule is postsynaptic.
    """

    dt: float
    leak: float
    beta: float
    retention: float
    lags: IntArray
    lag_weights: FloatArray
    noise_step: float
    on_target: bool

    @classmethod
    def of(cls, params: LearningParams) -> Self:
        """Return the scheme of `params`."""
        ring, plasticity = params.ring, params.plasticity
        lags, lag_weights = ring.delay_law()
        # stationary variance of x <- (1-a) x + s xi is s^2 / (1 - (1-a)^2)
        noise_step = ring.noise_sd * np.sqrt(1.0 - (1.0 - ring.leak) ** 2)
        return cls(
            dt=ring.dt,
            leak=ring.leak,
            beta=plasticity.beta,
            retention=params.retention,
            lags=lags,
            lag_weights=lag_weights,
            noise_step=float(noise_step),
            on_target=plasticity.derivative == "postsynaptic",
        )


def fixed_point_decay(params: LearningParams) -> float:
    """Return the decay lambda that the theory divides by, 1/s.

    Raises
    ------
    ParameterError
        The decay is 0: weights then grow for ever and have no fixed point.
    """
    decay = params.plasticity.decay
    if decay == 0.0:
        msg = (
            "PlasticityParams.decay = 0 per_s: weights without decay have no fixed point to "
            "predict; give a positive decay, or run `simulate` alone"
        )
        raise ParameterError(msg)
    return decay


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """Consecutive steps no longer than the shortest delay, so that their sources are known.

    Parameters
    ----------
    drive : ndarray of shape (n, n_neurons)
        External input u.
    noise : ndarray of shape (n, n_neurons)
        Noise added to the rates.
    x : ndarray of shape (n_neurons,)
        Rates before the first step.
    """

    drive: FloatArray
    noise: FloatArray
    x: FloatArray


class DelayLine:
    """Rates of the last steps: as many as the longest delay, whatever the run's length.

    Rows before the first step are zero.
    """

    def __init__(self, scheme: Scheme, n_neurons: int) -> None:
        self.longest = int(scheme.lags.max()) + 1  # one more for the presynaptic derivative
        self.block_size = int(scheme.lags.min())
        self._scheme = scheme
        self._rows = np.zeros((self.longest, n_neurons))

    @property
    def last(self) -> FloatArray:
        """Rates of the latest step, shape (n_neurons,)."""
        row: FloatArray = self._rows[self.longest - 1]
        return row

    def delayed(self, n: int) -> FloatArray:
        """Return what arrives in the next `n` steps and the step before, (n + 1, n_neurons).

        ``y_i = sum_j p_j x_{i - d_j}`` over the delays d_j with probabilities p_j.
        """
        start = self.longest - 1
        arriving = np.zeros((n + 1, self._rows.shape[1]))
        for lag, weight in zip(self._scheme.lags, self._scheme.lag_weights, strict=True):
            arriving += weight * self._rows[start - lag : start - lag + n + 1]
        return arriving

    def append(self, rates: FloatArray) -> None:
        """Add the rates of the latest steps, shape (n, n_neurons)."""
        n = len(rates)
        self._rows[: self.longest - n] = self._rows[n : self.longest].copy()
        self._rows[self.longest - n : self.longest] = rates
