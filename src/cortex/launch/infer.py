"""Which parameters of a network made a recording: the command, from a file to a posterior."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TextIO

import numpy as np
import yaml

from cortex.errors import CortexError, ParameterError
from cortex.io.recorded import read_recorded
from cortex.io.tables import read_columns
from cortex.launch.analyse import find_network
from cortex.launch.start import run as run_workflow
from cortex.networks.case import case_of
from cortex.params.description.overrides import lay_over
from cortex.params.description.states import block_at, states_of
from cortex.params.description.target import FreeParams
from cortex.params.recording import RecordingParams
from cortex.plots.inference import draw_inference
from cortex.plots.style import house_style
from cortex.report.show import keep_figure
from cortex.steps.columns import Tables
from cortex.steps.infer import gathered, infer

FOLDER: Final = Path("results/inference")


def simulated(
    name: str, block: Mapping[str, Any], *, seed: int, n: int, cores: int, out: TextIO
) -> Tables:
    """Return the tables of networks drawn from the prior, by a sweep in this folder.

    The sweep is resumed where it was stopped, and its points are shared with other recordings of
    the same length.
    """
    free = [FreeParams.from_config(each) for each in block["free"]]
    sweep = {
        "model": "network",
        "network": name,
        "vary": {each.key: {"low": each.low, "high": each.high} for each in free},
        "samples": n,
        "design": "latin_hypercube",
        "fixed": {"theory.depth": "rates"},
    }
    study = {"seed": seed, "networks": {name: dict(block)}, "sweeps": {f"{name}_prior": sweep}}
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.yaml"
    path.write_text(yaml.safe_dump(study, sort_keys=False, allow_unicode=True), encoding="utf-8")
    table = Path("results/sweeps") / f"{name}_prior.parquet"
    arrays = {
        kind: table.parent / table.stem / f"{kind}.parquet" for kind in ("populations", "spectrum")
    }
    paths = {"points": table, **arrays}
    status = run_workflow(
        [path], cores=cores, further=[str(each) for each in paths.values()], out=out
    )
    if status:
        msg = "the simulations did not end well; what is done is kept, run the command again"
        raise CortexError(msg)
    return {kind: read_columns(each) for kind, each in paths.items()}


def run(
    files: Path,
    network: str,
    *,
    state: str | None = None,
    n: int = 200,
    cores: int = 1,
    reading: Mapping[str, Any],
    out: TextIO = sys.stdout,
) -> int:
    """Infer the free keys of a network from a recorded file and say what was found."""
    seed, name, block = find_network(network)
    states = states_of(block)
    if state is None and len(states) > 1:
        msg = f"network {name} has the states {', '.join(states)}; name one: --state"
        raise ParameterError(msg)
    alone = block_at(block, state or states[0])
    if not alone.get("free"):
        msg = (
            f"network {name} has no `free:` keys, which are the prior; see docs/tutorials/design.md"
        )
        raise ParameterError(msg)
    order = case_of(name, alone).network.names
    data = read_recorded(RecordingParams.from_config({"file": str(files), **reading}), order)
    alone = lay_over(
        {**alone, "simulation": dict(alone.get("simulation") or {})},
        {"simulation.duration_s": float(round(data.duration, 6))},
    )
    made = simulated(name, alone, seed=seed, n=n, cores=cores, out=out)
    runs = gathered(case_of(name, alone), made, "spikes")
    found = infer(alone, data, runs, name=name, seed=seed)
    free, learned = found.learned.free, found.learned
    out.writelines(f"{line}\n" for line in found.lines())
    path = FOLDER / f"{name}-posterior.csv"
    header = ",".join(each.key for each in free)
    np.savetxt(path, found.draws, delimiter=",", header=header, comments="")
    out.write(f"draws:  {path}\n")
    with house_style():
        figure = draw_inference(
            found.draws,
            np.array([[each.low, each.high] for each in free]),
            [each.key for each in free],
            learned.calibration.rank,
            (found.seen, found.predicted, learned.names),
        )
    title = f"{name}: which parameters made {files.name}"
    out.write(f"figure: {keep_figure(figure, FOLDER.parent, f'inference_{name}', title, '').png}\n")
    return 0
