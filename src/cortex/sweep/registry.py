"""All models that sweeps can run, by name."""

from typing import Final

from cortex.sweep.model import Model
from cortex.sweep.models.rehearsal import REHEARSAL

MODELS: Final[dict[str, Model]] = {model.name: model for model in (REHEARSAL,)}
