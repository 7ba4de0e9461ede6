"""Tables of the LFP of a network."""

from typing import Final

from cortex.io.tables import Column, TableSchema

LFP: Final = TableSchema(
    "brunel_lfp",
    {
        "time": Column("ms", "time from the end of the transient"),
        "lfp": Column("pA", "weighted sum of currents per excitatory neuron, not normalised"),
    },
)
