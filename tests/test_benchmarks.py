"""The history of the benchmarks tells a slower commit from noise."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def history(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("history", ROOT / "benchmarks" / "history.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "DOCS", tmp_path)
    monkeypatch.setattr(module, "machine", lambda: MACHINE)
    return module


MACHINE = {"processor": "P", "kind": "P-1", "cores": 2, "memory_GB": 8, "load": 0.1}


def runs(*cpu):
    ours = [{"task": "t", "cpu_s": each, "peak_mb": 50.4, "result": "67.0 Hz"} for each in cpu]
    return {"t": {"cortex": ours, "nest": [{"task": "t", "cpu_s": 8.0}] * len(cpu)}}


@pytest.mark.parametrize(
    ("later", "said"),
    [
        ((3.0, 3.2, 2.9), "**slower, 1.50**"),
        ((2.4, 2.1, 2.0), "1.05"),  # the ranges overlap
        ((1.0, 1.1, 1.2), "faster, 0.55"),
    ],
)
def test_a_commit_is_slower_only_beyond_the_range_of_the_run_before(history, later, said):
    history.keep("spiking", runs(2.0, 1.9, 2.2), [])
    history.keep("spiking", runs(*later), [])
    history.write_page()
    page = (history.DOCS / "latest.md").read_text(encoding="utf-8")
    assert f"| {said} | 67.0 Hz |" in page
    assert f"| {8.0 / sorted(later)[1]:.3g} | {said}" in page
    assert len(history.history("spiking")) == 2


def test_runs_of_other_machines_and_options_are_not_compared(history, monkeypatch):
    history.keep("spiking", runs(2.0), [])
    history.keep("spiking", runs(2.0), ["--short", "0.1"])
    monkeypatch.setattr(history, "machine", lambda: {**MACHINE, "kind": "Q-2"})
    history.keep("spiking", runs(9.0), [])
    history.write_page()
    assert "slower" not in (history.DOCS / "latest.md").read_text().split("## spiking")[1]
