"""What the ring learns: the travelling-wave fixed point of the discrete scheme.

While the wave is locked to its drive, ``x_i[k] = R[(i + k) mod N]``: one profile R, moving by
one neuron per step. The rule then has a fixed point that is solved with the profile itself.
"""

from dataclasses import dataclass

import numpy as np
from numpy.fft import irfft, rfft

from cortex.errors import ConvergenceError
from cortex.learning_ring.drive import Logistic, RateFunction, training_wave
from cortex.learning_ring.rules import Activity, PlasticityRule, drive_of
from cortex.learning_ring.state import Scheme, fixed_point_decay
from cortex.learning_ring.symmetry import circulant_matrix, diagonal_average
from cortex.params.arrays import finite, reals
from cortex.params.learning import LearningParams
from cortex.regime import warn_regime
from cortex.typing import ComplexArray, FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LearnedWave:
    """Fixed point of the rule under the travelling wave.

    Parameters
    ----------
    kernel : ndarray of shape (n_neurons,)
        w*[k] by k = target - source.
    rates : ndarray of shape (n_neurons,)
        Profile R; ``x_i[k] = R[(i + k) mod N]``.
    recurrent : ndarray of shape (n_neurons,)
        Recurrent input I* along the profile.
    residual : float
        Largest change of the kernel in the last iteration over its largest weight.
    n_iterations : int
        Iterations used.
    converged : bool
        Whether the residual is within the tolerance; what follows from a wave that has not
        converged is no prediction.
    """

    kernel: FloatArray
    rates: FloatArray
    recurrent: FloatArray
    residual: float
    n_iterations: int
    converged: bool

    @property
    def locking_amplitude(self) -> float:
        """Largest recurrent input: a weaker drive no longer decides who is active."""
        return float(np.max(np.abs(self.recurrent)))


def learned_wave(
    params: LearningParams,
    *,
    phi: RateFunction | None = None,
    rule: PlasticityRule | None = None,
    tolerance: float = 1e-13,
    max_iterations: int = 500,
    throw: bool = True,
) -> LearnedWave:
    """Return the kernel that the training wave writes, with the rates it causes.

    Parameters
    ----------
    params : LearningParams
        Ring and plasticity; the rule's averaging does not matter for the fixed point.
    phi : RateFunction, optional
        Rate function; logistic by default.
    rule : PlasticityRule, optional
        A function in the place of the built-in product, see `taught_kernel`.
    tolerance : float, optional
        Relative change of the kernel at which the iteration stops.
    max_iterations : int, optional
        Limit of the iteration.
    throw : bool, optional
        Whether to raise when the limit is reached; the wave says `converged` otherwise.

    Returns
    -------
    wave : LearnedWave

    Raises
    ------
    ConvergenceError
        The limit was reached; carries the last iterate.
    ParameterError
        The decay is 0.

    Warns
    -----
    RegimeWarning
        The drive is weaker than the recurrent input it creates: the solution exists, but
        simulations leave it.

    Notes
    -----
    With D[m] = (R[m] - R[m-1])/dt and arriving rates y[m] = sum_j p_j R[m - d_j]::

        w*[k] = 1/(lambda N) sum_m D[m+k] y[m]
        R[n]  = (1-a) R[n-1] + a phi(u[n] + sum_k w*[k] y[n-k])

    Rate noise adds its own differential correlation to w*[0], see `noise_weight`.

    References
    ----------
    Kosko (1986), AIP Conf. Proc. 151:277; derived in docs/models/learning-ring.md.

    Examples
    --------
    >>> from cortex.learning_ring.examples import standard_params
    >>> params = standard_params(n_neurons=100, tau_d=3e-3)
    >>> wave = learned_wave(params)
    >>> wave.converged, round(float(wave.kernel.max()), 3)
    (True, 0.905)
    """
    u = training_wave(params.ring)(np.zeros(1), params.ring)[0]
    phi = phi or Logistic(params.ring.phi_scale)
    kernel = recurrent = rates = np.zeros(params.ring.n_neurons)
    residual, iteration, converged = np.inf, 0, False
    while not converged and iteration < max_iterations:
        iteration += 1
        rates = driven_rates(phi(u + recurrent), params.ring.leak)
        before = kernel
        if rule is None:
            kernel = kernel_of(rates, params)
        else:
            kernel = taught_kernel(rates, params, rule, before)
        recurrent = recurrent_input(kernel, rates, params)
        residual = float(np.max(np.abs(kernel - before)) / max(np.max(np.abs(kernel)), 1e-300))
        converged = residual <= tolerance  # never true of NaN
    wave = LearnedWave(
        kernel=kernel,
        rates=rates,
        recurrent=recurrent,
        residual=residual,
        n_iterations=iteration,
        converged=converged,
    )
    if throw and not converged:
        msg = (
            f"the learned wave changes by {residual:.1e}, not within {tolerance:.1e}, after "
            f"{max_iterations} iterations; is u_scale = {params.ring.u_scale:g} too weak?"
        )
        raise ConvergenceError(msg, wave)
    _warn_unlocked(params, wave)
    return wave


