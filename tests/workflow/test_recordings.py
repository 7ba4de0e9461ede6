"""One command from a file of spikes to a page that says how far a network is from it."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cortex.config.presets import read_config
from cortex.networks.case import read_case
from cortex.steps.simulate import simulate

pytestmark = pytest.mark.slow

# state C alone, with fewer seeds and seconds than the paper
OWN = """\
seed: 1
preset: brunel
states: {A: , B: , D: }
seeds: 5
simulation: {warm_up_s: 0.3, duration_s: 1.0}
"""


def record(folder, name, g):
    """Write a simulated recording of state C at another seed as a file of text."""
    block = read_config([folder / "mynet.yaml"])["networks"]["mynet"]
    state = {**block["states"]["C"], "g": g}
    spikes = simulate(read_case("recorded", {**block, "states": {"C": state}}, "C"), seed=77).spikes
    inhibits = spikes.neurons >= spikes.first[1]
    columns = {
        "time_ms": np.round(spikes.times * 1e3, 1),
        "neuron": spikes.neurons - np.where(inhibits, spikes.first[1], 0),
        "population": np.where(inhibits, "I", "E"),
    }
    pd.DataFrame(columns).to_csv(folder / name, index=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with the pages of two recordings: of the network, and at g less 10 %."""
    folder = tmp_path_factory.mktemp("recordings")
    (folder / "mynet.yaml").write_text(OWN, encoding="utf-8")
    for name, g in (("own.csv", 5.0), ("weaker.csv", 4.5)):
        record(folder, name, g)
    words = ("--network", "mynet.yaml", "--populations", "E=10000,I=2500", "--stop", "1.0")
    said = analyse(folder, "own.csv", "weaker.csv", *words)
    pages = [f"page:       results/recordings/{name}/index.html" for name in ("own", "weaker")]
    assert said.splitlines()[-2:] == pages
    return folder


def analyse(folder: Path, *words: str) -> str:
    """Run the command in a folder; return what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "cortex.cli", "analyse", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def compared(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(folder / f"results/recordings/{name}/compared_comparison.parquet")


def page(folder: Path, name: str) -> str:
    return (folder / f"results/recordings/{name}/index.html").read_text(encoding="utf-8")


def test_a_run_of_the_same_network_lies_inside_every_band(folder):
    table = compared(folder, "own")
    assert len(table) == 14
    assert (table["distance"] <= table["band"]).all()
    assert "every distance lies inside the band of its seeds" in page(folder, "own")


def test_a_tenth_less_inhibition_is_outside_and_the_page_names_rate_and_cv(folder):
    table = compared(folder, "weaker").set_index("statistic")
    assert table.loc[["rate", "cv", "cv2", "lv", "fano"], "outside"].all()
    assert "the largest effect first: rate, CV of intervals" in page(folder, "weaker")


def test_theory_stands_beside_data_and_simulation(folder):
    rates = compared(folder, "own").query("statistic == 'rate'")
    # state C is stable: theory misses its rate by half a per cent, five seconds by as much
    np.testing.assert_allclose(rates["theory"], rates["simulation"], rtol=0.02)


def test_the_statistics_of_many_recordings_are_one_table(folder):
    table = pd.read_parquet(folder / "results/recordings/statistics.parquet")
    assert list(table["recording"].unique()) == ["own", "weaker"]
    rates = table.query("statistic == 'rate' and population == 'E'").set_index("recording")["mean"]
    assert rates["weaker"] > rates["own"]


def test_a_field_stands_on_the_page_beside_the_spikes_that_make_it(tmp_path):
    rng, t = np.random.default_rng(2), 2e-3 * np.arange(3000)
    counts = rng.poisson(0.4 * (1.0 + np.cos(2 * np.pi * 20 * t)))
    times = np.sort(np.repeat(t, counts) + 2e-3 * rng.random(counts.sum()))
    columns = {"time_ms": np.round(times * 1e3, 2), "neuron": np.arange(len(times)) % 10}
    pd.DataFrame(columns).to_csv(tmp_path / "spikes.csv", index=False)
    potential = 30.0 * np.cos(2 * np.pi * 20 * t) + 20.0 * rng.normal(size=len(t))
    frame = pd.DataFrame({"time_ms": 1e3 * t, "lfp_uV": potential})
    frame.to_parquet(tmp_path / "field.parquet")
    analyse(tmp_path, "spikes.csv", "--stop", "6", "--lfp", "field.parquet")
    folder = tmp_path / "results/recordings/spikes"
    peaks = pd.read_parquet(folder / "field_peaks.parquet")
    assert peaks["frequency_Hz"].tolist()[:1] == [20.0]
    coherence = pd.read_parquet(folder / "field_coherence.parquet").set_index("frequency_Hz")
    assert coherence["coherence"].idxmax() == 20.0
    assert coherence["coherence"].max() > coherence["chance"].max()
    law = pd.read_parquet(tmp_path / "results/recordings/field_laws.parquet")
    assert law[["recording", "channel"]].to_numpy().tolist() == [["spikes", "1"]]
    locked = pd.read_parquet(tmp_path / "results/recordings/field_locking.parquet")
    # all spikes follow the rhythm with depth one: half of it squared, less the noise in the band
    assert locked.set_index("band")["consistency"]["beta"] > 0.15
    text = page(tmp_path, "spikes")
    assert "exponent of 1/f" in text
    assert "degrees from the peak" in text
