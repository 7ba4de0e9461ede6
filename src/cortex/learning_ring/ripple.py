"""What the rule leaves above its mean: the ripple of one period, of order beta."""

import numpy as np

from cortex.learning_ring.state import Scheme
from cortex.learning_ring.theory import LearnedWave, forgetting, transient
from cortex.params.learning import LearningParams
from cortex.typing import FloatArray, IntArray


def steady_ripple(params: LearningParams, wave: LearnedWave) -> FloatArray:
    """Return w - w* of source neuron 0 over one period, shape (n_neurons, n_neurons).

    Parameters
    ----------
    params : LearningParams
        Ring and plasticity.
    wave : LearnedWave
        Fixed point of `params`.

    Returns
    -------
    ripple : ndarray of shape (n_neurons, n_neurons)
        ``ripple[n, k]`` after a step i = n (mod N), for target k. The weight of any source y
        to target y + k has ``ripple[(i + y) mod N, k]``.

    Notes
    -----
    Periodic solution of W_n = q W_{n-1} + beta f_n g_n, where the product of target factor f
    and source factor g is known from the profile of the wave; of order beta, exact while the
    feedback of the ripple on the rates is negligible. Zero for beta = 0.
    """
    n = params.ring.n_neurons
    product = params.plasticity.beta * _products(params, wave)
    phase = np.exp(-2j * np.pi * np.arange(n // 2 + 1) / n)
    spectrum = np.fft.rfft(product, axis=0)
    spectrum[0] = 0.0  # the mean is w*; with q = 1 it would be 0/0
    spectrum[1:] /= (1.0 - params.retention * phase[1:])[:, None]
    ripple: FloatArray = np.fft.irfft(spectrum, n, axis=0)
    return ripple


def diagonal_spread(params: LearningParams, wave: LearnedWave) -> FloatArray:
    """Return the spread along the diagonals of a learned N x N matrix.

    Parameters
    ----------
    params : LearningParams
        Ring and plasticity.
    wave : LearnedWave
        Fixed point of `params`.

    Returns
    -------
    spread : ndarray of shape (n_neurons,)
        Standard deviation of `steady_ripple` by target - source; that of the initial weights
        is forgotten.
    """
    spread: FloatArray = steady_ripple(params, wave).std(axis=0)
    return spread


def predicted_kernel(
    params: LearningParams, w_init: FloatArray, wave: LearnedWave, steps: IntArray
) -> FloatArray:
    """Return the kernel after each of `steps`, for any rule.

    Parameters
    ----------
    params : LearningParams
        Ring, plasticity and training.
    w_init : ndarray of shape (n_neurons,)
        Initial kernel; of a matrix, its diagonal average.
    wave : LearnedWave
        Fixed point of `params`.
    steps : ndarray of int, shape (n_steps,)
        Step numbers.

    Returns
    -------
    kernels : ndarray of shape (n_steps, n_neurons)

    Notes
    -----
    `transient`, and for the rule "single" its ripple, which starts from zero as well.
    """
    kernel = transient(params, w_init, wave.kernel, steps)
    if params.plasticity.rule != "single":
        return kernel
    n = params.ring.n_neurons
    ripple = steady_ripple(params, wave)
    start = ripple[(params.init_steps - 1) % n]
    kernel += ripple[steps % n]
    kernel -= start * forgetting(params, steps)[:, None]
    return kernel


def _products(params: LearningParams, wave: LearnedWave) -> FloatArray:
    """Return f[n + k] g[n] over the period n and target k, shape (n_neurons, n_neurons)."""
    rates, scheme = wave.rates, Scheme.of(params)
    n = len(rates)
    arriving = sum(
        weight * np.roll(rates, lag)
        for lag, weight in zip(scheme.lags, scheme.lag_weights, strict=True)
    )
    target = rates - np.roll(rates, 1) if scheme.on_target else rates
    source = arriving if scheme.on_target else arriving - np.roll(arriving, 1)
    index = np.arange(n)
    products: FloatArray = target[(index[:, None] + index) % n] * np.asarray(source)[:, None]
    return products
