"""One entry of `networks:` in a configuration: a network, its states and what is run on it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Self

import numpy as np

from cortex.errors import Amount, ParameterError, Problem, dotted
from cortex.params.base import Block, config_keys
from cortex.params.brunel import BrunelParams
from cortex.params.description.lfp import LfpParams
from cortex.params.description.overrides import alike, lay_over
from cortex.params.description.populations import PopulationsParams
from cortex.params.description.settings import (
    ExcerptParams,
    LinesParams,
    NestParams,
    TheoryParams,
)
from cortex.params.description.specs import optional
from cortex.params.description.states import block_at, numbers_of, states_of
from cortex.params.description.target import FreeParams, TargetParams
from cortex.params.free_keys import FreeKeys
from cortex.params.microcircuit import MicrocircuitParams
from cortex.params.network import PopulationNetwork
from cortex.params.observation import ObservationParams
from cortex.params.reading import gather
from cortex.params.senk import SenkParams
from cortex.params.simulation import SimulationParams
from cortex.params.spec import (
    Count,
    Spec,
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
SIMULATION: Final = SimulationParams(dt=1e-4, warm_up=0.5, duration=2.0, precision="float32")


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
    simulation: SimulationParams = block(SimulationParams, "how it is simulated", SIMULATION)
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
        if not self.seeds:
            return
        dt = self.simulation.dt
        for name, time, least in network.times_on_grid(dt):
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
        if not self.seeds:
            return
        for width in ("analysis.rate_bin", "analysis.correlation_bin"):
            self.need_steps(width, "simulation.dt", least=1)
        if self.analysis.max_frequency * self.analysis.rate_bin > 0.5:
            self.refuse(
                "analysis.max_frequency", "is above half a cycle per bin of {analysis.rate_bin}"
            )
        duration, needed = self.simulation.duration, self.analysis.segment
        if self.lfp is not None:
            needed += self.analysis.settle
        if needed > duration:
            self.refuse(
                "simulation.duration",
                "is too short for {analysis.segment} after settling; simulate longer or shorten it",
            )
        end = self.excerpt.start + self.excerpt.duration
        if end > duration:
            self.refuse(
                "excerpt.duration",
                "from {excerpt.start} on ends after {simulation.duration}; shorten it or simulate "
                "longer",
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
        if isinstance(model.get("populations"), Mapping):
            model["populations"] = alike(model["populations"])
        form = common.get("model")  # of any type yet
        kind = MODELS.get(form, PopulationsParams) if isinstance(form, str) else PopulationsParams
        parts: list[Any] = []
        problems: list[Problem] = []
        for part, keys in ((NetworkStudy, common), (kind, model)):
            try:
                parts.append(part.from_config(keys))
            except ParameterError as error:
                problems += error.problems
        if problems:
            raise ParameterError(*problems, edge=True)
        return cls(study=parts[0], model=parts[1])

    def _rules(self) -> tuple[Rules, Collection[tuple[str, str]]]:
        """Return how synapses fall on neurons, and the pairs whose synapses stand in files."""
        if isinstance(self.model, PopulationsParams):
            return self.model.rules(self.study.wiring), self.model.listed()
        return self.study.wiring, ()

    def check(self) -> None:
        """Refuse what network and work on it contradict each other in."""
        self.study.check_windows()
        network = self.model.network()
        self.study.check_grid(network)
        names = network.names
        check_rules(network.thinned(self.study.scale), *self._rules())
        if isinstance(self.model, PopulationsParams):
            shapes = {each.shape for each in self.model.weight_kernels().values()}
            if self.study.lfp is not None and shapes - {"gaussian"}:
                self.study.refuse(
                    "",
                    "lfp takes projections of one sign each; weights that follow a "
                    f"{', '.join(sorted(shapes - {'gaussian'}))} change theirs",
                )
        targets = () if self.study.lfp is None else self.study.lfp.targets
        unknown = [name for name in targets if name not in names]
        if unknown:
            there = f": no {', '.join(unknown)}; there are: {', '.join(names)}"
            place = Amount(place=("lfp", "targets"), value=list(targets), entry=list(targets))
            raise ParameterError(Problem(subject=place, reason=there), edge=True)
        sheet = network.space is not None and network.space.dim == 2 and network.space.periodic
        if self.study.lfp is not None and self.study.lfp.electrodes is not None and not sheet:
            self.study.refuse(
                "", "lfp.electrodes lie over a periodic sheet; give a `space:` of two sides"
            )


def check_rules(
    network: PopulationNetwork, rules: Rules, listed: Collection[tuple[str, str]]
) -> None:
    """Refuse rules that do not fit, and more distinct sources in space than lie in reach.

    Pairs (target, source) that are `listed` take their synapses from a file, by no rule.
    """
    allowed = rules_of(network.names, rules)
    for a, b in np.argwhere(network.synapses.exist).tolist():
        if (network.names[a], network.names[b]) in listed:
            continue
        check_rule(network, (a, b), allowed[a][b])
        if network.space is None:
            continue
        K, n = float(network.synapses.in_degrees[a, b]), int(network.sizes[b])
        p = network.space.peak_probability((a, b), K, n)
        if p > 1.0 and not allowed[a][b].multapses:
            msg = (
                f"projections from {network.names[b]} to {network.names[a]}: an in-degree of {K:g} "
                f"needs the connection probability {p:.3g} at distance zero; widen the profile, "
                "lower the in-degree or allow multapses"
            )
            raise ParameterError(msg)


def split(config: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the keys of `NetworkStudy`, and those of the network itself."""
    common = config_keys(NetworkStudy)
    study = {key: value for key, value in config.items() if key in common}
    return study, {key: value for key, value in config.items() if key not in common}


