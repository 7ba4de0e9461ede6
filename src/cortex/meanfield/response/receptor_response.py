"""Linear response of populations on nodes, every receptor with a filter of its own."""

from dataclasses import dataclass

import numpy as np

from cortex.meanfield.density.receptors import Receptors, receptor_response
from cortex.meanfield.response.rational import SAMPLED, Rational, rational_fit
from cortex.meanfield.response.transfer import LinearResponse, respond
from cortex.meanfield.stationary.packed import PackedNeurons, pack_populations
from cortex.meanfield.stationary.receptor_inputs import ReceptorInputs
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.params.network import PopulationNetwork
from cortex.typing import ComplexArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class SynapticResponse:
    """Response of the rate of each target to exp(lambda t) in mean and variance, by synapse.

    Attributes
    ----------
    lam : ndarray of shape (...)
        lambda, 1/s.
    H_mu, H_mu_slope : ndarray of shape (..., n_pops)
        Response to the mean, Hz/V, and its derivative by lambda, without filters.
    H_variance, H_variance_slope : ndarray of shape (..., n_pops, n_pops)
        Response of the target to the variance through the receptor of the synapse from the source,
        Hz/V^2, filters included.
    H_drive : ndarray of shape (..., n_pops, n_inputs)
        The same through the receptor of each Poisson input.
    """

    lam: ComplexArray
    H_mu: ComplexArray
    H_mu_slope: ComplexArray
    H_variance: ComplexArray
    H_variance_slope: ComplexArray
    H_drive: ComplexArray


@dataclass(frozen=True, slots=True, eq=False)
class ReceptorFits:
    """Responses of the populations of a network as rational functions.

    Attributes
    ----------
    inputs : ReceptorInputs
        Network and receptors.
    fits : tuple of Rational or None
        Response to the mean and to the variance through each receptor in use; None where the
        closed form is taken.
    closed : PackedNeurons
        Populations with effective time constants.
    """

    inputs: ReceptorInputs
    fits: tuple[Rational | None, ...]
    closed: PackedNeurons

    @classmethod
    def of(cls, network: PopulationNetwork, point: WorkingPoint) -> "ReceptorFits":
        """Return the responses at a working point; alike populations are solved once."""
        inputs = ReceptorInputs.of(network)
        known: dict[object, Rational] = {}
        fits: list[Rational | None] = []
        for neuron in inputs.neurons(point.mu, point.sigma, point.nu):
            if neuron is None or not neuron.is_resolved:
                fits.append(None)
                continue
            if neuron.key not in known:
                known[neuron.key] = _fit(neuron)
            fits.append(known[neuron.key])
        return cls(inputs, tuple(fits), pack_populations(network, point).responding())

    def __call__(self, lam: ComplexArray) -> SynapticResponse:
        """Return the responses at lambda, 1/s."""
        at = np.asarray(lam, dtype=np.complex128)
        closed = respond(at, self.closed, "shift")
        n = len(self.fits)
        out = SynapticResponse(
            at,
            closed.H_mu,
            closed.H_mu_slope,
            np.zeros((*at.shape, n, n), dtype=np.complex128),
            np.zeros((*at.shape, n, n), dtype=np.complex128),
            np.zeros((*at.shape, *self.inputs.of_input.shape), dtype=np.complex128),
        )
        for a, fit in enumerate(self.fits):
            if fit is None:
                self._fill_closed(out, closed, a)
                continue
            value, slope = fit(at)
            out.H_mu[..., a], out.H_mu_slope[..., a] = value[..., 0], slope[..., 0]
            out.H_variance[..., a, :] = self._through(value, a, self.inputs.of_synapse[a])
            out.H_variance_slope[..., a, :] = self._through(slope, a, self.inputs.of_synapse[a])
            out.H_drive[..., a, :] = self._through(value, a, self.inputs.of_input[a])
        return out

    def _through(self, columns: ComplexArray, a: int, receptor: IntArray) -> ComplexArray:
        """Return the columns of given receptors of a population, zero for those not in use."""
        is_used = self.inputs.is_used[a]
        return np.where(is_used[receptor], columns[..., np.cumsum(is_used)[receptor]], 0.0)

    def _fill_closed(self, out: SynapticResponse, closed: LinearResponse, a: int) -> None:
        half = 0.5 * self.inputs.tau_s[self.inputs.of_synapse[a]]
        low_pass = 1.0 / (1.0 + out.lam[..., np.newaxis] * half)
        value = closed.H_sigma2[..., a, np.newaxis] * low_pass
        out.H_variance[..., a, :] = value
        slope = (closed.H_sigma2_slope[..., a, np.newaxis] - half * value) * low_pass
        out.H_variance_slope[..., a, :] = slope
        half = 0.5 * self.inputs.tau_s[self.inputs.of_input[a]]
        low_pass = 1.0 / (1.0 + out.lam[..., np.newaxis] * half)
        out.H_drive[..., a, :] = closed.H_sigma2[..., a, np.newaxis] * low_pass


def _fit(neuron: Receptors) -> Rational:
    sampled = receptor_response(neuron, SAMPLED)
    return rational_fit(SAMPLED, np.column_stack([sampled.H_mu, sampled.H_variance]))
