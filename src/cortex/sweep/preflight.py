"""Look for what stops long runs, before they start, and say in plain words what to do."""

import os
import pickle
import platform
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, Literal

from cortex.io.store import PointStore

Level = Literal["ok", "note", "stop"]
NEEDED_GB: Final = 2.0
FOLDERS: Final = ("results", "logs", ".snakemake", "benchmarks/rules")
JOB_PREFIX: Final = "cortex"
PROCESSES: Final = Path("/proc")  # Linux
NEXT: Final = {"ok": "", "note": " -> ", "stop": " -> "}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at.

    Parameters
    ----------
    level : {"ok", "note", "stop"}
        Fine; worth knowing; will stop or spoil a run.
    what : str
        What was found.
    advice : str
        What to do about it.
    """

    level: Level
    what: str
    advice: str = ""

    def __str__(self) -> str:
        """Return one line for the terminal."""
        return f"{self.level:>4}  {self.what}{NEXT[self.level]}{self.advice}"


def preflight(root: Path) -> list[Finding]:
    """Return everything found for a run in the folder `root`."""
    return [
        *check_system(),
        *check_space(root),
        *check_write_access(root),
        *check_numba_cache(root),
        *check_environment(root / "requirements" / "cortex.lock"),
        *check_threads(),
        *check_lock(root),
        *check_left_overs(root),
        *check_cluster(),
    ]


def check_system() -> Iterator[Finding]:
    """Say so where the workflow does not run."""
    if os.name != "posix":
        advice = "the library works; run the workflow on Linux or macOS, or in WSL"
        yield Finding("stop", f"the workflow does not run on {platform.system()}", advice)


def check_space(root: Path) -> Iterator[Finding]:
    """Look at the free space, and at the free entries of the file system."""
    free_GB = shutil.disk_usage(root).free / 1e9
    if free_GB < NEEDED_GB:
        yield Finding("stop", f"only {free_GB:.1f} GB free in {root}", "free some space first")
    else:
        yield Finding("ok", f"{free_GB:.0f} GB free")
    if not hasattr(os, "statvfs"):
        yield Finding("note", "this system does not tell how many files more fit")
        return
    entries = os.statvfs(root)
    if entries.f_files > 0 and entries.f_favail < 50_000:
        yield Finding("stop", f"only {entries.f_favail} files more fit", "remove small files")


def check_write_access(root: Path) -> Iterator[Finding]:
    """Try to write into every folder a run writes to."""
    advice = "make it writable, or run in a copy: snakemake --directory elsewhere"
    faults = {}
    for name in FOLDERS:
        folder = _nearest(root / name)
        probe = folder / f".preflight.{os.getpid()}"
        try:
            probe.write_text("x", encoding="utf-8")
            probe.unlink()
        except OSError as error:
            faults[folder] = error.strerror
    for folder, reason in faults.items():
        yield Finding("stop", f"cannot write to {folder}: {reason}", advice)
    if not faults:
        yield Finding("ok", f"can write to {', '.join(FOLDERS)}")


def _nearest(folder: Path) -> Path:
    """Return what stands at this path, or the closest one above it that exists."""
    return next(each for each in (folder, *folder.parents) if each.exists())


def check_numba_cache(root: Path) -> Iterator[Finding]:
    """Look at the cache of compiled loops: a truncated file there stops every job."""
    cache = Path(os.environ.get("NUMBA_CACHE_DIR", root / ".cache" / "numba"))
    damaged = [path for path in cache.rglob("*.nb[ic]") if not _is_sound(path)]
    if damaged:
        what = f"{len(damaged)} damaged files in {cache}, such as {damaged[0].name}"
        yield Finding("stop", what, f"delete {cache}")
    elif cache.is_dir():
        yield Finding("ok", f"compiled loops are cached in {cache}")
    else:
        yield Finding("ok", "no compiled loops yet: the first job of each model compiles")


def _is_sound(path: Path) -> bool:
    """Tell whether a file of numba's cache can be read: an index whole, compiled code ended."""
    try:
        with path.open("rb") as file:
            if path.suffix == ".nbc":  # a pickle; whether its end is there
                file.seek(-1, os.SEEK_END)
                return file.read() == b"."
            pickle.load(file)  # numba's version, then stamps and overloads
            pickle.load(file)
    except Exception:  # a damaged pickle may raise anything
        return False
    return True


