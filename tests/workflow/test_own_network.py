"""A file with nothing but a seed and a network is a complete study."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
OWN = """\
seed: 1
networks:
  mynet:
    title: Mine
    populations:
      E: {size: 80, tau_m_ms: 20.0, tau_ref_ms: 2.0, V_th_mV: 20.0, V_reset_mV: 10.0}
      I: {like: E, size: 20}
    projections:
      from_E: {source: E, target: all, probability: 0.1, J_mV: 0.2, delay_ms: 1.5, receptor: delta}
      from_I: {source: I, target: all, probability: 0.1, J_mV: -1.0, delay_ms: 1.5, receptor: delta}
    drive:
      background: {target: all, rate_Hz: 12000.0, J_mV: 0.1, receptor: delta}
    simulation: {dt_ms: 0.1, warm_up_s: 0.1, duration_s: 0.6, precision: float32}
    seeds: 2
"""
# recordings are those of users; the others belong to config/studies
ELSEWHERE = {"recording", *(path.stem for path in (ROOT / "config" / "studies").glob("*.yaml"))}
ONLY_OF_NETWORKS = {
    "predict_network": "1",
    "simulate_network": "2",
    "observe_network": "1",
    "compare_network": "1",
    "show_network": "1",
    "weigh_network": "1",
    "write_report": "1",
    "all": "1",
    "total": "9",
}


@pytest.fixture
def folder(tmp_path):
    """Return a folder with nothing but one network."""
    (tmp_path / "mynet.yaml").write_text(OWN, encoding="utf-8")
    return tmp_path


def snakemake(folder, *words):
    """Run Snakemake on the network; return all it says."""
    command = [sys.executable, "-m", "snakemake", "-s", str(ROOT / "Snakefile"), "--cores", "2"]
    done = subprocess.run(
        [*command, "--nocolor", *words, "--configfile", "mynet.yaml"],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if k != "CORTEX_ROOT"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_a_file_with_one_network_asks_for_rules_of_networks_alone(folder):
    said = snakemake(folder, "--dry-run")
    lines = said.split("Job stats:")[1].split("\n\n")[0].splitlines()[3:]
    assert dict(line.split() for line in lines) == ONLY_OF_NETWORKS


def test_lines_in_the_plane_of_two_keys_are_part_of_the_page_of_an_own_network(folder):
    lines = (
        "    lines: {x: {key: projections.from_I.J_mV, low: -2.0, high: -0.2},"
        " y: {key: drive.background.rate_Hz, low: 8000.0, high: 20000.0}}\n"
    )
    (folder / "mynet.yaml").write_text(OWN + lines, encoding="utf-8")
    said = snakemake(folder, "--dry-run", "results/networks/mynet/index.html")
    assert "Follow the lines of network mynet" in said
    page = said.split("Page of network mynet")[1].split("Reason:")[1].splitlines()[0]
    assert "results/networks/mynet/lines.parquet" in page


def cortex(folder, *words):
    """Run a command of cortex; return all it says."""
    done = subprocess.run(
        [sys.executable, "-m", "cortex.cli", *words],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if k != "CORTEX_ROOT"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Return a folder in which the network was run on one core, and what was said."""
    place = tmp_path_factory.mktemp("one")
    (place / "mynet.yaml").write_text(OWN, encoding="utf-8")
    return place, cortex(place, "run", "mynet.yaml", "--cores", "1")


