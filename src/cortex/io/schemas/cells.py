"""Tables of single cells: rates and responses in noise, firing patterns."""

from typing import Final

from cortex.io.tables import Column, TableSchema

_CELL: Final = {"cell": Column("1", "name of the neuron in the configuration", "text")}
_PLACE: Final = {
    "reset": Column("mV", "reset, absolute"),
    "b": Column("pA", "adaptation added by a spike"),
    "pattern": Column("1", "firing pattern", "text"),
}

CURVES: Final = TableSchema(
    "cells_curves",
    {
        **_CELL,
        "mu": Column("mV", "mean input above rest"),
        "nu": Column("Hz", "rate in theory"),
        "cv": Column("1", "CV in theory, adaptation at its mean"),
        "nu_seen": Column("Hz", "simulated rate"),
        "cv_seen": Column("1", "simulated CV; nan where spikes are too few"),
        "se": Column("Hz", "standard error of the simulated rate"),
    },
)
RESPONSES: Final = TableSchema(
    "cells_responses",
    {
        **_CELL,
        "frequency": Column("Hz", "frequency of the modulation of the mean input"),
        "gain": Column("Hz_per_mV", "amplitude of the response in theory"),
        "phase": Column("deg", "phase of it"),
        "gain_seen": Column("Hz_per_mV", "simulated amplitude"),
        "phase_seen": Column("deg", "simulated phase"),
        "se": Column("Hz_per_mV", "standard error of real and imaginary part"),
    },
)
PLANE: Final = TableSchema(
    "cells_plane", {**_PLACE, "rate": Column("Hz", "rate in the second half of the step")}
)
TRACES: Final = TableSchema(
    "cells_traces",
    {**_PLACE, "time": Column("ms", "time since the step"), "v": Column("mV", "potential")},
)
