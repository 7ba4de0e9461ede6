"""Values of the free keys of a network at which theory gives a wanted activity.

Gauss-Newton in the logarithms of the keys within their bounds (trust region, exact derivatives),
from the values of the file first and then from points spread over the box.
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import OptimizeResult, least_squares
from scipy.stats import qmc

from cortex.errors import RegimeWarning
from cortex.inverse.goals import Goal, Theory
from cortex.inverse.search import FAR, Search, State
from cortex.typing import FloatArray

REACHED: Final = 1e-3
"""Largest miss at which theory counts as having what is wanted."""
MET: Final = 1e-7
"""Largest miss at which a descent ends."""
GOOD: Final = 1e-7
"""Miss at which no further start is tried."""
EDGE: Final = 1e-4
"""Share of an interval within which a key stands at its bound."""
ROUNDS: Final = 3
"""Rounds in which modes that came ahead are held back."""
FINE: Final = 1e-12
"""Relative change of keys and cost at which a descent ends."""
COARSE: Final = 1e-4
"""The same where the calmest network is sought: what is found goes down once more."""
STAY: Final = 1e-4
"""Weight against the wishes of the way from where a descent begins, where there is a choice."""
SPREAD: Final = 7
"""Further starts, spread over the box."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solution:
    """Where theory comes closest to what is wanted.

    Attributes
    ----------
    keys : dict of str to float
        Values of the free keys, in their units.
    goals : tuple of Goal
        The wishes.
    values : ndarray of shape (n_goals,)
        What theory has there.
    misses : ndarray of shape (n_goals,)
        See `Goal.miss`.
    bound : tuple of str
        Free keys that stand at a bound.
    ahead : tuple of float
        Frequencies (Hz) of modes that grow, or lead the wanted wave, and cannot be held back.
    n_solved : int
        Networks solved on the way.
    state : State
        Mode and rates there.
    """

    keys: dict[str, float]
    goals: tuple[Goal, ...]
    values: FloatArray
    misses: FloatArray
    bound: tuple[str, ...]
    ahead: tuple[float, ...]
    n_solved: int
    state: State

    @property
    def is_reached(self) -> bool:
        """Whether theory has everything that is wanted."""
        return bool(np.max(np.abs(self.misses), initial=0.0) < REACHED) and not self.ahead

    def sentence(self) -> str:
        """Return the nearest point, and what keeps it from the wishes."""
        has = "; ".join(
            f"{goal.words()} {value:.4g} instead of {goal.wanted:.4g}"
            for goal, value, miss in zip(self.goals, self.values, self.misses, strict=True)
            if abs(miss) >= REACHED
        )
        modes = [f"a mode at {f:.0f} Hz that grows or leads the wanted one" for f in self.ahead]
        has = "; ".join([*([has] if has else []), *modes])
        at = ", ".join(f"{key} = {value:.5g}" for key, value in self.keys.items())
        if self.bound:
            why = f"{' and '.join(self.bound)} at the bound: widen it, or wish for less"
        else:
            why = "no bound: the wishes contradict each other, or need further free keys"
        return f"the nearest point, {at}, has {has}; what binds is {why}"


def find(search: Search, *, seed: int = 0, further: int = SPREAD) -> Solution:
    """Return the point of a box at which theory comes closest to what is wanted.

    Parameters
    ----------
    search : Search
        Network, box and wishes.
    seed : int
        Of the further starts.
    further : int
        Starts beside that at the values of the file, spread over the box.
    """
    found: list[tuple[float, Solution]] = []
    for end in _ends(search, seed, further):
        found.append(end)
        if end[0] < GOOD:
            break
    return min(found, key=lambda pair: pair[0])[1]


