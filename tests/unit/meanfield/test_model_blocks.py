"""Parameter blocks of the models: derived numbers, normal form, published rates."""

import json
from dataclasses import replace

import numpy as np
import pytest

from cortex.config.presets import read_preset
from cortex.errors import ParameterError
from cortex.meanfield import all_fixed_points, population_cv, solve_working_point
from cortex.networks.case import case_of
from cortex.params.description.overrides import lay_over
from cortex.params.description.states import block_at
from cortex.params.microcircuit import MicrocircuitParams
from cortex.params.senk import SenkParams
from cortex.units import to_si

PUBLISHED = {
    "shift": (0.75419, 2.79371, 4.44022, 5.82293, 7.15359, 8.46982, 1.15974, 7.75572),
    "taylor": (0.70902, 2.74821, 4.56195, 5.78824, 7.27835, 8.46811, 1.06375, 7.65748),
}
DC_DRIVE = (0.6873, 2.6598, 4.2431, 5.6243, 7.2665, 8.2157, 1.1858, 7.5252)
CV = (0.990, 0.946, 0.922, 0.908, 0.887, 0.847, 0.985, 0.854)
BOS = (0.68013, 2.63645, 4.29513, 5.62674, 6.61058, 8.26883, 1.02593, 7.56833)


@pytest.mark.parametrize("method", ["shift", "taylor"])
def test_microcircuit_has_its_published_rates(method):
    point = solve_working_point(MicrocircuitParams().network(), method=method)
    np.testing.assert_allclose(point.nu, PUBLISHED[method], atol=6e-6)


def test_microcircuit_with_constant_drive_and_its_cvs():
    model = MicrocircuitParams()
    point = solve_working_point(replace(model, drive="dc").network())
    np.testing.assert_allclose(point.nu, DC_DRIVE, atol=6e-5)
    network = model.network()
    np.testing.assert_allclose(population_cv(network, solve_working_point(network)), CV, atol=6e-4)


def test_bos_variant_has_its_published_rates():
    point = solve_working_point(MicrocircuitParams.bos2016().network(), method="taylor")
    # published with the example; NNMT 1.3.0 itself gives 0.680108 ... as we do, 4e-5 off
    np.testing.assert_allclose(point.nu, BOS, rtol=1e-4)


@pytest.mark.parametrize("number", [0, 1])
def test_microcircuit_matrices_agree_with_stored_ones(number, stored):
    case = stored("working_point_microcircuit")[number]
    network = (MicrocircuitParams.bos2016(), MicrocircuitParams())[number].network()
    wired = network.synapses
    np.testing.assert_allclose(wired.in_degrees, case.i["K"], rtol=5e-9)  # stored to 9 digits
    np.testing.assert_allclose(wired.J, case.i["J"], rtol=1e-14)
    np.testing.assert_allclose(wired.delay, case.i["Delay"], rtol=1e-14)
    np.testing.assert_allclose(wired.delay_sd, case.i["Delay_sd"], rtol=1e-14)


def test_derived_parameters_agree_with_stored_ones(root):
    text = (root / "tests" / "data" / "nnmt" / "model_parameters.json").read_text("utf-8")
    senk, bos, units = json.loads(text)["cases"]
    for raw, network in (
        (senk, SenkParams(g=5.0).network()),
        (bos, MicrocircuitParams.bos2016().network()),
    ):
        want = {k: v["value"] for k, v in raw["outputs"]["network_params_si"].items()}
        wired, delay = network.synapses, want.get("Delay", want.get("D_mean"))
        np.testing.assert_array_equal(network.sizes, want["N"])
        np.testing.assert_allclose(wired.J, want["J"], rtol=1e-14)
        np.testing.assert_allclose(wired.in_degrees, want["K"], rtol=5e-9)  # stored to 9 digits
        for name, key in (("tau_m", "tau_m"), ("tau_ref", "tau_r"), ("V_th", "V_th_rel")):
            np.testing.assert_allclose(getattr(network.neurons, name), want[key], rtol=1e-14)
        np.testing.assert_allclose(wired.delay, delay, rtol=1e-14)
    names = {"1/mm": "per_mm", "hertz/millivolt": "Hz_per_mV"}
    for quantity, base in zip(
        units["inputs"]["quantities"], units["outputs"]["base_magnitudes"], strict=True
    ):
        name = names.get(quantity["unit"], quantity["unit"])
        assert to_si(quantity["value"], name) == pytest.approx(base, rel=1e-14)


def test_senk_ring_holds_mean_and_noise_at_10_mV():
    point = solve_working_point(SenkParams().network())
    np.testing.assert_allclose(point.mu, 10e-3, rtol=1e-6)  # rates are given to 7 digits
    np.testing.assert_allclose(point.sigma, 10e-3, rtol=1e-6)
    np.testing.assert_allclose(point.nu, 55.2195, rtol=1e-5)
    assert pytest.approx(0.1756e-3, rel=1e-14) == SenkParams().J


SANZENI = read_preset("sanzeni2020")


def n_stable(name, keys=None):
    block = lay_over(block_at(SANZENI, name), keys or {})
    found = all_fixed_points(case_of("sanzeni2020", block).network)
    assert found.is_complete
    return int(found.is_stable.sum()), found.nu


def test_five_nonlinearities_of_sanzeni_et_al():
    assert set(SANZENI["states"]) == {
        "saturation_driven_nonlinearity",
        "saturation_driven_multisolution",
        "response_onset_supersaturation",
        "mean_driven_multisolution",
        "noise_driven_multisolution",
    }
    assert n_stable("saturation_driven_nonlinearity")[0] == 1
    number, nu = n_stable("saturation_driven_multisolution")
    assert number == 2
    assert nu[0, 0] < 2.0
    assert nu[-1, 0] > 0.7 / 2e-3  # near the refractory limit
    for name in ("mean_driven_multisolution", "noise_driven_multisolution"):
        assert n_stable(name)[0] == 2


def test_supersaturation_lowers_the_excitatory_rate_while_the_drive_grows():
    rates = [
        n_stable("response_onset_supersaturation", {"rate_ext": rate})[1][0]
        for rate in (9.0, 12.0, 20.0, 40.0)
    ]
    excitatory, inhibitory = np.transpose(rates)
    assert np.all(np.diff(inhibitory) > 0.0)
    assert excitatory[0] < excitatory[1] > excitatory[2] > excitatory[3]


@pytest.mark.parametrize(
    ("name", "persists"),
    [("mean_driven_multisolution", True), ("noise_driven_multisolution", False)],
)
def test_states_driven_by_the_mean_persist_as_noise_vanishes(name, persists):
    block, less = block_at(SANZENI, name), 1.0 / 16.0  # same means, variances 16 times lower
    parts = {f"{p}.{n}": keys for p in ("projections", "drive") for n, keys in block[p].items()}
    quiet = {f"{name}.J_mV": less * keys["J_mV"] for name, keys in parts.items()}
    for number in ("in_degree", "n_sources"):
        counted = {
            f"{name}.{number}": keys[number] for name, keys in parts.items() if number in keys
        }
        quiet |= {key: value / less for key, value in counted.items()}
    assert (n_stable(name, quiet)[0] == 2) is persists


@pytest.mark.parametrize(
    "block", [SenkParams(), MicrocircuitParams(), MicrocircuitParams.bos2016()]
)
def test_blocks_survive_the_configuration(block):
    assert type(block).from_config(block.to_config()) == block


def test_blocks_refuse_what_cannot_be():
    with pytest.raises(ParameterError, match="must stay below 1"):
        MicrocircuitParams(connection_probability=((1.0,) * 8,) * 8)
