"""Run a plan in NEST, in a process and, where need be, an environment of its own."""

import json
import logging
import os
import shlex
import shutil
import subprocess
import sys
from contextlib import suppress
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
from cortex.typing import IntArray

PYTHON: Final = "CORTEX_NEST_PYTHON"
"""Environment variable: the Python that NEST is installed for."""
MPIRUN: Final = "CORTEX_NEST_MPIRUN"
"""Environment variable: what starts `{n}` processes, such as ``srun -n {n}``."""
OPEN_MPI: Final = "mpirun --bind-to none -n {n}"  # each process may have threads on other cores
MAKES: Final = {False: "nest", True: "nest-mpi"}
"""Environment of `make peers-...`, by whether several processes run."""
LINES: Final = 12  # of what NEST says last, in the message of a failure
LOG = logging.getLogger(__name__)


def nest_python(processes: int = 1) -> str:
    """Return the Python that runs NEST: the one named, this one, that of `make peers-nest`.

    Parameters
    ----------
    processes : int
        Of NEST; several need one that was built with MPI, as `make peers-nest-mpi` does.

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
    peers = MAKES[processes > 1]
    made = Path("benchmarks/.envs") / peers / "bin/python"
    with suppress(CortexError):
        made = workflow_root() / made
    if made.is_file():
        return str(made)
    wheel = "" if processes > 1 else ", or pip install nest-simulator==3.10.0"
    msg = (
        f"backend: nest needs NEST 3.10{' with MPI' if processes > 1 else ''}: make peers-{peers}"
        f"{wheel}, or name a Python that has it by {PYTHON}"
    )
    raise InstallationError(msg)


def launcher(processes: int) -> list[str]:
    """Return the words that start so many processes of a program, none for one.

    Raises
    ------
    InstallationError
        No such program; the message names the variable that chooses another.
    """
    if processes == 1:
        return []
    words = shlex.split(os.environ.get(MPIRUN, OPEN_MPI).replace("{n}", str(processes)))
    if shutil.which(words[0]) is None:
        msg = (
            f"nest.processes = {processes} needs {words[0]}, which is not there: install an MPI, "
            f"or say what starts processes by {MPIRUN}, such as {MPIRUN}='srun -n {{n}}'"
        )
        raise InstallationError(msg)
    return words


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
    processes: int = 1,
) -> SpikingRun:
    """Return a run of a network in NEST, its spikes as `cortex.spiking.simulate` gives them.

    Parameters
    ----------
    network, settings, seed, rule, inputs, wiring, threads
        See `cortex.nest.plan.plan_of`.
    record : Recorder, optional
        Spikes alone are kept.
    processes : int
        Of NEST, started by mpirun or what `CORTEX_NEST_MPIRUN` says. Those on other machines
        read the plan in the folder of the run, where they write their spikes.

    Returns
    -------
    SpikingRun
        Without a state to go on from.

    Raises
    ------
    InstallationError
        NEST or, for several processes, mpirun is not installed.
    ParameterError, SimulationError
        NEST cannot run this network or recording, or has failed: with what it says.
    """
    if record is not None and record != Recorder():
        msg = "NEST hands over spikes only; traces, rates and sinks are cortex's own"
        raise ParameterError(msg)
    command = [*launcher(processes), nest_python(processes)]
    plan = plan_of(
        network, settings, seed=seed, rule=rule, inputs=inputs, wiring=wiring, threads=threads
    )
    words = plan.words
    with TemporaryDirectory(prefix=".nest-", dir=Path.cwd() if processes > 1 else None) as folder:
        path, out = Path(folder) / "plan.npz", Path(folder) / "spikes.npz"
        write_plan(plan, path)
        del plan  # the lists of a large network fill the memory that NEST needs
        _run([*command, script.__file__, str(path), str(out), str(processes)])
        steps, neurons = _spikes(sorted(Path(folder).glob("spikes*.npz")))
    n_steps, n_pops = words["n_steps"] - words["warm_up_steps"], network.n_pops
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
        state=State(kernel="nest", step=words["n_steps"], sizes=network.sizes, arrays={}),
    )


def write_plan(plan: Plan, path: Path) -> None:
    """Write a plan as the one file that `cortex.nest.script` reads."""
    arrays: dict[str, Any] = dict(plan.arrays)
    np.savez(path, plan=np.array(json.dumps(plan.words)), **arrays)


def _spikes(files: list[Path]) -> tuple[IntArray, IntArray]:
    """Return steps and neurons of all processes, in the order of time, then of neurons."""
    parts = []
    for file in files:
        with np.load(file) as found:
            parts.append(np.stack([found["steps"], found["neurons"]]).astype(np.int32))
    steps, neurons = np.concatenate(parts, axis=1)
    order = np.lexsort((neurons, steps))
    return steps[order], neurons[order]


def _run(command: list[str]) -> None:
    LOG.info("NEST runs by %s", " ".join(command))
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        said = "\n".join(done.stdout.strip().splitlines()[-LINES:])
        msg = f"NEST ({' '.join(command)}) failed, status {done.returncode}:\n{said}"
        raise SimulationError(msg)
