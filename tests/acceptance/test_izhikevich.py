"""The rows of the bump are measured from its tables; what was not swept has no value."""

import numpy as np
from checks import read_checks
from izhikevich import measure_bump


def bump_tables(parameters, values, lifetimes):
    """Return trials that hold for 4 s, a fit and a sweep around J_plus = 3, gain 1, cue 3."""
    time = np.tile(np.arange(0.0, 4.0, 0.5), 2)
    trials = {
        "trial": np.repeat([0, 1], 8),
        "time": time,
        "alive": time >= 0.0,
        "error": 0.01 * time,
    }
    names = ("drift", "drift_error", "coefficient", "coefficient_error", "linearity")
    base = {key: 3.0 if key == "J_plus" else 1.0 for key in parameters if key}
    moved, value = np.array(parameters), np.array(values)
    sweep = {
        **{key: np.where(moved == key, value, at) for key, at in base.items()},
        "varied": moved,
        "lifetime": np.array(lifetimes),
        "last_rate": 10.0 * np.array(lifetimes),
    }
    return trials, {name: np.array([1.0]) for name in names}, sweep


def test_the_bump_is_measured_where_it_was_swept():
    checks = read_checks("izhikevich")
    parameters = ["J_plus", "", "", "gaba_gain", "gaba_gain", "cue_amplitude"]
    trials, fit, sweep = bump_tables(
        parameters, [1.0, 0.0, 0.0, 0.5, 0.8, 0.0], [1.0, 2.0, 3.0, 4.0, 5.0, 0.6]
    )
    got = measure_bump(trials, fit, sweep)
    assert got.keys() == {c.check_id for c in checks if c.check_id.startswith("bump.")}
    assert got["bump.shortest_life"] == 3.0  # six windows of half a second
    assert (got["bump.life_at_J_plus_1"], got["bump.life_at_J_plus_3"]) == (1.0, 3.0)
    assert (got["bump.life_at_weakest_inhibition"], got["bump.rate_without_cue"]) == (4.0, 6.0)
    trials, fit, sweep = bump_tables(["J_plus", "J_plus"], [1.0, 2.0], [1.0, 2.0])
    left = got.keys() - measure_bump(trials, fit, sweep).keys()
    assert left == {
        "bump.life_at_J_plus_3",
        "bump.life_at_weakest_inhibition",
        "bump.rate_without_cue",
    }
