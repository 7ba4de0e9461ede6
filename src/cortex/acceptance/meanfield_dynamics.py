"""Network dynamics and stability of the LIF theory: modes, onsets, spectra, patterns."""

from dataclasses import replace
from typing import TypedDict

import numpy as np
from scipy.optimize import brentq

from cortex.meanfield.bifurcations import Family, Window, fold_line, hopf_point
from cortex.meanfield.connectivity_matrix import effective_connectivity, spiking_characteristic
from cortex.meanfield.continuation import Curve
from cortex.meanfield.delay_rings import ring_onsets
from cortex.meanfield.external_drive import external_rates
from cortex.meanfield.interpolation import follow_by_integration, follow_by_solving
from cortex.meanfield.modes import sensitivities
from cortex.meanfield.response_fit import rate_weights
from cortex.meanfield.ring_patterns import (
    RateApproximation,
    most_unstable,
    onset_line,
    rate_approximation,
    rate_characteristic_at,
    rate_dispersion,
    ring_of,
    spiking_family,
)
from cortex.meanfield.roots import MatrixFunction, newton_roots
from cortex.meanfield.spectra import (
    binned_rate_variance,
    cross_spectra,
    pooled_spectrum,
    power_spectra,
)
from cortex.meanfield.stability import leading_eigenvalues
from cortex.meanfield.working_point import WorkingPoint, solve_working_point
from cortex.params.brunel import BrunelParams
from cortex.params.microcircuit import MicrocircuitParams
from cortex.params.network import PopulationNetwork
from cortex.params.senk import SenkParams
from cortex.typing import ComplexArray


class Limits(TypedDict):
    """Where the onset line is followed."""

    g_limits: tuple[float, float]
    delay_limits: tuple[float, float]


STATES = {"B": (6.0, 4.0), "C": (5.0, 2.0), "D": (4.5, 0.9), "g8_x2": (8.0, 2.0)}
HOPF_AT_RATIO = {4.0: (5.34, 75.0, 184.0), 3.0: (6.36, 35.0, 173.0)}
HOPF_AT_G = {6.0: (3.25, 43.0, 176.0), 4.5: (0.912, 7.0, 32.0), 5.0: (0.893, 3.4, 28.0)}
BRANCHES = np.arange(-3, 3)
WAVE_NUMBERS = np.arange(1e3, 99.5e3 + 1.0, 500.0)
FIT_FREQUENCIES = np.arange(1.0, 200.0)  # of the published example, which ends at 199 Hz
WHOLE_FIT_FREQUENCIES = np.arange(1.0, 201.0)  # of the independent numbers: 1 to 200 Hz
NARROW: Limits = {"g_limits": (4.0, 4.8), "delay_limits": (1.499e-3, 1.501e-3)}
ONSET_RATE = np.array([4.54, 1.5e-3, 19.3e3, 206.8])
ONSET_SPIKING = np.array([4.12, 1.5e-3, 19.0e3, 196.0])
MODES = {"63Hz": 63.0, "284Hz": 284.5, "268Hz": 268.0, "263Hz": 263.3, "237Hz": 237.1}


def measure_brunel_modes(model: BrunelParams) -> dict[str, float]:
    """Return leading eigenvalues of Brunel states: growth (1/s) and frequency (Hz)."""
    got = {}
    for name, (g, ratio) in STATES.items():
        network = model.at(g, ratio).network()
        lam = leading_eigenvalues(network, solve_working_point(network)).lam[0]
        got[f"brunel.mode_growth.{name}"] = float(lam.real)
        got[f"brunel.mode_frequency.{name}"] = float(lam.imag / (2.0 * np.pi))
    return got


def measure_brunel_lines(model: BrunelParams) -> dict[str, float]:
    """Return points of the onset lines and of the fold line in the (g, ratio) plane."""

    def family(g: float, ratio: float) -> PopulationNetwork:
        return model.at(g, ratio).network()

    got = {}
    for ratio, (g, nu, f) in HOPF_AT_RATIO.items():
        at = hopf_point(family, parameters=(g, ratio), nu=np.full(2, nu), frequency=f, pinned=1)
        got[f"brunel.hopf_g.x{ratio:g}"] = float(at.parameters[0, 0])
        got[f"brunel.hopf_frequency.x{ratio:g}"] = float(at.frequency[0])
    for g, (ratio, nu, f) in HOPF_AT_G.items():
        at = hopf_point(family, parameters=(g, ratio), nu=np.full(2, nu), frequency=f, pinned=0)
        got[f"brunel.hopf_ratio.g{g:g}"] = float(at.parameters[0, 1])
        got[f"brunel.hopf_frequency.g{g:g}"] = float(at.frequency[0])
    return got | _measure_folds(family)


