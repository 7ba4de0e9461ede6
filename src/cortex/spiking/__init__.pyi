from .recorded import recorded_inputs
from .requests import Inputs, PerNeuron, Recorder, SpikeInputs
from .result import SpikingRun, State
from .scaling import scale_down
from .simulation import draw_wiring, simulate
from .wiring import BitRows, SourceLists, Wiring, draw_bit_rows, draw_source_lists

__all__ = [
    "BitRows",
    "Inputs",
    "PerNeuron",
    "Recorder",
    "SourceLists",
    "SpikeInputs",
    "SpikingRun",
    "State",
    "Wiring",
    "draw_bit_rows",
    "draw_source_lists",
    "draw_wiring",
    "recorded_inputs",
    "scale_down",
    "simulate",
]
