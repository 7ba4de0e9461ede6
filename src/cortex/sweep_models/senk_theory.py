"""Declare the theory of the ring of Senk et al. (2020) for sweeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cortex.errors import ConfigError
from cortex.params.base import Block
from cortex.params.description.states import block_at
from cortex.params.description.study import split
from cortex.params.senk import SenkParams
from cortex.params.spec import block, quantity
from cortex.params.stability import RingPatterns
from cortex.params.sweep import SweepParams
from cortex.sweep.model import Model, Observable


@dataclass(frozen=True, slots=True, kw_only=True)
class SenkPoint(Block):
    """The ring, the working point that external rates hold, and the search for waves.

    Ring and working point are those of the study, `stability.ring`; the defaults are the paper's.
    """

    ring: SenkParams = block(SenkParams, "the ring", SenkParams())
    mu: float = quantity("mV", -100.0, 100.0, "mean input held by the external rates", 10e-3)
    sigma: float = quantity("mV", 1e-3, 100.0, "its standard deviation", 10e-3)
    k_max: float = quantity("per_mm", 1.0, 1e4, "largest wave number searched", 40e3)


def _of_study(study: Mapping[str, Any], _: SweepParams) -> dict[str, Any]:
    """Return the ring that `stability.ring` names, and the input that it holds.

    Raises
    ------
    ConfigError
        The configuration lacks the section.
    """
    section = (study.get("stability") or {}).get("ring")
    if section is None:
        msg = "sweeps of model 'senk_theory' need the section stability.ring in the configuration"
        raise ConfigError(msg)
    part = RingPatterns.from_config(section)
    block = block_at(study["networks"][part.network], part.state)
    held = {"mu_mV": section["input_mean_mV"], "sigma_mV": section["input_noise_mV"]}
    return {"ring": split(block)[1], **held}


SENK_THEORY = Model(
    name="senk_theory",
    doc="ring of Senk et al. (2020): leading spatial mode of rate model and spiking model",
    block=SenkPoint,
    base=_of_study,
    evaluate="cortex.sweep_models.senk_theory_run:evaluate",
    observables={
        "nu": Observable(unit="Hz", doc="rate at the working point"),
        "rate_ext_exc": Observable(unit="Hz", doc="external excitatory rate of the working point"),
        "rate_ext_inh": Observable(
            unit="Hz", doc="external inhibitory rate; negative: not realizable"
        ),
        "tau_fit": Observable(unit="s", doc="time constant of the rate model"),
        "k": Observable(unit="per_mm", doc="wave number that grows fastest in the rate model"),
        "growth_rate_model": Observable(unit="per_s", doc="growth rate at k, rate model"),
        "frequency_rate_model": Observable(unit="Hz", doc="frequency at k, rate model"),
        "state_rate_model": Observable(
            unit="1", doc="uniform, bump, oscillation or wave, rate model", kind="text"
        ),
        "growth": Observable(
            unit="per_s",
            doc="growth rate at k, spiking model",
            undefined="decays faster",
        ),
        "frequency": Observable(
            unit="Hz", doc="frequency at k, spiking model", undefined="decays faster"
        ),
        "state": Observable(
            unit="1", doc="uniform, bump, oscillation or wave, spiking model", kind="text"
        ),
    },
    stochastic=False,
)
