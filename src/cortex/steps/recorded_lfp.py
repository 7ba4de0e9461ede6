"""The LFP that recorded spikes would make: by the weights of a network, or by unitary kernels."""

from dataclasses import replace
from typing import Final

import numpy as np

from cortex.analysis.excerpts import trace_excerpt
from cortex.analysis.population import rate_spectrum
from cortex.lfp.geometry import Sources
from cortex.lfp.telenczuk import unitary_lfp
from cortex.networks.case import NetworkCase
from cortex.params.description.lfp import LfpParams
from cortex.params.description.settings import ExcerptParams
from cortex.params.recording import RecordingParams
from cortex.params.simulation import SimulationParams
from cortex.spikes import Spikes
from cortex.steps.columns import Tables, labelled
from cortex.steps.lfp import synthesise_lfp
from cortex.steps.recordings import RECORDED, view_of

RADIUS: Final = 0.2e-3
"""m; of the disc on which neurons without places lie, the decay length of a unitary LFP."""
CONTACT: Final = "one contact"
GOLDEN_ANGLE: Final = np.pi * (3.0 - np.sqrt(5.0))


def weighted_lfp(case: NetworkCase, spikes: Spikes, params: RecordingParams) -> Tables:
    """Return the LFP of recorded spikes by the weights of a network.

    The recorded neurons stand for all of their populations: rates, not numbers of spikes, enter.

    Parameters
    ----------
    case : NetworkCase
        The network; its `lfp:` block, or by default the currents onto all populations that excite.
    spikes : Spikes
        On a grid, the populations of the network in its order.
    params : RecordingParams
        Bins, windows and excerpt.

    Returns
    -------
    dict
        As from `synthesise_lfp`; no tables where populations of the network are not recorded.
    """
    network = case.network
    if spikes.names != network.names:
        return {}
    exciting = np.any(network.synapses.J > 0.0, axis=0)
    targets = tuple(n for n, is_exc in zip(network.names, exciting, strict=True) if is_exc)
    study = replace(
        case.study,
        lfp=case.study.lfp or LfpParams(targets=targets),
        analysis=params.analysis,
        excerpt=_settled(params, spikes),
        simulation=SimulationParams(
            dt=spikes.dt, warm_up=0.0, duration=spikes.duration, precision="float64"
        ),
    )
    recorded = replace(network, sizes=np.asarray(spikes.sizes))
    return synthesise_lfp(replace(case, state=RECORDED, network=recorded, study=study), [spikes])


def kernel_lfp(spikes: Spikes, params: RecordingParams) -> Tables:
    """Return the LFP of recorded spikes by the unitary kernels of neurons in human cortex.

    Parameters
    ----------
    spikes : Spikes
        On a grid; their `positions` count where they have two or three dimensions.
    params : RecordingParams
        Bins, windows and excerpt.

    Returns
    -------
    dict
        ``traces`` (V, of the excerpt) and ``spectra`` (V^2/Hz), of one contact in the middle of
        the neurons, as `cortex.io.schemas.recordings.UNITARY` says.

    Notes
    -----
    Each spike adds a Gaussian that travels and decays (Telenczuk et al. 2020, J. Neurosci. Methods
    344:108871; see `cortex.lfp.telenczuk`). Neurons without places lie evenly on a disc of 0.2 mm
    around the contact: the level is that of so many neurons there, not that of the tissue.
    """
    bins, cut = params.analysis, _settled(params, spikes)
    view = view_of(spikes, params)
    n_bins = int(spikes.duration / bins.rate_bin + 1e-6)
    at = spikes.start + (np.arange(n_bins, dtype=np.float64) + 0.5) * bins.rate_bin
    kinds = np.repeat(np.isin(spikes.names, view.exciting), spikes.sizes)
    trace = unitary_lfp(np.zeros((1, 3)), _cells(spikes), kinds, spikes, at=at)[:, 0]
    window = {"start": cut.start, "duration": cut.duration, "width": bins.rate_bin}
    shown = trace_excerpt(trace, bins.rate_bin, **window)
    power = rate_spectrum(
        trace[round(bins.settle / bins.rate_bin) :], bins.rate_bin, segment=bins.segment
    )
    kept = (power.frequency > 0.0) & (power.frequency <= bins.max_frequency)
    spectrum = {"frequency": power.frequency[kept], "power": power.density[kept]}
    return {
        "traces": labelled(
            {"time": shown["time"], "lfp": shown["trace"]}, state=RECORDED, signal=CONTACT
        ),
        "spectra": labelled(spectrum, state=RECORDED, seed=0, contact=CONTACT),
    }


def _settled(params: RecordingParams, spikes: Spikes) -> ExcerptParams:
    """Return the excerpt of an LFP, behind a start that lacks the spikes before the recording."""
    cut = params.excerpt
    start = max(cut.start, min(params.analysis.settle, 0.5 * spikes.duration))
    return replace(cut, start=start, duration=min(cut.duration, spikes.duration - start))


def _cells(spikes: Spikes) -> Sources:
    """Return neurons with upright dendrites around the origin, where they are or on a disc."""
    places = np.zeros((spikes.n_neurons, 3))
    known = spikes.positions
    if known is not None and known.shape[1] > 1:
        places[:, : known.shape[1]] = known - known.mean(axis=0)
    else:
        for first, size in zip(spikes.first, spikes.sizes, strict=False):
            i = np.arange(size)
            r, angle = RADIUS * np.sqrt((i + 0.5) / size), GOLDEN_ANGLE * i
            places[first : first + size, :2] = np.column_stack(
                [r * np.cos(angle), r * np.sin(angle)]
            )
    upright = np.tile([0.0, 0.0, 1.0], (spikes.n_neurons, 1))
    return Sources(centre=places, orientation=upright, length=np.zeros(spikes.n_neurons))
