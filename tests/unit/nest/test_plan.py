"""What NEST is told of a network, and what is said where it cannot run one."""

import sys

import numpy as np
import pytest
from current_network import BLOCK

from cortex.errors import InstallationError, ParameterError, SimulationError
from cortex.nest import run
from cortex.nest.plan import plan_of
from cortex.networks.case import case_of
from cortex.params.description.overrides import deep_merge
from cortex.spiking.draws import draw_source_lists
from cortex.spiking.wiring import SourceLists
from cortex.steps.simulate import simulate


def planned(wiring="shared", keys=()):
    case = case_of("mine", deep_merge(BLOCK, dict(keys)))
    return plan_of(case.network, case.study.simulation, seed=3, rule=case.rule, wiring=wiring)


def test_weights_and_currents_are_those_of_nest_at_its_own_capacitance():
    plan = planned()
    e, i = plan.words["populations"]
    assert (e["model"], e["params"]["tau_syn_ex"], e["params"]["tau_syn_in"]) == (
        "iaf_psc_exp", pytest.approx(2.0), pytest.approx(8.0)
    )  # fmt: skip
    # a peak current of w at C is one of w C'/C at C': the same jump; R I = tau I / C
    scale = e["params"]["C_m"] / 200.0
    weights = np.unique(plan.arrays["weights"].round(9))
    np.testing.assert_allclose(weights, [-90.0 * scale, 50.0 * scale], rtol=1e-12)
    assert i["params"]["I_e"] == pytest.approx(18.0 * 250.0 / 20.0)
    assert plan.words["poisson"][0]["synapse"]["weight"] == pytest.approx(30.0 * scale)
    assert plan.words["poisson"][0]["target"] == [0, 80]
    assert len(plan.arrays["sources"]) == 100 * 12
    assert np.unique(plan.arrays["delays"]).tolist() == [8, 15]  # steps


def test_lists_in_two_blocks_of_targets_are_the_same_synapses():
    case = case_of("mine", deep_merge(BLOCK, {"projections": {"e": {"weight_cv": 0.2}}}))
    lists = draw_source_lists(case.network, seed=3, dt=1e-4, rule=case.rule)
    n, first = lists.n_neurons, 64
    sources = np.repeat(np.arange(n), np.diff(lists.start))
    upper = lists.targets >= first
    order = np.argsort(upper, kind="stable")
    rows = np.bincount(sources + n * upper, minlength=2 * n)
    cut = SourceLists(
        start=np.concatenate([[0], np.cumsum(rows)]), delay=lists.delay,
        targets=(lists.targets - first * upper)[order].astype(np.uint16),
        delays=lists.delays[order], weights=lists.weights[order], blocks=np.array([0, first]),
    )  # fmt: skip
    told = [
        plan_of(case.network, case.study.simulation, seed=3, rule=case.rule, wiring=each).arrays
        for each in (lists, cut)
    ]
    for name in ("sources", "targets", "weights", "delays"):
        np.testing.assert_array_equal(told[1][name], told[0][name][order])


def test_several_time_constants_of_one_sign_become_ports():
    slow = {"projections": {"e": {"receptor": "slow"}}}
    plan = planned(keys=slow)
    e, i = plan.words["populations"]
    assert e["model"] == "iaf_psc_exp_multisynapse"
    assert e["params"]["tau_syn"] == [pytest.approx(2.0), pytest.approx(8.0)]
    assert i["params"]["tau_syn"] == [pytest.approx(8.0)]
    assert plan.words["poisson"][0]["synapse"]["receptor_type"] == 1
    onto_e = plan.arrays["targets"] < 80
    assert set(plan.arrays["receptors"][onto_e]) == {2}
    assert set(plan.arrays["receptors"][~onto_e]) == {1}


