"""Commands that look into the store: how far a sweep is, what failed, what is tried again."""

import os
import time
from copy import deepcopy
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from snakemake.utils import update_config

from cortex.cli import main
from cortex.config.presets import read_config
from cortex.io.store import PointStore
from cortex.params.description.overrides import deep_merge
from cortex.params.sweep import SweepParams
from cortex.sweep.progress import points_per_second
from cortex.sweep.refined_run import run_refined
from cortex.sweep.supervise import Supervisor
from cortex.sweep.tables import write_sweep
from cortex.sweep.workflow import Sweeps

STUDY = read_config([Path(__file__).parents[3] / "config" / "test.yaml"])
GRID = {"model": "made_up_model:MADE_UP", "vary": {"x": [0.5, 1.0], "y": [-1.0, 0.5]}}
AXIS = {"start": -1.5, "stop": 1.5, "num": 17}
REFINED = {**GRID, "vary": {"x": AXIS, "y": AXIS}, "refine_on": "side", "refine_from": 8}


@pytest.fixture
def sweep_of(tmp_path, monkeypatch):
    """Return a function that writes a study with one sweep and returns it as rules see it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()

    def make(block):
        config = {**STUDY, "sweeps": {"plane": block}}
        (tmp_path / "config" / "config.yaml").write_text(yaml.safe_dump(config))
        return Sweeps({"plane": SweepParams.from_config(block)}, config, "config.yaml", {})["plane"]

    return make


def finish(sweep):
    """Run a refined sweep as its rule does, as far as its table."""
    supervisor = Supervisor(
        model=sweep.model, store=PointStore(sweep.store), threads=2, retries=0, say=lambda _: None
    )
    run = run_refined(sweep.plan, supervisor)
    write_sweep(sweep.table, run.plan, run.records)
    return run


def test_the_account_counts_what_is_stored_and_failed_points_can_be_forgotten(
    sweep_of, supervise, capsys
):
    sweep = sweep_of({**GRID, "fixed": {"fault": "raise"}})
    assert main(["sweep-account"]) == 0
    assert capsys.readouterr().out == (
        "plane: 4 points asked, 0 done, 0 failed, 4 missing; no points stored in the last 10 min\n"
    )
    supervise(sweep.plan, where=PointStore(sweep.store), retries=0)
    assert main(["sweep-account", "plane"]) == 1
    first, *failed = capsys.readouterr().out.splitlines()
    assert first == "plane: 4 points asked, 2 done, 2 failed, 0 missing"
    assert all("SimulationError: rehearsed fault" in line for line in failed)
    assert len(failed) == 2
    assert main(["sweep-forget", "plane"]) == 0
    assert capsys.readouterr().out == "plane: 2 failed points forgotten; run again\n"
    assert sweep.account_now().missing == 2


def test_a_refined_sweep_asks_for_the_points_of_its_table_not_for_its_grid(sweep_of):
    sweep = sweep_of(REFINED)
    run = finish(sweep)
    n = len(run.plan.points)
    assert n < 289
    finished = sweep_of(REFINED).account_now().sentence()
    assert finished == (
        f"plane: {n} points asked, {n} done, 0 failed, 0 missing,"
        f" {289 - n} of 289 grid points saved"
    )
    assert not sweep_of(REFINED).lost_from_table()

    PointStore(sweep.store).drop(run.plan.points[3].key)
    assert sweep_of(REFINED).account_now().missing == 1
    assert sweep_of(REFINED).lost_from_table()


def test_what_a_refined_sweep_will_ask_for_is_open_until_its_table_is_written(sweep_of):
    sweep = sweep_of(REFINED)
    n = len(finish(sweep).plan.points)
    sweep.table.unlink()
    open_ = (
        f"plane: {n} points asked, {n} done, 0 failed, 0 missing,"
        " refinement may ask for more, 289 at most"
    )
    assert sweep_of(REFINED).account_now().sentence() == open_
    assert not sweep_of(REFINED).lost_from_table()
    # a table of another configuration says nothing of this one
    finish(sweep_of(REFINED))
    other = sweep_of({**REFINED, "fixed": {"work_ms": 0.1}}).account_now()
    assert (other.asked, other.is_open) == (0, True)


def test_files_laid_over_the_configuration_count_as_for_snakemake(sweep_of, tmp_path, capsys):
    sweep_of({**GRID, "vary": {"x": AXIS, "y": [0.5]}})
    over = tmp_path / "cluster.yaml"
    over.write_text("sweeps: {plane: {vary: {x: {num: 40}}}}")
    assert main(["sweep-account", "plane", "--config", "config/config.yaml", str(over)]) == 0
    assert "plane: 40 points asked" in capsys.readouterr().out


TREES = st.recursive(
    st.integers(), lambda t: st.dictionaries(st.sampled_from("abc"), t, max_size=3), max_leaves=9
)
BLOCKS = st.dictionaries(st.sampled_from("abc"), TREES, max_size=3)


@given(config=BLOCKS, over=BLOCKS)
def test_laying_over_gives_what_snakemake_makes_of_two_files(config, over):
    expected = deepcopy(config)
    update_config(expected, deepcopy(over))
    assert deep_merge(config, over) == expected


def test_the_pace_is_that_of_the_points_stored_lately(store):
    now = time.time()
    for key, age in (("a", 5000.0), ("b", 100.0), ("c", 50.0), ("d", 20.0), ("other", 1.0)):
        store.write(key, {})
        os.utime(store.path(key), (now - age, now - age))
    assert points_per_second("abcde", store, now) == pytest.approx(2 / 100.0)  # two since b
    assert points_per_second("a", store, now) == 0.0
