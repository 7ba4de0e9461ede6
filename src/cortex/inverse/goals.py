"""Wishes about the activity of a network, and what theory says of each with its derivatives."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from cortex.errors import ParameterError
from cortex.inverse.elasticities import Elasticities, ModeSlopes
from cortex.inverse.tangents import Tangents, along, elements, joined, keys
from cortex.lfp.theory import rws_spectrum
from cortex.meanfield.fluctuations.spectra import pooled_spectrum, population_spectra
from cortex.meanfield.stationary.moments import input_std, mean_input
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.networks.case import NetworkCase
from cortex.params.description.target import TargetParams
from cortex.params.network import PopulationNetwork
from cortex.typing import FloatArray

STEP: Final = 1e-4
"""Relative step of the derivative of a peak, along the moving working point."""
LEAST_GROWTH: Final = 10.0  # 1/s; a growth rate is missed by shares of this at least
TINY: Final = 1e-250
"""Smallest rate or frequency whose logarithm is taken, Hz."""
GRID: Final = 2.0  # Hz
SEEN: Final = np.arange(1.0, 300.0, 2.0)
"""Frequencies, Hz, at which fluctuations count."""
QUIET: Final = 1e-6
"""Square of an SD over the mean that does not count, so that its root has a slope."""
STENCIL: Final = 0.5  # Hz


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One wish: a kind of observable, of whom, and the value that is wanted.

    Parameters
    ----------
    kind : {"rate", "cv", "frequency", "growth", "rate_peak", "lfp_peak"}
        Rates and frequencies in Hz, the growth rate of the mode in 1/s.
    population : str
        Of a rate or CV.
    wanted : float
        The value.
    weight : float
        Against the other wishes.
    """

    kind: str
    population: str = ""
    wanted: float
    weight: float = 1.0

    @property
    def is_ratio(self) -> bool:
        """Whether what counts is the ratio to the wanted value."""
        return self.kind != "growth"

    def miss(self, value: float) -> float:
        """Return by how much a value misses the wish: logarithm of a ratio, or share."""
        if self.is_ratio:
            return float(np.log(max(value, TINY) / self.wanted))
        return (value - self.wanted) / max(abs(self.wanted), LEAST_GROWTH)

    def slope(self, value: float) -> float:
        """Return d miss / d value."""
        if self.is_ratio:
            return 1.0 / max(value, TINY)
        return 1.0 / max(abs(self.wanted), LEAST_GROWTH)

    def moved(self, miss: float) -> "Goal":
        """Return the wish for theory where simulation misses theory by so much."""
        if self.is_ratio:
            return replace(self, wanted=self.wanted * float(np.exp(-miss)))
        return replace(self, wanted=self.wanted - miss * max(abs(self.wanted), LEAST_GROWTH))

    def words(self) -> str:
        """Return what is wanted, without the value."""
        return {
            "rate": f"rate of {self.population} (Hz)",
            "cv": f"CV of {self.population}",
            "frequency": "frequency of the mode (Hz)",
            "growth": "growth rate of the mode (1/s)",
            "rate_peak": "peak of the rate (Hz)",
            "lfp_peak": "peak of the LFP (Hz)",
        }[self.kind]


def goals_of(target: TargetParams, names: tuple[str, ...]) -> tuple[Goal, ...]:
    """Return the wishes of a `target:` block, for the populations `names`.

    Raises
    ------
    ParameterError
        A population does not exist, or nothing is wanted.
    """
    unknown = [name for name in target.populations if name not in names]
    if unknown:
        msg = f"target.populations: no {', '.join(unknown)}; there are: {', '.join(names)}"
        raise ParameterError(msg)
    found = []
    for name, each in target.populations.items():
        for kind, wanted in (("rate", each.rate), ("cv", each.cv)):
            if wanted is not None:
                found.append(Goal(kind=kind, population=name, wanted=wanted, weight=each.weight))
    mode = target.mode
    if mode is not None:
        for kind, wanted in (("frequency", mode.frequency), ("growth", mode.growth)):
            if wanted is not None:
                found.append(Goal(kind=kind, wanted=wanted, weight=mode.weight))
    for kind, wanted in (("rate_peak", target.rate_peak), ("lfp_peak", target.lfp_peak)):
        if wanted is not None:
            found.append(Goal(kind=kind, wanted=wanted))
    if not found and (mode is None or mode.wave_number is None):
        msg = "target: nothing is wanted; name rates, CVs, a mode or a peak"
        raise ParameterError(msg)
    return tuple(found)


