"""Tables of spiking simulations."""

from typing import Final

from cortex.io.tables import Column, TableSchema

SPIKES: Final = TableSchema(
    "spikes",
    {
        "step": Column(
            "1", "step k after the transient: the spike lies in (k dt, (k+1) dt]", "int32"
        ),
        "neuron": Column("1", "neuron, numbered through all populations", "int32"),
    },
)

_CASE: Final = {
    "case": Column("1", "name of the case in the configuration", "text"),
    "network": Column("1", "index of the independent network", "int"),
}
_POPULATION: Final = {
    "network": Column("1", "index of the independent network", "int"),
    "population": Column("1", "name of the population", "text"),
}

RING_STATISTICS: Final = TableSchema(
    "ring_statistics",
    {
        **_CASE,
        "g": Column("1", "relative inhibitory weight"),
        "nu": Column("Hz", "simulated rate, all neurons"),
        "cv": Column("1", "mean coefficient of variation of inter-spike intervals"),
        "wave_number": Column("1", "cycles per ring of the strongest pattern", "int"),
        "frequency": Column("Hz", "frequency of the strongest pattern"),
        "direction": Column("1", "1 travels to larger positions, -1 to smaller, 0 stands"),
        "share": Column("1", "share of the power that the strongest pattern holds"),
    },
)

RING_SPECTRA: Final = TableSchema(
    "ring_spectra",
    {
        **_CASE,
        "frequency": Column("Hz", "frequency"),
        "wave_number": Column("1", "cycles per ring, the sign is the direction", "int"),
        "power": Column("Hz2", "mean squared amplitude of the rate"),
    },
)

RING_RASTERS: Final = TableSchema(
    "ring_rasters",
    {
        **_CASE,
        "time": Column("ms", "time after the start of the recording"),
        "position": Column("1", "place of the excitatory neuron, share of the ring"),
    },
)

RING_MODES: Final = TableSchema(
    "ring_modes",
    {
        "case": Column("1", "name of the case", "text"),
        "wave_number": Column("1", "cycles per ring", "int"),
        "growth": Column("per_s", "real part of the leading eigenvalue of the spiking ring"),
        "frequency": Column("Hz", "imaginary part over 2 pi"),
        "nu": Column("Hz", "rate of the uniform state"),
    },
)

CIRCUIT_RATES: Final = TableSchema(
    "circuit_rates",
    {
        **_POPULATION,
        "nu": Column("Hz", "simulated rate"),
        "cv": Column("1", "mean coefficient of variation of inter-spike intervals; nan if unknown"),
        "nu_theory": Column("Hz", "self-consistent rate"),
        "cv_theory": Column("1", "predicted coefficient of variation"),
    },
)

CIRCUIT_SPECTRA: Final = TableSchema(
    "circuit_spectra",
    {
        **_POPULATION,
        "frequency": Column("Hz", "frequency"),
        "power": Column("Hz2_per_Hz", "simulated one-sided spectrum of the population rate"),
        "power_theory": Column("Hz2_per_Hz", "predicted one-sided spectrum"),
    },
)

CIRCUIT_RASTERS: Final = TableSchema(
    "circuit_rasters",
    {
        "network": Column("1", "index of the independent network", "int"),
        "time": Column("ms", "time from the start of the window"),
        "row": Column("1", "row of the neuron, 0 at the bottom", "int"),
        "excitatory": Column("1", "whether the neuron is excitatory", "bool"),
    },
)
