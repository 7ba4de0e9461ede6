"""The whole configuration: one section per model family."""

from dataclasses import dataclass
from typing import Any

from cortex.errors import ParameterError
from cortex.params.base import Block
from cortex.params.connectivity import ConnectivityStudy
from cortex.params.description.study import networks
from cortex.params.izhikevich import IzhikevichStudy
from cortex.params.learning import LearningStudy
from cortex.params.lfp_study import LfpStudy
from cortex.params.recording import RecordingParams
from cortex.params.response import ResponseStudy
from cortex.params.spec import block, count, table
from cortex.params.stability import StabilityStudy
from cortex.params.sweep import SweepParams


@dataclass(frozen=True, slots=True, kw_only=True)
class Study(Block):
    """Everything a run of the workflow reads; the root of the configuration file.

    A section that is left out is `None`: nothing of that family is run.
    """

    seed: int = count(0, 2**32 - 1, "seed of all random streams")
    networks: dict[str, dict[str, Any]] = networks(
        "networks, see `NetworkStudy`; one may stand at the top"
    )
    connectivity: ConnectivityStudy | None = block(
        ConnectivityStudy, "wiring of sheets and rings", None
    )
    learning: LearningStudy | None = block(LearningStudy, "delayed ring that learns", None)
    izhikevich: IzhikevichStudy | None = block(
        IzhikevichStudy, "Izhikevich networks and the bump", None
    )
    response: ResponseStudy | None = block(
        ResponseStudy, "responses, fits and rates of LIF neurons", None
    )
    stability: StabilityStudy | None = block(StabilityStudy, "stability of LIF networks", None)
    lfp: LfpStudy | None = block(LfpStudy, "LFP proxies and their ground truth", None)
    sweeps: dict[str, SweepParams] = table(block(SweepParams, "a sweep"), "parameter sweeps", {})
    recordings: dict[str, RecordingParams] = table(
        block(RecordingParams, "recorded spikes"), "your own recordings", {}
    )

    def check(self) -> None:
        """Refuse recordings that are held against a network or state that is not there."""
        for name, recording in self.recordings.items():
            if recording.network or recording.state:
                try:
                    recording.state_among(self.networks)
                except ParameterError as error:
                    raise ParameterError(*error.below("recordings", name)) from None
