"""All models that sweeps can run, by name."""

from typing import Final

from cortex.sweep.model import Model
from cortex.sweep_models.bump import BUMP
from cortex.sweep_models.design_targets import DESIGN_TARGETS
from cortex.sweep_models.learning import LEARNING
from cortex.sweep_models.lfp_proxies import LFP_PROXIES
from cortex.sweep_models.network import NETWORK, NETWORK_THEORY
from cortex.sweep_models.senk_theory import SENK_THEORY

MODELS: Final[dict[str, Model]] = {
    model.name: model
    for model in (
        NETWORK,
        NETWORK_THEORY,
        LFP_PROXIES,
        LEARNING,
        SENK_THEORY,
        BUMP,
        DESIGN_TARGETS,
    )
}
