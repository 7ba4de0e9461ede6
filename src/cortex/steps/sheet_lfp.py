"""The LFP over a sheet: how alike contacts are, a shaft with its CSD, responses to one spike."""

from collections.abc import Sequence

import numpy as np

from cortex.analysis.sheets import of_pairs, over_distance, sheet_rate, sheet_spectrum
from cortex.errors import ParameterError
from cortex.lfp.sheet import DipoleMaps, current_source_density, dipole_maps
from cortex.networks.case import NetworkCase
from cortex.params.description.lfp import SheetElectrodes
from cortex.spikes import Spikes
from cortex.steps.columns import Columns, Tables, labelled, stacked
from cortex.steps.sheets import places_of

BEFORE, AFTER = 0.02, 0.06
"""s around a spike that a response is shown."""
FINER = 4
"""Bins of a response in one of the maps: it rises within one."""


def sheet_lfp(case: NetworkCase, runs: Sequence[Spikes]) -> Tables:
    """Return what contacts over the sheet of a case record.

    Parameters
    ----------
    case : NetworkCase
        A network on a periodic sheet with `lfp.electrodes`.
    runs : sequence of Spikes
        One per independent network.

    Returns
    -------
    dict
        ``distances`` of every run, the potentials beside pairs of neurons of the first target;
        ``shaft`` of the first run, where a shaft is asked for; ``responses``.

    Raises
    ------
    ParameterError
        The network lies on no periodic sheet.
    """
    lfp, bins, sheet = case.study.lfp, case.study.analysis, places_of(case)
    if lfp is None or lfp.electrodes is None or sheet is None:
        msg = f"network {case.name} needs a sheet and `lfp.electrodes` for an LFP over space"
        raise ParameterError(msg)
    dt, distances, tables = bins.rate_bin, [], {}
    for number, spikes in enumerate(runs):
        rates = np.stack(
            [
                sheet_rate(spikes.of(name), sheet, n_space=bins.n_space, width=dt)
                for name in case.network.names
            ]
        )
        maps = dipole_maps(rates, case.network, lfp, dt=dt)
        settled = maps.potential(lfp.electrodes.height)[round(bins.settle / dt) :]
        first = rates[case.network.names.index(lfp.targets[0])]
        cells, contacts = (
            sheet_spectrum(each, dt, sheet.extent, segment=bins.wave_segment)
            for each in (first, settled)
        )
        pairs = of_pairs(
            over_distance(cells), cells, spikes.of(lfp.targets[0]), dt, segment=bins.wave_segment
        )
        for kind, alike in (("lfp", over_distance(contacts)), ("spikes", pairs)):
            kept = alike.frequency <= bins.max_frequency
            f, r = np.meshgrid(alike.frequency[kept], alike.distance, indexing="ij")
            columns = {
                "frequency": f.ravel(),
                "distance": r.ravel(),
                "coherence": alike.coherence[kept].ravel(),
                "correlation": np.broadcast_to(alike.correlation, f.shape).ravel(),
            }
            distances.append(labelled(columns, state=case.state, seed=number, kind=kind))
        if number == 0 and lfp.electrodes.shaft:
            tables["shaft"] = labelled(_shaft(case, maps, lfp.electrodes), state=case.state)
    return tables | {"distances": stacked(distances), "responses": _responses(case, first.shape)}


def _shaft(case: NetworkCase, maps: DipoleMaps, electrodes: SheetElectrodes) -> Columns:
    """Return potential and CSD of the excerpt over the cell in the middle of the sheet."""
    cut, dt = case.study.excerpt, case.study.analysis.rate_bin
    first = round(cut.start / dt)
    shown = slice(first, first + round(cut.duration / dt))
    ny, nx = maps.currents.shape[2:]
    heights = np.array(electrodes.shaft)
    potential = np.stack([maps.potential(h)[shown, ny // 2, nx // 2] for h in heights], axis=1)
    csd = np.full_like(potential, np.nan)
    spacing = float(heights[1] - heights[0])
    csd[:, 1:-1] = current_source_density(potential, spacing, electrodes.conductivity)
    t, h = np.meshgrid((np.arange(len(potential)) + 0.5) * dt, heights, indexing="ij")
    return {
        "time": t.ravel(),
        "height": h.ravel(),
        "lfp": (potential - potential.mean(axis=0)).ravel(),
        "csd": (csd - csd.mean(axis=0)).ravel(),
    }


def _responses(case: NetworkCase, shape: tuple[int, ...]) -> Columns:
    """Return the potential that one spike of each population makes, over distance along x."""
    lfp, dt, network = case.study.lfp, case.study.analysis.rate_bin / FINER, case.network
    if lfp is None or lfp.electrodes is None or network.space is None:
        return {}
    ny, nx = shape[1:]
    before, parts = round(BEFORE / dt), []
    for i, name in enumerate(network.names):
        rates = np.zeros((network.n_pops, before + round(AFTER / dt), ny, nx))
        rates[i, before, 0, 0] = nx * ny / (float(network.sizes[i]) * dt)
        seen = dipole_maps(rates, network, lfp, dt=dt).potential(lfp.electrodes.height)
        along = seen[:, 0, : nx // 2 + 1]
        time = (np.arange(len(along)) - before) * dt
        t, r = np.meshgrid(
            time, np.arange(nx // 2 + 1) * network.space.extent[0] / nx, indexing="ij"
        )
        columns = {"time": t.ravel(), "distance": r.ravel(), "lfp": along.ravel()}
        parts.append(labelled(columns, state=case.state, population=name))
    return stacked(parts)
