"""One network of a configuration at one state, and what is run on it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, Self

import numpy as np

from cortex.errors import Amount, ParameterError, Problem
from cortex.params.base import Block, config_keys
from cortex.params.brunel import BrunelParams
from cortex.params.description.course import CourseParams
from cortex.params.description.lfp import LfpParams
from cortex.params.description.lost import listed, lost_names, named
from cortex.params.description.overrides import alike, own_problems
from cortex.params.description.populations import PopulationsParams
from cortex.params.description.settings import (
    ExcerptParams,
    LinesParams,
    NestParams,
    TheoryParams,
)
from cortex.params.description.specs import optional
from cortex.params.description.target import FreeParams, TargetParams
from cortex.params.free_keys import FreeKeys
from cortex.params.microcircuit import MicrocircuitParams
from cortex.params.network import PopulationNetwork
from cortex.params.observation import ObservationParams
from cortex.params.reading import together
from cortex.params.senk import SenkParams
from cortex.params.simulation import SimulationParams
from cortex.params.spec import (
    Count,
    Table,
    block,
    choice,
    count,
    declare,
    quantity,
    text,
    vector,
)
from cortex.params.wiring import Rules, WiringRule, check_rule, rules_of
from cortex.units import steps_are_whole

MODELS: Final[dict[str, type[Block]]] = {
    "populations": PopulationsParams,
    "brunel": BrunelParams,
    "senk_ring": SenkParams,
    "microcircuit": MicrocircuitParams,
}
STATES: Final = Table(
    item=FreeKeys(doc="keys of the state"), min_length=0, doc="keys that differ, state by state"
)
SEED: Final = Count(low=0, high=2**32 - 1, doc="seed of all random streams")


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkStudy(Block):
    """A network, its states, and what is predicted, simulated and observed of it.

    The keys of the network itself (those of `PopulationsParams`, or of the short form that
    `model` names) stand beside the ones listed here. A state lays its keys over those of the
    network: dotted keys such as ``drive.background.rate_Hz``, or the name of a factor.
    """

    model: str = choice(tuple(MODELS), "form of the network", "populations")
    title: str = text("what it is called on pages and in figures", "")
    states: dict[str, dict[str, Any]] = declare(STATES, {})
    wiring: WiringRule = block(WiringRule, "how synapses fall on neurons", WiringRule())
    scale: float = quantity("1", 0.001, 1.0, "share of neurons and synapses that is kept", 1.0)
    theory: TheoryParams = block(TheoryParams, "how it is predicted", TheoryParams())
    simulation: SimulationParams = block(
        SimulationParams, "how it is simulated", SimulationParams()
    )
    backend: str = choice(("cortex", "nest"), "what simulates it", "cortex")
    nest: NestParams = block(NestParams, "how NEST runs it", NestParams())
    seeds: int = count(0, 1000, "independent networks per state; 0 simulates none", 3)
    stream: str = text("name of the random streams, where it is not that of the network", "")
    analysis: ObservationParams = block(ObservationParams, "bins and windows", ObservationParams())
    excerpt: ExcerptParams = block(ExcerptParams, "what rasters show", ExcerptParams())
    lfp: LfpParams | None = optional(block(LfpParams, "currents that make the LFP"))
    lines: LinesParams | None = optional(block(LinesParams, "lines of instability in a plane"))
    free: tuple[FreeParams, ...] = vector(
        block(FreeParams, "one"), "keys that design and inference may change", default=()
    )
    target: TargetParams | None = optional(block(TargetParams, "wanted activity, for design"))

    def check_grid(self, network: PopulationNetwork) -> None:
        """Refuse times of the network that the step of its simulation does not divide."""
        if self.seeds:
            times = network.times_on_grid(self.simulation.dt)
            together(*(partial(self._need_grid, *each) for each in times))

    def _need_grid(self, name: str, time: float, least: int) -> None:
        dt = self.simulation.dt
        if not steps_are_whole(time / dt, least):
            low = max(int(time / dt), least)
            self.refuse(
                "simulation.dt",
                f"does not divide the {name}, {{time}}, which is {time / dt:g} steps: take "
                "{less} or {more}, or another step",
                time=time,
                less=low * dt,
                more=(low + 1) * dt,
            )

    def check_windows(self) -> None:
        """Refuse windows that do not fit the recording; jobs that read no window do not ask."""
        if self.seeds:
            widths = ("analysis.rate_bin", "analysis.correlation_bin")
            steps = (partial(self.need_steps, width, "simulation.dt", least=1) for width in widths)
            together(*steps, self._need_bins, self._need_segment, self._need_excerpt)

    def _need_bins(self) -> None:
        if self.analysis.max_frequency * self.analysis.rate_bin > 0.5:
            self.refuse(
                "analysis.max_frequency", "is above half a cycle per bin of {analysis.rate_bin}"
            )

    def _need_segment(self) -> None:
        settle = 0.0 if self.lfp is None else self.analysis.settle
        if self.analysis.segment + settle > self.simulation.duration:
            self.refuse(
                "simulation.duration",
                "is too short for {analysis.segment} after settling; simulate longer or shorten it",
            )

    def _need_excerpt(self) -> None:
        if self.excerpt.start + self.excerpt.duration > self.simulation.duration:
            self.refuse(
                "excerpt.duration",
                "from {excerpt.start} on ends after {simulation.duration}; shorten it or simulate "
                "longer",
            )

    def check_lfp(self, network: PopulationNetwork, kernels: Collection[str]) -> None:
        """Refuse an LFP of populations, weights or a space that do not make one."""
        if self.lfp is not None:
            together(
                partial(self._need_signs, kernels),
                partial(self._need_targets, network.names),
                partial(self._need_sheet, network),
            )

    def _need_signs(self, kernels: Collection[str]) -> None:
        changing = ", ".join(sorted(set(kernels) - {"gaussian"}))
        if changing:
            self.refuse(
                "",
                "lfp takes projections of one sign each; weights that follow a "
                f"{changing} change theirs",
            )

    def _need_targets(self, names: tuple[str, ...]) -> None:
        targets = [] if self.lfp is None else list(self.lfp.targets)
        unknown = [name for name in targets if name not in names]
        if unknown:
            place = Amount(place=("lfp", "targets"), value=targets, entry=targets)
            there = f": no {listed(unknown)}; there are: {listed(names)}"
            raise ParameterError(Problem(subject=place, reason=there))

    def _need_sheet(self, network: PopulationNetwork) -> None:
        sheet = network.space is not None and network.space.dim == 2 and network.space.periodic
        if self.lfp is not None and self.lfp.electrodes is not None and not sheet:
            self.refuse(
                "", "lfp.electrodes lie over a periodic sheet; give a `space:` of two sides"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedNetwork:
    """A network file read: the network itself, and what is run on it."""

    model: Any
    study: NetworkStudy

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Return both parts of one flat block of keys, at one state.

        Raises
        ------
        ParameterError
            Holds every problem of both parts; a key of neither is refused.
        """
        common, model = split(config)
        problems: list[Problem] = []
        if isinstance(model.get("populations"), Mapping):
            model["populations"], problems = alike(model["populations"])
        form = common.get("model", "populations")  # of any type yet
        kind = MODELS.get(form) if isinstance(form, str) else None
        parts: list[Any] = []
        known = ((NetworkStudy, common), *(() if kind is None else ((kind, model),)))
        for part, keys in known:
            try:
                parts.append(part.from_config(keys))
            except ParameterError as error:
                problems += error.problems
        if problems and kind is PopulationsParams:
            problems = own_problems(problems, named(config, "populations")) + lost_names(model)
        if problems:
            said = {problem.sentence(edge=True): problem for problem in problems}
            raise ParameterError(*said.values(), edge=True)
        return cls(study=parts[0], model=parts[1])

    def _rules(self) -> tuple[Rules, Collection[tuple[str, str]]]:
        """Return how synapses fall on neurons, and the pairs whose synapses stand in files."""
        if isinstance(self.model, PopulationsParams):
            return self.model.rules(self.study.wiring), self.model.listed()
        return self.study.wiring, ()

    def check(self) -> None:
        """Refuse what network and work on it contradict each other in."""
        together(self.study.check_windows, self._check_network)

    def _check_network(self) -> None:
        network = self.model.network()
        general = isinstance(self.model, PopulationsParams)
        kernels = self.model.weight_kernels().values() if general else ()
        named = {pair: name for name, _, pair in self.model.pairs()} if general else {}
        courses = self.model.drive.items() if general and self.study.seeds else ()
        together(
            partial(self.study.check_grid, network),
            partial(check_rules, network.thinned(self.study.scale), *self._rules(), named),
            partial(self.study.check_lfp, network, {each.shape for each in kernels}),
            *(partial(self._need_course, name, each.course) for name, each in courses),
        )

    def _need_course(self, name: str, course: CourseParams | None) -> None:
        if course is not None and course.start >= self.study.simulation.duration:
            reason = (
                "is not reached: the recording ends after ",
                self.study.amount("simulation.duration"),
                "; begin before, or leave the course out",
            )
            problem = Problem(subject=course.amount("start"), reason=reason)
            raise ParameterError(problem.below("drive", name, "course"))


