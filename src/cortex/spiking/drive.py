"""Initial potentials and the law of the external drive of every population."""

import numpy as np

from cortex.errors import ParameterError
from cortex.rng import stream
from cortex.spiking.cells import Cells
from cortex.spiking.demands import Inputs, in_steps
from cortex.spiking.noise import poisson_laws
from cortex.typing import BoolArray, FloatArray, IntArray

FOREVER = 2**62


def initial_potential(cells: Cells, inputs: Inputs, *, seed: int) -> FloatArray:
    """Return the potential of each neuron before the first step, shape (n_neurons,), V.

    Uniform in [0, V_th) unless `inputs` gives it.
    """
    n = int(cells.first[-1])
    if inputs.V0 is None:
        uniform = stream(seed, "initial potential").random(n)
        return uniform * np.repeat(cells.V_th, cells.sizes)
    V0 = np.asarray(inputs.V0, dtype=np.float64)
    if V0.shape != (n,) or not np.all(np.isfinite(V0)):
        msg = f"Inputs.V0 of shape {V0.shape} must hold {n} finite potentials (V)"
        raise ParameterError(msg)
    return V0


def external_rates(cells: Cells, inputs: Inputs) -> FloatArray:
    """Return the rates of the Poisson inputs, shape (n_intervals, n_cells, n_inputs), Hz.

    Raises
    ------
    ParameterError
        Rates have the wrong shape or are negative, or are given twice.
    """
    rates = cells.rate_ext[np.newaxis]
    if inputs.rates is not None:
        if inputs.neurons is not None and inputs.neurons.rate_ext is not None:
            msg = "give either Inputs.rates (in intervals) or PerNeuron.rate_ext, not both"
            raise ParameterError(msg)
        rates = _in_intervals(cells, np.asarray(inputs.rates, dtype=np.float64))
    if np.any(rates < 0.0):
        msg = f"external rates must not be negative (Hz), got {rates.min():g}"
        raise ParameterError(msg)
    return rates


def driven(cells: Cells, inputs: Inputs) -> BoolArray:
    """Tell which Poisson input ever reaches which population, shape (n_pops, n_inputs)."""
    on = np.any(external_rates(cells, inputs) > 0.0, axis=0)
    reached = np.zeros((int(cells.population.max()) + 1, on.shape[1]), dtype=np.bool_)
    np.logical_or.at(reached, cells.population, on)
    return reached


def rate_laws(cells: Cells, inputs: Inputs, dt: float) -> tuple[IntArray, int]:
    """Return the Poisson laws and the steps of one interval of constant rates.

    Returns
    -------
    laws : ndarray of int, shape (n_intervals, n_cells, n_inputs, n_thresholds)
        As `cortex.spiking.noise.poisson_law`; one silent input when there is none.
    interval : int
        Steps of an interval.
    """
    rates, interval = external_rates(cells, inputs), FOREVER
    if inputs.rates is not None:
        interval = int(in_steps("Inputs.rate_interval", inputs.rate_interval, dt, least=1)[0])
    if rates.shape[2] == 0:
        rates = np.zeros((*rates.shape[:2], 1))
    return poisson_laws(rates * dt), interval


def _in_intervals(cells: Cells, rates: FloatArray) -> FloatArray:
    """Return rates of populations in intervals as rates of cells."""
    expected = (int(cells.population.max()) + 1, cells.rate_ext.shape[1])
    if rates.ndim != 3 or rates.shape[1:] != expected or not np.all(np.isfinite(rates)):
        msg = (
            f"Inputs.rates of shape {rates.shape} must be finite and (n_intervals, "
            f"{expected[0]}, {expected[1]})"
        )
        raise ParameterError(msg)
    return rates[:, cells.population]
