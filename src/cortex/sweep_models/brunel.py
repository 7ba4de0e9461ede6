"""Declare the Brunel network for sweeps: simulated with its LFP, and predicted."""

from dataclasses import dataclass

from cortex.errors import ParameterError
from cortex.params.base import Block
from cortex.params.brunel import BrunelParams
from cortex.params.lfp import SynapseParams, WeightedSumParams
from cortex.params.observation import ObservationParams
from cortex.params.simulation import SimulationParams
from cortex.params.spec import block
from cortex.sweep.model import Model, Observable

SILENT = "too few spikes"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrunelRun(Block):
    """One simulated network, how it is observed, and the LFP made from its spikes."""

    network: BrunelParams = block(BrunelParams, "the network")
    simulation: SimulationParams = block(SimulationParams, "grid and length")
    analysis: ObservationParams = block(ObservationParams, "bins and windows")
    synapses: SynapseParams = block(SynapseParams, "time course of the currents")
    lfp: WeightedSumParams = block(WeightedSumParams, "weighted sum of the currents")

    def check(self) -> None:
        """Refuse a recording that is too short for one segment of the spectra."""
        needed = self.analysis.settle + self.analysis.segment
        if needed > self.simulation.duration:
            msg = (
                f"BrunelRun: duration_s = {self.simulation.duration:g} is too short for one segment"
                f" of a spectrum after settling, {needed:g} s; record longer or lower segment_ms"
            )
            raise ParameterError(msg)


BRUNEL = Model(
    name="brunel",
    doc="Brunel (2000) network, simulated with a new wiring per seed, its LFP, theory beside it",
    block=BrunelRun,
    base={
        "network": "brunel.model",
        "simulation": "networks.brunel.simulation",
        "analysis": "networks.brunel.analysis",
        "synapses": "networks.brunel.lfp.synapses",
        "lfp": "networks.brunel.lfp.weighting",
    },
    evaluate="cortex.sweep_models.brunel_run:evaluate",
    observables={
        "nu": Observable(unit="Hz", doc="mean rate of all neurons"),
        "nu_theory": Observable(unit="Hz", doc="its mean-field prediction", predicts="nu"),
        "cv": Observable(unit="1", doc="mean CV of inter-spike intervals", undefined=SILENT),
        "cv_theory": Observable(unit="1", doc="its prediction", undefined=SILENT, predicts="cv"),
        "correlation": Observable(
            unit="1", doc="mean pairwise count correlation", undefined=SILENT
        ),
        "rate_std_ratio": Observable(
            unit="1", doc="standard deviation over mean of the binned rate", undefined=SILENT
        ),
        "peak_frequency": Observable(unit="Hz", doc="peak of the spectrum of the rate"),
        "regime": Observable(unit="1", doc="SR, AR, AI, SI fast, SI slow or silent", kind="text"),
        "lfp_mean": Observable(unit="A", doc="mean LFP proxy per neuron"),
        "lfp_sd": Observable(unit="A", doc="standard deviation of the LFP proxy per neuron"),
        "lfp_peak_frequency": Observable(unit="Hz", doc="peak of the spectrum of the LFP proxy"),
    },
)

BRUNEL_THEORY = Model(
    name="brunel_theory",
    doc="Brunel (2000) network, mean-field rate, irregularity, stability and regime",
    block=BrunelParams,
    base="brunel.model",
    evaluate="cortex.sweep_models.brunel_theory_run:evaluate",
    observables={
        "nu": Observable(unit="Hz", doc="self-consistent rate"),
        "mu": Observable(unit="V", doc="mean input"),
        "sigma": Observable(unit="V", doc="standard deviation of the input"),
        "cv": Observable(unit="1", doc="CV of inter-spike intervals", undefined="silent"),
        "growth": Observable(
            unit="per_s", doc="growth rate of the leading mode", undefined="all decay faster"
        ),
        "frequency": Observable(
            unit="Hz", doc="frequency of the leading mode", undefined="all decay faster"
        ),
        "regime": Observable(unit="1", doc="SR, AI, SI fast, SI slow or silent", kind="text"),
    },
    stochastic=False,
)
