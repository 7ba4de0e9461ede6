"""Recordings of the command line as a configuration of the workflow, and its run."""

import re
import sys
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, Final, TextIO

import yaml

from cortex.config.presets import preset_names, read_config, read_preset
from cortex.config.read import check_study
from cortex.errors import ConfigError, ParameterError, TableError
from cortex.io.recorded import read_recorded, read_recorded_field
from cortex.launch.start import run
from cortex.params.description.states import block_at
from cortex.params.description.study import DescribedNetwork
from cortex.params.recording import RecordingParams

STUDY: Final = Path("results/recordings/study.yaml")
SEEDS: Final = 5
"""Runs of a preset, or a network whose file names no number: fewer give bands that say little."""
LEAST: Final = 3
"""Runs that a band takes."""


def analyse(study: Mapping[str, Any], *, cores: int, out: TextIO = sys.stdout) -> int:
    """Make the pages of recordings in the current folder; return the exit status.

    Parameters
    ----------
    study : mapping
        The configuration, from `compose`; it is kept beside the results.
    cores : int
        Cores that Snakemake may use.
    out : text stream
        Where to say what is done, and at the end where the pages lie.

    Raises
    ------
    TableError, ParameterError
        See `cortex.io.recorded.read_recorded`; found before any job runs.
    CortexError
        Snakemake cannot plan the run.
    """
    study, said = as_long(study, check_files(study))
    said += [
        f"{name}: {block['seeds']} runs of its file give no band of seeds, which takes {LEAST}; "
        f"write seeds: {SEEDS} there"
        for name, block in study.get("networks", {}).items()
        if block["seeds"] < LEAST
    ]
    out.writelines(f"{line}\n" for line in said)
    STUDY.parent.mkdir(parents=True, exist_ok=True)
    STUDY.write_text(yaml.safe_dump(study, sort_keys=False, allow_unicode=True), encoding="utf-8")
    pages = [f"results/recordings/{name}/index.html" for name in study["recordings"]]
    targets = [*pages, "results/recordings/statistics.parquet"]
    status = run([STUDY], cores=cores, further=targets, out=out)
    out.writelines(f"page:       {page}\n" for page in pages if Path(page).is_file())
    return status