def test_nest_draws_by_the_rule_of_the_file():
    spread = {"projections": {"e": {"weight_cv": 0.1, "delay_sd_ms": 0.5, "delay_law": "gaussian"}}}
    random = {"wiring": {"rule": "fixed_total_number", "multapses": True}}
    plan = planned("nest", keys={**random, **spread})
    assert not len(plan.arrays["sources"])
    rules = plan.words["rules"]
    assert [rule["connection"]["N"] for rule in rules] == [640, 320, 160, 80]
    assert rules[0]["weight_sd"] == pytest.approx(0.1 * rules[0]["synapse"]["weight"])
    assert rules[0]["delay_sd"] == pytest.approx(0.5)
    fixed = planned("nest").words["rules"][0]["connection"]
    assert fixed == {
        "rule": "fixed_indegree", "indegree": 8, "allow_multapses": False, "allow_autapses": False
    }  # fmt: skip
    sizes, drawn = {"E": 80, "I": 20}, {}
    for rule in ("pairwise_bernoulli", "fixed_out_degree"):
        words = planned("nest", keys={"wiring": {"rule": rule}}).words["rules"]
        drawn[rule] = [each["connection"] for each in words]
    # 8 or 4 sources of each target are 8/80 of E and 4/20 of I; E reaches 8 of E and 2 of I
    assert [each["p"] for each in drawn["pairwise_bernoulli"]] == [
        8 / sizes["E"], 4 / sizes["I"], 8 / sizes["E"], 4 / sizes["I"]
    ]  # fmt: skip
    assert [each["outdegree"] for each in drawn["fixed_out_degree"]] == [8, 16, 2, 4]


@pytest.mark.parametrize(
    ("wiring", "keys", "said"),
    [
        ("shared", {"projections": {"e": {"receptor": "delta", "w_pA": None, "J_mV": 0.2}}},
         "delta synapses beside currents"),
        ("nest", {"projections": {"e": {"in_degree": 8.5}}}, "8.5 from E to E is not whole"),
        ("nest", {"projections": {"e": {"delay_sd_ms": 0.5, "delay_law": "lognormal"}}},
         "lognormal delays"),
        ("nest", {"wiring": {"rule": "fixed_total_number"}}, "a total number with multapses only"),
    ],
)  # fmt: skip
def test_what_nest_cannot_run_is_refused(wiring, keys, said):
    with pytest.raises(SimulationError, match=said):
        planned(wiring, keys)


def test_a_machine_without_nest_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.delenv(run.PYTHON, raising=False)
    monkeypatch.setattr(run, "find_spec", lambda _: None)
    monkeypatch.setattr(run, "workflow_root", lambda: tmp_path)
    case = case_of("mine", BLOCK)
    with pytest.raises(InstallationError, match=r"make peers-nest, or pip install nest-simulator"):
        simulate(case, seed=1)
    monkeypatch.setenv(run.PYTHON, "no-such-python")
    with pytest.raises(InstallationError, match=r"CORTEX_NEST_PYTHON = no-such-python"):
        simulate(case, seed=1)


TWO_FILES = """
import sys
import numpy as np
for k, (steps, neurons) in enumerate([([3, 7], [0, 2]), ([3, 5], [1, 3])]):
    np.savez(sys.argv[2].replace(".npz", f"-{k}.npz"), steps=steps, neurons=neurons)
"""


def test_the_spikes_of_all_processes_become_one_table(monkeypatch, tmp_path):
    writes = tmp_path / "script.py"
    writes.write_text(TWO_FILES)
    monkeypatch.setattr(run.script, "__file__", str(writes))  # type: ignore[attr-defined]
    monkeypatch.setenv(run.PYTHON, sys.executable)
    monkeypatch.setenv(run.MPIRUN, "env")
    monkeypatch.chdir(tmp_path)
    spikes = simulate(case_of("mine", deep_merge(BLOCK, {"nest": {"processes": 2}})), seed=1).spikes
    assert (spikes.steps.tolist(), spikes.neurons.tolist()) == ([3, 3, 5, 7], [0, 1, 3, 2])
    assert list(tmp_path.iterdir()) == [writes]  # the plan is gone


def test_processes_without_mpi_say_how_to_get_them(monkeypatch):
    case = case_of("mine", deep_merge(BLOCK, {"nest": {"processes": 2}}))
    monkeypatch.setenv(run.MPIRUN, "no-such-mpirun -n {n}")
    with pytest.raises(InstallationError, match=r"processes = 2 needs no-such-mpirun, .*srun -n"):
        simulate(case, seed=1)


def test_traces_are_refused():
    with pytest.raises(ParameterError, match="spikes only"):
        simulate(case_of("mine", BLOCK), seed=1, record=run.Recorder(voltages=(1,)))  # type: ignore[attr-defined]
