"""How the initial weights of the ring are forgotten."""

import numpy as np

from cortex.params.arrays import finite, whole
from cortex.params.learning import LearningParams
from cortex.typing import FloatArray, IntArray


def transient(
    params: LearningParams, w_init: FloatArray, kernel: FloatArray, steps: IntArray
) -> FloatArray:
    """Return the kernel after the update of each of `steps`.

    Parameters
    ----------
    params : LearningParams
        Ring, plasticity and training.
    w_init : ndarray of shape (n_neurons,)
        Initial kernel, dimensionless; of a matrix, its diagonal average.
    kernel : ndarray of shape (n_neurons,)
        Fixed point w*, dimensionless.
    steps : ndarray of int, shape (n_steps,)
        Step numbers, those of the initial phase included.

    Returns
    -------
    kernels : ndarray of shape (n_steps, n_neurons), dimensionless

    Notes
    -----
    ``w_n = w* + (w_0 - w*) (1 - lambda beta dt)^n`` with n steps of learning: exact for the
    rule "mean" while the wave is locked, and for the diagonal average of "pairwise".

    References
    ----------
    Derived: the decay of the Euler step.

    Examples
    --------
    >>> from cortex.learning_ring.examples import standard_params
    >>> params = standard_params(n_neurons=100, tau_d=3e-3)
    >>> from cortex.learning_ring.theory import learned_wave
    >>> wave = learned_wave(params)
    >>> bool(transient(params, np.zeros(100), wave.kernel, np.array([0])).any())
    False
    """
    kept = forgetting(params, steps)[:, None]
    w_init, kernel = finite("w_init", w_init, 1), finite("kernel", kernel, 1)
    return kernel + (w_init - kernel) * kept


def forgetting(params: LearningParams, steps: IntArray) -> FloatArray:
    """Return the share of the initial weights left after each of `steps`.

    Parameters
    ----------
    params : LearningParams
        Ring, plasticity and training.
    steps : ndarray of int, shape (n_steps,)
        Step numbers; those of the initial phase forget nothing.

    Returns
    -------
    kept : ndarray of shape (n_steps,)
        ``(1 - lambda beta dt)^n`` after n steps of learning, a share in (0, 1].

    References
    ----------
    Derived: the decay of the Euler step.

    Examples
    --------
    >>> from cortex.learning_ring.examples import standard_params
    >>> params = standard_params(n_neurons=100, tau_d=3e-3)
    >>> forgetting(params, np.array([0, params.n_steps])).round(4).tolist()
    [1.0, 0.3036]
    """
    learned = np.maximum(whole("steps", steps, -1) + 1 - params.init_steps, 0)
    return params.retention**learned
