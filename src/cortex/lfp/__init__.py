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
from cortex.lfp.cable import CableTransfer, cable_lfp, cable_transfer
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
from cortex.lfp.regime import inverting_electrodes
from cortex.lfp.spikes import SpikeEvents, currents_from_spikes, lfp_from_spikes
from cortex.lfp.streaming import CurrentStream, SpikeStream
from cortex.lfp.synapses import SynapseClass, weighted_sum_classes
from cortex.lfp.telenczuk import unitary_amplitude, unitary_lfp
from cortex.lfp.theory import PredictedLfp, predict_rws, rate_to_rws, rws_spectrum
from cortex.lfp.validation import FittedSum, explained_variance, fit_weighted_sum, judge_proxies
from cortex.lfp.wiring import wired_classes, wiring_charges

__all__ = [
    "PROFILES",
    "CableTransfer",
    "Coordinates",
    "CurrentClass",
    "CurrentStream",
    "FittedSum",
    "NetworkSignals",
    "PredictedLfp",
    "Sources",
    "SpikeEvents",
    "SpikeStream",
    "SynapseClass",
    "SynapticCurrents",
    "SynapticKernel",
    "amplitude_matrix",
    "aussel",
    "aussel_modified",
    "cable_lfp",
    "cable_transfer",
    "cell_sources",
    "convolve_kernels",
    "currents_from_spikes",
    "cylindrical",
    "erws2",
    "explained_variance",
    "fit_weighted_sum",
    "inverting_electrodes",
    "judge_proxies",
    "lfp_from_classes",
    "lfp_from_currents",
    "lfp_from_spikes",
    "mazzoni_neuron",
    "mazzoni_population",
    "population_currents",
    "population_rws",
    "population_source",
    "predict_rws",
    "proxy",
    "rate_to_rws",
    "rws_spectrum",
    "two_monopole",
    "unitary_amplitude",
    "unitary_lfp",
    "weighted_sum",
    "weighted_sum_classes",
    "wired_classes",
    "wiring_charges",
    "z_score",
]
