"""Noise that neurons have in common: what linear response makes of that of the populations."""

from dataclasses import dataclass

import numpy as np

from cortex.meanfield.exponents import angular
from cortex.meanfield.response.connectivity_matrix import effective_connectivity
from cortex.meanfield.response.delays import delay_transform
from cortex.meanfield.response.spatial_profiles import space_of
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.params.network import PopulationNetwork
from cortex.typing import ComplexArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class CommonNoise:
    """Transfer of the noise of all populations to the input of one neuron, (n_freqs, n, n)."""

    response: ComplexArray
    synapses: ComplexArray
    sizes: IntArray
    step: float

    @classmethod
    def of(
        cls, network: PopulationNetwork, point: WorkingPoint, f: FloatArray, step: float
    ) -> "CommonNoise":
        """Return the transfer at frequencies f, Hz, for inputs in steps of `step` s."""
        lam, synapses = angular(f), network.synapses
        M = effective_connectivity(network, point, f)
        delays = delay_transform(
            lam, synapses.delay, synapses.delay_sd, synapses.delay_distribution
        )[0]
        space = space_of(network)
        delays = delays if space is None else delays * space(lam)[0]
        low_pass = 1.0 / (1.0 + lam[:, None, None] * synapses.tau_s)
        reach = synapses.in_degrees * synapses.J * low_pass * delays
        inverse = np.asarray(np.linalg.inv(np.eye(network.n_pops) - M))
        return cls(inverse, np.asarray(reach), network.sizes, step)

    def variance(self, spectrum: FloatArray) -> FloatArray:
        """Return the variance of one step beyond that of independent neurons, V^2."""
        shot = np.maximum(spectrum, 0.0) / self.sizes
        own = shot[:, :, None] * np.eye(self.sizes.size)
        C = self.response @ own @ np.conj(np.swapaxes(self.response, -1, -2)) - own
        extra = np.einsum("fab,fbc,fac->fa", self.synapses, C, self.synapses.conj()).real
        return np.asarray(extra * self.step)
