r"""Neurons driven by spikes through currents and conductances, with adaptation.

Source k sends :math:`m_k` spikes per second; each moves the potential by
:math:`q_k = J_k + g_k (E_k - V)` altogether, filtered by the synapse. Conductances shorten the
membrane time constant; what is left is a current about the mean potential of the free membrane
(Richardson 2004, Phys. Rev. E 69:051918):

.. math:: \frac1\tau = \frac1{\tau_m} + \sum_k m_k g_k, \quad
          \mu_0 = \tau \Big[\frac{\mu_{dc}}{\tau_m} + \sum_k m_k (J_k + g_k E_k)\Big], \quad
          \sigma_k^2(V) = \tau m_k q_k(V)^2.

The variance follows the potential and is skewed, since kicks are finite (`noise_profile`): both
change rates in the same order, that of the size of the kicks. Adaptation is driven by the mean: it
subtracts :math:`a \bar V + b \tau_w \nu`.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from cortex.meanfield.density.kicks import KickedNeuron, Kicks
from cortex.meanfield.density.neurons import SpikingNeuron, with_time_constant
from cortex.meanfield.density.noise_profile import NoiseProfile
from cortex.meanfield.density.receptors import (
    LEAST_NOISE,
    ReceptorRate,
    Receptors,
    receptor_cv,
    receptor_rate,
    receptor_response,
)
from cortex.params.lif import LIFParams
from cortex.typing import ComplexArray, FloatArray, IntArray

ADAPTED: Final = 1e-10
"""Relative step of the adaptation below which it has settled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adaptation:
    """A current -w: tau_w dw/dt = a V - w; a spike adds b to w.

    Attributes
    ----------
    tau_w : float
        Time constant, s.
    a : float
        Coupling to the potential, over the conductance of the leak.
    b : float
        Step of a spike, V.
    """

    tau_w: float
    a: float
    b: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpikeSources:
    """Poisson spikes that reach a neuron, by source.

    Attributes
    ----------
    mean, square : ndarray of shape (n_sources,)
        Rate of the spikes times the mean, and the mean square, of what plastic synapses pass on,
        Hz; both the rate where they are static.
    J : ndarray of shape (n_sources,)
        Jump through a current, V.
    g, E_rev : ndarray of shape (n_sources,)
        Integral of the conductance over the capacitance, and its reversal potential, V.
    spread : ndarray of shape (n_sources,)
        Mean square of single weights over the square of their mean.
    tau_s, tau_rise : ndarray of shape (n_sources,)
        Decay and rise of the synapses, s.
    """

    mean: FloatArray
    square: FloatArray
    J: FloatArray
    g: FloatArray
    E_rev: FloatArray
    spread: FloatArray
    tau_s: FloatArray
    tau_rise: FloatArray

    @property
    def correlation(self) -> FloatArray:
        """Time constant of an exponential synapse of the same strength and variance, s."""
        return np.round(self.tau_s + self.tau_rise, 15)

    def filters(self, lam: ComplexArray) -> ComplexArray:
        """Return the low-pass filters of the synapses, shape (n, n_sources)."""
        at = lam[:, None]
        return np.asarray(1.0 / ((1.0 + at * self.tau_s) * (1.0 + at * self.tau_rise)))


