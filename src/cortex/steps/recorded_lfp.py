"""The LFP that recorded spikes would make."""

from dataclasses import replace

import numpy as np

from cortex.networks.case import NetworkCase
from cortex.params.description.lfp import LfpParams
from cortex.params.recording import RecordingParams
from cortex.params.simulation import SimulationParams
from cortex.spikes import Spikes
from cortex.steps.columns import Tables
from cortex.steps.lfp import synthesise_lfp
from cortex.steps.recordings import RECORDED


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
    cut, unknown = params.excerpt, params.analysis.settle  # spikes before the start are unknown
    start = max(cut.start, min(unknown, 0.5 * spikes.duration))
    study = replace(
        case.study,
        lfp=case.study.lfp or LfpParams(targets=targets),
        analysis=params.analysis,
        excerpt=replace(cut, start=start, duration=min(cut.duration, spikes.duration - start)),
        simulation=SimulationParams(
            dt=spikes.dt, warm_up=0.0, duration=spikes.duration, precision="float64"
        ),
    )
    recorded = replace(network, sizes=np.asarray(spikes.sizes))
    return synthesise_lfp(replace(case, state=RECORDED, network=recorded, study=study), [spikes])
