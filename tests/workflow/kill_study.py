"""A small study, killed at random moments until it ends, gives the bytes of one left alone.

``python tests/workflow/kill_study.py KILLS [SEED] [AT_ONCE] [SIGNAL...]`` kills KILLS times with
SIGKILL, and a fifth as often with each of SIGINT, SIGTERM and SIGHUP, or with the signals named; so
many studies at once, in folders of their own. The study is 108 points in twelve shares, their
tables, and a simulation.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml
from copied import Project

from cortex.errors import TableError
from cortex.io.store import PointStore

SOON = 0.1  # s between a write and a kill that is said to have struck while the study wrote
SIGNALS = (signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STUDY = {
    "seed": 5,
    "networks": {
        "tiny": {
            "preset": "lfp_demonstration",
            "simulation": {"warm_up_s": 0.1, "duration_s": 0.3},
            "excerpt": {"start_s": 0.0, "duration_s": 0.1},
            "analysis": {"segment_ms": 128.0},
            "lfp": None,
            "seeds": 1,
        }
    },
    "sweeps": {
        "small": {
            "model": "made_up_model:MADE_UP",
            "vary": {"x": {"start": -1.0, "stop": 1.0, "num": 9}, "y": [0.5, 2.0]},
            "fixed": {"work_ms": 20.0},
            "seeds": 6,
            "chunk_size": 9,
        }
    },
}
TARGETS = (
    "results/sweeps/small.parquet",
    "results/sweeps/small/path.parquet",
    "results/networks/tiny/default/spikes-0.parquet",
)


def prepare(folder):
    """Copy the workflow and the study into a new folder."""
    project = Project.copied(folder)
    text = yaml.safe_dump(STUDY, sort_keys=False)
    (folder / "config" / "test.yaml").write_text(text, encoding="utf-8")
    return project


def written(project):
    """Return the files of results, and those that are to become one."""
    return [path for path in (project.folder / "results").rglob("*") if path.is_file()]


def tables(project):
    """Return the bytes of every table that bears the name of a result."""
    root = project.folder
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in (root / "results").rglob("[!.]*.parquet")
    }


def half_written(project, whole):
    """Return what bears the name of a result and is none: tables, points, accounts."""
    wrong = [name for name, content in tables(project).items() if content != whole[name]]
    store = PointStore(project.folder / "results" / "store" / "made_up_model")
    for key in sorted(store.keys()):
        try:
            store.read(key)
        except TableError:
            wrong.append(key)
    for path in (project.folder / "results" / "sweeps").rglob("[!.]*.json"):
        try:
            json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            wrong.append(path.name)
    return wrong


def strike(project, number, rng):
    """Run until some files more are there, then send a signal; return its tally, or None.

    None: the run was at its end before.
    """
    end = len(written(project)) + rng.randint(1, 40)
    with (project.folder / "said.log").open("w", encoding="utf-8") as said:
        process = subprocess.Popen(
            project.command(*TARGETS, "--cores", "2"),
            cwd=project.folder,
            env=project.environment,
            stdout=said,
            stderr=said,
            start_new_session=True,  # the signal meets all of it, as from a terminal
        )
    while process.poll() is None and len(written(project)) < end:
        time.sleep(0.01)  # a moment of the study's choice
    time.sleep(rng.uniform(0.0, 0.5))
    if process.poll() is not None:
        text = (project.folder / "said.log").read_text(encoding="utf-8")
        assert process.returncode == 0, text
        return None
    now = time.time()
    os.killpg(process.pid, number)
    process.wait(timeout=300)
    newest = max((path.stat().st_mtime for path in written(project)), default=0.0)
    shutil.rmtree(project.folder / ".snakemake" / "locks", ignore_errors=True)  # as --unlock does
    return Counter(kills=1, writing=newest > now - SOON)


def study(kills, number, seed, place):
    """Kill runs of the study until `kills` have struck, the last one ends; return the tally."""
    rng = random.Random(seed)
    alone = prepare(place / "alone")
    alone.run(*TARGETS, "--cores", "2")
    whole, project = tables(alone), prepare(place / "killed")
    tally: Counter[str] = Counter()
    while True:
        struck = strike(project, number, rng) if tally["kills"] < kills else None
        if struck is not None:
            tally += struck
            tally["half-written"] += len(half_written(project, whole))
            continue
        project.run(*TARGETS, "--cores", "2")  # nothing is left to do, or the rest
        tally["studies"] += 1
        tally["differences"] += tables(project) != whole
        tally["left"] += len([*(project.folder / "results").rglob(".*.part")])
        sys.stderr.write(f"{place.name}, {sentence(number, tally)}\n")  # should a long one be cut
        if tally["kills"] >= kills:
            return tally
        shutil.rmtree(project.folder / "results")


def sentence(number, tally):
    """Return what was found with one signal."""
    return (
        f"{number.name}: {tally['kills']} kills, {tally['writing']} of them within {SOON} s of a "
        f"write; {tally['half-written']} half-written results; {tally['studies']} studies "
        f"finished, {tally['differences']} with other bytes, {tally['left']} parts of files left"
    )


def main(kills, seed=0, at_once=1, *names):
    """Kill with each signal; print the tallies."""
    kills, seed, at_once = int(kills), int(seed), int(at_once)
    os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[2] / ".cache" / "numba"))
    models = str(Path(__file__).parents[1] / "models")
    os.environ["PYTHONPATH"] = os.pathsep.join([models, os.environ.get("PYTHONPATH", "")])
    wrong = 0
    with tempfile.TemporaryDirectory() as place, ThreadPoolExecutor(at_once) as pool:
        for number in [signal.Signals[name] for name in names] or SIGNALS:
            total = kills if number == signal.SIGKILL else -(-kills // 5)
            shares = [len(range(i, total, at_once)) for i in range(at_once)]
            folders = [Path(place) / f"{number.name}-{i}" for i in range(at_once)]
            for folder in folders:
                folder.mkdir()
            seeds = range(seed, seed + at_once)
            found = pool.map(study, shares, [number] * at_once, seeds, folders)
            tally: Counter[str] = sum(found, Counter())
            wrong += tally["half-written"] + tally["differences"] + tally["left"]
            sys.stdout.write(f"{sentence(number, tally)}\n")
            sys.stdout.flush()
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
