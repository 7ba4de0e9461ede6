"""Networks in NEST against our kernels: the same spikes, or the same statistics."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import needs
import numpy as np
import pytest
from current_network import BLOCK, CONSTANT, assert_nest_gives_the_spikes_of_cortex

from cortex.errors import SimulationError
from cortex.io.exchange.networks import export_network
from cortex.io.spikes import read_spikes
from cortex.nest import run
from cortex.nest.run import nest_python, simulate_in_nest
from cortex.networks.case import case_of
from cortex.networks.recorded import recorded_events, without_recorded
from cortex.params.description.overrides import deep_merge
from cortex.spikes import Spikes
from cortex.spiking.requests import Inputs
from cortex.steps.observe import observe
from cortex.steps.simulate import simulate

sys.path += [str(Path(__file__).parents[1] / name) for name in ("networks", "spiking")]
import exact
import neutral

pytestmark = needs.NEST

DELTA = {
    **CONSTANT,
    "receptors": None,
    "projections": {
        "e": {"receptor": "delta", "w_pA": None, "J_mV": 0.6},
        "i": {"receptor": "delta", "w_pA": None, "J_mV": -2.0},
    },
}


@pytest.mark.parametrize(
    "case", ["exact_delta_1", "exact_delta_hetdelay", "exact_exp_1", "exact_exp_hetdelay",
             "exact_exp_senk"],
)  # fmt: skip
def test_the_exact_networks_have_the_spikes_of_their_files(case):
    ref = exact.load(case)
    found = simulate_in_nest(
        exact.network(ref), exact.settings(ref), seed=1, inputs=exact.inputs(ref),
        wiring=exact.wiring(ref),
    ).spikes  # fmt: skip
    for neuron, steps in enumerate(ref["spike_steps"]):
        # files count the state after the first update as step 1, spikes of a run from 0
        np.testing.assert_array_equal(found.steps[found.neurons == neuron] + 1, steps)


@pytest.mark.parametrize(
    "keys",
    [
        CONSTANT,
        {**CONSTANT, "projections": {"e": {"receptor": "slow"}}},  # a port of its own
        {**CONSTANT, "projections": {"e": {"weight_cv": 0.2, "delay_sd_ms": 0.5,
                                           "delay_law": "lognormal"}}},
        {**CONSTANT, "wiring": {"multapses": True, "autapses": True, "rule": "fixed_total_number"}},
        {**CONSTANT, "wiring": {"rule": "pairwise_bernoulli"}},
        DELTA,
        {**CONSTANT, "drive": {"noise": None, "current": {
            "target": "all", "mu_mV": 16.0,
            "course": {"kind": "sinusoid", "amplitude": 0.3, "frequency_Hz": 20.0}}}},
    ],
    ids=["currents", "ports", "spread", "random", "pairs", "delta", "course"],
)  # fmt: skip
def test_one_word_in_the_file_gives_the_same_spikes_from_nest(keys):
    assert_nest_gives_the_spikes_of_cortex(deep_merge(BLOCK, keys))


def test_recorded_spikes_drive_both_alike():
    source = {"file": "none.csv", "delay_ms": 1.0, "mean_rate_Hz": 20.0}
    keys = {"drive": {"noise": {"rate_Hz": None, "n_sources": 30, "w_pA": 150.0,
                                "recording": source}}}  # fmt: skip
    rng = np.random.default_rng(1)
    trains = [np.sort(rng.uniform(0.0, 0.3, 12)) for _ in range(50)]
    spikes = {"noise": Spikes.of_trains({"x": trains}, stop=0.3).on_grid(1e-4)}
    block = deep_merge(BLOCK, keys)
    case = case_of("mine", block)
    theirs = simulate(case, seed=2, recorded=spikes).spikes
    ours = simulate(case_of("mine", {**block, "backend": "cortex"}), seed=2, recorded=spikes).spikes
    assert len(ours.of("E")) > 100
    np.testing.assert_array_equal(ours.steps, theirs.steps)
    np.testing.assert_array_equal(ours.neurons, theirs.neurons)
    events = Inputs(events=recorded_events(case, spikes, seed=case.run_seed(2, 0)))
    again = simulate_in_nest(
        without_recorded(case), case.study.simulation, seed=case.run_seed(2, 0), inputs=events
    )
    np.testing.assert_array_equal(again.spikes.steps, theirs.steps)


@pytest.mark.parametrize("wiring", ["shared", "nest"])
def test_random_drive_gives_the_statistics_of_the_reference(wiring):
    # oracle: an independent C program (tests/data/networks); one run lies within its band of one
    # run, which it gives as two standard deviations: three here
    reference = neutral.read("net_01")
    block = {**neutral.described(reference["network"]), "backend": "nest"}
    case = case_of("net_01", {**block, "nest": {"wiring": wiring}})
    seen = observe(case, [simulate(case, seed=1).spikes])["populations"]
    wanted = reference["simulation"]
    apart = abs(float(seen["nu"][0]) - wanted["rate_Hz"][0])
    assert apart < 1.5 * wanted["rate_band_of_one_run_Hz"][0]
    assert float(seen["cv"][0]) == pytest.approx(wanted["isi_cv"][0], abs=0.03)  # its README


@pytest.mark.parametrize("tool", ["nest", "pynn"])
@pytest.mark.parametrize("keys", [CONSTANT, DELTA], ids=["currents", "delta"])
def test_an_exported_script_runs_alone_to_the_same_spikes(tool, keys, tmp_path):
    block = deep_merge(BLOCK, {**keys, "backend": "cortex"})
    case = case_of("mine", block)
    path = tmp_path / f"mine.{tool}.py"
    export_network(case, path, seed=5)
    done = subprocess.run(
        [nest_python(), "-W", "ignore", path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    ours = simulate(case, seed=5).spikes
    with np.load(tmp_path / f"mine.{tool}_spikes.npz") as theirs:
        assert len(ours) > 200
        np.testing.assert_array_equal(theirs["steps"], ours.steps)
        np.testing.assert_array_equal(theirs["neurons"], ours.neurons)


def test_what_nest_says_is_handed_on(monkeypatch, tmp_path):
    broken = tmp_path / "script.py"
    broken.write_text("raise RuntimeError('out of weights')\n")
    monkeypatch.setattr(run.script, "__file__", str(broken))  # type: ignore[attr-defined]
    monkeypatch.setenv(run.PYTHON, shutil.which("python"))
    with pytest.raises(SimulationError, match="out of weights"):
        simulate(case_of("mine", BLOCK), seed=1)


def test_a_nest_without_mpi_refuses_several_processes(monkeypatch, tmp_path):
    monkeypatch.setenv("CORTEX_NEST_PYTHON", str(Path(nest_python()).absolute()))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(run.MPIRUN, "env")  # starts one process, as mpirun does for a NEST that
    case = case_of("mine", deep_merge(BLOCK, {"nest": {"processes": 2}}))  # does not know of it
    with pytest.raises(SimulationError, match=r"2 processes .* know of 1: .*make peers-nest-mpi"):
        simulate(case, seed=1)


SPIKES_TO_FILES = """
import json, sys
import nest
nest.set_verbosity("M_ERROR")
nest.set(resolution=0.1, local_num_threads=2, data_path=sys.argv[1])
trains = json.load(sys.stdin)
senders = nest.Create("spike_generator", len(trains), [{"spike_times": t} for t in trains])
nest.Connect(senders, nest.Create("spike_recorder", params={"record_to": "ascii", "label": "x"}))
nest.Simulate(300.0)
"""


def test_the_files_of_nests_recorders_give_the_steps_that_went_in(tmp_path):
    steps, neurons = np.nonzero(np.random.default_rng(4).random((2900, 7)) < 0.01)
    trains = [((steps[neurons == k] + 1) * 0.1).round(1).tolist() for k in range(7)]
    subprocess.run(
        [nest_python(), "-W", "ignore", "-c", SPIKES_TO_FILES, tmp_path],
        input=json.dumps(trains), capture_output=True, text=True, check=True,
    )  # fmt: skip
    files = sorted(tmp_path.glob("*.dat"))
    assert len(files) == 2  # one for each thread
    found = read_spikes(files, populations={"E": 5, "I": 2}, stop=0.3, sort=True).on_grid(1e-4)
    np.testing.assert_array_equal(found.steps, steps)
    np.testing.assert_array_equal(found.neurons, neurons)
