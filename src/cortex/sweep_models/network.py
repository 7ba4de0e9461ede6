"""Declare any network for sweeps: simulated with theory beside it, and theory alone."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar, Final, Self

from cortex.errors import ConfigError
from cortex.params.description.states import WAY_BACK, block_at, states_of
from cortex.params.description.study import MODELS, DescribedNetwork, NetworkStudy
from cortex.params.sweep import SweepParams
from cortex.sweep.keys import Specs, leaves
from cortex.sweep.model import ArrayObservable, Model, Observable, guess

SILENT = "too few spikes"
REFUSED = "theory does not reach it"
NO_LFP = "no lfp block"
NOTHING = "none"
NO_POPULATIONS: Final = "no populations of finite size: `theory.finite_s`"
ONE_MODE: Final = {"modes": 1, "refine": 1}
"""What sweeps need of theory: the leading mode, and spectra where they are measured."""
FINITE: Final = "finite_s"
"""Key of the theory that costs more than a point does: a sweep asks for it, no network file."""


class NetworkPoint(DescribedNetwork):
    """One network at one point of a sweep; its keys are those of a network file at one state."""

    unread: ClassVar = frozenset({"states", "title", "seeds", "stream", "lines", *WAY_BACK})

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Return the network described by config keys; refuse windows that do not fit it."""
        point = super().from_config(config)
        point.check()
        return point

    def to_config(self) -> dict[str, Any]:
        """Return every key that changes a number, defaults among them."""
        whole = self.study.to_config() | self.model.to_config()
        whole["theory"] = {k: v for k, v in whole["theory"].items() if k != FINITE or v > 0.0}
        return {key: value for key, value in whole.items() if key not in self.unread}