@dataclass(frozen=True, slots=True, kw_only=True)
class Network(Spec):
    """A network with its states; read as the block of keys that it is."""

    def read(self, raw: Any) -> dict[str, Any]:
        if not isinstance(raw, Mapping):
            raise self.wrong_type(raw, "a block of keys")
        check_network(raw)
        return dict(raw)

    def verify(self, value: Any) -> None:
        """Take what `read` has returned."""


def check_network(block: Mapping[str, Any]) -> None:
    """Refuse a network, all its states, as a whole file: the one check of `cortex run` and Python.

    Raises
    ------
    ParameterError
        Holds every problem, with the keys and units of the file.
    """
    gather([("states", partial(STATES.read, block.get("states", {})))])
    found: dict[str, Problem] = {}
    for state in states_of(block):
        try:
            described = DescribedNetwork.from_config(block_at(block, state))
            described.check()
        except ParameterError as error:
            own = (block.get("states") or {}).get(state, {})
            placed = (_in_state(problem, state, own) for problem in error.problems)
            found |= {problem.sentence(edge=True): problem for problem in placed}
    try:
        NetworkStudy.from_config(split(block)[0])  # what every state replaces is read, too
    except ParameterError as error:
        found = {problem.sentence(edge=True): problem for problem in error.problems} | found
    if found:
        raise ParameterError(*found.values(), edge=True)
    _refuse_idle_states(block)
    _refuse_lost_axes(block)


def _in_state(problem: Problem, state: str, keys: Mapping[str, Any]) -> Problem:
    """Return a problem at the place of the state, where that is what sets the value."""
    name = dotted(problem.subject.name(edge=True))
    return problem.below("states", state) if name in keys else problem


def _refuse_idle_states(block: Mapping[str, Any]) -> None:
    """Refuse states that set keys to what they are; an empty one is the network itself.

    A state that spells out what the network takes by default is one: it says what it is.
    """
    stated = {name: numbers_of(keys) for name, keys in (block.get("states") or {}).items()}
    plain = {key: value for key, value in block.items() if key != "states"}
    reason = (
        ": changes nothing, the network has these values already; change one, leave the state "
        "out, or write {} for the network as it is"
    )
    idle = [name for name, keys in stated.items() if keys and lay_over(plain, keys) == plain]
    if idle:
        places = (Amount(place=("states", n), value=stated[n], entry=stated[n]) for n in idle)
        raise ParameterError(*(Problem(subject=p, reason=reason) for p in places), edge=True)


def _refuse_lost_axes(block: Mapping[str, Any]) -> None:
    """Refuse axes of `lines:` whose key changes nothing of the network."""
    axes = {name: (block.get("lines") or {}).get(name) for name in ("x", "y")}
    plain = {k: v for k, v in block_at(block, states_of(block)[0]).items() if k != "lines"}
    for name, axis in axes.items():
        if axis is not None:
            try:
                DescribedNetwork.from_config(lay_over(plain, {axis["key"]: axis["low"]}))
            except ParameterError as error:
                raise ParameterError(*error.below("lines", name, "key")[:1]) from None


def networks(doc: str) -> Any:
    """Declare networks by name; none by default."""
    return declare(Table(item=Network(doc="a network"), min_length=0, doc=doc), {})
