"""All models that sweeps can run, by name."""

from collections.abc import Iterator
from typing import Final

from cortex.sweep.keys import flat_schema
from cortex.sweep.model import Model
from cortex.sweep.models.brunel import BRUNEL, BRUNEL_THEORY
from cortex.sweep.models.bump import BUMP
from cortex.sweep.models.learning import LEARNING
from cortex.sweep.models.rehearsal import REHEARSAL
from cortex.sweep.models.senk_theory import SENK_THEORY

MODELS: Final[dict[str, Model]] = {
    model.name: model for model in (BRUNEL, BRUNEL_THEORY, LEARNING, SENK_THEORY, BUMP, REHEARSAL)
}


def describe() -> str:
    """Return what can be swept: models, their parameters and observables, with units."""
    return "\n\n".join("\n".join(_lines(model)) for model in MODELS.values()) + "\n"


def _lines(model: Model) -> Iterator[str]:
    yield f"{model.name}: {model.doc}"
    yield "  parameters"
    for key, schema in flat_schema(model.block)["properties"].items():
        yield f"    {key:28} {schema['description']}"
    yield "  observables"
    for name, observable in model.observables.items():
        unit = "" if observable.unit == "1" else f" ({observable.unit})"
        undefined = f"; undefined: {observable.undefined}" if observable.undefined else ""
        yield f"    {name:28} {observable.doc}{unit}{undefined}"