def check_environment(lock: Path) -> Iterator[Finding]:
    """Compare the installed packages with the lock."""
    if not lock.is_file():
        yield Finding("note", f"no {lock}", "versions are not checked; run in the repository")
        return
    pins: dict[str, set[str]] = defaultdict(set)
    for name, pin in re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;]+)", lock.read_text(), flags=re.M):
        pins[name].add(pin)
    installed = {name: _installed(name) for name in pins}
    other = [f"{n} {v} (lock: {', '.join(pins[n])})" for n, v in installed.items() if v - pins[n]]
    if other:
        yield Finding("note", f"not as locked: {'; '.join(other)}", "make env")
    else:
        yield Finding("ok", f"Python {platform.python_version()}, packages as locked")


def _installed(name: str) -> set[str]:
    try:
        return {version(name)}
    except PackageNotFoundError:
        return set()


def check_threads() -> Iterator[Finding]:
    """Look whether a library would start threads of its own in every job."""
    many = [
        f"{name}={os.environ[name]}"
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        if os.environ.get(name, "1") != "1"
    ]
    if many:
        yield Finding("note", f"{', '.join(many)}: jobs would share cores", "set them to 1")


def check_lock(root: Path) -> Iterator[Finding]:
    """Look for the lock of another run, or of one that was killed."""
    if not any((root / ".snakemake" / "locks").glob("*")):
        return
    if not PROCESSES.is_dir():
        advice = "if none does: snakemake --unlock"
        yield Finding("stop", "a lock lies here; this system does not tell who runs", advice)
        return
    running = [pid for pid in _snakemakes() if _folder_of(pid) == root.resolve()]
    if running:
        pids = ", ".join(map(str, running))
        yield Finding("stop", f"snakemake runs here already (process {pids})", "wait for it")
    else:
        yield Finding("stop", "a run was killed and left its lock", "snakemake --unlock")


def _snakemakes() -> Iterator[int]:
    for folder in PROCESSES.glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if any(Path(os.fsdecode(word)).name == "snakemake" for word in words[:3]):
            yield int(folder.name)


def _folder_of(pid: int) -> Path | None:
    try:
        return (PROCESSES / str(pid) / "cwd").readlink()
    except OSError:
        return None


def check_left_overs(root: Path) -> Iterator[Finding]:
    """Look for points that began and never ended, and for half-written files."""
    store = root / "results" / "store"
    folders = [folder for folder in store.glob("*") if folder.is_dir()]
    begun = sum(
        PointStore(folder).cut_off(note.name[1:-6]) > 0
        for folder in folders
        for note in folder.glob(".*.begun")
    )
    if begun:
        advice = "nothing to do: they run again, each in a process of its own"
        yield Finding("note", f"{begun} points were cut off by a killed run", advice)
    parts = [part for folder in folders for part in folder.glob(".*.part")]
    if parts:
        advice = "nothing to do: the next run of their sweep removes what nobody writes"
        yield Finding("note", f"{len(parts)} half-written files in the store", advice)


def check_cluster() -> Iterator[Finding]:
    """Look whether this machine can submit to SLURM, and how jobs can be followed."""
    if shutil.which("sbatch") is None:
        yield Finding("ok", "no SLURM here: run with --cores N")
        return
    if not _succeeds("scontrol", "ping"):
        yield Finding("stop", "SLURM is installed but does not answer", "ask who runs the cluster")
        return
    yield Finding("ok", "SLURM answers: snakemake --profile workflow/profiles/slurm")
    if shutil.which("sacct") and not _succeeds("sacct", "-n", "-X"):
        advice = "keep slurm-status-command: squeue in the profile; with sacct a run hangs for ever"
        yield Finding("note", "this cluster keeps no accounts (sacct fails)", advice)
    yield from _jobs_left()


def _jobs_left() -> Iterator[Finding]:
    asked = ["squeue", "-h", "--me", "-o", "%i %j"]
    done = subprocess.run(asked, check=False, capture_output=True, text=True)
    jobs = [line.split() for line in done.stdout.splitlines()]
    ours = [job for job, *name in jobs if name and name[0].startswith(JOB_PREFIX)]
    if ours:
        advice = f"wait for them, or: scancel {' '.join(ours)}"
        yield Finding("stop", f"{len(ours)} jobs of an earlier run are in the queue", advice)


def _succeeds(*command: str) -> bool:
    try:
        return subprocess.run(command, check=False, capture_output=True, timeout=20).returncode == 0
    except subprocess.TimeoutExpired:
        return False
