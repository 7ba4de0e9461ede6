"""Izhikevich cells, published networks and bump: what the acceptance table asks of them."""

from collections.abc import Mapping
from math import radians
from typing import Any, Final

import numpy as np

from cortex.izhikevich.firing import find_landmarks, firing_curve, step_response
from cortex.izhikevich.published import CASES, published_run
from cortex.izhikevich.ring import base_level
from cortex.params.izhikevich import FAST_SPIKING, REGULAR_SPIKING, IzhikevichCell
from cortex.steps.select import alone
from cortex.typing import AnyArray
from cortex.units import from_si

CELLS: Final = {"RS": REGULAR_SPIKING, "FS": FAST_SPIKING}
CURRENTS_pA: Final = (125, 200, 300, 400)
STEPS: Final = (2e-4, 1e-4, 5e-5, 2.5e-5, 1.25e-5)
FINEST: Final = 1e-6
HELD: Final = 3.0
"""Delay period over which the bump must hold, s."""


def measure(
    _config: Mapping[str, Any], tables: Mapping[str, Mapping[str, AnyArray]]
) -> dict[str, float]:
    """Return what cells and networks give and, of a run, what its bump does."""
    got = measure_cells() | measure_networks()
    return got | (measure_bump(**tables) if tables else {})


def measure_cells() -> dict[str, float]:
    """Return landmarks (pA), Euler rates (Hz) and orders of convergence of both cells."""
    got: dict[str, float] = {}
    for name, cell in CELLS.items():
        marks = find_landmarks(cell, scheme="reference")
        for key in ("fold", "hopf", "fold_found", "hopf_found", "spike_onset", "firing_onset"):
            got[f"izhikevich.{key}.{name}"] = from_si(getattr(marks, key), "pA")
        got[f"izhikevich.firing_offset.{name}"] = from_si(marks.firing_offset, "pA")
        curve = firing_curve(cell, np.array(CURRENTS_pA) * 1e-12, scheme="reference")
        for current, rate in zip(CURRENTS_pA, curve.steady_rate, strict=True):
            got[f"izhikevich.rate.{name}_{current}pA"] = float(rate)
        got[f"izhikevich.order.{name}"] = convergence_order(cell)
    return got


def convergence_order(cell: IzhikevichCell) -> float:
    """Return the order in dt of the largest spike-time error of the standard scheme."""
    current = np.array([250e-12])
    exact = step_response(cell, current, 0.3, dt=FINEST).spikes.times
    runs = [step_response(cell, current, 0.3, dt=dt).spikes.times for dt in STEPS]
    errors = [np.max(np.abs(run - exact)) for run in runs]
    return float(np.polyfit(np.log(STEPS), np.log(errors), 1)[0])


def measure_networks() -> dict[str, float]:
    """Return spike counts of the published networks and J_minus of Compte et al. (2000)."""
    counts = {f"izhikevich.spikes.{name}": float(len(published_run(name).spikes)) for name in CASES}
    return {**counts, "izhikevich.J_minus": base_level(1.62, radians(14.4))}


def measure_bump(
    trials: Mapping[str, AnyArray], fit: Mapping[str, AnyArray], sweep: Mapping[str, AnyArray]
) -> dict[str, float]:
    """Return how long and how well the bump holds, from the tables of its trials and sweep.

    What the configuration leaves out of the sweep has no value.
    """
    early = trials["time"] < HELD
    n_held = min(
        np.sum(trials["alive"][early & (trials["trial"] == trial)])
        for trial in np.unique(trials["trial"])
    )
    window = float(np.min(np.diff(np.unique(trials["time"]))))
    swept: dict[str, tuple[str, str, float | None]] = {  # None: the smallest value
        "bump.life_at_J_plus_1": ("lifetime", "J_plus", 1.0),
        "bump.life_at_J_plus_3": ("lifetime", "J_plus", 3.0),
        "bump.life_at_weakest_inhibition": ("lifetime", "gaba_gain", None),
        "bump.rate_without_cue": ("last_rate", "cue_amplitude", 0.0),
    }
    largest = {}
    for check, (column, parameter, value) in swept.items():
        points = alone(sweep, parameter) if parameter in sweep else {parameter: np.zeros(0)}
        at = points[parameter]
        here = at == (np.min(at, initial=np.inf) if value is None else value)
        if here.any():
            largest[check] = float(np.max(points[column][here]))
    return {
        "bump.n_trials": float(len(np.unique(trials["trial"]))),
        "bump.shortest_life": float(n_held) * window,
        "bump.largest_error": float(np.rad2deg(np.max(np.abs(trials["error"][early])))),
        "bump.drift_over_error": float(abs(fit["drift"][0]) / fit["drift_error"][0]),
        "bump.diffusion_over_error": float(fit["coefficient"][0] / fit["coefficient_error"][0]),
        "bump.linearity": float(fit["linearity"][0]),
        **largest,
    }
