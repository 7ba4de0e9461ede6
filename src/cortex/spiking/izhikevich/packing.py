"""Between SI and the arrays, in mV, ms, pA, nS and pF, that the compiled loops read."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final, cast

import numpy as np
from scipy import sparse

from cortex.errors import SimulationError
from cortex.params.izhikevich import RECEPTORS, IzhikevichCell
from cortex.params.spec import Quantity, spec_of
from cortex.spiking.izhikevich.layout import N_RECEPTORS, Model, Synapses
from cortex.spiking.izhikevich.network import (
    CurrentDrive,
    Drive,
    IzhikevichNetwork,
    Pathway,
    PoissonDrive,
)
from cortex.spiking.requests import in_steps
from cortex.typing import AnyArray, FloatArray
from cortex.units import array_from_si, from_si, unit

VARIABLE_UNITS: Final = ("mV", "pA", "nS", "nS", "nS", "nS")
LARGEST_STEP_PER_TAU: Final = 0.25


def cell_row(cell: IzhikevichCell) -> FloatArray:
    """Return C, k, v_r, v_t, v_peak, a, b, c, d in the units of the loops, shape (9,)."""
    values = []
    for field in fields(cell):
        spec = spec_of(field)
        name = spec.unit if isinstance(spec, Quantity) else "1"
        values.append(from_si(getattr(cell, field.name), name))
    return np.array(values)


def pack_model(network: IzhikevichNetwork, dt: float) -> Model:
    """Return cells and receptors; refuse a step too long for a time constant.

    Raises
    ------
    SimulationError
        `dt` exceeds a quarter of the decay time of a receptor in use, or of 1/a.
    """
    used = {name for pathway in network.pathways for name in pathway.receptors}
    used |= {drive.receptor for drive in network.drives if isinstance(drive, PoissonDrive)}
    tau = np.array(network.receptors.tau)
    active = np.array([name in used for name in RECEPTORS])
    _check_step(network, active, dt)
    is_euler = network.scheme == "reference"
    at = dt / tau if is_euler else np.exp(-0.5 * dt / tau)
    keep = 1.0 - dt / tau if is_euler else np.exp(-dt / tau)
    reversal = array_from_si(np.array(network.receptors.E), "mV")
    return Model(
        cells=np.array([cell_row(population.cell) for population in network.populations]),
        first=network.first,
        receptors=np.array([at, keep, reversal, active.astype(float)]),
    )


def _check_step(network: IzhikevichNetwork, active: AnyArray, dt: float) -> None:
    limits = {
        f"tau_{name} = {tau:g} s": tau
        for name, tau, used in zip(RECEPTORS, network.receptors.tau, active, strict=True)
        if used
    } | {f"1/a = {1.0 / p.cell.a:g} s of {p.name!r}": 1.0 / p.cell.a for p in network.populations}
    for name, tau in limits.items():
        if dt > LARGEST_STEP_PER_TAU * tau:
            msg = (
                f"dt = {dt:g} s is too long for {name}: at most {LARGEST_STEP_PER_TAU * tau:g} s; "
                "shorten dt (is it in ms?)"
            )
            raise SimulationError(msg)


def pack_synapses(network: IzhikevichNetwork, dt: float) -> tuple[Synapses, int]:
    """Return all pathways as one compressed row per source neuron, and the longest delay."""
    projections, mix, weights, targets, rows = [], [], [], [], []
    n_weights = n_targets = n_rows = longest = 0
    for pathway in network.pathways:
        source, target = network.neurons(pathway.source), network.neurons(pathway.target)
        w, t, row = _rows_by_source(pathway, target.start)
        where = f"delay of pathway {pathway.source} -> {pathway.target}"
        delay, is_dense = int(in_steps(where, pathway.delay, dt)[0]), not t.size and w.size > 0
        longest = max(longest, delay)
        place = (n_rows, n_targets - n_weights, is_dense, delay, np.count_nonzero(w))
        projections.append((*_ends(source), *_ends(target), *place))
        mix.append([pathway.receptors.get(name, 0.0) for name in RECEPTORS])
        weights.append(w)
        targets.append(t)
        rows.append(row + n_weights)
        n_weights, n_targets, n_rows = n_weights + w.size, n_targets + t.size, n_rows + row.size
    synapses = Synapses(
        projections=np.array(projections, dtype=np.int64).reshape(-1, 9),
        mix=np.array(mix, dtype=np.float64).reshape(-1, N_RECEPTORS),
        weights=np.concatenate(weights) if weights else np.empty(0),
        targets=np.concatenate(targets) if targets else np.empty(0, dtype=np.int32),
        rows=np.concatenate(rows) if rows else np.empty(0, dtype=np.int64),
    )
    return synapses, longest


def _ends(neurons: slice) -> tuple[int, int]:
    return neurons.start, neurons.stop


def _rows_by_source(pathway: Pathway, first: int) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Return weights (nS), targets (none when dense) and row starts, one row per source."""
    if sparse.issparse(pathway.weights):
        columns: Any = sparse.csc_array(cast("Any", pathway.weights))
        columns.sort_indices()
        weights = np.divide(columns.data, unit("nS").scale, dtype=columns.data.dtype)
        targets = np.add(columns.indices, first, dtype=np.int32)
        return weights, targets, columns.indptr.astype(np.int64)
    dense = array_from_si(np.ascontiguousarray(np.transpose(pathway.weights)), "nS")
    row = np.arange(dense.shape[0] + 1, dtype=np.int64) * dense.shape[1]
    return dense.ravel(), np.empty(0, dtype=np.int32), row


