"""How fast the learned wave runs on its own, and how strong a drive must be to hold it.

Without a drive, or with one of another speed, the wave is no longer tied to the lattice of
neurons and steps; its profile is taken as a function of the phase, sampled by the neurons.
"""

import numpy as np
from numpy.fft import rfft
from scipy.optimize import brentq

from cortex.errors import ConvergenceError, ParameterError
from cortex.params.arrays import finite
from cortex.params.learning import LearningParams
from cortex.typing import FloatArray


def first_harmonic_frequency(params: LearningParams, *, discrete: bool = True) -> float:
    """Return the replay frequency from the phase condition of the first harmonic, Hz.

    Parameters
    ----------
    params : LearningParams
        Ring and plasticity.
    discrete : bool, optional
        Whether to use the phases of the discrete scheme, or the continuum limit.

    Returns
    -------
    frequency : float
        Negative for the reverse direction.

    Notes
    -----
    The learned kernel leads by a quarter cycle and the delay, the loop lags by the delay and
    the low pass. In the continuum, with omega_0 = 2 pi/T::

        pi/2 + omega_0 tau_d = omega tau_d + arctan(omega tau_x)

    so replay is faster than training, by 1 + T/(4 tau_d) for tau_x -> 0. The presynaptic
    derivative has -pi/2 on the left and may replay backwards (negative frequency).
    """
    ring = params.ring
    quarter = np.pi / 2.0 if params.plasticity.derivative == "postsynaptic" else -np.pi / 2.0
    omega_0 = 2.0 * np.pi / ring.period
    lead = quarter + omega_0 * ring.tau_d
    if discrete:
        lead -= np.sign(quarter) * 0.5 * omega_0 * ring.dt

    def excess(frequency: float) -> float:
        delayed = 2.0 * np.pi * frequency * ring.tau_d
        return lead - delayed - rate_lag(params, frequency, discrete=discrete)

    bound = (abs(lead) + np.pi) / (2.0 * np.pi * ring.tau_d)
    return float(brentq(excess, -bound, bound))


