"""A network as a script of another simulator, with the arrays that it reads beside it."""

from collections.abc import Callable
from pathlib import Path

from cortex.errors import TableError
from cortex.io.recorded import spikes_of
from cortex.nest import pynn_script, script
from cortex.nest.plan import Plan, plan_of
from cortex.nest.run import write_plan
from cortex.networks.case import NetworkCase
from cortex.networks.recorded import without_recorded
from cortex.steps.simulate import inputs_of


def write_nest_script(case: NetworkCase, destination: Path, seed: int) -> list[str]:
    """Write a script of NEST, and its plan beside it; return what it leaves out.

    Where the drive is deterministic its run has the spikes of ours in double precision.
    """
    return _write(case, destination, seed, script.__file__, lambda _: None)


def write_pynn_script(case: NetworkCase, destination: Path, seed: int) -> list[str]:
    """Write a script of PyNN, for any of its simulators, and its plan beside it.

    Raises
    ------
    TableError
        The network has what PyNN's standard cells and sources do not: several time constants of
        one sign, explicit spikes, drives that change.
    """
    return _write(case, destination, seed, pynn_script.__file__, _refuse_for_pynn)


def _refuse_for_pynn(plan: Plan) -> None:
    lacking = {
        "several synaptic time constants of one sign": len(plan.arrays["receptors"]) > 0,
        "explicit spikes": len(plan.arrays["event_steps"]) > 0,
        "drives that change": len(plan.words["changes"]["rates"]) > 0,
    }
    found = [what for what, is_there in lacking.items() if is_there]
    if found:
        msg = f"PyNN's standard cells and sources know no {', no '.join(found)}; take .nest.py"
        raise TableError(msg)


def _write(
    case: NetworkCase, destination: Path, seed: int, text: str, refuse: Callable[[Plan], None]
) -> list[str]:
    own = case.run_seed(seed, 0)
    recorded = spikes_of(case) if case.recorded else {}
    plan = plan_of(
        without_recorded(case),
        case.study.simulation,
        seed=own,
        rule=case.rule,
        inputs=inputs_of(case, recorded, own),
    )
    refuse(plan)
    write_plan(plan, destination.with_suffix(".npz"))
    destination.write_text(Path(text).read_text(encoding="utf-8"), encoding="utf-8")
    return ["statistics, LFP and theory"]
