"""Initial potentials, the law of the external drive and the constant drive of all populations."""

from typing import Final

import numpy as np

from cortex.errors import ParameterError
from cortex.params.arrays import argument
from cortex.params.spec import Quantity
from cortex.rng import stream
from cortex.spiking.cells import Cells
from cortex.spiking.noise import poisson_laws
from cortex.spiking.requests import Inputs, in_steps
from cortex.typing import BoolArray, FloatArray, IntArray

FOREVER = 2**62
V0: Final = Quantity(unit="mV", low=-200.0, high=200.0, doc="potential relative to rest")


def initial_potential(cells: Cells, inputs: Inputs, *, seed: int) -> FloatArray:
    """Return the potential of each neuron before the first step, shape (n_neurons,), V.

    Uniform in [0, V_th) unless `inputs` gives it.
    """
    n = int(cells.first[-1])
    if inputs.V0 is None:
        uniform = stream(seed, "initial potential").random(n)
        return uniform * np.repeat(cells.V_th, cells.sizes)
    return argument("Inputs.V0", inputs.V0, V0, (n,))


def external_rates(cells: Cells, inputs: Inputs) -> FloatArray:
    """Return the rates of the Poisson inputs, shape (n_intervals, n_cells, n_inputs), Hz.

    Raises
    ------
    ParameterError
        Rates have the wrong shape or are negative, or are given twice.
    """
    rates = cells.rate_ext[np.newaxis]
    if inputs.rates is not None:
        _refuse_twice(inputs, "rates", "rate_ext")
        rates = _in_intervals(cells, "rates", inputs.rates, cells.rate_ext.shape[1:])
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
        interval = _steps("Inputs.rate_interval", inputs.rate_interval, dt)
    if rates.shape[2] == 0:
        rates = np.zeros((*rates.shape[:2], 1))
    return poisson_laws(rates * dt), interval


def constant_drives(cells: Cells, inputs: Inputs, dt: float) -> tuple[FloatArray, int]:
    """Return the constant drive R I in intervals, V, and the steps of one of them.

    Returns
    -------
    mu_dc : ndarray, shape (n_intervals, n_cells)
        One interval that never ends where the drive does not change.
    interval : int
        Steps of an interval.

    Raises
    ------
    ParameterError
        `Inputs.mu_dc` has the wrong shape or is not finite, or is given twice.
    """
    if inputs.mu_dc is None:
        return cells.mu_dc[np.newaxis], FOREVER
    _refuse_twice(inputs, "mu_dc", "mu_dc")
    mu_dc = _in_intervals(cells, "mu_dc", inputs.mu_dc, ())
    return mu_dc, _steps("Inputs.mu_dc_interval", inputs.mu_dc_interval, dt)


def _steps(name: str, interval: float, dt: float) -> int:
    return int(in_steps(name, interval, dt, least=1)[0])


def _refuse_twice(inputs: Inputs, in_intervals: str, of_neurons: str) -> None:
    if inputs.neurons is not None and getattr(inputs.neurons, of_neurons) is not None:
        both = f"Inputs.{in_intervals} (in intervals) or PerNeuron.{of_neurons}"
        msg = f"give either {both}, not both"
        raise ParameterError(msg)


def _in_intervals(
    cells: Cells, name: str, given: FloatArray, of_each: tuple[int, ...]
) -> FloatArray:
    """Return what populations get in intervals as what cells get; `of_each` is the shape of one."""
    values = np.asarray(given, dtype=np.float64)
    expected = (int(cells.population.max()) + 1, *of_each)
    fits = values.shape[1:] == expected and len(values) > 0
    if not fits or not np.all(np.isfinite(values)):
        wanted = ", ".join(["n_intervals", *(str(n) for n in expected)])
        msg = f"Inputs.{name} of shape {values.shape} must be finite and ({wanted})"
        raise ParameterError(msg)
    return values[:, cells.population]