def pack_poisson(network: IzhikevichNetwork, drives: Sequence[Drive], dt: float) -> FloatArray:
    """Return the Poisson sources among the drives that are on, shape (n_sources, 5)."""
    table = [
        [
            network.neurons(drive.target).start,
            network.size(drive.target),
            RECEPTORS.index(drive.receptor),
            drive.rate * network.size(drive.target) * dt,
            from_si(drive.weight, "nS"),
        ]
        for drive in drives
        if isinstance(drive, PoissonDrive)
    ]
    return np.array(table, dtype=float).reshape(-1, 5)


def pack_current(network: IzhikevichNetwork, drives: Sequence[Drive], steps: range) -> FloatArray:
    """Return the current in pA of the drives that are on, (n_steps, n), or (1, n) if constant."""
    currents = [drive for drive in drives if isinstance(drive, CurrentDrive)]
    per_step = any(np.ndim(drive.amplitude) == 2 for drive in currents)
    total = np.zeros((len(steps) if per_step else 1, network.n_neurons))
    for drive in currents:
        values = np.asarray(drive.amplitude, dtype=float)
        part = values[steps.start : steps.stop] if values.ndim == 2 else values
        total[:, network.neurons(drive.target)] += array_from_si(part, "pA")
    return total


def is_per_step(drive: Drive) -> bool:
    """Tell whether a drive is a current given step by step."""
    return isinstance(drive, CurrentDrive) and np.ndim(drive.amplitude) == 2


def switch_steps(drive: Drive, dt: float) -> tuple[float, float]:
    """Return the steps at which a drive goes on and off; off may be infinite."""
    start = int(in_steps("start of a drive", drive.start, dt)[0])
    if np.isinf(drive.stop):
        return start, drive.stop
    return start, int(in_steps("stop of a drive", drive.stop, dt)[0])


def check_currents(network: IzhikevichNetwork, n_steps: int) -> None:
    """Refuse currents of the wrong shape for a run that ends with step `n_steps`."""
    for drive in network.drives:
        if isinstance(drive, CurrentDrive):
            shape, size = np.shape(drive.amplitude), network.size(drive.target)
            is_long = len(shape) == 2 and shape[0] >= n_steps and shape[1] == size
            if shape not in {(), (size,)} and not is_long:
                msg = (
                    f"current into {drive.target!r} has shape {shape}, needs (), ({size},) "
                    f"or (n_steps, n) = ({n_steps}, {size})"
                )
                raise SimulationError(msg)


def to_loop_units(state: AnyArray) -> FloatArray:
    """Return an SI state (6, n) in the units of the loops."""
    rows = [array_from_si(row, name) for row, name in zip(state, VARIABLE_UNITS, strict=True)]
    return np.array(rows)
