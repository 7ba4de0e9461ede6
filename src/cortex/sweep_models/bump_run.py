"""Run one trial of the memory task of the ring attractor."""

import numpy as np

from cortex.izhikevich.bump import run_trial
from cortex.params.izhikevich import BumpParams
from cortex.sweep.model import Value


def evaluate(params: BumpParams, seed: int) -> dict[str, Value]:
    """Return how long the bump lives, where it ends, how sharp and active it is."""
    trial = run_trial(params, seed)
    strength = trial.readout.strength
    return {
        "lifetime": trial.lifetime,
        "angle_error": float(trial.error[-1]),
        "strength": float(np.nanmean(strength)) if np.isfinite(strength).any() else float("nan"),
        "rate": float(np.mean(trial.readout.rate)),
        "last_strength": float(strength[-1]),
        "last_rate": float(trial.readout.rate[-1]),
    }
