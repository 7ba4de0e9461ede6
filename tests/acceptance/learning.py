"""Learning ring: closed forms, learned kernels, residuals of the predictions, replay, locking."""

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from cortex.learning_ring.closed_form import saturated_kernel, saturated_maximum
from cortex.learning_ring.drive import TravellingWave
from cortex.learning_ring.experiments import expected_wave, observe, replay, train
from cortex.learning_ring.free_wave import (
    first_harmonic_frequency,
    locking_amplitude,
    replay_frequency,
)
from cortex.learning_ring.initial_weights import forgetting
from cortex.learning_ring.measure import relative_residual
from cortex.params.learning import LearningParams

SMALL: Final = {"n_neurons": 200, "tau_d": 6e-3}
RUNS: Final[dict[str, dict[str, Any]]] = {
    "full": {"rule": "pairwise"},
    "circulant": {},
    "single": {"rule": "single"},
    "fast": {**SMALL, "beta": 0.2},
    "graded": {**SMALL, "decay": 200.0, "u_scale": 10.0},
    "slow": {**SMALL, "beta": 0.002},
}
REPLAYS: Final[dict[str, dict[str, Any]]] = {
    "N500_15ms": {},
    "N200_6ms": SMALL,
    "N200_12ms": {"n_neurons": 200, "tau_d": 12e-3},
    "N400_10ms": {"n_neurons": 400, "tau_d": 10e-3, "decay": 5.0},
}
TRAINED_STEPS: Final = {"20Hz": 250, "12.5Hz": 400, "10Hz": 500, "5Hz": 1000, "2.5Hz": 2000}


def measure(config: Mapping[str, Any], _tables: Mapping[str, Any]) -> dict[str, float]:
    """Return every value of the table of this family; some fifteen runs of seconds."""
    model, seed = LearningParams.from_config(config["learning.model"]), config["seed"]
    return {
        **measure_closed_form(model),
        **measure_runs(model, seed),
        **measure_replay(model),
        **measure_locking(model, seed),
    }


def measure_closed_form(model: LearningParams) -> dict[str, float]:
    """Return numbers of the closed form, of the fixed point, and how far they are apart."""
    wave, kernel = expected_wave(model), saturated_kernel(model, discrete=False)
    zero = model.ring.n_neurons - int(np.flatnonzero(kernel == 0.0)[-1])
    last = model.n_steps - 1
    kept = forgetting(model, np.array([last, last + model.init_steps]))
    return {
        "learning.closed_form.maximum": saturated_maximum(model),
        "learning.closed_form.no_lag": float(kernel[0]),
        "learning.closed_form.zero": float(zero),
        "learning.closed_form.residual": relative_residual(saturated_kernel(model), wave.kernel),
        "learning.fixed_point.maximum": float(wave.kernel.max()),
        "learning.fixed_point.retention": float(kept[0]),
        "learning.fixed_point.retention_150T": float(kept[1]),
        "learning.fixed_point.forgetting_time": -model.ring.dt / math.log(model.retention),
    }


def measure_runs(model: LearningParams, seed: int) -> dict[str, float]:
    """Return learned weights and the residuals of their predictions, run by run."""
    got: dict[str, float] = {}
    kernels = {}
    for name, changes in RUNS.items():
        training = train(model.at(**changes), seed)
        seen = observe(training)
        kernels[name] = training.kernel
        got[f"learning.residual.{name}"] = seen["residual_transient"]
        if name == "full":
            got["learning.spread.full"] = seen["spread"]
        if name == "circulant":
            exact = saturated_kernel(model, discrete=False)
            error = np.linalg.norm(training.kernel - exact) / np.linalg.norm(exact)
            got["learning.simulation.maximum"] = seen["kernel_max"]
            got["learning.simulation.no_lag"] = float(training.kernel[0])
            got["learning.simulation.l2_error"] = float(error)
        if name in {"full", "circulant", "single"}:
            got[f"learning.fixed_point_residual.{name}"] = seen["residual"]
    apart = relative_residual(kernels["full"], kernels["circulant"])
    return {**got, "learning.simulation.full_against_circulant": apart}


def measure_replay(model: LearningParams) -> dict[str, float]:
    """Return simulated and predicted replay frequencies, Hz, and relative errors."""
    got: dict[str, float] = {}
    for name, changes in REPLAYS.items():
        params = model.at(**changes)
        kernel = expected_wave(params).kernel
        seen = replay(params, kernel).frequency
        harmonic, switch = first_harmonic_frequency(params), replay_frequency(params, kernel)
        got[f"learning.replay.simulated.{name}"] = seen
        if not changes:
            got[f"learning.replay.period.{name}"] = 1e3 / seen
        continuum = first_harmonic_frequency(params, discrete=False)
        got[f"learning.replay.continuum.{name}"] = continuum
        got[f"learning.replay.harmonic_error.{name}"] = abs(harmonic / seen - 1.0)
        got[f"learning.replay.switch_error.{name}"] = abs(switch / seen - 1.0)
    for name, n in TRAINED_STEPS.items():
        trained = first_harmonic_frequency(model.at(n_neurons=n), discrete=False)
        got[f"learning.replay.trained.{name}"] = trained
    control = model.at(derivative="presynaptic")
    got["learning.replay.control"] = replay(control, expected_wave(control).kernel).frequency
    return got


def measure_locking(model: LearningParams, seed: int) -> dict[str, float]:
    """Return how waves follow drives a little above the limit, while learning, and below."""
    small = model.at(**SMALL)
    wave = expected_wave(small)
    limit = locking_amplitude(small, wave.kernel, 1.0 / small.ring.period)
    got = {"learning.locking.largest_input": wave.locking_amplitude}
    for decay in (20.0, 100.0, 500.0):
        amplitude = 1.05 * limit * small.plasticity.decay / decay
        held = train(small.at(decay=decay, u_scale=amplitude), seed)
        got[f"learning.locking.held.{decay:g}"] = held.frequency * small.ring.period
    weak = TravellingWave(amplitude=0.9 * limit, period=small.ring.period)
    slipping = replay(small, wave.kernel, drive=weak).frequency
    return {**got, "learning.locking.slipping": slipping * small.ring.period}
