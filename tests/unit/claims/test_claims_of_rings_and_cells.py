"""Rings and cells: a number changed by hand in a table changes the sentences that rest on it."""

import numpy as np
from saying import said, text

from cortex.claims import izhikevich, learning


def ring_of_cells(order=1.0):
    cell, time = np.tile(np.arange(6), 2), np.repeat([0.0, 0.3], 6)
    away = np.minimum(cell, 6 - cell)
    potentials = {"case": text(*["ring"] * 12), "neuron": cell, "excitatory": np.full(12, True)}
    inhibitory = {"case": text("ring"), "neuron": np.array([6]), "excitatory": np.array([False])}
    potentials |= {"v": np.full(12, -0.09)}
    both = {k: np.concatenate([potentials[k], inhibitory[k]]) for k in inhibitory}
    spikes = {"time": 0.01 + time + 1e-3 * order * away, "scheme": text(*["standard"] * 12)}
    spikes |= {name: potentials[name] for name in ("case", "neuron", "excitatory")}
    return both | {"v": np.append(potentials["v"], 0.0)}, spikes


def test_activity_that_does_not_spread_with_distance_is_said_not_to(root):
    facts = izhikevich.potentials(*ring_of_cells())
    line, against = said(root, "izhikevich_potentials", facts)
    assert "Activity starts at cell 0" in line
    assert "by 1.0 ms per cell, and reach the other side after 3 ms" in line
    assert "falls to −90 mV and is silent for 300 ms" in line
    assert not against
    facts = izhikevich.potentials(*ring_of_cells(order=0.0))
    line, against = said(root, "izhikevich_potentials", facts)
    assert "First spikes do not come later" in line
    assert against == {"front"}


def memory(linearity=0.97):
    degree = np.pi / 180.0
    fit = {"coefficient": 2.06 * degree**2, "coefficient_error": 0.28 * degree**2, "offset": 0.0}
    fit |= {"drift": -0.03 * degree, "drift_error": 0.06 * degree, "linearity": linearity}
    axis = np.array([1.0, 3.0])
    sweep = {"varied": text("J_plus", "", "gaba_gain", "cue_amplitude")}
    sweep |= {"J_plus": np.array([1.0, 3.0, 3.0, 3.0]), "gaba_gain": np.array([1.0, 1.0, 0.1, 1.0])}
    sweep |= {"cue_amplitude": np.array([3e-10, 3e-10, 3e-10, 0.0])}
    sweep |= {"lifetime": np.array([0.0, axis[1], 0.0, 0.0]), "last_rate": np.full(4, 3.0)}
    return {
        "diffusion": {},
        "fit": {name: np.array([value]) for name, value in {**fit, "n_trials": 100}.items()},
        "sweep": sweep,
    }


def test_diffusion_and_its_error_are_those_of_the_fit(root):
    line, against = said(root, "bump_memory", izhikevich.memory(**memory()))
    assert "grows by 2.06 ± 0.28 °²/s" in line
    assert "Its mean stays: −0.03 ± 0.06 °/s" in line
    assert against == set()
    line, against = said(root, "bump_memory", izhikevich.memory(**memory(linearity=0.8)))
    assert "The variance does not grow like a line" in line
    assert against == {"linear"}


def replay(control=-5.0):
    n = 7
    varied = text("tau_d", "tau_d", "tau_x", "tau_x", "period", "period", "control")
    f = np.array([34.0, 20.56, 23.8, 18.6, 28.9, 16.5, control])
    tables = {"varied": varied, "frequency": f, "switch": f * (1.0 + 1e-5), "continuum": f * 1.005}
    tables["tau_d"] = np.array([0.005, 0.015, *np.full(n - 2, 0.015)])
    tables["tau_x"] = np.array([0.005, 0.005, 0.002, 0.008, 0.005, 0.005, 0.005])
    tables["period"] = np.array([0.1, 0.1, 0.1, 0.1, 0.05, 0.2, 0.1])
    return tables


def test_a_control_rule_that_runs_forward_is_said_so(root):
    line, against = said(root, "learning_replay", learning.replay(replay(), {}))
    assert "about twice as fast as it was trained, 2.06 times, at 20.56 Hz" in line
    assert against == set()
    line, against = said(root, "learning_replay", learning.replay(replay(control=5.0), {}))
    assert "runs it at 5.00 Hz, which is not the prediction" in line
    assert against == {"control_backwards"}


def pairs(built_in=1.0):
    lead = np.linspace(-0.05, 0.05, 21)
    odd, even = np.sign(lead), 1.0 - np.abs(lead) / 0.025
    rules = {
        "rule": text(*["differential Hebbian"] * 21, *["covariance"] * 21),
        "lead": np.tile(lead, 2),
        "weight": np.concatenate([odd, even]),
        "predicted": np.concatenate([odd, even]),
        "built_in": np.tile(built_in * odd, 2),
    }
    changes = {"time": np.arange(2.0), "kernel": np.array([0.1, 1e-4]), "pairs": np.full(2, 0.6)}
    told = {f"{name}_predicted": changes[name] for name in ("kernel", "pairs")}
    history = {"weight": np.ones(4), "predicted": np.ones(4)}
    weights = {"weight": np.array([0.5, -0.4])}
    return weights, {"derivative": np.array([1.0, 0.0])}, history, changes | told, rules


def test_a_function_that_learns_another_kernel_than_the_built_in_rule_is_said_to(root):
    line, against = said(root, "learning_pairs", learning.pairs(*pairs()))
    assert "The built-in rule stated as a function learns the built-in kernel." in line
    assert not against
    line, against = said(root, "learning_pairs", learning.pairs(*pairs(built_in=-1.0)))
    assert "stated as a function is not yet at the fixed point" in line
    assert against == {"stated_is_built_in"}


def test_a_run_without_weak_drives_says_that_none_was_tried(root):
    one = np.ones(2)
    held = {"strength": 1.5 * one, "frequency_ratio": one}
    tongue = {"frequency_ratio": one, "amplitude": 2.0 * one, "limit": one}
    tongue |= {"lead": 0.2 * one, "lead_predicted": 0.2 * one}
    edge = {"speed": np.array([1.0, 2.0]), "limit": np.array([1.0, 0.0])}
    line, _ = said(root, "learning_locking", learning.locking(held, tongue, edge))
    assert "Below it no drive was tried." in line
