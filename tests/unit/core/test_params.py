"""Parameter blocks: bounds, relations, round trips through config keys."""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cortex.errors import ParameterError
from cortex.params.brunel import BrunelParams
from cortex.params.lif import LIFParams
from cortex.params.simulation import SimulationParams

LIF = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01)
BRUNEL = BrunelParams(g=5.0, nu_ext_ratio=2.0)


def test_milliseconds_taken_for_seconds_are_refused_with_the_fix():
    message = r"LIFParams.tau_m = 20 s is outside \[0.0001, 1\] s .*is it in ms\? Then write 0.02"
    with pytest.raises(ParameterError, match=message):
        LIFParams(tau_m=20, tau_ref=0.002, V_th=0.02, V_reset=0.01)


@pytest.mark.parametrize("wrong", ["0.02", None, True, float("nan"), float("inf")])
def test_what_is_no_finite_number_is_refused(wrong):
    with pytest.raises(ParameterError, match=r"LIFParams\.tau_m"):
        replace(LIF, tau_m=wrong)


def test_reset_above_threshold_is_refused():
    with pytest.raises(ParameterError, match="are the two exchanged"):
        LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.01, V_reset=0.02)


def test_blocks_are_frozen():
    with pytest.raises(FrozenInstanceError):
        LIF.tau_m = 0.01  # type: ignore[misc]


@given(
    tau_m=st.floats(1e-4, 1.0),
    tau_ref=st.floats(0.0, 0.1),
    V_th=st.floats(1e-4, 0.2),
)
def test_config_keys_restore_a_block(tau_m, tau_ref, V_th):
    block = LIFParams(tau_m=tau_m, tau_ref=tau_ref, V_th=V_th, V_reset=-0.1)
    back = LIFParams.from_config(block.to_config())
    for name in ("tau_m", "tau_ref", "V_th", "V_reset"):
        # two decimal shifts, each correctly rounded
        assert getattr(back, name) == pytest.approx(getattr(block, name), rel=4e-16, abs=1e-300)


def test_nested_blocks_survive_the_round_trip_exactly():
    assert BrunelParams.from_config(BRUNEL.to_config()) == BRUNEL


def test_unknown_and_missing_keys_are_named():
    with pytest.raises(ParameterError, match=r"^LIFParams\.tau = 3\.0: unknown key; known: tau_m"):
        LIFParams.from_config({**LIF.to_config(), "tau": 3.0})
    with pytest.raises(ParameterError, match=r"^LIFParams\.tau_m_ms: missing \(membrane"):
        LIFParams.from_config({k: v for k, v in LIF.to_config().items() if k != "tau_m_ms"})


def test_a_duration_off_the_grid_is_refused():
    with pytest.raises(ParameterError, match="not a multiple of"):
        SimulationParams(dt=1e-4, warm_up=0.0, duration=0.10005, precision="float32")


def test_more_distinct_sources_than_neurons_are_refused():
    with pytest.raises(ParameterError, match="allow multapses"):
        replace(BRUNEL, in_degree_exc=10_000)


def test_the_brunel_normal_form_follows_the_paper():
    # closed form: nu_thr = V_th / (J C_E tau_m) = 10 Hz; 1000 sources at twice that rate
    assert pytest.approx(10.0, rel=1e-12) == BRUNEL.nu_threshold
    network = BRUNEL.network()
    assert network.drive.rate[0, 0] == pytest.approx(20_000.0, rel=1e-12)
    np.testing.assert_array_equal(network.synapses.in_degrees, [[1000, 250], [1000, 250]])
    np.testing.assert_allclose(network.synapses.J, [[1e-4, -5e-4], [1e-4, -5e-4]], rtol=1e-15)
    assert network.is_delta


def test_a_network_refuses_wrong_shapes_and_keeps_its_arrays():
    network = BRUNEL.network()
    with pytest.raises(ParameterError, match=r"delay has shape \(3,\), needs \(2, 2\)"):
        replace(network, synapses=replace(network.synapses, delay=1e-3 * np.ones(3)))
    with pytest.raises(ValueError, match="read-only"):
        network.neurons.tau_m[0] = 1.0
