from .draws import draw_bit_rows, draw_source_lists
from .driven import DrivenResponse, drive_neurons
from .izhikevich.currents import nmda_gate, receptor_currents
from .izhikevich.network import (
    CurrentDrive,
    IzhikevichNetwork,
    IzhikevichPopulation,
    Pathway,
    PoissonDrive,
)
from .layouts import Projections, lay_out
from .recorded import recorded_inputs
from .requests import Inputs, PerNeuron, Recorder, SpikeInputs
from .result import SpikingRun, State
from .scaling import scale_down
from .simulation import draw_wiring, simulate
from .wiring import BitRows, SourceLists, Wiring

__all__ = [
    "BitRows",
    "CurrentDrive",
    "DrivenResponse",
    "Inputs",
    "IzhikevichNetwork",
    "IzhikevichPopulation",
    "Pathway",
    "PerNeuron",
    "PoissonDrive",
    "Projections",
    "Recorder",
    "SourceLists",
    "SpikeInputs",
    "SpikingRun",
    "State",
    "Wiring",
    "draw_bit_rows",
    "draw_source_lists",
    "draw_wiring",
    "drive_neurons",
    "lay_out",
    "nmda_gate",
    "receptor_currents",
    "recorded_inputs",
    "scale_down",
    "simulate",
]
