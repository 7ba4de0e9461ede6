"""Simulate a network, derive its mean currents, judge every placement of synapses."""

from typing import Any

import numpy as np

from cortex.lfp.judgement import judge_placement
from cortex.lfp.wiring import wired_currents
from cortex.networks.case import case_of
from cortex.params.lfp import SYNAPSES
from cortex.spiking.draws import draw_source_lists
from cortex.spiking.simulation import simulate
from cortex.steps.columns import labelled, stacked
from cortex.sweep_models.lfp_proxies import ProxyPoint


def evaluate(params: ProxyPoint, seed: int) -> dict[str, Any]:
    """Return rate, correlation of the currents, explained variance of each proxy."""
    case, judged = case_of("network", params.network.to_config()), params.ground_truth
    network, settings = case.network, case.study.simulation
    synapses = SYNAPSES if case.study.lfp is None else case.study.lfp.synapses
    wiring = draw_source_lists(network, seed=seed, dt=settings.dt, rule=case.rule)
    spikes = simulate(network, settings, seed=seed, wiring=wiring).spikes
    currents = wired_currents(wiring, network, spikes, synapses)
    late = currents.time > judged.discard
    parts = []
    for variant, cell in judged.variants.items():
        nu_ext = float(network.drive.rate[0].sum())
        found = judge_placement(cell, currents, judged, nu_ext=nu_ext).r_squared
        proxy = np.array(list(found), dtype=object)
        medians = np.array([np.median(values) for values in found.values()])
        parts.append(labelled({"proxy": proxy, "r_squared": medians}, variant=variant))
    return {
        "nu": len(spikes.steps) / (spikes.sizes.sum() * spikes.duration),
        "correlation": float(np.corrcoef(currents.ampa[late], currents.gaba[late])[0, 1]),
        "proxies": stacked(parts),
    }
