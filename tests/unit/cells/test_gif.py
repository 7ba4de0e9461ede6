"""Neurons that fire at random: a closed form, and NEST 3.10 (gif_psc_exp) in noise and without."""

import json
from pathlib import Path

import numpy as np
import pytest

from cortex.cells.gif import GIFCell, GIFNeurons
from cortex.params.drive import Drive
from cortex.params.network import PopulationNetwork
from cortex.params.simulation import SimulationParams
from cortex.params.synapses import Synapses
from cortex.spiking import Inputs, simulate

NEST = json.loads((Path(__file__).parents[2] / "data" / "cells" / "gif.json").read_text())
NOISY = {f"{case['name']}, {case['I_pA']:g} pA": case for case in NEST["noise"]}
SHARP = {case["name"]: case for case in NEST["sharp"]}


def cell(case):
    p = NEST["base"] | {k: np.ravel(v)[0] for k, v in case["params"].items()}
    return GIFCell.from_config(
        {"C_pF": p["C_m"], "g_L_nS": p["g_L"], "E_L_mV": p["E_L"], "V_reset_mV": p["V_reset"],
         "tau_ref_ms": p["t_ref"], "V_th_mV": p["V_T_star"], "Delta_V_mV": p["Delta_V"],
         "lambda_0_per_s": p["lambda_0"], "tau_w_ms": p["tau_stc"], "b_pA": p["q_stc"],
         "tau_th_ms": p["tau_sfa"], "b_th_mV": p["q_sfa"]}
    )  # fmt: skip


def spikes_of(neurons, n, duration, mu_dc, warm_up=0.0):
    net = PopulationNetwork(
        names=("A",),
        sizes=np.array([n]),
        neurons=neurons,
        synapses=Synapses(in_degrees=0.0, J=0.0, tau_s=2e-3, delay=1e-3),
        drive=Drive(rate=np.zeros((1, 0)), J=0.0, tau_s=2e-3, mu_dc=mu_dc),
    )
    settings = SimulationParams(dt=1e-4, warm_up=warm_up, duration=duration, precision="float64")
    return simulate(net, settings, seed=1, inputs=Inputs(V0=np.zeros(n))).spikes


def trains(spikes):
    order = np.lexsort((spikes.steps, spikes.neurons))
    counts = np.bincount(spikes.neurons, minlength=spikes.n_neurons)
    return np.split(spikes.steps[order], np.cumsum(counts)[:-1])


def test_a_constant_hazard_gives_geometric_intervals_after_a_dead_time():
    rate, dead, n, duration = 40.0, 3e-3, 500, 4.0
    neurons = GIFNeurons(
        tau_m=0.02, tau_ref=dead, V_th=0.01, V_reset=0.0, Delta_V=2e-3,
        lambda_0=rate * np.exp(5.0), tau_w=0.1, b=0.0, tau_th=0.1, b_th=0.0,
    )  # fmt: skip
    intervals = [np.diff(each) for each in trains(spikes_of(neurons, n, duration, 0.0))]
    chance = -np.expm1(-rate * 1e-4)
    # long intervals do not fit into the run: the first hundred of each neuron do
    first = np.array([each[:100] for each in intervals if len(each) >= 100])
    assert len(first) > 0.98 * n
    assert first.min() >= 31  # 30 steps refractory; a spike in the step after at the earliest
    mean, sd = dead / 1e-4 + 1.0 / chance, np.sqrt(1.0 - chance) / chance
    assert first.mean() == pytest.approx(mean, abs=3.0 * sd / np.sqrt(first.size))
    # the SD of an exponential variable has a standard error of sd sqrt(2/N)
    assert first.std() == pytest.approx(sd, abs=3.0 * sd * np.sqrt(2.0 / first.size))
    # neurons share the random number that rounds their chance, and nothing beyond 2**-15 of it
    counts = np.array([len(each) for each in intervals])
    fano = counts.var() / counts.mean()
    cv2 = (sd / mean) ** 2
    assert fano == pytest.approx(cv2, abs=3.0 * cv2 * np.sqrt(2.0 / n))


@pytest.mark.parametrize("name", NOISY)
def test_rate_and_irregularity_are_those_of_nest(name):
    case = NOISY[name]
    own, n = cell(case), case["n"]
    settle, stop = case["settle_ms"] * 1e-3, case["T_ms"] * 1e-3
    spikes = spikes_of(
        GIFNeurons(**own.normal()), n, stop - settle, case["I_pA"] * 1e-12 / own.g_L, settle
    )
    each = trains(spikes)
    rates = np.array([len(train) for train in each]) / (stop - settle)
    cvs = [np.std(d, ddof=1) / np.mean(d) for d in map(np.diff, each) if len(d) > 5]
    for found, expected, error in (
        (rates, case["rate"], case["rate_se"]),
        (np.array(cvs), case["cv"], case["cv_se"]),
    ):
        band = 3.0 * np.hypot(found.std(ddof=1) / np.sqrt(len(found)), error)
        assert found.mean() == pytest.approx(expected, abs=band)


@pytest.mark.parametrize(("name", "slack"), [("plain", 0), ("threshold", 1), ("both", 1)])
def test_a_sharp_threshold_gives_the_spikes_of_nest(name, slack):
    """Within a step: a crossing within 6 uV is drawn, and NEST holds the current for a step."""
    case = SHARP[name]
    own = cell(case)
    spikes = spikes_of(
        GIFNeurons(**own.normal()), 1, case["T_ms"] * 1e-3, case["I_pA"] * 1e-12 / own.g_L
    )
    steps = np.rint(np.array(case["spike_times_ms"]) / case["dt_ms"]).astype(int)
    assert len(steps) > 15
    np.testing.assert_allclose(spikes.steps + 1, steps, rtol=0, atol=slack)
