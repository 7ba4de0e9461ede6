"""Ring of Senk et al. (2020): growth rates of both models, their onsets, the way between them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypedDict

import numpy as np
from scipy.optimize import brentq

from cortex.meanfield.patterns.interpolation import follow_by_integration, follow_by_solving
from cortex.meanfield.patterns.onset import onset_line, rate_family, spiking_family
from cortex.meanfield.patterns.ring_patterns import (
    RateApproximation,
    most_unstable,
    rate_approximation,
    rate_characteristic_at,
    rate_dispersion,
    ring_of,
)
from cortex.meanfield.response.connectivity_matrix import spiking_characteristic
from cortex.meanfield.stability.continuation import Curve
from cortex.meanfield.stability.eigenvalues import count_growing_modes
from cortex.meanfield.stability.roots import newton_roots
from cortex.meanfield.stationary.external_drive import Held, hold_input
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.params.description.states import part_of
from cortex.params.description.study import split
from cortex.params.network import PopulationNetwork
from cortex.params.senk import SenkParams
from cortex.typing import ComplexArray, FloatArray


class Limits(TypedDict):
    """Where the onset line is followed."""

    g_limits: tuple[float, float]
    delay_limits: tuple[float, float]


BRANCHES = np.arange(-3, 3)
LEADING = 3  # the branch 0 among them
WAVE_NUMBERS = np.arange(1e3, 99.5e3 + 1.0, 500.0)
CYCLES = np.arange(1, 8)  # on a ring of 1 mm
EXAMPLE_FIT = np.arange(1.0, 200.0)  # of the published example, which ends at 199 Hz
WHOLE_FIT = np.arange(1.0, 201.0)  # of the independent numbers: 1 to 200 Hz
ALPHAS = np.linspace(0.0, 1.0, 5)
LOW_MEAN, NOISES = 6.0, (6.0, 8.0, 10.0, 12.0)  # mV
NARROW: Limits = {"g_limits": (4.0, 4.8), "delay_limits": (1.499e-3, 1.501e-3)}
ONSET_RATE = np.array([4.54, 1.5e-3, 19.3e3, 206.8])
ONSET_SPIKING = np.array([4.12, 1.5e-3, 19.0e3, 196.0])


def measure(config: Mapping[str, Any], _tables: Mapping[str, Any]) -> dict[str, float]:
    """Return growth rates (1/s), frequencies (Hz) and wave numbers (1/mm) of the ring."""
    model = SenkParams.from_config(split(part_of(config["networks.senk_ring"], "g6", ()))[1])
    got = {"senk.J": model.J * 1e3}
    for g in (5.0, 6.0):
        held = _held(model.at(g))
        got |= _measure_example(f"senk.g{g:g}", held)
        got |= _measure_cycles(f"senk.g{g:g}", held)
    rate = _approximate(_held(model.at(6.0)), WHOLE_FIT)
    lam = rate_dispersion(rate, ring_of(model.network()), np.array([18.5e3]), BRANCHES)[LEADING, 0]
    got |= {
        "senk.g6.whole_fit.rate_growth": float(lam.real),
        "senk.g6.whole_fit.rate_omega": float(lam.imag),
    }
    return {
        **got,
        **_measure_blend_of_whole_fit(_held(model.at(5.0))),
        **_measure_onsets(model),
        **_measure_delays(_held(model.at(5.0))),
        **_measure_low_mean(model.at(5.0)),
    }


def _held(model: SenkParams, mean: float = 10.0, noise: float = 10.0) -> Held:
    return hold_input(model.network(), mean * 1e-3, noise * 1e-3)


def _approximate(held: Held, frequencies: FloatArray) -> RateApproximation:
    return rate_approximation(held.network, held.point, frequencies)


def _measure_example(name: str, held: Held) -> dict[str, float]:
    """Return both models at the fastest-growing wave number of the grid of the example."""
    rate = _approximate(held, EXAMPLE_FIT)
    lam = rate_dispersion(rate, ring_of(held.network), WAVE_NUMBERS, BRANCHES)
    best = most_unstable(lam)[1]
    k, start = float(WAVE_NUMBERS[best]), lam[:, best]
    at_rate = rate_characteristic_at(rate, ring_of(held.network), k)
    spiking = spiking_characteristic(held.network, held.point, variance=False, wave_number=k)
    solved = follow_by_solving(at_rate, spiking, start, ALPHAS)
    integrated = follow_by_integration(at_rate, spiking, start, ALPHAS)
    got = {
        f"{name}.wave_number": k / 1e3,
        **_growth_and_frequency(f"{name}.rate", start[LEADING]),
        **_growth_and_frequency(f"{name}.spiking", solved[-1, LEADING]),
        f"{name}.integral_minus_solution": float(np.max(np.abs(integrated / solved - 1.0))),
    }
    for branch in (1, 2) if name == "senk.g5" else ():
        got[f"{name}.rate_growth.branch{branch}"] = float(start[LEADING + branch].real)
        got[f"{name}.rate_omega.branch{branch}"] = float(start[LEADING + branch].imag)
    return got


def _growth_and_frequency(name: str, lam: complex) -> dict[str, float]:
    return {
        f"{name}_growth": float(lam.real),
        f"{name}_omega": float(lam.imag),
        f"{name}_frequency": float(lam.imag) / (2.0 * np.pi),
    }


def _measure_cycles(name: str, held: Held) -> dict[str, float]:
    """Return how many, and which, whole numbers of waves grow on a ring of 1 mm."""
    rate = _approximate(held, EXAMPLE_FIT)
    k = np.asarray(2e3 * np.pi * CYCLES, dtype=np.float64)
    lam = rate_dispersion(rate, ring_of(held.network), k, BRANCHES)
    unstable = CYCLES[np.max(lam.real, axis=0) > 0.0]
    return {
        f"{name}.unstable_cycles": float(unstable.size),
        f"{name}.fewest_unstable_cycles": float(unstable[0]),
        f"{name}.most_unstable_cycles": float(unstable[-1]),
    }


def _measure_blend_of_whole_fit(held: Held) -> dict[str, float]:
    """Return growth and frequency at k = 19.0/mm along the blend."""
    rate, ring, k = _approximate(held, WHOLE_FIT), ring_of(held.network), 19e3
    at_rate = rate_characteristic_at(rate, ring, k)
    spiking = spiking_characteristic(held.network, held.point, variance=False, wave_number=k)
    start = rate_dispersion(rate, ring, np.array([k]), np.array([0]))[:, 0]
    got = {}
    solved: ComplexArray = follow_by_solving(at_rate, spiking, start, ALPHAS)[:, 0]
    for alpha, lam in zip(ALPHAS, solved, strict=True):
        got[f"senk.g5.blend_growth.a{alpha:g}"] = float(lam.real)
        got[f"senk.g5.blend_frequency.a{alpha:g}"] = float(lam.imag / (2.0 * np.pi))
    return got


def _measure_onsets(model: SenkParams) -> dict[str, float]:
    """Return the onsets in g: rate model at its first wave, spiking model at 19/mm and anywhere."""
    rate = _approximate(_held(model.at(5.0)), WHOLE_FIT)

    def network_at(g: float, delay: float) -> PopulationNetwork:
        return replace(model, g=g, delay=delay).network()

    def ring_at(g: float, delay: float) -> tuple[PopulationNetwork, WorkingPoint]:
        held = _held(replace(model, g=g, delay=delay))
        return held.network, held.point

    def growth(g: float) -> float:
        at = spiking_characteristic(*ring_at(g, 1.5e-3), variance=False, wave_number=19e3)
        return float(newton_roots(at, np.array([1232.0j])).lam[0].real)

    g_rate, k_rate, f_rate = _at_delay(
        onset_line(rate_family(rate, network_at), ONSET_RATE, **NARROW)
    )
    g_first, k_first, f_first = _at_delay(
        onset_line(spiking_family(ring_at, variance=False), ONSET_SPIKING, **NARROW)
    )
    return {
        "senk.rate_onset_g": g_rate,
        "senk.rate_onset_wave_number": k_rate / 1e3,
        "senk.rate_onset_frequency": f_rate,
        "senk.spiking_onset_g.k19": float(brentq(growth, 4.0, 4.3, xtol=1e-10)),
        "senk.spiking_onset_frequency": f_first,
        "senk.spiking_onset_g.first": g_first,
        "senk.spiking_onset_wave_number": k_first / 1e3,
    }


def _at_delay(curve: Curve) -> tuple[float, float, float]:
    """Return (g, wave number, frequency) of the point at the delay of 1.5 ms."""
    g, _, k, f = curve.points[np.argmin(np.abs(curve.points[:, 1] - 1.5e-3))]
    return float(g), float(k), float(f)


def _measure_delays(held: Held) -> dict[str, float]:
    """Return growth and frequency of the fastest wave of the rate model over the delay."""
    got = {}
    rate, ring = _approximate(held, WHOLE_FIT), ring_of(held.network)
    k = np.arange(10e3, 30e3, 10.0)
    for delay in (0.5e-3, 1.0e-3, 1.5e-3, 2.0e-3, 3.0e-3):
        lam = rate_dispersion(replace(rate, delay=delay), ring, k, BRANCHES)
        branch, best = most_unstable(lam)
        name = f"d{delay * 1e3:g}"
        got[f"senk.delay_growth.{name}"] = float(lam[branch, best].real)
        if delay >= 1.5e-3:
            got[f"senk.delay_frequency.{name}"] = float(abs(lam[branch, best].imag)) / (2 * np.pi)
            got[f"senk.delay_wave_number.{name}"] = float(k[best]) / 1e3
    for n in (2, 4):
        lam = rate_dispersion(rate, ring, np.array([2e3 * np.pi * n]), BRANCHES)
        got[f"senk.g5.cycle_growth.n{n}"] = float(np.max(lam.real))
    return got


def _measure_low_mean(model: SenkParams) -> dict[str, float]:
    """Return the largest growth rate of the rate model, and the growing modes of the spiking one.

    At a held input the growth rate depends on the wave number through the coupling alone, so
    that the spiking model need only be asked where the rate model grows fastest.
    """
    got, k = {}, np.append(0.0, WAVE_NUMBERS)
    for noise in NOISES:
        held = _held(model, LOW_MEAN, noise)
        lam = rate_dispersion(
            _approximate(held, WHOLE_FIT), ring_of(held.network), k, np.array([0, -1])
        )
        branch, best = most_unstable(lam)
        name = f"{LOW_MEAN:g}_{noise:g}"
        got[f"senk.g5.largest_growth.{name}"] = float(lam[branch, best].real)
        growing = count_growing_modes(
            held.network, held.point, variance=False, wave_number=float(k[best])
        )
        got[f"senk.g5.growing_modes.{name}"] = float(growing)
    return got