def calmest(search: Search, *, seed: int = 0) -> Solution | None:
    """Return the solution, of those that all starts lead to, whose rates fluctuate least.

    Where more keys are free than wishes are made, many networks have what is wanted. Linear
    response holds best where the predicted standard deviation of rates over their means,
    all populations together, is smallest. None where no start leads to a solution.

    Parameters
    ----------
    search, seed
        As for `find`.
    """
    reached = [found for _, found in _ends(search, seed, SPREAD) if found.is_reached]
    return min(reached, key=lambda found: _fluctuation(search, found), default=None)


def _fluctuation(search: Search, found: Solution) -> float:
    """Return the predicted SDs of rates over their means, all populations together."""
    search.forget()
    case = search.case(found.keys)
    theory = Theory(case, search.point(case), tuple(found.keys))
    return float(np.linalg.norm(theory.fluctuations()[0]))


def _ends(search: Search, seed: int, further: int) -> Iterator[tuple[float, Solution]]:
    """Yield cost and end of the descents from the values of the file, then from spread points."""
    low, high = search.box
    spread = qmc.scale(qmc.LatinHypercube(len(low), rng=seed).random(SPREAD), low, high)[:further]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RegimeWarning)  # far points on the way are not the answer
        for x0 in (search.start(), *spread):
            yield _held(search, x0)


def _held(search: Search, x0: FloatArray) -> tuple[float, Solution]:
    """Return cost and end of a descent, modes that come ahead held back."""
    search.rivals = []
    x = _descended(search, x0)
    if search.needs_mode and np.max(np.abs(search.solve(x)[1])) >= REACHED:
        x = _descended(search, x)  # another mode may lie nearer to the wish than the one followed
    for _ in range(ROUNDS):
        if np.any(np.isnan(search.solve(x)[0])):
            break
        ahead = search.ahead(x)
        if not ahead:
            break
        search.rivals += ahead
        x = _descended(search, x, afresh=False)
    return float(np.sum(search.solve(x)[1] ** 2)), _solution(search, x)


def _descended(search: Search, x0: FloatArray, *, afresh: bool = True) -> FloatArray:
    """Return the end of a descent; where many networks have what is wanted, by a calm one."""
    search.forget(state=afresh)
    if search.has_choice:
        search.seeks_calm = True
        x0 = _least(search, x0, COARSE)
        search.seeks_calm = False
        search.forget(state=False)
    return _least(search, x0, FINE)


def _least(search: Search, x0: FloatArray, fine: float) -> FloatArray:
    """Return the keys next to some at which the misses are least."""
    low, high = search.box
    margin = 1e-9 * (high - low)
    x0 = np.clip(x0, low + margin, high - margin)
    # steps along a line of solutions have no length by themselves
    stay = STAY * np.eye(x0.size if search.has_choice else 0, x0.size)

    def misses(x: FloatArray) -> FloatArray:
        return np.concatenate([search.solve(x)[1], stay @ (x - x0)])

    def slopes(x: FloatArray) -> FloatArray:
        return np.concatenate([search.solve(x)[2], stay])

    def end(intermediate_result: OptimizeResult) -> None:
        if np.max(np.abs(search.solve(intermediate_result.x)[1]), initial=0.0) < MET:
            raise StopIteration

    found = least_squares(
        misses,
        x0,
        jac=slopes,
        bounds=(low, high),
        xtol=fine,
        ftol=fine,
        gtol=FINE,
        max_nfev=60,
        callback=end,
    )
    return np.asarray(found.x)


def _solution(search: Search, x: FloatArray) -> Solution:
    values, state = search.solve(x)[0], search.state
    low, high = search.box
    near = EDGE * (high - low)
    at_bound = (x - low < near) | (high - x < near)
    misses = np.array([g.miss(v) for g, v in zip(search.goals, values, strict=True)])
    return Solution(
        keys=search.keys(x),
        goals=search.goals,
        values=values,
        misses=np.where(np.isnan(misses), FAR, misses),
        bound=tuple(e.key for e, is_at in zip(search.free, at_bound, strict=True) if is_at),
        ahead=search.unheld(x),
        n_solved=search.n_solved,
        state=state,
    )
