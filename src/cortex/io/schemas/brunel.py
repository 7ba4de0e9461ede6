"""Tables of the Brunel network."""

from typing import Final

from cortex.io.tables import Column, TableSchema

_POINT: Final = {
    "g": Column("1", "relative inhibitory weight"),
    "nu_ext_ratio": Column("1", "external rate over threshold rate"),
}
_RUN: Final = {
    "state": Column("1", "name of the state in the configuration", "text"),
    "network": Column("1", "index of the independent network", "int"),
}

PLANE: Final = TableSchema(
    "brunel_plane",
    {
        **_POINT,
        "nu": Column("Hz", "self-consistent rate"),
        "mu": Column("mV", "mean input relative to rest"),
        "sigma": Column("mV", "standard deviation of the input"),
        "cv": Column("1", "predicted coefficient of variation of inter-spike intervals"),
    },
)

ATLAS_POINTS: Final = TableSchema(
    "brunel_atlas_points",
    {
        "point": Column("1", "index within the row of the atlas", "int"),
        **_POINT,
        "nu": Column("Hz", "simulated rate"),
        "nu_theory": Column("Hz", "self-consistent rate"),
        "cv": Column("1", "simulated CV of inter-spike intervals; nan with too few spikes"),
        "cv_theory": Column("1", "predicted CV"),
        "rate_std_ratio": Column("1", "std over mean of the population rate in its bins"),
        "peak_frequency": Column("Hz", "frequency of the largest value of the spectrum"),
        "growth": Column("per_s", "real part of the leading eigenvalue; nan below -175"),
        "mode_frequency": Column("Hz", "frequency of the leading eigenvalue"),
        "regime": Column("1", "label of the simulated state", "text"),
    },
)

ATLAS_SPIKES: Final = TableSchema(
    "brunel_atlas_spikes",
    {
        "point": Column("1", "index within the row of the atlas", "int"),
        "time": Column("ms", "time from the start of the excerpt"),
        "row": Column("1", "row in the raster", "int"),
        "excitatory": Column("1", "whether the neuron is excitatory", "bool"),
    },
)

ATLAS_SPECTRA: Final = TableSchema(
    "brunel_atlas_spectra",
    {
        "point": Column("1", "index within the row of the atlas", "int"),
        "frequency": Column("Hz", "frequency"),
        "rate_power": Column("Hz2_per_Hz", "simulated one-sided spectrum"),
        "rate_power_theory": Column("Hz2_per_Hz", "predicted one-sided spectrum; nan if unstable"),
    },
)

LFP: Final = TableSchema(
    "brunel_lfp",
    {
        "time": Column("ms", "time from the end of the transient"),
        "lfp": Column("pA", "weighted sum of currents per excitatory neuron, not normalised"),
    },
)
