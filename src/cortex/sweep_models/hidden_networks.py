"""Networks with hidden parameters, whose activity is wanted: drawn, and told by theory."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from cortex.errors import CortexError, ParameterError
from cortex.meanfield.patterns.ring_patterns import spiking_dispersion
from cortex.meanfield.stability.eigenvalues import leading_eigenvalues
from cortex.meanfield.stationary.fixed_points import all_fixed_points
from cortex.meanfield.stationary.working_point import WorkingPoint, solve_working_point
from cortex.networks.case import NetworkCase, case_of
from cortex.rng import stream
from cortex.typing import FloatArray

CELL: Final = {"tau_ref_ms": 2.0, "V_th_mV": 15.0, "V_reset_mV": 0.0}
RING: Final = 3
"""Kinds of numbers of populations, from 2 on, of which every second network is a ring."""
PLACES: Final = 40
"""Places of a ring at which rates are measured: sizes are multiples of it."""
MOST_WAVES: Final = 10
"""Largest wave number at which modes are sought, cycles per ring."""
JOINED: Final = 0.8
"""Probability that a population sends to another one; the first two of each kind always do."""
QUALITY: Final = 1.0
"""Angular frequency over twice the damping from which on a mode makes a peak, and is wanted."""
SLOWEST: Final = 2.0  # Hz; slower modes count as no rhythm
FASTEST: Final = 400.0  # Hz; faster ones are not sought
BORDER: Final = -60.0
"""Growth rate, 1/s, right of which modes are sought: what decays faster counts as none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hidden:
    """A stable network whose activity is wanted.

    Attributes
    ----------
    block : dict
        Keys of the network, without drives.
    keys : dict of str to float
        Those that design has to find again: rates of the drives, and a factor on inhibition and
        one on excitation.
    nu : ndarray of shape (n_pops,)
        Rates at its working point, Hz.
    lam : complex
        Its leading mode, 1/s.
    wave : int or None
        Cycles per ring of that mode; None without a ring. It is wanted where the mode makes a peak.
    unstable, undriven : int
        Vectors drawn before it: whose state is not the only stable one, and whose rates no
        excitatory drive makes.
    """

    block: dict[str, Any]
    keys: dict[str, float]
    nu: FloatArray
    lam: complex
    wave: int | None
    unstable: int
    undriven: int

    @property
    def rhythm(self) -> float | None:
        """Frequency of the leading mode, Hz, where it makes a peak."""
        f = abs(self.lam.imag) / (2.0 * np.pi)
        return f if f > SLOWEST and abs(self.lam.imag) > -2.0 * QUALITY * self.lam.real else None

    def driven(self, keys: dict[str, float]) -> dict[str, Any]:
        """Return the keys of the network with the rates of its drives and its factors."""
        names = list(self.block["populations"])
        drive = {f"to_{name}": _drive(name, keys[f"drive.to_{name}.rate_Hz"]) for name in names}
        factors = {
            name: keys.get(f"factors.{name}", value)
            for name, value in self.block["factors"].items()
        }
        return {**self.block, "drive": drive, "factors": factors}

    def target(self, beyond: float, rounds: int) -> dict[str, Any]:
        """Return rates, rhythm and wave as the keys of a `target:` block."""
        names = list(self.block["populations"])
        rates = dict(zip(names, self.nu.tolist(), strict=True))
        rates[names[0]] *= beyond
        wanted = {"populations": {name: {"rate_Hz": rate} for name, rate in rates.items()}}
        if self.rhythm is None:
            return {**wanted, "rounds": rounds}
        mode = {"frequency_Hz": self.rhythm}
        if self.wave is not None:
            mode |= {"wave_number": self.wave, "growth_per_s": self.lam.real}
        return {**wanted, "rounds": rounds, "mode": mode}


