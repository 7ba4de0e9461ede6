"""The normal form of a network: what it refuses before theory or simulation reads it."""

import re
from dataclasses import fields, replace

import numpy as np
import pytest

from cortex.config.presets import read_config
from cortex.errors import ParameterError
from cortex.params.connectivity import NEEDED_KEYS, OWN_KEYS, SheetKernelParams
from cortex.params.description.settings import AxisParams
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons, LIFParams
from cortex.params.microcircuit import MicrocircuitParams
from cortex.params.network import PopulationNetwork
from cortex.params.senk import SenkParams
from cortex.params.space import NetworkSpace
from cortex.params.spec import Quantity, spec_of
from cortex.params.synapses import Synapses

NETWORK = SenkParams().network()


def changed(part, **values):
    """Return the network with values of one of its records replaced."""
    return replace(NETWORK, **{part: replace(getattr(NETWORK, part), **values)})


@pytest.mark.parametrize(
    ("part", "name", "value", "match"),
    [
        (
            "neurons",
            "tau_m",
            [20.0, 20.0],
            r"= 20\.0 s is outside \[0\.0001, 1\] s .* in ms\?",
        ),
        ("neurons", "tau_m", 20.0, r"LIFNeurons\.tau_m = 20\.0 s .* Then write 0\.02"),
        ("neurons", "tau_m", [-0.02, 0.02], r"LIFNeurons\.tau_m = -0\.02 s is outside"),
        ("neurons", "V_th", [15.0, 0.015], r"V_th = 15\.0 V .* in mV\? Then write 0\.015"),
        ("neurons", "V_reset", 0.015, r"LIFNeurons\.V_reset = .* must lie below V_th .*exchanged"),
        ("neurons", "tau_m", [0.02] * 3, r"do not broadcast: tau_m \(3,\), tau_ref \(2,\)"),
        ("synapses", "J", 10.0, r"Synapses\.J = 10\.0 V .* in mV\?"),
        ("synapses", "J", [0.1e-3] * 3, r"Synapses\.J has shape \(3,\), needs \(2, 2\)"),
        (
            "synapses",
            "J_cv",
            [[0.1, 1.5], [0.0, 0.0]],
            r"J_cv = 1\.5 is outside \[0, 0\.3\].*not in",
        ),
        ("synapses", "tau_s", -1e-3, r"tau_s = -0\.001 s is outside"),
        ("synapses", "delay", 1.5, r"delay = 1\.5 s .* in ms\?"),
        ("synapses", "delay_sd", -1e-4, r"delay_sd = -0\.0001 s is outside"),
        ("synapses", "in_degrees", [[400, -100], [400, 100]], r"in_degrees = -100\.0 is outside"),
        (
            "synapses",
            "delay_distribution",
            "lognorml",
            "'lognorml' is none of none, gaussian",
        ),
        ("drive", "mu_dc", [0.0, 20.0], r"Drive\.mu_dc = 20\.0 V .* in mV\?"),
        ("drive", "mu_dc", [np.nan, 0.0], r"Drive\.mu_dc = nan V is outside"),
        ("drive", "rate", [1.0, 2.0, 3.0], r"Drive\.J has shape \(2, 2\), needs \(2, 3\)"),
    ],
)
def test_a_network_refuses_what_is_not_plausible(part, name, value, match):
    with pytest.raises(ParameterError, match=match):
        changed(part, **{name: value})


@pytest.mark.parametrize(
    ("name", "value", "match"),
    [
        ("sizes", [0, 1000], r"sizes = 0\.0 is outside"),
        ("sizes", [4000.5, 1000], "must be whole numbers of neurons"),
        ("sizes", [4000, 1000, 10], r"sizes has shape \(3,\), needs \(2,\)"),
        ("space", NetworkSpace(extent=1e-3, profile="boxcar", width=[1e-4] * 3), r"width has sh"),
    ],
)
def test_a_network_refuses_sizes_and_a_space_that_do_not_fit(name, value, match):
    with pytest.raises(ParameterError, match=match):
        replace(NETWORK, **{name: value})


