"""Corrections of designs: what theory is asked for after some simulated rounds."""

from dataclasses import replace

import numpy as np
import pytest
from three_cells import described

from cortex.inverse.design import find
from cortex.inverse.goals import Goal
from cortex.inverse.search import Search
from cortex.params.description.target import FreeParams
from cortex.steps.design import Round, _next, corrections, next_wishes

DRIVE, WEIGHT = "drive.to_E.rate_Hz", "projections.from_PV.J_mV"
FREE = (
    FreeParams(key=DRIVE, low=1500.0, high=3e4),
    FreeParams(key=WEIGHT, low=-1.2, high=-0.2),
)


def test_corrections_meet_a_theory_whose_error_grows_with_the_keys():
    # a simulation that moves twice as far as theory: corrected by the last round alone, the wishes
    # swing for ever (r -> -r); oracle: the solution of this straight line
    goals = tuple(Goal(kind="rate", population=name, wanted=10.0) for name in ("E", "I"))
    slope, error = np.array([[2.0, 0.0], [0.3, 1.4]]), np.array([0.3, -0.2])
    told, rounds = np.zeros(2), []
    for _ in range(5):
        seen = slope @ told + error
        values = [10.0 * np.exp(x) for x in (told, seen)]
        rounds.append(
            Round(keys={}, told=values[0], seen=values[1], error=told, wave=None, confirmed=False)
        )
        told = -corrections(goals, rounds)
    # the ridge of 0.02 holds the last steps back
    assert told == pytest.approx(np.linalg.solve(slope, -error), abs=0.02)


def test_rounds_at_other_values_of_the_keys_that_are_held_correct_nothing(monkeypatch):
    # oracle: the last round alone, whose simulation has nine tenths of what theory told
    goals = (Goal(kind="rate", population="E", wanted=10.0),)
    rounds = [
        Round(keys={DRIVE: drive, WEIGHT: weight}, told=np.array([10.0]), seen=np.array([seen]),
              error=np.array([0.1]), wave=None, confirmed=False)
        for drive, weight, seen in ((4000.0, -0.3, 12.0), (5000.0, -0.6, 9.0))
    ]  # fmt: skip
    search = Search("three", described(), FREE, goals)
    first = find(search, further=0)
    asked = []

    def told(now, **_):
        asked.append((len(now.free), now.goals[0].wanted, now.block["projections"]["from_PV"]))
        return first

    monkeypatch.setattr("cortex.steps.design.find", told)
    _next(search, first, rounds, seed=1)
    assert [each[0] for each in asked] == [1]
    assert asked[0][1] == pytest.approx(10.0 / 0.9)
    assert asked[0][2]["J_mV"] == -0.6


def test_a_correction_is_at_most_twice_what_the_nearest_round_misses():
    # two rounds in which more of theory gave less: the straight line through both would ask theory
    # for less than half; oracle: exp(2 ln(1 / 0.85)) from where the nearest round was
    goals = (Goal(kind="frequency", wanted=20.0),)
    rounds = [
        Round(keys={}, told=20.0 * np.array([told]), seen=20.0 * np.array([seen]),
              error=np.array([0.2]), wave=None, confirmed=False)
        for told, seen in ((1.0, 0.85), (1.08, 0.7))
    ]  # fmt: skip
    assert next_wishes(goals, rounds)[0].wanted == pytest.approx(20.0 / 0.85**2)


def test_after_neurons_burst_the_way_is_cut_in_half_and_the_burst_is_forgotten():
    goals = (Goal(kind="rate", population="E", wanted=10.0),)

    def at(told, seen):
        return Round(keys={}, told=np.array([told]), seen=np.array([seen]),
                     error=np.array([0.1]), wave=None, confirmed=False)  # fmt: skip

    calm, burst, between = at(8.0, 9.0), at(10.0, 30.0), at(8.9, 9.8)
    # oracle: geometric mean
    assert next_wishes(goals, [calm, burst])[0].wanted == pytest.approx(np.sqrt(80.0))
    off = corrections(goals, [calm, between])[0]
    after = next_wishes(goals, [calm, burst, between])[0].wanted
    assert after == pytest.approx(goals[0].moved(off).wanted)


def test_where_all_alike_rounds_burst_the_nearest_calm_one_is_gone_back_to(monkeypatch):
    # oracle: geometric mean of what theory has in the calm round and in the burst
    goals = (Goal(kind="rate", population="E", wanted=10.0),)
    rounds = [
        Round(keys={DRIVE: drive, WEIGHT: weight}, told=np.array([told]), seen=np.array([seen]),
              error=np.array([0.1]), wave=None, confirmed=False)
        for drive, weight, told, seen in ((4000.0, -0.3, 10.0, 9.0), (5000.0, -0.6, 11.0, 60.0))
    ]  # fmt: skip
    search = Search("three", described(), FREE, goals)
    reached = find(replace(search, free=FREE[:1]), further=0)
    asked = []

    def told(now, **_):
        asked.append((now.goals[0].wanted, now.block["projections"]["from_PV"]["J_mV"]))
        return reached

    monkeypatch.setattr("cortex.steps.design.find", told)
    found = _next(search, reached, rounds, seed=1)
    ((wanted, weight),) = asked
    assert wanted == pytest.approx(np.sqrt(110.0))
    assert weight == -0.3
    assert found.keys == {WEIGHT: -0.3, **reached.keys}  # what is held is that of the calm round
