"""Whatever is done to a network file, it is read to a network or refused with a place.

``python tests/fuzz/test_network_files.py 2000 [SEED]`` tries more and prints the counts.
"""

import copy
import random
import time

import pytest
from counting import count
from test_configuration import WRONG, holder, places

from cortex.config.presets import preset_names, read_preset
from cortex.errors import CortexError
from cortex.networks.case import read_case
from cortex.params.description.states import states_of
from cortex.steps.predict import predict

PRESETS = {name: read_preset(name) for name in preset_names()}
LONGEST = 10.0  # s of this process: a theory of rates that runs longer is a fault
FACTORS = (1e-6, 1e-3, 0.1, 0.5, 2.0, 10.0, 1e3, 1e6, -1.0, 0.0)
KEYS = ("probability", "total", "J_mV", "w_pA", "wanted_rate_Hz", "delay_sd_ms", "like", "times")


def damage(block, rng):
    """Scale, replace, delete, add or copy one value of a network file."""
    path = rng.choice(tuple(places(block)))
    inside, key = holder(block, path), path[-1]
    old = inside[key]
    match rng.randrange(8):
        case 0 | 1 | 2 if isinstance(old, int | float):
            inside[key] = old * rng.choice(FACTORS)
        case 3:
            inside[key] = copy.deepcopy(rng.choice(WRONG))
        case 4:
            del inside[key]
        case 5 if isinstance(inside, dict):
            inside[rng.choice(KEYS)] = rng.choice((0.1, -2.0, 5, "E", ["E"], "all", None))
        case 6 if isinstance(inside, dict):
            inside[f"{key}2"] = copy.deepcopy(old)
        case _ if isinstance(old, str):
            inside[key] = rng.choice(("E", "I", "all", "delta", "", "none", "poisson"))


def ask(seed):
    """Read one damaged network file, ask for its rates; return the refusal, if any."""
    rng = random.Random(seed)
    name = rng.choice(sorted(PRESETS))
    block = copy.deepcopy(PRESETS[name])
    for _ in range(rng.randint(1, 3)):
        damage(block, rng)
    start = time.process_time()
    try:
        case = read_case("mine", block, rng.choice(states_of(block)))
        _, refused = predict(case, ("rates",))
    except CortexError as error:
        message = str(error)
        assert message.strip(), "an empty message"
        message.encode("utf-8")  # it can be printed
        return message
    assert time.process_time() - start < LONGEST
    return refused.get("rates")


@pytest.mark.filterwarnings("ignore::cortex.errors.RegimeWarning")
@pytest.mark.parametrize("first", range(0, 200, 50))
def test_a_damaged_network_file_is_read_or_refused(first):
    assert any(ask(seed) is not None for seed in range(first, first + 50))  # the damage is felt


if __name__ == "__main__":
    count(ask)
