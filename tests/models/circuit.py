"""A model whose parameters have the names that a study gives them: populations and projections."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cortex.errors import ConfigError
from cortex.params.base import Block
from cortex.params.spec import block, count, quantity, table
from cortex.params.sweep import SweepParams
from cortex.sweep.model import ArrayObservable, Model, Observable


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection(Block):
    """A projection."""

    w: float = quantity("pA", -1e4, 1e4, "weight")
    delay: float = quantity("ms", 0.1, 100.0, "delay", 1.5e-3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit(Block):
    """Populations and projections."""

    sizes: Mapping[str, int] = table(count(1, 100_000, "neurons"), "sizes of the populations")
    projections: Mapping[str, Projection] = table(block(Projection, "one"), "projections")


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitPoint(Block):
    """The networks that a sweep varies."""

    networks: Mapping[str, Circuit] = table(block(Circuit, "a network"), "networks")


def networks_of(study: Mapping[str, Any], sweep: SweepParams) -> dict[str, Any]:
    """Return the networks of a study that a sweep names in its keys."""
    keys = [*sweep.vary, *sweep.fixed, *(key for tied in sweep.tied.values() for key in tied.keys)]
    named = {key.split(".")[1] for key in keys if key.startswith("networks.")}
    unknown = named - study["networks"].keys()
    if unknown:
        msg = f"no network {', '.join(unknown)}"
        raise ConfigError(msg)
    return {"networks": {name: study["networks"][name] for name in named}}


CIRCUIT = Model(
    name="circuit",
    doc="adds up its weights",
    block=CircuitPoint,
    base=networks_of,
    evaluate="circuit:evaluate",
    observables={"total": Observable(unit="pA", doc="sum of the weights")},
    arrays={
        "sizes": ArrayObservable(
            doc="neurons of every population",
            columns={
                "population": Observable(unit="1", doc="name", kind="text"),
                "size": Observable(unit="1", doc="neurons", kind="int"),
            },
        )
    },
    stochastic=False,
)


def evaluate(params: CircuitPoint, _: int) -> dict[str, Any]:
    """Return the sum of the weights, and the sizes."""
    (network,) = params.networks.values()
    sizes = {"population": list(network.sizes), "size": list(network.sizes.values())}
    return {"total": sum(p.w for p in network.projections.values()), "sizes": sizes}
