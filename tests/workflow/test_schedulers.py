"""Profiles name rules that exist; those of schedulers that are not here speak to stand-ins.

The stand-ins take only the options that the manuals of PBS Professional, Grid Engine and LSF name,
run the job at once, and answer in the words of the real ones.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

PROFILES = Path(__file__).parents[2] / "workflow" / "profiles"
RULES = re.compile(r"^\s*rule (\w+):", flags=re.M)

RUN = """#!/usr/bin/env bash
echo "$0 $*" >>"$LOG"
script=${@: -1}
if bash "$script"; then echo 0 >"$STATE/exit"; else echo 1 >"$STATE/exit"; fi
"""
STAND_INS = {
    "pbs": {
        "qsub": RUN + "echo 7.server",
        "qstat": 'echo "    job_state = F"; echo "    Exit_status = $(cat "$STATE/exit")"',
        "qdel": 'echo "$@" >"$STATE/ended"',
    },
    "sge": {
        "qsub": RUN + "echo 7",
        "qstat": "exit 1",
        "qacct": 'echo "failed       0   "; echo "exit_status  $(cat "$STATE/exit")   "',
        "qdel": 'echo "$@" >"$STATE/ended"',
    },
    "lsf": {
        "bsub": RUN + 'echo "Job <7> is submitted to default queue <normal>."',
        "bjobs": 'if [ "$(cat "$STATE/exit")" = 0 ]; then echo DONE; else echo EXIT; fi',
        "bkill": 'echo "$@" >"$STATE/ended"',
    },
}
ASKED = {  # two cores, 1500 MB, 90 minutes, a queue and an account
    "pbs": ("select=1:ncpus=2:mem=1500mb", "walltime=5400", "-q long", "-A mine"),
    "sge": ("-pe smp 2", "h_vmem=750M", "h_rt=5400", "-q long", "-P mine"),
    "lsf": ("-n 2", "-M 1500", "-W 90", "-q long", "-P mine"),
}


@pytest.fixture
def speak(tmp_path):
    """Return a function that calls a scheduler's script with stand-ins first on the path."""
    places = {"STATE": str(tmp_path), "LOG": str(tmp_path / "log")}

    def call(name, *words):
        for program, text in STAND_INS[name].items():
            path = tmp_path / program
            path.write_text(text if text.startswith("#!") else f"#!/usr/bin/env bash\n{text}")
            path.chmod(0o755)
        given = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", **places}
        return subprocess.run(
            ["bash", PROFILES / name / "scheduler.sh", *words],
            env={**os.environ, **given, "CORTEX_QUEUE": "long", "CORTEX_ACCOUNT": "mine"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    return call


@pytest.mark.parametrize("name", sorted(STAND_INS))
@pytest.mark.parametrize(("ends", "state"), [("true", "success"), ("false", "failed")])
def test_a_job_is_asked_for_with_its_resources_and_its_end_is_read(
    speak, tmp_path, name, ends, state
):
    script = tmp_path / "job.sh"
    script.write_text(ends)
    number = speak(name, "submit", "2", "1500", "90", str(script))
    assert number in {"7", "7.server"}
    asked = (tmp_path / "log").read_text()
    assert [words for words in ASKED[name] if words not in asked] == []
    assert speak(name, "status", number) == state
    speak(name, "cancel", number, "8")
    assert (tmp_path / "ended").read_text().split() == [number, "8"]


@pytest.mark.parametrize("name", sorted(path.parent.name for path in PROFILES.glob("*/*.yaml")))
def test_a_profile_names_rules_and_scripts_that_exist(name):
    rules = {
        name
        for source in (PROFILES.parent / "rules").glob("*.smk")
        for name in RULES.findall(source.read_text(encoding="utf-8"))
    }
    text = (PROFILES / name / "config.yaml").read_text(encoding="utf-8")
    profile = yaml.safe_load(text)
    for key in ("groups", "set-threads", "set-resources"):
        named = {entry.partition("=")[0].partition(":")[0] for entry in profile.get(key, [])}
        assert named <= rules, key
    for key, value in profile.items():
        for word in str(value).split() if key.startswith("cluster-generic") else ():
            if word.startswith("workflow/"):
                assert (PROFILES.parents[1] / word).is_file(), word
