"""Refinement: the full grid's answer from a fraction of its points."""

from functools import partial

import numpy as np
import pytest

from cortex.io.tables import read_frame
from cortex.sweep import refined_run
from cortex.sweep.progress import Progress
from cortex.sweep.refine import refine
from cortex.sweep.refined_run import run_refined
from cortex.sweep.supervise import Supervisor
from cortex.sweep.tables import write_map


def on_grid(function, shape):
    return np.array([function(*index) for index in np.ndindex(shape)], dtype=object).reshape(shape)


@pytest.mark.parametrize(
    ("shape", "stride", "function"),
    [
        ((65, 65), 8, lambda i, j: "in" if np.hypot(i - 30, j - 20) < 17 else "out"),
        ((65, 65), 16, lambda i, j: "left" if i + 0.7 * j < 50 else "right"),
        ((40, 51), 8, lambda i, j: ("a", "b", "c")[int((i + j * j / 60) // 30) % 3]),
        ((17, 9, 13), 4, lambda i, j, k: str(i + j > 11) + str(k > 6)),
        ((50, 1), 7, lambda i, _: float(i > 33)),
    ],
)
def test_the_filled_map_equals_the_full_grid(shape, stride, function):
    found = refine(shape, lambda new: [function(*i) for i in new], stride=stride)
    np.testing.assert_array_equal(found.values, on_grid(function, shape))
    assert found.computed.sum() < 0.75 * np.prod(shape)


def test_the_number_of_points_grows_with_the_length_of_the_line_not_with_the_area():
    def count(n):
        def look(new):
            return ["in" if np.hypot(i, j) < 0.6 * n else "out" for i, j in new]

        return int(refine((n + 1, n + 1), look, stride=n // 8).computed.sum())

    # four times the resolution: 16 times the area, 4 times the length
    assert count(256) / count(64) < 5.0


def test_numbers_are_refined_where_they_differ_by_more_than_the_tolerance():
    found = refine(
        (101,), lambda new: [float(np.tanh((i - 50) / 3)) for (i,) in new], stride=20, tolerance=0.2
    )
    known = np.flatnonzero(found.computed)
    steps = np.diff(found.values[known].astype(float))
    # what still differs by more lies side by side: there is nothing left to refine
    assert (np.diff(known)[steps > 0.2] == 1).all()
    assert (steps > 0.2).any()
    assert found.computed.sum() < 40
    assert found.computed[45:56].sum() > 8


def test_an_undefined_number_beside_a_number_is_a_change():
    found = refine((33,), lambda new: [np.nan if i < 13 else 1.0 for (i,) in new], stride=8)
    assert found.computed[[12, 13]].all()


def test_a_refined_sweep_saves_points_and_says_how_many(new_plan, store, tmp_path):
    axis = {"start": -1.5, "stop": 1.5, "num": 33}
    plan = new_plan(vary={"x": axis, "y": axis}, refine_on="side", refine_from=8)
    said: list[str] = []
    supervisor = Supervisor(model=plan.model, store=store, threads=2, retries=0, say=said.append)
    run = run_refined(plan, supervisor)
    write_map(tmp_path / "map.parquet", plan, run.found, run.records)
    table = read_frame(tmp_path / "map.parquet")
    inside = np.hypot(table["x"], table["y"]) < 1.0
    assert (table["side"] == np.where(inside, "inside", "outside")).all()
    assert table["computed"].sum() == len(run.plan.points) == len(store.keys())
    assert len(run.plan.points) < 0.5 * 33 * 33
    assert said[-1] == f"trial: round {run.found.n_levels}, {len(run.plan.points)} points"


def test_a_refined_sweep_tells_how_far_its_round_is(new_plan, store, monkeypatch):
    monkeypatch.setattr(refined_run, "Progress", partial(Progress, interval=0.0))
    plan = new_plan(
        vary={"x": [0.0, 0.5, 1.5], "y": [0.0, 0.5, 1.5]},
        fixed={"work_ms": 200.0},
        refine_on="side",
        refine_from=2,
    )
    said: list[str] = []
    supervisor = Supervisor(model=plan.model, store=store, threads=1, retries=0, say=said.append)
    refined_run.run_refined(plan, supervisor)
    of_first = [line for line in said if line.startswith("trial, round 1: ")]
    assert of_first[0] == "trial, round 1: 0 of 4 points (0 %)"
    assert any(line.endswith(" s left") for line in of_first)
    assert any(line.startswith("trial, round 2: ") for line in said)
