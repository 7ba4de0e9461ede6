"""The page of a recording without a network, and its words with one."""

import numpy as np
import pytest

from cortex.io.network import empty
from cortex.io.schemas.network import OBSERVED, PREDICTED
from cortex.params.field_file import FieldFile
from cortex.params.recording import RecordingParams
from cortex.report.recording_page import OWN, RecordingPage
from cortex.spikes import Spikes
from cortex.steps.observe import look
from cortex.steps.recorded_field import relate
from cortex.steps.recordings import alike, beside, describe, view_of

PARTS = (
    "question", "verdict", "beside", "distances", "distributions", "statistics", "activity",
    "spectra", "lfp", "lfp_spectra", "field", "field_spectra", "locking",
)  # fmt: skip


def poisson(seed, rate=8.0):
    rng = np.random.default_rng(seed)
    trains = [np.sort(rng.uniform(0, 2, rng.poisson(2 * rate))) for _ in range(20)]
    return Spikes.of_trains({"E": trains}, stop=2.0).on_grid(1e-4)


def page(folder, runs=(), field=False):
    """Return the page of a Poisson recording, beside runs and a field where there are some."""
    spikes, params = poisson(1), RecordingParams(file=("mine.csv",))
    tables = {
        f"{step}_{kind}": empty(schema)
        for step, schemas in (*OWN.items(), ("simulated", OBSERVED), ("predicted", PREDICTED))
        for kind, schema in schemas.items()
    }
    made = {
        "observed": look(view_of(spikes, params), [spikes]),
        "described": describe(spikes, params),
    }
    if field:
        lfp = 1e-6 * np.random.default_rng(3).normal(size=(2000, 2))
        keys = FieldFile(file="lfp.npy", segment=0.25)
        made["field"] = relate(
            spikes, lfp, keys, step=1e-3, start=0.0, channels=("1", "2"), max_frequency=200.0
        )
    if runs:
        made["compared"] = beside(*alike(spikes, runs), None)
        made["simulated"] = made["observed"]
    tables |= {f"{step}_{kind}": t for step, each in made.items() for kind, t in each.items()}
    return RecordingPage(
        name="mine",
        results=folder,
        code="x",
        block={"file": "mine.csv", "network": "yours" if runs else ""},
        tables=tables,
        notes={"compared_s": 2.0, "recorded_s": 2.0, "runs": len(runs)},
    )


@pytest.mark.parametrize("runs", [(), [poisson(2), poisson(3), poisson(4)]])
def test_a_recording_has_every_part_with_and_without_a_network(runs, tmp_path):
    mine = page(tmp_path, runs)
    for part in PARTS:
        assert getattr(mine, part)() is not None
    assert ("no network" in mine.question().markdown) is not bool(runs)


def test_what_is_not_there_leaves_no_section_and_no_empty_panel(tmp_path):
    mine = page(tmp_path)
    absent = ("verdict", "beside", "distances", "field", "about_bands", "about_beside")
    for part in (*absent, "about_field"):
        assert getattr(mine, part)().markdown == ""
    said = mine.question().markdown
    assert said.count("no network") == said.count("No field was recorded") == 1
    assert "how far" not in said


def test_a_recorded_field_has_a_figure_and_two_tables(tmp_path):
    mine = page(tmp_path, field=True)
    assert len(mine.field_spectra().body) == 2
    assert len(mine.locking().body) == 2 * 4
    figure = mine.field()
    assert "recording_mine_field" in str(figure.png)


def test_the_verdict_names_reasons_with_the_largest_effect_first(tmp_path):
    text = page(tmp_path, [poisson(seed, rate=40.0) for seed in range(2, 7)]).verdict().markdown
    assert text.startswith(
        "**The network differs from the recording, the largest effect first: rate"
    )
    assert "outside its band" in text.splitlines()[2]


def test_agreement_within_bands_that_nothing_could_leave_is_none(tmp_path):
    few = [poisson(seed) for seed in (2, 3, 4)]
    text = page(tmp_path, few).verdict().markdown
    assert text.startswith("**Too few runs to say: ")
    many = [poisson(seed) for seed in range(20, 26)]
    assert page(tmp_path, many).verdict().markdown.startswith("**The recording is like one more")
