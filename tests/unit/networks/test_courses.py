"""Drives that change: from the keys of a file to intervals, spikes, predictions and tables."""

import numpy as np
import pytest

from cortex.analysis.population import population_rate
from cortex.errors import ParameterError
from cortex.io.schemas.network import OBSERVED, PREDICTED
from cortex.meanfield import rate_course, solve_working_point
from cortex.networks.case import read_case
from cortex.networks.courses import courses_of
from cortex.params.description.course import CourseParams
from cortex.params.description.overrides import deep_merge
from cortex.spiking import Inputs, simulate
from cortex.steps import observe, predict
from cortex.steps import simulate as simulation

STEP = {"kind": "step", "amplitude": 0.2, "start_s": 0.05}
NEURON = {"tau_m_ms": 20.0, "tau_ref_ms": 2.0, "V_th_mV": 20.0, "V_reset_mV": 10.0}
TO_ALL = {"target": "all", "receptor": "delta"}
BLOCK = {
    "populations": {"E": {"size": 400, **NEURON}, "I": {"like": "E", "size": 100}},
    "receptors": {"delta": {"tau_s_ms": 0.0}},
    "projections": {
        "from_E": {"source": "E", "in_degree": 40, "J_mV": 0.2, "delay_ms": 1.5, **TO_ALL},
        "from_I": {"source": "I", "in_degree": 10, "J_mV": -1.0, "delay_ms": 1.5, **TO_ALL},
    },
    "drive": {
        "background": {"rate_Hz": 10000.0, "J_mV": 0.1, **TO_ALL},
        "current": {"target": ["I"], "mu_mV": 2.0},
    },
    "simulation": {"dt_ms": 0.1, "warm_up_s": 0.02, "duration_s": 0.1, "precision": "float64"},
    "analysis": {"rate_bin_ms": 2.0, "segment_ms": 64.0, "max_frequency_Hz": 250.0},
    "seeds": 2,
}


def case_with(background=None, current=None, **keys):
    """Return the case with courses laid on its two drives."""
    given = {"background": background, "current": current}
    drive = {name: {"course": keys} for name, keys in given.items() if keys}
    return read_case("mine", deep_merge(BLOCK, {"drive": drive, **keys}), "default")


def test_drives_keep_their_value_before_the_recording_and_follow_their_course_in_it():
    wave = {"kind": "sinusoid", "amplitude": 0.5, "frequency_Hz": 20.0, "resolution_ms": 2.0}
    courses = courses_of(case_with(background=STEP, current=wave))
    assert (courses.interval, courses.n_before) == (1e-3, 20)
    t = np.arange(-20, 100) + 0.5  # ms
    np.testing.assert_allclose(courses.rates[:, 0, 0], np.where(t > 50.0, 12000.0, 10000.0))
    np.testing.assert_array_equal(courses.rates[:, 1], courses.rates[:, 0])
    of_two = 2.0 * np.floor(t / 2.0) + 1.0  # the middle of intervals of 2 ms
    expected = 2e-3 * (1.0 + 0.5 * np.sin(2.0 * np.pi * 20.0 * 1e-3 * of_two) * (t > 0.0))
    np.testing.assert_allclose(courses.mu_dc[:, 1], expected)
    assert not courses.mu_dc[:, 0].any()
    assert courses_of(case_with(current=wave)).rates is None
    assert courses_of(case_with(background=STEP)).mu_dc is None
    assert courses_of(case_with()) is None


def test_a_table_has_no_effect_before_its_start():
    table = CourseParams(
        kind="table", amplitude=1.0, start=0.1, times=(0.0, 0.1), values=(0.5, 1.0)
    )
    t = np.array([0.0, 0.0999, 0.1, 0.15, 0.3])
    np.testing.assert_allclose(table.relative(t), [1.0, 1.0, 1.5, 1.75, 2.0])


def test_a_simulated_course_is_the_run_with_the_same_drives_in_intervals():
    case = case_with(background=STEP, current={**STEP, "amplitude": -1.5})
    rates, mu_dc = np.full((2, 2, 1), 10000.0), np.array([[0.0, 2e-3], [0.0, -1e-3]])
    rates[1] = 12000.0
    by_hand = Inputs(rates=rates, rate_interval=0.07, mu_dc=mu_dc, mu_dc_interval=0.07)
    found = simulation.simulate(case, seed=1).spikes
    expected = simulate(
        case.network, case.study.simulation, seed=case.run_seed(1, 0), inputs=by_hand
    ).spikes
    constant = simulation.simulate(case_with(), seed=1).spikes
    assert found.steps.size > 500
    np.testing.assert_array_equal(found.steps, expected.steps)
    np.testing.assert_array_equal(found.neurons, expected.neurons)
    assert not np.array_equal(found.steps, constant.steps)


def test_tables_hold_prediction_and_simulation_of_the_recording():
    case = case_with(background=STEP)
    tables, refused = predict.predict(case)
    assert refused == {}
    told = tables["course"]
    assert set(told) == set(PREDICTED["course"].columns)
    of_I = told["population"] == "I"
    np.testing.assert_allclose(told["time"][of_I], 1e-3 * (np.arange(100) + 0.5))
    rates = np.repeat(case.network.drive.rate[np.newaxis], 120, axis=0)
    rates[70:] *= 1.2
    expected = rate_course(case.network, solve_working_point(case.network), 1e-3, rates=rates)
    np.testing.assert_allclose(told["rate"][of_I], expected[20:, 1])
    runs = [simulation.simulate(case, seed=1, number=i).spikes for i in range(2)]
    seen = observe.observe(case, runs)["course"]
    assert set(seen) == set(OBSERVED["course"].columns)
    mine = (seen["population"] == "E") & (seen["seed"] == 1)
    np.testing.assert_allclose(seen["rate"][mine], population_rate(runs[1], 2e-3)[:, 0])
    np.testing.assert_allclose(seen["time"][mine], 2e-3 * (np.arange(50) + 0.5))


def test_a_network_without_courses_has_no_such_tables():
    case = case_with()
    assert "course" not in predict.predict(case)[0]
    assert "course" not in observe.observe(case, [simulation.simulate(case, seed=1).spikes])


def test_courses_that_cannot_be_held_are_refused():
    with pytest.raises(ParameterError, match="whole number of intervals of 30 ms"):
        courses_of(case_with(background={**STEP, "resolution_ms": 30.0}))
    with pytest.raises(ParameterError, match=r"input of E .* down to -5000 Hz"):
        courses_of(case_with(background={**STEP, "amplitude": -1.5}))
    with pytest.raises(ParameterError, match="take scale 1"):
        courses_of(case_with(background=STEP, scale=0.5))
