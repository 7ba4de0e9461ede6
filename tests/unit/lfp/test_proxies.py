"""Proxies against stored numbers, definitions and conventions."""

import numpy as np
import pytest

from cortex.errors import ParameterError
from cortex.lfp import NetworkSignals, erws2, proxy, weighted_sum
from cortex.lfp.proxies import ERWS1, ERWS1_CAUSAL, PROXY_NAMES, delayed
from cortex.params.lfp import WeightedSumParams

STORED_NAMES = {"I_abs": "abs_I", "LRWS": "RWS"}


@pytest.fixture(scope="module")
def recorded(stored):
    given = stored("population_proxies")["inputs"]
    return NetworkSignals(
        dt=given["sim_step_ms"] * 1e-3,
        ampa=np.transpose(given["AMPA"]),
        gaba=np.transpose(given["GABA"]),
        voltage=np.transpose(given["Vm"]),
        rate=np.transpose(given["FR"]),
    )


def test_all_stored_proxies_agree(stored, recorded):
    outputs = stored("population_proxies")["outputs"]["proxies"]
    for name, expected in outputs.items():
        if name.endswith("truncated"):
            continue
        found = proxy(STORED_NAMES.get(name, name), recorded, boundary="zero")
        np.testing.assert_allclose(found, expected, rtol=1e-9, err_msg=name)


def test_delays_are_rounded_where_a_peer_truncates(stored, recorded):
    # 2.3 ms / 0.1 ms is 22.999...: truncation makes 22 steps of it
    outputs = stored("population_proxies")["outputs"]["proxies"]
    wrong = WeightedSumParams(alpha=0.3, delay_ampa=-0.9e-3, delay_gaba=2.2e-3)
    as_returned = outputs["ERWS1_as_returned_gaba_delay_truncated"]
    np.testing.assert_allclose(
        weighted_sum(recorded, wrong, boundary="zero"), as_returned, rtol=1e-9
    )
    assert not np.allclose(proxy("ERWS1", recorded, boundary="zero"), as_returned, rtol=1e-3)


def test_erws2_parameters_agree(stored):
    for row in stored("population_proxies")["outputs"]["ERWS2_parameters"]:
        found = erws2(1000.0 * row["nu_ext_spikes_per_ms"])
        assert found.delay_ampa * 1e3 == pytest.approx(row["tau_ampa_ms"], rel=1e-9)
        assert found.delay_gaba * 1e3 == pytest.approx(row["tau_gaba_ms"], rel=1e-9)
        assert found.alpha == pytest.approx(row["alpha"], rel=1e-9)


def test_causal_variants_read_no_future():
    assert ERWS1.delay_ampa < 0.0
    assert (ERWS1_CAUSAL.delay_ampa, ERWS1_CAUSAL.delay_gaba, ERWS1_CAUSAL.alpha) == (
        0,
        3.1e-3,
        0.1,
    )
    causal = erws2(1500.0, causal=True)
    assert causal.delay_ampa == 0.0
    assert causal.delay_gaba == pytest.approx((4 - 1.5 * 1.5**-0.2) * 1e-3)
    assert causal.alpha == pytest.approx(0.5 * 1.5**-0.5)


@pytest.mark.parametrize("name", PROXY_NAMES)
def test_causal_proxies_do_not_change_with_the_future(name, recorded):
    now = 120
    fields = ("ampa", "gaba", "voltage", "rate")
    past = {field: getattr(recorded, field).copy() for field in fields}
    for values in past.values():
        values[now:] *= 2.0
    other = NetworkSignals(dt=recorded.dt, **past)
    causal, same = (
        proxy(name, each, boundary="hold", nu_ext=1500.0, causal=True) for each in (recorded, other)
    )
    np.testing.assert_array_equal(causal[:now], same[:now])
    if name.startswith("ERWS"):  # the published ones read AMPA 0.9 or 1 ms ahead
        ahead = [proxy(name, each, boundary="hold", nu_ext=1500.0) for each in (recorded, other)]
        assert np.any(ahead[0][:now] != ahead[1][:now])


@pytest.mark.parametrize("name", PROXY_NAMES)
def test_every_proxy_is_a_finite_series_on_the_grid_of_its_input(name, recorded):
    found = proxy(name, recorded, boundary="hold", nu_ext=1500.0)
    assert found.shape == (240,)
    assert np.all(np.isfinite(found))


def test_boundaries_are_explicit():
    ramp = np.arange(1.0, 6.0)
    assert delayed(ramp, 2e-3, 1e-3, "zero").tolist() == [0, 0, 1, 2, 3]
    assert delayed(ramp, -2e-3, 1e-3, "hold").tolist() == [3, 4, 5, 5, 5]
    assert delayed(ramp, 0.4e-3, 1e-3, "error").tolist() == ramp.tolist()
    assert delayed(ramp, 1.0, 1e-3, "zero").tolist() == [0] * 5
    with pytest.raises(ParameterError, match="a shift of 2 steps"):
        delayed(ramp, 2e-3, 1e-3, "error")
    with pytest.raises(ParameterError, match="boundary = 'wrap'"):
        delayed(ramp, 2e-3, 1e-3, "wrap")


def test_wrong_signals_are_refused(recorded):
    with pytest.raises(ParameterError, match="needs the signal 'voltage'"):
        proxy("Vm", NetworkSignals(dt=1e-4, ampa=np.ones((3, 1))), boundary="zero")
    with pytest.raises(ParameterError, match="inhibitory currents are negative"):
        NetworkSignals(dt=1e-4, gaba=np.ones((3, 1)))
    with pytest.raises(ParameterError, match="excitatory currents are positive"):
        NetworkSignals(dt=1e-4, ampa=-np.ones((3, 1)))
    with pytest.raises(ParameterError, match=r"ampa \(4, 1\) and gaba \(4, 5\) must be"):
        NetworkSignals(dt=1e-4, ampa=np.ones((4, 1)), gaba=-np.ones((4, 5)))
    with pytest.raises(ParameterError, match="all need the same n_steps"):
        NetworkSignals(dt=1e-4, ampa=np.ones((4, 5)), rate=np.ones((1, 5)))
    with pytest.raises(ParameterError, match=r"ampa has shape \(3,\)"):
        NetworkSignals(dt=1e-4, ampa=np.ones(3))
    with pytest.raises(ParameterError, match="is it in ms"):
        NetworkSignals(dt=0.1, ampa=np.ones((3, 1)))
    with pytest.raises(ParameterError, match="no proxy 'EEG'; there are FR, AMPA"):
        proxy("EEG", recorded, boundary="zero")
    with pytest.raises(ParameterError, match="ERWS2 needs the external rate"):
        proxy("ERWS2", recorded, boundary="zero")
