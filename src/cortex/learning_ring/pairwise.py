"""The N x N weight matrix, advanced by matrix products over blocks as long as the delay.

Inside a block of at most d steps all arriving rates y_m are known, so

    W_m y_m = q^m W_0 y_m + beta dt sum_{k<m} q^(m-1-k) f_k (g_k . y_m)

needs W_0 once for all steps (one product), the Gram matrix of the block, and one product at
its end: W_n = q^n W_0 + beta dt sum_k q^(n-1-k) f_k g_k^T. Exact up to rounding; a step moves
24 N^2/d bytes instead of 16 N^2.
"""

import numpy as np

from cortex.learning_ring.drive import RateFunction
from cortex.learning_ring.state import Block, Scheme
from cortex.typing import FloatArray


class PairwiseWeights:
    """Weights ``W[target, source]`` of all pairs under the differential Hebbian rule."""

    def __init__(self, w_init: FloatArray, scheme: Scheme) -> None:
        self._weights = np.array(w_init, dtype=np.float64)  # a copy: the caller's stays as it is
        self._scheme = scheme

    @property
    def values(self) -> FloatArray:
        """A copy of the weights, shape (n_neurons, n_neurons)."""
        return self._weights.copy()

    @property
    def norm(self) -> float:
        """Frobenius norm of the weights."""
        return float(np.linalg.norm(self._weights))

    def advance(self, block: Block, arriving: FloatArray, phi: RateFunction) -> FloatArray:
        """Return the rates of a block, shape (n, n_neurons), and learn from them.

        Parameters
        ----------
        block : Block
            Drive, noise and the rates before the block.
        arriving : ndarray of shape (n + 1, n_neurons)
            Delayed rates y of the step before the block and of its n steps.
        phi : RateFunction
            Rate function.
        """
        scheme, n = self._scheme, len(block.drive)
        y = arriving[1:]
        source = y if scheme.on_target else np.diff(arriving, axis=0) / scheme.dt
        powers = scheme.retention ** np.arange(n)
        free = block.drive + powers[:, None] * (y @ self._weights.T)
        learned = (y @ source.T) * _past(scheme, n)
        rates = np.empty_like(free)
        target = np.empty_like(free)
        x = block.x
        for m in range(n):
            z = free[m] + learned[m, :m] @ target[:m]
            dx = scheme.leak * (phi(z) - x) + block.noise[m]
            x = np.add(x, dx, out=rates[m])
            target[m] = dx / scheme.dt if scheme.on_target else x
        target *= powers[::-1, None]
        self._weights *= scheme.retention**n
        # the gain comes last, as for a rule given as a function: single steps agree bit for bit
        self._weights += scheme.beta * scheme.dt * (target.T @ source)
        return rates


def _past(scheme: Scheme, n: int) -> FloatArray:
    """Return beta dt q^(m-1-k) for k < m and 0 otherwise, shape (n, n)."""
    age = np.arange(n)[:, None] - np.arange(n) - 1
    gain = scheme.beta * scheme.dt
    past: FloatArray = np.where(age >= 0, gain * scheme.retention ** np.maximum(age, 0), 0.0)
    return past
