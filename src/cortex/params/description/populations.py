"""The general form of a network: populations, receptors, projections, drives, factors."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, NoReturn

from cortex.errors import Amount, ParameterError, Place, Problem
from cortex.params.base import Block
from cortex.params.description.cells import Population, PopulationSpec
from cortex.params.description.course import CourseParams
from cortex.params.description.lost import DELTA_NAME, lost_names
from cortex.params.description.normal_form import normal_form
from cortex.params.description.population import PopulationParams, ReceptorParams
from cortex.params.description.projection import (
    DriveParams,
    ProjectionParams,
    SynapseList,
    factor_of,
)
from cortex.params.description.space import SpaceParams
from cortex.params.description.specs import ALL, optional
from cortex.params.drive import CONSTANT, RATE
from cortex.params.network import PopulationNetwork
from cortex.params.nmda import NMDAParams
from cortex.params.reading import together
from cortex.params.spec import Spec, block, declare, quantity, table
from cortex.params.synapses import IN_DEGREES, JUMP, KICK, REVERSAL
from cortex.params.weight_kernel import WeightKernel
from cortex.params.wiring import Rules, WiringRule

DELTA: Final = {DELTA_NAME: ReceptorParams(tau_s=0.0)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationsParams(Block):
    """Populations of neurons with any projections and drives.

    The order of populations, projections and drives changes no number: the normal form takes
    them by name, from A to Z.
    """

    populations: dict[str, Population] = table(
        declare(PopulationSpec(block=PopulationParams, doc="a population")), "populations"
    )
    receptors: dict[str, ReceptorParams] = table(
        block(ReceptorParams, "a receptor"), "receptors; `delta` is there already", {}
    )
    projections: dict[str, ProjectionParams] = table(
        block(ProjectionParams, "synapses of one kind"), "projections", {}
    )
    drive: dict[str, DriveParams] = table(block(DriveParams, "an input"), "external drive", {})
    factors: dict[str, float] = table(
        quantity("1", -1e6, 1e6, "value"), "numbers that multiply weights and rates", {}
    )
    space: SpaceParams | None = optional(
        block(SpaceParams, "the ring, sheet or volume in which all populations lie")
    )
    nmda: NMDAParams = block(
        NMDAParams, "NMDA receptors, where projections have a g_nmda_nS", NMDAParams()
    )

    def check(self) -> None:
        """Refuse names of nothing, and what one normal form cannot hold."""
        lost = lost_names(self.to_config())
        if lost:
            raise ParameterError(*lost)
        together(
            *self._strengths(),
            self._refuse_pairs_joined_twice,
            self._refuse_idle_factors,
            self._refuse_several_laws,
            self._refuse_places_without_space,
            *(partial(self._refuse_wish, *pair) for pair in self.drive.items()),
        )

    def _strengths(self) -> Iterator[Callable[[], Any]]:
        """Yield what refuses weights and currents that their targets and receptors do not allow."""
        for name, each, (target, source) in self.pairs():
            yield partial(self._check_strength, ("projections", name), each, target)
            sizes = self.populations[target].size, self.populations[source].size
            K = ("in_degree", IN_DEGREES, each.mean_in_degree(*sizes))
            yield partial(_verify, ("projections", name), [K])
            if each.g_nmda:
                yield partial(self.over_leak, ("projections", name), each.g_nmda, target)
        for target, inputs in self.inputs().items():
            for name, drive in inputs:
                yield partial(self._check_strength, ("drive", name), drive, target)
                yield partial(_verify, ("drive", name), [("rate", RATE, self.rate_of(drive))])
        for target, currents in self.currents().items():
            for name, drive in currents:
                yield partial(self._check_mean, ("drive", name), drive, target)
        yield self.courses
        wishes: dict[tuple[str, ...], list[str]] = {}
        for target, inputs in self.inputs().items():
            asked = tuple(name for name, drive in inputs if drive.wanted_rate is not None)
            wishes.setdefault(asked, []).append(target)
        for asked, targets in wishes.items():
            if len(asked) > 1:
                reason = f"{' and '.join(asked)} are sought for one rate of {', '.join(targets)}"
                place = ("drive", asked[-1], "wanted_rate_Hz")
                yield partial(refuse_entry, place, f"{reason}; keep one")

    def _check_strength(
        self, place: Place, each: ProjectionParams | DriveParams, target: str
    ) -> None:
        values = self.strength(place, each, target)
        specs = {"J": JUMP, "g": KICK, "E_rev": REVERSAL}
        _verify(place, [(name, spec, values[name]) for name, spec in specs.items()])

    def _check_mean(self, place: Place, each: DriveParams, target: str) -> None:
        _verify(place, [("mu", CONSTANT, self.mean_of(place, each, target))])

    def _refuse_idle_factors(self) -> None:
        scaled = [each.times for each in self.projections.values()]
        scaled += [each.times + each.rate_times for each in self.drive.values()]
        unused = set(self.factors) - {name for each in scaled for name in each}
        if unused:
            used = {name: value for name, value in self.factors.items() if name not in unused}
            refuse_entry(
                ("factors",), f"nothing is multiplied by {', '.join(sorted(unused))}", used
            )

    def _refuse_several_laws(self) -> None:
        laws = {p.delay_law for p in self.projections.values() if p.delay_sd > 0.0}
        if len(laws) > 1:
            self.refuse(
                "", f"projections: one delay_law per network, found {', '.join(sorted(laws))}"
            )

    def _refuse_places_without_space(self) -> None:
        is_placed = {p.profile is not None for p in self.projections.values()}
        if len(is_placed) > 1 or (True in is_placed) != (self.space is not None):
            self.refuse(
                "",
                "in space every projection needs profile and width_mm, and the network "
                "a `space:`; elsewhere none does",
            )

    def _refuse_pairs_joined_twice(self) -> None:
        first: dict[tuple[str, str], str] = {}
        for name, _, pair in self.pairs():
            if first.setdefault(pair, name) != name:
                others = {n: p.to_config() for n, p in self.projections.items() if n != name}
                refuse_entry(
                    ("projections",),
                    f"{name} and {first[pair]} both lead from {pair[1]} to {pair[0]}; "
                    "one projection per pair of populations",
                    others,
                )

    def _refuse_wish(self, name: str, drive: DriveParams) -> None:
        """Refuse a wanted rate whose intervals are no longer than the refractory time."""
        wish = drive.wanted_rate or 0.0
        for target in self._listed(drive.target):
            cell = self.populations[target].cell
            if wish * cell.tau_ref >= 1.0:
                reason = (
                    f"cannot be reached: spikes of {target} are further apart than ",
                    cell.amount("tau_ref"),
                    "; give less than ",
                    drive.amount("wanted_rate", 1.0 / cell.tau_ref),
                )
                place = drive.amount("wanted_rate")
                problem = Problem(subject=place, reason=reason, instead=(1e-3,))
                raise ParameterError(problem.below("drive", name))

    def pairs(self) -> Iterator[tuple[str, ProjectionParams, tuple[str, str]]]:
        """Yield (name, projection, (target, source)) of every pair of populations."""
        for name, each in self.projections.items():
            for target in self._listed(each.target):
                for source in self._listed(each.source):
                    yield name, each, (target, source)

    def _listed(self, named: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(self.populations)) if ALL in named else named

    @property
    def names(self) -> tuple[str, ...]:
        """Populations in the order of the normal form."""
        return tuple(sorted(self.populations))

    def receptor(self, name: str | None) -> ReceptorParams:
        """Return a receptor by its name; `delta` is there without being named."""
        return {**DELTA, **self.receptors}[name or DELTA_NAME]

    def strength(
        self, place: Place, each: ProjectionParams | DriveParams, target: str
    ) -> dict[str, float]:
        """Return J or g, the integral of one spike over C, and the course it takes."""
        of = self.receptor(each.receptor)
        values = {"J": 0.0, "g": 0.0, "E_rev": 0.0, "tau_s": of.tau_s, "tau_rise": of.tau_rise}
        if (each.g is None and each.kick is None) != (of.E_rev is None):
            has = "no" if of.E_rev is None else "a"
            refuse_entry(
                place,
                "g_nS and kick go with a receptor that has E_rev_mV, J_mV and w_pA with "
                f"one that has none; {each.receptor} has {has} reversal potential",
            )
        factor, C = factor_of(each.times, self.factors), self.populations[target].C
        if isinstance(each, ProjectionParams) and each.list is not None:
            factor *= 1.0 if each.list.mean_weight is None else each.list.mean_weight
        if each.J is not None:
            return values | {"J": each.J * factor}
        E_rev = (of.E_rev or 0.0) - self.populations[target].E_L
        if each.kick is not None:
            return values | {"g": each.kick * factor, "E_rev": E_rev}
        if C is None or of.tau_s == 0.0:
            key, what = ("g_nS", "conductance") if each.w is None else ("w_pA", "current")
            refuse_entry(
                (*place, key),
                f"a peak {what} needs C_pF of {target} and a receptor that is no "
                f"delta synapse ({each.receptor}); or give "
                f"{'J_mV' if each.g is None else 'kick'}",
            )
        if each.w is not None:
            return values | {"J": each.w * of.integral / C * factor}
        kick = (each.g or 0.0) * of.integral / C * factor
        return values | {"g": kick, "E_rev": E_rev}

    def over_leak(self, place: Place, g: float, target: str) -> float:
        """Return a conductance over that of the leak of a population."""
        population = self.populations[target]
        if population.C is None or population.E_L == 0.0:
            reason = f"needs C_pF and absolute potentials (E_L_mV) of {target}"
            refuse_entry((*place, "g_nmda_nS"), reason)
        return g * population.tau_m / population.C

    def inputs(self) -> dict[str, list[tuple[str, DriveParams]]]:
        """Return the Poisson inputs of each population, by name of the drive."""
        found: dict[str, list[tuple[str, DriveParams]]] = {name: [] for name in self.names}
        for name, each in sorted(self.drive.items()):
            for target in self._listed(each.target) if each.is_poisson else ():
                found[target].append((name, each))
        return found

    def currents(self) -> dict[str, list[tuple[str, DriveParams]]]:
        """Return the constant drives of each population, by name of the drive."""
        found: dict[str, list[tuple[str, DriveParams]]] = {name: [] for name in self.names}
        for name, each in sorted(self.drive.items()):
            for target in () if each.is_poisson else self._listed(each.target):
                found[target].append((name, each))
        return found

    def rate_of(self, each: DriveParams) -> float:
        """Return the total rate of a Poisson input, Hz."""
        return each.total_rate * factor_of(each.rate_times, self.factors)

    def mean_of(self, place: Place, each: DriveParams, target: str) -> float:
        """Return the constant drive R I of one entry, V."""
        factor = factor_of(each.rate_times, self.factors)
        if each.mu is not None:
            return each.mu * factor
        C = self.populations[target].C
        if C is None:
            refuse_entry((*place, "current_pA"), f"needs C_pF of {target}; or give mu_mV")
        return self.populations[target].tau_m * (each.current or 0.0) / C * factor

    def wanted(self) -> dict[tuple[str, int], float]:
        """Return the wanted rate (Hz) of each (population, input) that theory has to find."""
        return {
            (name, slot): each.wanted_rate
            for name, inputs in self.inputs().items()
            for slot, (_, each) in enumerate(inputs)
            if each.wanted_rate is not None
        }

    def rules(self, default: WiringRule) -> Rules:
        """Return how synapses fall on neurons: one rule, or ``{target: {source: rule}}``."""
        found: dict[str, dict[str, WiringRule]] = {}
        for _, each, (target, source) in self.pairs():
            found.setdefault(target, {})[source] = each.wiring or default
        distinct = {rule for row in found.values() for rule in row.values()}
        return found if len(distinct) > 1 else (distinct or {default}).pop()

    def courses(self) -> dict[tuple[str, int], CourseParams]:
        """Return the courses of Poisson inputs by (population, input), of currents by (.., -1)."""
        found = {
            (name, slot): each.course
            for name, inputs in self.inputs().items()
            for slot, (_, each) in enumerate(inputs)
            if each.course is not None
        }
        for name, currents in self.currents().items():
            moved = [each.course for _, each in currents if each.course is not None]
            if moved and len(currents) > 1:
                self.refuse(
                    "", f"drive: {name} has a current with a course beside another; join them"
                )
            if moved:
                found[name, -1] = moved[0]
        return found

    def scattered(self) -> dict[str, tuple[Population, float]]:
        """Return the populations whose neurons differ, and their R I of constant currents, V."""
        return {
            name: (each, self._driven_by_current(name))
            for name, each in self.populations.items()
            if each.scatter
        }

    def _driven_by_current(self, target: str) -> float:
        drives = self.currents()[target]
        stated = ((name, each) for name, each in drives if each.current is not None)
        return sum(self.mean_of(("drive", name), each, target) for name, each in stated)

    def listed(self) -> dict[tuple[str, str], SynapseList]:
        """Return the files of synapses by (target, source)."""
        return {pair: each.list for _, each, pair in self.pairs() if each.list is not None}

    def weight_kernels(self) -> dict[tuple[str, str], WeightKernel]:
        """Return the kernels that weights follow by (target, source)."""
        stated = ((pair, each.weight_kernel) for _, each, pair in self.pairs())
        return {pair: kernel for pair, kernel in stated if kernel is not None}

    def recorded(self) -> dict[tuple[str, int], tuple[str, DriveParams]]:
        """Return the inputs that are recorded spikes, named, by (population, input)."""
        return {
            (name, slot): (drive, each)
            for name, inputs in self.inputs().items()
            for slot, (drive, each) in enumerate(inputs)
            if each.recording is not None
        }

    def network(self) -> PopulationNetwork:
        """Return the normal form; wanted rates stand in it as zero until theory finds them."""
        return normal_form(self)


def refuse_entry(place: Place, reason: str, *instead: object) -> NoReturn:
    """Raise the error of an entry of the network that does not fit the others."""
    raise ParameterError(Problem(subject=Amount(place=place), reason=reason, instead=instead))


def _verify(place: Place, pairs: Iterable[tuple[str, Spec, float]]) -> None:
    """Refuse what an entry makes of the network where no network can have it."""
    problems = []
    for name, spec, value in pairs:
        try:
            spec.verify(value)
        except ParameterError as error:  # its fix is for the unit of the library
            problems += [replace(problem, fix="") for problem in error.below(*place, name)]
    if problems:
        raise ParameterError(*problems)


def has_conductances(raw: Mapping[str, Any]) -> bool:
    """Tell whether the plain keys of a network name conductances: reversal potentials, NMDA."""
    parts = (each for kind in ("receptors", "projections") for each in raw.get(kind, {}).values())
    return any("E_rev_mV" in part or "g_nmda_nS" in part for part in parts)
