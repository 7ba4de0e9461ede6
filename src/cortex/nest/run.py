"""Run a plan in NEST, in a process and, where need be, an environment of its own."""

import json
import logging
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from cortex.errors import CortexError, InstallationError, ParameterError, SimulationError
from cortex.installation import workflow_root
from cortex.nest import script
from cortex.nest.plan import Plan, WiringBy, plan_of
from cortex.params.network import PopulationNetwork
from cortex.params.simulation import SimulationParams
from cortex.params.wiring import PLAIN, Rules
from cortex.spikes import Spikes
from cortex.spiking.requests import Inputs, Recorder
from cortex.spiking.result import SpikingRun, State
from cortex.spiking.wiring import SourceLists

PYTHON: Final = "CORTEX_NEST_PYTHON"
"""Environment variable: the Python that NEST is installed for."""
ENVIRONMENT: Final = Path("benchmarks/.envs/nest/bin/python")  # what `make peers-nest` makes
LINES: Final = 12  # of what NEST says last, in the message of a failure
LOG = logging.getLogger(__name__)


def nest_python() -> str:
    """Return the Python that runs NEST: the one named, this one, that of `make peers-nest`.

    Raises
    ------
    InstallationError
        There is none; the message says how to install NEST.
    """
    named = os.environ.get(PYTHON)
    if named:
        found = shutil.which(named)
        if found is None:
            msg = f"{PYTHON} = {named}: no such program"
            raise InstallationError(msg)
        return found
    if find_spec("nest") is not None:
        return sys.executable
    try:
        made = workflow_root() / ENVIRONMENT
    except CortexError:
        made = ENVIRONMENT
    if made.is_file():
        return str(made)
    msg = (
        "backend: nest needs NEST 3.10: make peers-nest, or pip install nest-simulator==3.10, or "
        f"name a Python that has it by {PYTHON}"
    )
    raise InstallationError(msg)


def simulate_in_nest(
    network: PopulationNetwork,
    settings: SimulationParams,
    *,
    seed: int,
    rule: Rules = PLAIN,
    inputs: Inputs | None = None,
    record: Recorder | None = None,
    wiring: SourceLists | WiringBy = "shared",
    threads: int = 1,
) -> SpikingRun:
    """Return a run of a network in NEST, its spikes as `cortex.spiking.simulate` gives them.

    Parameters
    ----------
    network, settings, seed, rule, inputs, wiring, threads
        See `cortex.nest.plan.plan_of`.
    record : Recorder, optional
        Spikes alone are kept.

    Returns
    -------
    SpikingRun
        Without a state to go on from.

    Raises
    ------
    InstallationError
        NEST is not installed.
    ParameterError, SimulationError
        NEST cannot run this network or recording, or has failed: with what it says.
    """
    if record is not None and record != Recorder():
        msg = "NEST hands over spikes only; traces, rates and sinks are cortex's own"
        raise ParameterError(msg)
    python = nest_python()
    plan = plan_of(
        network, settings, seed=seed, rule=rule, inputs=inputs, wiring=wiring, threads=threads
    )
    with TemporaryDirectory() as folder:
        out = Path(folder) / "spikes.npz"
        write_plan(plan, Path(folder) / "plan.npz")
        _run(python, [script.__file__, str(Path(folder) / "plan.npz"), str(out)])
        with np.load(out) as found:
            steps, neurons = (found[name].astype(np.int32) for name in ("steps", "neurons"))
    n_steps, n_pops = plan.words["n_steps"] - plan.words["warm_up_steps"], network.n_pops
    spikes = Spikes(
        steps=steps,
        neurons=neurons,
        dt=settings.dt,
        n_steps=n_steps,
        names=network.names,
        sizes=network.sizes,
    )
    return SpikingRun(
        spikes=spikes,
        rate_bin=0.0,
        rates=np.zeros((0, n_pops)),
        trace_dt=0.0,
        traces={},
        kernel="nest",
        state=State(kernel="nest", step=plan.words["n_steps"], sizes=network.sizes, arrays={}),
    )


def write_plan(plan: Plan, path: Path) -> None:
    """Write a plan as the one file that `cortex.nest.script` reads."""
    arrays: dict[str, Any] = dict(plan.arrays)
    np.savez(path, plan=np.array(json.dumps(plan.words)), **arrays)


def _run(python: str, arguments: list[str]) -> None:
    LOG.info("NEST runs in %s", python)
    done = subprocess.run(
        [python, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        said = "\n".join(done.stdout.strip().splitlines()[-LINES:])
        msg = f"NEST ({python}) failed, status {done.returncode}:\n{said}"
        raise SimulationError(msg)
