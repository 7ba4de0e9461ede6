"""Hidden networks are what they are said to be, and wishes beyond them are refused."""

import numpy as np
import pytest

from cortex.meanfield.stability.eigenvalues import count_growing_modes
from cortex.networks.case import case_of, sought
from cortex.sweep.run import sound_values
from cortex.sweep_models.hidden_networks import drawn
from cortex.sweep_models.registry import MODELS

MODEL = MODELS["design_targets"]
pytestmark = pytest.mark.filterwarnings("ignore::cortex.errors.RegimeWarning")


@pytest.mark.parametrize(("number", "n", "ring"), [(1, 3, False), (5, 7, False), (7, 2, True)])
def test_a_hidden_network_is_stable_and_its_rates_are_those_of_its_keys(number, n, ring):
    # oracle: the ordinary route from the keys of a file, where no rate is handed over
    hidden = drawn(number, 22, 5.0)
    case = case_of("hidden", hidden.driven(hidden.keys))
    assert case.network.n_pops == n
    assert (case.network.space is not None) is ring
    point = sought(case.network, case.study.theory)
    assert point.nu == pytest.approx(hidden.nu, rel=1e-6)  # tolerance of both solutions
    assert not count_growing_modes(case.network, point, variance=False)
    again = drawn(number, 22, 5.0)
    assert again.keys == hidden.keys
    factors = {key for key in hidden.keys if key.startswith("factors.")}
    assert factors == {"factors.g", "factors.e"}
    wanted = hidden.target(1.0, 3)
    assert [each["rate_Hz"] for each in wanted["populations"].values()] == hidden.nu.tolist()
    assert ("mode" in wanted) is (hidden.rhythm is not None)


def test_a_rate_beyond_every_drive_of_the_box_is_refused_before_anything_is_simulated():
    found = MODEL.function()(MODEL.block.from_config({"number": 0, "beyond": 60.0}), 1)
    sound_values(MODEL, found)
    assert found["outcome"] == "refused"
    assert "at the bound" in found["why"]
    assert found["rounds_done"] == 0.0


def test_a_design_that_was_simulated_says_what_it_misses_most():
    keys = {"number": 0, "duration_s": 2.0, "rounds": 1}
    found = MODEL.function()(MODEL.block.from_config(keys), 1)
    sound_values(MODEL, found)
    wishes = found["wishes"]
    last = wishes["round"] == found["rounds_done"] - 1.0
    misses = [
        np.max(np.abs(wishes["seen"] / wishes["wanted"] - 1.0)[wishes["round"] == i])
        for i in np.unique(wishes["round"])
    ]
    assert np.sum(last) == found["populations"]  # rates alone: its mode makes no peak
    assert found["theory_miss"] == misses[0]
    assert found["miss"] == min(misses)
    assert (found["outcome"] == "confirmed") is (found["miss"] <= 0.05)