def _measure_folds(family: Family) -> dict[str, float]:
    window = Window(first=(3.0, 4.5), second=(0.45, 1.0))
    line = fold_line(
        family, window, parameters=(3.0, 0.836), nu=np.full(2, 0.34), pinned=0, max_step=0.1
    )
    g, ratio = line.parameters.T
    low = np.argmax(g)  # the cusp parts the fold of the low state from that of the high one
    side = slice(low, None) if ratio[-1] < ratio[0] else slice(None, low + 1)
    order = np.argsort(ratio[side])
    got = {
        f"brunel.fold_g.x{x:g}": float(np.interp(x, ratio[side][order], g[side][order]))
        for x in (0.5, 0.7, 0.8)
    }
    other = slice(None, low + 1) if side.start is not None else slice(low, None)
    order = np.argsort(g[other])
    return got | {
        f"brunel.fold_ratio.g{x:g}": float(np.interp(x, g[other][order], ratio[other][order]))
        for x in (3.0, 3.5)
    }


def measure_brunel_spectrum(model: BrunelParams) -> dict[str, float]:
    """Return peak, level over shot noise and binned fluctuation of the AI state C.

    The level is taken at 122 Hz, where it was printed, and the fluctuation from frequencies
    below 1/delay, without the resonance at 710 Hz (see the reasons in the table).
    """
    network = model.at(*STATES["C"]).network()
    point = solve_working_point(network)
    f = np.arange(0.5, 4000.0, 0.5)
    M = effective_connectivity(network, point, f)
    pooled = pooled_spectrum(cross_spectra(M, point.nu, network.sizes), network.sizes)
    shot = float(point.nu[0] / np.sum(network.sizes))
    low = f < 400.0
    gain = np.abs(1.0 - np.sum(M[low, 0], axis=-1)) ** -2
    band = f < 1.0 / model.delay
    variance = binned_rate_variance(f[band], pooled[band], shot, 0.5e-3)
    return {
        "brunel.spectrum_peak.C": float(f[np.argmax(pooled)]),
        "brunel.spectrum_over_shot_noise.C": float(pooled[f == 122.0][0]) / shot,
        "brunel.rate_std_ratio.C": float(np.sqrt(variance) / point.nu[0]),
        "brunel.one_population_peak.C": float(f[low][np.argmax(gain)]),
        "brunel.one_population_gain.C": float(np.max(gain)),
    }


def _driven(model: SenkParams) -> tuple[PopulationNetwork, WorkingPoint]:
    driven = external_rates(model.network(), 0.01, 0.01)
    return driven.network, solve_working_point(driven.network, nu_start=driven.nu)


def measure_senk(model: SenkParams) -> dict[str, float]:
    """Return growth rates (1/s) and frequencies (Hz) of the ring at g = 5 and 6."""
    got = {}
    for g in (5.0, 6.0):
        network, point = _driven(model.at(g))
        rate = rate_approximation(network, point, FIT_FREQUENCIES)
        lam = rate_dispersion(rate, ring_of(network), WAVE_NUMBERS, BRANCHES)
        best = most_unstable(lam)[1]
        k = float(WAVE_NUMBERS[best])
        name = f"senk.g{g:g}"
        got[f"{name}.wave_number"] = k / 1e3
        got[f"{name}.rate_growth"] = float(lam[3, best].real)
        got[f"{name}.rate_omega"] = float(lam[3, best].imag)
        for branch in (1, 2) if g == 5.0 else ():
            got[f"{name}.rate_growth.branch{branch}"] = float(lam[3 + branch, best].real)
            got[f"{name}.rate_omega.branch{branch}"] = float(lam[3 + branch, best].imag)
        got |= _measure_blend(name, (network, point), rate, k, lam[:, best])
        cycles = 2e3 * np.pi * np.arange(1.0, 8.0)
        unstable = rate_dispersion(rate, ring_of(network), cycles, BRANCHES)
        got[f"{name}.unstable_cycles"] = float(np.sum(np.max(unstable.real, axis=0) > 0.0))
    return got | _measure_onsets(model) | _measure_delays(model)


def _measure_blend(
    name: str,
    ring: tuple[PopulationNetwork, WorkingPoint],
    rate: RateApproximation,
    k: float,
    start: ComplexArray,
) -> dict[str, float]:
    at = rate_characteristic_at(rate, ring_of(ring[0]), k)
    spiking = spiking_characteristic(*ring, variance=False, wave_number=k)
    alphas = np.linspace(0.0, 1.0, 5)
    solved = follow_by_solving(at, spiking, start, alphas)
    integrated = follow_by_integration(at, spiking, start, alphas)
    return {
        f"{name}.spiking_growth": float(solved[-1, 3].real),
        f"{name}.spiking_omega": float(solved[-1, 3].imag),
        f"{name}.integral_minus_solution": float(np.max(np.abs(integrated / solved - 1.0))),
    }


def _measure_blend_of_whole_fit(
    ring: tuple[PopulationNetwork, WorkingPoint], rate: RateApproximation
) -> dict[str, float]:
    """Return growth and frequency at k = 19.0/mm along the blend, g = 5."""
    k, alphas = 19e3, np.linspace(0.0, 1.0, 5)
    at = rate_characteristic_at(rate, ring_of(ring[0]), k)
    spiking = spiking_characteristic(*ring, variance=False, wave_number=k)
    start = rate_dispersion(rate, ring_of(ring[0]), np.array([k]), np.array([0]))[:, 0]
    got = {}
    for alpha, (lam,) in zip(alphas, follow_by_solving(at, spiking, start, alphas), strict=True):
        got[f"senk.g5.blend_growth.a{alpha:g}"] = float(lam.real)
        got[f"senk.g5.blend_frequency.a{alpha:g}"] = float(lam.imag / (2.0 * np.pi))
    return got


