"""Tables of recorded spikes: their statistics, and the comparison with a network."""

from typing import Final

from cortex.io.tables import Column, TableSchema

_OF: Final = {
    "population": Column("1", "population", "text"),
    "statistic": Column("1", "rate, coupling (Hz), cv, cv2, lv, fano, correlation", "text"),
}
STATISTICS: Final = {
    **_OF,
    "n": Column("1", "neurons or pairs with a value", "int"),
    "mean": Column("1", "mean over them; rates and couplings in Hz"),
    "sd": Column("1", "their standard deviation"),
    "low": Column("1", "95 % confidence interval of the mean, lower end"),
    "high": Column("1", "its upper end"),
}
DISTRIBUTIONS: Final = TableSchema(
    "recording_distributions",
    {
        **_OF,
        "source": Column("1", "recording or simulation", "text"),
        "seed": Column("1", "number of the simulated network", "int"),
        "share": Column("1", "share of neurons or pairs up to the value"),
        "value": Column("1", "the value; rates and couplings in Hz"),
    },
)
DESCRIBED: Final = {
    "statistics": TableSchema("recording_statistics", STATISTICS),
    "distributions": DISTRIBUTIONS,
}
UNITARY: Final = {
    "traces": TableSchema(
        "recording_unitary_lfp",
        {
            "state": Column("1", "recording", "text"),
            "signal": Column("1", "where the contact is", "text"),
            "time": Column("ms", "time from the start of the excerpt"),
            "lfp": Column("uV", "sum of the unitary LFPs of all spikes, less its mean"),
        },
    ),
    "spectra": TableSchema(
        "recording_unitary_spectra",
        {
            "state": Column("1", "recording", "text"),
            "seed": Column("1", "always 0", "int"),
            "contact": Column("1", "where the contact is", "text"),
            "frequency": Column("Hz", "frequency"),
            "power": Column("uV2_per_Hz", "one-sided spectrum"),
        },
    ),
}
_CHANNEL: Final = {"channel": Column("1", "name or number of the channel, from 1", "text")}
_PAIR: Final = {**_CHANNEL, "population": Column("1", "population", "text")}
_FREQUENCY: Final = {"frequency": Column("Hz", "frequency")}
_SPIKES: Final = {"n_spikes": Column("1", "spikes of the population that enter", "int")}
FIELD: Final = {
    "power": TableSchema(
        "recording_field_power",
        {
            **_CHANNEL,
            **_FREQUENCY,
            "power": Column("uV2_per_Hz", "one-sided spectrum of the recorded field"),
            "law": Column("uV2_per_Hz", "power law below its peaks; nan outside of its band"),
        },
    ),
    "laws": TableSchema(
        "recording_field_laws",
        {
            **_CHANNEL,
            "exponent": Column("1", "x of the power law 1/f^x; nan where none settles"),
            "offset": Column("1", "decadic logarithm of its power at 1 Hz in V^2/Hz"),
        },
    ),
    "peaks": TableSchema(
        "recording_field_peaks",
        {
            **_CHANNEL,
            **_FREQUENCY,
            "height": Column("1", "decades of power above the power law"),
            "width": Column("Hz", "width at half of that height"),
        },
    ),
    "coherence": TableSchema(
        "recording_field_coherence",
        {
            **_PAIR,
            **_FREQUENCY,
            "coherence": Column("1", "magnitude-squared, of the population's counts and the field"),
            "chance": Column("1", "95 % stay below without a relation"),
        },
    ),
    "triggered": TableSchema(
        "recording_field_triggered",
        {
            **_PAIR,
            "lag": Column("ms", "time after a spike"),
            "field": Column("uV", "mean field around the spikes, less its mean"),
            "chance": Column("uV", "95 % of shifts beyond the window stay within +- this"),
            **_SPIKES,
        },
    ),
    "locking": TableSchema(
        "recording_field_locking",
        {
            **_PAIR,
            "band": Column("1", "name of the band", "text"),
            "low": Column("Hz", "its lower edge"),
            "high": Column("Hz", "its upper edge"),
            "strength": Column("1", "length of the mean phasor at the spikes"),
            "phase": Column("rad", "its angle; 0 at the peaks of the field"),
            "consistency": Column("1", "pairwise phase consistency; 0 without locking"),
            **_SPIKES,
        },
    ),
}
_RECORDING: Final = {"recording": Column("1", "name of the recording", "text")}
GATHERED: Final = {
    "statistics": TableSchema("recordings_statistics", {**_RECORDING, **STATISTICS}),
    "laws": TableSchema("recordings_field_laws", {**_RECORDING, **FIELD["laws"].columns}),
    "locking": TableSchema("recordings_field_locking", {**_RECORDING, **FIELD["locking"].columns}),
}
BESIDE: Final = {
    "comparison": TableSchema(
        "recording_comparison",
        {
            **_OF,
            "data": Column("1", "mean of the recording; rates and couplings in Hz"),
            "simulation": Column("1", "mean of all runs of the network"),
            "theory": Column("1", "what theory says; nan where it says nothing"),
            "n_data": Column("1", "neurons or pairs with a value, in the recording", "int"),
            "n_model": Column("1", "the same in all runs together", "int"),
            "effect": Column("1", "simulation less recording in pooled standard deviations"),
            "distance": Column("1", "Kolmogorov-Smirnov distance, mean over the runs"),
            "band": Column("1", "distance below which a further run of the network stays"),
            "outside": Column("1", "whether the recording lies outside of the band", "bool"),
        },
    ),
    "distributions": DISTRIBUTIONS,
    "findings": TableSchema(
        "recording_findings",
        {
            "aspect": Column("1", "statistic", "text"),
            "population": Column("1", "population", "text"),
            "value": Column("1", "distance"),
            "limit": Column("1", "band that it is held against; nan below three seeds"),
            "holds": Column("1", "whether the recording is not outside of it", "bool"),
            "sentence": Column("1", "the finding in words", "text"),
        },
    ),
}
