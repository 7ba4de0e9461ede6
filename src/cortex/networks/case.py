"""One state of one network, ready to be predicted, simulated and observed."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from cortex.connectivity.weights import shaped
from cortex.errors import ParameterError
from cortex.meanfield.stationary.working_point import WorkingPoint, solve_working_point
from cortex.networks.wanted import find_drive
from cortex.params.description.cells import Population
from cortex.params.description.check import check_network
from cortex.params.description.course import CourseParams
from cortex.params.description.lfp import LfpParams
from cortex.params.description.populations import PopulationsParams
from cortex.params.description.projection import DriveParams, SynapseList
from cortex.params.description.settings import TheoryParams
from cortex.params.description.states import ALONE, block_at
from cortex.params.description.study import DescribedNetwork, NetworkStudy
from cortex.params.network import PopulationNetwork
from cortex.params.wiring import Rules
from cortex.rng import child_seed
from cortex.spiking.scaling import scale_down

if TYPE_CHECKING:
    from cortex.meanfield.stationary.packed import Method


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NetworkCase:
    """A network at one of its states, with what is asked of it.

    Parameters
    ----------
    name, state : str
        The network, and its state (`default` where it has none).
    title : str
        What a figure calls it.
    network : PopulationNetwork
        Normal form, at the size that is simulated, wanted rates found.
    rule : WiringRule or mapping
        How synapses fall on neurons.
    courses : mapping of (population, input) to CourseParams
        Inputs that change in time; input -1 is the constant drive.
    wanted : mapping of (population, input) to float
        Firing rates (Hz) for which theory found the rate of that input.
    recorded : mapping of (population, input) to (name, DriveParams)
        Inputs that are spikes of a file; their mean rate stands in the normal form.
    listed : mapping of (target, source) to SynapseList
        Pairs of populations whose synapses are those of a file.
    scatter : mapping of population to (Population, float)
        Populations whose neurons differ, as the file states them, and R I of their currents (V).
    study : NetworkStudy
        How it is predicted, simulated and observed.
    block : mapping
        The keys that it was read from, at its state.
    seed : int
        Seed of the study that it was read from; 1 where none is stated.
    """

    name: str
    state: str
    title: str
    network: PopulationNetwork
    rule: Rules
    courses: dict[tuple[str, int], CourseParams]
    wanted: dict[tuple[str, int], float]
    recorded: dict[tuple[str, int], tuple[str, DriveParams]]
    listed: dict[tuple[str, str], SynapseList]
    scatter: dict[str, tuple[Population, float]]
    study: NetworkStudy
    block: Mapping[str, Any]
    seed: int = 1

    def __repr__(self) -> str:
        network, own = self.network, self.network.synapses.in_degrees
        sizes = zip(network.names, network.sizes.tolist(), strict=True)
        listed = ", ".join(f"{name} ({size:,})" for name, size in sizes)
        n_synapses = float(network.sizes @ own.sum(axis=1))
        return (
            f"<{self.name} at state {self.state}: {listed}; {n_synapses:,.0f} synapses, "
            f"{network.drive.n_inputs} external inputs>"
        )

    @property
    def lfp(self) -> LfpParams:
        """What makes the LFP; refused where the network does not say."""
        if self.study.lfp is None:
            msg = (
                f"network {self.name} has no `lfp:` block; name the populations that carry dipoles"
            )
            raise ParameterError(msg)
        return self.study.lfp

    def run_seed(self, seed: int, number: int) -> int:
        """Return the seed of one of the independent networks, from that of the study."""
        states = () if self.state == ALONE else (self.state,)
        return child_seed(seed, self.study.stream or self.name, *states, number)


def sought(
    network: PopulationNetwork,
    theory: TheoryParams,
    wanted: Mapping[tuple[str, int], float] = MappingProxyType({}),
) -> WorkingPoint:
    """Return the working point of a network, by the method of its file.

    It is sought from the wanted rates where a drive was found for them, else from the rates that
    the file names: a network may have other working points.
    """
    method = None if theory.method == "auto" else cast("Method", theory.method)
    start = np.full(network.n_pops, theory.start_rate)
    for (name, _), rate in wanted.items():
        start[network.names.index(name)] = rate
    return solve_working_point(network, method=method, nu_start=start)


def read_case(name: str, block: Mapping[str, Any], state: str, seed: int = 1) -> NetworkCase:
    """Return a network at one of its states.

    Parameters
    ----------
    name : str
        Name of the network, which its random streams bear.
    block : mapping
        Its keys, as under `networks:` in a configuration.
    state : str
        One of its states, or `default`.
    seed : int
        Seed of its study.

    Raises
    ------
    ParameterError
        A key is unknown, missing or implausible; the keys contradict each other.
    """
    return case_of(name, block_at(block, state), state, seed)


def checked_case(name: str, block: Mapping[str, Any], state: str, seed: int = 1) -> NetworkCase:
    """Return a network at one of its states; refuse all that `cortex run` refuses.

    Jobs, which read a part of the keys, take `read_case` and `case_of`.
    """
    check_network(block)
    return read_case(name, block, state, seed)


def case_of(name: str, block: Mapping[str, Any], state: str = ALONE, seed: int = 1) -> NetworkCase:
    """Return the case of a block that holds no states; see `read_case`."""
    described = DescribedNetwork.from_config(block)
    model, study = described.model, described.study
    network: PopulationNetwork = model.network()
    courses: dict[tuple[str, int], CourseParams] = {}
    wanted: dict[tuple[str, int], float] = {}
    recorded: dict[tuple[str, int], tuple[str, DriveParams]] = {}
    listed: dict[tuple[str, str], SynapseList] = {}
    scatter: dict[str, tuple[Population, float]] = {}
    rule: Rules = study.wiring
    if isinstance(model, PopulationsParams):
        courses, wanted, rule = model.courses(), model.wanted(), model.rules(study.wiring)
        recorded, listed, scatter = model.recorded(), model.listed(), model.scattered()
        network = shaped(network, model.weight_kernels())
    if wanted:
        network = find_drive(network, wanted)
    if study.scale < 1.0:
        network = scale_down(network, study.scale, sought(network, study.theory, wanted).nu)
    return NetworkCase(
        name=name,
        state=state,
        title=study.title or (name if state == ALONE else state),
        network=network,
        rule=rule,
        courses=courses,
        wanted=wanted,
        recorded=recorded,
        listed=listed,
        scatter=scatter,
        study=study,
        block=block,
        seed=seed,
    )