def test_what_is_given_broadcasts_to_the_shape_of_its_place():
    network = PopulationNetwork(
        names=("E", "I"),
        sizes=[40, 10],
        neurons=LIFNeurons(tau_m=[0.02, 0.01], tau_ref=0.0, V_th=0.015, V_reset=0.0),
        synapses=Synapses(in_degrees=[8, 2], J=[[1e-4, -4e-4], [2e-4, -8e-4]], tau_s=0, delay=1e-3),
        drive=Drive(rate=[[1e3], [2e3]], J=1e-4, tau_s=0.0, mu_dc=1e-3),
    )
    assert network.neurons.V_th.tolist() == [0.015, 0.015]
    assert network.synapses.in_degrees.tolist() == [[8, 2], [8, 2]]  # a vector is one per source
    assert network.synapses.J_cv.tolist() == [[0, 0], [0, 0]]
    assert network.drive.rate.tolist() == [[1e3], [2e3]]
    assert network.drive.J.tolist() == [[1e-4], [1e-4]]
    assert network.drive.mu_dc.tolist() == [1e-3, 1e-3]
    two = replace(network, drive=Drive(rate=[1e3, 5e2], J=[1e-4, -4e-4], tau_s=0.0))
    assert two.drive.rate.tolist() == [[1e3, 5e2], [1e3, 5e2]]  # a vector is one per input
    none = replace(network, drive=Drive(rate=np.zeros((2, 0)), J=0.0, tau_s=0.0))
    assert none.drive.n_inputs == 0
    assert none.drive.J.shape == (2, 0)
    assert network.n_synapses == 50 * 10


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ({"extent": -1.0}, r"NetworkSpace\.extent = -1\.0 m is outside"),
        ({"extent": 5.0}, r"is it in mm\? Then write 0\.005"),
        ({"profile": "box"}, "'box' is none of boxcar, gaussian, exponential"),
        ({"width": np.array([1e-4, 0.0])}, r"NetworkSpace\.width = 0\.0 m is outside"),
    ],
)
def test_a_ring_refuses_lengths_and_profiles_that_are_none(wrong, match):
    with pytest.raises(ParameterError, match=match):
        NetworkSpace(**({"extent": 1e-3, "profile": "boxcar", "width": [1e-4, 1e-4]} | wrong))


def test_lists_become_arrays_that_nobody_can_change():
    network = replace(changed("neurons", tau_m=[0.02, 0.01]), sizes=[40, 10])
    assert network.neurons.tau_m.tolist() == [0.02, 0.01]
    assert network.first.tolist() == [0, 40, 50]
    for array in (network.sizes, network.neurons.V_th, network.synapses.J, network.drive.mu_dc):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_neurons_have_the_parameters_and_bounds_of_one_neuron():
    for many, one in zip(fields(LIFNeurons), fields(LIFParams), strict=True):
        assert (many.name, spec_of(many)) == (one.name, spec_of(one))


def test_records_of_arrays_name_what_is_unknown_or_missing():
    with pytest.raises(ParameterError, match=r"unknown \['I'\], missing \['tau_s'\]; .*mu_dc"):
        Drive(rate=1.0, J=1e-4, I=1.0)


@pytest.mark.parametrize("block", [SenkParams, MicrocircuitParams])
def test_currents_without_duration_are_refused_because_they_carry_no_charge(block):
    """J = tau_s w / C: tau_s = 0 would remove every synapse without a word."""
    with pytest.raises(ParameterError, match=r"tau_s = 0\.0 s is outside \[1e-05, 0\.1\].*vanish"):
        block(tau_s=0.0)


def test_a_block_inside_a_block_says_where_it_stands():
    exchanged = {"tau_m_ms": 5.0, "tau_ref_ms": 0.0, "V_th_mV": 10.0, "V_reset_mV": 15.0}
    with pytest.raises(ParameterError, match=r"^SenkParams\.neuron\.V_reset_mV = 15\.0 mV mu"):
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


def test_a_window_that_does_not_rise_is_refused():
    assert AxisParams(key="g", low=3.0, high=8.0).inside == ()
    with pytest.raises(ParameterError, match=r"AxisParams\.low = 9\.0 must lie below high = 8\.0"):
        AxisParams(key="g", low=9.0, high=8.0)


def test_a_file_may_hold_the_keys_of_one_network_and_bears_its_name(tmp_path):
    path = tmp_path / "mynet.yaml"
    path.write_text("seed: 1\npreset: brunel\nsweeps: {}\nlfp: {targets: [E]}\n")
    beside = tmp_path / "beside.yaml"
    beside.write_text(
        "seed: 1\nsweeps: {}\nnetworks: {mynet: {preset: brunel, lfp: {targets: [E]}}}\n"
    )
    assert read_config([path]) == read_config([beside])