@dataclass(frozen=True, slots=True, eq=False)
class DrivenNeuron:
    """A neuron, what drives it, and its effective membrane.

    Attributes
    ----------
    neuron : LIFParams or SpikingNeuron
        The neuron with its leak alone.
    adaptation : Adaptation or None
        Its adaptation.
    mu_dc : float
        Constant drive, V.
    sources : SpikeSources
        The spikes.
    tau : float
        Effective membrane time constant, s.
    rest : float
        Mean potential of the free membrane with the mean conductances, mu_0, V.
    jump : ndarray of shape (n_sources,)
        q_k at that potential, V.
    tau_s : ndarray of shape (n_receptors,)
        Distinct time constants of the noise, s.
    of_source : ndarray of int, shape (n_sources,)
        Receptor of each source.
    """

    neuron: LIFParams | SpikingNeuron
    adaptation: Adaptation | None
    mu_dc: float
    sources: SpikeSources
    tau: float
    rest: float
    jump: FloatArray
    tau_s: FloatArray
    of_source: IntArray

    @classmethod
    def of(
        cls,
        neuron: LIFParams | SpikingNeuron,
        adaptation: Adaptation | None,
        mu_dc: float,
        sources: SpikeSources,
    ) -> "DrivenNeuron":
        """Return the neuron with its effective membrane."""
        leak = 1.0 / neuron.tau_m
        tau = 1.0 / (leak + float(sources.mean @ sources.g))
        push = mu_dc * leak + float(sources.mean @ (sources.J + sources.g * sources.E_rev))
        jump = sources.J + sources.g * (sources.E_rev - tau * push)
        tau_s, of_source = np.unique(sources.correlation, return_inverse=True)
        return cls(
            neuron=neuron,
            adaptation=adaptation,
            mu_dc=mu_dc,
            sources=sources,
            tau=tau,
            rest=tau * push,
            jump=jump,
            tau_s=tau_s,
            of_source=of_source.ravel(),
        )

    @property
    def mu(self) -> float:
        """Mean input without adaptation, V."""
        return self.rest

    @property
    def noise(self) -> FloatArray:
        """Variance of the input from each source, V^2."""
        return np.asarray(self.tau * self.sources.square * self.sources.spread * self.jump**2)

    @property
    def variance(self) -> FloatArray:
        """Variance of the input through each receptor, V^2."""
        return self.noise @ self._receptor

    @property
    def sigma(self) -> float:
        """Standard deviation of the input, V."""
        return float(np.sqrt(np.sum(self.variance)))

    @property
    def mean_tau_s(self) -> float:
        """Time constant whose root is the mean over the noise, s, as where receptors are unlike."""
        total = float(np.sum(self.variance))
        return float((self.variance @ np.sqrt(self.tau_s)) / total) ** 2 if total > 0.0 else 0.0

    @property
    def is_filtered_once(self) -> bool:
        """Whether one first-order filter stands for all synapses: currents of one decay."""
        own = self.sources
        used = own.mean * (np.abs(own.J) + own.g) != 0.0
        alike = np.unique(own.tau_s[used]).size <= 1
        return alike and not np.any(own.g[used] > 0.0) and not np.any(own.tau_rise[used])

    @property
    def top(self) -> float:
        """Potential where spikes begin, with the effective time constant, V."""
        cell = self.effective  # conductances move the onset
        return cell.V_th if isinstance(cell, LIFParams) else cell.V_onset

    @property
    def least_variance(self) -> float:
        """Least variance that the cells resolve, V^2; less noise counts as much."""
        return float((1.0001 * LEAST_NOISE * (self.top - self.neuron.V_reset)) ** 2)

    @property
    def by_rate(self) -> FloatArray:
        """Variance of each source per Hz, and its coefficients of u and u^2, (n_sources, 3)."""
        own = self.sources
        q = own.J + own.g * (own.E_rev - self.top)
        powers = np.stack([q**2, -2.0 * q * own.g, own.g**2], axis=1)
        return np.asarray(self.tau * own.spread[:, None] * powers)

    @property
    def skew_by_rate(self) -> FloatArray:
        """Third order of each source per Hz, at unit variance of its receptor, (n_sources,)."""
        own = self.sources
        each = own.square * self.by_rate[:, 0]
        whole = (each @ self._receptor)[self.of_source]
        filtered = np.where(own.correlation > 0.0, own.correlation, np.inf)
        share = np.divide(own.square, own.mean, out=np.zeros(own.mean.size), where=own.mean > 0.0)
        q = own.J + own.g * (own.E_rev - self.top)
        with np.errstate(divide="ignore", invalid="ignore"):
            size = np.where(whole > 0.0, q * np.sqrt(2.0 * self.tau / (filtered * whole)), 0.0)
        return np.asarray(share * (3.0 * own.spread - 2.0) * size**3 / 6.0)

    @property
    def _receptor(self) -> FloatArray:
        """Which receptor each source reaches, shape (n_sources, n_receptors)."""
        return np.eye(self.tau_s.size)[self.of_source]

    def receptors(self, w: float) -> Receptors:
        """Return the neuron as one with receptors, the adaptation w (V) a constant current."""
        square, tau_s = self.sources.square, self.tau_s
        bends = (square[:, None] * self.by_rate).T @ self._receptor
        skew = (square * self.skew_by_rate) @ self._receptor
        missing = self.least_variance - float(np.sum(bends[0]))
        if missing > 0.0:  # white noise, as if from delta synapses
            bends = np.column_stack([bends, [missing, 0.0, 0.0]])
            skew, tau_s = np.append(skew, 0.0), np.append(tau_s, 0.0)
        mu = self.mu - w * self.tau / self.neuron.tau_m
        conducts = bool(np.any(self.sources.mean * self.sources.g > 0.0))
        profile = NoiseProfile(self.top, bends[1:].T, skew) if conducts else None
        return Receptors(mu, bends[0], tau_s, self.effective, profile)

    @property
    def effective(self) -> LIFParams | SpikingNeuron:
        """The neuron with the effective time constant."""
        return with_time_constant(self.neuron, self.tau)

    @property
    def kicked(self) -> KickedNeuron | None:
        """The neuron with kicks of finite size, where that can be solved: LIF, delta synapses."""
        own, cell = self.sources, self.neuron
        static = np.array_equal(own.mean, own.square) and np.all(own.spread == 1.0)
        instant = not np.any(own.correlation) and bool(np.any(own.mean * own.g > 0.0))
        if self.adaptation or not (isinstance(cell, LIFParams) and static and instant):
            return None
        if np.any(own.mean < 0.0) or np.sum(self.variance) < self.least_variance:
            return None
        kicks = Kicks(rate=own.mean, J=own.J, g=own.g, E_rev=own.E_rev)
        return KickedNeuron.of(cell, self.mu_dc, kicks)

    def settled(self, w: float = 0.0) -> "SettledNeuron":
        """Return rate, mean potential and slopes, the adaptation settled; w (V) is a first guess.

        Newton's method within a bracket: adaptation falls with the rate that it lowers.
        """
        own = self.adaptation
        if own is None:
            return SettledNeuron(self, 0.0, _rate(self.receptors(0.0)))
        low, high = -np.inf, np.inf
        for _ in range(60):
            rate = _rate(self.receptors(w))
            excess = own.a * rate.potential + own.b * own.tau_w * rate.nu - w
            low, high = (w, high) if excess > 0.0 else (low, w)
            by_mean = own.a * rate.slopes[1, 0] + own.b * own.tau_w * rate.slopes[0, 0]
            step = excess / (1.0 + self.tau / self.neuron.tau_m * float(by_mean))
            if abs(step) <= ADAPTED * (abs(w) + 1e-3):
                break
            w = w + step if low < w + step < high else 0.5 * (low + high)
        return SettledNeuron(self, w, rate)


