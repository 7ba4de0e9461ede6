"""NEST on several processes, here and on two nodes of a SLURM on loopback; `make test-nest-mpi`."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import yaml
from current_network import BLOCK, CONSTANT, assert_nest_gives_the_spikes_of_cortex

from cortex.io.spike_table import read_spike_table
from cortex.nest.run import simulate_in_nest
from cortex.networks.case import case_of
from cortex.params.description.overrides import deep_merge
from cortex.steps.observe import observe
from cortex.steps.simulate import simulate

sys.path += [str(Path(__file__).parents[1] / "unit" / n) for n in ("networks", "spiking")]
import exact
import neutral

HERE = os.geteuid() == 0 and all(shutil.which(program) for program in ("mpirun", "slurmctld"))
pytestmark = [
    pytest.mark.cluster,
    pytest.mark.skipif(not HERE, reason="needs root, MPI and SLURM: make test-nest-mpi"),
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


def test_a_job_on_two_nodes_gives_the_spikes_of_cortex(slurm, new_project):
    project = new_project()
    block = deep_merge(
        deep_merge(BLOCK, CONSTANT),
        {
            "nest": {"processes": 2},
            "analysis": {"segment_ms": 64.0},
            "excerpt": {"start_s": 0.0, "duration_s": 0.2},
        },
    )
    text = yaml.safe_dump({"seed": 5, "networks": {"mine": block}}, sort_keys=False)
    (project.folder / "config/test.yaml").write_text(text, encoding="utf-8")
    table = "results/networks/mine/default/spikes-0.parquet"
    command = project.command(
        *(table, "--profile", "workflow/profiles/slurm-mpi", "--latency-wait", "5"),
        *("--slurm-init-seconds-before-status-checks", "3"),
    )
    said, nodes = project.folder / "said.txt", set()
    with said.open("w") as out, subprocess.Popen(
        command, cwd=project.folder, env=project.environment, stdout=out, stderr=out
    ) as process:  # fmt: skip
        while process.poll() is None:
            nodes |= set(slurm.busy())
            time.sleep(0.1)
    assert process.returncode == 0, said.read_text()
    assert nodes == {"n[1-2]"}
    theirs = read_spike_table(project.folder / table)
    ours = simulate(case_of("mine", {**block, "backend": "cortex"}), seed=5).spikes
    assert len(ours) > 200
    np.testing.assert_array_equal(ours.steps, theirs.steps)
    np.testing.assert_array_equal(ours.neurons, theirs.neurons)