def drawn(number: int, seed: int, duration: float, *, larger: int = 1) -> Hidden:
    """Return the first stable network of the stream of a number.

    Parameters
    ----------
    number : int
        It has 2 + number mod 7 populations; every second one of 2 to 4 lies on a ring.
    seed : int
        Of the streams.
    duration : float
        Recording of its simulations, s.
    larger : int
        Factor on the sizes of its populations; nothing that theory tells of it depends on them.
    """
    rng = stream(seed, "hidden network", number)
    ring = number % 7 < RING and number // 7 % 2 == 1
    unstable = undriven = 0
    while True:
        block, rates = _vector(rng, 2 + number % 7, duration, ring=ring)
        wishes = {f"to_{a}": _drive(a, nu, "wanted_rate_Hz") for a, nu in rates.items()}
        try:
            case = case_of("hidden", {**block, "drive": wishes})
        except ParameterError:
            undriven += 1
            continue
        point = solve_working_point(
            case.network, method="shift", nu_start=np.array(list(rates.values()))
        )
        lam, wave = _leading(case, point)
        if lam.real >= 0.0 or all_fixed_points(case.network, method="shift").is_stable.sum() > 1:
            unstable += 1
            continue
        drives = zip(rates, case.network.drive.rate[:, 0].tolist(), strict=True)
        keys = {f"drive.to_{name}.rate_Hz": rate for name, rate in drives}
        cells = block["populations"].items()
        enlarged = {name: each | {"size": each["size"] * larger} for name, each in cells}
        return Hidden(
            block=block | {"populations": enlarged},
            keys=keys | {"factors.g": 1.0, "factors.e": 1.0},
            nu=point.nu,
            lam=lam,
            wave=wave,
            unstable=unstable,
            undriven=undriven,
        )


def _drive(name: str, rate: float, key: str = "rate_Hz") -> dict[str, Any]:
    return {"target": name, key: rate, "J_mV": 0.2, "receptor": "psc"}


def _vector(
    rng: np.random.Generator, n: int, duration: float, *, ring: bool
) -> tuple[dict[str, Any], dict[str, float]]:
    """Return a network without drives, and rates, Hz; all numbers are drawn."""

    def between(low: float, high: float) -> float:
        return float(np.exp(rng.uniform(np.log(low), np.log(high))))

    n_exc = n // 2
    exciting = [f"E{i}" for i in range(n_exc)]
    names = exciting + [f"I{i}" for i in range(n - n_exc)]
    populations, projections = {}, {}
    for name in names:
        is_exc = name in exciting
        wanted = between(800.0, 1600.0) if is_exc else between(240.0, 480.0)
        size = PLACES * round(wanted / PLACES)
        populations[name] = {"size": size, "tau_m_ms": between(10.0, 20.0), **CELL}
        joined = [
            other for other in names if rng.random() < JOINED or {name, other} <= {"E0", "I0"}
        ]
        projections[f"from_{name}"] = {
            "source": name,
            "target": joined,
            "in_degree": float(round(between(80.0, 240.0) if is_exc else between(40.0, 120.0))),
            "J_mV": between(0.05, 0.15) if is_exc else -between(0.2, 0.6),
            "delay_ms": round(between(0.8, 3.0), 1),
            "receptor": "psc",
            "times": ["e" if is_exc else "g"],
            **({"profile": "boxcar", "width_mm": between(0.1, 0.4)} if ring else {}),
        }
    block = {
        "populations": populations,
        "receptors": {"psc": {"tau_s_ms": 0.5}},
        "projections": projections,
        "factors": {"e": 1.0, "g": 1.0},
        "theory": {"max_wave_number": MOST_WAVES},
        "simulation": {
            "dt_ms": 0.1, "warm_up_s": 0.5, "duration_s": duration, "precision": "float32",
        },
        "analysis": {
            "rate_bin_ms": 1.0, "segment_ms": 1000.0, "n_space": PLACES, "wave_segment_ms": 500.0,
        },
        "seeds": 1,
        **({"space": {"extent_mm": [1.0]}} if ring else {}),
    }  # fmt: skip
    return block, {name: between(2.0, 15.0) for name in names}


def _leading(case: NetworkCase, point: WorkingPoint) -> tuple[complex, int | None]:
    """Return the mode that is damped least, and its wave number; none where all decay fast."""
    space, number = case.network.space, np.arange(MOST_WAVES + 1)
    found: list[tuple[complex, int | None]] = [(complex(BORDER), None)]
    with suppress(CortexError):  # modes of single neurons stop searches far to the left
        if space is None:
            roots = leading_eigenvalues(
                case.network, point, real_low=BORDER, max_frequency=FASTEST, variance=False
            )
            return max([*found, *((complex(lam), None) for lam in roots.lam[:1])], key=_growth)
        k = 2.0 * np.pi * number.astype(np.float64) / float(space.extent[0])
        each_wave = spiking_dispersion(
            case.network, point, k, real_low=BORDER, max_frequency=FASTEST, variance=False
        )
        for i, roots in zip(number, each_wave, strict=True):
            found += [(complex(lam), int(i)) for lam in roots.lam[:1]]
    return max(found, key=_growth)


def _growth(mode: tuple[complex, int | None]) -> float:
    return mode[0].real