def compose(
    files: Sequence[Path],
    *,
    network: str | None,
    state: str | None,
    reading: Mapping[str, Any],
    fields: Sequence[Path] = (),
    field_reading: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the configuration that analyses some files.

    Parameters
    ----------
    files : sequence of Path
        A recording each.
    network : str, optional
        A file with one network, or a preset, that they are held against.
    state : str, optional
        Its state, where it has several.
    reading : mapping
        Keys of `recordings:` that say how the files are read.
    fields : sequence of Path
        Fields recorded beside them: of the first recording, of the second, ...; or none.
    field_reading : mapping, optional
        Keys of `field:` that say how these are read.

    Raises
    ------
    TableError
        There is no such file.
    ConfigError
        There is no such network or state, the keys do not fit, or fields are more or fewer than
        recordings.
    """
    if fields and len(fields) != len(files):
        msg = f"{len(files)} recordings and {len(fields)} fields: give --lfp once for each file"
        raise ConfigError(msg)
    for path in (*files, *fields):
        if not path.is_file():
            msg = f"{path}: no such file"
            raise TableError(msg)
    study: dict[str, Any] = {"seed": 1}
    against: dict[str, Any] = {}
    if network is not None:
        seed, name, block = find_network(network)
        block = {"seeds": SEEDS, **block}
        if not Path(network).is_file():  # nobody wrote the number of a preset for this recording
            block["seeds"] = max(SEEDS, block["seeds"])
        study |= {"seed": seed, "networks": {name: block}}
        against = {"network": name} | ({"state": state} if state else {})
    elif state is not None:
        msg = f"state {state} of which network? name a file or a preset: --network"
        raise ConfigError(msg)
    study["recordings"] = {
        name: {"file": str(path), **against, **reading}
        for name, path in zip(names_of(files), files, strict=True)
    }
    for each, path in zip(study["recordings"].values(), fields, strict=False):
        each["field"] = {"file": str(path), **(field_reading or {})}
    check_study(study, "cortex analyse")
    return study


def find_network(given: str) -> tuple[int, str, dict[str, Any]]:
    """Return seed, name and keys of a network: of a file with one, or of a preset.

    Raises
    ------
    ConfigError
        There is neither, or the file holds several networks.
    """
    path = Path(given)
    if not path.is_file():
        if given in preset_names():
            return 1, given, read_preset(given)
        presets = ", ".join(preset_names())
        msg = f"network {given!r} is neither a file nor a preset; presets: {presets}"
        raise ConfigError(msg)
    config = read_config([path])
    networks = config.get("networks") or {}
    if len(networks) != 1:
        msg = f"{path}: holds {', '.join(networks) or 'no network'}; name a file with one network"
        raise ConfigError(msg)
    name = next(iter(networks))
    return int(config.get("seed", 1)), name, networks[name]


def as_long(
    study: Mapping[str, Any], durations: Mapping[str, float]
) -> tuple[dict[str, Any], list[str]]:
    """Return a study whose networks are simulated as long as their longest recording, and say so.

    A comparison cuts recording and runs to the shorter one; a recording that is the shorter one
    changes nothing.

    Parameters
    ----------
    study : mapping
        The configuration, from `compose`.
    durations : mapping of str to float
        Length of each recording, s.
    """
    changed, said = deepcopy(dict(study)), []
    for name, keys in study["recordings"].items():
        params = RecordingParams.from_config(keys)
        if not params.network:
            continue
        networks = changed["networks"]
        at_state = block_at(networks[params.network], params.state_among(networks))
        settings = DescribedNetwork.from_config(at_state).study.simulation
        n_steps = int(durations[name] / settings.dt * (1.0 + 1e-12))
        wanted = round(n_steps * settings.dt, 9)
        if wanted <= settings.duration:
            continue
        networks[params.network].setdefault("simulation", settings.to_config())
        networks[params.network]["simulation"]["duration_s"] = wanted
        said.append(
            f"{params.network}: simulated for {wanted:g} s, not {settings.duration:g} s, as long "
            f"as {', '.join(params.file)}"
        )
    return changed, said


def check_files(study: Mapping[str, Any]) -> dict[str, float]:
    """Read every file as the workflow will, so that what does not fit is said before it runs.

    Returns
    -------
    dict of str to float
        Length of each recording, s.

    Raises
    ------
    TableError, ParameterError
        With the file in front.
    """
    networks, durations = study.get("networks", {}), {}
    for name, keys in study["recordings"].items():
        params = RecordingParams.from_config(keys)
        order: tuple[str, ...] = ()
        if params.network:
            block = networks[params.network]
            block = block_at(block, params.state_among(networks))
            order = DescribedNetwork.from_config(block).model.network().names
        try:
            spikes = read_recorded(params, order)
        except ParameterError as error:
            msg = f"{keys['file']}: {error}"
            raise ParameterError(msg) from None
        if params.field is not None:
            read_recorded_field(params.field, spikes)
        durations[name] = spikes.duration
    return durations


def names_of(files: Sequence[Path]) -> list[str]:
    """Return a name for each file, from its own; equal ones are numbered.

    Examples
    --------
    >>> names_of([Path("a/spikes 1.csv"), Path("b/spikes 1.csv"), Path("c.nwb")])
    ['spikes_1', 'spikes_1_2', 'c']
    """
    names: list[str] = []
    for path in files:
        stem = re.sub(r"\W+", "_", path.stem).strip("_") or "recording"
        number = 1
        while (name := stem if number == 1 else f"{stem}_{number}") in names:
            number += 1
        names.append(name)
    return names


def populations_of(text: str) -> dict[str, Any]:
    """Return the keys of reading that ``A=E,B=I`` or ``E=8000,I=2000`` stands for.

    Raises
    ------
    ConfigError
        It is neither.

    Examples
    --------
    >>> populations_of("A=E,B=I"), populations_of("E=80,I=20")
    ({'rename': {'A': 'E', 'B': 'I'}}, {'populations': {'E': 80, 'I': 20}})
    """
    pairs = [part.partition("=") for part in text.split(",")]
    named = {name.strip(): value.strip() for name, _, value in pairs}
    if not all(named) or not all(named.values()) or len(named) < len(pairs):
        msg = (
            f"--populations {text}: write new names, A=E,B=I, or numbers of neurons in the order "
            "of their ids, E=8000,I=2000"
        )
        raise ConfigError(msg)
    if all(value.isdecimal() for value in named.values()):
        return {"populations": {name: int(value) for name, value in named.items()}}
    return {"rename": named}
