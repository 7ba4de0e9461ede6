"""Input of populations sorted by receptor, that is by synaptic time constant."""

from dataclasses import dataclass

import numpy as np

from cortex.meanfield.density.receptors import Receptors
from cortex.meanfield.stationary.moments import variance_coupling
from cortex.params.lif import LIFParams
from cortex.params.network import PopulationNetwork
from cortex.regime import warn_regime
from cortex.typing import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class ReceptorInputs:
    """Noise of every population through every receptor of a network.

    Attributes
    ----------
    network : PopulationNetwork
        Populations, connections and drive.
    tau_s : ndarray of shape (n_receptors,)
        Time constants in the network, ascending, s.
    of_synapse : ndarray of int, shape (n_pops, n_pops)
        Receptor of each projection.
    of_input : ndarray of int, shape (n_pops, n_inputs)
        Receptor of each Poisson input.
    is_used : ndarray of bool, shape (n_pops, n_receptors)
        Whether spikes reach a population through a receptor.
    drive : ndarray of shape (n_pops, n_receptors)
        Variance of the external input, V^2.
    coupling : ndarray of shape (n_pops, n_pops, n_receptors)
        Variance per rate of each source, V^2/Hz.
    """

    network: PopulationNetwork
    tau_s: FloatArray
    of_synapse: IntArray
    of_input: IntArray
    is_used: BoolArray
    drive: FloatArray
    coupling: FloatArray

    @classmethod
    def of(cls, network: PopulationNetwork) -> "ReceptorInputs":
        """Return the inputs of a network, sorted."""
        synapses, drive = network.synapses, network.drive
        # time constants that differ by rounding alone, as after a conversion of units, are one
        recurrent, external = (_rounded(tau_s) for tau_s in (synapses.tau_s, drive.tau_s))
        tau_s = np.unique(np.concatenate([recurrent.ravel(), external.ravel()]))
        here = recurrent[:, :, None] == tau_s
        there = external[:, :, None] == tau_s
        spikes = (synapses.in_degrees * synapses.J != 0.0)[:, :, None] & here
        driven = (drive.rate * drive.J != 0.0)[:, :, None] & there
        each = network.neurons.tau_m[:, None] * drive.J**2 * drive.rate
        return cls(
            network=network,
            tau_s=tau_s,
            of_synapse=np.argmax(here, axis=2),
            of_input=np.argmax(there, axis=2),
            is_used=spikes.any(axis=1) | driven.any(axis=1),
            drive=np.einsum("ax,axk->ak", each, there),
            coupling=variance_coupling(network)[:, :, None] * here,
        )

    @property
    def are_alike(self) -> bool:
        """Whether every population is reached through one receptor, or none."""
        return bool(np.all(self.is_used.sum(axis=1) <= 1))

    @property
    def fastest(self) -> FloatArray:
        """Shortest time constant over that of the membrane of each population, (n_pops,)."""
        used = np.where(self.is_used, self.tau_s, np.inf).min(axis=1)
        return np.where(np.isfinite(used), used, 0.0) / self.network.neurons.tau_m

    def variance(self, nu: FloatArray) -> FloatArray:
        """Return the variance through each receptor at rates nu (Hz), V^2, by population."""
        variance: FloatArray = self.drive + np.einsum("abk,b->ak", self.coupling, nu)
        return np.maximum(variance, 0.0)

    def share(self, nu: FloatArray) -> FloatArray:
        """Return the share of each receptor in the variance; zero where nothing fluctuates."""
        variance = self.variance(nu)
        total = variance.sum(axis=1, keepdims=True)
        return np.asarray(variance / np.where(total > 0.0, total, 1.0))

    def effective_time_constant(self, nu: FloatArray) -> FloatArray:
        r"""Return one time constant per population that shifts the boundaries as far, s.

        .. math:: \sqrt{\tau} = \sum_i \sigma_i^2 \sqrt{\tau_i} / \sum_i \sigma_i^2

        First order in sqrt(tau_i / tau_m), with every receptor shifting as if it were alone
        (Brunel & Sergi 1998). Rates are up to 14 % too low where time constants are a few times
        apart, and 90 % where they are fifty times apart.
        """
        return np.asarray((self.share(nu) @ np.sqrt(self.tau_s)) ** 2)

    def neurons(self, mu: FloatArray, sigma: FloatArray, nu: FloatArray) -> list[Receptors | None]:
        """Return a neuron of each population; None where nothing fluctuates.

        Mean and standard deviation of the input (V) are given; the receptors share the variance
        as they do at rates nu (Hz).
        """
        cells, share, out = self.network.neurons, self.share(nu), []
        for a, used in enumerate(self.is_used):
            variance = sigma[a] ** 2 * share[a, used]
            neuron = LIFParams(
                tau_m=float(cells.tau_m[a]),
                tau_ref=float(cells.tau_ref[a]),
                V_th=float(cells.V_th[a]),
                V_reset=float(cells.V_reset[a]),
            )
            noisy = np.sum(variance) > 0.0
            out.append(
                Receptors(float(mu[a]), variance, self.tau_s[used], neuron) if noisy else None
            )
        return out


def _rounded(tau_s: FloatArray) -> FloatArray:
    """Return time constants to 12 digits of a second."""
    return np.round(tau_s, 15)


def warn_of_slow_receptors(inputs: ReceptorInputs) -> None:
    """Warn where the fastest receptor of a population is slower than a tenth of its membrane."""
    slow = inputs.fastest > 0.1 * (1.0 + 1e-9)
    if np.any(slow):
        names = ", ".join(
            n for n, is_slow in zip(inputs.network.names, slow, strict=True) if is_slow
        )
        ratio = float(np.max(inputs.fastest))
        msg = (
            f"the fastest receptor of {names} is slower than tau_m/10 (tau_s / tau_m up to "
            f"{ratio:.3g}): rates come out up to 1.4 % too low where the mean input reaches "
            "threshold" + ("; beyond tau_m nothing was measured" if ratio > 1.0 else "")
        )
        warn_regime(msg)
