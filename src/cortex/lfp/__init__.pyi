from .amplitude import (
    PROFILES,
    amplitude_matrix,
    aussel,
    aussel_modified,
    mazzoni_neuron,
    mazzoni_population,
    two_monopole,
)
from .cable import CableTransfer, cable_lfp, cable_transfer
from .convolution import convolve_kernels, population_kernels
from .currents import lfp_from_classes, lfp_from_currents
from .geometry import Coordinates, Sources, cell_sources, cylindrical, population_source
from .kernels import SynapticKernel
from .normalise import normalised_lfp, z_score
from .population import population_currents, population_rws, traced_rws
from .proxies import NetworkSignals, erws2, proxy, weighted_sum
from .recorded import CurrentClass, SynapticCurrents
from .regime import inverting_electrodes
from .running import run_currents
from .spikes import currents_from_spikes, lfp_from_spikes
from .streaming import CurrentStream, SpikeStream
from .synapses import SynapseClass, weighted_sum_classes
from .telenczuk import unitary_amplitude, unitary_lfp, unitary_window
from .theory import PredictedLfp, predict_rws, rate_to_rws, rws_spectrum
from .validation import FittedSum, explained_variance, fit_weighted_sum, judge_proxies
from .wiring import wired_classes, wiring_charges

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
    "normalised_lfp",
    "population_currents",
    "population_kernels",
    "population_rws",
    "population_source",
    "predict_rws",
    "proxy",
    "rate_to_rws",
    "run_currents",
    "rws_spectrum",
    "traced_rws",
    "two_monopole",
    "unitary_amplitude",
    "unitary_lfp",
    "unitary_window",
    "weighted_sum",
    "weighted_sum_classes",
    "wired_classes",
    "wiring_charges",
    "z_score",
]
