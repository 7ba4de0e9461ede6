"""LFP from currents: stored cases, linearity, explicit boundaries and interpolation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cortex.errors import ParameterError
from cortex.lfp import (
    CurrentClass,
    SynapticCurrents,
    lfp_from_classes,
    lfp_from_currents,
    normalised_lfp,
)
from cortex.lfp.grid import COARSEST
from cortex.params.lfp import RWS, WeightedSumParams

MS = 1e-3


def classes_of(given_):
    """Return the two current classes of a stored case, times in s."""
    n = np.shape(given_["amp_uV"])[1]
    return [
        CurrentClass(
            time=np.array(given_[f"t_{name}_ms"]) * MS,
            current=np.reshape(given_[f"I_{name}"], (-1, n)),
            weight=weight,
            delay=given_[f"tau_{name}_ms"] * MS,
            name=name,
        )
        for name, weight in (("ampa", 1.0), ("gaba", -given_["alpha"]))
    ]


def raw_of(given_, interpolation="pchip"):
    boundary = "error" if given_["strict_boundaries"] else "zero"
    if len(given_["t_ampa_ms"]) == 1:
        interpolation = "samples"
    return lfp_from_classes(
        np.array(given_["amp_uV"]),
        classes_of(given_),
        at=np.array(given_["t_eval_ms"]) * MS,
        boundary=boundary,
        interpolation=interpolation,
    )


def finished(given_, interpolation="pchip"):
    """Return what the peer returns: raw, or its normalised output in one call."""
    if not given_["normalize"]:
        return raw_of(given_, interpolation)
    mean, std = given_["wsum_mean_std_for_norm"] or (None, None)
    single = len(given_["t_ampa_ms"]) == 1
    return normalised_lfp(
        np.array(given_["amp_uV"]),
        classes_of(given_),
        at=np.array(given_["t_eval_ms"]) * MS,
        boundary="error" if given_["strict_boundaries"] else "zero",
        interpolation="samples" if single else interpolation,
        mean=mean,
        std=std,
    )


def test_stored_cases_of_the_peer_agree(stored):
    seen = 0
    for case in stored("calculate")["cases"]:
        given_, expected = case["inputs"], case["outputs"]
        if "raises" in expected:
            continue
        raw = raw_of(given_)
        lfp = finished(given_)
        size = np.abs(expected["lfp"]).max() + 1e-300
        np.testing.assert_allclose(lfp, expected["lfp"], rtol=0, atol=1e-9 * size)
        if "wsum" in expected:
            np.testing.assert_allclose(raw, expected["wsum"], rtol=1e-9)
        seen += 1
    assert seen == 14


def test_cases_refused_by_the_peer_are_refused_or_finite(stored):
    cases = {c["name"]: c["inputs"] for c in stored("calculate")["cases"]}
    with pytest.raises(ParameterError, match=r"are known.*are needed"):
        raw_of(cases["out_of_range_strict"])
    with pytest.raises(ParameterError, match="increasing"):
        raw_of(cases["non_monotonic_times"])
    # the peer stops with an AssertionError here; a silent electrode is zero, not an error
    for name in ("electrode_with_zero_amplitude_normalised", "constant_currents_normalised"):
        lfp = finished(cases[name])
        assert np.all(np.isfinite(lfp))
        assert np.all(lfp[:, 0] == 0.0)


def currents(n_times=200, n_sources=5, seed=0):
    rng = np.random.default_rng(seed)
    return SynapticCurrents(
        time=1e-4 * np.arange(n_times),
        ampa=rng.random((n_times, n_sources)) * 1e-10,
        gaba=-rng.random((n_times, n_sources)) * 1e-10,
    )


AMPLITUDE = np.random.default_rng(9).normal(size=(3, 5)) * 100.0


@pytest.mark.parametrize("kind", ["ampa", "gaba"])
def test_a_unit_impulse_appears_at_its_delay_with_its_weight(kind):
    quiet = np.zeros((200, 1))
    pulse = quiet.copy()
    pulse[50] = 1.0 if kind == "ampa" else -1.0
    signal = {"ampa": quiet, "gaba": quiet, kind: pulse}
    found = lfp_from_currents(
        np.ones((1, 1)), SynapticCurrents(time=1e-4 * np.arange(200), **signal), boundary="zero"
    )[:, 0]
    at, weight = (50 + 60, 1.0) if kind == "ampa" else (50, 1.65)
    assert np.flatnonzero(found).tolist() == [at]
    assert found[at] == weight


def test_adding_the_shifted_classes_equals_the_dense_sum():
    given_ = currents()
    found = lfp_from_currents(AMPLITUDE, given_, boundary="zero")
    late = np.zeros_like(given_.ampa)
    late[60:] = given_.ampa[:-60]
    expected = (AMPLITUDE[None] * (late - 1.65 * given_.gaba)[:, None, :]).sum(axis=2)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-21)


@pytest.mark.parametrize("boundary", ["zero", "hold"])
@pytest.mark.parametrize("n_sources", [1, 5, 20_000])
def test_any_times_in_any_order_and_any_block_equal_the_dense_sum(boundary, n_sources):
    # 20,000 sources leave 13 times to a block, one source all of them
    given_, rng = currents(90, n_sources), np.random.default_rng(3)
    amplitude = rng.normal(size=(2, n_sources))
    steps = rng.integers(0, 90, 50)
    found = lfp_from_currents(amplitude, given_, boundary=boundary, at=given_.time[steps])
    late = given_.ampa[np.maximum(steps - 60, 0)]
    if boundary == "zero":
        late[steps < 60] = 0.0
    expected = (late - 1.65 * given_.gaba[steps]) @ amplitude.T
    size = np.abs(amplitude).sum() * 3e-10
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-14 * size)


@pytest.mark.parametrize("n_sources", [5, 20_000])
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_threads_change_no_byte(n_sources, precision):
    given_ = currents(200, n_sources)
    amplitude = np.random.default_rng(3).normal(size=(30, n_sources))
    one, two, seven = (
        lfp_from_currents(
            amplitude, given_, boundary="zero", precision=precision, threads=threads
        ).tobytes()
        for threads in (1, 2, 7)
    )
    assert one == two == seven


@pytest.mark.parametrize("recorded", ["float64", "float32"])
def test_single_precision_is_off_by_rounding_alone(recorded):
    given_ = currents(500, 800)
    amplitude = np.random.default_rng(3).normal(size=(30, 800))
    exact = SynapticCurrents(  # the same numbers in double precision
        time=given_.time,
        ampa=given_.ampa.astype(recorded).astype(np.float64),
        gaba=given_.gaba.astype(recorded).astype(np.float64),
    )
    stored = SynapticCurrents(
        time=given_.time, ampa=exact.ampa.astype(recorded), gaba=exact.gaba.astype(recorded)
    )
    expected = lfp_from_currents(amplitude, exact, boundary="zero")
    found = lfp_from_currents(amplitude, stored, boundary="zero", precision="float32")
    assert found.dtype == np.float32
    late = np.zeros_like(exact.ampa)
    late[60:] = exact.ampa[:-60]
    size = np.abs(late - 1.65 * exact.gaba) @ np.abs(amplitude).T
    # n products added in any order are off by at most n eps of the sum of their sizes (Higham
    # 2002, eq. 3.5), and each by a few eps before; rounding errors that were independent give
    # sqrt(n) eps, so a loss of four more bits than that would be seen
    eps = np.finfo(np.float32).eps
    error = np.abs(found - expected) / size
    assert 0.0 < error.max() < 16.0 * np.sqrt(800) * eps < 805 * eps


@pytest.mark.parametrize("interpolation", ["linear", "cubic", "pchip"])
def test_interpolations_agree_with_a_smooth_signal_between_samples(interpolation):
    time = 1e-4 * np.arange(2000)
    wave = np.sin(2 * np.pi * 20 * time)[:, None]
    each = CurrentClass(time=time, current=wave, delay=0.777e-3)
    at = np.linspace(0.01, 0.19, 333)
    found = lfp_from_classes(
        np.ones((1, 1)), [each], at=at, boundary="error", interpolation=interpolation
    )[:, 0]
    # (w dt)^2 / 8 for straight lines; the monotone cubic is of that order at extrema
    limit = {"linear": 2e-5, "cubic": 1e-9, "pchip": 2e-5}[interpolation]
    np.testing.assert_allclose(found, np.sin(2 * np.pi * 20 * (at - 0.777e-3)), atol=limit)


@given(scale=st.floats(0.1, 1e6))
def test_the_lfp_is_linear_in_the_currents(scale):
    given_ = currents()
    bigger = SynapticCurrents(time=given_.time, ampa=scale * given_.ampa, gaba=scale * given_.gaba)
    one = lfp_from_currents(AMPLITUDE, given_, boundary="hold")
    many = lfp_from_currents(AMPLITUDE, bigger, boundary="hold")
    np.testing.assert_allclose(many, scale * one, rtol=1e-9, atol=1e-20 * scale)


def test_steps_whose_times_round_differently_are_still_found():
    # t = k * 0.1 ms minus 6 ms misses the sample by one bit for 4.5 % of k: wslfp reads zero
    value = np.ones((1, 1))
    for k in range(60, 2000, 7):
        t = k * 0.1e-3
        each = CurrentClass(time=np.array([(k - 60) * 0.1e-3]), current=value, delay=6e-3)
        found = lfp_from_classes(value, [each], at=np.array([t]), boundary="error")
        assert found[0, 0] == 1.0


def test_slow_currents_join_their_fast_partners():
    given_ = currents()
    both = SynapticCurrents(
        time=given_.time,
        ampa=given_.ampa / 2,
        nmda=given_.ampa / 2,
        gaba=given_.gaba / 4,
        gaba_b=3 * given_.gaba / 4,
    )
    np.testing.assert_allclose(
        lfp_from_currents(AMPLITUDE, both, boundary="zero"),
        lfp_from_currents(AMPLITUDE, given_, boundary="zero"),
        rtol=1e-12,
        atol=1e-21,
    )


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"current": np.zeros((3, 10))}, "transposed"),
        ({"current": np.zeros(10)}, r"needs \(n_times, n_sources\)"),
        ({"time": np.zeros(10)}, "increasing"),
        ({"time": np.r_[np.arange(9.0), np.nan]}, "finite and increasing"),
        ({"time": 0.1 * np.arange(10.0)}, r"steps of 0\.1 s.*in ms"),
        ({"time": 1e-4 * np.arange(10.0), "delay": 6.0}, r"delay of 6 s.*in ms"),
    ],
)
def test_wrong_currents_are_refused(change, match):
    with pytest.raises(ParameterError, match=match):
        CurrentClass(**{"time": np.arange(10.0), "current": np.zeros((10, 3)), **change})


@pytest.mark.parametrize("kind", ["ampa", "gaba", "nmda", "gaba_b"])
def test_currents_of_the_other_sign_convention_are_refused(kind):
    given_ = {"ampa": np.ones((3, 2)), "gaba": -np.ones((3, 2))}
    wrong = np.ones((3, 2)) if kind.startswith("gaba") else -np.ones((3, 2))
    with pytest.raises(ParameterError, match=f"{kind} has the wrong sign"):
        SynapticCurrents(time=1e-3 * np.arange(3), **{**given_, kind: wrong})


def test_steps_of_50_ms_are_the_coarsest():
    CurrentClass(time=np.array([0.0, 0.05]), current=np.zeros((2, 1)))
    with pytest.raises(ParameterError, match=r"allowed are 0\.05 s"):
        CurrentClass(time=np.array([0.0, 0.0501]), current=np.zeros((2, 1)))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_current_that_is_not_finite_is_named(value):
    given_ = currents()
    given_.ampa[2, 1] = value
    silent = np.zeros_like(AMPLITUDE)
    with (
        np.errstate(invalid="ignore"),
        pytest.raises(ParameterError, match="ampa: current of source 1 at sample 2 is not finite"),
    ):
        lfp_from_currents(silent, given_, boundary="zero")


def test_wrong_choices_are_refused():
    given_ = currents()
    with pytest.raises(ParameterError, match=r"5 sources, the amplitudes have 4"):
        lfp_from_currents(AMPLITUDE[:, :4], given_, boundary="zero")
    with pytest.raises(ParameterError, match=r"needs \(n_electrodes, n_sources\)"):
        lfp_from_currents(AMPLITUDE[0], given_, boundary="zero")
    with pytest.raises(ParameterError, match="none of error, zero, hold"):
        lfp_from_currents(AMPLITUDE, given_, boundary="nearest")
    inside = {"at": given_.time[100:110], "interpolation": "linear"}
    with pytest.raises(ParameterError, match="boundary = 'zeros' is none of"):
        lfp_from_currents(AMPLITUDE, given_, boundary="zeros", **inside)
    for at in (np.array([0.01, np.nan]), np.array(0.01)):
        with pytest.raises(ParameterError, match=r"needs \(n_times,\) in s, all finite"):
            lfp_from_currents(AMPLITUDE, given_, boundary="zero", **{**inside, "at": at})
    with pytest.raises(ParameterError, match="none of samples, linear"):
        lfp_from_currents(AMPLITUDE, given_, boundary="zero", interpolation="spline")
    for wrong in ({"precision": "float16"}, {"threads": 0}):
        with pytest.raises(ParameterError, match=r"float64 or float32 and at least one thread"):
            lfp_from_currents(AMPLITUDE, given_, boundary="zero", **wrong)
    with pytest.raises(ParameterError, match="works in float64 and one thread"):
        lfp_from_currents(AMPLITUDE, given_, boundary="zero", threads=2, interpolation="linear")
    with pytest.raises(ParameterError, match="exceeds the range of float32; are they in A"):
        lfp_from_currents(1e60 * AMPLITUDE, given_, boundary="zero", precision="float32")
    one = SynapticCurrents(time=given_.time[:1], ampa=given_.ampa[:1], gaba=given_.gaba[:1])
    with pytest.raises(ParameterError, match="one sample cannot be interpolated"):
        lfp_from_currents(AMPLITUDE, one, boundary="zero", interpolation="linear")
    with pytest.raises(ParameterError, match="no sample at"):
        lfp_from_currents(
            AMPLITUDE, given_, boundary="zero", weighting=WeightedSumParams(delay_ampa=0.55e-4)
        )
    with pytest.raises(ParameterError, match="shorten `at`"):
        lfp_from_currents(AMPLITUDE, given_, boundary="error", weighting=RWS)


def test_currents_are_read_up_to_the_coarsest_step_that_the_message_allows():
    CurrentClass(time=np.array([0.0, COARSEST]), current=np.zeros((2, 1)))
    with pytest.raises(ParameterError, match="are times in ms"):
        CurrentClass(time=np.array([0.0, 1.01 * COARSEST]), current=np.zeros((2, 1)))
