"""What NEST is told of a network: models, connections and drive in its own units and words."""

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from cortex.errors import SimulationError
from cortex.nest.receptors import C_M, Receptors, receptors_of
from cortex.nest.rules import rules_for, span
from cortex.params.network import PopulationNetwork
from cortex.params.simulation import SimulationParams
from cortex.params.wiring import Rules
from cortex.spiking.cells import cells_of
from cortex.spiking.draws import draw_source_lists
from cortex.spiking.drive import initial_potential
from cortex.spiking.requests import Inputs, check_events, check_grid, in_steps
from cortex.spiking.wiring import SourceLists
from cortex.typing import AnyArray, FloatArray

WiringBy = Literal["shared", "nest"]
MOST_SEEDS: Final = 2**31
FIRST_EVENT: Final = 2  # step; a generator's first spike lies at 1 and arrives one later


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """Everything that `cortex.nest.script` reads: words and numbers, and arrays beside them."""

    words: dict[str, Any]
    arrays: dict[str, AnyArray]


def plan_of(
    network: PopulationNetwork,
    settings: SimulationParams,
    *,
    seed: int,
    rule: Rules,
    inputs: Inputs | None = None,
    wiring: SourceLists | WiringBy = "shared",
    threads: int = 1,
) -> Plan:
    """Return what NEST is told of one run of a network.

    Parameters
    ----------
    network, settings, seed, rule, inputs
        As for `cortex.spiking.simulate` and `cortex.spiking.simulation.draw_wiring`.
    wiring : {"shared", "nest"} or SourceLists
        The connections that cortex draws for this seed, ones that NEST draws by the same rule,
        for networks whose lists would not fit, or given ones.
    threads : int
        Threads of NEST; part of its random numbers.

    Raises
    ------
    ParameterError, SimulationError
        The network holds what NEST's LIF models cannot, see `receptors_of`.
    """
    inputs = inputs or Inputs()
    check_grid(network, settings)
    if inputs.neurons is not None or inputs.w0 is not None or inputs.open0 is not None:
        msg = "NEST is handed populations of equal neurons and their potentials, nothing else"
        raise SimulationError(msg)
    dt, receptors = settings.dt, receptors_of(network)
    warm_up = int(in_steps("warm_up", settings.warm_up, dt)[0])
    n_steps = warm_up + int(in_steps("duration", settings.duration, dt, least=1)[0])
    check_events(inputs, network, n_steps)
    rules: list[dict[str, Any]] = []
    pairs = _pairs_of(None, network, receptors)
    if wiring == "nest":
        rules = rules_for(network, receptors, rule, dt)
    else:
        lists = wiring
        if isinstance(lists, str):
            lists = draw_source_lists(network, seed=seed, dt=dt, rule=rule)
        pairs = _pairs_of(lists, network, receptors)
    driven = _driven(network, inputs)
    words = {
        "dt": 1e3 * dt,
        "n_steps": n_steps,
        "warm_up_steps": warm_up,
        "seed": seed % (MOST_SEEDS - 1) + 1,
        "threads": threads,
        "populations": _populations(network, receptors),
        "has_ports": receptors.has_ports,
        "rules": rules,
        "poisson": [_poisson(network, receptors, at, dt) for at in driven],
        "changes": _changes(network, inputs, driven, dt),
    }
    V0 = initial_potential(cells_of(network, None), inputs, seed=seed)
    arrays = {"V_m": 1e3 * V0, **pairs, **_events(network, inputs, receptors)}
    return Plan(words=words, arrays=arrays)


def _populations(network: PopulationNetwork, receptors: Receptors) -> list[dict[str, Any]]:
    """Return model and parameters of each population, potentials relative to rest."""
    lif, found = network.lif, []
    for i, name in enumerate(network.names):
        params = {
            "C_m": C_M,
            "tau_m": 1e3 * lif.tau_m[i],
            "t_ref": 1e3 * lif.tau_ref[i],
            "E_L": 0.0,
            "V_th": 1e3 * lif.V_th[i],
            "V_reset": 1e3 * lif.V_reset[i],
            "I_e": float(_current(network, network.drive.mu_dc)[i]),
            **receptors.parameters(i),
        }
        of_own = {"name": name, "n": int(network.sizes[i]), "neurons": span(network, i)}
        found.append({**of_own, "model": receptors.model(i), "params": params})
    return found


def _current(network: PopulationNetwork, mu_dc: FloatArray) -> FloatArray:
    """Return the current (pA) of a constant drive R I (V), tau_m I / C."""
    return 1e3 * mu_dc * C_M / (1e3 * network.neurons.tau_m)


