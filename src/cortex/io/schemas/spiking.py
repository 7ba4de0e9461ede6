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
