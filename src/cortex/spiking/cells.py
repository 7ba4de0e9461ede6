"""Neuron parameters by cell: a population, or one neuron where neurons differ."""

from dataclasses import dataclass, fields
from typing import Final, cast

import numpy as np

from cortex.cells.mixed import part_of
from cortex.errors import ParameterError
from cortex.params.arrays import argument
from cortex.params.drive import CONSTANT, RATE
from cortex.params.lif import SPECS
from cortex.params.network import PopulationNetwork
from cortex.params.spec import Quantity, spec_of
from cortex.spiking.requests import PerNeuron, in_steps
from cortex.typing import FloatArray, IntArray

PER_NEURON: Final = SPECS | {
    "mu_dc": CONSTANT,
    "rate_ext": RATE,
    "capacitance": Quantity(unit="1", low=1e-3, high=1e3, doc="C over that of the population"),
    "rest": Quantity(unit="mV", low=-200.0, high=200.0, doc="rest above that of the population"),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cells:
    """Neighbouring neurons that share all parameters.

    Parameters
    ----------
    first : ndarray of int, shape (n_cells + 1,)
        First neuron of each cell, and the number of neurons at the end.
    population : ndarray of int, shape (n_cells,)
        Population of each cell.
    tau_m, tau_ref, V_th, V_reset, mu_dc : ndarray, shape (n_cells,)
        As in `LIFNeurons` and `Drive`.
    rate_ext : ndarray, shape (n_cells, n_inputs)
        `Drive.rate`, Hz.
    capacitance, rest : ndarray, shape (n_cells,)
        As in `PerNeuron`: one and zero where all neurons of a population are alike.
    more : dict of str to ndarray, shape (n_cells,)
        Further fields of the neurons of other models than the LIF; not a number where the model of
        a population has no such field.
    """

    first: IntArray
    population: IntArray
    tau_m: FloatArray
    tau_ref: FloatArray
    V_th: FloatArray
    V_reset: FloatArray
    mu_dc: FloatArray
    rate_ext: FloatArray
    capacitance: FloatArray
    rest: FloatArray
    more: dict[str, FloatArray]

    @property
    def sizes(self) -> IntArray:
        """Neurons of each cell."""
        return np.diff(self.first)

    def parameters(self) -> dict[str, FloatArray]:
        """Return the fields of the neurons in the order of their record."""
        return {name: getattr(self, name) for name in SPECS} | self.more


def cells_of(network: PopulationNetwork, neurons: PerNeuron | None) -> Cells:
    """Return one cell per population, or one per neuron where `neurons` gives parameters.

    Raises
    ------
    ParameterError
        An array has the wrong length or values beyond the bounds, or puts a reset at or above
        threshold.
    """
    by_population = {name: getattr(network.neurons, name) for name in SPECS} | {
        "mu_dc": network.drive.mu_dc,
        "rate_ext": network.drive.rate,
        "capacitance": np.ones(network.n_pops),
        "rest": np.zeros(network.n_pops),
    }
    parts = [part_of(network.neurons, a) for a in range(network.n_pops)]
    specs = {each.name: spec_of(each) for part in parts for each in fields(part)}
    more = {
        name: np.array([getattr(part, name, np.nan) for part in parts])
        for name in specs
        if name not in SPECS
    }
    if neurons is None:
        population = np.arange(network.n_pops)
        return Cells(first=network.first, population=population, **by_population, more=more)
    n = int(network.sizes.sum())
    population = np.repeat(np.arange(network.n_pops), network.sizes)
    values = {name: array[population] for name, array in (by_population | more).items()}
    for name, array in neurons.given().items():
        if name not in values:
            msg = f"PerNeuron: {network.neurons.MODEL} neurons have no {name}; {', '.join(values)}"
            raise ParameterError(msg)
        spec = cast("Quantity", (PER_NEURON | specs)[name])
        given = argument(f"PerNeuron.{name}", array, spec, values[name].shape)
        values[name] = np.where(np.isnan(values[name]), np.nan, given)
    for a, part in enumerate(parts):
        own = population == a
        if np.any(values["V_reset"][own] >= values[part.PEAK][own]):
            msg = f"PerNeuron: every V_reset must lie below {part.PEAK}"
            raise ParameterError(msg)
    more = {name: values.pop(name) for name in more}
    return Cells(first=np.arange(n + 1), population=population, **values, more=more)


def pieces_of(cells: Cells, dt: float, tiles: IntArray) -> tuple[IntArray, IntArray]:
    """Return the pieces of cells within tiles of neurons, and the first piece of each tile.

    Parameters
    ----------
    cells : Cells
        Neurons that share parameters.
    dt : float
        Step, s.
    tiles : ndarray of int, shape (n_tiles, 2)
        First neuron and width of each tile, ascending; places beyond the last neuron are empty.

    Returns
    -------
    pieces : ndarray of int, shape (n_pieces, 4)
        First place and its end, counted in the tile, cell, refractory steps.
    first_piece : ndarray of int, shape (n_tiles + 1,)
        First piece of each tile, and their number.
    """
    refractory = in_steps("tau_ref", cells.tau_ref, dt)
    offset, end = tiles[:, 0], tiles[:, 0] + tiles[:, 1]
    edges = np.unique(np.concatenate([cells.first, offset, end]))
    low, high = edges[:-1], edges[1:]
    tile = np.searchsorted(offset, low, side="right") - 1
    inside = (tile >= 0) & (low < end[tile]) & (low < cells.first[-1])
    low, high, tile = low[inside], high[inside], tile[inside]
    cell = np.searchsorted(cells.first, low, side="right") - 1
    pieces = np.stack([low - offset[tile], high - offset[tile], cell, refractory[cell]], axis=1)
    return pieces, np.searchsorted(tile, np.arange(len(tiles) + 1))
