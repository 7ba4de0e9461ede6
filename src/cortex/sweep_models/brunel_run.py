"""Simulate a Brunel network, observe its spikes and its LFP, lay the theory beside it."""

import numpy as np

from cortex.analysis.population import (
    count_correlation,
    network_rate,
    rate_spectrum,
    rate_variation,
)
from cortex.analysis.regimes import label_regime
from cortex.analysis.trains import interval_cv
from cortex.lfp.population import population_rws
from cortex.meanfield.stationary.cv import population_cv
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.spikes import Spikes
from cortex.spiking.simulation import simulate
from cortex.sweep.model import Value
from cortex.sweep_models.brunel import BrunelRun


def evaluate(params: BrunelRun, seed: int) -> dict[str, Value]:
    """Return rate, irregularity, synchrony and LFP of one network, and their predictions."""
    network = params.network.network()
    point = solve_working_point(network)
    spikes = simulate(network, params.simulation, seed=seed).spikes
    return {
        **_spike_observables(params, spikes),
        **_lfp_observables(params, spikes),
        "nu_theory": float(point.nu[0]),
        "cv_theory": float(population_cv(network, point)[0]),
    }


def _spike_observables(params: BrunelRun, spikes: Spikes) -> dict[str, Value]:
    bins = params.analysis
    cv = interval_cv(spikes)
    nu = len(spikes.steps) / (spikes.sizes.sum() * spikes.duration)
    rate = network_rate(spikes, bins.rate_bin)
    spectrum = rate_spectrum(rate, bins.rate_bin, segment=bins.segment)
    return {
        "nu": float(nu),
        "cv": float(np.nanmean(cv)) if np.isfinite(cv).any() else float("nan"),
        "correlation": count_correlation(spikes, bins.correlation_bin),
        "rate_std_ratio": rate_variation(spikes, bins.rate_bin) if nu > 0.0 else float("nan"),
        "peak_frequency": spectrum.peak(),
        "regime": label_regime(spikes),
    }


def _lfp_observables(params: BrunelRun, spikes: Spikes) -> dict[str, Value]:
    lfp = population_rws(
        spikes,
        params.network.network(),
        targets=("E",),
        synapses=params.synapses,
        weighting=params.lfp,
    )
    settled = lfp[round(params.analysis.settle / spikes.dt) :]
    spectrum = rate_spectrum(settled, spikes.dt, segment=params.analysis.segment)
    return {
        "lfp_mean": float(settled.mean()),
        "lfp_sd": float(settled.std()),
        "lfp_peak_frequency": spectrum.peak(),
    }
