"""The workflow finds its own files wherever it lies and writes only where it runs."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

TABLE = "results/sweeps/learning_rate.parquet"


def snakemake(*words, cwd, **environment):
    """Run Snakemake in a folder; return all it says."""
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--nocolor", *words]
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def planned(said):
    """Return rule -> number of jobs of a dry run."""
    lines = said.split("Job stats:")[1].split("\n\n")[0].splitlines()[3:]
    return dict(line.split() for line in lines)


def written(folder):
    """Return the files and folders below a folder without Snakemake's own."""
    return {p for p in folder.rglob("*") if ".snakemake" not in p.parts}


@pytest.fixture
def tree(new_project):
    """Return a checkout under a path with blanks, brackets and an umlaut."""
    return new_project("Prüf [1] (a b)").folder


@pytest.fixture
def empty(tmp_path):
    """Return an empty folder."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def test_a_dry_run_plans_the_same_from_any_folder_and_writes_nothing(tree, empty):
    config = ("--configfile", str(tree / "config" / "test.yaml"), "--dry-run")
    before = written(tree)
    here = planned(snakemake(*config, cwd=tree))
    assert here["all"] == "1"
    elsewhere = snakemake("--snakefile", str(tree / "Snakefile"), *config, cwd=empty, LC_ALL="C")
    sent = snakemake("--directory", str(empty), *config, cwd=tree)
    assert planned(elsewhere) == planned(sent) == here
    assert written(empty) == set()
    assert written(tree) == before


def test_a_run_writes_where_it_runs_and_leaves_its_own_tree_alone(tree, empty):
    before = {p for p in written(tree) if "__pycache__" not in p.parts}
    config = ("--configfile", str(tree / "config" / "test.yaml"))
    words = (TABLE, "--snakefile", str(tree / "Snakefile"), *config)
    snakemake(*words, cwd=empty, LC_ALL="C")
    assert (empty / TABLE).is_file()
    assert {p.name for p in empty.iterdir()} == {".snakemake", "benchmarks", "logs", "results"}
    assert {p for p in written(tree) if "__pycache__" not in p.parts} == before
    assert "Nothing to be done" in snakemake(*words, "--dry-run", cwd=empty)


@pytest.mark.parametrize("option", ["--configfile", "--configfiles"])
def test_a_configuration_that_is_not_there_is_said_in_one_line(tree, option):
    words = (sys.executable, "-m", "snakemake", option, "no such.yaml", "--cores", "1")
    done = subprocess.run(words, cwd=tree, capture_output=True, text=True, check=False)
    profile, said = done.stderr.strip().splitlines()
    assert done.returncode == 1
    assert "profile" in profile
    assert said == "There is no file 'no such.yaml': look at the names after --configfile"


def test_other_errors_of_snakemake_keep_their_words(tree):
    (tree / "broken.yaml").write_text("a: [1\n")
    words = (sys.executable, "-m", "snakemake", "--configfile", "broken.yaml", "--cores", "1")
    done = subprocess.run(words, cwd=tree, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Config file is not valid JSON or YAML" in done.stderr
