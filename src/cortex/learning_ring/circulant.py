"""Weights that depend on the distance only, advanced in Fourier space.

With w[k], k = target - source, the recurrent input is a circular convolution and the rule
averaged over sources a circular correlation:

    I_q = w_q y_q,    w_q <- q w_q + (beta/N) f_q conj(y_q)

The arriving rates y of a chunk of steps are known, its own changes f are not: the chunk is
run repeatedly with the f of the run before, all its FFTs at once, until the stationary rates
repeat. A step depends on earlier ones only, so run r makes the first r steps exact; since f
acts through the small learning rate, two or three runs make all of them exact to rounding.
"""

from typing import Final

import numpy as np
from numpy.fft import irfft, rfft

from cortex.learning_ring._loops import follow_rates, follow_weights
from cortex.learning_ring.drive import RateFunction
from cortex.learning_ring.state import Block, Scheme
from cortex.typing import ComplexArray, FloatArray

CHUNK: Final = 25
ROUNDING: Final = 1e-15


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
        arrived: ComplexArray = rfft(arriving[1:], axis=1)
        gain = self._source_gain(arriving)
        rates = np.empty_like(block.drive)
        x = block.x
        for first in range(0, len(rates), CHUNK):
            chunk = slice(first, first + CHUNK)
            part = Block(drive=block.drive[chunk], noise=block.noise[chunk], x=x)
            self._run_chunk(part, arrived[chunk], gain[chunk], phi, rates[chunk])
            x = rates[chunk][-1]
        return rates

    def _run_chunk(
        self,
        block: Block,
        arrived: ComplexArray,
        gain: ComplexArray,
        phi: RateFunction,
        rates: FloatArray,
    ) -> None:
        """Write the rates of a chunk and advance the weights, run until nothing changes."""
        scheme, n_neurons = self._scheme, self._n_neurons
        target, modes = np.zeros_like(arrived), np.empty_like(arrived)
        change, before = np.empty_like(rates), np.full_like(rates, np.inf)
        for _ in range(len(rates) + 1):
            w = self._spectrum.copy()
            follow_weights(w, scheme.retention, gain, target, arrived, modes)
            stationary = phi(block.drive + irfft(modes, n_neurons, axis=1))
            if np.max(np.abs(stationary - before)) <= ROUNDING:
                break
            before = stationary
            follow_rates(block.x, stationary, scheme.leak, block.noise, rates, change)
            target = rfft(change if scheme.on_target else rates, axis=1)
        self._spectrum = w

    def _source_gain(self, arriving: FloatArray) -> ComplexArray:
        """Return what the target factor of the rule is multiplied with, (n, n_modes or 1)."""
        scheme = self._scheme
        source = arriving[1:] if scheme.on_target else np.diff(arriving, axis=0)
        if self._average:
            averaged: ComplexArray = (scheme.beta / self._n_neurons) * rfft(source, axis=1).conj()
            return averaged
        return (scheme.beta * source[:, :1]).astype(np.complex128)
