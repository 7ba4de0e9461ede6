"""A file of recorded spikes, and how it is read."""

from dataclasses import dataclass
from typing import Any, Final

from cortex.params.base import Block
from cortex.params.description.specs import names, optional
from cortex.params.spec import choice, count, flag, quantity, table, text

READING: Final = ("unit", "separator", "columns", "neuron", "first_id", "start", "stop")
"""Fields that `cortex.io.spikes.read_spikes` takes where they are given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeFile(Block):
    """Recorded spikes: their file, and how it is read.

    Times and populations of a file are never guessed; `unit`, `populations` and the other keys
    say what the file does not.
    """

    file: tuple[str, ...] = names("the file; several are one recording, such as NEST's threads")
    population: str = text("the only population to read; all where empty", "")
    populations: dict[str, int] = table(
        count(1, 10**9, "neurons"), "numbers of neurons, silent ones included, in order", {}
    )
    unit: str | None = optional(text("unit of times that do not say it: s, ms, us"))
    separator: str | None = optional(text("separator of columns of text; else recognised"))
    columns: tuple[str, ...] | None = optional(
        names("names of the columns of text without a header, such as [neuron, time_ms]")
    )
    neuron: str | None = optional(text("column of the neurons, where its name is not known"))
    population_column: str = text("column of NWB's units that names populations", "population")
    first_id: int | None = optional(count(0, 10**18, "id of the first neuron"))
    numbering: str = choice(
        ("range", "distinct"), "neurons are all ids of a range, or those that spiked", "range"
    )
    sort: bool = flag("whether spikes out of order are sorted; else they are refused", False)
    start: float | None = optional(quantity("s", -1e9, 1e9, "start of the recording"))
    stop: float | None = optional(quantity("s", -1e9, 1e9, "its end; else the last spike"))

    def reading(self) -> dict[str, Any]:
        """Return what `read_spikes` is told, by the names of its arguments."""
        given = {name: getattr(self, name) for name in READING}
        return {name: value for name, value in given.items() if value is not None} | {
            "population": self.population or None,
            "populations": self.populations or None,
            "population_column": self.population_column,
            "numbering": self.numbering,
            "sort": self.sort,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedSource(SpikeFile):
    """Recorded neurons that send their spikes into a network.

    The recording begins with the network: its first seconds drive the warm-up. What the file
    holds is filled in when a configuration is read, for theory and to know the file again.
    """

    delay: float = quantity("ms", 0.001, 1000.0, "transmission delay")
    mean_rate: float | None = optional(
        quantity("Hz", 0.0, 1e5, "mean rate of a recorded neuron; filled in")
    )
    digest: str = text("SHA-256 of the file; filled in", "")
