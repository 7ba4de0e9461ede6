"""Izhikevich cells, their four receptors, and the networks made of them."""

from dataclasses import dataclass
from math import erf, pi, radians, sqrt
from typing import Final

from cortex.params.base import Block
from cortex.params.spec import block, count, flag, quantity, table

RECEPTORS: Final = ("ampa", "nmda", "gaba_a", "gaba_b")


@dataclass(frozen=True, slots=True, kw_only=True)
class IzhikevichCell(Block):
    """Simple model of Izhikevich (2007), Dynamical Systems in Neuroscience, chapter 8.

    C dv/dt = k (v - v_r)(v - v_t) - u + I, du/dt = a (b (v - v_r) - u);
    at v >= v_peak: v <- c, u <- u + d.
    """

    C: float = quantity("pF", 1.0, 10_000.0, "membrane capacitance")
    k: float = quantity("nS_per_mV", 0.01, 100.0, "steepness of the quadratic current")
    v_r: float = quantity("mV", -100.0, 0.0, "resting potential")
    v_t: float = quantity("mV", -100.0, 50.0, "instantaneous threshold potential")
    v_peak: float = quantity("mV", -50.0, 100.0, "peak of the spike, where v is reset")
    a: float = quantity("per_ms", 1e-4, 10.0, "rate of the recovery current")
    b: float = quantity("nS", -100.0, 1000.0, "sensitivity of the recovery current to v")
    c: float = quantity("mV", -100.0, 50.0, "reset potential")
    d: float = quantity("pA", -1000.0, 10_000.0, "jump of the recovery current at a spike")

    def check(self) -> None:
        """Refuse potentials out of order."""
        if not self.v_r < self.v_t < self.v_peak or self.c >= self.v_peak:
            reason = "{v_r} < {v_t} < {v_peak} and {c} < v_peak must hold; are two exchanged?"
            self.refuse("", reason)

    @property
    def E_L(self) -> float:
        """Resting potential, V."""
        return self.v_r

    @property
    def tau_ref(self) -> float:
        """Absolute refractory period, s: none."""
        return 0.0

    @property
    def leak(self) -> float:
        """Slope of the quadratic current at rest, S."""
        return self.k * (self.v_t - self.v_r)

    @property
    def tau_m(self) -> float:
        """Time constant at rest for fixed u, s."""
        return self.C / self.leak

    def normal(self) -> dict[str, float]:
        """Return the fields of the normal form: potentials above rest, u over the leak."""
        return {
            "tau_m": self.tau_m,
            "tau_ref": self.tau_ref,
            "V_th": self.v_t - self.v_r,
            "V_reset": self.c - self.v_r,
            "V_peak": self.v_peak - self.v_r,
            "tau_w": 1.0 / self.a,
            "a": self.b / self.leak,
            "b": self.d / self.leak,
        }


