"""Linear response of populations of any cell to the rates of what sends them spikes."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from cortex.meanfield.response.rational import SAMPLED, Rational, rational_fit
from cortex.meanfield.stationary.cell_inputs import CellInputs
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.params.network import PopulationNetwork
from cortex.typing import ComplexArray

ACCEPTED: Final = 1e-2
"""Error of the fits: strong conductances respond less like a rational function than currents."""


@dataclass(frozen=True, slots=True, eq=False)
class SourceResponse:
    """Response of the rate of each target to exp(lambda t) in the rates of its sources.

    Attributes
    ----------
    lam : ndarray of shape (...)
        lambda, 1/s.
    H_source, H_source_slope : ndarray of shape (..., n_pops, n_pops)
        Response to the rate of the neurons of each population, Hz/Hz: synapses and adaptation
        included, delays not; and its derivative by lambda.
    H_drive : ndarray of shape (..., n_pops, n_inputs)
        Response to the rate of each Poisson input, Hz/Hz.
    H_mu : ndarray of shape (..., n_pops)
        Response to the constant drive, Hz/V.
    """

    lam: ComplexArray
    H_source: ComplexArray
    H_source_slope: ComplexArray
    H_drive: ComplexArray
    H_mu: ComplexArray


@dataclass(frozen=True, slots=True, eq=False)
class SourceFits:
    """Responses of the populations of a network of any cells as rational functions.

    Attributes
    ----------
    n_pops, n_inputs : int
        Numbers of populations and Poisson inputs.
    fits : tuple of Rational or None
        Response of each population: to all populations, Poisson inputs and the constant drive;
        None where it is silent.
    """

    n_pops: int
    n_inputs: int
    fits: tuple[Rational | None, ...]

    @classmethod
    def of(cls, network: PopulationNetwork, point: WorkingPoint) -> "SourceFits":
        """Return the responses at a working point, sampled once."""
        inputs = CellInputs.of(network)
        answers = [each.respond(SAMPLED) for each in inputs.settled(point.nu, None)]
        parts = [
            np.stack([getattr(each, kind) for each in answers], axis=1)
            for kind in ("mean", "square")
        ]
        by_source = inputs.by_rates(parts, SAMPLED, point.nu)
        outside = (parts[0] + parts[1])[:, :, network.n_pops :]
        fits: list[Rational | None] = []
        for a, each in enumerate(answers):
            columns = np.column_stack([by_source[:, a], outside[:, a], each.mu_dc])
            fits.append(rational_fit(SAMPLED, columns, ACCEPTED) if np.any(columns) else None)
        return cls(network.n_pops, network.drive.n_inputs, tuple(fits))

    def __call__(self, lam: ComplexArray) -> SourceResponse:
        """Return the responses at lambda, 1/s."""
        at, n = np.asarray(lam, dtype=np.complex128), self.n_pops
        shape = (*at.shape, n, n + self.n_inputs + 1)
        value, slope = (np.zeros(shape, dtype=np.complex128) for _ in range(2))
        for a, fit in enumerate(self.fits):
            if fit is not None:
                value[..., a, :], slope[..., a, :] = fit(at)
        return SourceResponse(at, value[..., :n], slope[..., :n], value[..., n:-1], value[..., -1])
