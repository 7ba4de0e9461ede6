"""NEST on several processes of one machine; `make test-nest-mpi`."""

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

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
NEURON = {"tau_m_ms": 20.0, "tau_ref_ms": 2.0, "V_th_mV": 15.0, "V_reset_mV": 0.0, "C_pF": 200.0}
CURRENTS = {
    "populations": {"E": {"size": 80, **NEURON}, "I": {"like": "E", "size": 20}},
    "receptors": {"fast": {"tau_s_ms": 2.0}, "slow": {"tau_s_ms": 8.0}},
    "projections": {
        "e": {"source": "E", "target": "all", "in_degree": 8, "w_pA": 50.0, "delay_ms": 1.5,
              "receptor": "fast"},
        "i": {"source": "I", "target": "all", "in_degree": 4, "w_pA": -90.0, "delay_ms": 0.8,
              "receptor": "slow"},
    },
    "drive": {"current": {"target": "all", "mu_mV": 18.0}},
    "simulation": {"dt_ms": 0.1, "warm_up_s": 0.1, "duration_s": 0.2, "precision": "float64"},
    "backend": "nest",
    "seeds": 1,
}  # fmt: skip


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
    block = deep_merge(CURRENTS, deep_merge({"nest": {"processes": 2}}, keys))
    ours, theirs = (
        simulate(case_of("mine", {**block, "backend": backend}), seed=5).spikes
        for backend in ("cortex", "nest")
    )
    assert len(ours) > 200
    np.testing.assert_array_equal(ours.steps, theirs.steps)
    np.testing.assert_array_equal(ours.neurons, theirs.neurons)


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
