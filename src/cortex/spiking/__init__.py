"""Simulation of spiking LIF networks: one function, compiled kernels behind it."""

from cortex.spiking.demands import Inputs, Recording, SpikeInputs
from cortex.spiking.simulate import Wiring, simulate
from cortex.spiking.spikes import Spikes, SpikingRun, State
from cortex.spiking.wiring import BitRows, draw_bit_rows

__all__ = [
    "BitRows",
    "Inputs",
    "Recording",
    "SpikeInputs",
    "Spikes",
    "SpikingRun",
    "State",
    "Wiring",
    "draw_bit_rows",
    "simulate",
]
