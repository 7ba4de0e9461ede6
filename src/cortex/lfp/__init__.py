"""LFP synthesis: proxies, geometry, ground truth and predicted spectra."""

from cortex.lfp.kernels import SynapticKernel
from cortex.lfp.normalise import z_score
from cortex.lfp.population import SynapticCurrents, population_currents, population_rws

__all__ = [
    "SynapticCurrents",
    "SynapticKernel",
    "population_currents",
    "population_rws",
    "z_score",
]
