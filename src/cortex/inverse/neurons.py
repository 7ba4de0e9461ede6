r"""Derivatives of functions of a single neuron by everything that it is made of.

Rate, CV and responses are functions f of the mean mu and deviation sigma of the input, of tau_m,
tau_ref, V_th, V_reset and of the shift of both boundaries by filtered noise (in sigma). They are
not altered by moving all potentials together, and scale by powers of the units of potential (with
exponent `volts`) and time (`seconds`):

.. math::
    f_\mu + f_{V_\theta} + f_{V_r} = 0, \quad
    \mu f_\mu + \sigma f_\sigma + V_\theta f_{V_\theta} + V_r f_{V_r} = volts \cdot f, \quad
    \tau_m f_{\tau_m} + \tau_{ref} f_{\tau_{ref}} - \lambda f_\lambda = seconds \cdot f

so that of eight derivatives only four are left, taken by central differences of f, which is
smooth; f_lambda is known.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from cortex.errors import ParameterError
from cortex.meanfield.response import _loops_response as response_loops
from cortex.meanfield.stationary import _loops_cv, _loops_siegert
from cortex.meanfield.stationary.packed import method_code, pack_inputs, pack_neurons
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.params.network import PopulationNetwork
from cortex.typing import AnyArray, ComplexArray, FloatArray

STEP: Final = 1e-5
ARGUMENTS: Final = ("mu", "sigma", "tau_m", "tau_ref", "V_th", "V_reset", "shift")
"""What a single neuron is a function of, in the order of derivatives."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Slopes:
    """A function of every population's neurons and its derivatives.

    Attributes
    ----------
    value : ndarray of shape (..., n_pops)
        The function.
    by : ndarray of shape (..., n_pops, 7)
        Derivatives by `ARGUMENTS`, at fixed lambda.
    """

    value: Any
    by: Any


@dataclass(frozen=True, slots=True, eq=False)
class Neurons:
    """The populations of a network at a working point, as rows for the compiled loops.

    Attributes
    ----------
    inputs : ndarray of shape (n_pops, 2)
        mu and sigma, V.
    cells : ndarray of shape (n_pops, 5)
        tau_m, tau_ref, V_th, V_reset and the boundary shift.
    code : int
        Treatment of colored noise, as the loops number it.
    """

    inputs: FloatArray
    cells: FloatArray
    code: int

    @classmethod
    def of(cls, network: PopulationNetwork, point: WorkingPoint) -> "Neurons":
        """Return the rows of a network at a working point.

        Raises
        ------
        ParameterError
            The point is one on nodes, where no closed form holds, or an input has no noise.
        """
        if point.method == "nodes":
            msg = (
                "derivatives need a closed form, the working point is one on nodes (receptors of "
                "unlike time constants at one population); write `theory: {method: shift}`"
            )
            raise ParameterError(msg)
        if np.any(point.sigma <= 0.0):
            silent = [n for n, s in zip(network.names, point.sigma, strict=True) if s <= 0.0]
            msg = f"the input of {', '.join(silent)} has no noise: its rate has no derivatives"
            raise ParameterError(msg)
        return cls(
            pack_inputs(point.mu, point.sigma),
            pack_neurons(network.lif, point.tau_s, quiet=True),
            method_code(point.method),
        )

    def rate(self) -> Slopes:
        """Return the stationary rate, Hz."""

        def function(inputs: FloatArray, cells: FloatArray) -> FloatArray:
            return _loops_siegert.rate_table(inputs, cells, self.code)[:, 0]

        return self._slopes(self._four(function), 0.0, seconds=-1.0, volts=0.0)

    def cv(self) -> Slopes:
        """Return the CV of the intervals, boundaries shifted as in `population_cv`."""

        def function(inputs: FloatArray, cells: FloatArray) -> FloatArray:
            unknown = np.full(len(inputs), np.nan)
            return np.sqrt(_loops_cv.squared_cv_table(inputs, cells, unknown))

        return self._slopes(self._four(function), 0.0, seconds=0.0, volts=0.0)

    def responses(self, lam: ComplexArray) -> tuple[Slopes, Slopes]:
        """Return the responses H_mu (Hz/V) and H_sigma2 (Hz/V^2) at `lam`, shape (n_lam,)."""

        def function(inputs: FloatArray, cells: FloatArray) -> ComplexArray:
            return response_loops.response_table(lam, inputs, cells, self.code)

        sides = self._four(function)
        of_mean, of_variance = (
            self._slopes(
                [side[..., k] for side in sides],
                lam[:, np.newaxis] * sides[0][..., 2 + k],
                seconds=-1.0,
                volts=-1.0 - k,
            )
            for k in (0, 1)
        )
        return of_mean, of_variance

    def _four(self, function: Callable[[FloatArray, FloatArray], AnyArray]) -> list[AnyArray]:
        """Return f, and f moved up and down in mu, sigma, tau_ref and shift, populations last."""
        sigma, tau_m = self.inputs[:, 1], self.cells[:, 0]
        sides = [(self.inputs, self.cells)]
        for array, column, unit in ((0, 0, sigma), (0, 1, sigma), (1, 1, tau_m), (1, 4, 1.0)):
            for sign in (STEP, -STEP):
                pair = [self.inputs.copy(), self.cells.copy()]
                pair[array][:, column] += sign * unit
                sides.append((pair[0], pair[1]))
        inputs, cells = (np.concatenate(part) for part in zip(*sides, strict=True))
        table = function(inputs, cells)
        axis = 0 if table.ndim == 1 else 1
        return np.split(table, len(sides), axis=axis)

    def _slopes(
        self, sides: list[AnyArray], by_lam: AnyArray | float, *, seconds: float, volts: float
    ) -> Slopes:
        """Return all derivatives from four, by the symmetries; `by_lam` is lambda f_lambda."""
        f = sides[0]
        mu, sigma = self.inputs.T
        tau_m, tau_ref, V_th, V_reset, _ = self.cells.T
        units = (sigma, sigma, tau_m, 1.0)
        by_mu, by_sigma, by_tau_ref, by_shift = (
            (sides[2 * k + 1] - sides[2 * k + 2]) / (2.0 * STEP * unit)
            for k, unit in enumerate(units)
        )
        by_tau_m = (seconds * f - tau_ref * by_tau_ref + by_lam) / tau_m
        by_V_th = (volts * f - sigma * by_sigma - (mu - V_reset) * by_mu) / (V_th - V_reset)
        by_V_reset = -by_mu - by_V_th
        return Slopes(
            value=f,
            by=np.stack(
                [by_mu, by_sigma, by_tau_m, by_tau_ref, by_V_th, by_V_reset, by_shift], axis=-1
            ),
        )
