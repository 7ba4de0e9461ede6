"""A copy of the workflow in a folder of its own, with sweeps of a test's choice."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
PARTS = (
    *("Snakefile", "workflow", "config", "notebooks", "environment.yml", "profiles"),
    "tests/acceptance",
)


@dataclass(frozen=True)
class Project:
    """A working copy in which Snakemake runs as a user would run it."""

    folder: Path

    @classmethod
    def copied(cls, folder: Path) -> "Project":
        """Copy the workflow into a new folder."""
        folder.mkdir()
        for part in PARTS:
            source, target = ROOT / part, folder / part
            if source.is_dir():
                shutil.copytree(source, target)  # the link `profiles` becomes a folder
            elif source.exists():
                shutil.copy2(source, target)
        return cls(folder)

    def sweeps(self, **sweeps: Mapping[str, Any]) -> None:
        """Replace the sweeps of config/test.yaml."""
        config = yaml.safe_load((ROOT / "config" / "test.yaml").read_text(encoding="utf-8"))
        text = yaml.safe_dump({**config, "sweeps": sweeps}, sort_keys=False)
        (self.folder / "config" / "test.yaml").write_text(text, encoding="utf-8")

    def command(self, *words: str) -> list[str]:
        """Return the command line of Snakemake on config/test.yaml."""
        return [
            *(sys.executable, "-m", "snakemake", "--configfile", "config/test.yaml"),
            *("--nocolor", *words),
        ]

    def run(self, *words: str, ok: bool = True) -> str:
        """Run Snakemake to its end; return all it says."""
        done = subprocess.run(
            self.command(*words),
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert (done.returncode == 0) is ok, done.stdout
        return done.stdout

    @property
    def environment(self) -> dict[str, str]:
        """Environment with the tools of this interpreter first on the path."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return {**os.environ, "PATH": path}

    def table(self, sweep: str) -> bytes:
        """Return the bytes of a sweep's table."""
        return (self.folder / f"results/sweeps/{sweep}.parquet").read_bytes()

    def account(self, sweep: str) -> dict[str, Any]:
        """Return a sweep's account."""
        text = (self.folder / f"results/sweeps/{sweep}_account.json").read_text(encoding="utf-8")
        account: dict[str, Any] = json.loads(text)
        return account

    def records(self, model: str = "made_up_model") -> list[Path]:
        """Return the files of all finished points of a model."""
        return sorted((self.folder / "results" / "store" / model).glob("[!.]*.json"))
