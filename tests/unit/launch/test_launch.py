"""What `cortex run` says before and during a run."""

import io
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cortex.cli import main
from cortex.config.presets import read_preset
from cortex.errors import ConfigError
from cortex.launch.changes import SEEDLESS, UNREAD, explain
from cortex.launch.estimate import PER_JOB, Cost, cost_of, sentence, simulation_cost
from cortex.launch.start import _first, run
from cortex.launch.watched import PLANNED
from cortex.params.description.states import DESCRIPTIVE, WAY_BACK, block_at

ROOT = Path(__file__).parents[3]
JOBS = [
    "Predict network brunel",
    "Simulate network brunel, state A, seed 0",
    "Simulate network brunel, state C, seed 0",
    "Observe network brunel, state C",
    "Page of network brunel",
    "Simulate network brunel2, state C, seed 0",
    "Sweep plane, share 0 of 1",
]


def test_a_changed_key_is_one_line_with_the_jobs_of_its_network_and_state():
    before = {"networks": {"brunel": {"states": {"C": {"g": 5.0}}, "seeds": 2}}, "seed": 1}
    now = {"networks": {"brunel": {"states": {"C": {"g": 4.2}}, "seeds": 3}}, "seed": 1}
    assert explain(before, now, JOBS) == [
        "networks.brunel.states.C.g 5.0 -> 4.2: 4 jobs",
        "networks.brunel.seeds 2 -> 3: 3 jobs",
    ]
    assert explain(before, before, JOBS) == []


def test_a_key_outside_networks_and_sweeps_and_one_that_is_new_are_told_too():
    lines = explain({"lfp": {"x": 1}}, {"lfp": {"x": 1, "y": {"z": 2}}, "seed": 5}, JOBS)
    assert lines == ["lfp.y (none) -> {...}", "seed (none) -> 5: 6 jobs"]
    assert explain(
        {"sweeps": {"plane": {"seeds": 1}}}, {"sweeps": {"plane": {"seeds": 2}}}, JOBS
    ) == ["sweeps.plane.seeds 1 -> 2: 1 job"]


def test_the_keys_that_simulations_do_not_read_are_those_that_their_rule_leaves_out():
    rules = (ROOT / "workflow" / "rules" / "networks.smk").read_text(encoding="utf-8")
    rule = rules.split("rule simulate_network:")[1].split("\nrule ")[0]
    left_out = re.search(r"part_at_state\(([^)]*)\)", rule)[1]
    # titles and the keys of design and inference are left out everywhere
    assert set(re.findall(r'"(\w+)"', left_out)) | DESCRIPTIVE | WAY_BACK == UNREAD


def test_the_jobs_that_a_new_seed_leaves_alone_are_those_whose_rules_do_not_take_it():
    rules = (ROOT / "workflow" / "rules" / "networks.smk").read_text(encoding="utf-8")
    for name in ("predict_network", "follow_lines"):
        rule = rules.split(f"rule {name}:")[1].split("\nrule ")[0]
        assert 'config["seed"]' not in rule
        assert any(f'"{start}' in rule for start in SEEDLESS)  # its message
        assert "spikes" not in rule.split("output:")[0]  # nor what others made of it


# CPU s per biological second and for the build, docs/benchmarks/spiking.md
@pytest.mark.parametrize(
    ("name", "state", "per_second", "build"),
    [("brunel", "C", 0.144, 0.132), ("microcircuit", "default", 2.5, 7.1)],
)
def test_the_estimate_lies_within_a_factor_of_three_of_the_measured_time(
    name, state, per_second, build
):
    block = block_at(read_preset(name), state)
    seconds = block["simulation"]["warm_up_s"] + block["simulation"]["duration_s"]
    measured = PER_JOB + build + per_second * seconds
    assert measured / 3.0 < simulation_cost(block).cpu_time < measured * 3.0


def test_the_estimate_of_memory_lies_within_a_factor_of_three():
    # 3.0 GB resident with weights that scatter, docs/benchmarks/spiking.md
    memory = simulation_cost(block_at(read_preset("microcircuit"), "default")).memory
    assert 1e9 < memory < 9e9


def test_jobs_of_one_state_cost_what_that_state_costs():
    networks = {"brunel": read_preset("brunel")}
    job = "Simulate network brunel, state C, seed 0"
    assert cost_of(job, networks) == simulation_cost(block_at(networks["brunel"], "C"))
    assert cost_of("Anything else", networks).cpu_time == PER_JOB


def test_the_line_before_a_run_says_jobs_time_and_memory():
    costs = {"a": Cost(60.0, 1e9), "b": Cost(140.0, 3e9), "c": Cost(1.0, 5e8)}
    said = sentence(costs, cores=2)
    assert said.startswith("3 jobs, about 2 min on 2 cores (3 min of CPU time), up to 4.0 GB")
    assert "sweeps" not in said


