"""One entry of `recordings:`: a file, how it is read, the network that it is held against."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cortex.params.description.settings import ExcerptParams
from cortex.params.description.specs import optional
from cortex.params.description.states import state_named
from cortex.params.field_file import FieldFile
from cortex.params.observation import ObservationParams
from cortex.params.spec import block, quantity, table, text
from cortex.params.spike_file import SpikeFile


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingParams(SpikeFile):
    """Recorded spikes: their file, how it is read, and the network that they are held against.

    `rename` gives populations the names of the network.
    """

    title: str = text("what it is called on its page", "")
    rename: dict[str, str] = table(text("its new name"), "new names of populations", {})
    dt: float = quantity("ms", 0.001, 0.5, "step of the grid that spikes are put on", 1e-4)
    network: str = text("network of `networks` that it is held against; none where empty", "")
    state: str = text("state of that network; not needed where it has one", "")
    field: FieldFile | None = optional(block(FieldFile, "field recorded beside the spikes"))
    analysis: ObservationParams = block(ObservationParams, "bins and windows", ObservationParams())
    excerpt: ExcerptParams = block(
        ExcerptParams, "what rasters show", ExcerptParams(duration=0.5, n_neurons=100)
    )

    def state_among(self, networks: Mapping[str, Mapping[str, Any]]) -> str:
        """Return the state that the recording is held against.

        Raises
        ------
        ParameterError
            There is no such network or state, or it has several and none is named.
        """
        return state_named(networks, self.network, self.state)
