"""Self-consistent rates of populations whose receptors have time constants of their own."""

from collections.abc import Container
from dataclasses import dataclass
from typing import Final

import numpy as np

from cortex.meanfield.density.receptors import ReceptorRate, receptor_rate
from cortex.meanfield.stationary.moments import mean_coupling, mean_input
from cortex.meanfield.stationary.packed import pack
from cortex.meanfield.stationary.receptor_inputs import ReceptorInputs
from cortex.meanfield.stationary.siegert import rate_and_slopes
from cortex.typing import FloatArray

GRID_STEP: Final = 3e-5
"""Relative steps of phi where the reset moves on to another cell; a root may lie in one."""


@dataclass(frozen=True, slots=True, eq=False)
class NewtonState:
    """Rates on the way to a fixed point.

    Attributes
    ----------
    nu, flow : ndarray of shape (n_pops,)
        Rates, and phi(nu) - nu, Hz.
    jacobian : ndarray of shape (n_pops, n_pops)
        d phi / d nu - 1.
    n_steps : int
        Newton steps taken.
    converged : bool
        Whether the last step met its tolerance.
    """

    nu: FloatArray
    flow: FloatArray
    jacobian: FloatArray
    n_steps: int = 0
    converged: bool = False


def flow_on_nodes(inputs: ReceptorInputs, nu: FloatArray) -> NewtonState:
    """Return phi(nu) - nu and its Jacobian, by the density of each population.

    Populations of alike neurons and input are solved once. Those with too little noise for the
    cells, or far below threshold, take the closed form of the effective time constant.
    """
    mu, sigma = mean_input(inputs.network, nu), np.sqrt(inputs.variance(nu).sum(axis=1))
    flow, jacobian = -nu, mean_coupling(inputs.network)
    for a, rate in enumerate(rates_on_nodes(inputs, mu, sigma, nu)):
        by_variance = inputs.coupling[a][:, inputs.is_used[a]] @ rate.by_variance
        jacobian[a] = rate.by_mu * jacobian[a] + by_variance
        flow[a] += rate.nu
    return NewtonState(nu, flow, jacobian - np.eye(nu.size))


def rates_on_nodes(
    inputs: ReceptorInputs,
    mu: FloatArray,
    sigma: FloatArray,
    nu: FloatArray,
    *,
    rows: Container[int] | None = None,
) -> list[ReceptorRate]:
    """Return rate and slopes of every population.

    Parameters
    ----------
    inputs : ReceptorInputs
        Network and receptors.
    mu, sigma : ndarray of shape (n_pops,)
        Mean and standard deviation of the input, V.
    nu : ndarray of shape (n_pops,)
        Rates, Hz, at which the receptors share the variance.
    rows : container of int, optional
        Populations whose density is solved, all by default; the others keep the closed form.
    """
    known: dict[tuple[object, ...], ReceptorRate] = {}
    closed = closed_rates(inputs, mu, sigma, nu)
    for a, neuron in enumerate(inputs.neurons(mu, sigma, nu)):
        if neuron is not None and neuron.is_resolved and (rows is None or a in rows):
            if neuron.key not in known:
                known[neuron.key] = receptor_rate(neuron)
            closed[a] = known[neuron.key]
    return closed


def closed_rates(
    inputs: ReceptorInputs, mu: FloatArray, sigma: FloatArray, nu: FloatArray
) -> list[ReceptorRate]:
    """Return rates and slopes as in `rates_on_nodes`, with effective time constants."""
    tau_s = inputs.effective_time_constant(nu)
    packed = pack(mu, sigma, inputs.network.lif, tau_s, quiet=True)
    return [
        ReceptorRate(
            nu=float(rate),
            by_mu=float(by_mu),
            by_variance=np.full(int(used.sum()), 0.5 * by_sigma / noise if noise > 0.0 else 0.0),
        )
        for (rate, by_mu, by_sigma), noise, used in zip(
            rate_and_slopes(packed, "shift"), sigma, inputs.is_used, strict=True
        )
    ]


def newton_on_nodes(
    inputs: ReceptorInputs, nu: FloatArray, *, rtol: float = 1e-9, max_steps: int = 30
) -> NewtonState:
    """Return the fixed point that Newton with step halving finds from `nu` (Hz).

    The tolerance is far below the error of the theory and above that of the extrapolation.
    """
    state = flow_on_nodes(inputs, nu)
    for step in range(1, max_steps + 1):
        delta = np.linalg.solve(state.jacobian, -state.flow)
        factor, trial = 1.0, flow_on_nodes(inputs, state.nu + delta)
        while not _size(trial) <= _size(state) and factor > 1e-3:
            factor *= 0.5
            trial = flow_on_nodes(inputs, state.nu + factor * delta)
        small = bool(np.all(np.abs(delta) <= rtol * np.abs(state.nu) + 1e-12))
        if not _size(trial) < _size(state):
            stuck = _size(state) <= GRID_STEP * np.max(np.abs(state.nu))
            return NewtonState(state.nu, state.flow, state.jacobian, step, small or bool(stuck))
        state = NewtonState(trial.nu, trial.flow, trial.jacobian, step, small)
        if small:
            break
    return state


def _size(state: NewtonState) -> float:
    return float(np.max(np.abs(state.flow)))
