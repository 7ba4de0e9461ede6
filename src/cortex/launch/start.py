"""Plan a run, say what it will do, start Snakemake and watch it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from threading import Thread, current_thread, main_thread
from typing import Any, Final, TextIO

from cortex.config.presets import read_config
from cortex.errors import ConfigError, CortexError
from cortex.installation import workflow_root
from cortex.launch.changes import explain
from cortex.launch.estimate import cost_of, sentence, simulation_cost
from cortex.launch.progress import STARTED, Progress
from cortex.launch.watched import PLANNED, WATCHED
from cortex.params.description.states import block_at, states_of

EVERY: Final = 1.0  # s between two looks at a run; on a terminal each rewrites its line
SELDOM: Final = 10.0  # s between two lines in a file
PROFILE: Final = "Using workflow specific profile"
BUILDING: Final = "Building DAG of jobs...\n"  # what is said before it is about the machine
NOTHING: Final = "Nothing to be done"
LOCKED: Final = "LockException"
ENDINGS: Final = ("SIGTERM", "SIGHUP")  # by name: not every system has both
CONFIGURATION: Final = Path("results/configuration.yaml")


def run(
    files: Sequence[Path],
    *,
    cores: int,
    dry_run: bool = False,
    further: Sequence[str] = (),
    out: TextIO = sys.stdout,
) -> int:
    """Run the workflow on configuration files in the current folder; return the exit status.

    Parameters
    ----------
    files : sequence of path
        A network file or a configuration, and files laid over it.
    cores : int
        Cores that Snakemake may use.
    dry_run : bool
        Whether to stop after saying what would run.
    further : sequence of str
        Further words for Snakemake.
    out : text stream
        Where to say it.

    Raises
    ------
    ConfigError
        A file does not exist or is broken.
    CortexError
        Snakemake cannot plan the run; its words are the message.
    """
    for path in files:
        if not path.is_file():
            msg = f"{path}: no such file; `cortex new {path.stem}` writes one to start from"
            raise ConfigError(msg)
    config = {"networks": {}, **read_config(files)}
    networks = config["networks"]
    command = _command(files, cores, further)

    def foretell(jobs: list[str]) -> Progress:
        """Say what changed since the last run and what the jobs will cost."""
        costs = {job: cost_of(job, networks) for job in jobs}
        if CONFIGURATION.is_file():
            before = {"networks": {}, **read_config([CONFIGURATION])}
            out.writelines(f"{line}\n" for line in explain(before, config, jobs))
        out.write(f"{sentence(costs, cores) if jobs else 'nothing to do'}\n")
        out.flush()
        return Progress({job: cost.cpu_time for job, cost in costs.items()}, cores)

    if dry_run:
        jobs = _planned([*command, "--dry-run"])
        foretell(jobs)
        out.writelines(f"  {job}\n" for job in jobs)
        return 0
    status = _watched([*command, *_first(networks)], foretell, out)
    # here, since what pages need takes a twentieth of a second to import
    from cortex.report.summary import latest_log, read_accounts, summary_lines  # noqa: PLC0415

    results = Path("results")
    accounts = read_accounts(results, [str(path) for path in files])
    lines = summary_lines(status, results, accounts, latest_log(Path()))
    pages = [results / "networks" / name / "index.html" for name in networks]
    lines += [f"page:       {page}" for page in pages if not status and page.is_file()]
    out.writelines(f"{line}\n" for line in lines)
    return status


def _command(files: Sequence[Path], cores: int, further: Sequence[str]) -> list[str]:
    """Return the command line of Snakemake; words of the user, among them targets, come first."""
    return [
        *(sys.executable, "-m", "snakemake", *further),
        *("--snakefile", str(workflow_root() / "Snakefile"), "--cores", str(cores), "--nocolor"),
        *("--configfile", *map(str, files)),
    ]


def _planned(command: Sequence[str]) -> list[str]:
    """Return the messages of the jobs of a dry run."""
    with _started(command) as process:
        said = list(process.stdout or ())
    _refuse(process.returncode, said)
    return [found[2] for line in said if (found := STARTED.match(line.rstrip("\n")))]


def _first(networks: Mapping[str, Any]) -> list[str]:
    """Return the words that bring the page of the cheapest network first, of several."""
    if len(networks) < 2:
        return []
    try:
        costs = {
            name: sum(simulation_cost(block_at(block, s)).cpu_time for s in states_of(block))
            for name, block in networks.items()
        }
    except CortexError:  # the check of the workflow says this, and all else
        return []
    cheapest = min(costs, key=lambda name: costs[name])
    return ["--prioritize", f"results/networks/{cheapest}/index.html"]


def _watched(command: Sequence[str], foretell: Callable[[list[str]], Progress], out: TextIO) -> int:
    """Run Snakemake, say what it will do and how far it is; return its exit status."""
    with _started(command) as process:
        said, jobs = _until_planned(process.stdout or ())
        if jobs is None:
            process.wait()
            _refuse(process.returncode, said)
            if any(line.startswith(NOTHING) for line in said):
                foretell([])
            else:  # words of the user asked for something else
                out.writelines(said)
            return 0
        progress = foretell(jobs)
        reader = Thread(target=_read, args=(process.stdout or (), progress), daemon=True)
        hears = ENDINGS if current_thread() is main_thread() else ()  # as Python asks
        known = (getattr(signal, name) for name in hears if hasattr(signal, name))
        before = {each: signal.signal(each, _ended) for each in known}
        try:
            reader.start()
            _tell(process, progress, out)
        except EndedError:  # sent to this process alone: Snakemake stops its jobs as for Ctrl-C
            process.send_signal(signal.SIGINT)
            process.wait()
        except KeyboardInterrupt:  # Snakemake hears it too, and stops its jobs
            process.wait()
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)
        reader.join()
    return process.returncode


class EndedError(KeyboardInterrupt):
    """Somebody told this process, and it alone, to end."""


def _ended(number: int, _: object) -> None:
    raise EndedError(number)


def _started(command: Sequence[str]) -> "subprocess.Popen[str]":
    """Start Snakemake so that it hears an interrupt, also where this process does not.

    A script that puts a command into its background makes it deaf to Ctrl-C, and so all it starts.
    Snakemake is then kept from Ctrl-C by a session of its own, and ends by what we send it.
    """
    is_main = current_thread() is main_thread()  # others may not set what signals do
    is_deaf = is_main and signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    if is_deaf:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            command,
            env=_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=is_deaf,
        )
    finally:
        if is_deaf:
            signal.signal(signal.SIGINT, signal.SIG_IGN)


def _until_planned(stream: Iterable[str]) -> tuple[list[str], list[str] | None]:
    """Return the lines before the plan, and the messages of its jobs; None if none comes."""
    said: list[str] = []
    for line in stream:
        if line.startswith(PLANNED):
            return said, json.loads(line.removeprefix(PLANNED))
        said.append(line)
    return said, None


def _refuse(status: int | None, said: Iterable[str]) -> None:
    """Hand on the words of a Snakemake that could not plan."""
    if status:
        words = "".join(line for line in said if not line.startswith(PROFILE))
        if LOCKED in words:
            msg = (
                f"another run works in {Path.cwd()}, or one was killed there: wait for it, or, if "
                "none is left, say once: cortex run FILE -- --unlock"
            )
            raise CortexError(msg)
        raise CortexError(words.rpartition(BUILDING)[2].strip())


def _read(stream: Iterable[str], progress: Progress) -> None:
    for line in stream:
        progress.read(line.rstrip("\n"))


def _tell(process: "subprocess.Popen[str]", progress: Progress, out: TextIO) -> None:
    """Say how far a process is until it ends."""
    rewrites, last = out.isatty(), time.monotonic()
    while True:
        try:
            process.wait(EVERY)
            break
        except subprocess.TimeoutExpired:
            now = time.monotonic()
        if rewrites:
            out.write(f"\r\033[K{progress.line()[:150]}")
        elif now - last >= SELDOM:
            out.write(f"{progress.line()}\n")
            last = now
        out.flush()
    out.write("\r\033[K" if rewrites else "")


def _environment() -> dict[str, str]:
    """Return the environment of Snakemake: of this tree, its tools first on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, "PATH": path, WATCHED: "1"}