def check_rules(
    network: PopulationNetwork,
    rules: Rules,
    listed: Collection[tuple[str, str]],
    named: Mapping[tuple[str, str], str],
) -> None:
    """Refuse rules that do not fit, and more distinct sources in space than lie in reach.

    Pairs (target, source) that are `listed` take their synapses from a file, by no rule; `named`
    are the projections of pairs in the file.
    """
    allowed = rules_of(network.names, rules)
    pairs = [
        (a, b)
        for a, b in np.argwhere(network.synapses.exist).tolist()
        if (network.names[a], network.names[b]) not in listed
    ]
    together(*(partial(_check_pair, network, (a, b), allowed[a][b], named) for a, b in pairs))


def _check_pair(
    network: PopulationNetwork,
    pair: tuple[int, int],
    rule: WiringRule,
    named: Mapping[tuple[str, str], str],
) -> None:
    a, b = network.names[pair[0]], network.names[pair[1]]
    try:
        _check_fit(network, pair, rule)
    except ParameterError as error:
        place = Amount(place=("projections", named[a, b]) if (a, b) in named else ("projections",))
        raise ParameterError(*(replace(p, subject=place) for p in error.problems)) from None


def _check_fit(network: PopulationNetwork, pair: tuple[int, int], rule: WiringRule) -> None:
    check_rule(network, pair, rule)
    if network.space is None:
        return
    (a, b), K = pair, float(network.synapses.in_degrees[pair])
    p = network.space.peak_probability(pair, K, int(network.sizes[b]))
    if p > 1.0 and not rule.multapses:
        msg = (
            f"from {network.names[b]} to {network.names[a]}: an in-degree of {K:g} "
            f"needs the connection probability {p:.3g} at distance zero; widen the profile, "
            "lower the in-degree or allow multapses"
        )
        raise ParameterError(msg)


def split(config: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the keys of `NetworkStudy`, and those of the network itself."""
    common = config_keys(NetworkStudy)
    study = {key: value for key, value in config.items() if key in common}
    return study, {key: value for key, value in config.items() if key not in common}
