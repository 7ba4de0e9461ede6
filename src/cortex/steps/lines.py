"""Folds and onsets of oscillations in the plane of any two keys of a network."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cortex.errors import ParameterError
from cortex.meanfield.stability.bifurcations import Window
from cortex.meanfield.stability.plane import plane_lines
from cortex.networks.case import case_of
from cortex.params.description.overrides import lay_over
from cortex.params.description.study import NetworkStudy, split
from cortex.params.network import PopulationNetwork
from cortex.steps.columns import Columns, labelled, stacked
from cortex.steps.select import Table, groups


def follow_lines(name: str, block: Mapping[str, Any]) -> Columns:
    """Return the lines of the window that `lines:` of a network names.

    Parameters
    ----------
    name : str
        The network.
    block : mapping
        Its keys; states play no part.

    Returns
    -------
    columns
        ``line``, ``kind``, ``x``, ``y`` (in the units of their keys), ``nu`` (Hz, of the first
        population) and ``frequency`` (Hz), as `cortex.io.schemas.network.LINES` says.

    Raises
    ------
    ParameterError
        The network has no `lines:` block, or a key leads nowhere.
    """
    plain = {key: value for key, value in block.items() if key != "states"}
    study = NetworkStudy.from_config(split(plain)[0])
    if study.lines is None:
        msg = f"network {name} has no `lines:` block; name two keys and their limits"
        raise ParameterError(msg)
    x, y, sought = study.lines.x, study.lines.y, study.lines

    def family(first: float, second: float) -> PopulationNetwork:
        keys = {x.key: float(first), y.key: float(second)}
        return case_of(name, lay_over(plain, keys)).network

    lines = plane_lines(
        family,
        Window(first=(x.low, x.high), second=(y.low, y.high), max_frequency=sought.max_frequency),
        inside=(x.inside, y.inside),
        max_step=sought.max_step,
    )
    return stacked(
        labelled(
            {
                "x": line.parameters[:, 0],
                "y": line.parameters[:, 1],
                "nu": line.nu[:, 0],
                "frequency": line.frequency,
            },
            line=number,
            kind=line.kind,
        )
        for number, line in enumerate(lines)
    )


def nearest_line(lines: Table, at: tuple[float, float], along: str) -> tuple[str, float, float]:
    """Return kind, place and frequency of the line that a change of one key meets first.

    Parameters
    ----------
    lines : table `network_lines`
        As `follow_lines` returns it.
    at : (float, float)
        Where the network is, in the units of the keys.
    along : {"x", "y"}
        The key that changes, down or up.

    Returns
    -------
    kind, place, frequency
        Between two points of a line, linearly; an empty kind and nan where no line is met.

    Examples
    --------
    >>> rising = {"line": np.zeros(2, int), "kind": np.array(["hopf"] * 2, object),
    ...           "x": np.array([0.0, 4.0]), "y": np.array([0.0, 2.0]),
    ...           "frequency": np.array([10.0, 30.0])}
    >>> nearest_line(rising, (1.0, 1.0), "x")
    ('hopf', 2.0, 20.0)
    >>> nearest_line(rising, (5.0, 5.0), "x")
    ('', nan, nan)
    """
    across = "y" if along == "x" else "x"
    here, fixed = at if along == "x" else at[::-1]
    met = [("", np.nan, np.nan)]
    for _, line in groups(lines, "line"):
        off = line[across] - fixed
        for i in np.flatnonzero((off[:-1] * off[1:] <= 0.0) & (off[:-1] != off[1:])):
            share = off[i] / (off[i] - off[i + 1])
            place, frequency = (
                float(line[name][i] + share * (line[name][i + 1] - line[name][i]))
                for name in (along, "frequency")
            )
            met.append((str(line["kind"][i]), place, frequency))
    return min(met, key=lambda each: abs(each[1] - here) if each[0] else np.inf)