def _measure_onsets(model: SenkParams) -> dict[str, float]:
    """Return the onsets in g: rate model at its first wave, spiking model at 19/mm and anywhere."""
    network, point = _driven(model.at(5.0))
    rate = rate_approximation(network, point, WHOLE_FIT_FREQUENCIES)

    def rate_family(g: float, delay: float, k: float) -> MatrixFunction:
        W = rate_weights(model.at(g).network(), rate.h0)
        return rate_characteristic_at(replace(rate, W=W, delay=delay), ring_of(network), k)

    def ring_at(g: float, delay: float) -> tuple[PopulationNetwork, WorkingPoint]:
        return _driven(replace(model, g=g, delay=delay))

    def growth(g: float) -> float:
        at = spiking_characteristic(*_driven(model.at(g)), variance=False, wave_number=19e3)
        return float(newton_roots(at, np.array([1232.0j])).lam[0].real)

    family = spiking_family(ring_at, variance=False)
    g_rate, k_rate, f_rate = _at_delay(onset_line(rate_family, ONSET_RATE, **NARROW))
    g_first, k_first, f_first = _at_delay(onset_line(family, ONSET_SPIKING, **NARROW))
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


def _measure_delays(model: SenkParams) -> dict[str, float]:
    """Return growth and frequency of the fastest wave of the rate model over the delay, g = 5."""
    got = {}
    network, point = _driven(model.at(5.0))
    rate = rate_approximation(network, point, WHOLE_FIT_FREQUENCIES)
    k = np.arange(10e3, 30e3, 10.0)
    for delay in (0.5e-3, 1.0e-3, 1.5e-3, 2.0e-3, 3.0e-3):
        lam = rate_dispersion(replace(rate, delay=delay), ring_of(network), k, BRANCHES)
        branch, best = most_unstable(lam)
        name = f"d{delay * 1e3:g}"
        got[f"senk.delay_growth.{name}"] = float(lam[branch, best].real)
        if delay >= 1.5e-3:
            got[f"senk.delay_frequency.{name}"] = float(abs(lam[branch, best].imag)) / (2 * np.pi)
            got[f"senk.delay_wave_number.{name}"] = float(k[best]) / 1e3
    for n in (2, 4):
        lam = rate_dispersion(rate, ring_of(network), np.array([2e3 * np.pi * n]), BRANCHES)
        got[f"senk.g5.cycle_growth.n{n}"] = float(np.max(lam.real))
    return got | _measure_blend_of_whole_fit((network, point), rate)


def measure_bos(model: MicrocircuitParams) -> dict[str, float]:
    """Return critical eigenvalues and spectral peaks of the Bos et al. (2016) microcircuit."""
    network = model.network()
    point = solve_working_point(network, method="taylor")
    f = np.arange(0.5, 400.0, 0.5)
    M = effective_connectivity(network, point, f, variance=False)
    power = power_spectra(cross_spectra(M, point.nu, network.sizes))
    low, high = (f > 40.0) & (f < 100.0), f > 200.0
    got = {"bos.low_gamma_peak": float(np.median(f[low][np.argmax(power[low], axis=0)]))}
    for name, column in (("23E", 0), ("4E", 2), ("5E", 4), ("6E", 6)):
        got[f"bos.high_peak.{name}"] = float(f[high][np.argmax(power[high, column])])
    modes = sensitivities(M, f)
    for name, frequency in MODES.items():
        mode = min(modes, key=lambda each: abs(each.frequency - frequency))
        got[f"bos.mode_frequency.{name}"] = mode.frequency
        got[f"bos.mode_distance.{name}"] = abs(1.0 - mode.eigenvalue)
        got[f"bos.mode_real.{name}"] = mode.eigenvalue.real
    return got


def measure_delay_rings() -> dict[str, float]:
    """Return onset couplings and angular frequencies of delay rings of unit time constant."""
    got = {}
    for delay in (0.05, 0.1, 0.2):
        onsets = ring_onsets(1.0, delay)
        got[f"roxin.omega.d{delay:g}"] = 2.0 * np.pi * onsets.frequency
        got[f"roxin.J0_oscillation.d{delay:g}"] = onsets.J0_oscillation
        got[f"roxin.J1_wave.d{delay:g}"] = onsets.J1_wave
    return got | {"roxin.J0_rate": onsets.J0_rate, "roxin.J1_turing": onsets.J1_turing}


def measure_all(
    brunel: BrunelParams, senk: SenkParams, bos: MicrocircuitParams
) -> dict[str, float]:
    """Return every value of config/acceptance/meanfield_dynamics.tsv, in the unit of its row."""
    return {
        **measure_brunel_modes(brunel),
        **measure_brunel_lines(brunel),
        **measure_brunel_spectrum(brunel),
        **measure_senk(senk),
        **measure_bos(bos),
        **measure_delay_rings(),
    }
