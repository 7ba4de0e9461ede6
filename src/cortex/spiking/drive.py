"""Initial potentials and the law of the external drive of every population."""

import numpy as np

from cortex.errors import ParameterError
from cortex.params.network import PopulationNetwork
from cortex.rng import stream
from cortex.spiking.demands import Inputs, whole_steps
from cortex.spiking.noise import poisson_laws
from cortex.typing import FloatArray, IntArray

FOREVER = 2**62


def initial_potential(network: PopulationNetwork, inputs: Inputs, *, seed: int) -> FloatArray:
    """Return the potential of each neuron before the first step, shape (n_neurons,), V.

    Uniform in [0, V_th) unless `inputs` gives it.
    """
    n = int(network.sizes.sum())
    if inputs.V0 is None:
        uniform = stream(seed, "initial potential").random(n)
        return uniform * np.repeat(network.V_th, network.sizes)
    V0 = np.asarray(inputs.V0, dtype=np.float64)
    if V0.shape != (n,) or not np.all(np.isfinite(V0)):
        msg = f"Inputs.V0 of shape {V0.shape} must hold {n} finite potentials (V)"
        raise ParameterError(msg)
    return V0


def rate_laws(network: PopulationNetwork, inputs: Inputs, dt: float) -> tuple[IntArray, int]:
    """Return the Poisson laws and the steps of one interval of constant rates.

    Returns
    -------
    laws : ndarray of int, shape (n_intervals, n_pops, n_inputs, n_thresholds)
        As `cortex.spiking.noise.poisson_law`; one silent input when there is none.
    interval : int
        Steps of an interval.
    """
    rates = network.rate_ext[np.newaxis] if inputs.rates is None else np.asarray(inputs.rates)
    if rates.ndim != 3 or rates.shape[1:] != network.rate_ext.shape or not np.all(rates >= 0.0):
        msg = (
            f"Inputs.rates of shape {rates.shape} must be (n_intervals, "
            f"{network.rate_ext.shape[0]}, {network.rate_ext.shape[1]}) and not negative (Hz)"
        )
        raise ParameterError(msg)
    if rates.shape[2] == 0:
        rates = np.zeros((*rates.shape[:2], 1))
    interval = FOREVER
    if inputs.rates is not None:
        interval = int(whole_steps("Inputs.rate_interval", inputs.rate_interval, dt, 1)[0])
    return poisson_laws(rates * dt), interval
