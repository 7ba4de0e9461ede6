"""Neurons of a network that differ within their population."""

from dataclasses import fields

import numpy as np

from cortex.cells.mixed import part_of
from cortex.networks.case import NetworkCase
from cortex.params.description.scatter import draw_neurons
from cortex.params.lif import SPECS
from cortex.rng import stream
from cortex.spiking.requests import PerNeuron
from cortex.typing import FloatArray


def scattered_neurons(case: NetworkCase, *, seed: int) -> PerNeuron | None:
    """Return the parameters of every neuron of a case whose file scatters some, else None.

    Parameters
    ----------
    case : NetworkCase
        The network.
    seed : int
        Seed of the run; each population has a stream of its own.

    Returns
    -------
    PerNeuron or None
        Refractory periods are rounded to the steps of the simulation. A larger capacitance makes
        synaptic jumps smaller, a smaller leak conductance raises R I of currents in A.
    """
    if not case.scatter:
        return None
    network, dt = case.network, case.study.simulation.dt
    values = {"capacitance": np.ones(network.n_pops), "rest": np.zeros(network.n_pops)}
    values["mu_dc"] = network.drive.mu_dc
    parts = [part_of(network.neurons, a) for a in range(network.n_pops)]
    for name in {each.name for part in parts for each in fields(part)}:
        of_parts = [getattr(part, name, None) for part in parts]
        known = next(each for each in of_parts if each is not None)  # elsewhere nothing reads it
        values[name] = np.array([known if each is None else each for each in of_parts])
    wide = {name: np.repeat(value, network.sizes) for name, value in values.items()}
    for name in case.scatter:
        a = network.names.index(name)
        own = slice(int(network.first[a]), int(network.first[a + 1]))
        n = int(network.sizes[a])
        for key, drawn in _population(case, name, n, seed).items():
            wide[key][own] = drawn + (wide[key][own] if key == "mu_dc" else 0.0)
    wide["tau_ref"] = np.rint(wide["tau_ref"] / dt) * dt
    if all(current == 0.0 for _, current in case.scatter.values()):
        del wide["mu_dc"]  # a course of it may stand beside
    common = {name: wide.pop(name) for name in (*SPECS, "capacitance", "rest")}
    return PerNeuron(**common, mu_dc=wide.pop("mu_dc", None), model=wide)


def _population(case: NetworkCase, name: str, n: int, seed: int) -> dict[str, FloatArray]:
    """Return the values of one population by field; of `mu_dc` what is added to the mean."""
    population, current = case.scatter[name]
    rng = stream(seed, "scatter", name)
    cells = draw_neurons(population.cell, population.spread, n, rng)
    normal = [each.normal() for each in cells]
    found = {key: np.array([each[key] for each in normal]) for key in normal[0]}
    found["rest"] = np.array([each.E_L for each in cells]) - population.E_L
    C = population.C
    found["capacitance"] = np.ones(n)
    if C is not None:
        found["capacitance"] = np.array([each.C for each in cells]) / C
    resistance = found["tau_m"] / population.tau_m / found["capacitance"]
    found["mu_dc"] = current * (resistance - 1.0)
    return found
