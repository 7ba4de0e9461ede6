"""Tables of the stability analyses."""

from typing import Final

from cortex.io.tables import Column, TableSchema

DISPERSION: Final = TableSchema(
    "stability_dispersion",
    {
        "model": Column("1", "rate or spiking", "text"),
        "g": Column("1", "relative inhibitory weight"),
        "branch": Column(
            "1", "branch of the Lambert W function; rank for the spiking model", "int"
        ),
        "wave_number": Column("per_mm", "angular wave number"),
        "growth": Column("per_s", "real part of the growth rate"),
        "frequency": Column("Hz", "imaginary part over 2 pi"),
    },
)

BLEND: Final = TableSchema(
    "stability_blend",
    {
        "g": Column("1", "relative inhibitory weight"),
        "branch": Column("1", "branch of the Lambert W function", "int"),
        "alpha": Column("1", "0 rate model, 1 spiking model"),
        "growth_solved": Column("per_s", "growth rate from the characteristic equation"),
        "frequency_solved": Column("Hz", "frequency from the characteristic equation"),
        "growth_integrated": Column("per_s", "growth rate from integration over alpha"),
        "frequency_integrated": Column("Hz", "frequency from integration over alpha"),
    },
)

ONSET: Final = TableSchema(
    "stability_onset",
    {
        "model": Column("1", "rate or spiking", "text"),
        "g": Column("1", "relative inhibitory weight at the onset of waves"),
        "delay": Column("ms", "transmission delay"),
        "wave_number": Column("per_mm", "angular wave number of the first wave"),
        "frequency": Column("Hz", "its frequency"),
    },
)

RINGS: Final = TableSchema(
    "stability_rings",
    {
        "delay": Column("1", "delay over the time constant"),
        "J0_rate": Column("1", "onset of the rate instability"),
        "J1_turing": Column("1", "onset of bumps"),
        "J0_oscillation": Column("1", "onset of uniform oscillations"),
        "J1_wave": Column("1", "onset of waves"),
        "frequency": Column("1", "frequency at the onset, times the time constant"),
    },
)
