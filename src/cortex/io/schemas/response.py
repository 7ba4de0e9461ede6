"""Tables of single-neuron responses, low-pass fits and microcircuit rates."""

from typing import Final

from cortex.io.tables import Column, TableSchema

_INPUT: Final = {
    "mu": Column("mV", "mean input relative to rest"),
    "sigma": Column("mV", "standard deviation of the input"),
}

STATIONARY: Final = TableSchema(
    "response_stationary",
    {
        "point": Column("1", "name of the input in the configuration", "text"),
        "title": Column("1", "what the point is called", "text"),
        "treatment": Column("1", "white, shift, taylor or nodes", "text"),
        **_INPUT,
        "nu": Column("Hz", "stationary rate"),
        "slope": Column("Hz_per_mV", "slope of the rate by the mean"),
        "cv": Column("1", "coefficient of variation of inter-spike intervals"),
        "validity": Column("Hz", "1/(2 pi tau_s), above which the treatments of synapses end"),
    },
)

TRANSFER: Final = TableSchema(
    "response_transfer",
    {
        "point": Column("1", "name of the input in the configuration", "text"),
        "treatment": Column("1", "white, shift, taylor or nodes", "text"),
        "frequency": Column("Hz", "frequency of the modulation of the mean"),
        "gain": Column("Hz_per_mV", "amplitude of the response"),
        "phase": Column("deg", "phase of the response"),
        "gain_variance": Column("Hz_per_mV2", "amplitude for a modulated variance"),
    },
)

DRIVEN: Final = TableSchema(
    "response_driven",
    {
        "point": Column("1", "name of the input in the configuration", "text"),
        "frequency": Column("Hz", "frequency of the modulation of the mean"),
        "amplitude": Column("mV", "its amplitude"),
        "nu": Column("Hz", "simulated rate"),
        "nu_error": Column("Hz", "its standard error"),
        "gain": Column("Hz_per_mV", "amplitude of the simulated response"),
        "gain_error": Column("Hz_per_mV", "its standard error"),
        "gain_predicted": Column("Hz_per_mV", "shifted boundaries"),
        "phase": Column("deg", "phase of the simulated response"),
        "phase_error": Column("deg", "its standard error"),
        "phase_predicted": Column("deg", "shifted boundaries"),
    },
)

CURVES: Final = TableSchema(
    "response_curves",
    {
        **_INPUT,
        "frequency": Column("Hz", "frequency of the modulation of the mean"),
        "gain": Column("Hz_per_mV", "amplitude of the response"),
        "phase": Column("deg", "phase of the response"),
        "fit_gain": Column("Hz_per_mV", "amplitude of the low-pass filter"),
        "fit_phase": Column("deg", "phase of the low-pass filter"),
    },
)

FITS: Final = TableSchema(
    "response_fits",
    {
        "g": Column("1", "relative inhibitory weight"),
        **_INPUT,
        "rate_ext_exc": Column("Hz", "external excitatory rate"),
        "rate_ext_inh": Column("Hz", "external inhibitory rate; negative: not realizable"),
        "nu": Column("Hz", "stationary rate"),
        "cv": Column("1", "coefficient of variation of inter-spike intervals"),
        "tau": Column("ms", "time constant of the low-pass filter"),
        "h0": Column("Hz_per_mV", "gain of the low-pass filter"),
        "fit_error": Column("1", "combined relative standard error of the fit"),
        "w_exc": Column("1", "excitatory weight of the rate model"),
        "w_inh": Column("1", "inhibitory weight of the rate model"),
    },
)

MICROCIRCUIT: Final = TableSchema(
    "response_microcircuit",
    {
        "population": Column("1", "name of the population", "text"),
        "treatment": Column("1", "shift, taylor, or constant drive with shift", "text"),
        **_INPUT,
        "nu": Column("Hz", "self-consistent rate"),
        "cv": Column("1", "coefficient of variation of inter-spike intervals"),
        "nu_simulated": Column("Hz", "published simulated rate, Poisson drive"),
    },
)
