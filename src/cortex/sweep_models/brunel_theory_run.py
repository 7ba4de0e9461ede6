"""Predict the working point and the regime of a Brunel network."""

import numpy as np

from cortex.analysis.regimes import CRITERIA, Regime
from cortex.meanfield.stability.eigenvalues import leading_mode
from cortex.meanfield.stationary.cv import population_cv
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.params.brunel import BrunelParams
from cortex.sweep.model import Value


def evaluate(params: BrunelParams, _: int) -> dict[str, Value]:
    """Return rate, input, irregularity, leading mode and regime.

    Notes
    -----
    Where several working points exist, the one reached from silence. Regimes are named as in
    `cortex.analysis.regimes`, after Brunel (2000), J. Comput. Neurosci. 8:183: a working point
    with a small CV is driven by its mean and fires regularly, synchronously so in this network
    of equal delays (SR); an irregular one is asynchronous if it is stable (AI), and else
    oscillates, fast by inhibition and delay, slow by excitation (SI).
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
        "regime": _regime(float(point.nu[0]), cv, leading.real, frequency),
    }


def _regime(nu: float, cv: float, growth: float, frequency: float) -> Regime:
    if nu < CRITERIA.silent_rate:
        return "silent"
    if cv < CRITERIA.regular_cv:
        return "SR"
    if not growth > 0.0:
        return "AI"
    return "SI fast" if frequency > CRITERIA.fast_frequency else "SI slow"
