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
GATHERED: Final = TableSchema(
    "recordings_statistics",
    {"recording": Column("1", "name of the recording", "text"), **STATISTICS},
)
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
