"""Single neurons, the mapping to a rate model, microcircuit rates: measured values."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np

from cortex.meanfield.exponents import angular
from cortex.meanfield.response.mapping import fit_rate_model
from cortex.meanfield.response.transfer import linear_response
from cortex.meanfield.stationary.cv import population_cv
from cortex.meanfield.stationary.external_drive import hold_input
from cortex.meanfield.stationary.packed import boundary_shift
from cortex.meanfield.stationary.siegert import firing_rate
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.params.description.states import ALONE, part_of
from cortex.params.description.study import split
from cortex.params.lif import LIFParams
from cortex.params.microcircuit import MicrocircuitParams
from cortex.params.response import NeuronResponse, ResponseStudy
from cortex.params.senk import SenkParams

CONVENTIONAL: Final = LIFParams(tau_m=20e-3, tau_ref=2e-3, V_th=20e-3, V_reset=10e-3)
SHOWN_FREQUENCIES = (10.0, 30.0, 100.0)
SHOWN_POINTS = ("low_4", "high_1_5")
HELD = (10.0, 10.0)
ELSEWHERE = ((6.0, 6.0), (6.0, 12.0), (12.0, 12.0))


def measure(config: Mapping[str, Any], _tables: Mapping[str, Any]) -> dict[str, float]:
    """Return every value of the table of this family, in the unit of its row."""
    study = ResponseStudy.from_config(config["response"])
    ring_block, circuit_block = (
        split(part_of(config[f"networks.{part.network}"], state, ()))[1]
        for part, state in ((study.mapping, study.mapping.state), (study.microcircuit, ALONE))
    )
    ring = SenkParams.from_config(ring_block)
    circuit = MicrocircuitParams.from_config(circuit_block)
    circuit = replace(circuit, w_cv=study.microcircuit.w_cv)
    return {
        "response.alpha": 2.0 * float(boundary_shift(0.1, 1.0)) / float(np.sqrt(0.1)),
        **measure_zero_frequency(),
        **measure_schuecker(study.schuecker),
        **measure_mapping(ring),
        **measure_microcircuit(circuit),
    }


def measure_zero_frequency() -> dict[str, float]:
    """Return both responses at zero frequency, beside derivatives of the rate, limit, naive form.

    The naive response leaves exp(-lambda tau_ref) out of the denominator but keeps tau_ref in
    the rate.
    """
    at = mu, sigma = (21e-3, 7e-3)
    zero, near = (linear_response(angular(f), *at, CONVENTIONAL) for f in (0.0, 1e-6))
    alive = replace(CONVENTIONAL, tau_ref=0.0)
    naive = linear_response(0j, *at, alive).H_mu.real * firing_rate(*at, CONVENTIONAL)
    naive /= firing_rate(*at, alive)
    nodes, weights = np.array([-2.0, -1.0, 1.0, 2.0]), np.array([1.0, -8.0, 8.0, -1.0]) / 12.0
    h = 1e-3  # relative step: the fourth-order error and the rounding are both below 1e-11
    by_mu = weights @ firing_rate(mu * (1.0 + h * nodes), sigma, CONVENTIONAL) / (h * mu)
    noise = sigma * np.sqrt(1.0 + h * nodes)
    by_variance = weights @ firing_rate(mu, noise, CONVENTIONAL) / (h * sigma**2)
    return {
        "response.zero.H_mu": float(zero.H_mu.real) * 1e-3,
        "response.zero.H_sigma2": float(zero.H_sigma2.real) * 1e-6,
        "response.zero.jump": float(abs(near.H_mu / zero.H_mu - 1.0)),
        "response.zero.H_mu_off_derivative": float(zero.H_mu.real / by_mu - 1.0),
        "response.zero.H_sigma2_off_derivative": float(zero.H_sigma2.real / by_variance - 1.0),
        "response.zero.naive": float(naive) * 1e-3,
        "response.zero.naive_excess": float(naive / zero.H_mu.real) - 1.0,
    }


def measure_schuecker(study: NeuronResponse) -> dict[str, float]:
    """Return rates (Hz), gains (Hz/mV) and phases (degrees) of the published neurons."""
    cell, tau_s = study.neuron, study.tau_s
    got: dict[str, float] = {}
    for name, point in study.points.items():
        at, key = (point.mu, point.sigma), f"response.schuecker.{name}"
        got[f"{key}.white"] = float(firing_rate(*at, cell))
        got[f"{key}.shift"] = float(firing_rate(*at, cell, tau_s=tau_s))
        got[f"{key}.taylor"] = float(firing_rate(*at, cell, tau_s=tau_s, method="taylor"))
        taylor = linear_response(0j, *at, cell, tau_s=tau_s, method="taylor")
        got[f"{key}.gain_0"] = float(taylor.H_mu.real) * 1e-3
        if name not in SHOWN_POINTS:
            continue
        H = linear_response(angular(SHOWN_FREQUENCIES), *at, cell, tau_s=tau_s).H_mu
        for f, value in zip(SHOWN_FREQUENCIES, H, strict=True):
            got[f"{key}.gain_{f:g}"] = float(abs(value)) * 1e-3
            got[f"{key}.phase_{f:g}"] = float(np.degrees(np.angle(value)))
    return got


def measure_mapping(model: SenkParams) -> dict[str, float]:
    """Return external rates (Hz), fits (ms) and weights of the ring at the published inputs."""
    example = fit_at(model.at(5.0), HELD)
    got = {**example, **without(fit_at(model.at(6.0), HELD), "fit_error")}
    for at in ELSEWHERE:  # independent fits from 1 to 200 Hz
        fitted = fit_at(model.at(5.0), at, last=200.0)
        got |= without(fitted, "rate_ext", "w_inh", "fit_error")
    return got


def without(values: Mapping[str, float], *parts: str) -> dict[str, float]:
    """Return the values whose names hold none of `parts`."""
    return {key: value for key, value in values.items() if not any(p in key for p in parts)}


def fit_at(model: SenkParams, at: tuple[float, float], last: float = 199.0) -> dict[str, float]:
    """Return the rate model of the ring held at (mu, sigma) in mV, fitted from 1 Hz to `last`.

    The published example steps to 199 Hz.
    """
    mu, sigma = at
    frequencies = np.arange(1.0, last + 0.5)
    held = hold_input(model.network(), mu * 1e-3, sigma * 1e-3)
    fitted = fit_rate_model(held.network, held.point, frequencies)
    values = {
        "rate_ext_exc": held.network.drive.rate[0, 0],
        "rate_ext_inh": held.network.drive.rate[0, 1],
        "nu": held.point.nu[0],
        "tau": fitted.fit.tau[0] * 1e3,
        "w_exc": fitted.weights[0, 0],
        "w_inh": fitted.weights[0, 1],
        "fit_error": fitted.fit.error[0],
    }
    key = f"response.mapping.g{model.g:g}.{mu:g}_{sigma:g}"
    return {f"{key}.{name}": float(value) for name, value in values.items()}


def measure_microcircuit(model: MicrocircuitParams) -> dict[str, float]:
    """Return weight (mV), rates (Hz) and CVs of the microcircuit and of its Bos et al. variant."""
    network, constant = model.network(), replace(model, drive="dc").network()
    shift = solve_working_point(network)
    rates = {
        "shift": shift.nu,
        "taylor": solve_working_point(network, method="taylor").nu,
        "dc": solve_working_point(constant).nu,
        "cv": population_cv(network, shift),
        "bos": solve_working_point(MicrocircuitParams.bos2016().network(), method="taylor").nu,
    }
    got = {"response.microcircuit.J": model.J * 1e3}
    return got | {
        f"response.microcircuit.{kind}.{name}": float(value)
        for kind, values in rates.items()
        for name, value in zip(network.names, values, strict=True)
    }
