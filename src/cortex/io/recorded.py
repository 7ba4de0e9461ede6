"""Recordings of a configuration: their files as spikes on a grid, under the names wanted."""

from collections.abc import Sequence
from pathlib import Path

from cortex.io.spikes import read_spikes
from cortex.params.recording import RecordingParams
from cortex.spikes import Spikes
from cortex.steps.recordings import arranged, check_length


def read_recorded(params: RecordingParams, order: Sequence[str] = ()) -> Spikes:
    """Return the spikes of a recording, on its grid.

    Parameters
    ----------
    params : RecordingParams
        File, how it is read, step of the grid; tables of cortex keep the grid that they have.
    order : sequence of str
        Populations of the network that it is held against.

    Raises
    ------
    TableError
        See `cortex.io.spikes.read_spikes`.
    ParameterError
        Names that the network does not have, a recording too short for its windows.
    """
    files = [Path(each) for each in params.file]
    spikes = read_spikes(files[0] if len(files) == 1 else files, **params.reading())
    spikes = spikes if spikes.has_grid else spikes.on_grid(params.dt)
    spikes = arranged(spikes, params.rename, order)
    check_length(spikes, params)
    return spikes
