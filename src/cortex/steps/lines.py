"""Folds and onsets of oscillations in the plane of any two keys of a network."""

from collections.abc import Mapping
from typing import Any

from cortex.errors import ParameterError
from cortex.meanfield.stability.bifurcations import Window
from cortex.meanfield.stability.plane import plane_lines
from cortex.networks.case import case_of
from cortex.params.description.overrides import lay_over
from cortex.params.description.study import NetworkStudy, split
from cortex.params.network import PopulationNetwork
from cortex.steps.columns import Columns, labelled, stacked


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
