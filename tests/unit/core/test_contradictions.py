"""Values that contradict each other are refused before the first job, in every family.

Each of these was accepted once, and failed or was silently bent after minutes of work.
"""

import copy
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from cortex.config.presets import read_config
from cortex.config.read import check_study
from cortex.errors import ConfigError
from cortex.params.description.overrides import deep_merge
from cortex.plots.save import draw_figure
from cortex.sweep.problems import sweep_problems
from cortex.sweep_models.registry import MODELS

GOOD = read_config([Path(__file__).parents[3] / "config" / "test.yaml"])
SWEEP = {"model": "learning", "vary": {"beta": [0.05, 0.2]}}
DT = "simulation.dt_ms = 0.1 ms does not divide the"
CASES = [
    ("networks.brunel.delay_ms", 1.55, f"{DT} delay from E to E, 1.55 ms, which is 15.5 steps"),
    ("networks.brunel.delay_ms", 0.01, f"{DT} delay from E to E, 0.01 ms"),
    ("networks.brunel.neuron.tau_ref_ms", 2.05, f"{DT} refractory time of E, 2.05 ms"),
    ("networks.senk_ring.delay_ms", 1.55, f"{DT} delay from E to E, 1.55 ms"),
    ("networks.microcircuit.delay_inh_ms", 0.05, f"{DT} delay from 23I to 23E, 0.05 ms"),
    ("networks.bos2016.delay_exc_ms", 0.01, f"{DT} delay from 23E to 23E, 0.01 ms"),
    (
        "networks.lfp_demonstration.projections",
        {"from_E": {"delay_ms": 0.85}},
        "networks.lfp_demonstration.simulation.dt_ms = 0.1 ms does not divide the delay from E",
    ),
    ("networks.brunel.analysis.rate_bin_ms", 0.55, "rate_bin_ms = 0.55 ms is 5.5 steps of simul"),
    ("networks.brunel.analysis.rate_bin_ms", 0.02, "must be a whole number of steps, at least one"),
    ("networks.brunel.analysis.correlation_bin_ms", 5.55, "is 55.5 steps of simulation.dt_ms"),
    (
        "networks.brunel.analysis.max_frequency_Hz",
        1001.0,
        "max_frequency_Hz = 1001.0 Hz is above half a cycle per bin of analysis.rate_bin_ms = 0.5",
    ),
    ("izhikevich.bump.delay_ms", 0.55, "delay_ms = 0.55 ms is 5.5 steps of dt_ms = 0.1 ms"),
    ("izhikevich.bump.delay_ms", 0.0, "is 0 steps of dt_ms = 0.1 ms; it must be a whole number"),
    ("izhikevich.bump.cue_start_ms", 500.05, "cue_start_ms = 500.05 ms is 5000.5 steps"),
    ("izhikevich.bump.window_ms", 4000.0, "must not be longer than memory_s = 3.0 s"),
    ("izhikevich.firing.start_pA", 500.0, "start_pA = 500.0 pA must lie below stop_pA = 400.0"),
    ("izhikevich.firing.shown_duration_ms", 5000.0, "must not be longer than duration_s = 4.0 s"),
    ("learning.kernels.tau_d_ms", [15.0, 15.1], "tau_d_ms[1] = 15.1 ms is 75.5 steps of dt_ms"),
    ("learning.replay.tau_d_ms", [0.05], "learning.replay.tau_d_ms[0] = 0.05 ms is 0.25 steps"),
    (
        "learning.replay.tau_x_ms",
        [0.1],
        "tau_x_ms[0] = 0.1 ms: dt_ms = 0.2 ms must lie below tau_x_ms",
    ),
    ("learning.replay.n_neurons", [250, 250], "holds 250 twice; keep one"),
    ("learning.locking.speed", [1.0, 1.0], "learning.locking.speed = [1.0, 1.0] holds 1.0 twice"),
    (
        "connectivity.ring",
        {"multapses": False, "in_degree_exc": 1601},
        "in_degree_exc = 1601 needs more sources than the 1600 within half_width_exc_mm = 0.2 mm",
    ),
    ("connectivity.ring.half_width_exc_mm", 0.51, "is more than half of circumference_mm = 1.0"),
    ("connectivity.grating.theta_deg", [0.0, 0.0], "holds 0.0 twice; keep one"),
    ("response.mapping.g", [5.0, 5.0], "response.mapping.g = [5.0, 5.0] holds 5.0 twice"),
    ("response.mapping.frequency.start", 300.0, "start = 300.0 must lie below stop = 199.0"),
    ("response.mapping.frequency.start", -1.0, "start = -1.0 is outside [0.001, 100000] (bound"),
    ("response.schuecker.log10_frequency.stop", 40.0, "stop = 40.0 is outside [-6, 6]"),
    ("stability.ring.wave_number.start", 100.0, "start = 100.0 must lie below stop = 99.0"),
    ("stability.delay_rings.delay.start", -2.0, "start = -2.0 is outside [1e-06, 1e+06]"),
    ("lfp.probe.lowest_um", 700.0, "must lie below highest_um = 600.0 µm; are the two exchanged?"),
    ("lfp.probe.shanks_um", [0.0, 0.0], "shanks_um = [0.0, 0.0] µm holds 0.0 twice"),
    ("lfp.ground_truth.lowest_um", 700.0, "must lie below highest_um = 600.0 µm"),
    ("lfp.ground_truth.smallest_alpha", 20.0, "must lie below largest_alpha = 10.0"),
    ("lfp.ground_truth.delay_step_ms", 0.03, "is 0.3 steps of 0.1 ms of lfp_demonstration"),
    ("lfp.kernels.shift_step_ms", 0.03, "is 0.3 steps of 0.1 ms of lfp_demonstration"),
    ("sweeps.learning_rate_summary", SWEEP, "would write the table 'summary' of 'learning_rate'"),
    ("sweeps.brunel_regimes_map", SWEEP, "would write the table 'map' of 'brunel_regimes'"),
    (
        "sweeps.brunel_rates.vary.g",
        {"start": 8.0, "stop": 2.5, "num": 12},
        "start = 8.0 must lie below stop = 2.5; are the two exchanged?",
    ),
]


