"""The workflow itself: same bytes for any cores, resumes after a kill, reruns what depends."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest
import yaml

from cortex.config.presets import read_preset
from cortex.io.tables import read_provenance
from cortex.provenance import source_digest
from cortex.report.lineage import lineage_of
from cortex.report.registry import read_figures
from cortex.report.run import Run
from cortex.report.summary import latest_log, summary_lines

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
FOLDER = "results/networks/brunel"
TARGETS = [f"{FOLDER}/{name}.parquet" for name in ("network_comparison", "observed_spectra")]


def checkout(folder: Path, *, library: bool = False) -> Path:
    """Copy what a run needs; with `library` also the package, to be edited."""
    names = ["Snakefile", "workflow", "profiles", "config", "notebooks", "environment.yml"]
    for name in names + (["src"] if library else []):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    config = yaml.safe_load((ROOT / "config" / "test.yaml").read_text())
    config["networks"]["brunel"] |= {
        "simulation": {"warm_up_s": 0.1, "duration_s": 0.6},
        "excerpt": {"start_s": 0.1, "duration_s": 0.1},
        "analysis": {"segment_ms": 128.0},
        "seeds": 1,
        "states": {"A": None, "B": None},
    }
    (folder / "config" / "tiny.yaml").write_text(yaml.safe_dump(config, allow_unicode=True))
    return folder


def command(folder: Path, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """Return the command and environment of a run in `folder`."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(ROOT / ".cache" / "numba")}
    if (folder / "src").is_dir():
        environment["PYTHONPATH"] = str(folder / "src")
        environment["NUMBA_CACHE_DIR"] = str(folder / ".cache" / "numba")
    snakemake = [sys.executable, "-m", "snakemake", *arguments, "--configfile", "config/tiny.yaml"]
    return snakemake, environment


def run(folder: Path, *arguments: str) -> str:
    """Run snakemake to its end and return what it said."""
    words, environment = command(folder, *arguments)
    done = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every table."""
    tables = sorted((folder / "results").rglob("*.parquet"))
    return {str(t.relative_to(folder)): sha256(t.read_bytes()).hexdigest() for t in tables}


def planned(folder: Path, *targets: str) -> set[str]:
    """Return the names of the rules a dry run would execute."""
    said = run(folder, "--dry-run", "--cores", "1", *targets)
    if "Nothing to be done" in said:
        return set()
    stats = said.split("Job stats:")[1].split("total")[0].splitlines()[3:]
    return {line.split()[0] for line in stats if line.split()}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Return a folder in which the tables were made on one core."""
    folder = checkout(tmp_path_factory.mktemp("one-core"))
    run(folder, "--cores", "1", *TARGETS)
    return folder


def test_two_cores_give_the_same_bytes_as_one(finished, tmp_path):
    folder = checkout(tmp_path)
    run(folder, "--cores", "2", *TARGETS)
    assert digests(folder) == digests(finished)


