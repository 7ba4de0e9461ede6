"""The whole configuration: one section per model family."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any, Final, Protocol

from cortex.errors import ParameterError
from cortex.params.base import Block
from cortex.params.cell_study import CellStudy
from cortex.params.connectivity import ConnectivityStudy
from cortex.params.description.check import networks
from cortex.params.description.states import block_at, state_named, states_of
from cortex.params.description.study import SEED, DescribedNetwork
from cortex.params.izhikevich import IzhikevichStudy
from cortex.params.learning import LearningStudy
from cortex.params.lfp_study import LfpStudy
from cortex.params.reading import together
from cortex.params.recording import RecordingParams
from cortex.params.response import ResponseStudy
from cortex.params.spec import block, declare, table
from cortex.params.stability import StabilityStudy
from cortex.params.sweep import SweepParams
from cortex.units import steps_are_whole

TABLES: Final = frozenset({"summary", "account", "map"})
"""What else a sweep writes, under its name and one of these."""
LFP_NETWORK: Final = "lfp_demonstration"


class Naming(Protocol):
    """A part that names a network and one of its states."""

    @property
    def network(self) -> str:
        """Name of the network."""

    @property
    def state(self) -> str:
        """Name of the state; empty where the network has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Study(Block):
    """Everything a run of the workflow reads; the root of the configuration file.

    A section that is left out is `None`: nothing of that family is run.
    """

    seed: int = declare(SEED)
    networks: dict[str, dict[str, Any]] = networks(
        "networks, see `NetworkStudy`; one may stand at the top"
    )
    connectivity: ConnectivityStudy | None = block(
        ConnectivityStudy, "wiring of sheets and rings", None
    )
    cells: CellStudy | None = block(CellStudy, "single cells of any model", None)
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
        """Refuse what sections contradict each other in."""
        together(self._check_sweeps, self._check_lfp, *self._names())

    def _names(self) -> Iterator[Callable[[], None]]:
        """Yield what looks up the networks and states that sections name."""
        for name, recording in self.recordings.items():
            if recording.network or recording.state:
                yield partial(self._look_up, ("recordings", name), recording)
        if self.stability is not None:
            ring = self.stability.ring
            yield partial(self._look_up, ("stability", "ring"), ring, "senk_ring")
        if self.response is not None:
            mapping, microcircuit = self.response.mapping, self.response.microcircuit
            yield partial(self._look_up, ("response", "mapping"), mapping, "senk_ring")
            place = ("response", "microcircuit")
            yield partial(self._look_up, place, microcircuit, "microcircuit")

    def _look_up(self, place: tuple[str, ...], part: Naming, form: str = "") -> None:
        """Refuse a name that leads nowhere, or to a network of another form than is needed."""
        try:
            state_named(self.networks, part.network, part.state, form)
        except ParameterError as error:
            raise ParameterError(*error.below(*place)) from None

    def _check_sweeps(self) -> None:
        """Refuse sweeps that would write the same tables."""
        for name in self.sweeps:
            stem, _, table = name.rpartition("_")
            if table in TABLES and stem in self.sweeps:
                msg = f"sweeps: {name!r} would write the table {table!r} of {stem!r}; rename one"
                raise ParameterError(msg)

    def _check_lfp(self) -> None:
        """Refuse delays of proxies between the samples of the network that they are made of."""
        if self.lfp is None or LFP_NETWORK not in self.networks:
            return
        network = self.networks[LFP_NETWORK]
        dt = DescribedNetwork.from_config(block_at(network, states_of(network)[0])).study.simulation
        for path in ("ground_truth.delay_step", "kernels.shift_step"):
            steps = float(attrgetter(path)(self.lfp)) / dt.dt
            if not steps_are_whole(steps, 1):
                self.refuse(
                    f"lfp.{path}", f"is {steps:g} steps of {{step}} of {LFP_NETWORK}", step=dt.dt
                )
