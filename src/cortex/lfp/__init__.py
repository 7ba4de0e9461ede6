"""LFP synthesis: proxies, geometry, ground truth and predicted spectra."""

from cortex.lfp.amplitude import (
    PROFILES,
    amplitude_matrix,
    aussel,
    aussel_modified,
    mazzoni_neuron,
    mazzoni_population,
    two_monopole,
)
from cortex.lfp.convolution import convolve_kernels
from cortex.lfp.currents import (
    CurrentClass,
    SynapticCurrents,
    lfp_from_classes,
    lfp_from_currents,
)
from cortex.lfp.geometry import Coordinates, Sources, cell_sources, cylindrical, population_source
from cortex.lfp.kernels import SynapticKernel
from cortex.lfp.normalise import z_score
from cortex.lfp.population import population_currents, population_rws
from cortex.lfp.proxies import NetworkSignals, erws2, proxy, weighted_sum
from cortex.lfp.spikes import SpikeEvents, currents_from_spikes, lfp_from_spikes
from cortex.lfp.streaming import CurrentStream, SpikeStream
from cortex.lfp.synapses import SynapseClass, weighted_sum_classes
from cortex.lfp.telenczuk import unitary_amplitude, unitary_lfp

__all__ = [
    "PROFILES",
    "Coordinates",
    "CurrentClass",
    "CurrentStream",
    "NetworkSignals",
    "Sources",
    "SpikeEvents",
    "SpikeStream",
    "SynapseClass",
    "SynapticCurrents",
    "SynapticKernel",
    "amplitude_matrix",
    "aussel",
    "aussel_modified",
    "cell_sources",
    "convolve_kernels",
    "currents_from_spikes",
    "cylindrical",
    "erws2",
    "lfp_from_classes",
    "lfp_from_currents",
    "lfp_from_spikes",
    "mazzoni_neuron",
    "mazzoni_population",
    "population_currents",
    "population_rws",
    "population_source",
    "proxy",
    "two_monopole",
    "unitary_amplitude",
    "unitary_lfp",
    "weighted_sum",
    "weighted_sum_classes",
    "z_score",
]
