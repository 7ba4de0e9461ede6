"""The one check of a network with all its states, for `cortex run` and for Python.

All that is wrong is told at once. What is wrong by itself (ranges, kinds, unknown keys and names)
can hide what contradicts something else, since no network can be made of it. So it is mended, once
at the lower and once at the upper end of what is allowed; a contradiction that stands both times
stands whatever was meant, and is told too. Others wait until what they rest on is right.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from cortex.errors import ABSENT, Amount, ParameterError, Place, Problem, dotted
from cortex.params.base import config_keys
from cortex.params.description.lost import DELTA_NAME, named
from cortex.params.description.overrides import WIDE, alike, lay_over, own_problems
from cortex.params.description.settings import LinesParams
from cortex.params.description.specs import ALL, Names
from cortex.params.description.states import block_at, numbers_of, refuse_same, states_of
from cortex.params.description.study import STATES, DescribedNetwork, NetworkStudy, split
from cortex.params.reading import gather, is_sound, need_name
from cortex.params.spec import Spec, Table, declare

ROUNDS: Final = 6  # a mended value may show that another one was wrong
STAND_IN: Final = {"size": 1, "tau_m_ms": 20.0, "tau_ref_ms": 0.0, "E_L_mV": -70.0,
                   "V_th_mV": -50.0, "V_reset_mV": -60.0}  # fmt: skip
"""A population in place of one whose values contradict each other; what others rest on is kept."""
JUDGED: Final = ("simulation", "analysis", "excerpt")
POPULATIONS: Final = "populations"
KEPT: Final = ("size", "tau_ref_ms", "C_pF")
SIZES: Final = (1, 1_000_000)
"""Ends for a population: with more, an in-degree by probability is out of range itself."""
WEIGHT_KEYS: Final = ("J_mV", "w_pA", "g_nS", "kick", "g_nmda_nS")

NAMES: Final = Names()
Found = dict[str, Problem]
"""Problems by what they say."""


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


def networks(doc: str) -> Any:
    """Declare networks by name; none by default."""
    return declare(Table(item=Network(doc="a network"), min_length=0, doc=doc), {})


def check_network(block: Mapping[str, Any]) -> None:
    """Refuse a network, all its states, as a whole file.

    Raises
    ------
    ParameterError
        Holds every problem, with the keys and units of the file.
    """
    found = _problems(lambda: gather([("states", partial(STATES.read, block.get("states", {})))]))
    unread = bool(found)
    if unread:  # those that can be read all the same
        sound = {
            name: keys
            for name, keys in named(block, "states").items()
            if isinstance(keys, Mapping) and is_sound(partial(need_name, name))
        }
        block = {**block, "states": sound}
    # what every state replaces is read, too
    found |= _problems(partial(NetworkStudy.from_config, split(block)[0]))
    plain = {key: value for key, value in block.items() if key != "states"}
    found |= _problems(partial(refuse_same, block.get("states") or {}))
    for state in states_of(block):
        own = (block.get("states") or {}).get(state) or {}
        at_state = plain
        for key, value in own.items():
            try:
                at_state = lay_over(at_state, {key: value})
            except ParameterError as error:
                found |= {} if _is_unread(plain, key) else _said(error)
        wrong = list(mistakes(at_state).values())
        if unread and not own:  # what is missing stands in the states
            wrong = [each for each in wrong if each.reason != "missing"]
        placed = (_in_state(each, state, own) for each in wrong)
        found |= {problem.sentence(edge=True): problem for problem in placed}
    found |= _problems(partial(_refuse_idle_states, block))
    found |= _problems(partial(_refuse_lost_axes, block))
    if found:
        raise ParameterError(*found.values(), edge=True)


def mended(block: Mapping[str, Any], end: int) -> dict[str, Any] | None:
    """Return a network in place of one that cannot be read, for what names it; None: no way.

    Parameters
    ----------
    block : mapping
        Keys of the network, with its states.
    end : {0, -1}
        The end of what is allowed from which values are taken.
    """
    net = deepcopy(dict(block))
    with suppress(ParameterError):  # states that lead nowhere
        for _ in range(ROUNDS):
            wrong = [
                _in_state(problem, state, named(named(net, "states"), state))
                for state in states_of(net)
                for problem in _problems(partial(_read, block_at(net, state))).values()
            ]
            if not wrong:
                return net
            for problem in wrong:
                place = problem.subject.name(edge=True)
                if place[:1] == ("states",):
                    net["states"][place[1]].pop(dotted(place[2:]), None)
                elif not _mend(net, place, problem.instead, end):
                    return None
    return None


def _is_unread(plain: Mapping[str, Any], key: str) -> bool:
    """Tell whether a key of a state leads into what stands there but is no block."""
    inside: Any = plain
    for step in key.split(".")[:-1]:
        if not isinstance(inside, Mapping) or step not in inside:
            return False
        inside = inside[step]
        if not isinstance(inside, Mapping):
            return True
    return False


def mistakes(block: Mapping[str, Any]) -> Found:
    """Return all that is wrong with a network at one state."""
    first = _problems(partial(_read, block))
    if not first:
        return {}
    low, high = (_behind(block, first, end) for end in (0, -1))
    both = first | {said: problem for said, problem in low.items() if said in high}
    own = own_problems(list(both.values()), named(block, "populations"))
    return {problem.sentence(edge=True): problem for problem in own}


def _read(block: Mapping[str, Any]) -> None:
    DescribedNetwork.from_config(block).check()


def _behind(block: Mapping[str, Any], problems: Found, end: int) -> Found:
    """Return what else is wrong once problems are mended, numbers at one end of their range."""
    mended = deepcopy(dict(block))
    if isinstance(mended.get("populations"), Mapping):
        read, lost = alike(mended["populations"])
        names = {str(problem.subject.place[1]) for problem in lost}
        mended["populations"] |= {name: read[name] for name in names}
    further: Found = {}
    waiting: set[Place] = set()
    changed: set[Place] = set()
    for _ in range(ROUNDS):
        for problem in problems.values():
            place = problem.subject.name(edge=True)
            waiting |= _unknown(problem, place)
            changed |= {problem.subject.place}
            if not _mend(mended, place, problem.instead, end):
                return further
        problems = _problems(partial(_read, mended))
        if not problems:
            break
        further |= {
            said: problem
            for said, problem in problems.items()
            if not _waits(problem, waiting) and not _holds(problem, changed)
        }
    return further


def _unknown(problem: Problem, place: Place) -> set[Place]:
    """Return the places whose contents are not known because of a problem."""
    if place[:1] == ("projections",) and place[-1] in {"source", "target"}:
        return {("projections",)}
    if problem.instead == (ABSENT,):
        return {place[:-1]}
    return set() if problem.instead else {place}


def _waits(problem: Problem, waiting: set[Place]) -> bool:
    """Tell whether a problem lies in a block whose keys are not all known."""
    place = problem.subject.name(edge=True)
    if not place or not {place, place[:-1]} & waiting:
        return False
    is_entry = place[0] in {POPULATIONS, *STAND_INS} and (len(place) > 1 or place in waiting)
    return is_entry or problem.reason == "missing"


def _holds(problem: Problem, changed: set[Place]) -> bool:
    """Tell whether the value of a problem holds one that was mended."""
    place, value = problem.subject.place, problem.subject.value
    return value is not ABSENT and any(p[:-1] == place and place for p in changed)


def _mend(net: dict[str, Any], place: Place, instead: tuple[object, ...], end: int) -> bool:
    """Make one value of a network sound, or what holds it; tell whether that was possible."""
    return bool(place) and (_set(net, place, instead, end) or _stand_in(net, place, end))


def _set(net: dict[str, Any], place: Place, instead: tuple[object, ...], end: int) -> bool:
    *above, key = place
    instead = SIZES if key == "size" else instead
    inside: Any = net
    with suppress(KeyError, IndexError, TypeError):
        for step in above:
            inside = inside[step]
        if instead == (ABSENT,):
            del inside[key]
        elif instead:
            inside[key] = deepcopy(instead[end])
        return bool(instead)
    return False


def _stand_in(net: dict[str, Any], place: Place, end: int) -> bool:
    section, name = str(place[0]), str(place[1]) if len(place) > 1 else ""
    if section == POPULATIONS and name in named(net, section):
        read = alike(net[section])[0]
        for each in read if place[-1] != "like" else [name]:
            if each == name or _is_like(each, name, net[section]):
                net[section][each] = _population(named(read, each), place, end)
    elif section in STAND_INS and name in named(net, section):
        sound = STAND_INS[section](net, place, end)
        if sound is None:
            del net[section][name]
        else:
            net[section][name] = sound
    elif section in config_keys(NetworkStudy):
        net.pop(section, None)
        if section in JUDGED:
            net["seeds"] = 0  # what is simulated cannot be judged
    else:
        return False
    return True


def _is_like(name: str, other: str, populations: Mapping[str, Any]) -> bool:
    """Tell whether a population takes values of another, in however many steps."""
    seen: set[str] = set()
    while name not in seen:
        seen.add(name)
        name = str(named(populations, name).get("like", name))
    return other in seen


def _population(own: Mapping[str, Any], place: Place, end: int) -> dict[str, Any]:
    kept = {key: own[key] for key in KEPT if key in own}
    if place[-1] == "like" and kept.get("size") == WIDE["size"]:
        del kept["size"]  # that of the other population, which is not known
    if not own or "neuron" in own:  # whether it has a capacitance is not known either
        kept.setdefault("C_pF", WIDE["C_pF"])
    return {**STAND_IN, "size": SIZES[end], **kept}


def _projection(net: Mapping[str, Any], place: Place, _: int) -> dict[str, Any] | None:
    """Return no synapses of the same pairs of populations; None where these cannot be read."""
    own = named(net["projections"], str(place[1]))
    ends = {key: own.get(key) for key in ("source", "target")}
    if not all(is_sound(partial(NAMES.read, each)) for each in ends.values()):
        return None
    if place[-1] in WEIGHT_KEYS:  # its synapses can be counted all the same
        kept = {key: value for key, value in own.items() if key not in WEIGHT_KEYS}
        return {**kept, "J_mV": 0.0, "receptor": DELTA_NAME}
    shape = {"profile": "boxcar", "width_mm": 1.0} if net.get("space") else {}
    none = {"in_degree": 0.0, "J_mV": 0.0, "delay_ms": 1.0, "receptor": DELTA_NAME}
    return {**ends, **none, **shape, "times": _listed(own, "times")}


def _drive(net: Mapping[str, Any], place: Place, _: int) -> dict[str, Any]:
    """Return a constant drive of nothing."""
    own = named(net["drive"], str(place[1]))
    factors = [*_listed(own, "times"), *_listed(own, "rate_times")]
    return {"target": ALL, "mu_mV": 0.0, "rate_times": factors}


def _listed(own: Mapping[str, Any], key: str) -> list[str]:
    said = own.get(key, [])
    return [each for each in said if isinstance(each, str)] if isinstance(said, list) else []


def _receptor(net: Mapping[str, Any], place: Place, end: int) -> dict[str, Any]:
    own = net["receptors"][place[1]]
    is_conductance = "E_rev_mV" in own if isinstance(own, Mapping) else end < 0
    return {"tau_s_ms": 1.0, **({"E_rev_mV": -70.0} if is_conductance else {})}


StandIn = Callable[[Mapping[str, Any], Place, int], dict[str, Any] | None]
STAND_INS: Final[Mapping[str, StandIn]] = {
    "projections": _projection,
    "drive": _drive,
    "receptors": _receptor,
}


def _problems(call: Callable[[], Any]) -> Found:
    try:
        call()
    except ParameterError as error:
        return _said(error)
    return {}


def _said(error: ParameterError) -> Found:
    return {problem.sentence(edge=True): problem for problem in error.problems}


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
    idle = [name for name, keys in stated.items() if keys and _is_idle(plain, keys)]
    if idle:
        places = (Amount(place=("states", n), value=stated[n], entry=stated[n]) for n in idle)
        raise ParameterError(*(Problem(subject=p, reason=reason) for p in places), edge=True)


def _is_idle(plain: Mapping[str, Any], keys: Mapping[str, Any]) -> bool:
    try:
        return lay_over(plain, keys) == plain
    except ParameterError:  # said of the state
        return False


def _along(plain: Mapping[str, Any], axis: Mapping[str, Any]) -> None:
    DescribedNetwork.from_config(lay_over(plain, axis))


def _refuse_lost_axes(block: Mapping[str, Any]) -> None:
    """Refuse axes of `lines:` whose key changes nothing of the network."""
    lines = block.get("lines")
    if not isinstance(lines, Mapping) or not is_sound(partial(LinesParams.from_config, lines)):
        return
    try:
        at_state = block_at(block, states_of(block)[0])
    except ParameterError:  # said of the state
        return
    plain = {key: value for key, value in at_state.items() if key != "lines"}
    known = _problems(partial(DescribedNetwork.from_config, plain))
    for name in ("x", "y"):
        axis = {lines[name]["key"]: lines[name]["low"]}
        new = _problems(partial(_along, plain, axis))
        lost = [problem for said, problem in new.items() if said not in known]
        if lost:
            raise ParameterError(lost[0].below("lines", name, "key"))