@dataclass(frozen=True, eq=False)
class Theory:
    """What theory says of a case, with derivatives by the logarithms of some of its keys.

    Where the file leaves drives to theory (`wanted_rate_Hz`), the rates are what is held: the
    drives follow the keys.

    Parameters
    ----------
    case : NetworkCase
        The network.
    point : WorkingPoint
        Its working point, in closed form.
    keys : tuple of str
        Dotted keys.
    """

    case: NetworkCase
    point: WorkingPoint
    keys: tuple[str, ...]

    @cached_property
    def moved(self) -> Elasticities:
        """Derivatives by the keys."""
        of_file = Elasticities(self.case.network, self.point, keys(self.case, self.keys))
        return self._with_drives(of_file.tangents) if self.case.wanted else of_file

    def _with_drives(self, of_keys: Tangents) -> Elasticities:
        """Let the drives that theory found follow each key, so that the wanted rates stay."""
        network, n = self.case.network, len(of_keys)
        of_drives = elements(network)
        found = [f"rate_ext({name}, {slot})" for name, slot in self.case.wanted]
        of_drives = of_drives[np.array([of_drives.names.index(name) for name in found])]
        rows = np.array([network.names.index(name) for name, _ in self.case.wanted])
        both = Elasticities(network, self.point, joined(of_keys, of_drives))
        follow = both.following(np.arange(n, n + len(rows)), rows)[:n]
        arrays = {
            name: array + np.tensordot(follow, of_drives.arrays[name], axes=1)
            for name, array in of_keys.arrays.items()
        }
        return Elasticities(network, self.point, replace(of_keys, arrays=arrays))

    def value(self, goal: Goal, mode: ModeSlopes | None) -> tuple[float, FloatArray]:
        """Return what theory has where something is wanted, and d / d ln key.

        Parameters
        ----------
        goal : Goal
            The wish.
        mode : ModeSlopes, optional
            The mode that wishes for modes are about.
        """
        if goal.kind in {"rate", "cv"}:
            at = self.case.network.names.index(goal.population)
            if goal.kind == "rate":
                return float(self.point.nu[at]), self.moved.rates[:, at]
            return float(self.moved.cv_value[at]), self.moved.cv[:, at]
        if goal.kind in {"rate_peak", "lfp_peak"}:
            return self._peak(goal.kind)
        if mode is None:
            msg = "no mode of the network is known"
            raise ParameterError(msg)
        if goal.kind == "frequency":
            return abs(mode.lam.imag) / (2.0 * np.pi), mode.frequency
        return mode.lam.real, mode.growth

    def fluctuations(self) -> tuple[FloatArray, FloatArray]:
        """Return the predicted SD of each rate over its mean, shot noise apart, and d / d ln key.

        Shapes are (n_pops,) and (n_pops, n_keys).
        """
        network, nu = self.case.network, self.point.nu
        C = population_spectra(network, self.point, SEEN, variance=network.is_delta, check=False)
        power = np.einsum("faa->fa", C).real - nu / network.sizes
        by = self.moved.spectra(SEEN, np.eye(len(nu))) - (self.moved.rates / network.sizes)[:, None]
        by = np.where(power > 0.0, by, 0.0)
        variance = 2.0 * np.trapezoid(np.maximum(power, 0.0), SEEN, axis=0) + QUIET * nu**2
        slope = 2.0 * np.trapezoid(by, SEEN, axis=1) + 2.0 * QUIET * nu * self.moved.rates
        spread = np.sqrt(variance) / nu
        return spread, (spread * (0.5 * slope / variance - self.moved.rates / nu)).T

    def _peak(self, kind: str) -> tuple[float, FloatArray]:
        """Return the frequency of the highest peak and how it moves, by a parabola through it."""
        highest = self.case.study.analysis.max_frequency
        f = np.arange(GRID, highest, GRID)
        power = self._power(kind, self.case.network, self.point, f)
        inner = np.flatnonzero((power[1:-1] > power[:-2]) & (power[1:-1] > power[2:])) + 1
        if not inner.size:
            msg = f"the predicted spectrum has no peak up to {highest:g} Hz"
            raise ParameterError(msg)
        middle = float(f[inner[np.argmax(power[inner])]])
        for _ in range(8):  # steps of the parabola; it converges in three
            middle = self._vertex(kind, self.case.network, self.point, middle)
        by = np.empty(len(self.keys))
        for row in range(len(by)):
            sides = [
                self._vertex(kind, *self._beside(row, sign * STEP), middle) for sign in (1.0, -1.0)
            ]
            by[row] = (sides[0] - sides[1]) / (2.0 * STEP)
        # the peak solves p = vertex(p, keys): its own shift moves the vertex a little, too
        own = self.case.network, self.point
        ahead, behind = (self._vertex(kind, *own, middle + h) for h in (0.01, -0.01))
        return middle, by / (1.0 - (ahead - behind) / 0.02)

    def _beside(self, row: int, h: float) -> tuple[PopulationNetwork, WorkingPoint]:
        """Return network and working point with one key larger, to first order."""
        network = along(self.case.network, self.moved.tangents, row, h)
        nu = self.point.nu + h * self.moved.rates[row]
        sigma, mu = input_std(network, nu), mean_input(network, nu)
        return network, replace(self.point, nu=nu, mu=mu, sigma=sigma)

    def _vertex(
        self, kind: str, network: PopulationNetwork, point: WorkingPoint, middle: float
    ) -> float:
        f = middle + STENCIL * np.array([-1.0, 0.0, 1.0])
        low, centre, high = np.log(self._power(kind, network, point, f))
        step = 0.5 * STENCIL * (low - high) / (low - 2.0 * centre + high)
        return middle + float(np.clip(step, -GRID, GRID))

    def _power(
        self, kind: str, network: PopulationNetwork, point: WorkingPoint, f: FloatArray
    ) -> FloatArray:
        C = population_spectra(network, point, f, variance=network.is_delta, check=False)
        if kind == "rate_peak":
            return pooled_spectrum(C, network.sizes)
        lfp = self.case.study.lfp
        if lfp is None:
            msg = "target.lfp_peak_Hz needs an `lfp:` block"
            raise ParameterError(msg)
        targets = next(iter(lfp.signals().values()))
        return rws_spectrum(
            C, network, f, targets=targets, synapses=lfp.synapses, weighting=lfp.weighting
        )
