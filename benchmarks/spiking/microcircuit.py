"""A share of the Potjans-Diesmann microcircuit for NEST, scaled like `cortex.spiking.scale_down`.

Sizes, connection probabilities and drive as published (Potjans & Diesmann 2014, tables 4, 5).
"""

from typing import Any

import nest
import numpy as np

from benchmarks.spiking.scene import PUBLISHED_RATES

N = np.array([20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948])
K_EXT = np.array([1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100])
P = np.array([
    [0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0.0, 0.0076, 0.0],
    [0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0.0, 0.0042, 0.0],
    [0.0077, 0.0059, 0.0497, 0.135, 0.0067, 0.0003, 0.0453, 0.0],
    [0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0.0, 0.1057, 0.0],
    [0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0.0],
    [0.0548, 0.0269, 0.0257, 0.0022, 0.06, 0.3158, 0.0086, 0.0],
    [0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252],
    [0.0364, 0.001, 0.0034, 0.0005, 0.0277, 0.008, 0.0658, 0.1443],
])  # fmt: skip
TAU_S, C_M, RATE_EXT, W = 0.5, 250.0, 8.0, 87.8
MODELS = tuple(f"from_{b}" for b in range(8))  # a model holds 134 million synapses a thread


def share_of_the_microcircuit(scale: float, w_cv: float = 0.0) -> tuple[Any, ...]:
    """Connect the scaled circuit, weights scattering by `w_cv`; return (populations, recorder)."""
    synapses = np.log1p(-P) / np.log1p(-1.0 / np.outer(N, N))
    K = synapses / N[:, np.newaxis]
    w = np.tile([W, -4.0 * W], (8, 4))
    w[0, 2] *= 2.0
    mean_current = TAU_S * 1e-3 * ((K * w) @ PUBLISHED_RATES + K_EXT * W * RATE_EXT)
    lost = (1.0 - np.sqrt(scale)) * mean_current
    w = w / np.sqrt(scale)
    neuron = {
        "C_m": C_M, "tau_m": 10.0, "t_ref": 2.0, "E_L": 0.0, "V_reset": 0.0, "V_th": 15.0,
        "tau_syn_ex": TAU_S, "tau_syn_in": TAU_S,
    }  # fmt: skip
    for name in MODELS:
        nest.CopyModel("static_synapse", name)
    populations = []
    for a, size in enumerate(np.rint(N * scale).astype(int)):
        cells = nest.Create("iaf_psc_exp", int(size), {**neuron, "I_e": float(lost[a])})
        cells.V_m = nest.random.uniform(0.0, 15.0)
        drive = nest.Create(
            "poisson_generator", params={"rate": float(K_EXT[a] * RATE_EXT * scale)}
        )
        nest.Connect(drive, cells, syn_spec={"weight": float(w[0, 0]), "delay": 0.1})
        populations.append(cells)
    for a, targets in enumerate(populations):
        for b, sources in enumerate(populations):
            n = round(K[a, b] * scale * len(targets))
            if n == 0:
                continue
            mean = 1.5 if b % 2 == 0 else 0.75
            law = nest.random.normal(mean, mean / 2.0)
            weight = float(w[a, b])
            if w_cv:
                sides = (0.0, np.inf) if weight > 0 else (-np.inf, 0.0)
                weight = nest.math.redraw(nest.random.normal(weight, w_cv * abs(weight)), *sides)
            delay = nest.math.redraw(law, 0.05, np.inf)
            spec = {"synapse_model": MODELS[b], "weight": weight, "delay": delay}
            nest.Connect(sources, targets, {"rule": "fixed_total_number", "N": n}, spec)
    recorder = nest.Create("spike_recorder")
    for cells in populations:
        nest.Connect(cells, recorder)
    return populations, recorder
