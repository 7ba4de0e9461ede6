"""A small study says what its own tables hold, never what the large one concludes."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml

from cortex.config.presets import read_config
from cortex.io.tables import read_columns

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
FORMS = re.compile(r"{%\s*claim\s+(\w+)\s*%}(.*?){%\s*otherwise\s*%}(.*?){%\s*endclaim\s*%}", re.S)
VALUE = re.compile(r"{{.*?}}", re.S)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Return results of a ring so small that most of the paper's conclusions cannot be had."""
    folder = tmp_path_factory.mktemp("small")
    small = read_config([ROOT / "config" / "test.yaml"])
    learning, sweep = small["learning"], small["sweeps"]["learning_parameters"]
    learning["model"]["ring"] |= {"n_neurons": 100, "dt_ms": 1.0}
    learning["model"]["training"]["periods"] = 60
    learning["replay"] = {"tau_d_ms": [15.0], "tau_x_ms": [5.0], "n_neurons": [100]}
    learning["replay"]["excerpt_periods"] = 3
    sweep["tied"] = {"n_neurons": {"n_neurons": [100], "dt_ms": [1.0]}}
    study = {"seed": 1, "learning": learning, "sweeps": {"learning_parameters": sweep}}
    (folder / "small.yaml").write_text(yaml.safe_dump(study), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "-s", ROOT / "Snakefile", "--cores", "2", "--quiet",
         "--configfile", "small.yaml", "--", "results/claims.parquet"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "results"


@pytest.fixture(scope="module")
def claims(ran):
    """Return (figure, claim) -> whether it holds in the small study."""
    table = read_columns(ran / "claims.parquet")
    pairs = zip(table["figure"], table["claim"], strict=True)
    return dict(zip(pairs, table["holds"].tolist(), strict=True))


def in_words(form):
    """Return a pattern of one form of a claim, any values in it."""
    return r"\s+".join(
        ".*?".join(re.escape(part) for part in VALUE.split(word)) for word in form.split()
    )


def test_every_text_says_its_claims_in_the_one_form_that_holds(ran, claims):
    assert len(claims) > 15
    for (figure, claim), holds in claims.items():
        template = (ROOT / "workflow" / "report" / f"{figure}.rst").read_text(encoding="utf-8")
        text = (ran / "texts" / f"{figure}.rst").read_text(encoding="utf-8")
        for name, *forms in FORMS.findall(VALUE.sub("VALUE", template)):
            if name == claim:
                said = [
                    re.search(in_words(form).replace("VALUE", r".+?"), text, re.S) is not None
                    for form in forms
                ]
                assert said == [holds, not holds], f"{figure}: {claim}"


def test_a_study_that_did_not_vary_something_concludes_nothing_from_it(claims):
    # one learning rate settles, one size, one delay and time constant, no drive below the limit
    for figure, claim in (
        ("learning_rate", "rate_sets_no_size"),
        ("learning_rate", "size_does_not_matter"),
        ("learning_replay", "slows"),
        ("learning_locking", "slips_below"),
    ):
        assert not claims[figure, claim], f"{figure}: {claim}"


def test_claims_are_what_plain_arithmetic_on_the_tables_gives(ran, claims):
    kernels = read_columns(ran / "learning" / "kernels.parquet")
    cases = {name: kernels["case"] == name for name in dict.fromkeys(kernels["case"])}
    delays = [name for name in cases if name.startswith("delay")]
    apart = [
        np.abs(kernels["weight"] - kernels["predicted"])[cases[name]].max()
        / np.abs(kernels["predicted"][cases[name]]).max()
        for name in (*delays, "full matrix")
    ]
    assert claims["learning_kernels", "on_prediction"] == (max(apart) < 1e-4)
    own, other = (kernels["weight"][cases[n]] for n in (delays[-1], "presynaptic derivative"))
    inverted = np.corrcoef(own, other)[0, 1] < -0.995
    assert claims["learning_kernels", "control_inverts"] == inverted
    replay = read_columns(ran / "learning" / "replay.parquet")
    at = (replay["varied"] == "tau_d") & (replay["tau_d"] == 0.015)
    speed = (replay["frequency"] * replay["period"])[at].item()
    assert claims["learning_replay", "speeds_up"] == (1.8 < speed < 2.2)
    locking = read_columns(ran / "learning" / "locking.parquet")
    above = locking["frequency_ratio"][locking["strength"] > 1.0]
    assert claims["learning_locking", "held_above"] == bool(np.all(np.abs(above - 1.0) < 0.005))
