"""Projections between populations and drives from outside, as a network file states them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from cortex.errors import Amount, ParameterError, Problem
from cortex.params.base import Block, config_keys
from cortex.params.description.course import CourseParams
from cortex.params.description.lost import DELTA_NAME
from cortex.params.description.specs import names, optional
from cortex.params.reading import together
from cortex.params.spec import block, choice, count, declare, quantity, text, vector
from cortex.params.spike_file import RecordedSource
from cortex.params.synapses import ACTIVE, MOST_J_CV
from cortex.params.weight_kernel import WeightKernel
from cortex.params.wiring import WiringRule


@dataclass(frozen=True, slots=True, kw_only=True)
class SynapseList(Block):
    """Synapses of a file, one a row: columns `source` and `target`, numbers of neurons from 0.

    A column `weight` holds factors on the weight of the projection, one `delay_ms` delays of single
    synapses. What the file holds is filled in when a configuration is read, for theory and to
    know the file again.
    """

    file: str = text("table of synapses: .tsv, .csv or .parquet")
    count: int | None = optional(count(0, 10**10, "synapses of the file; filled in"))
    mean_weight: float | None = optional(quantity("1", -1e6, 1e6, "mean of its factors; filled in"))
    digest: str = text("SHA-256 of the file; filled in", "")


JUMP = quantity("mV", -2000.0, 2000.0, "jump of the membrane that one spike makes, signed")
CURRENT = quantity("pA", -1e6, 1e6, "peak current of one spike, signed; needs C_pF and tau_s_ms")
CONDUCTANCE = quantity("nS", 0.0, 1e6, "peak conductance of one spike; needs C_pF and E_rev_mV")
KICK = quantity(
    "1", 0.0, 100.0, "conductance of one spike, its integral over C; needs a receptor with E_rev_mV"
)
WEIGHTS = ("J", "w", "g", "kick")
FACTORS = vector(text("name"), "factors that multiply the weight", default=())
SYNAPSES = ("probability", "pair_probability", "in_degree", "total", "list")
LAWS = ("none", "gaussian", "truncated_gaussian", "lognormal")


def need_one(
    block: Block, options: tuple[str, ...], what: str, sound: Mapping[str, Any] | None = None
) -> None:
    """Refuse none or several of the fields that say the same thing; `sound` keys say it."""
    given = [name for name in options if getattr(block, name) is not None]
    if len(given) != 1:
        reason = (
            f"{what} needs one of ",
            *_joined(block, options, ", "),
            "; found ",
            *(_joined(block, given, " and ") or ["none"]),
        )
        field_of = {key: field.name for key, (field, _) in config_keys(type(block)).items()}
        others = {k: v for k, v in block.to_config().items() if field_of[k] not in options}
        instead = ({**others, **sound},) if sound else ()
        raise ParameterError(Problem(reason=reason, instead=instead))


def _joined(block: Block, names: Sequence[str], between: str) -> list[str | Amount]:
    """Return the names of fields, to be shown as the keys of a file where it has them."""
    keys = {field.name: key for key, (field, _) in config_keys(type(block)).items()}
    amounts = (Amount(place=(name,), suffix=keys[name].removeprefix(name)) for name in names)
    return [part for amount in amounts for part in (between, amount)][1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionParams(Block):
    """Synapses from each of the sources onto each of the targets.

    Their number, per pair of populations a (target) and b (source) of N_a and N_b neurons, by
    one of: `probability` p, mean in-degree ``p N_b``; `pair_probability` p, that a pair of
    neurons has at least one of S synapses drawn with repeats, ``S = log(1 - p) /
    log(1 - 1/(N_a N_b))`` rounded, in-degree ``S/N_a`` (Potjans & Diesmann 2014, eq. 1);
    `in_degree`; `total` number of synapses; `list`, a file of synapses.
    """

    source: tuple[str, ...] = names("populations whose spikes are sent")
    target: tuple[str, ...] = names("populations that receive them")
    probability: float | None = optional(quantity("1", 0.0, 1.0, "synapses over pairs of neurons"))
    pair_probability: float | None = optional(
        quantity("1", 0.0, 0.999999, "share of pairs that are joined, when synapses may repeat")
    )
    in_degree: float | None = optional(quantity("1", 0.0, 1e6, "synapses per target neuron"))
    total: int | None = optional(count(0, 10**12, "synapses of each pair of populations"))
    list: SynapseList | None = optional(block(SynapseList, "synapses of a file"))
    J: float | None = optional(JUMP)
    w: float | None = optional(CURRENT)
    g: float | None = optional(CONDUCTANCE)
    kick: float | None = optional(KICK)
    g_nmda: float = quantity(
        "nS", 0.0, 1e6, "conductance of the NMDA receptors beside, all of them open", 0.0
    )
    weight_cv: float = quantity(
        "1", 0.0, MOST_J_CV, "standard deviation of single weights over their mean", 0.0
    )
    times: tuple[str, ...] = FACTORS
    delay: float = quantity("ms", 0.001, 500.0, "transmission delay, its mean where it is spread")
    delay_sd: float = quantity("ms", 0.0, 200.0, "standard deviation of the delays", 0.0)
    delay_law: str = choice(LAWS, "law of the delays; none takes the mean", "none")
    receptor: str = text("receptor of the targets")
    U: float | None = optional(
        quantity("1", 0.0, 1.0, "share of its resources that a spike uses; all, where not given")
    )
    tau_rec: float = quantity("ms", 0.0, 100_000.0, "recovery of the resources", 0.0)
    tau_fac: float = quantity("ms", 0.0, 100_000.0, "decay of facilitation", 0.0)
    tau_active: float = declare(ACTIVE, 0.0)
    wiring: WiringRule | None = optional(block(WiringRule, "how synapses fall on neurons"))
    profile: str | None = optional(
        text("connection probability over distance: boxcar, gaussian, exponential or a table")
    )
    width: float | None = optional(
        quantity("mm", 1e-3, 100.0, "half width, standard deviation, decay length or end of it")
    )
    speed: float | None = optional(
        quantity("m_per_s", 1e-3, 200.0, "delays grow by distance over this speed")
    )

    weight_kernel: WeightKernel | None = optional(
        block(WeightKernel, "factor on the weights by displacement")
    )

    def check(self) -> None:
        """Refuse a number or weight of synapses stated twice or not at all."""
        together(
            partial(need_one, self, SYNAPSES, "the number of synapses", {"in_degree": 1e-3}),
            partial(need_one, self, WEIGHTS, "the weight", {"J_mV": 0.0, "receptor": DELTA_NAME}),
            self._check_space,
            self._check_list,
            self._check_delay,
        )

    def _check_space(self) -> None:
        if (self.profile is None) != (self.width is None):
            self.refuse("", "profile and width_mm belong together")
        if self.speed is not None and self.profile is None:
            self.refuse("speed", "needs a profile: delays grow with distance in space")
        if self.weight_kernel is not None and (
            self.profile is None or self.list is not None or self.weight_cv > 0.0
        ):
            self.refuse("", "weight_kernel needs a profile, and takes neither list nor weight_cv")

    def _check_list(self) -> None:
        if self.list is not None and (
            "all" in (*self.source, *self.target) or len(self.source) + len(self.target) > 2
        ):
            self.refuse("", "a list of synapses leads from one population to one population")

    def _check_delay(self) -> None:
        if (self.delay_sd > 0.0) != (self.delay_law != "none"):
            self.refuse(
                "delay_sd",
                f"with {{delay_law}}: spread delays need a law of {', '.join(LAWS[1:])} and a "
                "positive spread",
            )

    def mean_in_degree(self, n_target: int, n_source: int) -> float:
        """Return the mean number of synapses per target neuron."""
        if self.in_degree is not None:
            return self.in_degree
        if self.list is not None:
            return (self.list.count or 0) / n_target
        if self.total is not None:
            return self.total / n_target
        if self.probability is not None:
            return self.probability * n_source
        p, pairs = self.pair_probability or 0.0, float(n_target) * float(n_source)
        # not log1p: the published numbers come from this form, and one of them rounds differently
        with np.errstate(divide="ignore"):  # one pair alone
            return float(np.rint(np.log(1.0 - p) / np.log(1.0 - 1.0 / pairs)) / n_target)


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveParams(Block):
    """Independent Poisson input of every target neuron, recorded spikes, or a constant current.

    A Poisson input has a total rate (`rate`), or `n_sources` of `rate_per_source`, or the rate
    at which theory gives the targets the wanted firing rate (`wanted_rate`). Of a `recording`
    every target hears `n_sources` distinct neurons; theory takes their mean rate.
    """

    target: tuple[str, ...] = names("populations that receive it")
    rate: float | None = optional(quantity("Hz", 0.0, 1e9, "spikes per neuron, all sources"))
    n_sources: float | None = optional(quantity("1", 0.0, 1e7, "external synapses per neuron"))
    rate_per_source: float | None = optional(quantity("Hz", 0.0, 1e6, "rate of each of them"))
    wanted_rate: float | None = optional(
        quantity("Hz", 1e-3, 1000.0, "firing rate of the targets for which theory finds the drive")
    )
    J: float | None = optional(JUMP)
    w: float | None = optional(CURRENT)
    g: float | None = optional(CONDUCTANCE)
    kick: float | None = optional(KICK)
    receptor: str | None = optional(text("receptor of the targets"))
    mu: float | None = optional(quantity("mV", -1000.0, 1000.0, "constant drive, R I"))
    current: float | None = optional(quantity("pA", -1e6, 1e6, "constant current; needs C_pF"))
    times: tuple[str, ...] = FACTORS
    rate_times: tuple[str, ...] = vector(
        text("name"), "factors that multiply the rate or the constant drive", default=()
    )
    course: CourseParams | None = optional(block(CourseParams, "how it changes in time"))
    recording: RecordedSource | None = optional(block(RecordedSource, "whose spikes are sent"))

    def check(self) -> None:
        """Refuse a drive that is stated twice or by half."""
        need_one(
            self, ("rate", "n_sources", "wanted_rate", "mu", "current"), "the size of the drive"
        )
        if (self.n_sources is None) != (self.rate_per_source is None) and not self.recording:
            self.refuse("", "n_sources and rate_per_source_Hz belong together")
        if self.recording and (
            self.n_sources is None or self.rate_per_source or self.rate_times or self.course
        ):
            self.refuse(
                "",
                "a recording needs n_sources, the recorded neurons that each target hears, and "
                "takes no rate_per_source_Hz, rate_times or course: its spikes say the rate",
            )
        if self.is_poisson:
            need_one(self, WEIGHTS, "the weight")
        if self.is_poisson != (self.receptor is not None):
            self.refuse("receptor", ": a Poisson input needs one, a constant drive takes none")
        has_weight = any(getattr(self, name) is not None for name in WEIGHTS)
        if not self.is_poisson and (has_weight or self.times):
            self.refuse("", "a constant drive has no weight; use rate_times for factors")

    @property
    def is_poisson(self) -> bool:
        """Whether it consists of spikes."""
        return self.mu is None and self.current is None

    @property
    def total_rate(self) -> float:
        """Spikes per second and neuron; 0 where theory has still to find it."""
        if self.n_sources is not None and self.recording is not None:
            return self.n_sources * (self.recording.mean_rate or 0.0)
        if self.n_sources is not None:
            return self.n_sources * (self.rate_per_source or 0.0)
        return self.rate or 0.0


def factor_of(names_of: tuple[str, ...], factors: dict[str, Any]) -> float:
    """Return the product of named factors."""
    return float(np.prod([factors[name] for name in names_of])) if names_of else 1.0
