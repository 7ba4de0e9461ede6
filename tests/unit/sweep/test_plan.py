"""Points of a sweep: which there are, what their keys depend on, how they are shared out."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_model import MADE_UP

from cortex.config.presets import read_config
from cortex.errors import ConfigError, ParameterError
from cortex.params.sweep import SweepParams
from cortex.rng import child_seed
from cortex.sweep.design import combinations, read_points, sample_ranges
from cortex.sweep.plan import count_chunks, count_points, plan_sweep
from cortex.sweep_models.registry import MODELS

ROOT = Path(__file__).parents[3]


def sweep_of(**keys):
    return SweepParams.from_config({"model": "made_up_model:MADE_UP", **keys})


def keys_of(plan):
    return {point.key for point in plan.points}


def test_a_grid_and_a_list_are_crossed(new_plan):
    plan = new_plan(vary={"x": {"start": 0.0, "stop": 1.0, "num": 3}, "y": [5, 7.0]}, seeds=2)
    found = {(p.varied["x"], p.varied["y"], p.replicate) for p in plan.points}
    assert found == {(x, y, r) for x in (0.0, 0.5, 1.0) for y in (5.0, 7.0) for r in (0, 1)}


def test_points_are_sorted_by_key_and_each_has_a_seed_of_its_own(new_plan):
    plan = new_plan(seeds=5)
    keys = [point.key for point in plan.points]
    assert keys == sorted(keys)
    assert len({point.seed for point in plan.points}) == 30


def test_a_key_depends_on_parameters_seed_and_code_and_on_nothing_else(new_plan):
    plan = new_plan()
    assert keys_of(new_plan(chunk_size=1, threads=7, retries=3, observables=["side"])) == keys_of(
        plan
    )
    assert keys_of(new_plan(vary={"y": [0.5, -1], "x": [1.5, 1, 0.5]})) == keys_of(plan)
    for other in (new_plan(seed=8), new_plan(code="other"), new_plan(fixed={"work_ms": 0.1})):
        assert keys_of(other).isdisjoint(keys_of(plan))


def test_a_parameter_left_at_its_default_and_one_set_to_it_give_the_same_key(new_plan):
    assert keys_of(new_plan(fixed={"work_ms": 0})) == keys_of(new_plan())


def test_overlapping_and_grown_sweeps_share_keys(new_plan):
    small = new_plan(vary={"x": [0.5, 1.0], "y": [0.5]}, seeds=2)
    large = new_plan(vary={"x": [0.25, 0.5, 1.0], "y": [0.5, 0.7]}, seeds=3)
    assert keys_of(small) < keys_of(large)


@settings(max_examples=25, deadline=None)
@given(n=st.integers(1, 120), size=st.integers(1, 70), seeds=st.integers(1, 3))
def test_chunks_are_a_partition_of_the_points(n, size, seeds):
    sweep = sweep_of(
        vary={"x": {"start": 0.0, "stop": 1.0, "num": n}}, chunk_size=size, seeds=seeds
    )
    plan = plan_sweep("p", sweep, MADE_UP, base={}, seed=1, code="c")
    n_chunks = count_chunks(sweep, MADE_UP)
    assert count_points(sweep, MADE_UP) == len(plan.points) == n * seeds
    assert n_chunks & (n_chunks - 1) == 0  # a power of two
    assert n * seeds / size <= n_chunks < 2 * max(n * seeds / size, 1)
    shares = [plan.chunk(i, n_chunks) for i in range(n_chunks)]
    assert sorted(p.key for share in shares for p in share) == [p.key for p in plan.points]


def test_a_latin_hypercube_has_one_sample_in_every_stratum():
    sweep = sweep_of(
        vary={"x": {"low": -1.0, "high": 3.0}, "y": {"low": 0.0, "high": 1.0}}, samples=40
    )
    samples = sample_ranges(sweep, seed=3)
    for key, low, width in (("x", -1.0, 0.1), ("y", 0.0, 0.025)):
        strata = np.floor((np.array([s[key] for s in samples]) - low) / width).astype(int)
        assert sorted(strata) == list(range(40))


def test_whole_numbers_are_sampled_alike_often_with_both_ends():
    sweep = sweep_of(vary={"x": {"low": 2.0, "high": 6.0}}, samples=500)
    samples = [s["x"] for s in sample_ranges(sweep, seed=3, whole={"x"})]
    # a Latin hypercube of 500 puts one sample into each 500th: exactly 100 on each of 5 numbers
    assert Counter(samples) == dict.fromkeys(range(2, 7), 100)
    assert all(isinstance(sample, int) for sample in samples)


def test_a_range_of_a_count_gives_points_that_can_be_built():
    own = {"model": "network_theory", "network": "brunel", "state": "C"}
    keys = {"vary": {"n_exc": {"low": 9000, "high": 9900}}, "samples": 5}
    sweep = SweepParams.from_config({**own, **keys})
    model = MODELS["network_theory"]
    base = model.base_config(read_config([ROOT / "config" / "config.yaml"]), sweep)
    plan = plan_sweep("p", sweep, model, base=base, seed=1, code="c")
    built = [model.block.from_config(point.params).model.n_exc for point in plan.points]  # type: ignore[attr-defined]
    assert len(set(built)) == 5


def test_a_random_design_grows_by_its_new_samples():
    few, many = (
        sample_ranges(
            sweep_of(vary={"x": {"low": 0.0, "high": 1.0}}, samples=n, design="random"), seed=3
        )
        for n in (10, 25)
    )
    assert many[:10] == few


def test_a_table_of_points_is_read_with_its_types(tmp_path):
    table = tmp_path / "points.tsv"
    table.write_text("point\tx\ty\tfault\na\t1e-1\t2\tnone\nb\t0.5\t-3\traise\n")
    sweep = sweep_of(points=str(table))
    assert list(combinations(sweep, seed=0)) == [
        {"x": 0.1, "y": 2, "fault": "none"},
        {"x": 0.5, "y": -3, "fault": "raise"},
    ]
    plan = plan_sweep("p", sweep, MADE_UP, base={}, seed=1, code="c")
    assert len(plan.points) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x\ty\n1\n", "line 2: not as many cells"),
        ("x\tx\n1\t2\n", "line 1: keys given twice: x"),
        ("x\ty\n", "a line per point"),
        (None, "no such"),
    ],
)
def test_a_broken_table_of_points_is_refused_with_its_line(tmp_path, text, message):
    table = tmp_path / "points.tsv"
    if text is not None:
        table.write_text(text)
    with pytest.raises(ConfigError, match=message):
        read_points(table)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"vary": {"x": {"low": 0.0, "high": 1.0}}}, "samples = 0 and the ranges"),
        ({"vary": {"x": [1.0]}, "samples": 3}, "samples = 3 and the ranges"),
        ({"vary": {"x": {"low": 2.0, "high": 1.0}}, "samples": 3}, "low must lie below high"),
        ({"vary": {"x": {"from": 2.0}}}, r"is no axis; write a grid \{start"),
        ({"vary": {"x": 3.0}}, "is no axis"),
        ({"vary": {"x": []}}, "is no axis"),
        ({"refine_on": "side"}, "needs grids or lists"),
        ({"design": "one_at_a_time"}, "needs grids or lists in vary or tied"),
        ({"tied": {"a": {"x": [1.0], "y": [1.0, 2.0]}}}, "ties no keys; write lists of equal"),
        ({"tied": {"a": [{"x": 1.0}, {"y": 1.0}]}}, "ties no keys"),
        ({"tied": {"a": []}}, "ties no keys"),
    ],
)
def test_contradictory_sweeps_are_refused(keys, message):
    with pytest.raises(ParameterError, match=message):
        sweep_of(**keys)


def test_a_dry_run_can_count_ten_thousand_points_without_planning_them():
    vary = {k: {"start": 0.0, "stop": 1.0, "num": 100} for k in ("x", "y")}
    sweep = sweep_of(vary=vary)
    assert (count_points(sweep, MADE_UP), count_chunks(sweep, MADE_UP)) == (10_000, 256)


@pytest.mark.parametrize(
    "tied",
    [
        {"x": [1.0, 2.0], "y": {"start": 3.0, "stop": 4.0, "num": 2}},
        [{"x": 1.0, "y": 3.0}, {"x": 2, "y": 4}],
    ],
)
def test_tied_keys_move_together_and_are_crossed_with_the_others(new_plan, tied):
    plan = new_plan(vary={"work_ms": [0.0, 1.0]}, tied={"both": tied})
    found = {(p.varied["x"], p.varied["y"], p.varied["work_ms"]) for p in plan.points}
    assert found == {(x, x + 2.0, work) for x in (1.0, 2.0) for work in (0.0, 1.0)}
    assert count_points(plan.sweep, MADE_UP) == 4


def test_one_at_a_time_moves_each_key_and_each_tied_group_alone(new_plan):
    plan = new_plan(
        vary={"x": [1.0, 2.0], "work_ms": [0.5]},
        tied={"corner": {"x": [3.0, 4.0], "y": [3.0, 4.0]}},
        fixed={"y": 7.0},
        design="one_at_a_time",
        seeds=2,
    )
    found = {tuple(p.varied[k] for k in ("x", "work_ms", "y")): plan.moved(p) for p in plan.points}
    assert found == {
        (0.0, 0.0, 7.0): "",
        (1.0, 0.0, 7.0): "x",
        (2.0, 0.0, 7.0): "x",
        (0.0, 0.5, 7.0): "work_ms",
        (3.0, 0.0, 3.0): "corner",
        (4.0, 0.0, 4.0): "corner",
    }
    assert count_points(plan.sweep, MADE_UP) == len(plan.points) == 12


def test_common_seeds_give_each_repetition_of_every_point_the_same_seed(new_plan):
    plan = new_plan(seeds=3, common_seeds="trials")
    expected = {i: child_seed(7, "trials", i) for i in range(3)}
    assert all(point.seed == expected[point.replicate] for point in plan.points)
    assert len(keys_of(plan)) == 18  # parameters tell the points apart