class TheoryPoint(NetworkPoint):
    """The same where nothing is simulated."""

    unread: ClassVar = NetworkPoint.unread | {"simulation", "excerpt"}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Return the network described by config keys."""
        return super().from_config({"seeds": 0, **config})


def network_of(study: Mapping[str, Any], sweep: SweepParams) -> dict[str, Any]:
    """Return the keys of the network, at the state, that a sweep names; of the only one else.

    Raises
    ------
    ConfigError
        The study has no such network, or the network no such state.
    """
    networks = study.get("networks") or {}
    name = next(iter(networks)) if len(networks) == 1 and not sweep.network else sweep.network
    if name not in networks:
        msg = f"network = {name!r}: {guess('network', name, list(networks))}"
        raise ConfigError(msg)
    block = networks[name]
    states = list(states_of(block))
    state = sweep.state or (states[0] if len(states) == 1 else "")
    if state not in states:
        msg = f"state = {sweep.state!r}: network {name} has {', '.join(states)}; name one"
        raise ConfigError(msg)
    found = block_at(block, state)
    return {**found, "theory": {**(found.get("theory") or {}), **ONE_MODE, FINITE: 0.0}}


def read_by(
    point: type[NetworkPoint], study: Mapping[str, Any], sweep: SweepParams
) -> dict[str, Any]:
    """Return the keys of the network of a sweep that points of a kind read."""
    found = network_of(study, sweep)
    return {key: value for key, value in found.items() if key not in point.unread}


def specs_of(point: type[NetworkPoint], config: Mapping[str, Any] | None) -> Specs:
    """Return every parameter of a network by its dotted path; none before there is one."""
    if config is None:
        return {}
    left_out = {*point.unread, "model", *(f"theory.{key}" for key in ONE_MODE)}
    left_out |= {f"theory.{FINITE}"} if "simulation" in point.unread else set()
    left_out |= {"lfp"} if config.get("lfp") is None else set()
    kind = MODELS[config.get("model", "populations")]
    found = leaves(NetworkStudy, config) | leaves(kind, config)
    return {
        path: spec
        for path, spec in found.items()
        if left_out.isdisjoint({path, path.partition(".")[0]})
    }


FREQUENCY: Final = {"frequency": Observable(unit="Hz", doc="frequency")}
LFP_POWER: Final = Observable(unit="pA2_per_Hz", doc="one-sided spectrum of the LFP")
POWER: Final = Observable(unit="Hz2_per_Hz", doc="one-sided spectrum of the rate of all neurons")
POPULATION: Final = {"population": Observable(unit="1", doc="population", kind="text")}
SIGNAL: Final = {"signal": Observable(unit="1", doc="populations that make it", kind="text")}
GROWS: Final = "a mode grows, or theory does not reach it"


def predicted(of: Observable, name: str, undefined: str = REFUSED) -> Observable:
    """Return the observable that predicts another one."""
    doc = f"prediction: {of.doc}"
    return Observable(unit=of.unit, doc=doc, kind=of.kind, undefined=undefined, predicts=name)


MODE: Final = {
    "growth": Observable(
        unit="per_s", doc="growth rate of the leading mode", undefined=REFUSED, predicts="growth"
    ),
    "frequency": Observable(
        unit="Hz", doc="frequency of the leading mode", undefined=REFUSED, predicts="frequency"
    ),
}
VERDICT: Final = {
    "unmet": Observable(unit="1", doc="conditions of the theory that do not hold", kind="text"),
    "other_states": Observable(
        unit="1", doc="other states of stable rates that the network has", undefined=REFUSED
    ),
}
NU_SD: Final = Observable(unit="Hz", doc="SD of the rates over neurons, counting included")
NU: Final = Observable(unit="Hz", doc="mean rate of all neurons")
CV: Final = Observable(unit="1", doc="mean CV of inter-spike intervals", undefined=SILENT)
REGIME: Final = Observable(unit="1", doc="regime after Brunel (2000), or silent", kind="text")

NETWORK = Model(
    name="network",
    doc="any network, at the state that the sweep names: spikes and LFP, theory beside them; "
    "its parameters are the dotted keys of the network",
    block=NetworkPoint,
    base=partial(read_by, NetworkPoint),
    specs=partial(specs_of, NetworkPoint),
    evaluate="cortex.sweep_models.network_run:evaluate",
    observables={
        "nu": NU,
        "nu_theory": predicted(NU, "nu"),
        "cv": CV,
        "cv_theory": predicted(CV, "cv"),
        "nu_sd": NU_SD,
        "nu_sd_theory": predicted(NU_SD, "nu_sd"),
        "spread_distance": Observable(
            unit="1",
            doc="largest difference of the cumulated shares of neurons, theory and simulation",
            undefined=REFUSED,
        ),
        "correlation": Observable(
            unit="1", doc="mean pairwise count correlation", undefined=SILENT
        ),
        "rate_std_ratio": Observable(
            unit="1", doc="SD over mean of the binned rate", undefined=SILENT
        ),
        "synchrony": Observable(
            unit="1",
            doc="SD over mean of the binned rate beyond independent neurons",
            undefined=SILENT,
        ),
        "peak_frequency": Observable(unit="Hz", doc="peak of the spectrum of the rate"),
        **MODE,
        **VERDICT,
        "regime": REGIME,
        "regime_theory": predicted(REGIME, "regime_theory"),
        "lfp_mean": Observable(
            unit="A", doc="mean LFP proxy per neuron, first signal", undefined=NO_LFP
        ),
        "lfp_sd": Observable(unit="A", doc="SD of the LFP proxy per neuron", undefined=NO_LFP),
        "lfp_peak_frequency": Observable(
            unit="Hz", doc="peak of the spectrum of the LFP", undefined=NO_LFP
        ),
        "lfp_power_ratio": Observable(
            unit="1", doc="predicted over simulated power of the LFP, 20 to 250 Hz", undefined=GROWS
        ),
    },
    arrays={
        "populations": ArrayObservable(
            doc="rate and irregularity of every population",
            columns={
                **POPULATION,
                "nu": NU,
                "nu_theory": predicted(NU, "nu"),
                "cv": CV,
                "cv_theory": predicted(CV, "cv"),
            },
        ),
        "spectrum": ArrayObservable(
            doc="spectrum of the rate of all neurons",
            columns={**FREQUENCY, "power": POWER, "power_theory": predicted(POWER, "power", GROWS)},
        ),
        "bands": ArrayObservable(
            doc="predicted over simulated power of the rate of all neurons, band by band",
            n_coordinates=2,
            columns={
                "low": Observable(unit="Hz", doc="lower end of the band"),
                "high": Observable(unit="Hz", doc="its upper end"),
                "power_ratio": Observable(
                    unit="1", doc="linear response over simulation", undefined=GROWS
                ),
                "power_ratio_finite": Observable(
                    unit="1",
                    doc="populations of finite size over simulation",
                    undefined=NO_POPULATIONS,
                ),
            },
        ),
        "lfp_spectrum": ArrayObservable(
            doc="spectrum of every LFP signal",
            columns={
                **FREQUENCY,
                **SIGNAL,
                "lfp_power": LFP_POWER,
                "lfp_power_theory": predicted(LFP_POWER, "lfp_power", GROWS),
            },
        ),
        "raster": ArrayObservable(
            doc="spikes of some neurons in the excerpt",
            columns={
                "time": Observable(unit="s", doc="time from the start of the excerpt"),
                "row": Observable(unit="1", doc="row of the neuron, 0 at the bottom", kind="int"),
                **POPULATION,
                "excitatory": Observable(unit="1", doc="1 for an excitatory neuron", kind="int"),
            },
        ),
    },
)

NETWORK_THEORY = Model(
    name="network_theory",
    doc="theory alone of any network: working point, leading mode, spectra; `theory.depth` says "
    "how far it goes, its parameters are the dotted keys of the network",
    block=TheoryPoint,
    base=partial(read_by, TheoryPoint),
    specs=partial(specs_of, TheoryPoint),
    evaluate="cortex.sweep_models.network_run:evaluate_theory",
    observables={
        "nu": NU,
        "cv": CV,
        "nu_sd": replace(NU_SD, undefined="the working point alone"),
        **MODE,
        **VERDICT,
        "regime": REGIME,
    },
    arrays={
        "populations": ArrayObservable(
            doc="working point of every population",
            columns={
                **POPULATION,
                "nu": NU,
                "mu": Observable(unit="V", doc="mean input"),
                "sigma": Observable(unit="V", doc="standard deviation of the input"),
                "cv": CV,
            },
        ),
        "spectrum": ArrayObservable(
            doc="spectrum of the rate of all neurons",
            columns={**FREQUENCY, "power": predicted(POWER, "power", GROWS)},
        ),
        "lfp_spectrum": ArrayObservable(
            doc="spectrum of every LFP signal",
            columns={**FREQUENCY, **SIGNAL, "lfp_power": predicted(LFP_POWER, "lfp_power", GROWS)},
        ),
    },
    stochastic=False,
)