def test_a_killed_run_resumes_and_ends_with_the_same_bytes(finished, tmp_path):
    folder = checkout(tmp_path)
    words, environment = command(folder, "--cores", "2", *TARGETS)
    process = subprocess.Popen(
        words,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 300
    while len(list((folder / "results").rglob("*.parquet"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert 3 <= len(digests(folder)) < len(digests(finished))
    run(folder, "--unlock")
    run(folder, "--cores", "2", *TARGETS)
    assert digests(folder) == digests(finished)
    assert not list((folder / "results").rglob("*.part"))


def test_nothing_is_left_to_do_after_a_run(finished):
    assert planned(finished, *TARGETS) == set()


def test_a_figure_leads_to_the_seed_the_parameters_and_the_code_of_its_simulations(finished):
    figure = read_figures(finished / "workflow" / "figures.yaml")["brunel_states"]
    sources = [read_provenance(finished / path) for path in figure.tables.values()]
    assert {source["seed"] for source in sources} == {""}  # gathering draws no numbers
    chain = {step.rule: step for step in lineage_of(sources)}
    simulated = chain["simulate_network"]
    config = yaml.safe_load((finished / "config" / "tiny.yaml").read_text())
    params = json.loads(simulated.params)
    assert simulated.seeds == str(config["seed"])
    published = read_preset("brunel")
    (both,) = (value for name, value in params.items() if name.startswith("network"))
    assert [each["g"] for each in both] == [published["states"][name]["g"] for name in "CD"]
    assert [each["n_exc"] for each in both] == [published["n_exc"]] * 2
    assert len(simulated.runs) == 2
    assert simulated.code == source_digest(ROOT / "workflow/scripts/simulate_network.py")
    assert {"simulate_network", "observe_network", "predict_network"} <= chain.keys()


def test_the_command_of_a_report_makes_the_figure_of_its_run_again(finished):
    _, environment = command(finished)
    own, default = (
        Run(configfiles=(f"config/{name}.yaml",), overrides={}) for name in ("tiny", "config")
    )
    plans = [
        subprocess.run(
            [sys.executable, "-m", *shlex.split(each.command(TARGETS[0])), "--dry-run"],
            cwd=finished,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        for each in (own, default)
    ]
    said = [plan.stdout + plan.stderr for plan in plans]
    assert "Nothing to be done" in said[0]
    assert "Simulate network brunel" in said[1]  # another configuration, another figure


def test_an_edited_entry_of_the_registry_draws_its_own_notebook_again_and_no_other(finished):
    registry, page = finished / "workflow" / "figures.yaml", "results/notebooks/brunel.html"
    run(finished, "--cores", "1", page)
    before = registry.read_text()
    registry.write_text(
        before.replace("cortex.plots.response:draw_neurons", "cortex.plots.response:other")
    )
    assert planned(finished, page) == set()
    registry.write_text(
        before.replace("cortex.plots.brunel:draw_plane", "cortex.plots.brunel:other")
    )
    assert planned(finished, page) == {"show_brunel"}
    registry.write_text(before)


def test_a_log_names_the_versions_and_has_a_place_for_the_commit(finished):
    log = finished / "logs" / "predict_network" / "brunel.log"
    head = json.loads(log.read_text().splitlines()[0])
    assert head["commit"] == ""  # the copy is no checkout
    assert {"start", "host", "python", "numpy"} <= head.keys()


def test_a_truncated_table_stops_the_run_with_a_clear_message(finished):
    table = finished / FOLDER / "C" / "spikes-0.parquet"
    whole = table.read_bytes()
    table.write_bytes(whole[: len(whole) // 2])
    words, environment = command(finished, "--cores", "1", *TARGETS)
    done = subprocess.run(
        words, cwd=finished, env=environment, capture_output=True, text=True, check=False
    )
    table.write_bytes(whole)
    assert done.returncode != 0
    assert (
        "spikes-0.parquet: truncated or damaged, delete it and rerun" in done.stdout + done.stderr
    )
    last = summary_lines(1, finished / "results", [], latest_log(finished))[-1]
    assert last.startswith("failed: ")
    assert "observe_network (see logs/observe_network/brunel/C.log)" in last
    run(finished, "--cores", "1", *TARGETS)


def test_a_changed_parameter_reruns_what_depends_on_it(finished):
    config = finished / "config" / "tiny.yaml"
    before = config.read_text()
    study = yaml.safe_load(before)
    study["networks"]["brunel"]["lfp"] = {"weighting": {"alpha": 1.5}}
    config.write_text(yaml.safe_dump(study))
    assert planned(finished, *TARGETS) == {"predict_network", "synthesise_lfp", "compare_network"}
    config.write_text(before)


def test_an_edited_module_reruns_exactly_what_imports_it_and_a_comment_nothing(tmp_path):
    folder = checkout(tmp_path, library=True)
    target = "results/response/microcircuit.parquet"
    run(folder, "--cores", "1", target)
    module = folder / "src" / "cortex" / "meanfield" / "stationary" / "working_point.py"
    module.write_text(module.read_text() + "\n# a comment\n")
    script = folder / "workflow" / "scripts" / "solve_response_microcircuit.py"
    script.touch()
    assert planned(folder, target) == set()
    unrelated = folder / "src" / "cortex" / "lfp" / "normalise.py"
    unrelated.write_text(unrelated.read_text() + "\nADDED = 1\n")
    assert planned(folder, target) == set()
    module.write_text(module.read_text() + "\nADDED = 1\n")
    assert planned(folder, target) == {"solve_response_microcircuit"}


SECOND_BLOCK = (
    "\nsweeps:\n  mine: {model: network_theory, network: brunel, state: C, vary: {g: [3.0]}}\n"
)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (
            lambda text: text.replace("tau_x_ms", "tau_x"),
            "learning.model.ring.tau_x = 5.0: the unit is missing from the key",
        ),
        (lambda text: text + SECOND_BLOCK, "the key 'sweeps' stands already in line"),
        (lambda text: text.replace("model: learning", "model: lerning"), "did you mean learning?"),
    ],
    ids=["a key without its unit", "a key twice", "a sweep of no model"],
)
def test_a_mistake_in_the_configuration_stops_before_any_job(tmp_path, edit, message):
    folder = checkout(tmp_path)
    config = folder / "config" / "tiny.yaml"
    config.write_text(edit(config.read_text()))
    words, environment = command(folder, "--cores", "1")
    done = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert message in done.stderr
    assert "config/tiny.yaml" in done.stderr
    assert not (folder / "results").exists()


def test_a_key_inside_a_section_is_changed_on_the_command_line_as_in_the_file(tmp_path):
    # Snakemake hands on what is inside a section as text: '4.2' must be read, and judged, as 4.2
    folder = checkout(tmp_path)
    target = f"{FOLDER}/predicted_rates.parquet"
    changed = "networks={brunel: {J_mV: 0.11}}"
    assert target in run(folder, "--dry-run", target, "--config", changed)
    words, environment = command(folder, "--dry-run", "--config", "networks={brunel: {J_mV: 420}}")
    done = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "1. networks.brunel.J_mV = 420 mV is outside [0.0001, 20] mV" in done.stderr
