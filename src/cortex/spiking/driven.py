"""Neurons by themselves under a mean input that swings: their linear response, simulated."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from cortex.errors import ParameterError
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons, LIFParams
from cortex.params.network import PopulationNetwork
from cortex.params.simulation import SimulationParams
from cortex.params.synapses import Synapses
from cortex.spiking.requests import Inputs
from cortex.spiking.simulation import simulate
from cortex.typing import ComplexArray, FloatArray
from cortex.units import steps_are_whole

JUMPS: Final = 20.0
"""The deviation of the input over the jump of one of its spikes: Poisson noise near Gaussian."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrivenResponse:
    """Rates and responses of neurons whose mean input swings, one case each.

    Parameters
    ----------
    rate, rate_error : ndarray of shape (n_cases,)
        Mean rate and its Poisson standard error, Hz.
    response : complex ndarray of shape (n_cases,)
        Amplitude of the rate over that of the mean input, Hz/V; a negative phase lags.
    error : ndarray of shape (n_cases,)
        Standard error of either part of the response, Hz/V; over its size that of the phase, rad.
    """

    rate: FloatArray
    rate_error: FloatArray
    response: ComplexArray
    error: FloatArray


def drive_neurons(
    neuron: LIFParams,
    *,
    mu: FloatArray,
    sigma: FloatArray,
    tau_s: float,
    frequency: FloatArray,
    amplitude: FloatArray,
    n_neurons: int,
    settings: SimulationParams,
    seed: int,
) -> DrivenResponse:
    """Simulate unconnected neurons whose mean input is ``mu + amplitude cos(2 pi f t)``.

    Parameters
    ----------
    neuron : LIFParams
        All neurons.
    mu, sigma : ndarray of shape (n_cases,)
        Mean and deviation of the input, V. The noise is made of exponential currents of as many
        spikes up as down, each a twentieth of `sigma`.
    tau_s : float
        Time constant of these currents, s; the swing of the mean does not pass it.
    frequency, amplitude : ndarray of shape (n_cases,)
        Of the swing, Hz and V; a whole number of cycles must fit the recorded time.
    n_neurons : int
        Neurons of each case.
    settings : SimulationParams
        Step, warm-up and recorded time.
    seed : int
        Seed of the input.

    Returns
    -------
    response : DrivenResponse
        First harmonic of the rate, so that a swing that is not small adds in third order only.

    Raises
    ------
    ParameterError
        A frequency does not fit the recorded time.

    Notes
    -----
    The swing holds its value at the middle of every step; a spike found at the end of a step is
    taken to lie in its middle. Response 2/(N T A) sum_k exp(-2 pi i f t_k) over the n spikes, with
    the error sqrt(2 n)/(N T A) of independent spikes.

    References
    ----------
    Definition, as simulated by Schuecker et al. (2015), Phys. Rev. E 92:052119.

    Examples
    --------
    >>> lif = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.0)
    >>> run = SimulationParams(dt=1e-4, warm_up=0.1, duration=0.2, precision="float32")
    >>> case = {"mu": np.array([0.04]), "sigma": np.array([4e-3]), "amplitude": np.array([2e-3])}
    >>> seen = drive_neurons(
    ...     lif, **case, tau_s=5e-4, frequency=np.array([10.0]), n_neurons=50, settings=run, seed=1
    ... )
    >>> bool(60.0 < seen.rate[0] < 64.0)
    True
    """
    dt, n = settings.dt, len(mu)
    for each in frequency:
        if not steps_are_whole(each * settings.duration):
            msg = (
                f"frequency = {each:g} Hz: {settings.duration:g} s hold "
                f"{each * settings.duration:g} cycles; take a multiple of "
                f"{1.0 / settings.duration:g} Hz"
            )
            raise ParameterError(msg)
    jump = sigma / JUMPS
    rate = np.full((n, 2), 0.5 * JUMPS**2 / neuron.tau_m)  # sigma^2 = tau_m sum J^2 rate
    network = PopulationNetwork(
        names=tuple(f"case {i}" for i in range(n)),
        sizes=np.full(n, n_neurons),
        neurons=LIFNeurons.of(neuron),
        synapses=Synapses(in_degrees=0.0, J=0.0, tau_s=tau_s, delay=dt),
        drive=Drive(rate=rate, J=np.column_stack([jump, -jump]), tau_s=tau_s, mu_dc=mu),
    )
    steps = np.arange(round((settings.warm_up + settings.duration) / dt))
    phase = 2.0 * np.pi * np.outer((steps + 0.5) * dt - settings.warm_up, frequency)
    inputs = Inputs(mu_dc=mu + amplitude * np.cos(phase), mu_dc_interval=dt)
    spikes = simulate(network, settings, seed=seed, inputs=inputs).spikes
    case = spikes.neurons // n_neurons
    turn = 2.0 * np.pi * frequency[case] * (spikes.times - 0.5 * dt)
    n_spikes = np.bincount(case, minlength=n)
    in_phase, behind = (np.bincount(case, part(turn), n) for part in (np.cos, np.sin))
    total: ComplexArray = in_phase.astype(np.complex128) - 1j * behind
    time = n_neurons * settings.duration
    return DrivenResponse(
        rate=n_spikes / time,
        rate_error=np.sqrt(n_spikes) / time,
        response=2.0 * total / (time * amplitude),
        error=np.sqrt(2.0 * n_spikes) / (time * amplitude),
    )
