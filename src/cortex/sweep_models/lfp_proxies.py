"""Declare proxies of the LFP against the cable ground truth, for sweeps over any network."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from cortex.errors import ConfigError
from cortex.params.lfp_study import GroundTruthParams
from cortex.params.sweep import SweepParams
from cortex.sweep.keys import Specs, leaves
from cortex.sweep.model import ArrayObservable, Model, Observable
from cortex.sweep_models.network import NetworkPoint, read_by, specs_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyPoint:
    """A network with an `lfp:` block, and the cells on which its currents are judged."""

    network: NetworkPoint
    ground_truth: GroundTruthParams

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Return both parts of config keys."""
        return cls(
            network=NetworkPoint.from_config(config["network"]),
            ground_truth=GroundTruthParams.from_config(config["ground_truth"]),
        )

    def to_config(self) -> dict[str, Any]:
        """Return every key that changes a number."""
        return {
            "network": self.network.to_config(),
            "ground_truth": self.ground_truth.to_config(),
        }


def proxies_of(study: Mapping[str, Any], sweep: SweepParams) -> dict[str, Any]:
    """Return the network of a sweep and the ground truth of the study.

    Raises
    ------
    ConfigError
        The study lacks the ground truth, or the network currents that make an LFP.
    """
    network = read_by(NetworkPoint, study, sweep)
    if "lfp" not in study or network.get("lfp") is None:
        msg = "needs the section lfp in the configuration, and a network with an `lfp:` block"
        raise ConfigError(msg)
    return {"network": network, "ground_truth": study["lfp"]["ground_truth"]}


def keys_of(config: Mapping[str, Any] | None) -> Specs:
    """Return every parameter by its dotted path; none before there is a network."""
    if config is None:
        return {}
    own = specs_of(NetworkPoint, config["network"])
    judged = leaves(GroundTruthParams, config["ground_truth"], "ground_truth.")
    return {**{f"network.{path}": spec for path, spec in own.items()}, **judged}


LFP_PROXIES = Model(
    name="lfp_proxies",
    doc="LFP proxies of a network with one delay against a cable model of its excitatory cells",
    block=ProxyPoint,
    base=proxies_of,
    specs=keys_of,
    evaluate="cortex.sweep_models.lfp_proxies_run:evaluate",
    observables={
        "nu": Observable(unit="Hz", doc="mean rate of all neurons"),
        "correlation": Observable(
            unit="1",
            doc="correlation of the mean AMPA and GABA current",
            undefined="a current is constant",
        ),
    },
    arrays={
        "proxies": ArrayObservable(
            doc="explained variance of the cable LFP by placement of the synapses",
            columns={
                "variant": Observable(unit="1", doc="placement", kind="text"),
                "proxy": Observable(unit="1", doc="WS is the fitted weighted sum", kind="text"),
                "r_squared": Observable(
                    unit="1", doc="explained variance, median over depths", undefined="no signal"
                ),
            },
        )
    },
)