def test_points_of_sweeps_are_said_to_be_beyond_the_estimate():
    """A point takes milliseconds or minutes, by its model: nothing tells beforehand."""
    costs = {f"Sweep targets, share {k} of 3": Cost(PER_JOB, 1e9) for k in range(3)}
    assert sentence(costs, cores=2).endswith("not counted: the points of 3 shares of sweeps")


def test_a_missing_file_is_said_in_one_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"^mynet.yaml: no such file; `cortex new mynet` writes"):
        run([Path("mynet.yaml")], cores=1, out=io.StringIO())


def test_a_network_that_cannot_be_read_is_left_to_the_check_of_the_workflow():
    broken = {**read_preset("brunel"), "n_exc": 0}
    assert _first({"good": read_preset("coba"), "bad": broken}) == []
    cheap = {**read_preset("coba"), "seeds": 1}
    (_, page) = _first({"brunel": read_preset("brunel"), "cheap": cheap})
    assert page == "results/networks/cheap/index.html"


def test_a_new_network_is_a_commented_copy_and_overwrites_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new", "mine", "--like", "brunel"]) == 0
    text = (tmp_path / "mine.yaml").read_text(encoding="utf-8")
    assert text.startswith("# Network mine, begun as a copy of the preset brunel.")
    assert "# relative" in text or "# membrane time constant" in text
    assert main(["new", "mine"]) == 1
    assert "mine.yaml: exists already; choose another name" in capsys.readouterr().err
    assert (tmp_path / "mine.yaml").read_text(encoding="utf-8") == text
    assert main(["new", "other", "--like", "nothing"]) == 1
    assert "no preset 'nothing'; there are" in capsys.readouterr().err


def test_presets_are_listed_with_populations_neurons_and_states(capsys):
    assert main(["networks"]) == 0
    (line,) = [each for each in capsys.readouterr().out.splitlines() if " brunel " in each]
    assert line.split()[-5:] == ["12500", "A,", "B,", "C,", "D"]


def test_planning_a_run_loads_no_compiler():
    """Every start of Snakemake imports what the rules import: numba alone takes a third of it."""
    rules = "\n".join(path.read_text() for path in (ROOT / "workflow" / "rules").glob("*.smk"))
    modules = sorted(set(re.findall(r"^from (cortex[\w.]*) import", rules, flags=re.M)))
    code = f"import sys, {', '.join(modules)}; print([m for m in SLOW if m in sys.modules])"
    slow = "('numba', 'scipy', 'matplotlib')"
    done = subprocess.run(
        [sys.executable, "-c", code.replace("SLOW", slow)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_no_cores_are_refused_in_words(capsys):
    with pytest.raises(SystemExit):
        main(["run", "mynet.yaml", "--cores", "0"])
    assert "0 cores; needs one at least" in capsys.readouterr().err


SNAKEMAKE = f"""
import json, signal
ends = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
signal.pthread_sigmask(signal.SIG_BLOCK, ends)
print({PLANNED!r} + json.dumps(["Simulate network mine, state default, seed 0"]), flush=True)
print("ready", flush=True)
heard = signal.sigtimedwait(ends, 60.0)  # a bound, so that a signal that is lost ends the test
print(signal.Signals(heard.si_signo).name if heard else "nothing", flush=True)
raise SystemExit(7)
"""
COMMAND = """
import sys
from cortex.launch import start
from cortex.launch.progress import Progress
class Heard(Progress):
    def read(self, line):
        print(line, flush=True)
def foretell(jobs):
    return Heard(dict.fromkeys(jobs, 1.0), 1)
sys.exit(start._watched([sys.executable, "-c", sys.argv[1]], foretell, sys.stderr))
"""


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_told_to_end_ends_snakemake_as_an_interrupt_does(sent):
    # the stand-in waits for a signal and names it; without the handler it would outlive the command
    command = [sys.executable, "-c", COMMAND, SNAKEMAKE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"  # Snakemake runs and is watched
        process.send_signal(sent)
        assert process.stdout.read() == "SIGINT\n"
        assert process.wait() == 7


def test_snakemake_hears_an_interrupt_where_a_script_put_the_run_into_its_background():
    # there SIGINT is ignored, which processes inherit; the stand-in tells what it has inherited
    told = f"""
import json, signal
print({PLANNED!r} + json.dumps(["Simulate network mine, state default, seed 0"]), flush=True)
print("deaf" if signal.getsignal(signal.SIGINT) == signal.SIG_IGN else "hears", flush=True)
"""
    deaf = f"import signal; signal.signal(signal.SIGINT, signal.SIG_IGN){COMMAND}"
    done = subprocess.run(
        [sys.executable, "-c", deaf, told], stdout=subprocess.PIPE, text=True, check=True
    )
    assert done.stdout == "hears\n"
