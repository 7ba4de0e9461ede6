"""Networks from files and presets, and back into files."""

from collections.abc import Mapping
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any

import yaml

from cortex.api.result import Result
from cortex.config.presets import preset_folder, preset_names, read_config, read_preset
from cortex.errors import ConfigError
from cortex.networks.case import NetworkCase, checked_case, read_case
from cortex.params.arrays import instance
from cortex.params.description.overrides import lay_over
from cortex.params.description.states import ALONE, states_of
from cortex.params.description.study import SEED
from cortex.params.reading import gather
from cortex.steps.columns import transposed

HEAD = """\
# Network {name}, begun as a copy of the preset {like}. To its page: cortex run {name}.yaml
# Every key with unit, range and meaning: config/README.md of cortex.
seed: 1

"""


def load(path: Path | str, state: str | None = None, *, network: str | None = None) -> NetworkCase:
    """Return a network of a file at one of its states.

    Parameters
    ----------
    path : path
        A network file, or a configuration with `networks:`.
    state : str, optional
        The first one where none is given.
    network : str, optional
        Which one, where the file holds several.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     load(save(preset("brunel", "C"), f"{folder}/mine.yaml"))
    <brunel at state C: E (10,000), I (2,500); 15,625,000 synapses, 1 external inputs>

    Raises
    ------
    ConfigError
        There is no such file, or it does not hold one network of that name.
    ParameterError
        Keys are unknown, missing, implausible or contradict each other, as ``cortex run`` says.
    """
    instance("path", path, str, PathLike)
    config = read_config([Path(path)])
    found = config.get("networks") or {}
    if network is None and len(found) == 1:
        network = next(iter(found))
    if network is None or network not in found:
        there = ", ".join(found) or "none"
        msg = f"{path}: say which network: network=...; there are: {there}"
        raise ConfigError(msg)
    (seed,) = gather([("seed", partial(SEED.read, config.get("seed", 1)))])
    return _at(network, found[network], state, seed)


def preset(name: str, state: str | None = None) -> NetworkCase:
    """Return a network that cortex brings, with its published values, at one of its states.

    Examples
    --------
    >>> preset("lfp_demonstration")
    <lfp_demonstration at state default: E (800), I (200); 100,000 synapses, 1 external inputs>
    """
    return _at(name, read_preset(name), state)


def change(net: NetworkCase, keys: Mapping[str, Any]) -> NetworkCase:
    """Return a network with some keys changed, as a state of its file would change them.

    Parameters
    ----------
    net : NetworkCase
        The network; it stays as it is.
    keys : mapping
        Dotted keys of its file, units in the keys: ``{"projections.e_i.J_mV": 0.2}``.

    Examples
    --------
    >>> change(preset("brunel", "C"), {"simulation.duration_s": 2.0}).study.simulation.duration
    2.0

    Raises
    ------
    ParameterError
        A key leads nowhere, a value is implausible, or keys contradict each other.
    """
    instance("net", net, NetworkCase)
    instance("keys", keys, Mapping)
    study = {key: value for key, value in net.study.to_config().items() if value is not None}
    block = lay_over({**net.block, **study}, keys)  # defaults may change too
    block["states"] = {net.state: {}}  # the streams stay
    return _at(net.name, block, net.state, net.seed)


def presets() -> Result:
    """Return ``name``, ``title``, ``populations``, ``neurons``, ``states`` of the presets.

    Examples
    --------
    >>> "microcircuit" in presets()["name"]
    True
    """
    rows = []
    for name in preset_names():
        block = read_preset(name)
        states = states_of(block)
        net = read_case(name, block, states[0])
        rows.append(
            {
                "name": name,
                "title": str(block.get("title", name)),
                "populations": ", ".join(net.network.names),
                "neurons": int(net.network.sizes.sum()),
                "states": ", ".join(states),
            }
        )
    return Result("presets", transposed(rows))


def save(net: NetworkCase, path: Path | str, *, seed: int | None = None) -> Path:
    """Write a network at its state as a file that `load` and ``cortex run`` read.

    The same spikes come from it: name of the streams, state and seed are written.

    Parameters
    ----------
    net : NetworkCase
        The network.
    path : path
        The file; its folder exists.
    seed : int, optional
        Another seed of the study than that of the network.

    Raises
    ------
    ConfigError
        The file cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = save(preset("brunel", "C"), f"{folder}/mine.yaml")
    ...     path.read_text().splitlines()[0]
    'seed: 1'
    """
    instance("net", net, NetworkCase)
    instance("path", path, str, PathLike)
    path = Path(path)
    try:
        path.write_text(text_of(net, seed), encoding="utf-8")
    except OSError as error:
        msg = f"{path}: {error.strerror}; name a file in a folder that exists"
        raise ConfigError(msg) from None
    return path


def text_of(net: NetworkCase, seed: int | None = None) -> str:
    """Return a network at its state as a file; see `save`."""
    block = {**net.block, "stream": net.study.stream or net.name}
    if net.state != ALONE:  # its name is part of the streams
        block |= {"title": net.title, "states": {net.state: {}}}
    study = {"seed": net.seed if seed is None else seed, "networks": {net.name: block}}
    text: str = yaml.safe_dump(study, sort_keys=False, allow_unicode=True)
    return text


def write_new(name: str, like: str) -> Path:
    """Write ``name.yaml`` in the current folder: a preset with its comments, and a seed.

    Raises
    ------
    ConfigError
        There is no such preset, or the file exists.
    """
    path = Path(f"{name}.yaml")
    read_preset(like)  # refuses an unknown name
    text = (preset_folder() / f"{like}.yaml").read_text(encoding="utf-8")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(f"{HEAD.format(name=name, like=like)}{text}")
    except OSError as error:
        reason = "exists already" if path.exists() else error.strerror
        msg = f"{path}: {reason}; choose another name"
        raise ConfigError(msg) from None
    return path


def _at(name: str, block: Mapping[str, Any], state: str | None, seed: int = 1) -> NetworkCase:
    return checked_case(name, block, state or states_of(block)[0], seed)
