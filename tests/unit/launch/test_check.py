"""The check before a run says all that the start of the workflow would."""

from pathlib import Path

import pytest

from cortex.launch.check import main

CONFIG = Path(__file__).parents[3] / "config"
SWEEP = "{model: network_theory, network: brunel, state: C, vary: {gg: [5.0, 6.0]}}"


def test_sound_files_pass_alone_and_laid_over_each_other():
    assert main([str(CONFIG / "test.yaml")]) == 0
    assert main([str(CONFIG / "config.yaml"), str(CONFIG / "medium.yaml")]) == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("seed: 1\nbrunel: [1\nlfp: 2\n", "a.yaml: line 3: "),
        (
            "seed: 1\nnetworks: {brunel: {preset: none}}\n",
            "networks.brunel.preset = 'none': no such preset",
        ),
        ("seed: 1\nnetworks: {brunel: {preset: brunel, delay_ms: 1.55}}\n", "1.55 ms, which is"),
        (
            f"seed: 1\nnetworks: {{brunel: {{preset: brunel}}}}\nsweeps: {{s: {SWEEP}}}\n",
            "sweeps.s.vary.gg: unknown key; did you mean",
        ),
    ],
    ids=["YAML", "preset", "contradiction", "sweep"],
)
def test_faults_of_every_depth_are_said_with_their_place(text, said, tmp_path, capsys):
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    assert main([str(path)]) == 1
    assert said in capsys.readouterr().err


def test_a_missing_file_says_what_to_copy(tmp_path, capsys):
    assert main([str(tmp_path / "none.yaml")]) == 1
    assert "none.yaml: no such file; copy config/config.yaml" in capsys.readouterr().err
