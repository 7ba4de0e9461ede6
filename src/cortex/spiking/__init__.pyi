from .demands import Inputs, PerNeuron, Recording, SpikeInputs
from .scaling import scale_down
from .simulation import draw_wiring, simulate
from .spikes import Spikes, SpikingRun, State
from .wiring import BitRows, SourceLists, Wiring, draw_bit_rows, draw_source_lists

__all__ = [
    "BitRows",
    "Inputs",
    "PerNeuron",
    "Recording",
    "SourceLists",
    "SpikeInputs",
    "Spikes",
    "SpikingRun",
    "State",
    "Wiring",
    "draw_bit_rows",
    "draw_source_lists",
    "draw_wiring",
    "scale_down",
    "simulate",
]
