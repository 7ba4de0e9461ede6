"""The networks of a box of keys, and how far theory says each is from what is wanted."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from cortex.errors import CortexError, ParameterError
from cortex.inverse.elasticities import ModeSlopes
from cortex.inverse.goals import LEAST_GROWTH, Goal, Theory
from cortex.inverse.tangents import keys
from cortex.meanfield.matrix_function import MatrixFunction
from cortex.meanfield.stability.eigenvalues import (
    count_growing_modes,
    leading_eigenvalues,
    leading_mode,
)
from cortex.meanfield.stationary.working_point import WorkingPoint, solve_working_point
from cortex.networks.case import NetworkCase, case_of
from cortex.params.description.overrides import lay_over
from cortex.params.description.target import FreeParams
from cortex.typing import FloatArray

FAR: Final = 30.0
"""Miss where theory has no state."""
DAMPED: Final = (-120.0, -60.0, -20.0, 10.0)
"""Growth rates, 1/s, from which a mode of a wanted frequency is sought."""
AROUND: Final = (0.6, 0.8, 1.0, 1.25, 1.6)
"""Frequencies from which it is sought, over the wanted one."""
HUGE: Final = 1e60
"""Miss or slope from which on theory counts as lost: a rate, or a rhythm, that has vanished."""
CALM: Final = 0.1
"""Weight of fluctuations against wishes, where more keys are free than wishes are made."""
LEAD: Final = 2.0  # 1/s by which the wanted wave has to lead the others


@dataclass(eq=False)
class Rival:
    """A mode that must stay behind: damped, or behind the wanted wave; followed as keys change.

    Parameters
    ----------
    lam : complex
        Where it was last, 1/s.
    wave_number : int, optional
        Cycles per ring.
    """

    lam: complex
    wave_number: int | None


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """A mode (1/s) and rates (Hz) from which a search goes on, None where it has to find them."""

    mode: complex | None
    nu: FloatArray | None


@dataclass(eq=False)
class Search:
    """The networks of a box of keys, and how far each is from what is wanted.

    Parameters
    ----------
    name : str
        Of the network.
    block : mapping
        Its keys at one state.
    free : sequence of FreeParams
        Keys that may change.
    goals : tuple of Goal
        Wishes.
    wave_number : int, optional
        Cycles per ring of the mode that wishes for modes are about; it has to lead all others.
    near : State, optional
        Where to begin, beside the values of the keys.
    """

    name: str
    block: Mapping[str, Any]
    free: Sequence[FreeParams]
    goals: tuple[Goal, ...]
    wave_number: int | None = None
    near: "State" = field(default_factory=lambda: State(None, None))
    n_solved: int = 0
    rivals: list["Rival"] = field(default_factory=list)
    seeks_calm: bool = False
    _mode: complex | None = None
    _nu: FloatArray | None = None
    _last: tuple[bytes, FloatArray, FloatArray, FloatArray] | None = None

    def __post_init__(self) -> None:
        """Refuse a box without sides, and keys that hold no number."""
        if not self.free:
            msg = "design needs keys that may change: `free: [{key: ..., low: ..., high: ...}]`"
            raise ParameterError(msg)
        if self.wave_number is not None and self.case({}).network.space is None:
            msg = "target.mode.wave_number needs a ring (circumference_mm)"
            raise ParameterError(msg)

    @property
    def has_choice(self) -> bool:
        """Whether more keys are free than wishes are made: many networks have what is wanted.

        A wave that has to lead all others takes keys, too: how many is not known.
        """
        return self.wave_number is None and len(self.free) > len(self.goals)

    @property
    def needs_mode(self) -> bool:
        """Whether anything is wanted of a mode."""
        of_mode = any(goal.kind in {"frequency", "growth"} for goal in self.goals)
        return of_mode or self.wave_number is not None

    @property
    def box(self) -> tuple[FloatArray, FloatArray]:
        """Logarithms of the bounds; of negative keys those of their sizes."""
        sides = np.log(np.abs([[each.low, each.high] for each in self.free]))
        return sides.min(axis=1), sides.max(axis=1)

    def keys(self, x: FloatArray) -> dict[str, float]:
        """Return the keys at a point of the box."""
        pairs = zip(self.free, np.exp(x), strict=True)
        return {each.key: float(np.sign(each.low) * size) for each, size in pairs}

    def case(self, keys: Mapping[str, float]) -> NetworkCase:
        """Return the network with keys changed."""
        return case_of(self.name, lay_over(self.block, keys))

    def start(self) -> FloatArray:
        """Return the logarithms of the keys of the file, within the box."""
        case, (low, high) = self.case({}), self.box
        inside = []
        for each, a, b in zip(self.free, low, high, strict=True):
            try:
                inside.append(float(np.log(abs(_value(case, each.key)))))
            except ParameterError:  # it holds zero, or a block that is not there yet
                inside.append(0.5 * (a + b))
        return np.clip(inside, low, high)

    def forget(self, *, state: bool = True) -> None:
        """Drop the last solution, and the state that is followed: a start has its own."""
        self._last = None
        if state:
            self._mode, self._nu = self.near.mode, self.near.nu

    @property
    def state(self) -> "State":
        """The state that is followed."""
        return State(self._mode, self._nu)

    def mode_at(self, keys: Mapping[str, float]) -> tuple[MatrixFunction, complex]:
        """Return M as a function of the growth rate, and the mode that is followed, 1/s."""
        self.forget()
        case = self.case(keys)
        theory = Theory(case, self.point(case), tuple(each.key for each in self.free))
        k = _angular(case, self.wave_number)
        return theory.moved.characteristic(k), self._followed(theory).lam

    def waves_at(self, keys: Mapping[str, float]) -> dict[int, tuple[MatrixFunction, complex]]:
        """Return M and the mode that leads, 1/s, by wave number; left out where all decay fast."""
        self.forget()
        case, found = self.case(keys), {}
        network, point = case.network, self.point(case)
        theory = Theory(case, point, tuple(each.key for each in self.free))
        for number in range(case.study.theory.max_wave_number + 1):
            k = _angular(case, number)
            with suppress(CortexError):
                lam = leading_mode(network, point, variance=network.is_delta, wave_number=k)
                if np.isfinite(lam):
                    found[number] = theory.moved.characteristic(k), lam
        return found

    def solve(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return values, weighted misses and their derivatives at a point of the box."""
        tag = x.tobytes()
        if self._last is None or self._last[0] != tag:
            self.n_solved += 1
            try:
                values, misses, slopes = self._solved(x)
                _refuse_overflow(values, misses, slopes)
                self._last = tag, values, misses, slopes
            except (CortexError, np.linalg.LinAlgError):
                n = len(self.goals) + len(self.rivals)
                n += self.seeks_calm * (1 + self.case({}).network.n_pops)
                lost = np.full(n, np.nan)
                self._last = (tag, lost[: len(self.goals)], np.full(n, FAR), np.zeros((n, x.size)))
        return self._last[1:]

    def _solved(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        case = self.case(self.keys(x))
        point = self.point(case)
        theory = Theory(case, point, tuple(each.key for each in self.free))
        mode = self._followed(theory) if self.needs_mode else None
        pairs = [theory.value(goal, mode) for goal in self.goals]
        misses = [g.weight * g.miss(v) for g, (v, _) in zip(self.goals, pairs, strict=True)]
        slopes = [g.weight * g.slope(v) * by for g, (v, by) in zip(self.goals, pairs, strict=True)]
        for rival in self.rivals:
            lead, by = self._lead(theory, mode, rival)
            misses.append(lead)
            slopes.append(by)
        if self.seeks_calm:
            spread, by_keys = theory.fluctuations()
            flat, by_flat = _flatness(self.goals, mode, x.size)
            misses += [flat, *(CALM * spread)]
            slopes += [by_flat, *(CALM * by_keys)]
        values = np.array([value for value, _ in pairs])
        return values, np.array(misses), np.array(slopes).reshape(-1, x.size)

    def point(self, case: NetworkCase) -> WorkingPoint:
        """Return the working point next to the last one, in closed form."""
        start = np.full(case.network.n_pops, case.study.theory.start_rate)
        for (name, _), rate in case.wanted.items():
            start[case.network.names.index(name)] = rate
        point = solve_working_point(
            case.network,
            method="taylor" if case.study.theory.method == "taylor" else "shift",
            nu_start=start if self._nu is None else self._nu,
        )
        self._nu = point.nu
        return point

    def _followed(self, theory: Theory) -> ModeSlopes:
        """Return the mode that was followed so far, or the one nearest to the wishes."""
        k = _angular(theory.case, self.wave_number)
        if self._mode is None:
            self._mode = self._nearest(theory, k)
        mode = theory.moved.mode(self._mode, wave_number=k)
        self._mode = mode.lam
        return mode

    def _nearest(self, theory: Theory, k: float | None) -> complex:
        """Return the mode nearest to the wishes: Newton's method from starts around them."""
        wanted = [goal.wanted for goal in self.goals if goal.kind == "frequency"]
        if not wanted:
            network = theory.case.network
            lam = leading_mode(network, theory.point, variance=network.is_delta, wave_number=k)
            if np.isnan(lam):
                msg = "the network has no slow mode"
                raise ParameterError(msg)
            return lam
        omega = 2.0 * np.pi * wanted[0]
        starts = np.add.outer(np.array(DAMPED), 1j * omega * np.array(AROUND)).ravel()
        found = theory.moved.roots(starts, wave_number=k)
        found = found[(found.imag > 1.0) & (found.real > 2.0 * min(DAMPED))]
        if not found.size:
            msg = f"no mode near {wanted[0]:g} Hz"
            raise ParameterError(msg)
        away = np.abs(np.log(found.imag / omega)) - found.real / omega
        return complex(found[np.argmin(away)])

    def _lead(
        self, theory: Theory, mode: ModeSlopes | None, rival: Rival
    ) -> tuple[float, FloatArray]:
        """Return by how much a rival is ahead of where it may be, and the derivative."""
        other = theory.moved.mode(rival.lam, wave_number=_angular(theory.case, rival.wave_number))
        rival.lam = other.lam
        behind, by = 0.0, np.zeros(len(self.free))
        if mode is not None and self.wave_number is not None:
            behind, by = mode.lam.real, mode.growth
        lead = (other.lam.real - behind + LEAD) / LEAST_GROWTH
        if lead <= 0.0:
            return 0.0, np.zeros(len(self.free))
        return lead, (other.growth - by) / LEAST_GROWTH

    @property
    def is_stable(self) -> bool:
        """Whether no mode may grow: no growing mode and no pattern is wanted."""
        grows = any(goal.kind == "growth" and goal.wanted >= 0.0 for goal in self.goals)
        return self.wave_number is None and not grows

    def unheld(self, x: FloatArray) -> tuple[float, ...]:
        """Return the frequencies, Hz, of the rivals that a point does not hold back."""
        leads = self.solve(x)[1][len(self.goals) :][: len(self.rivals)]
        pairs = zip(self.rivals, leads, strict=True)
        ahead = [rival.lam.imag for rival, lead in pairs if lead > LEAD / LEAST_GROWTH]
        return tuple(abs(f) / (2.0 * np.pi) for f in ahead)

    def ahead(self, x: FloatArray) -> list[Rival]:
        """Return modes at a point that are where none may be, the furthest one of each wave."""
        case = self.case(self.keys(x))
        network, point = case.network, self.point(case)
        numbers: list[int | None] = [None]
        if network.space is not None:
            numbers = list(range(case.study.theory.max_wave_number + 1))
        found = []
        for number in numbers:
            k = _angular(case, number)
            try:
                if self.is_stable and not count_growing_modes(
                    network, point, variance=network.is_delta, wave_number=k
                ):
                    continue
                lam = leading_eigenvalues(
                    network, point, variance=network.is_delta, wave_number=k, real_low=-1.0
                ).lam
            except CortexError:
                continue
            if lam.size and (number is None or number != self.wave_number):
                found.append(Rival(complex(lam[0]), number))
        if self.is_stable:
            return [rival for rival in found if rival.lam.real >= 0.0]
        own = -np.inf if self._mode is None else self._mode.real
        if self.wave_number is None:
            return []
        return [rival for rival in found if rival.lam.real > own]


def _flatness(
    goals: tuple[Goal, ...], mode: ModeSlopes | None, n_keys: int
) -> tuple[float, FloatArray]:
    """Return how far a wanted rhythm is from making a peak, and the derivative: 0 where it does.

    A mode does where its angular frequency is more than twice its damping.
    """
    if mode is None or not any(goal.kind == "frequency" for goal in goals):
        return 0.0, np.zeros(n_keys)
    omega = abs(mode.lam.imag)
    damping = -2.0 * mode.lam.real / omega
    if damping <= 1.0:
        return 0.0, np.zeros(n_keys)
    by = -2.0 * mode.growth / omega - damping * 2.0 * np.pi * mode.frequency / omega
    return damping - 1.0, by


def _refuse_overflow(*arrays: FloatArray) -> None:
    if not all(np.all(np.abs(array) < HUGE) for array in arrays):
        msg = "theory overflows"
        raise ParameterError(msg)


def _angular(case: NetworkCase, number: int | None) -> float | None:
    if number is None or case.network.space is None:
        return None
    return 2.0 * np.pi * number / float(case.network.space.extent[0])


def _value(case: NetworkCase, key: str) -> float:
    return float(keys(case, [key]).values[0])
