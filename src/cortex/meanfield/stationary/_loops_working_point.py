"""Compiled search for self-consistent rates: pseudo-time relaxation, then Newton.

A network is packed into `drive` (n, 2): mean and variance of the input without recurrence;
`coupling` (2, n, n): mean and variance added per Hz of each source; `neurons` (n, 5) as in
`_loops_siegert.rate_table`.
"""

from math import sqrt

import numpy as np
from numba import njit

from cortex.meanfield.stationary._loops_siegert import rate_and_slopes
from cortex.typing import FloatArray

GAMMA = 1.0 - 1.0 / sqrt(2.0)
RUNAWAY = 1e5  # Hz; faster than any refractory period allows: rates that nothing bounds


@njit(cache=True)
def flow_and_jacobian(
    nu: FloatArray, drive: FloatArray, coupling: FloatArray, neurons: FloatArray, method: int
) -> tuple[FloatArray, FloatArray]:
    """Return F = phi(nu) - nu and dF/dnu, shapes (n,) and (n, n)."""
    n = nu.size
    flow, jacobian = np.empty(n), np.empty((n, n))
    for i in range(n):
        mu, variance = drive[i, 0], drive[i, 1]
        for j in range(n):
            mu += coupling[0, i, j] * nu[j]
            variance += coupling[1, i, j] * nu[j]
        sigma = sqrt(max(variance, 0.0))
        p = neurons[i]
        phi, by_mu, by_sigma = rate_and_slopes(mu, sigma, p[0], p[1], p[2], p[3], p[4], method)
        flow[i] = phi - nu[i]
        by_variance = 0.5 * by_sigma / sigma if sigma > 0.0 else 0.0
        for j in range(n):
            jacobian[i, j] = by_mu * coupling[0, i, j] + by_variance * coupling[1, i, j]
        jacobian[i, i] -= 1.0
    return flow, jacobian


@njit(cache=True)
def relax(
    nu: FloatArray,
    drive: FloatArray,
    coupling: FloatArray,
    neurons: FloatArray,
    method: int,
    max_steps: int,
) -> tuple[FloatArray, int]:
    """Follow dnu/ds = phi(nu) - nu from `nu` until steps or rates are huge; return nu, steps.

    Rosenbrock method of order 2 with an embedded error estimate (Verwer et al. 1999).
    """
    identity = np.eye(nu.size)
    h = 1e-3
    flow, jacobian = flow_and_jacobian(nu, drive, coupling, neurons, method)
    for step in range(max_steps):
        matrix = identity - GAMMA * h * jacobian
        k1 = np.linalg.solve(matrix, flow)
        middle, _ = flow_and_jacobian(nu + h * k1, drive, coupling, neurons, method)
        k2 = np.linalg.solve(matrix, middle - 2.0 * k1)
        error = np.max(np.abs(0.5 * h * (k1 + k2)) / (1e-3 + 2e-2 * np.abs(nu + h * k1)))
        if error <= 1.0:
            nu = nu + h * (1.5 * k1 + 0.5 * k2)
            flow, jacobian = flow_and_jacobian(nu, drive, coupling, neurons, method)
            if h > 1e3 or not np.max(np.abs(nu)) < RUNAWAY:
                return nu, step + 1
        h *= min(5.0, max(0.2, 0.8 / sqrt(error + 1e-12)))
    return nu, max_steps


@njit(cache=True)
def polish(
    nu: FloatArray,
    drive: FloatArray,
    coupling: FloatArray,
    neurons: FloatArray,
    method: int,
    rtol: float,
    max_steps: int,
) -> tuple[FloatArray, FloatArray, FloatArray, int, bool]:
    """Apply Newton with step halving; return nu, flow, jacobian, steps, converged."""
    flow, jacobian = flow_and_jacobian(nu, drive, coupling, neurons, method)
    residual = np.max(np.abs(flow))
    for step in range(max_steps):
        delta = np.linalg.solve(jacobian, -flow)
        factor = 1.0
        trial = nu + delta
        new_flow, new_jacobian = flow_and_jacobian(trial, drive, coupling, neurons, method)
        while not np.max(np.abs(new_flow)) <= residual and factor > 1e-4:
            factor *= 0.5
            trial = nu + factor * delta
            new_flow, new_jacobian = flow_and_jacobian(trial, drive, coupling, neurons, method)
        small = bool(np.all(np.abs(delta) <= rtol * np.abs(nu) + 1e-300))
        if not np.max(np.abs(new_flow)) < residual:
            small = small or bool(residual <= rtol * np.max(np.abs(nu)))
            return nu, flow, jacobian, step, small
        nu, flow, jacobian = trial, new_flow, new_jacobian
        residual = np.max(np.abs(flow))
        if small or residual == 0.0:
            return nu, flow, jacobian, step + 1, True
    return nu, flow, jacobian, max_steps, False


@njit(cache=True, nogil=True)
def flow_at(
    points: FloatArray, drive: FloatArray, coupling: FloatArray, neurons: FloatArray, method: int
) -> FloatArray:
    """Return phi(nu) - nu at many points, both shape (n_points, n)."""
    out = np.empty_like(points)
    for k in range(points.shape[0]):
        out[k] = flow_and_jacobian(points[k], drive, coupling, neurons, method)[0]
    return out
