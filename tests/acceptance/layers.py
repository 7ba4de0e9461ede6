"""Theory beyond white noise: receptors with time constants, self-made noise, finite populations."""

import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.signal import welch

from cortex.meanfield import (
    Receptors,
    finite_size_rates,
    receptor_cv,
    receptor_rate,
    receptor_response,
    receptor_spectrum,
    recurrent_noise,
    solve_working_point,
)
from cortex.params.brunel import BrunelParams
from cortex.params.description.states import part_of
from cortex.params.description.study import split
from cortex.params.lif import LIFParams

LIF: Final = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.015, V_reset=0.0)
POINTS: Final = Path(__file__).parents[1] / "data" / "two_time_constants.json"
SIMULATED: Final = (
    (10, 5, 0.5, 2, 5),
    (13, 3, 0.5, 2, 5),
    (16, 4, 0.3, 2, 8),
    (13, 3, 0.5, 0.5, 5),
    (10, 5, 0.2, 2, 10),
    (18, 3, 0.25, 2, 20),
)
DRIVEN: Final = ((16, 4, 1.0, 2, 2), (16, 4, 0.5, 2, 5))
PLACES: Final = ((5.0, 2.0, 0.1), (5.0, 1.5, 0.1), (5.4, 2.2, 0.12))  # g, ratio, J in mV
SEEDS: Final = range(1, 6)
EDGES: Final = (10, 25, 50, 100, 200, 300)  # Hz


def measure(config: Mapping[str, Any], _tables: Mapping[str, Any]) -> dict[str, float]:
    """Return every value of the table of this family, in the unit of its row."""
    brunel = BrunelParams.from_config(split(part_of(config["networks.brunel"], "C", ()))[1])
    return {**measure_receptors(), **measure_noise(brunel), **measure_finite(brunel)}


def measure_receptors() -> dict[str, float]:
    """Return rates (Hz) and CVs of neurons with two receptors, and their response at two Hz."""
    got = {}
    for i, point in enumerate(json.loads(POINTS.read_text(encoding="utf-8"))["points"]):
        shared = ("mu_mV", "sigma_mV", "variance_share_E", "tau_E_ms", "tau_I_ms")
        neuron = replace(LIF, tau_m=1e-3 * point["tau_m_ms"])
        at = receptors(*(point[name] for name in shared), neuron=neuron)
        got[f"layers.rate.{i}"] = float(receptor_rate(at).nu)
    for point in SIMULATED:
        at, name = receptors(*point), "_".join(f"{value:g}" for value in point)
        got[f"layers.cv.{name}"] = float(receptor_cv(at))
    for point in DRIVEN:
        at, name = receptors(*point), "_".join(f"{value:g}" for value in point)
        for f in (40, 125):
            H = receptor_response(at, np.array([2j * np.pi * f])).H_mu[0] * 1e-3
            got |= {f"layers.gain.{name}.{f}Hz": float(abs(H))}
            got |= {f"layers.phase.{name}.{f}Hz": float(np.angle(H))}
    return got


def receptors(
    mu: float, sigma: float, share: float, *taus: float, neuron: LIFParams = LIF
) -> Receptors:
    """Return two receptors given in mV and ms, the first with a share of the variance."""
    parts = np.array([share, 1.0 - share]) * sigma**2
    kept = parts > 0.0
    return Receptors(1e-3 * mu, 1e-6 * parts[kept], 1e-3 * np.array(taus)[kept], neuron)


def measure_noise(model: BrunelParams) -> dict[str, float]:
    """Return CVs in self-made noise: the mean over seeds, and with its common part."""
    got = {}  # type: ignore[var-annotated]
    for i, (g, ratio, J) in enumerate(PLACES, 1):
        network = replace(model, J=1e-3 * J, g=g, nu_ext_ratio=ratio).network()
        point = solve_working_point(network)
        alone = [recurrent_noise(network, point, seed=seed).cv[0] for seed in SEEDS]
        common = recurrent_noise(network, point, collective=True).cv[0]
        got |= {f"layers.noise.{i}.pinned": float(np.mean(alone))}
        got |= {f"layers.noise.{i}.network": float(common)}
    return got


def measure_finite(model: BrunelParams) -> dict[str, float]:
    """Return the spectrum of 1,000 neurons without synapses over that of renewal theory."""
    interval, size, mu, sigma = 2e-4, 1000, 18e-3, 6e-3
    coupled = model.network()
    jump, tau_m = coupled.drive.J[0, 0], model.neuron.tau_m
    rate = sigma**2 / (tau_m * jump**2)
    drive = replace(
        coupled.drive,
        rate=np.full_like(coupled.drive.rate, rate),
        mu_dc=np.full(2, mu - tau_m * rate * jump),
    )
    synapses = replace(coupled.synapses, in_degrees=np.zeros((2, 2)))
    network = replace(coupled, synapses=synapses, drive=drive, sizes=np.full(2, size))
    nu = finite_size_rates(network, solve_working_point(network), interval, 300_000, seed=1)
    n = round(0.5 / interval)
    f, density = welch(nu, fs=1.0 / interval, nperseg=n, noverlap=n // 2, axis=0)
    alone = Receptors(mu, np.array([sigma**2]), np.array([0.0]), model.neuron)
    got = {}
    for low, high in pairwise(EDGES):
        seen = density[(f >= low) & (f < high)].mean() / 2.0
        told = np.mean(receptor_spectrum(alone, np.linspace(low, high, 12))) / size
        got[f"layers.renewal.{low}_{high}Hz"] = float(seen / told)
    return got