def test_one_command_leads_from_a_file_to_its_page_and_explains_a_change(ran):
    folder, said = ran
    assert said.startswith("8 jobs, about ")
    assert said.endswith("page:       results/networks/mynet/index.html\n")
    page = (folder / "results" / "networks" / "mynet" / "index.html").read_text(encoding="utf-8")
    assert "What does not hold, and why" in page
    assert '<object data="costs.html"' in page
    costs = (folder / "results" / "networks" / "mynet" / "costs.html").read_text(encoding="utf-8")
    assert re.search(r"<td>simulate</td><td>2</td><td>[\d.]+ s</td>", costs)
    assert "not measured" not in costs
    report = (folder / "results" / "report.html").read_text(encoding="utf-8")
    assert 'href="networks/mynet/index.html"' in report
    assert "brunel: no <code>" in report  # a notebook that is left out, and why
    log = folder / "logs" / "simulate_network" / "mynet" / "default-0.log"
    assert "simulated 0.7 of 0.7 s" in log.read_text(encoding="utf-8")
    assert cortex(folder, "run", "mynet.yaml", "-n") == "nothing to do\n"
    changed = OWN.replace("rate_Hz: 12000.0", "rate_Hz: 11000.0")
    (folder / "mynet.yaml").write_text(changed, encoding="utf-8")
    key, line, *jobs = cortex(folder, "run", "mynet.yaml", "-n").splitlines()
    assert key == "networks.mynet.drive.background.rate_Hz 12000.0 -> 11000.0: 7 jobs"
    assert line.startswith("8 jobs, about ")
    assert len(jobs) == 8  # those of the network and the report
    (folder / "mynet.yaml").write_text(OWN.replace("Mine", "Yours"), encoding="utf-8")
    key, _, *jobs = cortex(folder, "run", "mynet.yaml", "-n").splitlines()
    assert key == "networks.mynet.title Mine -> Yours: 3 jobs"
    assert set(jobs) == {  # words on pages: nothing is predicted, simulated or observed again
        "  Compare prediction and simulation of network mynet",
        "  Page of network mynet",
        "  Costs of network mynet",
        "  Write results/report.html",
    }


def test_what_snakemake_cannot_plan_is_refused_in_its_words_alone(ran):
    words = [sys.executable, "-m", "cortex.cli", "run", "mynet.yaml", "--cores", "1"]
    done = subprocess.run(
        [*words, "--", "results/nothing.txt"],
        cwd=ran[0],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    first, second = done.stderr.splitlines()[:2]
    assert first == "cortex: MissingRuleException:"
    assert second.startswith("No rule to produce results/nothing.txt")


def test_two_runs_in_two_places_give_the_same_bytes_and_name_neither(ran, tmp_path):
    places = [ran[0], tmp_path / "a longer place" / "two"]
    places[1].mkdir(parents=True)
    (places[1] / "mynet.yaml").write_text(OWN, encoding="utf-8")
    cortex(places[1], "run", "mynet.yaml", "--cores", "2")
    tool = [sys.executable, ROOT / "tools" / "same_bytes.py"]
    compare = [*tool, *(place / "results" for place in places)]
    done = subprocess.run(compare, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    n_files = int(done.stdout.split()[0])
    assert n_files > 30  # tables, figures, the page and the report
    report = places[1] / "results" / "report.html"
    report.write_text(f"{report.read_text(encoding='utf-8')}{places[1]}", encoding="utf-8")
    done = subprocess.run(compare, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == [
        "differs: report.html",
        f"names {places[1]}: report.html",
        f"{n_files} files compared, 2 complaints",
    ]


@pytest.mark.parametrize("name", ["trust", "cells", "rhythm", "inference", "inference_nest"])
def test_a_study_with_a_notebook_of_its_own_draws_it(name, new_project):
    said = new_project().run("--dry-run", "--configfile", f"config/studies/{name}.yaml")
    assert f"\nshow_{name} " in said.split("Job stats:")[1]


@pytest.mark.parametrize("name", ["config", "test"])
def test_the_studies_of_the_house_leave_nothing_out(name, new_project):
    said = new_project().run("--dry-run", "--configfile", f"config/{name}.yaml")
    planned = said.split("Job stats:")[1]
    notebooks = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    for notebook in notebooks - ELSEWHERE:
        assert f"\nshow_{notebook} " in planned
    tables = {path.stem for path in (ROOT / "tests" / "acceptance").glob("*.tsv")}
    n_families = len(tables - ELSEWHERE)
    assert re.search(rf"\ncheck_acceptance +{n_families}\n", planned)
    for explorer in ("brunel", "learning"):
        assert f"\nwrite_{explorer}_explorer " in planned
