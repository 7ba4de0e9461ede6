"""Values of the free keys of a network at which theory gives a wanted activity.

Gauss-Newton in the logarithms of the keys within their bounds (trust region, exact derivatives),
from the values of the file first and then from points spread over the box.
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import least_squares
from scipy.stats import qmc

from cortex.errors import RegimeWarning
from cortex.inverse.goals import Goal
from cortex.inverse.search import FAR, Search, State
from cortex.meanfield.fluctuations.spectra import population_spectra
from cortex.typing import FloatArray

REACHED: Final = 1e-3
"""Largest miss at which theory counts as having what is wanted."""
GOOD: Final = 1e-7
"""Miss at which no further start is tried."""
EDGE: Final = 1e-4
"""Share of an interval within which a key stands at its bound."""
ROUNDS: Final = 3
"""Rounds in which modes that came ahead are held back."""
SPREAD: Final = 7
"""Further starts, spread over the box."""
SEEN: Final = np.arange(1.0, 300.0, 2.0)
"""Frequencies, Hz, at which fluctuations count."""


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
    response holds best where the predicted standard deviation of rates over their means is
    smallest. None where no start leads to a solution.

    Parameters
    ----------
    search, seed
        As for `find`.
    """
    reached = [found for _, found in _ends(search, seed, SPREAD) if found.is_reached]
    return min(reached, key=lambda found: _fluctuation(search, found), default=None)


def _fluctuation(search: Search, found: Solution) -> float:
    """Return the largest predicted standard deviation of a rate over its mean, shot noise apart."""
    search.forget()
    case = search.case(found.keys)
    point = search.point(case)
    C = population_spectra(case.network, point, SEEN, variance=case.network.is_delta, check=False)
    power = np.einsum("faa->fa", C).real - point.nu / case.network.sizes
    variance = 2.0 * np.trapezoid(np.maximum(power, 0.0), SEEN, axis=0)
    return float(np.max(np.sqrt(variance) / point.nu))


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
    search.forget(state=afresh)
    low, high = search.box
    margin = 1e-9 * (high - low)

    def misses(x: FloatArray) -> FloatArray:
        return search.solve(x)[1]

    def slopes(x: FloatArray) -> FloatArray:
        return search.solve(x)[2]

    found = least_squares(
        misses,
        np.clip(x0, low + margin, high - margin),
        jac=slopes,
        bounds=(low, high),
        xtol=1e-12,
        ftol=1e-12,
        gtol=1e-12,
        max_nfev=60,
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
