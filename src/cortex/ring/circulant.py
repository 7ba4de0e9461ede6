"""Weights that depend on the distance only, advanced in Fourier space.

With w[k], k = target - source, the recurrent input is a circular convolution and the rule
averaged over sources a circular correlation:

    I_q = w_q y_q,    w_q <- q w_q + (beta/N) f_q conj(y_q)

so a step costs two real FFTs; the arriving rates of a block are transformed together.
"""

import numpy as np
from numpy.fft import irfft, rfft

from cortex.ring.drive import RateFunction
from cortex.ring.state import Block, Scheme
from cortex.typing import ComplexArray, FloatArray


class CirculantWeights:
    """Weights ``w[target - source]`` under the rule averaged over sources, or of source 0."""

    def __init__(self, w_init: FloatArray, scheme: Scheme, *, average: bool) -> None:
        self._n_neurons = len(w_init)
        self._spectrum: ComplexArray = rfft(w_init)
        self._scheme = scheme
        self._average = average

    @property
    def values(self) -> FloatArray:
        """A copy of the weights, shape (n_neurons,)."""
        weights: FloatArray = irfft(self._spectrum, self._n_neurons)
        return weights

    @property
    def norm(self) -> float:
        """Frobenius norm of the N x N matrix with these weights."""
        return float(np.sqrt(self._n_neurons) * np.linalg.norm(self.values))

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
        scheme, n_neurons = self._scheme, self._n_neurons
        y: ComplexArray = rfft(arriving[1:], axis=1)
        gain = self._source_gain(arriving)
        rates = np.empty_like(block.drive)
        x, w = block.x, self._spectrum
        for m in range(len(rates)):
            z = block.drive[m] + irfft(w * y[m], n_neurons)
            dx = scheme.leak * (phi(z) - x) + block.noise[m]
            x = np.add(x, dx, out=rates[m])
            w = scheme.retention * w + gain[m] * rfft(dx if scheme.on_target else x)
        self._spectrum = w
        return rates

    def _source_gain(self, arriving: FloatArray) -> ComplexArray:
        """Return what the target factor of the rule is multiplied with, (n, n_modes or 1)."""
        scheme = self._scheme
        source = arriving[1:] if scheme.on_target else np.diff(arriving, axis=0)
        if self._average:
            averaged: ComplexArray = (scheme.beta / self._n_neurons) * rfft(source, axis=1).conj()
            return averaged
        return (scheme.beta * source[:, :1]).astype(np.complex128)
