"""From the description of a network to the normal form that theory and simulation read."""

from typing import TYPE_CHECKING, cast

import numpy as np

from cortex.cells.mixed import MixedNeurons
from cortex.cells.registry import CELLS
from cortex.params.drive import Drive
from cortex.params.lif import Neurons
from cortex.params.network import PopulationNetwork
from cortex.params.nmda import NMDA
from cortex.params.space import AT_ONCE, NetworkSpace, Positions
from cortex.params.synapses import Synapses
from cortex.typing import FloatArray

if TYPE_CHECKING:
    from cortex.params.description.populations import PopulationsParams

SHORTEST = 1e-3  # s; delay of pairs without synapses, which nothing reads
ABSENT = {"J": 0.0, "g": 0.0, "E_rev": 0.0, "tau_s": np.nan, "tau_rise": 0.0}


def normal_form(net: "PopulationsParams") -> PopulationNetwork:
    """Return the normal form of a description, its populations from A to Z."""
    return PopulationNetwork(
        names=net.names,
        sizes=np.array([net.populations[name].size for name in net.names]),
        neurons=_neurons(net),
        synapses=_synapses(net),
        drive=_drive(net),
        space=_space(net),
        nmda=_nmda(net),
    )


def _neurons(net: "PopulationsParams") -> Neurons:
    """Return the neurons of all populations: arrays of one model, or a record of each."""
    cells = [net.populations[name].normal() for name in net.names]
    kinds = [CELLS[net.populations[name].model].neurons for name in net.names]
    if len(set(kinds)) > 1:
        return MixedNeurons.of(*(kind(**cell) for kind, cell in zip(kinds, cells, strict=True)))
    return kinds[0](**{q: [cell[q] for cell in cells] for q in cells[0]})


def _nmda(net: "PopulationsParams") -> NMDA | None:
    """Return the NMDA receptors beside the synapses, where any projection has some."""
    g = np.zeros((len(net.names), len(net.names)))
    row = {name: i for i, name in enumerate(net.names)}
    for name, each, (a, b) in net.pairs():
        if each.g_nmda:
            g[row[a], row[b]] = net.over_leak(("projections", name), each.g_nmda, a)
    if not np.any(g):
        return None
    rest, of = np.array([net.populations[name].E_L for name in net.names]), net.nmda
    return NMDA(
        g=g, block=[of.block_at(E_L) for E_L in rest], E_rev=of.E_rev - rest,
        tau_rise=of.tau_rise, tau_s=of.tau_s, alpha=of.alpha,
    )  # fmt: skip


def _synapses(net: "PopulationsParams") -> Synapses:
    """Return the matrices [target, source]; pairs without synapses take what their row has."""
    row = {name: i for i, name in enumerate(net.names)}
    shape = len(row), len(row)
    absent = {"in_degrees": 0.0, "J_cv": 0.0, "delay": SHORTEST, "delay_sd": 0.0, "U": 1.0,
              "tau_rec": 0.0, "tau_fac": 0.0, "tau_active": 0.0, **ABSENT}  # fmt: skip
    values = {name: np.full(shape, value) for name, value in absent.items()}
    for name, each, (a, b) in net.pairs():
        sizes = net.populations[a].size, net.populations[b].size
        of_pair = {
            "in_degrees": each.mean_in_degree(*sizes),
            "J_cv": each.weight_cv,
            "delay": each.delay,
            "delay_sd": each.delay_sd,
            "U": 1.0 if each.U is None else each.U,
            "tau_rec": each.tau_rec,
            "tau_fac": each.tau_fac,
            "tau_active": each.tau_active,
            **net.strength(("projections", name), each, a),
        }
        for key, value in of_pair.items():
            values[key][row[a], row[b]] = value
    values["tau_s"] = _filled(values["tau_s"], net)
    laws = [p.delay_law for p in net.projections.values() if p.delay_sd > 0.0]
    return Synapses(**values, delay_distribution=laws[0] if laws else "none")


def _drive(net: "PopulationsParams") -> Drive:
    """Return rate, jump and time constant of every Poisson input, and the constant drive."""
    inputs = net.inputs()
    shape = len(inputs), max(1, *(len(each) for each in inputs.values()))
    rate = np.zeros(shape)
    values = {name: np.full(shape, value) for name, value in ABSENT.items()}
    for i, (target, of_target) in enumerate(inputs.items()):
        for slot, (name, each) in enumerate(of_target):
            rate[i, slot] = net.rate_of(each)
            for key, value in net.strength(("drive", name), each, target).items():
                values[key][i, slot] = value
    mu_dc = [
        sum(net.mean_of(("drive", name), each, target) for name, each in currents)
        for target, currents in net.currents().items()
    ]
    values["tau_s"] = _filled(values["tau_s"], net)
    return Drive(rate=rate, mu_dc=np.array(mu_dc, dtype=float), **values)


def _filled(tau_s: FloatArray, net: "PopulationsParams") -> FloatArray:
    """Return time constants with those of unused places set to one that the target has."""
    shortest: dict[str, float] = {}
    for _, each, (target, _) in net.pairs():
        tau = net.receptor(each.receptor).tau_s
        shortest[target] = min(tau, shortest.get(target, tau))
    for target, inputs in net.inputs().items():
        for _, drive in inputs:
            tau = net.receptor(drive.receptor).tau_s
            shortest[target] = min(tau, shortest.get(target, tau))
    fill = np.array([shortest.get(name, 0.0) for name in net.names])
    return np.where(np.isnan(tau_s), fill[:, None], tau_s)


def _space(net: "PopulationsParams") -> NetworkSpace | None:
    """Return the ring, sheet or volume; pairs without synapses take shapes that nothing reads."""
    if net.space is None:
        return None
    row = {name: i for i, name in enumerate(net.names)}
    shape, extent = (len(row), len(row)), np.array(net.space.extent)
    profile, width = np.full(shape, "boxcar", dtype=object), np.full(shape, 0.5 * extent.min())
    speed = np.full(shape, AT_ONCE)
    for _, each, (a, b) in net.pairs():
        place = row[a], row[b]
        profile[place], width[place] = each.profile or "", each.width or 0.0
        speed[place] = AT_ONCE if each.speed is None else each.speed
    return NetworkSpace(
        extent=extent,
        profile=profile,
        width=width,
        speed=speed,
        periodic=net.space.periodic,
        positions=cast("Positions", net.space.positions),
        jitter=net.space.jitter,
        tables={name: np.array(each) for name, each in net.space.profiles.items()},
    )