def driven_rates(stationary: FloatArray, leak: float) -> FloatArray:
    """Return the periodic solution of R[n] = (1-a) R[n-1] + a s[n].

    Parameters
    ----------
    stationary : ndarray of shape (n_neurons,), dimensionless
        Stationary rates s over one period, one step apart.
    leak : float
        a = dt/tau_x, in (0, 1).

    Returns
    -------
    rates : ndarray of shape (n_neurons,), dimensionless

    Notes
    -----
    R_q = a s_q / (1 - (1-a) exp(-2 pi i q/N)).

    References
    ----------
    Derived: the low-pass filter of the Euler step.

    Examples
    --------
    >>> driven_rates(np.array([1.0, 1.0, 0.0, 0.0]), 0.5).round(3).tolist()
    [0.6, 0.8, 0.4, 0.2]
    """
    stationary, leak = reals("stationary", stationary), float(finite("leak", leak, 0))
    n = len(stationary)
    z = np.exp(2j * np.pi * np.arange(n // 2 + 1) / n)
    rates: FloatArray = irfft(leak * rfft(stationary) / (1.0 - (1.0 - leak) / z), n)
    return rates


def kernel_of(rates: FloatArray, params: LearningParams) -> FloatArray:
    """Return the kernel at which the rule rests under a wave of profile `rates`.

    Parameters
    ----------
    rates : ndarray of shape (n_neurons,)
        Profile R of the wave, dimensionless; ``x_i[k] = R[(i + k) mod N]``.
    params : LearningParams
        Ring and plasticity.

    Returns
    -------
    kernel : ndarray of shape (n_neurons,)
        w*[k] by k = target - source, dimensionless, what rate noise adds included.

    Raises
    ------
    ParameterError
        The decay is 0.

    References
    ----------
    Kosko (1986), AIP Conf. Proc. 151:277, at rest.

    Examples
    --------
    >>> from cortex.learning_ring.examples import standard_params
    >>> params = standard_params(n_neurons=100, tau_d=3e-3)
    >>> wave = learned_wave(params)
    >>> bool(abs(kernel_of(wave.rates, params) - wave.kernel).max() < 1e-9)
    True
    """
    n = len(rates)
    kernel: FloatArray = irfft(kernel_spectrum(rates, params), n)
    kernel[0] += noise_weight(params)
    return kernel


def taught_kernel(
    rates: FloatArray, params: LearningParams, rule: PlasticityRule, kernel: FloatArray
) -> FloatArray:
    """Return the kernel that a rule given as a function writes under a wave, without noise.

    Parameters
    ----------
    rates : ndarray of shape (n_neurons,)
        Profile R of the wave, dimensionless; ``x_i[k] = R[(i + k) mod N]``.
    params : LearningParams
        Ring and plasticity.
    rule : PlasticityRule
        Treats all neurons alike.
    kernel : ndarray of shape (n_neurons,)
        Kernel of the weights that the rule sees, dimensionless.

    Returns
    -------
    taught : ndarray of shape (n_neurons,)
        Diagonal average of F over lambda, dimensionless. A step of the wave shifts F along its
        diagonals, so one call of `rule` gives the mean over a period.

    Raises
    ------
    ParameterError
        The decay is 0, or the rule returned another shape.

    References
    ----------
    Definition, averaged over a period.

    Examples
    --------
    >>> from cortex.learning_ring.examples import standard_params
    >>> params = standard_params(n_neurons=100, tau_d=3e-3)
    >>> wave = learned_wave(params)
    >>> def hebb(post, pre, weights):
    ...     return np.outer(post.rate, pre.rate)
    >>> bool(taught_kernel(wave.rates, params, hebb, wave.kernel).min() >= 0.0)
    True
    """
    ring, decay = params.ring, fixed_point_decay(params)
    arriving = np.zeros_like(rates)
    for lag, weight in zip(*ring.delay_law(), strict=True):
        arriving += weight * np.roll(rates, lag)
    post, pre = (
        Activity(rate=each, derivative=(each - np.roll(each, 1)) / ring.dt)
        for each in (rates, arriving)
    )
    drive = drive_of(rule, post, pre, circulant_matrix(kernel))
    return diagonal_average(drive).kernel / decay


def kernel_spectrum(rates: FloatArray, params: LearningParams) -> ComplexArray:
    """Return the Fourier form of the kernel, without noise.

    Parameters
    ----------
    rates : ndarray of shape (n_neurons,)
        Profile R of the wave, dimensionless.
    params : LearningParams
        Ring and plasticity.

    Returns
    -------
    spectrum : complex ndarray of shape (n_neurons // 2 + 1,)
        Modes q = 0 .. N/2 of ``w*[k]``, dimensionless, as `numpy.fft.rfft` defines them.

    Raises
    ------
    ParameterError
        The decay is 0.

    Notes
    -----
    With z = exp(2 pi i q/N) and the delay factor h = sum_j p_j z^{d_j}::

        w*_q = (1 - 1/z)/(lambda N dt) |R_q|^2 h        derivative on the target
        w*_q = (1 - z)/(lambda N dt) |R_q|^2 h          derivative on the source

    The continuum limit i omega |r|^2 exp(i omega tau_d)/lambda is an odd kernel, the
    derivative of the autocorrelation, shifted by the delay; the presynaptic rule has the
    opposite sign.

    References
    ----------
    Roberts (1999), J. Comput. Neurosci. 7:235, for weights by a correlation of rates.

    Examples
    --------
    >>> from cortex.learning_ring.examples import standard_params
    >>> params = standard_params(n_neurons=100, tau_d=3e-3)
    >>> wave = learned_wave(params)
    >>> bool(abs(irfft(kernel_spectrum(wave.rates, params), 100) - wave.kernel).max() < 1e-9)
    True
    """
    ring, decay, rates = params.ring, fixed_point_decay(params), reals("rates", rates)
    n = len(rates)
    z = np.exp(2j * np.pi * np.arange(n // 2 + 1) / n)
    on_target = params.plasticity.derivative == "postsynaptic"
    change = (1.0 - 1.0 / z if on_target else 1.0 - z) / ring.dt
    power = np.abs(rfft(rates)) ** 2
    spectrum: ComplexArray = change * power * _delay_factor(params, z) / (decay * n)
    return spectrum


def recurrent_input(kernel: FloatArray, rates: FloatArray, params: LearningParams) -> FloatArray:
    """Return the recurrent input I[n] = sum_k w[k] y[n-k] along a wave.

    Parameters
    ----------
    kernel : ndarray of shape (n_neurons,)
        Weights by target - source, dimensionless.
    rates : ndarray of shape (n_neurons,)
        Profile R of the wave, dimensionless; the rates y arrive after the delay.
    params : LearningParams
        Ring and plasticity.

    Returns
    -------
    recurrent : ndarray of shape (n_neurons,)
        Input along the profile, dimensionless.

    References
    ----------
    Definition.

    Examples
    --------
    >>> from cortex.learning_ring.examples import standard_params
    >>> params = standard_params(n_neurons=100, tau_d=3e-3)
    >>> wave = learned_wave(params)
    >>> recurrent_input(wave.kernel, wave.rates, params).shape
    (100,)
    """
    n = len(rates)
    z = np.exp(2j * np.pi * np.arange(n // 2 + 1) / n)
    arriving = rfft(reals("rates", rates)) * np.conj(_delay_factor(params, z))
    recurrent: FloatArray = irfft(rfft(reals("kernel", kernel)) * arriving, n)
    return recurrent


def noise_weight(params: LearningParams) -> float:
    """Return what independent rate noise adds to the weight of a neuron on itself.

    Raises
    ------
    ParameterError
        The decay is 0.

    Notes
    -----
    Noise of deviation sigma is correlated as C[l] = sigma^2 (1-a)^l over l steps, so the rule adds
    (C[d] - C[d-1])/(lambda dt) to w*[0] for the postsynaptic derivative and
    (C[d] - C[d+1])/(lambda dt) for the presynaptic one, averaged over the delays.
    """
    ring, scheme = params.ring, Scheme.of(params)
    lags = scheme.lags
    correlation = ring.noise_sd**2 * (1.0 - ring.leak) ** np.array([lags - 1, lags, lags + 1])
    change = correlation[1] - correlation[0 if scheme.on_target else 2]
    return float(scheme.lag_weights @ change / (fixed_point_decay(params) * ring.dt))


def _delay_factor(params: LearningParams, z: ComplexArray) -> ComplexArray:
    lags, weights = params.ring.delay_law()
    return z[:, None] ** lags @ weights


def _warn_unlocked(params: LearningParams, wave: LearnedWave) -> None:
    if params.ring.u_scale < wave.locking_amplitude:
        msg = (
            f"u_scale = {params.ring.u_scale:g} lies below the largest recurrent input "
            f"{wave.locking_amplitude:.3g}: simulations leave this locked wave"
        )
        warn_regime(msg)
