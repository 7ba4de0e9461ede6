"""The normal form of a network: what it refuses before theory or simulation reads it."""

import re
from dataclasses import fields, replace

import numpy as np
import pytest

from cortex.errors import ParameterError
from cortex.params.connectivity import NEEDED_KEYS, OWN_KEYS, SheetKernelParams
from cortex.params.lif import LIFParams
from cortex.params.microcircuit import MicrocircuitParams
from cortex.params.network import BOUNDS, PopulationNetwork, RingSpace
from cortex.params.senk import SenkParams
from cortex.params.spec import Quantity, spec_of
from cortex.params.stability import PlaneLines
from cortex.units import to_si

NETWORK = SenkParams().network()


@pytest.mark.parametrize(
    ("name", "value", "match"),
    [
        ("tau_m", [20.0, 20.0], r"tau_m = 20\.0 s is outside \[0\.0001, 1\] s .* in ms\?.*0\.02"),
        ("tau_m", [-0.02, 0.02], r"tau_m = -0\.02 s is outside"),
        ("V_th", [15.0, 0.015], r"V_th = 15\.0 V .* in mV\? Then write 0\.015"),
        ("J", np.full((2, 2), 100.0), r"J = 100\.0 V .* in mV\?"),
        ("mu_dc", [0.0, 20.0], r"mu_dc = 20\.0 V .* in mV\?"),
        ("tau_s", np.full((2, 2), -1e-3), r"tau_s = -0\.001 s is outside"),
        ("delay", np.full((2, 2), 1.5), r"delay = 1\.5 s .* in ms\?"),
        ("delay_sd", np.full((2, 2), -1e-4), r"delay_sd = -0\.0001 s is outside"),
        ("in_degrees", np.array([[400, -100], [400, 100]]), r"in_degrees = -100\.0 is outside"),
        ("sizes", [0, 1000], r"sizes = 0\.0 is outside"),
        ("sizes", [4000.5, 1000], "must be whole numbers of neurons"),
        ("sizes", [4000, 1000, 10], r"sizes has shape \(3,\), needs \(2,\)"),
        ("tau_m", [0.02], r"tau_m has shape \(1,\), needs \(2,\)"),
        ("mu_dc", [np.nan, 0.0], "not finite"),
        ("delay_distribution", "lognorml", "'lognorml' is none of none, gaussian, trunc"),
        ("space", RingSpace(circumference=1e-3, profile="boxcar", width=[1e-4]), r"width has sh"),
    ],
)
def test_a_network_refuses_what_is_not_plausible(name, value, match):
    with pytest.raises(ParameterError, match=match):
        replace(NETWORK, **{name: value})


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ({"circumference": -1.0}, r"RingSpace\.circumference = -1\.0 m is outside"),
        ({"circumference": 5.0}, r"is it in mm\? Then write 0\.005"),
        ({"profile": "box"}, "'box' is none of boxcar, gaussian, exponential"),
        ({"width": np.array([1e-4, 0.0])}, r"RingSpace\.width = 0\.0 m is outside"),
    ],
)
def test_a_ring_refuses_lengths_and_profiles_that_are_none(wrong, match):
    with pytest.raises(ParameterError, match=match):
        RingSpace(**({"circumference": 1e-3, "profile": "boxcar", "width": [1e-4, 1e-4]} | wrong))


def test_lists_become_arrays_that_nobody_can_change():
    network = replace(NETWORK, tau_m=[0.02, 0.01], sizes=[40, 10])
    assert network.tau_m.tolist() == [0.02, 0.01]
    assert network.first.tolist() == [0, 40, 50]
    with pytest.raises(ValueError, match="read-only"):
        network.sizes[0] = 1


def test_a_network_and_a_neuron_have_the_same_bounds():
    for field in fields(LIFParams):
        spec = spec_of(field)
        assert BOUNDS[field.name] == (to_si(spec.low, spec.unit), to_si(spec.high, spec.unit))


def test_every_array_of_a_network_has_bounds():
    other = {"names", "delay_distribution", "J_cv", "space"}
    assert {field.name for field in fields(PopulationNetwork)} == BOUNDS.keys() | other


@pytest.mark.parametrize("block", [SenkParams, MicrocircuitParams])
def test_currents_without_duration_are_refused_because_they_carry_no_charge(block):
    """J = tau_s w / C: tau_s = 0 would remove every synapse without a word."""
    with pytest.raises(ParameterError, match=r"tau_s = 0\.0 s is outside \[1e-05, 0\.1\].*vanish"):
        block(tau_s=0.0)


def test_a_block_inside_a_block_says_where_it_stands():
    exchanged = {"tau_m_ms": 5.0, "tau_ref_ms": 0.0, "V_th_mV": 10.0, "V_reset_mV": 15.0}
    with pytest.raises(ParameterError, match=r"^SenkParams\.neuron: LIFParams\.V_reset = 0\.015"):
        SenkParams.from_config({"neuron": exchanged})


@pytest.mark.parametrize(
    ("unit", "value", "hint"),
    [
        ("per_s", 0.02, "1/ms? Then write 20"),
        ("Hz", 0.04, "kHz? Then write 40"),
        ("deg", 90.0, "°?"),
    ],
)
def test_hints_name_units_that_exist(unit, value, hint):
    quantity = Quantity(unit=unit, low=1.0, high=1e3, doc="any")
    with pytest.raises(ParameterError, match=re.escape(f"is it in {hint}")):
        quantity.check("x", value)


def kernel(shape, **keys):
    return SheetKernelParams(shape=shape, sigma=1e-4, radius=3e-4, weight=1e-9, **keys)


@pytest.mark.parametrize("shape", OWN_KEYS)
def test_a_kernel_needs_the_keys_of_its_formula(shape):
    keys = dict.fromkeys(NEEDED_KEYS[shape], 1e-4) | (
        {"frequency": 1e4} if shape == "gabor" else {}
    )
    assert kernel(shape, **keys).shape == shape
    for name in keys:
        with pytest.raises(ParameterError, match=rf"needs \['{name}'\]"):
            kernel(shape, **{k: v for k, v in keys.items() if k != name})


@pytest.mark.parametrize(
    ("shape", "foreign"),
    [("gaussian", {"turn": 3e-5}), ("mexican_hat", {"frequency": 1e4}), ("gaussian", {"arms": 3})],
)
def test_a_kernel_refuses_keys_of_another_formula(shape, foreign):
    with pytest.raises(ParameterError, match=rf"knows no \['{next(iter(foreign))}'\]"):
        kernel(shape, **foreign)


@pytest.mark.parametrize("name", ["g", "ratio"])
def test_a_window_that_does_not_rise_is_refused(name):
    window = {"g_low": 3.0, "g_high": 8.0, "ratio_low": 0.5, "ratio_high": 4.0}
    assert PlaneLines(**window, max_frequency=400.0, max_step=0.1).g_low == 3.0
    window |= {f"{name}_low": 9.0}
    with pytest.raises(ParameterError, match=rf"{name}_low = 9\.0 must lie below {name}_high"):
        PlaneLines(**window, max_frequency=400.0, max_step=0.1)
