"""All models of neurons, by the name that network files use."""

from typing import Final

from cortex.cells.adex import ADEX
from cortex.cells.cell import Cell
from cortex.cells.eif import EIF
from cortex.cells.gif import GIF
from cortex.cells.izhikevich import IZHIKEVICH, IZHIKEVICH_2007
from cortex.cells.lif import LIF
from cortex.cells.qif import QIF
from cortex.params.lif import Neurons

CELLS: Final[dict[str, Cell]] = {
    each.neurons.MODEL: each for each in (LIF, EIF, ADEX, QIF, IZHIKEVICH, IZHIKEVICH_2007, GIF)
}


def cell_of(neurons: Neurons) -> Cell:
    """Return the model of the neurons of a network."""
    return CELLS[neurons.MODEL]