@pytest.mark.parametrize(("path", "value", "said"), CASES, ids=[path for path, *_ in CASES])
def test_a_contradiction_is_one_problem_with_its_place(path, value, said):
    config = copy.deepcopy(GOOD)
    *parents, key = path.split(".")
    block = config
    for parent in parents:
        block = block[parent]
    block[key] = deep_merge(block.get(key), value) if isinstance(value, dict) else value
    with pytest.raises(ConfigError) as caught:
        check_study(config, "x.yaml", partial(sweep_problems, models=MODELS))
    assert said in str(caught.value)
    assert path.rpartition(".")[0].rpartition(".")[0] in str(caught.value)


def test_a_network_that_is_only_predicted_needs_no_grid():
    config = copy.deepcopy(GOOD)
    config["networks"] = {"brunel": config["networks"]["brunel"] | {"seeds": 0, "delay_ms": 1.55}}
    del config["sweeps"], config["lfp"], config["stability"], config["response"]
    check_study(config, "x.yaml")


def test_text_of_tables_is_drawn_as_text():
    table = {"f": np.array([1.0, 2.0]), "title": np.array(["$x_{$", "a_b"], dtype=object)}
    figure = draw_figure(f"{__name__}:draw_title", {"table": table})
    figure.canvas.draw()  # an unclosed formula cannot be drawn
    assert figure.axes[0].get_title() == r"\$x_{\$"


def draw_title(table):
    from cortex.plots.style import plt  # type: ignore[attr-defined]

    figure, ax = plt.subplots()
    ax.plot(table["f"], table["f"])
    ax.set_title(table["title"][0])
    return figure
