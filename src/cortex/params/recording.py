"""One entry of `recordings:`: a file, how it is read, the network that it is held against."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cortex.errors import Amount, ParameterError, Problem
from cortex.params.base import Block
from cortex.params.description.settings import ExcerptParams
from cortex.params.description.specs import names, optional
from cortex.params.description.states import states_of
from cortex.params.observation import ObservationParams
from cortex.params.spec import block, choice, count, flag, quantity, table, text

READING: Final = ("unit", "separator", "neuron", "first_id", "start", "stop")
"""Fields that `cortex.io.spikes.read_spikes` takes where they are given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingParams(Block):
    """Recorded spikes: their file, how it is read, and the network that they are held against.

    Times and populations of a file are never guessed; `unit`, `populations` and the other keys
    of reading say what the file does not. `rename` gives populations the names of the network.
    """

    file: tuple[str, ...] = names("the file; several are one recording, such as NEST's threads")
    title: str = text("what it is called on its page", "")
    population: str = text("the only population to read; all where empty", "")
    populations: dict[str, int] = table(
        count(1, 10**9, "neurons"), "numbers of neurons, silent ones included, in order", {}
    )
    rename: dict[str, str] = table(text("its new name"), "new names of populations", {})
    unit: str | None = optional(text("unit of times that do not say it: s, ms, us"))
    separator: str | None = optional(text("separator of columns of text; else recognised"))
    neuron: str | None = optional(text("column of the neurons, where its name is not known"))
    population_column: str = text("column of NWB's units that names populations", "population")
    first_id: int | None = optional(count(0, 10**18, "id of the first neuron"))
    numbering: str = choice(
        ("range", "distinct"), "neurons are all ids of a range, or those that spiked", "range"
    )
    sort: bool = flag("whether spikes out of order are sorted; else they are refused", False)
    start: float | None = optional(quantity("s", -1e9, 1e9, "start of the recording"))
    stop: float | None = optional(quantity("s", -1e9, 1e9, "its end; else the last spike"))
    dt: float = quantity("ms", 0.001, 0.5, "step of the grid that spikes are put on", 1e-4)
    network: str = text("network of `networks` that it is held against; none where empty", "")
    state: str = text("state of that network; not needed where it has one", "")
    analysis: ObservationParams = block(ObservationParams, "bins and windows", ObservationParams())
    excerpt: ExcerptParams = block(
        ExcerptParams, "what rasters show", ExcerptParams(duration=0.5, n_neurons=100)
    )

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

    def state_among(self, networks: Mapping[str, Mapping[str, Any]]) -> str:
        """Return the state that the recording is held against.

        Raises
        ------
        ParameterError
            There is no such network or state, or it has several and none is named.
        """
        if self.network not in networks:
            raise ParameterError(
                _lost("network", self.network, "is no network", networks), edge=True
            )
        states = states_of(networks[self.network])
        if self.state in states:
            return self.state
        if self.state or len(states) > 1:
            reason = f"is no state of network {self.network}"
            raise ParameterError(_lost("state", self.state, reason, states), edge=True)
        return states[0]


def _lost(key: str, value: str, reason: str, there: Iterable[str]) -> Problem:
    fix = f"there are: {', '.join(there) or 'none'}"
    place = Amount(place=(key,), value=value, entry=value)
    return Problem(subject=place, reason=reason, fix=fix)