REGULAR_SPIKING: Final = IzhikevichCell(
    C=100e-12, k=3e-6, v_r=-60e-3, v_t=-50e-3, v_peak=50e-3, a=10.0, b=5e-9, c=-60e-3, d=400e-12
)
FAST_SPIKING: Final = IzhikevichCell(
    C=20e-12, k=1e-6, v_r=-55e-3, v_t=-40e-3, v_peak=25e-3, a=150.0, b=8e-9, c=-55e-3, d=200e-12
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptorParams(Block):
    """Decay times and reversal potentials of AMPA, NMDA, GABA-A and GABA-B.

    The NMDA conductance is gated by q/(1 + q), q = ((v + 80 mV)/60 mV)^2 (Izhikevich &
    Edelman 2008, Proc. Natl. Acad. Sci. 105:3593).
    """

    tau_ampa: float = quantity("ms", 0.1, 1000.0, "AMPA decay", default=5e-3)
    tau_nmda: float = quantity("ms", 0.1, 1000.0, "NMDA decay", default=100e-3)
    tau_gaba_a: float = quantity("ms", 0.1, 1000.0, "GABA-A decay", default=6e-3)
    tau_gaba_b: float = quantity("ms", 0.1, 1000.0, "GABA-B decay", default=150e-3)
    E_ampa: float = quantity("mV", -100.0, 100.0, "AMPA reversal", default=0.0)
    E_nmda: float = quantity("mV", -100.0, 100.0, "NMDA reversal", default=0.0)
    E_gaba_a: float = quantity("mV", -150.0, 0.0, "GABA-A reversal", default=-70e-3)
    E_gaba_b: float = quantity("mV", -150.0, 0.0, "GABA-B reversal", default=-90e-3)

    @property
    def tau(self) -> tuple[float, float, float, float]:
        """Decay times in the order of `RECEPTORS`, s."""
        return (self.tau_ampa, self.tau_nmda, self.tau_gaba_a, self.tau_gaba_b)

    @property
    def E(self) -> tuple[float, float, float, float]:
        """Reversal potentials in the order of `RECEPTORS`, V."""
        return (self.E_ampa, self.E_nmda, self.E_gaba_a, self.E_gaba_b)


@dataclass(frozen=True, slots=True, kw_only=True)
class RingNetworkParams(Block):
    """Regular- and fast-spiking cells on a ring, after Cano-Colino et al. (2014).

    Weights are named ``G_<target><source>`` and are the peak over the angle between cells.
    """

    n_exc: int = count(1, 100_000, "regular-spiking cells", default=100)
    n_inh: int = count(1, 100_000, "fast-spiking cells", default=20)
    exc: IzhikevichCell = block(IzhikevichCell, "regular-spiking", default=REGULAR_SPIKING)
    inh: IzhikevichCell = block(IzhikevichCell, "fast-spiking", default=FAST_SPIKING)
    receptors: ReceptorParams = block(ReceptorParams, "receptors", default=ReceptorParams())
    G_EE: float = quantity("nS", 0.0, 1000.0, "onto E from E", default=5e-9)
    G_IE: float = quantity("nS", 0.0, 1000.0, "onto I from E", default=10e-9)
    G_EI: float = quantity("nS", 0.0, 1000.0, "onto E from I", default=0.0)
    G_II: float = quantity("nS", 0.0, 1000.0, "onto I from I", default=10e-9)
    sigma: float = quantity("deg", 0.1, 360.0, "width of the Gaussian", default=radians(14.4))
    has_factor_two: bool = flag(
        "exp(-x^2/(2 sigma^2)) if true, exp(-x^2/sigma^2) if false", default=False
    )


def mean_gaussian(sigma: float) -> float:
    """Return the mean over a ring of angles of exp(-x^2/(2 sigma^2)), sigma in rad.

    Examples
    --------
    >>> round(mean_gaussian(radians(20.0)), 4)
    0.1393
    """
    return sigma * sqrt(2.0 * pi) * erf(pi / (sigma * sqrt(2.0))) / (2.0 * pi)


@dataclass(frozen=True, slots=True, kw_only=True)
class BumpParams(Block):
    """Ring attractor of regular- and fast-spiking cells, and the task it performs.

    Weights are named ``G_<target><source>``: the conductance that one spike of every
    source cell adds to a target cell, so the weight of a synapse is G over the number of
    sources and results do not depend on it. E to E is structured by J_plus and sigma as in
    Compte et al. (2000, Cereb. Cortex 10:910) and carried by NMDA; all else is uniform.
    """

    n_exc: int = count(8, 100_000, "regular-spiking cells", default=512)
    n_inh: int = count(1, 100_000, "fast-spiking cells", default=128)
    exc: IzhikevichCell = block(IzhikevichCell, "excitatory cell", default=REGULAR_SPIKING)
    inh: IzhikevichCell = block(IzhikevichCell, "inhibitory cell", default=FAST_SPIKING)
    receptors: ReceptorParams = block(
        ReceptorParams, "receptors", default=ReceptorParams(tau_nmda=150e-3)
    )
    J_plus: float = quantity(
        "1", 0.0, 100.0, "E to E weight of equal angles over the mean weight", default=3.0
    )
    sigma: float = quantity(
        "deg", 1.0, 180.0, "width of the E to E structure", default=radians(20.0)
    )
    G_EE: float = quantity("nS", 0.0, 1e4, "onto E from E, NMDA", default=160e-9)
    G_IE: float = quantity("nS", 0.0, 1e4, "onto I from E, NMDA and as much AMPA", default=30e-9)
    G_EI: float = quantity("nS", 0.0, 1e4, "onto E from I, GABA-A", default=230e-9)
    G_II: float = quantity("nS", 0.0, 1e4, "onto I from I, GABA-A", default=10e-9)
    gaba_gain: float = quantity("1", 0.0, 100.0, "factor on both inhibitory weights", default=1.0)
    delay: float = quantity("ms", 0.0, 100.0, "transmission delay of all synapses", default=0.5e-3)
    rate_noise: float = quantity(
        "Hz", 0.0, 1e6, "Poisson spikes onto each cell, AMPA", default=600.0
    )
    w_noise_exc: float = quantity(
        "nS", 0.0, 100.0, "weight of one of them on an E cell", default=0.27e-9
    )
    w_noise_inh: float = quantity(
        "nS", 0.0, 100.0, "weight of one of them on an I cell", default=0.1e-9
    )
    cue_angle: float = quantity("deg", 0.0, 360.0, "angle to remember", default=radians(180.0))
    cue_width: float = quantity(
        "deg", 1.0, 180.0, "width of the Gaussian cue current", default=radians(18.0)
    )
    cue_amplitude: float = quantity("pA", 0.0, 10_000.0, "peak of the cue current", default=300e-12)
    cue_start: float = quantity("ms", 0.0, 1e5, "start of the cue", default=0.5)
    cue_duration: float = quantity("ms", 0.1, 1e5, "length of the cue", default=0.25)
    memory: float = quantity("s", 0.1, 1000.0, "delay period after the cue", default=3.0)
    dt: float = quantity("ms", 0.001, 1.0, "time step", default=1e-4)
    window: float = quantity("ms", 1.0, 10_000.0, "window of the population vector", default=0.25)

    def check(self) -> None:
        """Refuse negative conductances of a steep structure, and times that do not fit."""
        if self.J_plus > self.most_J_plus:
            reason = (
                "needs negative weights far from the peak to keep the mean weight; with {sigma} "
                f"it is at most {self.most_J_plus:.4g}: lower J_plus or sigma"
            )
            self.refuse("J_plus", reason)
        self.need_steps("delay", least=1)
        for time in ("cue_start", "cue_duration", "memory", "window"):
            self.need_steps(time)
        if self.window > self.memory:
            self.refuse("window", "must not be longer than {memory}")

    @property
    def most_J_plus(self) -> float:
        """Steepest structure whose weights are all positive."""
        return 1.0 / mean_gaussian(self.sigma)

    @property
    def cue_stop(self) -> float:
        """End of the cue and start of the delay period, s."""
        return self.cue_start + self.cue_duration

    @property
    def duration(self) -> float:
        """Length of a trial, s."""
        return self.cue_stop + self.memory


@dataclass(frozen=True, slots=True, kw_only=True)
class FiringParams(Block):
    """Steps of current from rest: the firing curve and the excerpts to show."""

    start: float = quantity("pA", 0.0, 10_000.0, "smallest step")
    stop: float = quantity("pA", 0.0, 10_000.0, "largest step")
    num: int = count(2, 10_000, "number of steps")
    duration: float = quantity("s", 0.1, 100.0, "length of a step")
    shown: float = quantity("pA", 0.0, 10_000.0, "step whose trace and phase plane are shown")
    shown_duration: float = quantity("ms", 1.0, 10_000.0, "length of the trace shown")

    def check(self) -> None:
        """Refuse steps that do not rise, and a trace beyond its step."""
        self.need_rising("start", "stop")
        if self.shown_duration > self.duration:
            self.refuse("shown_duration", "must not be longer than {duration}")


@dataclass(frozen=True, slots=True, kw_only=True)
class BumpTrialsParams(Block):
    """Repeated trials of the default network."""

    number: int = count(3, 10_000, "independent trials")
    memory: float = quantity("s", 0.5, 1000.0, "delay period of each")


@dataclass(frozen=True, slots=True, kw_only=True)
class IzhikevichStudy(Block):
    """Everything that is run on Izhikevich cells, networks and the bump attractor."""

    cells: dict[str, IzhikevichCell] = table(block(IzhikevichCell, "a cell"), "cells to study")
    firing: FiringParams = block(FiringParams, "steps of current")
    bump: BumpParams = block(BumpParams, "ring attractor and memory task")
    trials: BumpTrialsParams = block(BumpTrialsParams, "trials of the default network")
