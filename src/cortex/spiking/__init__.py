"""Simulation of spiking LIF networks: one function, compiled kernels behind it."""

from cortex.spiking.demands import Inputs, PerNeuron, Recording, SpikeInputs
from cortex.spiking.scaling import scale_down
from cortex.spiking.simulation import draw_wiring, simulate
from cortex.spiking.spikes import Spikes, SpikingRun, State
from cortex.spiking.wiring import BitRows, SourceLists, Wiring, draw_bit_rows, draw_source_lists

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
