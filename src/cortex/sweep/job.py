"""What the jobs of a sweep start from: its plan, and a supervisor of its points."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cortex.io.store import PointStore
from cortex.params.sweep import SweepParams
from cortex.sweep.model import Model, find_model
from cortex.sweep.plan import Plan, plan_sweep
from cortex.sweep.supervise import Say, Supervisor


def open_job(
    smk: Any,
    models: Mapping[str, Model],
    *,
    name: str,
    say: Say,
    observables: Sequence[str] = (),
) -> tuple[Plan, Supervisor]:
    """Return the plan of a sweep and a supervisor that completes points of it.

    Parameters
    ----------
    smk : snakemake object of the job
        `params`: sweep, base, seed, point_retries, model_code; `input.store`; `threads`.
    models : mapping
        The models that sweeps name.
    name : str
        Name of the sweep.
    say : callable
        Takes each message for the user.
    observables : sequence of str
        Those that enter the tables; all for none.
    """
    params = smk.params
    sweep = SweepParams.from_config({**params.sweep, "observables": list(observables)})
    plan = plan_sweep(
        name,
        sweep,
        find_model(sweep.model, models),
        base=params.base,
        seed=params.seed,
        code=params.model_code,
    )
    supervisor = Supervisor(
        model=plan.model,
        store=PointStore(Path(smk.input.store)),
        threads=smk.threads,
        retries=params.point_retries,
        say=say,
    )
    return plan, supervisor
