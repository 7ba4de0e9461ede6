"""Network files from and to other tools, by the ending of the file."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from cortex.errors import ConfigError, TableError
from cortex.io.exchange.nnmt import from_nnmt, to_nnmt
from cortex.io.exchange.scripts import write_nest_script, write_pynn_script
from cortex.io.exchange.sonata_in import from_circuit
from cortex.io.exchange.sonata_out import write_circuit
from cortex.networks.case import NetworkCase, read_case

WRITTEN: Final = {
    ".nest.py": "script of NEST, with its connections beside it",
    ".pynn.py": "script of PyNN, with its connections beside it",
    ".nnmt.yaml": "parameters of NNMT",
    ".sonata.json": "circuit of SONATA, its files beside it",
}
READ: Final = {
    ".json": "circuit of SONATA",
    ".yaml": "parameters of NNMT",
    ".yml": "parameters of NNMT",
}
NOT_READ: Final = {
    ".nestml": "NESTML describes models of neurons, no networks",
    ".nml": "NeuroML holds single cells and their instances; cortex reads populations",
}


def kind_of(path: Path, known: Mapping[str, str]) -> str:
    """Return the ending of a file among known ones; refuse others with the list of all.

    Raises
    ------
    TableError
        The ending is none of them.
    """
    for ending in known:
        if path.name.endswith(ending):
            return ending
    for ending, reason in NOT_READ.items():
        if path.name.endswith(ending):
            msg = f"{path}: {reason}"
            raise TableError(msg)
    listed = ", ".join(f"{ending} ({what})" for ending, what in known.items())
    msg = f"{path}: unknown kind; known: {listed}"
    raise TableError(msg)


def export_network(
    case: NetworkCase, destination: Path, *, seed: int, replace: bool = False
) -> list[str]:
    """Write a network for another tool, by the ending of the file; return what it leaves out.

    Parameters
    ----------
    case : NetworkCase
        The network at its state.
    destination : path
        ``.nest.py``, ``.pynn.py``, ``.nnmt.yaml`` or ``.sonata.json``.
    seed : int
        Seed of the study; scripts hold the first of its networks.
    replace : bool
        Whether a file that is there may go.

    Raises
    ------
    TableError
        Another ending, or a file is there.
    CortexError
        The other tool cannot hold this network; the message says what.
    """
    kind = kind_of(destination, WRITTEN)
    if destination.exists() and not replace:
        msg = f"{destination}: exists already; choose another name, or say that it may be replaced"
        raise TableError(msg)
    writers: dict[str, Callable[[NetworkCase, Path, int], list[str]]] = {
        ".nest.py": write_nest_script,
        ".pynn.py": write_pynn_script,
        ".nnmt.yaml": _write_nnmt,
        ".sonata.json": write_circuit,
    }
    return writers[kind](case, destination, seed)


def _write_nnmt(case: NetworkCase, destination: Path, _: int) -> list[str]:
    content, left_out = to_nnmt(case)
    text = yaml.safe_dump(content, sort_keys=False, default_flow_style=None, allow_unicode=True)
    destination.write_text(text, encoding="utf-8")
    return left_out


def import_network(
    source: Path, content: Mapping[str, Any], destination: Path
) -> tuple[NetworkCase, list[str]]:
    """Write the parameters of another tool as a network file; return it and what was not read.

    Parameters
    ----------
    source : path
        Where the parameters stand, for messages.
    content : mapping
        The parameters: those of NNMT, or of a circuit of SONATA.
    destination : path
        The network file; it must not exist.

    Raises
    ------
    TableError
        Parameters are missing or do not fit each other.
    ParameterError
        Their values are implausible.
    ConfigError
        The file exists.
    """
    if "networks" in content:
        block, notes = from_circuit(content, source)
    else:
        block, notes = from_nnmt(content, str(source))
    case = read_case(destination.stem, block, "default")
    said = "".join(f"# {note}\n" for note in notes)
    head = f"# Network {destination.stem}, read from {source.name}.\n{said}"
    text = yaml.safe_dump({"seed": 1, **block}, sort_keys=False, allow_unicode=True)
    try:
        with destination.open("x", encoding="utf-8") as file:
            file.write(f"{head}{text}")
    except OSError as error:
        reason = "exists already" if destination.exists() else error.strerror
        msg = f"{destination}: {reason}; choose another name"
        raise ConfigError(msg) from None
    return case, notes
