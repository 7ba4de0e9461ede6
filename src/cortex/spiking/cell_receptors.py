"""How the synapses of any network fall into receptors, and how these move in a step."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.linalg import expm

from cortex.errors import SimulationError
from cortex.params.drive import Drive
from cortex.params.network import PopulationNetwork
from cortex.params.nmda import NMDA
from cortex.params.synapses import Synapses
from cortex.spiking import _loops_cell_moves as moves
from cortex.spiking.cells import Cells
from cortex.spiking.nmda import NMDACourse, nmda_course
from cortex.typing import BoolArray, FloatArray, IntArray

QUANTITIES: Final = ("tau_rise", "tau_s", "g", "E_rev", "J")
Column = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Receptors:
    """Receptors of a network: source populations and Poisson inputs alike on every target share.

    Parameters
    ----------
    tau_rise, tau_s, E_rev : ndarray, shape (n_pops, n_receptors)
        At each target, s and V; `tau_s` zero is a jump of V.
    is_conductance : ndarray of bool, shape (n_pops, n_receptors)
        Whether it pulls towards `E_rev`; else it is a current.
    sign : ndarray of int, shape (n_receptors,)
        +1 excitatory, -1 inhibitory.
    group_of : ndarray of int, shape (n_pops,)
        Group (receptor and weights) of the synapses that each source population makes.
    receptor_of_group, receptor_of_source, receptor_of_input : ndarray of int
        Receptor of each group, source population, Poisson input.
    weights : ndarray, shape (n_pops, n_groups)
        J (V) or g of each group at each target; one where each synapse has a weight of its own.
    weights_ext : ndarray, shape (n_pops, n_inputs)
        J or g of each Poisson input.
    nmda : NMDACourse, optional
        How NMDA receptors open; their parts are the last receptors and groups.
    """

    tau_rise: FloatArray
    tau_s: FloatArray
    E_rev: FloatArray
    is_conductance: BoolArray
    sign: IntArray
    group_of: IntArray
    receptor_of_group: IntArray
    receptor_of_source: IntArray
    receptor_of_input: IntArray
    weights: FloatArray
    weights_ext: FloatArray
    nmda: NMDACourse | None = None

    @property
    def n_parts(self) -> int:
        """Receptors that are parts of the course of NMDA."""
        return 0 if self.nmda is None else self.nmda.rates.size

    @property
    def kinds(self) -> IntArray:
        """Jump, decay, or rise and decay, shape (n_pops, n_receptors)."""
        kinds = np.where(self.tau_rise > 0.0, moves.TWO, moves.ONE)
        kinds = np.where(self.tau_s > 0.0, kinds, moves.DELTA)
        kinds[:, kinds.shape[1] - self.n_parts :] = moves.NMDA
        return kinds


def receptors_of(network: PopulationNetwork, *, weighted: bool) -> Receptors:
    """Return the receptors of a network.

    Parameters
    ----------
    network : PopulationNetwork
        Any network.
    weighted : bool
        Whether each synapse has a weight of its own.

    Raises
    ------
    SimulationError
        A rise time without a decay.
    """
    sources, inputs = _columns(network.synapses), _columns(network.drive)
    signs = [_sign(network, c) for c in (*sources, *inputs)]
    keys = [(sign, _shape_of(c)) for sign, c in zip(signs, (*sources, *inputs), strict=True)]
    kinds = list(dict.fromkeys(keys))
    receptor = [kinds.index(key) for key in keys]
    n = len(sources)
    weights = [() if weighted else tuple(_weights(c)) for c in sources]
    groups = list(dict.fromkeys(zip(receptor, weights, strict=False)))
    of_group = np.array([r for r, _ in groups])
    columns = [np.array(shape) for _, shape in kinds]
    tau_rise, tau_s, is_conductance, E_rev = np.array(columns).transpose(1, 2, 0)
    if np.any((tau_s == 0.0) & (tau_rise > 0.0)):
        msg = "a synapse with a rise time needs a decay: give tau_s > 0"
        raise SimulationError(msg)
    ones = np.ones(network.n_pops)
    receptors = Receptors(
        tau_rise=tau_rise,
        tau_s=tau_s,
        E_rev=E_rev,
        is_conductance=is_conductance > 0.0,
        sign=np.array([int(sign) for sign, _ in kinds]),
        group_of=np.array([groups.index(pair) for pair in zip(receptor, weights, strict=False)]),
        receptor_of_group=of_group,
        receptor_of_source=np.array(receptor[:n]),
        receptor_of_input=np.array(receptor[n:], dtype=np.int64),
        weights=np.stack([np.array(w) if w else ones for _, w in groups], axis=1),
        weights_ext=np.array([_weights(c) for c in inputs]).reshape(-1, network.n_pops).T,
    )
    return receptors if network.nmda is None else _with_nmda(receptors, network, network.nmda)


def _with_nmda(receptors: Receptors, network: PopulationNetwork, nmda: NMDA) -> Receptors:
    """Return the receptors with the parts of NMDA behind, and a group of each for each source."""
    course = nmda_course(nmda, network)
    n_pops, n_parts = network.n_pops, course.rates.size
    wide = np.ones((n_pops, n_parts))
    columns = [np.repeat(nmda.g[:, [b]], n_parts, axis=1) for b in course.sources]
    first = receptors.tau_s.shape[1] + np.arange(n_parts)
    return replace(
        receptors,
        tau_rise=np.hstack([receptors.tau_rise, 0.0 * wide]),
        tau_s=np.hstack([receptors.tau_s, wide / course.rates]),
        E_rev=np.hstack([receptors.E_rev, nmda.E_rev[:, None] * wide]),
        is_conductance=np.hstack([receptors.is_conductance, wide > 0.0]),
        sign=np.append(receptors.sign, np.ones(n_parts, dtype=np.int64)),
        receptor_of_group=np.append(
            receptors.receptor_of_group, np.tile(first, len(course.sources))
        ),
        weights=np.hstack([receptors.weights, *columns]),
        nmda=course,
    )


def _columns(part: Synapses | Drive) -> list[Column]:
    """Return what each source gives to all targets, in the order of `QUANTITIES`."""
    arrays = [np.asarray(getattr(part, name)) for name in QUANTITIES]
    return [tuple(tuple(a[:, b].tolist()) for a in arrays) for b in range(arrays[0].shape[1])]


def _shape_of(column: Column) -> Column:
    """Return all but the size of the weights: rise, decay, whether conductance, reversal."""
    rise, decay, g, E_rev = column[:4]
    opens = tuple(float(each > 0.0) for each in g)
    return rise, decay, opens, tuple(E * o for E, o in zip(E_rev, opens, strict=True))


def _weights(column: Column) -> list[float]:
    _, _, g, _, J = column
    return [each if each > 0.0 else jump for each, jump in zip(g, J, strict=True)]


def _sign(network: PopulationNetwork, column: Column) -> float:
    """Return -1 for what lowers V at threshold on any target, else 1."""
    _, _, g, E_rev, J = (np.array(each) for each in column)
    lowers = np.where(g > 0.0, E_rev <= network.neurons.V_th, J < 0.0)
    return -1.0 if np.any(lowers) else 1.0


def kinetics_of(cells: Cells, receptors: Receptors, dt: float) -> FloatArray:
    """Return how receptors move and act in a step, shape (n_cells, n_receptors, N_KINETICS).

    The layout is that of `cortex.spiking._loops_cell_moves`.
    """
    rows = np.empty((len(cells.tau_m), receptors.tau_s.shape[1], 3))
    rows[..., 0] = cells.tau_m[:, np.newaxis]
    rows[..., 1] = receptors.tau_rise[cells.population]
    rows[..., 2] = receptors.tau_s[cells.population]
    distinct, place = np.unique(rows.reshape(-1, 3), axis=0, return_inverse=True)
    table = np.array([_kinetics(each, dt) for each in distinct])
    kinetics: FloatArray = table[place.reshape(-1)].reshape(*rows.shape[:2], -1)
    opens = receptors.is_conductance[cells.population]
    kinetics[..., moves.ALPHA] = np.where(opens, E_rev_of(cells, receptors), 1.0)
    kinetics[..., moves.BETA] = opens
    if receptors.nmda is not None:
        block = block_of(cells, receptors.nmda)
        kinetics[:, -receptors.n_parts :, moves.BETA] = block[:, np.newaxis]
    return kinetics


def E_rev_of(cells: Cells, receptors: Receptors) -> FloatArray:
    """Return reversal potentials above the rest of each cell, V, (n_cells, n_receptors)."""
    E_rev: FloatArray = receptors.E_rev[cells.population] - cells.rest[:, np.newaxis]
    return E_rev


def block_of(cells: Cells, nmda: NMDACourse) -> FloatArray:
    """Return the ratio of blocked to free NMDA receptors at the rest of each cell."""
    block: FloatArray = nmda.block[cells.population] * np.exp(-moves.SLOPE * cells.rest)
    return block


def _kinetics(times: FloatArray, dt: float) -> FloatArray:
    """Return one row: exact propagators of rise, decay and membrane, from one matrix."""
    tau_m, tau_rise, tau_s = times
    row = np.zeros(moves.N_KINETICS)
    if tau_s == 0.0:
        return row
    rise, decay, leak = 1.0 / tau_rise if tau_rise > 0.0 else 0.0, 1.0 / tau_s, 1.0 / tau_m
    rates = np.array([[-rise, 0.0, 0.0], [decay, -decay, 0.0], [0.0, leak, -leak]])
    half, whole = expm(rates * dt / 2.0), expm(rates * dt)
    row[[moves.RISE, moves.FEED, moves.DECAY]] = half[0, 0], half[1, 0], half[1, 1]
    row[[moves.RATE_RISE, moves.RATE_DECAY]] = rise, decay
    row[[moves.GAIN, moves.GAIN_RISE]] = whole[2, 1], whole[2, 0]
    return row


def jumps_of(cells: Cells, receptors: Receptors, tau_m: FloatArray) -> FloatArray:
    """Return what opens per unit of weight, shape (n_cells, n_receptors).

    A weight is an integral over C, and what opens a current R I or a conductance over that of
    the leak: tau_m over the time constant that decays first; one for what acts at once. That of
    NMDA receptors is a conductance over the leak of a population, of membrane time constant
    `tau_m` (n_pops,). Where the capacitance of a cell is larger, all open by so much less.
    """
    first = np.where(receptors.tau_rise > 0.0, receptors.tau_rise, receptors.tau_s)
    tau = first[cells.population]
    own = cells.tau_m[:, np.newaxis]
    jumps = np.divide(own, tau, out=np.ones_like(tau), where=tau > 0.0)
    jumps[:, jumps.shape[1] - receptors.n_parts :] = own / tau_m[cells.population, np.newaxis]
    return jumps / cells.capacitance[:, np.newaxis]
