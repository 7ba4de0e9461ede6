"""The Poisson rates at which theory gives populations their wanted firing rates."""

import warnings
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np
from scipy.optimize import brentq

from cortex.errors import ParameterError, RegimeWarning
from cortex.meanfield.stationary.moments import (
    input_std,
    input_variance,
    mean_input,
    synaptic_time_constant,
)
from cortex.meanfield.stationary.nodes import rates_on_nodes
from cortex.meanfield.stationary.receptor_inputs import ReceptorInputs
from cortex.meanfield.stationary.siegert import firing_rate
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons
from cortex.params.network import PopulationNetwork
from cortex.typing import FloatArray, IntArray

HIGHEST = 1e8  # Hz
MOST = 9.0  # V; a mean input beyond it is none, and rates come no nearer to 1/tau_ref


def find_drive(
    network: PopulationNetwork, wanted: Mapping[tuple[str, int], float]
) -> PopulationNetwork:
    """Return the network with the rates of some Poisson inputs set to reach wanted rates.

    Populations without a wanted rate take the rates that the others make them have.

    Parameters
    ----------
    network : PopulationNetwork
        The network; the rates of the inputs to be found do not matter.
    wanted : mapping of (population, input) to float
        Firing rate (Hz) of the population, reached by that input alone.

    Raises
    ------
    ParameterError
        Two inputs of one population are wanted, or no rate of the input reaches the wanted one.
    ConvergenceError
        The populations without a wanted rate have no working point.
    """
    rows = {network.names.index(name): (slot, nu) for (name, slot), nu in wanted.items()}
    if len(rows) < len(wanted):
        msg = f"one input per population may be found for a wanted rate, asked are {list(wanted)}"
        raise ParameterError(msg)
    rate = network.drive.rate.copy()
    for row, (slot, _) in rows.items():
        rate[row, slot] = 0.0
    silent = replace(network, drive=replace(network.drive, rate=rate))
    found = rate.copy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RegimeWarning)  # the working point of the network says it
        nu = _rates(silent, {row: wish for row, (_, wish) in rows.items()})
        for row, (slot, wish) in rows.items():
            found[row, slot] = _rate_of_input(silent, nu, (row, slot), wish)
    return replace(network, drive=replace(network.drive, rate=found))


def _rates(network: PopulationNetwork, held: Mapping[int, float]) -> FloatArray:
    """Return all rates where some are held: the others see those as Poisson inputs."""
    nu = np.array([held.get(row, 0.0) for row in range(network.n_pops)])
    free = np.array([row for row in range(network.n_pops) if row not in held], dtype=int)
    fixed = np.array(sorted(held), dtype=int)
    if free.size:
        nu[free] = solve_working_point(_of(network, free, fixed, nu)).nu
    return nu


def _of(
    network: PopulationNetwork, free: IntArray, held: IntArray, nu: FloatArray
) -> PopulationNetwork:
    """Return the free populations alone, the spikes of the held ones as Poisson inputs."""
    synapses, drive, pairs = network.synapses, network.drive, np.ix_(free, free)
    from_held = np.ix_(free, held)
    joined = {
        "rate": synapses.in_degrees[from_held] * nu[held],
        "J": synapses.J[from_held],
        "tau_s": synapses.tau_s[from_held],
    }
    own: dict[str, Any] = {
        field.name: value[pairs]
        for field in fields(synapses)
        if isinstance(value := getattr(synapses, field.name), np.ndarray)
    }
    return PopulationNetwork(
        names=tuple(network.names[row] for row in free),
        sizes=network.sizes[free],
        neurons=_neurons(network, free),
        synapses=replace(synapses, **own),
        drive=Drive(
            mu_dc=drive.mu_dc[free],
            **{n: np.hstack([getattr(drive, n)[free], extra]) for n, extra in joined.items()},
        ),
    )


def _neurons(network: PopulationNetwork, rows: IntArray | int) -> LIFNeurons:
    own = network.lif
    quantities = ("tau_m", "tau_ref", "V_th", "V_reset")
    return LIFNeurons(**{name: getattr(own, name)[rows] for name in quantities})


def _rate_of_input(
    network: PopulationNetwork, nu: FloatArray, at: tuple[int, int], wish: float
) -> float:
    """Return the rate of one input at which its population fires at `wish`, Hz."""
    row = at[0]
    neuron, J = _neurons(network, row), network.drive.J[at]
    mean, variance = mean_input(network, nu)[row], input_variance(network, nu)[row]
    unlike = not ReceptorInputs.of(_with_rate(network, at, 1.0)).are_alike
    tau_s = 0.0 if unlike else synaptic_time_constant(network)[row]

    def excess(rate: float) -> float:
        if unlike:
            return _rate_on_nodes(_with_rate(network, at, rate), nu, row) - wish
        mu = mean + neuron.tau_m * J * rate
        sigma = np.sqrt(variance + neuron.tau_m * J**2 * rate)
        return float(firing_rate(mu, sigma, neuron, tau_s=tau_s)) - wish

    room = abs(MOST - np.sign(J) * mean) / (neuron.tau_m * abs(J)) if J else HIGHEST
    high, highest = 1.0, float(min(HIGHEST, room))
    while excess(0.0) * excess(high) > 0.0 and high < highest:
        high = min(4.0 * high, highest)
    if excess(0.0) * excess(high) > 0.0:
        msg = (
            f"no rate of the wanted input makes {network.names[row]} fire at {wish:g} Hz: without "
            f"it it fires at {excess(0.0) + wish:.4g} Hz, with {high:.3g} Hz of jumps of {J:g} V "
            f"at {excess(high) + wish:.4g} Hz; change wanted_rate_Hz, or sign or size of its weight"
        )
        raise ParameterError(msg)
    found: float = brentq(excess, 0.0, high, xtol=1e-12, rtol=1e-14)
    return found


def _with_rate(network: PopulationNetwork, at: tuple[int, int], rate: float) -> PopulationNetwork:
    rates = network.drive.rate.copy()
    rates[at] = rate
    return replace(network, drive=replace(network.drive, rate=rates))


def _rate_on_nodes(network: PopulationNetwork, nu: FloatArray, row: int) -> float:
    """Return the rate of one population, all its receptors in nodes, at the rates nu of others."""
    mu, sigma = mean_input(network, nu), input_std(network, nu)
    return rates_on_nodes(ReceptorInputs.of(network), mu, sigma, nu, rows=(row,))[row].nu
