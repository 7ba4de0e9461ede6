"""Tables of the LFP proxies."""

from typing import Final

from cortex.io.tables import Column, TableSchema

AMPLITUDE: Final = TableSchema(
    "lfp_amplitude",
    {
        "profile": Column("1", "name of the amplitude profile", "text"),
        "r": Column("um", "distance from the dipole axis"),
        "d": Column("um", "position along the axis, positive towards the apical dendrite"),
        "amplitude": Column("uV", "amplitude at the reference current of the profile"),
    },
)

SIMULATED: Final = TableSchema(
    "lfp_simulated",
    {
        "time": Column("ms", "time from the end of the transient"),
        "exc": Column("pA", "simulated excitatory current, mean of a pyramidal cell"),
        "inh": Column("pA", "simulated inhibitory current"),
    },
)

CURRENTS: Final = TableSchema(
    "lfp_currents",
    {
        "time": Column("ms", "time from the end of the transient"),
        "ampa": Column("pA", "recurrent excitatory current from spikes, mean of a pyramidal cell"),
        "gaba": Column("pA", "inhibitory current from spikes"),
        "ampa_simulated": Column("pA", "simulated excitatory current, external input included"),
        "gaba_simulated": Column("pA", "simulated inhibitory current"),
        "gaba_rebuilt": Column("pA", "inhibitory current from spikes, kernel of the simulation"),
        "gaba_unscaled": Column("pA", "the same, simulated increments with bare exponentials"),
    },
)

ELECTRODES: Final = TableSchema(
    "lfp_electrodes",
    {
        "electrode": Column("1", "index of the contact", "int"),
        "x": Column("um", "distance of the shank from the axis"),
        "z": Column("um", "depth, 0 at the centre of the somata"),
        "amplitude": Column("uV", "mean amplitude of the cells"),
        "reliable": Column("1", "whether the contact lies off the inversion depth", "bool"),
        "half_width": Column("um", "half edge of the cube of somata, one value"),
        "dendrite": Column("um", "length of the apical dendrites, one value"),
    },
)

CELLS: Final = TableSchema(
    "lfp_cells",
    {
        name + end: Column("um", f"{what} of a cell along {name}")
        for end, what in (("", "soma"), ("_tip", "end of the apical dendrite"))
        for name in "xyz"
    },
)

TRACES: Final = TableSchema(
    "lfp_traces",
    {
        "electrode": Column("1", "index of the contact", "int"),
        "time": Column("ms", "time from the start of the excerpt"),
        "per_neuron": Column("uV", "sum over cells, per standard deviation of the weighted sum"),
        "population": Column("uV", "one dipole for all cells, the same scale"),
        "physical": Column("uV", "source and sink of each cell in a conducting medium"),
    },
)

SPECTRA: Final = TableSchema(
    "lfp_spectra",
    {
        "electrode": Column("1", "index of the contact", "int"),
        "frequency": Column("Hz", "frequency"),
        "per_neuron": Column("uV2_per_Hz", "one-sided spectrum, sum over cells"),
        "population": Column("uV2_per_Hz", "one-sided spectrum, one dipole"),
    },
)

WAYS: Final = {
    "simulated": "of the simulated currents of every cell",
    "from_spikes": "of the spikes through the same wiring",
    "bare": "of the spikes, weights read as those of bare differences of exponentials",
}
"""Way to an LFP -> what it is computed from."""

WAY_TRACES: Final = TableSchema(
    "lfp_way_traces",
    {
        "electrode": Column("1", "index of the contact", "int"),
        "z": Column("um", "depth, 0 at the centre of the somata"),
        "time": Column("ms", "time from the start of the excerpt"),
        **{name: Column("uV", f"normalised LFP {what}") for name, what in WAYS.items()},
    },
)

WAY_SPECTRA: Final = TableSchema(
    "lfp_way_spectra",
    {
        "electrode": Column("1", "index of the contact", "int"),
        "frequency": Column("Hz", "frequency"),
        **{name: Column("uV2_per_Hz", f"normalised LFP {what}") for name, what in WAYS.items()},
    },
)

RASTER: Final = TableSchema(
    "lfp_raster",
    {
        "time": Column("ms", "time from the start of the excerpt"),
        "neuron": Column("1", "neuron, excitatory first", "int"),
        "excitatory": Column("1", "whether the neuron is excitatory", "bool"),
    },
)

PROXIES: Final = TableSchema(
    "lfp_proxies",
    {
        "variant": Column("1", "placement of the synapses", "text"),
        "proxy": Column("1", "name of the proxy; WS is the fitted weighted sum", "text"),
        "depth": Column("um", "recording depth from the somata"),
        "r_squared": Column("1", "variance of the cable LFP explained by the proxy"),
    },
)

FITS: Final = TableSchema(
    "lfp_fits",
    {
        "variant": Column("1", "placement of the synapses", "text"),
        "alpha": Column("1", "fitted weight of GABA"),
        "delay_ampa": Column("ms", "fitted delay of AMPA"),
        "delay_gaba": Column("ms", "fitted delay of GABA"),
        "r_squared": Column("1", "median explained variance of the fitted sum"),
        "r_squared_rws": Column("1", "median explained variance of the reference sum"),
        "alpha_rws": Column("1", "weight of GABA in the reference sum"),
        "delay_ampa_rws": Column("ms", "delay of AMPA in the reference sum"),
    },
)

SURFACE: Final = TableSchema(
    "lfp_surface",
    {
        "variant": Column("1", "placement of the synapses", "text"),
        "alpha": Column("1", "weight of GABA"),
        "delay_ampa": Column("ms", "delay of AMPA"),
        "r_squared": Column("1", "median explained variance, best delay of GABA"),
    },
)

GROUND_TRUTH: Final = TableSchema(
    "lfp_ground_truth",
    {
        "variant": Column("1", "placement of the synapses", "text"),
        "depth": Column("um", "recording depth from the somata"),
        "time": Column("ms", "time from the start of the excerpt"),
        "truth": Column("uV", "LFP of the cable model"),
        "rws": Column("uV", "reference weighted sum, scaled to the truth"),
        "ws": Column("uV", "fitted weighted sum, scaled to the truth"),
    },
)

KERNELS: Final = TableSchema(
    "lfp_kernels",
    {
        "depth": Column("um", "recording depth from the centre of the somata"),
        "population": Column("1", "population of the spike", "text"),
        "lag": Column("ms", "time after the spike"),
        "kernel": Column("uV", "mean LFP after one spike: weighted sum, source and sink"),
        "unitary": Column("uV", "mean unitary LFP of one spike"),
    },
)

KERNEL_TRACES: Final = TableSchema(
    "lfp_kernel_traces",
    {
        "depth": Column("um", "recording depth from the centre of the somata"),
        "time": Column("ms", "time from the start of the excerpt"),
        "cells": Column("uV", "weighted sum through the wiring, source and sink of each cell"),
        "convolved": Column("uV", "population rates convolved with the kernels"),
        "unitary": Column("uV", "sum of unitary LFPs, scaled to the cells"),
    },
)

KERNEL_SCORES: Final = TableSchema(
    "lfp_kernel_scores",
    {
        "depth": Column("um", "recording depth from the centre of the somata"),
        "convolved": Column("1", "variance of the cells explained by the convolution"),
        "unitary": Column("1", "variance explained by the unitary LFPs"),
        "unitary_shifted": Column("1", "the same at the best shift"),
        "shift": Column("ms", "the best shift: how late the unitary LFPs are"),
    },
)
