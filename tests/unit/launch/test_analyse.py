"""The command that analyses recordings: what it asks of files and networks before it runs."""

import pandas as pd
import pytest

from cortex.cli import main
from cortex.config.read import check_study
from cortex.launch.analyse import as_long, compose, find_network, names_of, populations_of


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder with a recording of two populations, to work in."""
    monkeypatch.chdir(tmp_path)
    rows = {"time_ms": [1.0, 900.0], "neuron": [0, 0], "population": ["pyr", "pv"]}
    pd.DataFrame(rows).to_csv("mine.csv", index=False)
    return tmp_path


def test_files_network_and_reading_become_a_configuration(folder):
    path = folder / "mine.csv"
    study = compose([path, path], network="brunel", state="C", reading={"unit": "ms"})
    recordings = check_study(study, "test").recordings
    assert list(recordings) == ["mine", "mine_2"]
    assert (recordings["mine"].network, recordings["mine"].state) == ("brunel", "C")
    assert recordings["mine"].unit == "ms"


def test_fields_go_to_their_recordings_with_what_they_do_not_say(folder):
    path = folder / "mine.csv"
    keys = {"unit": "uV", "step_ms": 1.0}
    study = compose([path], network=None, state=None, reading={}, fields=[path], field_reading=keys)
    field = check_study(study, "test").recordings["mine"].field
    assert (field.file, field.unit, field.step) == (str(path), "uV", 1e-3)


def test_a_file_with_one_network_brings_its_seed_and_its_name(folder):
    (folder / "yours.yaml").write_text("seed: 7\npreset: brunel\n", encoding="utf-8")
    seed, name, block = find_network("yours.yaml")
    assert (seed, name, block["model"]) == (7, "yours", "brunel")


def test_a_network_that_names_no_number_of_runs_has_enough_for_a_band(folder):
    path = folder / "mine.csv"
    for keys, runs in (("", 5), ("seeds: 2\n", 2)):
        (folder / "yours.yaml").write_text(f"preset: five_cells\n{keys}", encoding="utf-8")
        study = compose([path], network="yours.yaml", state=None, reading={})
        assert study["networks"]["yours"]["seeds"] == runs
    for preset, state, runs in (("adex", None, 5), ("brunel", "C", 10)):  # which write 1 and 10
        study = compose([path], network=preset, state=state, reading={})
        assert study["networks"][preset]["seeds"] == runs


def test_a_network_is_simulated_as_long_as_its_longest_recording(folder):
    path = folder / "mine.csv"
    study = compose([path, path], network="brunel", state="C", reading={})
    usual = study["networks"]["brunel"]["simulation"]["duration_s"]
    changed, said = as_long(study, {"mine": usual + 7.00005, "mine_2": usual + 1.0})
    # a whole number of steps of 0.1 ms, no longer than the recording
    assert changed["networks"]["brunel"]["simulation"]["duration_s"] == usual + 7.0
    assert said == [f"brunel: simulated for {usual + 7:g} s, not {usual:g} s, as long as {path}"]
    assert check_study(changed, "test").recordings.keys() == {"mine", "mine_2"}
    assert as_long(study, {"mine": usual - 1.0, "mine_2": usual}) == (study, [])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing.csv"], "nothing.csv: no such file"),
        (["mine.csv", "--network", "brunl"], "neither a file nor a preset; presets: "),
        (["mine.csv", "--network", "brunel"], "is no state of network brunel; there are: A, B"),
        (["mine.csv", "--lfp", "a.edf", "--lfp", "b.edf"], "1 recordings and 2 fields"),
        (["mine.csv", "--lfp", "a.edf"], "a.edf: no such file"),
        (["mine.csv", "--lfp", "mine.csv"], "mine.csv: no column with a unit of V or A"),
        (["mine.csv", "--state", "C"], "name a file or a preset: --network"),
        (["mine.csv", "--network", "brunel", "--state", "C"], "--populations pv=E"),
        (["mine.csv", "--populations", "pyr"], "write new names, A=E,B=I"),
    ],
)
def test_what_does_not_fit_is_said_before_anything_runs(words, said, folder, capsys):
    assert main(["analyse", *words]) == 1
    assert said in capsys.readouterr().err
    assert not (folder / "results").exists()


def test_a_recording_that_is_too_short_is_refused_with_its_file(folder, capsys):
    rows = {"time_ms": [1.0, 9.0], "neuron": [0, 0]}
    pd.DataFrame(rows).to_csv(folder / "short.csv", index=False)
    assert main(["analyse", "short.csv"]) == 1
    assert "short.csv: a recording of 0.009 s is too short" in capsys.readouterr().err


def test_names_come_from_files_and_populations_from_words(tmp_path):
    assert names_of([tmp_path / "a b.csv", tmp_path / "a b.nwb"]) == ["a_b", "a_b_2"]
    assert populations_of("E=80, I=20") == {"populations": {"E": 80, "I": 20}}
    assert populations_of("pyr=E") == {"rename": {"pyr": "E"}}
