"""Sweeps over theory: silence is an answer, and a state belongs to the model that it names."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cortex.config.presets import read_config
from cortex.meanfield import input_std, mean_input
from cortex.sweep.run import sound_values
from cortex.sweep_models.registry import MODELS

STUDY = read_config([Path(__file__).parents[3] / "config" / "config.yaml"])


def senk(**ring):
    """Return the observables of the ring with these parameters, and the ring."""
    point = MODELS["senk_theory"].block()
    point = replace(point, ring=replace(point.ring, **ring))  # type: ignore[attr-defined, type-var]
    return MODELS["senk_theory"].function()(point, 0), point.ring  # type: ignore[attr-defined]


@pytest.mark.filterwarnings("ignore:modes were sought right of")
@pytest.mark.parametrize("ratio", [0.0, 0.1, 0.5])
def test_a_brunel_network_without_drive_is_silent(ratio):
    model = MODELS["network_theory"]
    keys = {**STUDY["networks"]["brunel"], "g": 5.0, "nu_ext_ratio": ratio}
    read = {key: value for key, value in keys.items() if key not in model.block.unread}  # type: ignore[attr-defined]
    found = model.function()(model.block.from_config(read), 0)
    assert found["regime"] == "silent"
    assert found["nu"] < 1e-30
    assert np.isnan(found["growth"])
    assert found["cv"] == pytest.approx(1.0, abs=1e-9)  # the limit of rare spikes
    sound_values(model, found)


def test_each_state_of_the_ring_has_the_sign_of_its_own_growth_rate():
    # independent onsets in g: 4.540 for the rate model, 4.113 for the spiking one
    for g, rate, spiking in (
        (4.0, "uniform", "uniform"),
        (4.3, "uniform", "wave"),
        (5.0, "wave", "wave"),
    ):
        found, _ = senk(g=g)
        assert (found["state_rate_model"], found["state"]) == (rate, spiking)
        assert (found["growth_rate_model"] > 0.0) == (rate == "wave")
        assert (found["growth"] > 0.0) == (spiking == "wave")
        sound_values(MODELS["senk_theory"], found)


def test_the_external_rates_hold_the_input():
    found, ring = senk(g=5.0)
    # published: 95504.47 and 15718.60 Hz
    assert found["rate_ext_exc"] == pytest.approx(95504.47, abs=0.005)
    assert found["rate_ext_inh"] == pytest.approx(15718.60, abs=0.005)
    rates = {name: found[name] for name in ("rate_ext_exc", "rate_ext_inh")}
    network = replace(ring, **rates).network()
    nu = np.full(2, found["nu"])
    np.testing.assert_allclose(mean_input(network, nu), 10e-3, rtol=1e-12)
    np.testing.assert_allclose(input_std(network, nu), 10e-3, rtol=1e-12)
