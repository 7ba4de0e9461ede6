"""A model whose parameters are found at run time: dotted keys into what the study names."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import pytest
from circuit import CIRCUIT, Projection

from cortex.io.store import PointStore
from cortex.io.tables import read_frame
from cortex.params.sweep import SweepParams
from cortex.sweep.keys import leaves
from cortex.sweep.plan import plan_sweep
from cortex.sweep.problems import sweep_problems
from cortex.sweep.supervise import Supervisor
from cortex.sweep.tables import write_array, write_summary

OWN = {
    "sizes": {"e": 800, "pv": 100},
    "projections": {"e_to_pv": {"w_pA": 10.0}, "pv_to_e": {"w_pA": -40.0, "delay_ms": 1.0}},
}
STUDY = {"seed": 1, "networks": {"own": OWN, "other": OWN}}
WEIGHT = "networks.own.projections.e_to_pv.w_pA"
KEYS = {
    "model": "circuit:CIRCUIT",
    "vary": {WEIGHT: [10.0, 20.0]},
    "tied": {"size": {"networks.own.sizes.e": [80, 800], "networks.own.sizes.pv": [10, 100]}},
}


def plan_of(study=STUDY, **keys):
    sweep = SweepParams.from_config({**KEYS, **keys})
    base = CIRCUIT.base_config(study, sweep)
    return plan_sweep("s", sweep, CIRCUIT, base=base, seed=1, code="c")


def problems(study=STUDY, **keys):
    sweep = SweepParams.from_config({**KEYS, **keys})
    return sweep_problems("s", sweep, study, models={})


def test_dotted_keys_reach_any_entry_and_tied_ones_move_together(tmp_path):
    plan = plan_of()
    store = PointStore(tmp_path / "store")
    supervisor = Supervisor(model=CIRCUIT, store=store, threads=1, retries=0, say=print)
    records, receipt = supervisor.complete(plan.points)
    assert (receipt.computed, receipt.failed) == (4, 0)
    write_summary(tmp_path / "summary.parquet", plan, records)
    write_array(tmp_path / "sizes.parquet", plan, records, store, "sizes")
    summary = read_frame(tmp_path / "summary.parquet")
    weight, e, pv = (
        "networks_own_projections_e_to_pv_w_pA",
        "networks_own_sizes_e",
        "networks_own_sizes_pv",
    )
    rows = list(
        zip(summary[weight], summary[e], summary[pv], summary["total_mean_pA"], strict=True)
    )
    assert rows == [
        (10.0, 80, 10, -30.0),
        (10.0, 800, 100, -30.0),
        (20.0, 80, 10, -20.0),
        (20.0, 800, 100, -20.0),
    ]
    sizes = read_frame(tmp_path / "sizes.parquet")
    assert list(sizes["population"]) == ["e", "pv"] * 4
    assert list(sizes["size"]) == [80, 10, 800, 100] * 2


def test_a_unique_ending_of_a_path_is_enough():
    assert {p.key for p in plan_of(vary={WEIGHT: [20.0]}).points} == {
        p.key for p in plan_of(vary={"e_to_pv.w_pA": [20.0]}).points
    }


def test_another_network_of_the_study_does_not_move_the_keys():
    study = deepcopy(STUDY)
    study["networks"]["other"]["sizes"]["e"] = 7
    assert plan_of(study).points == plan_of().points
    study["networks"]["own"]["projections"]["pv_to_e"]["w_pA"] = -41.0
    assert {p.key for p in plan_of(study).points}.isdisjoint(p.key for p in plan_of().points)


@pytest.mark.parametrize(
    ("vary", "sentence"),
    [
        ({"networks.own.projections.e_to_pv.w_pa": [1.0]}, f"did you mean {WEIGHT}?"),
        ({"networks.own.projections.e_to_pv.w_mV": [1.0]}, "given in pA; convert and write"),
        ({"networks.own.sizes.sst": [10]}, "unknown key"),
        ({WEIGHT: [1e6]}, "is outside"),
        ({"networks.mine.sizes.e": [10]}, "sweeps.s: no network mine"),
        ({"w_pA": [1.0]}, "unknown key"),  # of two projections
    ],
)
def test_keys_that_the_study_does_not_hold_are_refused_with_what_may_be_meant(vary, sentence):
    found = problems(vary=vary)
    assert any(sentence in problem for problem in found), found
    assert problems() == []
    assert problems(study=None, vary=vary) == []  # nothing is known of the names yet


@dataclass(frozen=True)
class Described:
    """Parameters that are no block: two parts of one flat mapping, kept as they were written."""

    given: Mapping[str, Any]

    @classmethod
    def from_config(cls, config):
        Projection.from_config(config["projection"])
        return cls(config)

    def to_config(self):
        return dict(self.given)


def specs_of(config):
    return leaves(Projection, config["projection"], "projection.") if config else {}


def test_parameters_need_not_be_a_block_nor_be_written_in_full():
    model = replace(CIRCUIT, block=Described, base="mine", specs=specs_of)
    study = {"seed": 1, "mine": {"projection": {"w_pA": 3.0}}}
    sweep = SweepParams.from_config({"model": "m", "vary": {"delay_ms": [1.0, 2.0]}})
    assert sweep_problems("s", sweep, study, models={"m": model}) == []
    plan = plan_sweep("s", sweep, model, base=study["mine"], seed=1, code="c")
    found = sorted(point.params["projection"]["delay_ms"] for point in plan.points)
    assert found == [1.0, 2.0]
    wrong = SweepParams.from_config({"model": "m", "vary": {"delay_ms": [1000.0]}})
    (problem,) = sweep_problems("s", wrong, study, models={"m": model})
    assert "sweeps.s.vary.delay_ms" in problem
    alone = replace(sweep, design="one_at_a_time")
    (problem,) = sweep_problems("s", alone, study, models={"m": model})
    assert "sweeps.s: projection.delay_ms has no value in the study" in problem
