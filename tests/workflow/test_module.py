"""Another workflow imports ours, renames its rules and gives it a configuration of its own."""

import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
OTHER = f"""configfile: "study.yaml"


module cortex:
    snakefile:
        {str(ROOT / "workflow" / "Snakefile")!r}
    config:
        config


use rule * from cortex as cortex_*


rule longest:
    input:
        "results/networks/mine/predicted_rates.parquet",
    output:
        "own.txt",
    shell:
        "wc -c < {{input}} > {{output}}"
"""
MINE = {"seed": 3, "networks": {"mine": {"preset": "lfp_demonstration", "seeds": 0}}}


def snakemake(folder, *words):
    """Run the other workflow."""
    return subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", "1", "--nocolor", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_second_workflow_runs_our_rules_on_its_own_configuration(tmp_path):
    (tmp_path / "Snakefile").write_text(OTHER)
    (tmp_path / "study.yaml").write_text(yaml.safe_dump(MINE))
    done = snakemake(tmp_path, "own.txt")
    assert done.returncode == 0, done.stderr
    assert "cortex_predict_network" in done.stderr
    table = tmp_path / "results/networks/mine/predicted_rates.parquet"
    assert int((tmp_path / "own.txt").read_text()) == table.stat().st_size
    assert pq.read_table(table).num_rows == 2  # the two populations of the preset
    assert {path.name for path in (tmp_path / "results/networks").iterdir()} == {"mine"}

    (tmp_path / "study.yaml").write_text(yaml.safe_dump({**MINE, "seed": "three"}))
    refused = snakemake(tmp_path, "own.txt")
    assert refused.returncode != 0
    assert "study.yaml: 1 problem" in refused.stdout + refused.stderr  # the file of the user
