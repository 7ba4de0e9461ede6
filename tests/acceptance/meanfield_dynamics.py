"""Network dynamics and stability of the LIF theory: modes, onsets, spectra, delay rings."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.optimize import brentq

from cortex.meanfield.fluctuations.modes import eigenmodes
from cortex.meanfield.fluctuations.spectra import (
    binned_rate_variance,
    cross_spectra,
    pooled_spectrum,
    power_spectra,
)
from cortex.meanfield.patterns.delay_rings import ring_eigenvalues, ring_onsets
from cortex.meanfield.response.connectivity_matrix import effective_connectivity
from cortex.meanfield.stability.bifurcations import fold_point, hopf_point
from cortex.meanfield.stability.eigenvalues import leading_mode
from cortex.meanfield.stationary.derivatives import rate_slopes
from cortex.meanfield.stationary.fixed_points import all_fixed_points
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.params.brunel import BrunelParams
from cortex.params.description.states import part_of
from cortex.params.description.study import split
from cortex.params.lif import LIFParams
from cortex.params.microcircuit import MicrocircuitParams
from cortex.params.network import PopulationNetwork

STATES = {"B": (6.0, 4.0), "C": (5.0, 2.0), "D": (4.5, 0.9)}
STILL_STABLE = (8.0, 2.0)
SLOW_HOPF = {4.5: 0.9126, 5.0: 0.8926}
HOPF_AT_RATIO = {4.0: (5.34, 75.0, 184.0), 3.0: (6.36, 35.0, 173.0)}
HOPF_AT_G = {6.0: (3.25, 43.0, 176.0), 4.5: (0.912, 7.0, 32.0), 5.0: (0.893, 3.4, 28.0)}
FOLD_AT_RATIO = {0.5: (3.43, 83.0), 0.7: (3.57, 38.0), 0.8: (3.78, 11.0)}
FOLD_AT_G = {3.0: (0.836, 0.34), 3.5: (0.839, 0.44)}
BESIDE = 1e-3  # twice the rounding of the printed folds and onsets
BOS_MODES = {"63Hz": 63.0, "268Hz": 268.0, "284Hz": 284.5, "263Hz": 263.3, "237Hz": 237.1}
"""Printed frequencies in the order of the distance of their eigenvalues from 1."""
CONTESTED = BrunelParams(
    neuron=LIFParams(tau_m=20e-3, tau_ref=0.5e-3, V_th=20e-3, V_reset=10e-3),
    n_exc=8000,
    n_inh=2000,
    in_degree_exc=800,
    in_degree_inh=200,
    J=0.4e-3,
    g=5.0,
    nu_ext_ratio=0.0,
    delay=0.55e-3,
    multapses=False,
)
"""Ostojic (2014), with a constant drive of 24 mV."""


def measure(config: Mapping[str, Any], _tables: Mapping[str, Any]) -> dict[str, float]:
    """Return every value of the table of this family, in the unit of its row."""
    brunel = BrunelParams.from_config(split(part_of(config["networks.brunel"], "C", ()))[1])
    bos = MicrocircuitParams.from_config(split(config["networks.bos2016"])[1])
    return {
        **measure_brunel_modes(brunel),
        **measure_brunel_lines(brunel),
        **measure_brunel_spectrum(brunel),
        **measure_bos(bos),
        **measure_delay_rings(),
        **measure_contested(),
    }


def measure_brunel_modes(model: BrunelParams) -> dict[str, float]:
    """Return leading modes of Brunel states: growth (1/s), frequency (Hz), signs at the onset."""

    def mode(g: float, ratio: float) -> complex:
        network = model.at(g, ratio).network()
        return leading_mode(network, solve_working_point(network))

    got = {"brunel.mode_growth.g8_x2": mode(*STILL_STABLE).real}
    for name, place in STATES.items():
        lam = mode(*place)
        got[f"brunel.mode_growth.{name}"] = lam.real
        got[f"brunel.mode_frequency.{name}"] = lam.imag / (2.0 * np.pi)
    for g, ratio in SLOW_HOPF.items():
        got[f"brunel.slow_growth.g{g:g}.below"] = mode(g, ratio - BESIDE).real
        got[f"brunel.slow_growth.g{g:g}.above"] = mode(g, ratio + BESIDE).real
    return got


def measure_brunel_lines(model: BrunelParams) -> dict[str, float]:
    """Return points of the onset and fold lines of the plane, and how many states lie beside."""

    def family(g: float, ratio: float) -> PopulationNetwork:
        return model.at(g, ratio).network()

    def n_states(g: float, ratio: float) -> float:
        return float(len(all_fixed_points(family(g, ratio)).points))

    got = {}
    for ratio, (g, nu, f) in HOPF_AT_RATIO.items():
        at = hopf_point(family, parameters=(g, ratio), nu=np.full(2, nu), frequency=f, pinned=1)
        got[f"brunel.hopf_g.x{ratio:g}"] = float(at.parameters[0, 0])
        got[f"brunel.hopf_frequency.x{ratio:g}"] = float(at.frequency[0])
    for g, (ratio, nu, f) in HOPF_AT_G.items():
        at = hopf_point(family, parameters=(g, ratio), nu=np.full(2, nu), frequency=f, pinned=0)
        got[f"brunel.hopf_ratio.g{g:g}"] = float(at.parameters[0, 1])
        got[f"brunel.hopf_frequency.g{g:g}"] = float(at.frequency[0])
    for ratio, (g, nu) in FOLD_AT_RATIO.items():
        at = fold_point(family, parameters=(g, ratio), nu=np.full(2, nu), pinned=1)
        fold = float(at.parameters[0, 0])
        got[f"brunel.fold_g.x{ratio:g}"] = fold
        got[f"brunel.fixed_points.x{ratio:g}.left"] = n_states(fold - BESIDE, ratio)
        got[f"brunel.fixed_points.x{ratio:g}.right"] = n_states(fold + BESIDE, ratio)
    for g, (ratio, nu) in FOLD_AT_G.items():
        at = fold_point(family, parameters=(g, ratio), nu=np.full(2, nu), pinned=0)
        fold = float(at.parameters[0, 1])
        got[f"brunel.fold_ratio.g{g:g}"] = fold
        got[f"brunel.fixed_points.g{g:g}.below"] = n_states(g, fold - BESIDE)
        got[f"brunel.fixed_points.g{g:g}.above"] = n_states(g, fold + BESIDE)
    return got


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
        "brunel.spectrum_over_naive.C": float(np.max(pooled)) / shot / float(np.max(gain)),
        "brunel.rate_std_ratio.C": float(np.sqrt(variance) / point.nu[0]),
        "brunel.one_population_peak.C": float(f[low][np.argmax(gain)]),
        "brunel.one_population_gain.C": float(np.max(gain)),
    }


def measure_bos(model: MicrocircuitParams) -> dict[str, float]:
    """Return critical eigenvalues and spectral peaks of the Bos et al. (2016) microcircuit.

    Modes are taken by rank, closest to 1 first, and followed to the printed frequency.
    """
    network = model.network()
    point = solve_working_point(network, method="taylor")
    f = np.arange(1.0, 4001.0) / 10.0
    M = effective_connectivity(network, point, f, variance=False)
    power = power_spectra(cross_spectra(M, point.nu, network.sizes))
    low, high = (f > 40.0) & (f < 100.0), f > 200.0
    gamma = f[low][np.argmax(power[low], axis=0)]
    between = power[(f >= 75.0) & (f <= 95.0)]
    maxima = (between[1:-1] > between[:-2]) & (between[1:-1] > between[2:])
    whole = replace(model, in_degree_l4_inh_exc=0.0).network().synapses.in_degrees[2, 3]
    got = {
        "bos.low_gamma_lowest": float(np.min(gamma)),
        "bos.low_gamma_highest": float(np.max(gamma)),
        "bos.maxima_75_to_95_Hz": float(np.sum(maxima)),
        "bos.in_degree_reduction": 1.0 - float(network.synapses.in_degrees[2, 3] / whole),
    }
    for name, column in zip(network.names, power.T, strict=True):
        got[f"bos.high_peak.{name}"] = float(f[high][np.argmax(column[high])])
    values = eigenmodes(M).values
    ranks = np.argsort(np.min(np.abs(1.0 - values), axis=0))
    for (name, printed), rank in zip(BOS_MODES.items(), ranks, strict=False):
        mode = values[:, rank]
        got[f"bos.mode_frequency.{name}"] = float(f[np.argmin(np.abs(1.0 - mode))])
        at = mode[np.argmin(np.abs(f - printed))]
        got[f"bos.mode_distance.{name}"] = float(abs(1.0 - at))
        got[f"bos.mode_real.{name}"] = float(at.real)
        if name in {"63Hz", "284Hz"}:
            got[f"bos.mode_imag.{name}"] = float(at.imag)
    return got


def measure_delay_rings() -> dict[str, float]:
    """Return onset couplings and angular frequencies of delay rings of unit time constant.

    The oscillations in closed form, the static onsets where the largest growth rate vanishes.
    """
    got = {}
    for delay in (0.05, 0.1, 0.2):
        onsets = ring_onsets(1.0, delay)
        got[f"roxin.omega.d{delay:g}"] = 2.0 * np.pi * onsets.frequency
        got[f"roxin.J0_oscillation.d{delay:g}"] = onsets.J0_oscillation
        got[f"roxin.J1_wave.d{delay:g}"] = onsets.J1_wave

    def growth(coupling: float) -> float:
        lam = ring_eigenvalues(np.array([[coupling]]), np.ones(1), np.array([[0.1]])).lam
        return float(lam[0].real)

    return got | {
        "roxin.J0_rate": float(brentq(growth, 0.8, 1.3, xtol=1e-13)),
        "roxin.J1_turing": float(brentq(lambda J1: growth(0.5 * J1), 1.6, 2.6, xtol=1e-13)),
    }


def measure_contested() -> dict[str, float]:
    """Return the weights (mV) at which the static spectral radius of Ostojic (2014) reaches 1."""

    def radius(J: float, *, variance: bool) -> float:
        model = replace(CONTESTED, J=J)
        silent = model.network()
        network = replace(silent, drive=replace(silent.drive, mu_dc=np.full(2, 24e-3)))
        point = solve_working_point(network)
        slopes = rate_slopes(point.mu[0], point.sigma[0], model.neuron)
        jumps = network.synapses.J[0]
        w = (
            model.neuron.tau_m
            * jumps
            * (slopes.by_mu + (jumps * slopes.by_variance if variance else 0.0))
        )
        return float(np.sqrt(network.synapses.in_degrees[0] @ w**2))

    return {
        f"ostojic.contested_J.{name}": 1e3
        * float(brentq(lambda J, v=variance: radius(J, variance=v) - 1.0, 0.2e-3, 0.8e-3))
        for name, variance in (("mean_only", False), ("with_variance", True))
    }
