"""A network with a wanted activity: found on theory, corrected and confirmed by simulation."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from cortex.errors import CortexError, ParameterError
from cortex.inverse.design import SPREAD, Solution, find
from cortex.inverse.goals import Goal, goals_of
from cortex.inverse.search import Search
from cortex.inverse.stretched import stretch
from cortex.params.description.overrides import lay_over
from cortex.params.description.study import NetworkStudy, split
from cortex.params.description.target import TargetParams
from cortex.steps.columns import Columns, Tables
from cortex.steps.lfp import currents_of, synthesise_lfp
from cortex.steps.observe import observe
from cortex.steps.predict import POOLED, predict
from cortex.steps.simulate import needs_currents, simulate
from cortex.typing import FloatArray

DIGITS: Final = 6
MOST: Final = 0.7
"""Largest miss that counts, as a logarithm: a silent population does not tell how far it is off."""
SCATTER: Final = 0.02
"""What one simulation misses by chance, as a logarithm."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Round:
    """What theory found, and what a simulation of it shows.

    Attributes
    ----------
    keys : dict of str to float
        Values of the free keys.
    told, seen, error : ndarray of shape (n_goals,)
        Theory, mean over simulated networks and its standard error; nan where nothing can be
        measured (a growth rate) or one network was simulated.
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
        return min(self.rounds, key=lambda each: _worst(self.goals, each.seen))

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
    goals, wishes, at, solved = search.goals, search.goals, block, 0
    for number in range(target.rounds + 1):
        # corrections are small: what lies next to the last round is what counts
        further = 0 if rounds else SPREAD
        found = find(replace(search, block=at, goals=wishes), seed=seed, further=further)
        solved += found.n_solved
        if not found.is_reached and not rounds:
            msg = f"no values of the free keys give what is wanted: {found.sentence()}"
            raise ParameterError(msg)
        if np.isnan(found.values).any():
            break  # the correction leads where theory has no state; the nearest round stands
        # where corrected wishes contradict each other, the point nearest to them is simulated
        rounds.append(_simulated(search, found, goals, target, seed=seed, n=n, number=number))
        if rounds[-1].confirmed or not n:
            break
        at = lay_over(block, rounds[-1].keys)
        off = corrections(goals, rounds)
        wishes = tuple(goal.moved(float(x)) for goal, x in zip(goals, off, strict=True))
    return Design(goals=goals, rounds=tuple(rounds), n_solved=solved)


def _search(
    name: str, block: Mapping[str, Any], study: NetworkStudy, target: TargetParams
) -> Search:
    search = Search(name, block, study.free, ())
    goals = goals_of(target, search.case({}).network.names)
    number = target.mode.wave_number if target.mode is not None else None
    return Search(name, block, study.free, goals, wave_number=number)


def corrections(goals: tuple[Goal, ...], rounds: list[Round]) -> FloatArray:
    """Return by how much simulation misses theory where it has what is wanted, shape (n_goals,).

    Notes
    -----
    Correcting by the last round alone swings about the wishes where theory errs by more the
    further a key moves. Of all rounds those shares are taken, 1 in sum, whose simulations together
    miss least: Anderson (1965), J. ACM 12:547, with the scatter of a simulation as a ridge, so
    that rounds that agree are averaged. A wish that nothing measures stays as it is.
    """
    told, seen = (
        np.array([[g.miss(x) for g, x in zip(goals, values, strict=True)] for values in both])
        for both in ([each.told for each in rounds], [each.seen for each in rounds])
    )
    known = np.isfinite(seen) & np.isfinite(told)
    seen = np.where(known, np.clip(seen, -MOST, MOST), told)
    misses = np.where(known, seen, 0.0)
    gram = misses @ misses.T + len(goals) * SCATTER**2 * np.eye(len(rounds))
    share = np.linalg.solve(gram, np.ones(len(rounds)))
    return np.asarray(share / share.sum() @ np.where(known, seen - told, 0.0))


def _simulated(
    search: Search,
    found: Solution,
    goals: tuple[Goal, ...],
    target: TargetParams,
    *,
    seed: int,
    n: int,
    number: int,
) -> Round:
    """Return what `n` networks at the keys that were found show."""
    keys = {key: float(f"{value:.{DIGITS}g}") for key, value in found.keys.items()}
    case = search.case(keys)
    unknown = np.full((max(n, 1), len(goals)), np.nan)
    seen = unknown
    if n:
        traced = [simulate(case, seed=seed, number=number * n + i) for i in range(n)]
        runs = [each.spikes for each in traced]
        told, _ = predict(case, _needed(search, goals))
        tables = observe(case, runs)
        if case.study.lfp is not None:
            own = [currents_of(case, each) for each in traced] if needs_currents(case) else []
            tables |= {f"lfp_{kind}": t for kind, t in synthesise_lfp(case, runs, own).items()}
        seen = np.array([_measured(found, goals, told, _of_seed(tables, i)) for i in range(n)])
    known = np.isfinite(seen)
    n_known = known.sum(axis=0)
    total = np.where(known, seen, 0.0).sum(axis=0)
    mean = np.where(n_known > 0, total / np.maximum(n_known, 1), np.nan)
    error = np.std(seen, axis=0, ddof=1) / np.sqrt(n) if n > 1 else unknown[0]
    wanted = search.wave_number
    wave = (
        strongest_wave(tables["space_time"], _rhythm(goals)) if n and wanted is not None else None
    )
    return Round(
        keys=keys,
        told=found.values,
        seen=mean,
        error=error,
        wave=wave,
        confirmed=wave == wanted and _worst(goals, mean) <= target.tolerance,
    )


def _needed(search: Search, goals: tuple[Goal, ...]) -> list[str]:
    """Return the predictions that tell how fast a rhythm is, and whether it grows where it may."""
    kinds = {goal.kind for goal in goals}
    found = ["spectra"] if kinds & {"frequency", "rate_peak"} else []
    found += ["lfp"] if "lfp_peak" in kinds else []
    damped = any(goal.kind == "growth" and goal.wanted < 0.0 for goal in goals)
    return found + ([] if damped or search.is_stable else ["modes"])


def _rhythm(goals: tuple[Goal, ...]) -> float:
    """Return the wanted frequency, Hz; zero where none is wanted: a pattern that stands."""
    return next((goal.wanted for goal in goals if goal.kind == "frequency"), 0.0)


def strongest_wave(space_time: Columns, rhythm: float) -> int:
    """Return the wave number with the most power around a rhythm, both directions together."""
    f, power = space_time["frequency"], space_time["power"]
    lowest = np.min(f[f > 0.0])
    near = (f >= 0.7 * rhythm) & (f <= max(1.4 * rhythm, 4.0 * lowest)) & (f > 0.0)
    number = np.abs(space_time["wave_number"])
    half = np.arange(number.max())  # the highest one has no other direction
    return int(half[np.argmax([np.mean(power[near & (number == k)]) for k in half])])


def _worst(goals: tuple[Goal, ...], seen: FloatArray) -> float:
    """Return the largest share by which a wish is missed; infinite where it was not measured."""
    pairs = zip(goals, seen, strict=True)
    misses = [abs(x / goal.wanted - 1.0) for goal, x in pairs if goal.kind != "growth"]
    return max((miss if np.isfinite(miss) else np.inf for miss in misses), default=0.0)


def _of_seed(tables: Tables, seed: int) -> Tables:
    """Return the rows of one run; rasters and excerpts, of the first run alone, drop out."""
    kept = {kind: columns for kind, columns in tables.items() if "seed" in columns}
    return {kind: _of(columns, "seed", seed) for kind, columns in kept.items()}


def _of(columns: Columns, label: str, value: object) -> Columns:
    kept = columns[label] == value
    return {name: x[kept] for name, x in columns.items()}


def _measured(at: Solution, goals: tuple[Goal, ...], told: Tables, seen: Tables) -> list[float]:
    """Return what one run shows of every wish; nan where it shows nothing."""
    cells = seen["populations"]
    found = []
    for goal, theory in zip(goals, at.values, strict=True):
        if goal.kind in {"rate", "cv"}:
            column = cells["nu" if goal.kind == "rate" else "cv"]
            found.append(float(column[cells["population"] == goal.population][0]))
        elif goal.kind == "growth":
            found.append(np.nan)
        elif goal.kind == "lfp_peak":
            signal = str(seen["lfp_spectra"]["signal"][0])
            measured, predicted = seen["lfp_spectra"], told["lfp"]
            pair = _of(measured, "signal", signal), _of(predicted, "signal", signal)
            found.append(theory * _stretched(*pair, float(theory)))
        else:
            measured, predicted = seen["spectra"], told["spectra"]
            pair = _of(measured, "population", POOLED), _of(predicted, "population", POOLED)
            found.append(theory * _stretched(*pair, float(theory)))
    return found


def _stretched(seen: Columns, told: Columns, rhythm: float) -> float:
    """Return measured over predicted frequency; nan where a mode grows or the band is narrow."""
    f = seen["frequency"]
    power = np.interp(f, told["frequency"], told["power"])
    if not np.isfinite(power).all():
        return np.nan
    try:
        return stretch(f[f > 0.0], seen["power"][f > 0.0], power[f > 0.0], rhythm)
    except CortexError:
        return np.nan
