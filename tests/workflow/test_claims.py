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


def in_the_form(template, holds):
    """Return a template with each claim in its first form where it holds, else in its second."""
    head, *rest = FORMS.split(template)
    pieces = [head]
    blocks = zip(rest[::4], rest[1::4], rest[2::4], rest[3::4], strict=True)
    for name, first, second, after in blocks:
        pieces += [first if holds[name] else second, after]
    return "".join(pieces)


def in_words(text):
    """Return a pattern of a text, any values in it."""
    words = VALUE.sub("VALUE", text).split()
    return r"\s+".join(r".+?".join(map(re.escape, word.split("VALUE"))) for word in words)


def test_every_text_says_its_claims_in_the_one_form_that_holds(ran, claims):
    assert len(claims) > 15
    for figure in dict.fromkeys(figure for figure, _ in claims):
        template = (ROOT / "workflow" / "report" / f"{figure}.rst").read_text(encoding="utf-8")
        holds = {name: held for (of, name), held in claims.items() if of == figure}
        chosen = in_the_form(template, holds)
        text = (ran / "texts" / f"{figure}.rst").read_text(encoding="utf-8")
        assert re.fullmatch(in_words(chosen), text.strip(), re.S), figure


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
