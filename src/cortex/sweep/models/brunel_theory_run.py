"""Predict the working point and the regime of a Brunel network."""

from typing import Final

import numpy as np

from cortex.meanfield.cv import population_cv
from cortex.meanfield.stability import leading_mode
from cortex.meanfield.working_point import solve_working_point
from cortex.params.brunel import BrunelParams
from cortex.sweep.model import Value

REGULAR_CV: Final = 0.3
SLOW_FREQUENCY: Final = 80.0


def evaluate(params: BrunelParams, _: int) -> dict[str, Value]:
    """Return rate, input, irregularity, leading mode and regime.

    Notes
    -----
    Where several working points exist, the one reached from silence. Names of regimes after
    Brunel (2000), J. Comput. Neurosci. 8:183: a working point with CV < 0.3 is driven by its
    mean and fires regularly; an irregular one is asynchronous if it is stable, and else
    oscillates: fast by recurrent inhibition and delay, slow by excitation below 80 Hz.
    """
    network = params.network()
    point = solve_working_point(network)
    cv = float(population_cv(network, point)[0])
    leading = leading_mode(network, point)
    frequency = abs(leading.imag) / (2.0 * np.pi)
    return {
        "nu": float(point.nu[0]),
        "mu": float(point.mu[0]),
        "sigma": float(point.sigma[0]),
        "cv": cv,
        "growth": leading.real,
        "frequency": frequency,
        "regime": _regime(cv, leading.real, frequency),
    }


def _regime(cv: float, growth: float, frequency: float) -> str:
    if cv < REGULAR_CV:
        return "regular"
    if not growth > 0.0:
        return "asynchronous"
    return "slow oscillation" if frequency < SLOW_FREQUENCY else "fast oscillation"
