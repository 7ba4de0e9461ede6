"""Recordings of a configuration: their files as spikes on a grid, under the names wanted."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from cortex.errors import ParameterError, TableError
from cortex.io.fields import read_field
from cortex.io.recording import Signal
from cortex.io.spikes import read_spikes
from cortex.networks.case import NetworkCase
from cortex.params.field_file import FieldFile
from cortex.params.recording import RecordingParams
from cortex.params.spike_file import RecordedSource, SpikeFile
from cortex.spikes import Spikes
from cortex.steps.recorded_field import overlap
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
    spikes = _read(params)
    spikes = spikes if spikes.has_grid else spikes.on_grid(params.dt)
    spikes = arranged(spikes, params.rename, order)
    check_length(spikes, params)
    return spikes


def read_recorded_field(params: FieldFile, spikes: Spikes) -> Signal:
    """Return a field recorded beside spikes.

    Raises
    ------
    TableError
        See `cortex.io.fields.read_field`; or currents, which no electrode records.
    ParameterError
        Too little time in common with the spikes, or no band that the samples hold.
    """
    field = read_field(params.file, **params.reading())
    if field.unit != "V":
        msg = f"{params.file}: {field.name} is in A; a field beside spikes is a potential, in V"
        raise TableError(msg)
    try:
        overlap(spikes, len(field.values), params, step=field.step, start=field.start)
    except ParameterError as error:
        msg = f"{params.file}: {error}"
        raise ParameterError(msg) from None
    return field


def spikes_of(case: NetworkCase) -> dict[str, Spikes]:
    """Return the spikes of each recording that drives a network, on the grid of its simulation.

    Raises
    ------
    TableError
        See `cortex.io.spikes.read_spikes`; or the file is not the one that theory took the rate
        of.
    """
    found: dict[str, Spikes] = {}
    for name, each in case.recorded.values():
        source = each.recording
        if source is None or name in found:
            continue
        if source.digest != digest_of_files(source):
            msg = (
                f"{' + '.join(source.file)}: not the spikes that drive.{name} was read with; load "
                "the network again"
            )
            raise TableError(msg)
        found[name] = _read(source).on_grid(case.study.simulation.dt)
    return found


def filled_in(source: RecordedSource) -> dict[str, float | str]:
    """Return the config keys of a recorded source that its file says: mean rate and digest.

    Raises
    ------
    TableError
        See `cortex.io.spikes.read_spikes`.
    ParameterError
        A recording without neurons or duration has no rate.
    """
    spikes = _read(source)
    if not spikes.n_neurons or not spikes.duration > 0.0:
        msg = f"{' + '.join(source.file)}: no neuron or no time recorded; give populations, stop_s"
        raise ParameterError(msg)
    rate = len(spikes) / spikes.n_neurons / spikes.duration
    return {"mean_rate_Hz": rate, "digest": digest_of_files(source)}


def digest_of_files(source: SpikeFile) -> str:
    """Return the SHA-256 of the bytes of all files of a recording."""
    digest = sha256()
    for each in source.file:
        try:
            with Path(each).open("rb") as file:
                while piece := file.read(1 << 20):
                    digest.update(piece)
        except OSError as error:
            msg = f"{each}: {error.strerror or error}"
            raise TableError(msg) from None
    return digest.hexdigest()


def _read(params: SpikeFile) -> Spikes:
    files = [Path(each) for each in params.file]
    return read_spikes(files[0] if len(files) == 1 else files, **params.reading())
