"""A small plan of the made-up model and a supervisor that keeps what it says."""

import pytest
from made_up_model import MADE_UP

from cortex.io.store import PointStore
from cortex.params.sweep import SweepParams
from cortex.sweep.plan import plan_sweep
from cortex.sweep.supervise import Supervisor

GRID = {"x": [0.5, 1.0, 1.5], "y": [-1.0, 0.5]}


@pytest.fixture
def new_plan():
    """Return a function that plans a sweep of the made-up model."""

    def make(code="code", seed=7, base=None, **keys):
        sweep = SweepParams.from_config({"model": "made_up_model:MADE_UP", "vary": GRID, **keys})
        return plan_sweep("trial", sweep, MADE_UP, base=base or {}, seed=seed, code=code)

    return make


@pytest.fixture
def store(tmp_path):
    """Return an empty store."""
    return PointStore(tmp_path / "store")


@pytest.fixture
def supervise(store):
    """Return a function that completes a plan and gives records, receipt and messages."""

    def run(plan, *, threads=2, retries=1, where=store, points=None, **more):
        said: list[str] = []
        supervisor = Supervisor(
            model=plan.model, store=where, threads=threads, retries=retries, say=said.append, **more
        )
        records, receipt = supervisor.complete(plan.points if points is None else points)
        return records, receipt, said

    return run
