"""Delayed ring of rate neurons with differential Hebbian plasticity, and what is run on it."""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from cortex.errors import Amount, ParameterError, Problem
from cortex.params.base import Block
from cortex.params.spec import block, choice, count, distinct, flag, quantity
from cortex.typing import FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class RingParams(Block):
    """Rate neurons on a ring, their delay, and the travelling wave that drives them.

    tau_x dx/dt = -x + phi(u + W x(t - tau_d)), phi(z) = 1/(1 + exp(-phi_scale z)).
    The wave u moves by one neuron per step, so its period is ``T = n_neurons * dt``.
    Rates and inputs are dimensionless.
    """

    n_neurons: int = count(2, 20_000, "neurons on the ring, N")
    dt: float = quantity("ms", 1e-3, 10.0, "time step; the wave moves one neuron per step")
    tau_x: float = quantity("ms", 0.01, 1000.0, "time constant of the rates")
    tau_d: float = quantity("ms", 1e-3, 1000.0, "transmission delay, a multiple of dt")
    tau_d_sd: float = quantity("ms", 0.0, 100.0, "standard deviation of the delays", 0.0)
    phi_scale: float = quantity("1", 1e-3, 1e4, "gain of the logistic rate function")
    u_scale: float = quantity("1", 0.0, 1e9, "amplitude of the driving wave")
    noise_sd: float = quantity("1", 0.0, 10.0, "stationary deviation of the rate noise", 0.0)

    def check(self) -> None:
        """Refuse a delay that is not a whole number of steps, and an unstable step."""
        self.need_steps("tau_d", least=1)
        if self.dt >= self.tau_x:
            reason = "must lie below {tau_x}: the Euler step dt/tau_x would overshoot"
            self.refuse("dt", reason)

    @property
    def period(self) -> float:
        """Period T = N dt of the training wave, s."""
        return self.n_neurons * self.dt

    @property
    def delay_steps(self) -> int:
        """Mean delay in steps, d."""
        return round(self.tau_d / self.dt)

    @property
    def leak(self) -> float:
        """Fraction of a rate that relaxes in one step, a = dt/tau_x."""
        return self.dt / self.tau_x

    def delay_law(self) -> tuple[IntArray, FloatArray]:
        """Return the delays in steps and their probabilities, both of shape (n_delays,).

        A Gaussian sampled at whole steps within three standard deviations of the mean,
        symmetric, so that the mean is `tau_d` exactly; a single delay without spread.
        """
        d, sd = self.delay_steps, self.tau_d_sd / self.dt
        half = min(int(np.floor(3.0 * sd)), d - 1)
        lags = np.arange(d - half, d + half + 1)
        weights = np.exp(-0.5 * ((lags - d) / sd) ** 2) if half else np.ones(lags.size)
        return lags, weights / weights.sum()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlasticityParams(Block):
    """Differential Hebbian rule: dW/dt = beta (-decay W + (dx_post/dt) x_pre(t - tau_d)).

    Weights are dimensionless; the notation tau_w = 1/beta is also in use. Weights forget
    with the time constant 1/(beta decay), not with tau_w.
    """

    beta: float = quantity("1", 0.0, 10.0, "learning rate; 0 freezes the weights")
    decay: float = quantity("per_s", 0.0, 1e6, "decay lambda of the weights")
    rule: str = choice(
        ("pairwise", "mean", "single"),
        "N x N weights; circulant, averaged over sources; circulant, source neuron 0 only",
    )
    derivative: str = choice(
        ("postsynaptic", "presynaptic"), "side of the derivative; presynaptic is the control"
    )
    w_init_sd: float = quantity("1", 0.0, 10.0, "deviation of the random initial weights")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingParams(Block):
    """Length of a run, when the wave is on, and how the run begins.

    The first `init_steps` steps run without recurrent input and without learning.
    """

    periods: int = count(1, 1_000_000, "length of the run in periods of the wave")
    stimulate: bool = flag("whether the wave is on after the initial phase", True)
    init_stimulation: bool = flag("whether the wave is on in the initial phase", True)
    init_travel: float = quantity(
        "1", -100.0, 100.0, "speed of the initial wave over the later one; 0 freezes it", 1.0
    )
    init_steps: int = count(0, 100_000_000, "steps of the initial phase; 0 chooses them", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningParams(Block):
    """The ring, its plasticity and its training: all that one run needs besides a seed."""

    ring: RingParams = block(RingParams, "neurons, delay and drive")
    plasticity: PlasticityParams = block(PlasticityParams, "learning rule")
    training: TrainingParams = block(TrainingParams, "length and switches of a run")

    def check(self) -> None:
        """Refuse weights that flip their sign in one step, and a run that never learns."""
        forgotten = self.plasticity.beta * self.plasticity.decay * self.ring.dt
        if forgotten >= 1.0:
            reason = (
                f"beta * decay * dt = {forgotten:g} must lie below 1: "
                "the weights would overshoot in one step; lower beta, decay or dt"
            )
            self.refuse("", reason)
        if self.init_steps >= self.n_steps:
            reason = (
                f"makes a run of {self.n_steps} steps, which must be longer than the initial phase "
                f"of {self.init_steps}: take at least "
                f"{self.init_steps // self.ring.n_neurons + 1} periods, or lower init_steps"
            )
            self.refuse("training.periods", reason)

    @property
    def n_steps(self) -> int:
        """Steps of a run, the first one at rest included."""
        return self.training.periods * self.ring.n_neurons

    @property
    def init_steps(self) -> int:
        """Steps of the initial phase.

        Unless given, the smallest multiple of the initial wave's period above the delay;
        the delay when the initial wave stands still.
        """
        ring, training = self.ring, self.training
        if training.init_steps:
            return training.init_steps
        if training.init_travel == 0.0:
            return ring.delay_steps
        turn = max(abs(round(ring.n_neurons / training.init_travel)), 1)
        return turn * (ring.delay_steps // turn + 1)

    @property
    def retention(self) -> float:
        """Fraction of a weight that one step keeps, 1 - lambda beta dt."""
        return 1.0 - self.plasticity.decay * self.plasticity.beta * self.ring.dt

    def at(self, **changes: Any) -> "LearningParams":
        """Return a copy with parameters of any block changed, by their SI names.

        Raises
        ------
        ParameterError
            A name belongs to no block.
        """
        blocks = {name: getattr(self, name) for name in ("ring", "plasticity", "training")}
        owners = {key: name for name, each in blocks.items() for key in _names(each)}
        unknown = sorted(changes.keys() - owners.keys())
        if unknown:
            msg = f"LearningParams has no parameters {unknown}; known: {', '.join(owners)}"
            raise ParameterError(msg)
        for name in {owners[key] for key in changes}:
            own = {key: value for key, value in changes.items() if owners[key] == name}
            blocks[name] = replace(blocks[name], **own)
        return replace(self, **blocks)


def _names(params: Block) -> set[str]:
    return {field.name for field in fields(params)}


@dataclass(frozen=True, slots=True, kw_only=True)
class RingKernelParams(Block):
    """Kernels that are learned and laid against their predictions."""

    tau_d: tuple[float, ...] = distinct(quantity("ms", 1e-3, 1000.0, ""), "delays")
    tau_d_sd: float = quantity("ms", 1e-3, 100.0, "spread of the delays, one case")
    noise_sd: float = quantity("1", 1e-6, 10.0, "rate noise, one case, at the shortest delay")

    def cases(self, model: LearningParams) -> dict[str, LearningParams]:
        """Return the parameters of every case by its name."""
        delays = {f"delay {1e3 * tau_d:g} ms": model.at(tau_d=tau_d) for tau_d in self.tau_d}
        return {
            **delays,
            "full matrix": model.at(rule="pairwise"),
            "distributed delays": model.at(tau_d_sd=self.tau_d_sd),
            "rate noise": model.at(noise_sd=self.noise_sd, tau_d=min(self.tau_d)),
            "presynaptic derivative": model.at(derivative="presynaptic"),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RingReplayParams(Block):
    """Free runs under frozen weights, one parameter varied at a time."""

    tau_d: tuple[float, ...] = distinct(quantity("ms", 1e-3, 1000.0, ""), "delays")
    tau_x: tuple[float, ...] = distinct(quantity("ms", 0.01, 1000.0, ""), "rate time constants")
    n_neurons: tuple[int, ...] = distinct(
        count(2, 20_000, ""), "ring sizes at the same dt: periods of the training wave"
    )
    excerpt_periods: int = count(2, 100, "periods of the space-time picture, first one driven")

    def points(self, model: LearningParams) -> list[tuple[str, LearningParams]]:
        """Return (varied parameter, parameters) of every value, and the control rule."""
        delays = [("tau_d", model.at(tau_d=tau_d)) for tau_d in self.tau_d]
        rates = [("tau_x", model.at(tau_x=tau_x)) for tau_x in self.tau_x]
        periods = [("period", model.at(n_neurons=n)) for n in self.n_neurons]
        return [*delays, *rates, *periods, ("control", model.at(derivative="presynaptic"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class RingLockingParams(Block):
    """Drives of several amplitudes and speeds, against learned weights."""

    decay: tuple[float, ...] = distinct(
        quantity("per_s", 1e-3, 1e6, ""), "decays for drives that are weak while learning"
    )
    strength: tuple[float, ...] = distinct(
        quantity("1", 1e-3, 100.0, ""), "amplitudes over the predicted limit, while learning"
    )
    speed: tuple[float, ...] = distinct(
        quantity("1", 1e-2, 100.0, ""), "frequencies of test drives over the trained one"
    )
    amplitude: tuple[float, ...] = distinct(
        quantity("1", 1e-3, 100.0, ""), "amplitudes of test drives over the limit at speed 1"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RingPairsParams(Block):
    """Weights of all pairs and their history, and rules given as functions on a coarser ring."""

    n_times: int = count(3, 10_000, "times at which weights and their changes are kept")
    n_shown: int = count(2, 2000, "neurons, sources and times on a side of the pictures, at most")
    n_neurons: int = count(2, 20_000, "neurons of the ring whose rules are functions")
    dt: float = quantity("ms", 1e-3, 10.0, "its time step")

    def coarse(self, model: LearningParams) -> LearningParams:
        """Return the ring whose rules are functions: its steps are Python calls."""
        return model.at(rule="pairwise", n_neurons=self.n_neurons, dt=self.dt)


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningStudy(Block):
    """Everything that is run on the learning ring."""

    model: LearningParams = block(LearningParams, "the ring")
    kernels: RingKernelParams = block(RingKernelParams, "learned kernels")
    pairs: RingPairsParams = block(RingPairsParams, "full matrix and rules given as functions")
    replay: RingReplayParams = block(RingReplayParams, "replay without drive")
    locking: RingLockingParams = block(RingLockingParams, "locking to the drive")

    def check(self) -> None:
        """Refuse listed values that the ring cannot take."""
        for path in ("kernels.tau_d", "replay.tau_d", "replay.tau_x", "replay.n_neurons"):
            part, _, name = path.partition(".")
            for i, value in enumerate(getattr(getattr(self, part), name)):
                try:
                    self.model.at(**{name: value})
                except ParameterError as error:
                    raise ParameterError(
                        _of(error.problems[0], self.amount(f"{path}.{i}"))
                    ) from None


def _of(problem: Problem, value: Amount) -> Problem:
    """Return a problem as that of the listed value that causes it."""
    if problem.subject.place[-1:] == value.place[-2:-1]:
        return replace(problem, subject=value)
    reason = (problem.reason,) if isinstance(problem.reason, str) else problem.reason
    return replace(problem, subject=value, reason=(": ", problem.subject, " ", *reason))
