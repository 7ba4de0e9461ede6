"""Models of sweeps: light to declare, complete, repeatable, and right where numbers are known."""

import subprocess
import sys
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest

from cortex.config.presets import read_config
from cortex.params.sweep import SweepParams
from cortex.sweep.plan import plan_sweep
from cortex.sweep.problems import check_sweeps
from cortex.sweep.run import evaluate_point, sound_values
from cortex.sweep_models.registry import MODELS

ROOT = Path(__file__).parents[3]
STUDY = read_config([ROOT / "config" / "test.yaml"])
SWEEPS = {name: SweepParams.from_config(block) for name, block in STUDY["sweeps"].items()}


def test_declaring_all_models_imports_nothing_that_computes():
    code = (
        "import sys, cortex.sweep_models.registry\n"
        "print({'numba', 'scipy', 'pyarrow'} & {*sys.modules})"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"


@pytest.mark.parametrize("name", ["config.yaml", "test.yaml"])
def test_the_default_sweeps_are_sound(name):
    study = read_config([ROOT / "config" / name])
    sweeps = {key: SweepParams.from_config(block) for key, block in study["sweeps"].items()}
    check_sweeps(sweeps, study, name, MODELS)


def test_a_changed_parameter_of_one_model_changes_the_keys_of_that_model_only():
    changed = deepcopy(STUDY)
    changed["networks"]["brunel"]["neuron"]["tau_m_ms"] *= 1.1
    for name, sweep in SWEEPS.items():
        model = MODELS[sweep.model]
        before, after = (
            {p.key for p in plan_sweep(name, sweep, model, base=base, seed=1, code="c").points}
            for base in (model.base_config(STUDY, sweep), model.base_config(changed, sweep))
        )
        if sweep.network == "brunel":
            assert before.isdisjoint(after)
        else:
            assert before == after


def test_the_ring_of_senk_follows_the_study():
    changed = deepcopy(STUDY)
    changed["networks"]["senk_ring"]["delay_ms"] = 2.0
    changed["stability"]["ring"] |= {"input_mean_mV": 11.0, "input_noise_mV": 9.0}
    model, sweep = MODELS["senk_theory"], SWEEPS["senk_delay"]
    found, paper = model.block.from_config(model.base_config(changed, sweep)), model.block()
    assert (found.mu, found.sigma) == (11e-3, 9e-3)  # type: ignore[attr-defined]
    assert found.ring == replace(paper.ring, delay=2e-3)  # type: ignore[attr-defined]
    assert model.block.from_config(model.base_config(STUDY, sweep)) == paper


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", SWEEPS)
def test_a_point_of_every_small_sweep_gives_every_observable_twice_the_same(name):
    sweep = SWEEPS[name]
    model = MODELS[sweep.model]
    plan = plan_sweep(name, sweep, model, base=model.base_config(STUDY, sweep), seed=1, code="c")
    first, second = (
        evaluate_point(plan.points[0], model, model.function(), retries=0)[0] for _ in range(2)
    )
    assert "error" not in first, first["error"]
    assert repr(first["values"]) == repr(second["values"])  # NaN is NaN


def theory_of_brunel(g, ratio):
    """Return all observables of the theory of Brunel's network at a point of its plane."""
    model = MODELS["network_theory"]
    keys = {"fixed": {"g": g, "nu_ext_ratio": ratio}, "network": "brunel", "state": "C"}
    sweep = SweepParams.from_config({"model": model.name, **keys})
    base = model.base_config(STUDY, sweep)
    (point,) = plan_sweep("s", sweep, model, base=base, seed=1, code="c").points
    return model.function()(model.block.from_config(point.params), 0)


@pytest.mark.parametrize(
    ("at", "nu", "growth", "frequency", "regime"),
    [  # Brunel (2000), figure 8: theory of states B, C, D; independent roots of the equation
        ((6.0, 4.0), 55.841, 51.5, 190.2, "SI fast"),
        ((5.0, 2.0), 37.950, -134.9, 124.3, "AI"),
        ((4.5, 0.9), 6.517, 7.9, 29.0, "SI slow"),
    ],
)
def test_theory_gives_the_known_states_of_brunel(at, nu, growth, frequency, regime):
    found = theory_of_brunel(*at)
    assert found["nu"] == pytest.approx(nu, abs=1e-3)
    assert found["growth"] == pytest.approx(growth, abs=0.06)  # known to one digit
    assert found["frequency"] == pytest.approx(frequency, abs=0.06)
    assert found["regime"] == regime
    values = sound_values(MODELS["network_theory"], found)
    assert all(values[name] == found[name] for name in values)


@pytest.mark.parametrize(
    ("delay", "frequency", "state"),
    [
        (1e-3, None, "uniform"),
        (1.5e-3, 209.1, "wave"),
        (2e-3, 167.5, "wave"),
        (3e-3, 121.0, "wave"),
    ],
)
def test_the_delay_sets_the_frequency_of_the_ring_and_not_its_wave_number(delay, frequency, state):
    # rate model of Senk et al. (2020) at g = 5, k* = 19.1 / mm; independent Lambert W solution
    point = MODELS["senk_theory"].block()
    point = replace(point, ring=replace(point.ring, g=5.0, delay=delay))  # type: ignore[attr-defined, type-var]
    found = MODELS["senk_theory"].function()(point, 0)
    assert found["k"] == pytest.approx(19.1e3, rel=2e-3)
    assert found["state"] == state
    if frequency is not None:
        assert found["frequency_rate_model"] == pytest.approx(frequency, abs=0.06)


def test_the_spiking_ring_grows_at_the_published_rate():
    # NNMT example of Senk et al. (2020), g = 5: 73.9 1/s and 200.0 Hz at k = 19.0 / mm
    point = MODELS["senk_theory"].block()
    found = MODELS["senk_theory"].function()(replace(point, ring=replace(point.ring, g=5.0)), 0)  # type: ignore[attr-defined, type-var]
    assert found["growth"] == pytest.approx(73.9, abs=0.06)
    assert found["frequency"] == pytest.approx(200.0, abs=0.06)