def switch_input(params: LearningParams, kernel: FloatArray, frequency: float) -> float:
    """Return the recurrent input of a neuron at the moment it switches on.

    Parameters
    ----------
    params : LearningParams
        Ring and plasticity.
    kernel : ndarray of shape (n_neurons,)
        Weights by target - source, dimensionless.
    frequency : float
        Frequency of the wave, Hz; negative for the reverse direction.

    Returns
    -------
    current : float
        Input, dimensionless. Positive: the neurons want to switch earlier.

    Notes
    -----
    Saturated rates follow a square wave with odd modes S_q = 1/(i pi q). With
    z = exp(2 pi i f dt)::

        I = sum_q w_q S_q a/(1 - (1-a) z^-q) sum_j p_j z^(-q d_j)

    A drive of amplitude A moves the switch to the phase arcsin(I/A) before its own: it holds
    the wave if A > abs(I), and a wave without drive runs where I = 0.

    References
    ----------
    Derived in docs/models/learning-ring.md.

    Examples
    --------
    >>> from cortex.learning_ring.examples import standard_params
    >>> params = standard_params(n_neurons=100, tau_d=3e-3)
    >>> from cortex.learning_ring.theory import learned_wave
    >>> round(switch_input(params, learned_wave(params).kernel, 1.0 / params.ring.period), 2)
    8.95
    """
    ring, kernel = params.ring, finite("kernel", kernel, 1)
    frequency = float(finite("frequency", frequency, 0))
    if kernel.size != ring.n_neurons:
        msg = f"kernel has {kernel.size} weights, the ring {ring.n_neurons} neurons"
        raise ParameterError(msg)
    q = np.arange(1, ring.n_neurons // 2, 2)
    turn = 2.0 * np.pi * frequency * ring.dt * q
    low_pass = ring.leak / (1.0 - (1.0 - ring.leak) * np.exp(-1j * turn))
    lags, weights = ring.delay_law()
    delayed = np.exp(-1j * turn[:, None] * lags) @ weights
    modes = rfft(kernel)[q] * low_pass * delayed / (1j * np.pi * q)
    return float(2.0 * np.sum(modes.real))


def locking_amplitude(params: LearningParams, kernel: FloatArray, frequency: float) -> float:
    """Return the weakest drive that holds the wave at `frequency` (Hz), dimensionless.

    The edge of the Arnold tongue: the absolute value of `switch_input` under the weights
    `kernel`, shape (n_neurons,).

    Derived in docs/models/learning-ring.md.

    Examples
    --------
    >>> from cortex.learning_ring.examples import standard_params
    >>> params = standard_params(n_neurons=100, tau_d=3e-3)
    >>> from cortex.learning_ring.theory import learned_wave
    >>> kernel = learned_wave(params).kernel
    >>> locking_amplitude(params, kernel, replay_frequency(params, kernel)) < 1e-6
    True
    """
    return abs(switch_input(params, kernel, frequency))


def locking_lead(params: LearningParams, kernel: FloatArray, frequency: float) -> float:
    """Return by how much a wave held at `frequency` (Hz) leads that of a ring without recurrence.

    ``arcsin(I/A)``, rad, with `switch_input` I under the weights `kernel`, shape (n_neurons,),
    and the amplitude A = `u_scale`; NaN where the drive is too weak.

    Adler (1946), Proc. IRE 34:351, for a lead of arcsin(I/A).

    Examples
    --------
    >>> from cortex.learning_ring.examples import standard_params
    >>> params = standard_params(n_neurons=100, tau_d=3e-3)
    >>> from cortex.learning_ring.theory import learned_wave
    >>> kernel = learned_wave(params).kernel
    >>> round(locking_lead(params, kernel, 1.0 / params.ring.period), 3)
    0.002
    """
    current, amplitude = switch_input(params, kernel, frequency), params.ring.u_scale
    return float(np.arcsin(current / amplitude)) if abs(current) < amplitude else float("nan")


def replay_frequency(params: LearningParams, kernel: FloatArray) -> float:
    """Return the frequency at which a wave runs on its own under frozen weights, Hz.

    Parameters
    ----------
    params : LearningParams
        Ring and plasticity.
    kernel : ndarray of shape (n_neurons,)
        Weights by target - source, dimensionless.

    Returns
    -------
    frequency : float
        The stable zero of `switch_input` closest to the first-harmonic one.

    Raises
    ------
    ConvergenceError
        No stable zero within a factor of two of the first-harmonic frequency.

    Notes
    -----
    Stable where the input at the switch falls with frequency: a wave that is too fast then
    switches later. Takes saturated rates, that is a large gain times recurrent input.

    References
    ----------
    As for `switch_input`.

    Examples
    --------
    >>> from cortex.learning_ring.examples import standard_params
    >>> params = standard_params(n_neurons=100, tau_d=3e-3)
    >>> from cortex.learning_ring.theory import learned_wave
    >>> round(replay_frequency(params, learned_wave(params).kernel), 1)
    72.7
    """
    guess = first_harmonic_frequency(params)
    scan = guess * np.linspace(0.5, 2.0, 301)
    values = np.array([switch_input(params, kernel, f) for f in scan])
    falling = (values[:-1] * values[1:] <= 0.0) & (np.diff(values) * np.sign(guess) < 0.0)
    at = np.flatnonzero(falling)
    if at.size == 0:
        msg = (
            f"no stable replay between {scan[0]:.3g} and {scan[-1]:.3g} Hz: "
            "the recurrent input at the switch has no falling zero"
        )
        raise ConvergenceError(msg)
    nearest = at[np.argmin(np.abs(scan[at] - guess))]
    low, high = scan[nearest], scan[nearest + 1]
    return float(brentq(lambda f: switch_input(params, kernel, f), low, high))


def rate_lag(params: LearningParams, frequency: float, *, discrete: bool = True) -> float:
    """Return the phase by which rates lag behind their input at `frequency` (Hz), rad."""
    ring = params.ring
    if not discrete:
        return float(np.arctan(2.0 * np.pi * frequency * ring.tau_x))
    turn = 2.0 * np.pi * frequency * ring.dt
    return float(np.angle(1.0 - (1.0 - ring.leak) * np.exp(-1j * turn)))
