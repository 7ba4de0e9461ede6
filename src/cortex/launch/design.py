"""A network with a wanted activity: found on theory, corrected and confirmed by simulation."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TextIO

import numpy as np
import yaml

from cortex.errors import CortexError, ParameterError
from cortex.inverse.design import Solution, find
from cortex.inverse.goals import Goal, goals_of
from cortex.inverse.search import Search
from cortex.inverse.stretched import stretch
from cortex.launch.analyse import find_network
from cortex.params.description.states import ALONE, block_at, states_of
from cortex.params.description.study import NetworkStudy, split
from cortex.params.description.target import TargetParams
from cortex.plots.select import rows
from cortex.steps.columns import Columns, Tables
from cortex.steps.lfp import currents_of, synthesise_lfp
from cortex.steps.observe import observe
from cortex.steps.predict import POOLED, predict
from cortex.steps.simulate import needs_currents, simulate
from cortex.typing import FloatArray

BEFORE: Final = "before"
DESIGNED: Final = "designed"
DIGITS: Final = 6


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
    confirmed : bool
        Whether everything that can be measured lies within the tolerance.
    """

    keys: dict[str, float]
    told: FloatArray
    seen: FloatArray
    error: FloatArray
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
    goals, wishes, solved = search.goals, search.goals, 0
    for number in range(target.rounds + 1):
        found = find(replace(search, goals=wishes), seed=seed)
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
        off = _off(goals, rounds[-1])
        wishes = tuple(goal.moved(miss) for goal, miss in zip(goals, off, strict=True))
    return Design(goals=goals, rounds=tuple(rounds), n_solved=solved)


def _search(
    name: str, block: Mapping[str, Any], study: NetworkStudy, target: TargetParams
) -> Search:
    search = Search(name, block, study.free, ())
    goals = goals_of(target, search.case({}).network.names)
    number = target.mode.wave_number if target.mode is not None else None
    return Search(name, block, study.free, goals, wave_number=number)


def _off(goals: tuple[Goal, ...], seen: Round) -> list[float]:
    """Return by how much simulation misses theory, goal by goal; zero where nothing is known."""
    pairs = zip(goals, seen.told, seen.seen, strict=True)
    off = [goal.miss(after) - goal.miss(before) for goal, before, after in pairs]
    return [miss if np.isfinite(miss) else 0.0 for miss in off]


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
        told, _ = predict(case, ("rates", "modes", "spectra", "lfp"))
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
    worst = _worst(goals, mean)
    return Round(
        keys=keys, told=found.values, seen=mean, error=error, confirmed=worst <= target.tolerance
    )


def _worst(goals: tuple[Goal, ...], seen: FloatArray) -> float:
    """Return the largest miss of what can be measured; infinite where it was not."""
    pairs = zip(goals, seen, strict=True)
    misses = [abs(goal.miss(x)) for goal, x in pairs if goal.kind != "growth"]
    return max((miss if np.isfinite(miss) else np.inf for miss in misses), default=np.inf)


def _of_seed(tables: Tables, seed: int) -> Tables:
    """Return the rows of one run; rasters and excerpts, of the first run alone, drop out."""
    kept = {kind: columns for kind, columns in tables.items() if "seed" in columns}
    return {
        kind: {name: x[columns["seed"] == seed] for name, x in columns.items()}
        for kind, columns in kept.items()
    }


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
            pair = rows(measured, signal=signal), rows(predicted, signal=signal)
            found.append(theory * _stretched(*pair, float(theory)))
        else:
            measured, predicted = seen["spectra"], told["spectra"]
            pair = rows(measured, population=POOLED), rows(predicted, population=POOLED)
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


def run(
    given: str,
    *,
    state: str | None = None,
    n_networks: int | None = None,
    destination: Path | None = None,
    out: TextIO = sys.stdout,
) -> int:
    """Design the network of a file, say what was found, and write it; return the exit status.

    Parameters
    ----------
    given : str
        File with one network.
    state : str, optional
        Its state, where it has several.
    n_networks : int, optional
        As in `design`.
    destination : path, optional
        Where the designed network is written, beside the one given, as two states.
    out : text stream
        Where to say it.
    """
    seed, name, block = find_network(given)
    states = states_of(block)
    if state is None and len(states) > 1:
        msg = f"network {name} has the states {', '.join(states)}; name one: --state"
        raise ParameterError(msg)
    chosen = state or states[0]
    found = design(name, block_at(block, chosen), seed=seed, n_networks=n_networks)
    out.writelines(f"{line}\n" for line in found.lines())
    path = destination or Path(f"{name}-designed.yaml")
    study = {"seed": seed, "networks": {name: _with_design(block, chosen, found.last.keys)}}
    path.write_text(yaml.safe_dump(study, sort_keys=False, allow_unicode=True), encoding="utf-8")
    out.write(f"{path}: both states; cortex run {path} shows them beside each other\n")
    return int(not found.last.confirmed)


def _with_design(block: Mapping[str, Any], state: str, keys: Mapping[str, float]) -> dict[str, Any]:
    """Return the network with what was found as a further state."""
    states = dict(block.get("states") or {})
    if state == ALONE and not states:
        states = {BEFORE: {}}
    own = dict(states.get(state) or {}) if state in states else {}
    return {**block, "states": {**states, DESIGNED: {**own, **keys}}}
