"""Cortical microcircuit of Potjans & Diesmann (2014) and its variant of Bos et al. (2016)."""

from dataclasses import dataclass, replace

import numpy as np

from cortex.params.base import Block
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons, LIFParams
from cortex.params.network import PopulationNetwork
from cortex.params.spec import block, choice, count, quantity, vector
from cortex.params.synapses import MOST_J_CV, Synapses
from cortex.params.wiring import WiringRule
from cortex.typing import FloatArray

POPULATIONS = ("23E", "23I", "4E", "4I", "5E", "5I", "6E", "6I")

CONNECTION_PROBABILITY = (
    (0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0.0, 0.0076, 0.0),
    (0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0.0, 0.0042, 0.0),
    (0.0077, 0.0059, 0.0497, 0.135, 0.0067, 0.0003, 0.0453, 0.0),
    (0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0.0, 0.1057, 0.0),
    (0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0.0),
    (0.0548, 0.0269, 0.0257, 0.0022, 0.06, 0.3158, 0.0086, 0.0),
    (0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252),
    (0.0364, 0.001, 0.0034, 0.0005, 0.0277, 0.008, 0.0658, 0.1443),
)
"""``[target][source]``; Potjans & Diesmann (2014), table 5."""

PUBLISHED_WIRING = WiringRule(multapses=True, autapses=True, rule="fixed_total_number")
"""Each pair of populations has a number of synapses, drawn with replacement from all pairs."""

NEURON = LIFParams(tau_m=10e-3, tau_ref=2e-3, V_th=15e-3, V_reset=0.0)

FRACTION = quantity("1", 0.0, 1.0, "connection probability")


@dataclass(frozen=True, slots=True, kw_only=True)
class MicrocircuitParams(Block):
    """Four layers of excitatory and inhibitory neurons; Cereb. Cortex 24:785, tables 4 and 5.

    The defaults are the published model, ``MicrocircuitParams()``; `bos2016` gives the
    variant of Bos et al. (2016), PLoS Comput. Biol. 12:e1005132.
    """

    neuron: LIFParams = block(LIFParams, "neuron shared by all populations", NEURON)
    sizes: tuple[int, ...] = vector(
        count(1, 10_000_000, "neurons"),
        "neurons of 23E, 23I, 4E, 4I, 5E, 5I, 6E, 6I",
        8,
        (20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948),
    )
    connection_probability: tuple[tuple[float, ...], ...] = vector(
        vector(FRACTION, "sources of one target", 8),
        "probability that a pair is connected, [target][source]",
        8,
        CONNECTION_PROBABILITY,
    )
    in_degree_ext: tuple[int, ...] = vector(
        count(0, 1_000_000, "external synapses per neuron"),
        "external in-degree of each population",
        8,
        (1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100),
    )
    in_degree_l4_inh_exc: float = quantity(
        "1", 0.0, 1e5, "synapses from 4I on a neuron of 4E; 0 takes the connection table", 0.0
    )
    rate_ext: float = quantity("Hz", 0.0, 1e4, "rate of one external source", 8.0)
    drive: str = choice(("poisson", "dc"), "external spikes, or a current of equal mean", "poisson")
    C: float = quantity("pF", 1.0, 10_000.0, "membrane capacitance", 250e-12)
    w: float = quantity("pA", 1e-3, 1e5, "peak excitatory synaptic current", 87.8e-12)
    g: float = quantity("1", 0.0, 100.0, "relative inhibitory weight", 4.0)
    w_cv: float = quantity(
        "1", 0.0, MOST_J_CV, "standard deviation of single weights over their mean", 0.0
    )
    w_ratio_l4_l23: float = quantity("1", 0.0, 100.0, "relative weight of 4E on 23E", 2.0)
    tau_s: float = quantity(
        "ms", 0.01, 100.0, "synaptic time constant; the jump tau_s w / C vanishes with it", 0.5e-3
    )
    delay_exc: float = quantity("ms", 0.01, 100.0, "mean delay from E", 1.5e-3)
    delay_inh: float = quantity("ms", 0.01, 100.0, "mean delay from I", 0.75e-3)
    delay_exc_sd: float = quantity("ms", 0.0, 100.0, "standard deviation, from E", 0.75e-3)
    delay_inh_sd: float = quantity("ms", 0.0, 100.0, "standard deviation, from I", 0.375e-3)
    delay_distribution: str = choice(
        ("none", "gaussian", "truncated_gaussian", "lognormal"), "law of the delays", "none"
    )

    def check(self) -> None:
        """Refuse certain connections: their in-degree diverges."""
        if np.max(self.connection_probability) >= 1.0:
            reason = "must stay below 1: the in-degree of certain connections diverges"
            self.refuse("connection_probability", reason)

    @classmethod
    def bos2016(cls) -> "MicrocircuitParams":
        """Return the variant of Bos et al. (2016): less inhibition and drive of 4E, wide delays."""
        published = cls()
        return replace(
            published,
            in_degree_ext=(*published.in_degree_ext[:2], 1780, *published.in_degree_ext[3:]),
            in_degree_l4_inh_exc=675.0,
            delay_exc_sd=1.5e-3,
            delay_inh_sd=0.75e-3,
            delay_distribution="truncated_gaussian",
        )

    @property
    def J(self) -> float:
        """Membrane jump of one excitatory spike, tau_s w / C, V."""
        return self.tau_s * self.w / self.C

    def in_degrees(self) -> FloatArray:
        """Return synapses per target neuron, ``[target, source]``.

        A whole number S of synapses is drawn with replacement from all pairs, so that a pair
        is connected with probability p: S = log(1 - p) / log(1 - 1 / (N_target N_source)),
        rounded; K = S / N_target (Potjans & Diesmann 2014, eq. 1).
        """
        N = np.array(self.sizes, dtype=float)
        pairs = np.outer(N, N)
        p = np.array(self.connection_probability)
        # not log1p: the published numbers come from this form, and one of them rounds differently
        K = np.rint(np.log(1.0 - p) / np.log(1.0 - 1.0 / pairs)) / N[:, None]
        if self.in_degree_l4_inh_exc > 0.0:
            K[2, 3] = self.in_degree_l4_inh_exc
        return np.asarray(K)

    def weights(self) -> FloatArray:
        """Return the jumps J, V, ``[target, source]``."""
        J = np.tile([self.J, -self.g * self.J], (8, 4))
        J[0, 2] *= self.w_ratio_l4_l23
        return J

    def network(self) -> PopulationNetwork:
        """Return the normal form read by theory and simulation."""
        spikes = self.rate_ext * np.array(self.in_degree_ext, dtype=float)
        is_poisson = self.drive == "poisson"
        return PopulationNetwork(
            names=POPULATIONS,
            sizes=np.array(self.sizes),
            neurons=LIFNeurons.of(self.neuron),
            synapses=Synapses(
                in_degrees=self.in_degrees(),
                J=self.weights(),
                J_cv=self.w_cv,
                tau_s=self.tau_s,
                delay=[self.delay_exc, self.delay_inh] * 4,
                delay_sd=[self.delay_exc_sd, self.delay_inh_sd] * 4,
                delay_distribution=self.delay_distribution,
            ),
            drive=Drive(
                rate=(spikes * is_poisson)[:, None],
                J=self.J,
                tau_s=self.tau_s,
                mu_dc=self.neuron.tau_m * self.J * spikes * (not is_poisson),
            ),
        )
