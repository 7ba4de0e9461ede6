"""Tables of inference judged on recordings whose keys are known."""

from typing import Final

from cortex.io.tables import Column, TableSchema

_KEY: Final = {
    "data": Column("1", "what a recording is: spikes, rate or lfp", "text"),
    "key": Column("1", "dotted key of the network that is sought", "text"),
}

RECOVERED: Final = TableSchema(
    "inference_recovered",
    {
        **_KEY,
        "recording": Column("1", "number of the recording", "int"),
        "truth": Column("1", "value that made it, in the unit of the key, like the next five"),
        "low": Column("1", "lower end of the 90 % interval"),
        "middle": Column("1", "median"),
        "high": Column("1", "upper end of the 90 % interval"),
        "prior_low": Column("1", "lower bound of the prior"),
        "prior_high": Column("1", "its upper bound"),
        "rank": Column("1", "share of draws of the posterior below the truth"),
        "widening": Column("1", "factor on the spread of draws, from simulations of the prior"),
    },
)
DRAWS: Final = TableSchema(
    "inference_draws",
    {**_KEY, "value": Column("1", "a draw of the posterior of the first recording")},
)
