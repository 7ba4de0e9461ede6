"""A small network with currents of two time constants, in cortex and in NEST."""

from typing import Any

import numpy as np

from cortex.networks.case import case_of
from cortex.steps.simulate import simulate

NEURON = {"tau_m_ms": 20.0, "tau_ref_ms": 2.0, "V_th_mV": 15.0, "V_reset_mV": 0.0, "C_pF": 200.0}
BLOCK = {
    "populations": {"E": {"size": 80, **NEURON}, "I": {"like": "E", "size": 20}},
    "receptors": {"fast": {"tau_s_ms": 2.0}, "slow": {"tau_s_ms": 8.0}},
    "projections": {
        "e": {"source": "E", "target": "all", "in_degree": 8, "w_pA": 50.0, "delay_ms": 1.5,
              "receptor": "fast"},
        "i": {"source": "I", "target": "all", "in_degree": 4, "w_pA": -90.0, "delay_ms": 0.8,
              "receptor": "slow"},
    },
    "drive": {
        "noise": {"target": "E", "rate_Hz": 8000.0, "w_pA": 30.0, "receptor": "fast"},
        "current": {"target": "I", "mu_mV": 18.0},
    },
    "simulation": {"dt_ms": 0.1, "warm_up_s": 0.1, "duration_s": 0.2, "precision": "float64"},
    "backend": "nest",
}  # fmt: skip
CONSTANT = {
    "drive": {"noise": None, "current": {"target": "all", "mu_mV": 18.0}}, "seeds": 1
}  # fmt: skip


def assert_nest_gives_the_spikes_of_cortex(block: dict[str, Any]) -> None:
    """Simulate a network without random drive in both; hold every spike of one to the other."""
    ours, theirs = (
        simulate(case_of("mine", {**block, "backend": backend}), seed=5).spikes
        for backend in ("cortex", "nest")
    )
    assert len(ours) > 200
    np.testing.assert_array_equal(ours.steps, theirs.steps)
    np.testing.assert_array_equal(ours.neurons, theirs.neurons)
