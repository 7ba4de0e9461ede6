"""What the rule leaves above its mean: the ripple of one period, of order beta."""

import numpy as np

from cortex.learning_ring.initial_weights import forgetting, transient
from cortex.learning_ring.state import Scheme
from cortex.learning_ring.theory import LearnedWave
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
        Dimensionless: ``ripple[n, k]`` after a step i = n (mod N), for target k. The weight of
        any source y to target y + k has ``ripple[(i + y) mod N, k]``.

    Notes
    -----
    Periodic solution of W_n = q W_{n-1} + beta f_n g_n, where the product of target factor f
    and source factor g is known from the profile of the wave; of order beta, exact while the
    feedback of the ripple on the rates is negligible. Zero for beta = 0.

    References
    ----------
    Derived in docs/models/learning-ring.md.

    Examples
    --------
    >>> from cortex.learning_ring.theory import learned_wave
    >>> from cortex.learning_ring.examples import standard_params
    >>> params = standard_params(n_neurons=100, tau_d=3e-3)
    >>> wave = learned_wave(params)
    >>> bool(abs(steady_ripple(params, wave).mean()) < 1e-4)
    True
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
        Dimensionless: standard deviation of `steady_ripple` by target - source; that of the
        initial weights is forgotten.

    References
    ----------
    As for `steady_ripple`.

    Examples
    --------
    >>> from cortex.learning_ring.examples import standard_params
    >>> from cortex.learning_ring.theory import learned_wave
    >>> params = standard_params(n_neurons=100, tau_d=3e-3, rule="pairwise")
    >>> bool(diagonal_spread(params, learned_wave(params)).max() < 0.05)
    True
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
        Initial kernel, dimensionless; of a matrix, its diagonal average.
    wave : LearnedWave
        Fixed point of `params`.
    steps : ndarray of int, shape (n_steps,)
        Step numbers.

    Returns
    -------
    kernels : ndarray of shape (n_steps, n_neurons), dimensionless

    Notes
    -----
    `transient`, and for the rule "single" its ripple, which starts from zero as well.

    References
    ----------
    As for `transient` and `steady_ripple`.

    Examples
    --------
    >>> from cortex.learning_ring.theory import learned_wave
    >>> from cortex.learning_ring.examples import standard_params
    >>> params = standard_params(n_neurons=100, tau_d=3e-3)
    >>> wave = learned_wave(params)
    >>> predicted_kernel(params, np.zeros(100), wave, np.array([1000, 2000])).shape
    (2, 100)
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


def wave_factors(params: LearningParams, rates: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return what the targets and the sources of the built-in rule contribute along a wave.

    Parameters
    ----------
    params : LearningParams
        Ring and plasticity.
    rates : ndarray of shape (n_neurons,)
        Profile R of the wave.

    Returns
    -------
    target, source : ndarray of shape (n_neurons,)
        f and g in ``W_n = q W_{n-1} + beta f g^T``; the factor with the derivative is its change
        in one step, dimensionless.
    """
    scheme = Scheme.of(params)
    arriving = np.zeros_like(rates)
    for lag, weight in zip(scheme.lags, scheme.lag_weights, strict=True):
        arriving += weight * np.roll(rates, lag)
    if scheme.on_target:
        return rates - np.roll(rates, 1), arriving
    return rates, arriving - np.roll(arriving, 1)


def _products(params: LearningParams, wave: LearnedWave) -> FloatArray:
    """Return f[n + k] g[n] over the period n and target k, shape (n_neurons, n_neurons)."""
    target, source = wave_factors(params, wave.rates)
    index = np.arange(len(target))
    products: FloatArray = target[(index[:, None] + index) % len(target)] * source[:, None]
    return products