@dataclass(frozen=True, slots=True, eq=False)
class BySource:
    """Responses of a rate to exp(lambda t), or slopes at lambda = 0.

    Attributes
    ----------
    mean, square : ndarray of shape (n, n_sources)
        To the two rates of each source, Hz/Hz, filters of the synapses included.
    mu_dc : ndarray of shape (n,)
        To the constant drive, Hz/V.
    """

    mean: ComplexArray
    square: ComplexArray
    mu_dc: ComplexArray


@dataclass(frozen=True, slots=True, eq=False)
class SettledNeuron:
    """A driven neuron at its rate.

    Attributes
    ----------
    driven : DrivenNeuron
        The neuron.
    w : float
        Its adaptation, V.
    rate : ReceptorRate
        Its rate, mean potential and slopes.
    """

    driven: DrivenNeuron
    w: float
    rate: ReceptorRate

    @property
    def mu(self) -> float:
        """Mean input, adaptation subtracted, V."""
        return self.driven.receptors(self.w).mu

    @property
    def nu(self) -> float:
        """Rate, Hz."""
        kicked = self.driven.kicked
        return self.rate.nu if kicked is None else kicked.density()[0]

    @property
    def cv(self) -> float:
        """Coefficient of variation of the intervals, the adaptation held at its mean."""
        kicked, receptors = self.driven.kicked, self.driven.receptors(self.w)
        if kicked is not None:
            return kicked.cv()
        return receptor_cv(receptors) if receptors.is_resolved else 1.0

    def slopes(self) -> BySource:
        """Return the slopes of the rate."""
        kicked, zero = self.driven.kicked, np.zeros(1, dtype=np.complex128)
        if kicked is not None:
            return _of_kicks(kicked, zero)
        return self._by_source(zero, self.rate.slopes[np.newaxis].astype(np.complex128))

    def respond(self, lam: ComplexArray) -> BySource:
        """Return the response of the rate at lambda, 1/s, shape (n,)."""
        kicked, receptors = self.driven.kicked, self.driven.receptors(self.w)
        if kicked is not None:
            return _of_kicks(kicked, lam)
        if not receptors.is_resolved:
            return self._by_source(lam, np.repeat(self.rate.slopes[np.newaxis], lam.size, axis=0))
        return self._by_source(lam, receptor_response(receptors, lam).both)

    def _by_source(self, lam: ComplexArray, both: ComplexArray) -> BySource:
        """Return responses by source from those to mean, leak and variances, (n, 2, ...)."""
        driven, own = self.driven, self.driven.sources
        tau, F = driven.tau, own.filters(lam)
        mean, leak = both[:, :, :1], both[:, :, 1:2]
        push = own.J + own.g * (own.E_rev - self.mu)
        to_mean = mean * (tau * push * F)[:, None] + leak * (own.g * F)[:, None]
        coefficients = np.column_stack([driven.by_rate, driven.skew_by_rate])
        n_receptors = driven.receptors(self.w).variance.size
        to_square = np.zeros_like(to_mean)
        for order in range((both.shape[2] - 2) // n_receptors):
            first = 2 + order * n_receptors
            to_square += both[:, :, first + driven.of_source] * coefficients[:, order]
        parts = (to_mean, to_square, mean * (tau / driven.neuron.tau_m))
        by_mean, by_square, by_constant = (self._adapted(part, mean, lam) for part in parts)
        return BySource(by_mean, by_square, by_constant[:, 0])

    def _adapted(
        self, answer: ComplexArray, by_mean: ComplexArray, lam: ComplexArray
    ) -> ComplexArray:
        """Return the response of the rate with adaptation, from that of both without, (n, 2, k)."""
        own = self.driven.adaptation
        if own is None:
            return np.asarray(answer[:, 0])
        scale = self.driven.tau / self.driven.neuron.tau_m
        weights = np.array([own.b * own.tau_w, own.a])[:, None]
        slow = 1.0 / (1.0 + lam[:, None] * own.tau_w)
        loop = 1.0 + scale * slow * np.sum(weights * by_mean, axis=1)
        w = slow * np.sum(weights * answer, axis=1) / loop
        return np.asarray(answer[:, 0] - scale * by_mean[:, 0] * w)


def _rate(receptors: Receptors) -> ReceptorRate:
    """Return the rate; a neuron too far below threshold is silent, at its mean potential."""
    if receptors.is_resolved:
        return receptor_rate(receptors)
    n, slopes = receptors.variance.size, np.zeros((2, 2 + receptors.variance.size))
    slopes[1, 0] = 1.0
    return ReceptorRate(0.0, 0.0, np.zeros(n), receptors.mu, slopes)


def _of_kicks(kicked: KickedNeuron, lam: ComplexArray) -> BySource:
    answer = kicked.respond(lam)
    return BySource(answer[:, :-1], np.zeros_like(answer[:, :-1]), answer[:, -1])
