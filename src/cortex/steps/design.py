"""A network with a wanted activity: found on theory, corrected and confirmed by simulation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from cortex.errors import ParameterError
from cortex.inverse.design import SPREAD, Solution, calmest, find
from cortex.inverse.goals import Goal, goals_of
from cortex.inverse.search import Search
from cortex.params.description.overrides import lay_over
from cortex.params.description.study import NetworkStudy, split
from cortex.params.description.target import TargetParams
from cortex.steps.wishes import simulated
from cortex.typing import FloatArray

DIGITS: Final = 6
MOST: Final = 0.7
"""Largest miss that counts, as a logarithm: a silent population does not tell how far it is off."""
SCATTER: Final = 0.01
"""What one simulation misses by chance beside its known error, as a logarithm."""
SLOPE: Final = 0.5
"""By how much theory's slopes may be wrong: a prior of this width."""
YIELDS: Final = 0.1
"""Factor on the weight of a corrected growth rate, which is not judged."""
LONGEST: Final = 2.0
"""Longest step over the largest miss of the nearest round: theory moves twice as far at most."""
STILL: Final = 2e-3
"""Relative change of all that theory tells up to which a correction changes nothing."""
TINY: Final = 1e-12
"""Longest step that is none."""
CURVED: Final = 0.5
"""Error of the straight line through all rounds, over the square of what a round misses."""
BURST: Final = 1.5
"""Simulated rate over theory's from which on neurons burst together, where no line corrects it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Round:
    """What theory found, and what a simulation of it shows.

    Attributes
    ----------
    keys : dict of str to float
        Values of the free keys.
    told, seen, error : ndarray of shape (n_goals,)
        Theory, mean over simulated networks and its standard error; nan where nothing was
        measured, or one network was simulated and tells no error.
    wave : int or None
        Wave number with the most power, cycles per ring; None where none is wanted.
    confirmed : bool
        Whether everything that can be measured lies within the tolerance.
    """

    keys: dict[str, float]
    told: FloatArray
    seen: FloatArray
    error: FloatArray
    wave: int | None
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Design:
    """A design and how it was reached.

    Attributes
    ----------
    goals : tuple of Goal
        The wishes.
    rounds : tuple of Round
        First that of theory alone, then corrected ones.
    n_solved : int
        Networks solved by theory.
    """

    goals: tuple[Goal, ...]
    rounds: tuple[Round, ...]
    n_solved: int

    @property
    def last(self) -> Round:
        """The round that is proposed: the confirmed one, or the nearest."""
        return _nearest(self.goals, list(self.rounds))

    def lines(self) -> list[str]:
        """Return keys, wishes, theory and simulation as text."""
        found = self.last
        lines = [f"{key} = {value:.{DIGITS}g}" for key, value in found.keys.items()]
        lines.append(f"{'':34} {'wanted':>9} {'theory':>9} {'simulated':>18}")
        for goal, told, seen, error in zip(
            self.goals, found.told, found.seen, found.error, strict=True
        ):
            measured = f"{seen:.4g}" if np.isfinite(seen) else "not measured"
            measured += f" ± {error:.2g}" if np.isfinite(error) else ""
            lines.append(f"{goal.words():34} {goal.wanted:9.4g} {told:9.4g} {measured:>18}")
        if found.wave is not None:
            lines.append(f"{'wave number (cycles per ring)':34} {found.wave:>38}")
        state = "confirmed by simulation" if found.confirmed else "NOT confirmed by simulation"
        lines.append(f"{state} after {len(self.rounds)} round(s); {self.n_solved} networks solved")
        return lines


def design(
    name: str, block: Mapping[str, Any], *, seed: int = 1, n_networks: int | None = None
) -> Design:
    """Return the values of the free keys of a network that give it the wanted activity.

    Parameters
    ----------
    name : str
        Of the network.
    block : mapping
        Its keys at one state, with `free:` and `target:`.
    seed : int
        Of the starts and of the simulated networks.
    n_networks : int, optional
        Independent networks simulated in each round; `seeds` of the file by default.

    Raises
    ------
    ParameterError
        No keys are free or nothing is wanted; or no values of the keys within their bounds give
        it, even in theory: the message names the nearest point and what binds.
    """
    study = NetworkStudy.from_config(split(block)[0])
    target = study.target
    if target is None:
        msg = (
            f"network {name} has no `target:` block; name what is wanted (docs/tutorials/design.md)"
        )
        raise ParameterError(msg)
    search = _search(name, block, study, target)
    n = study.seeds if n_networks is None else n_networks
    rounds: list[Round] = []
    solved = 0
    for each in _few_keys_first(search):
        found = find(each, seed=seed)
        solved += found.n_solved
        if found.is_reached:
            solved += _corrected(each, found, target, rounds, seed=seed, n=n)
        if rounds and (rounds[-1].confirmed or not n):
            break
    if not rounds:
        msg = f"no values of the free keys give what is wanted: {found.sentence()}"
        raise ParameterError(msg)
    return Design(goals=search.goals, rounds=tuple(rounds), n_solved=solved)


def _few_keys_first(search: Search) -> Iterator[Search]:
    """Yield the search with as many keys as wishes, in the order of the file, then with all."""
    if search.has_choice:
        yield replace(search, free=search.free[: len(search.goals)])
    yield search


def _corrected(
    search: Search,
    found: Solution,
    target: TargetParams,
    rounds: list[Round],
    *,
    seed: int,
    n: int,
) -> int:
    """Append the rounds that begin with a solution; return how many networks were solved."""
    own: list[Round] = []
    goals, solved = search.goals, 0
    while True:
        # where corrected wishes contradict each other, the point nearest to them is simulated
        own.append(_round(search, found, target, seed=seed, n=n, number=len(rounds)))
        rounds.append(own[-1])
        if own[-1].confirmed or not n or len(own) > target.rounds:
            return solved
        calm = calmest(search, seed=seed) if len(own) == 1 and _bursts(goals, own[0]) else None
        if calm is not None and not np.allclose(
            list(calm.keys.values()), list(found.keys.values())
        ):
            found = calm
        else:
            found = _next(search, found, own, seed=seed)
            if np.allclose(found.values, own[-1].told, rtol=STILL):
                return solved + found.n_solved  # theory has nothing else; the nearest round stands
        solved += found.n_solved
        if np.isnan(found.values).any():
            return solved  # the correction leads where theory has no state


def _next(search: Search, last: Solution, rounds: list[Round], *, seed: int) -> Solution:
    """Return where theory has the corrected wishes: next to the last round, else elsewhere.

    Corrections are small: keys beyond as many as there are wishes stay as they are, if they can,
    and only rounds that have the same values of them tell by how much simulation misses theory.
    Where neurons burst in all of these, the nearest round in which they do not is gone back to.
    """
    goals, last_round = search.goals, rounds[-1]
    own, alike = last_round.keys, _alike(search, rounds, last_round)
    calm = [each for each in rounds if not _bursts(goals, each)]
    if calm and all(_bursts(goals, each) for each in alike):
        back = _nearest(goals, calm)
        own, alike = back.keys, [*_alike(search, calm, back), last_round]
    at, wishes = lay_over(search.block, own), next_wishes(goals, alike)
    near = replace(search, block=at, goals=wishes, near=last.state)
    elsewhere = replace(near, near=search.near)
    tried: list[Solution] = []
    for now, further in [*((each, 0) for each in _few_keys_first(near)), (elsewhere, SPREAD)]:
        tried.append(find(now, seed=seed, further=further))
        if tried[-1].is_reached:
            break
    best = min(tried, key=_furthest)
    solved = sum(each.n_solved for each in tried)
    return replace(best, keys={**own, **best.keys}, n_solved=solved)


def _alike(search: Search, rounds: list[Round], own: Round) -> list[Round]:
    """Return the rounds that have the keys of one beyond as many as there are wishes."""
    held = [each.key for each in search.free[len(search.goals) :]]
    return [each for each in rounds if all(each.keys[key] == own.keys[key] for key in held)]


def _nearest(goals: tuple[Goal, ...], rounds: list[Round]) -> Round:
    """Return the round that misses the wishes least."""
    return min(rounds, key=lambda each: _worst(goals, each.seen))


def _furthest(found: Solution) -> float:
    """Return the largest miss of a point, by its weight."""
    pairs = zip(found.goals, found.misses, strict=True)
    return max(abs(goal.weight * float(miss)) for goal, miss in pairs)


def _search(
    name: str, block: Mapping[str, Any], study: NetworkStudy, target: TargetParams
) -> Search:
    search = Search(name, block, study.free, ())
    goals = goals_of(target, search.case({}).network.names)
    number = target.mode.wave_number if target.mode is not None else None
    return Search(name, block, study.free, goals, wave_number=number)


def _bursts(goals: tuple[Goal, ...], each: Round) -> bool:
    """Return whether a population fires far more in simulation than theory told."""
    pairs = zip(goals, each.seen, each.told, strict=True)
    return any(goal.kind == "rate" and seen > BURST * told for goal, seen, told in pairs)


def next_wishes(goals: tuple[Goal, ...], rounds: list[Round]) -> tuple[Goal, ...]:
    """Return what theory is asked for next, after some rounds.

    Rounds in which neurons burst together tell nothing of those in which they do not: they are left
    out of the line of corrections, and after one the way from the nearest other one is cut in half.
    Growth rates are corrected as far as that does not hold up what is judged.
    """
    calm = [each for each in rounds if not _bursts(goals, each)]
    if calm and calm[-1] is not rounds[-1]:
        nearest = _nearest(goals, calm)
        miss = [[g.miss(x) for g, x in zip(goals, each.told, strict=True)]
                for each in (nearest, rounds[-1])]  # fmt: skip
        off = -np.mean(miss, axis=0)
    else:
        off = corrections(goals, calm or rounds)
    moved = [goal.moved(float(x)) for goal, x in zip(goals, off, strict=True)]
    return tuple(replace(g, weight=YIELDS * g.weight) if g.kind == "growth" else g for g in moved)


def corrections(goals: tuple[Goal, ...], rounds: list[Round]) -> FloatArray:
    """Return by how much simulation misses theory where it has what is wanted, shape (n_goals,).

    Notes
    -----
    Correcting by the last round alone swings about the wishes where theory errs by more the
    further a key moves. So the difference is a straight line in what theory has, fitted to all
    rounds: its slopes are near zero before (`SLOPE`), and a round counts by its standard error and
    by how far off it is, where the line is curved. What is proposed is where that line meets the
    wishes. A wish that nothing measures stays as it is.
    """
    told, seen = (
        np.array([[g.miss(x) for g, x in zip(goals, values, strict=True)] for values in both])
        for both in ([each.told for each in rounds], [each.seen for each in rounds])
    )
    error = np.array(
        [
            [e * g.slope(x) for g, e, x in zip(goals, each.error, each.seen, strict=True)]
            for each in rounds
        ]
    )
    known = np.isfinite(seen) & np.isfinite(told)
    seen = np.where(known, np.clip(seen, -MOST, MOST), told)
    off = np.where(known, seen, 0.0)
    curved = CURVED * np.mean(off**2, axis=1, keepdims=True)
    scatter = SCATTER**2 + np.where(np.isfinite(error), error, 0.0) ** 2 + curved**2
    nearest = told[int(np.argmin(np.max(np.abs(off), axis=1)))]
    x = told - nearest
    lines = np.array(
        [
            _line(x[k], d[k], s[k])
            for k, d, s in zip(known.T, (seen - told).T, scatter.T, strict=True)
        ]
    )
    step = np.linalg.lstsq(np.eye(len(goals)) + lines[:, 1:], -nearest - lines[:, 0], rcond=None)[0]
    longest = LONGEST * float(np.min(np.max(np.abs(off), axis=1)))
    step *= min(1.0, longest / max(float(np.max(np.abs(step))), TINY))
    return np.asarray(-nearest - step)


def _line(x: FloatArray, d: FloatArray, variance: FloatArray) -> FloatArray:
    """Return intercept and slopes of a difference, the slopes near zero before."""
    if not d.size:
        return np.zeros(1 + x.shape[1])
    design = np.column_stack([np.ones(len(d)), x]) / np.sqrt(variance)[:, np.newaxis]
    prior = np.diag([0.0, *np.full(x.shape[1], SLOPE**-2)])
    right = design.T @ (d / np.sqrt(variance))
    return np.asarray(np.linalg.solve(design.T @ design + prior, right))


def _round(
    search: Search, found: Solution, target: TargetParams, *, seed: int, n: int, number: int
) -> Round:
    """Return what `n` networks or more at the keys that were found show."""
    keys = {key: float(f"{value:.{DIGITS}g}") for key, value in found.keys.items()}
    seen = error = np.full(len(search.goals), np.nan)
    wave = None
    if n:
        seen, error, wave = simulated(
            search, found, keys, target.tolerance, seed=seed, n=n, number=number
        )
    return Round(
        keys=keys,
        told=found.values,
        seen=seen,
        error=error,
        wave=wave,
        confirmed=wave == search.wave_number and _worst(search.goals, seen) <= target.tolerance,
    )


def _worst(goals: tuple[Goal, ...], seen: FloatArray) -> float:
    """Return the largest share by which a wish is missed; infinite where it was not measured."""
    pairs = zip(goals, seen, strict=True)
    misses = [abs(x / goal.wanted - 1.0) for goal, x in pairs if goal.kind != "growth"]
    return max((miss if np.isfinite(miss) else np.inf for miss in misses), default=0.0)
