"""NEST on several processes of one machine; `make test-nest-mpi`."""

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from current_network import BLOCK, CONSTANT, assert_nest_gives_the_spikes_of_cortex

from cortex.nest.run import simulate_in_nest
from cortex.networks.case import case_of
from cortex.params.description.overrides import deep_merge
from cortex.steps.observe import observe
from cortex.steps.simulate import simulate

sys.path += [str(Path(__file__).parents[1] / "unit" / n) for n in ("networks", "spiking")]
import exact
import neutral

HERE = shutil.which("mpirun") is not None
pytestmark = [
    pytest.mark.cluster,
    pytest.mark.skipif(not HERE, reason="needs MPI: make test-nest-mpi"),
]


@pytest.fixture(autouse=True)
def as_root(monkeypatch):
    """Let Open MPI start processes of root, and more than there are cores."""
    for name in ("ALLOW_RUN_AS_ROOT", "ALLOW_RUN_AS_ROOT_CONFIRM", "MCA_rmaps_base_oversubscribe"):
        monkeypatch.setenv(f"OMPI_{name}", "1")


@pytest.mark.parametrize(
    "case", ["exact_delta_1", "exact_delta_hetdelay", "exact_exp_1", "exact_exp_hetdelay",
             "exact_exp_senk"],
)  # fmt: skip
@pytest.mark.parametrize("processes", [1, 2])
def test_the_exact_networks_have_the_spikes_of_their_files_on_any_processes(case, processes):
    ref = exact.load(case)
    found = simulate_in_nest(
        exact.network(ref), exact.settings(ref), seed=1, inputs=exact.inputs(ref),
        wiring=exact.wiring(ref), processes=processes,
    ).spikes  # fmt: skip
    for neuron, steps in enumerate(ref["spike_steps"]):
        # files count the state after the first update as step 1, spikes of a run from 0
        np.testing.assert_array_equal(found.steps[found.neurons == neuron] + 1, steps)


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"nest": {"threads": 2}},
        {"projections": {"e": {"receptor": "slow"}}},  # a port of its own
        {"drive": {"current": {
            "target": "all", "mu_mV": 16.0,
            "course": {"kind": "sinusoid", "amplitude": 0.3, "frequency_Hz": 20.0}}}},
    ],
    ids=["currents", "threads", "ports", "course"],
)  # fmt: skip
def test_two_processes_give_the_spikes_of_cortex(keys):
    block = deep_merge(deep_merge(BLOCK, CONSTANT), deep_merge({"nest": {"processes": 2}}, keys))
    assert_nest_gives_the_spikes_of_cortex(block)


@pytest.mark.parametrize("wiring", ["shared", "nest"])
def test_random_drive_on_two_processes_gives_the_statistics_of_the_reference(wiring):
    # oracle and bands as in tests/unit/nest/test_nest.py
    reference = neutral.read("net_01")
    block = {**neutral.described(reference["network"]), "backend": "nest"}
    case = case_of("net_01", {**block, "nest": {"wiring": wiring, "processes": 2}})
    seen = observe(case, [simulate(case, seed=1).spikes])["populations"]
    wanted = reference["simulation"]
    apart = abs(float(seen["nu"][0]) - wanted["rate_Hz"][0])
    assert apart < 1.5 * wanted["rate_band_of_one_run_Hz"][0]
    assert float(seen["cv"][0]) == pytest.approx(wanted["isi_cv"][0], abs=0.03)  # its README