def _pairs_of(
    lists: SourceLists | None, network: PopulationNetwork, receptors: Receptors
) -> dict[str, AnyArray]:
    """Return sources, targets, weights (mV or pA), delays (steps) and receptors of all synapses."""
    none = np.zeros(0, dtype=np.int32)
    if lists is None:
        ends = {"sources": none, "targets": none}
        return {**ends, "weights": np.zeros(0), "delays": none, "receptors": none}
    population, n = np.repeat(np.arange(network.n_pops), network.sizes), len(lists.targets)
    sources, targets = np.empty((2, n), dtype=np.int32)
    weights, ports = np.empty(n), np.empty(n if receptors.has_ports else 0, dtype=np.int32)
    # part after part: some networks fill the memory
    for k, b in np.ndindex(len(lists.blocks), network.n_pops):
        first, end = span(network, b)
        rows = lists.start[k * lists.n_neurons :][first : end + 1]
        part = slice(rows[0], rows[-1])
        sources[part] = np.repeat(np.arange(first, end), np.diff(rows))
        targets[part] = lists.targets[part]
        targets[part] += lists.blocks[k]
        to = population[targets[part]]
        jumps = network.synapses.strength[to, b] if lists.weights is None else lists.weights[part]
        weights[part] = jumps * receptors.per_jump[to, b]
        if receptors.has_ports:
            ports[part] = receptors.port[to, b]
    delays = lists.delays
    if delays is None:
        delays = np.full(n, lists.delay, dtype=np.uint16)
    ends = {"sources": sources, "targets": targets}
    return {**ends, "weights": weights, "delays": delays, "receptors": ports}


def _driven(network: PopulationNetwork, inputs: Inputs) -> list[tuple[int, int]]:
    """Return the Poisson inputs that ever reach a population, (population, input)."""
    rates = network.drive.rate[np.newaxis] if inputs.rates is None else inputs.rates
    if np.any(rates < 0.0):
        msg = f"external rates must not be negative (Hz), got {rates.min():g}"
        raise SimulationError(msg)
    return [(int(a), int(p)) for a, p in np.argwhere(np.any(rates > 0.0, axis=0))]


def _poisson(
    network: PopulationNetwork, receptors: Receptors, at: tuple[int, int], dt: float
) -> dict[str, Any]:
    weight = network.drive.J[at] * receptors.per_input_jump[at]
    synapse = {"weight": weight, "delay": 1e3 * dt, **receptors.synapse(receptors.input_port[at])}
    rate = float(network.drive.rate[at])
    return {"target": span(network, at[0]), "rate": rate, "synapse": synapse}


def _changes(
    network: PopulationNetwork, inputs: Inputs, driven: list[tuple[int, int]], dt: float
) -> dict[str, Any]:
    """Return rates (Hz) and currents (pA) of every interval of drives that change."""
    given = {inputs.rate_interval} if inputs.rates is not None else set()
    given |= {inputs.mu_dc_interval} if inputs.mu_dc is not None else set()
    if not given:
        return {"steps": 0, "rates": [], "currents": []}
    if len(given) > 1:
        msg = f"rates and constant drives change in intervals of {sorted(given)} s; take one"
        raise SimulationError(msg)
    n = max(len(each) for each in (inputs.rates, inputs.mu_dc) if each is not None)
    rates = np.broadcast_to(network.drive.rate, (n, *network.drive.rate.shape))
    rates = rates if inputs.rates is None else inputs.rates
    mu_dc = np.broadcast_to(network.drive.mu_dc, (n, network.n_pops))
    mu_dc = mu_dc if inputs.mu_dc is None else inputs.mu_dc
    steps = int(in_steps("interval of a changing drive", given.pop(), dt, least=1)[0])
    return {
        "steps": steps,
        "rates": [[float(rate[at]) for at in driven] for rate in rates],
        "currents": [_current(network, mu).tolist() for mu in mu_dc],
    }


def _events(
    network: PopulationNetwork, inputs: Inputs, receptors: Receptors
) -> dict[str, AnyArray]:
    """Return explicit input spikes, each through the receptor of its sign, in NEST's units."""
    events, none = inputs.events, np.zeros(0, dtype=np.int64)
    if events is None:
        return {"event_steps": none, "event_targets": none, "event_weights": np.zeros(0)}
    if receptors.has_ports or np.any(events.steps < FIRST_EVENT):
        msg = (
            "NEST takes explicit spikes from the second step on, and onto neurons with one time "
            "constant for each sign of a weight"
        )
        raise SimulationError(msg)
    population = np.repeat(np.arange(network.n_pops), network.sizes)[events.targets]
    tau = np.where(
        events.weights < 0.0, receptors.inhibitory[population], receptors.excitatory[population]
    )
    return {
        "event_steps": np.asarray(events.steps, dtype=np.int64),
        "event_targets": np.asarray(events.targets, dtype=np.int64),
        "event_weights": events.weights * Receptors.of_tau(tau),
    }
