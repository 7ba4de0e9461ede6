"""The whole configuration: one section per model family."""

from dataclasses import dataclass

from cortex.params.base import Block
from cortex.params.brunel import BrunelStudy
from cortex.params.connectivity import ConnectivityStudy
from cortex.params.izhikevich import IzhikevichStudy
from cortex.params.learning import LearningStudy
from cortex.params.spec import block, count, table
from cortex.params.sweep import SweepParams


@dataclass(frozen=True, slots=True, kw_only=True)
class Study(Block):
    """Everything a run of the workflow reads; the root of the configuration file."""

    seed: int = count(0, 2**32 - 1, "seed of all random streams")
    brunel: BrunelStudy = block(BrunelStudy, "Brunel (2000) network")
    connectivity: ConnectivityStudy = block(ConnectivityStudy, "wiring of sheets and rings")
    learning: LearningStudy = block(LearningStudy, "delayed ring that learns")
    izhikevich: IzhikevichStudy = block(IzhikevichStudy, "Izhikevich networks and the bump")
    sweeps: dict[str, SweepParams] = table(block(SweepParams, "a sweep"), "parameter sweeps", {})
