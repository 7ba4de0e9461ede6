"""Weights of a network file that follow a kernel: each synapse, their moments, their theory."""

import numpy as np
import pytest

from cortex.connectivity import places
from cortex.connectivity.space import displacements
from cortex.errors import ParameterError
from cortex.meanfield.response.spatial_profiles import space_factor
from cortex.meanfield.stationary.moments import mean_coupling, variance_coupling
from cortex.networks.case import case_of
from cortex.params.description.study import DescribedNetwork
from cortex.params.wiring import WiringRule
from cortex.spiking import draw_source_lists
from cortex.steps.predict import predict
from cortex.steps.sheets import observe_sheet, places_of
from cortex.steps.simulate import simulate_seeded

HAT = {"shape": "mexican_hat", "sigma_mm": 0.12}
GABOR = {
    "shape": "gabor", "sigma_mm": 0.15, "frequency_per_mm": 3.0, "theta_deg": 30.0,
    "phase_deg": 40.0, "aspect": 0.7,
}  # fmt: skip


def block(kernel, J=0.9, profile="boxcar", width=0.35, **more):
    """Return a file of 3,600 neurons on 2 x 2 mm joined with weights that follow a kernel."""
    cells = {"tau_m_ms": 10.0, "tau_ref_ms": 2.0, "V_th_mV": 15.0, "V_reset_mV": 0.0}
    own = {"in_degree": 300, "J_mV": J, "receptor": "psc", "delay_ms": 0.5, **more}
    space = {"profile": profile, "width_mm": width, "weight_kernel": kernel}
    bg = {"target": "all", "receptor": "psc"}
    return {
        "populations": {"E": {"size": 3600, **cells}},
        "receptors": {"psc": {"tau_s_ms": 1.0}},
        "space": {"extent_mm": [2.0, 2.0]},
        "projections": {"from_E": {"source": "E", "target": "E", **own, **space}},
        "drive": {
            "excitation": {**bg, "wanted_rate_Hz": 10.0, "J_mV": 0.3},
            "inhibition": {**bg, "rate_Hz": 4000.0, "J_mV": -0.6},
        },
        "theory": {"max_wave_number": 8},
        "simulation": {"dt_ms": 0.1, "warm_up_s": 0.2, "duration_s": 0.4, "precision": "float32"},
        "analysis": {"segment_ms": 200.0, "n_space": 20, "wave_segment_ms": 200.0},
        "excerpt": {"duration_s": 0.05},
    }


def hat(d):
    square = np.sum(d**2, axis=-1) / 0.12e-3**2
    return 2.0 * np.exp(-square / 2.0) - np.exp(-square / 4.0)


def gabor(d):
    angle = np.deg2rad(30.0)
    u = d[..., 0] * np.cos(angle) + d[..., 1] * np.sin(angle)
    v = d[..., 1] * np.cos(angle) - d[..., 0] * np.sin(angle)
    envelope = np.exp(-(u**2 + (0.7 * v) ** 2) / (2.0 * 0.15e-3**2))
    return envelope * np.cos(2.0 * np.pi * 3e3 * u + np.deg2rad(40.0))


@pytest.mark.parametrize(
    ("kernel", "function", "profile", "width"),
    [(HAT, hat, "boxcar", 0.35), (GABOR, gabor, "gaussian", 0.25)],
)
def test_every_weight_is_the_kernel_at_its_displacement(kernel, function, profile, width):
    """Oracle: formulas written down here at places of both ends; moments of what was drawn."""
    network = case_of("own", block(kernel, 0.5, profile, width)).network
    # a neuron's own place counts in a continuum
    rule = WiringRule(autapses=True)
    lists = draw_source_lists(network, seed=2, dt=1e-4, rule=rule)
    source, target = np.repeat(np.arange(3600), np.diff(lists.start)), lists.targets.astype(int)
    at = places(network.space, "E", 3600).coordinates
    values = function(displacements(at[source], at[target], network.space.period))
    np.testing.assert_allclose(lists.weights, 5e-4 * values, atol=1e-9)  # single precision
    # a million synapses on a grid of 33 um, whose places stand for their cells
    tau_m, rms = 0.01, np.sqrt(np.mean(values**2))
    mean = mean_coupling(network)[0, 0] / (tau_m * 300 * 5e-4)
    square = variance_coupling(network)[0, 0] / (tau_m * 300 * 5e-4**2)
    assert mean == pytest.approx(values.mean(), abs=0.01 * rms)
    assert square == pytest.approx(np.mean(values**2), rel=0.02)


def test_waves_feel_profile_times_kernel_with_delays_that_grow():
    """Oracle: the sum over a fine lattice of sources around one target."""
    network = case_of("own", block(HAT, profile="gaussian", width=0.15, speed_m_per_s=0.2)).network
    x = np.arange(-400, 401) * 2.5e-6
    d = np.stack(np.meshgrid(x, x), axis=-1)
    r = np.hypot(d[..., 0], d[..., 1])
    weight = np.where(r <= 0.75e-3, np.exp(-(r**2) / (2.0 * 0.15e-3**2)) * hat(d), 0.0)
    k, lam = 2.0 * np.pi / 0.5e-3, -30.0 + 300.0j
    expected = np.sum(weight * np.exp(-lam * r / 0.2 + 1j * k * d[..., 0])) / np.sum(weight)
    S = space_factor(network.space, k)(np.array([lam]))[0][0, 0, 0]
    assert pytest.approx(expected, rel=1e-3) == S  # Gaussian cut at five widths, cells of 2.5 um


def test_a_mexican_hat_makes_the_static_pattern_that_theory_predicts():
    case = case_of("own", block(HAT, J=1.0, receptor="psc"))
    modes = predict(case, ("modes",))[0]["modes"]
    fastest = int(np.nanargmax(modes["growth"]))
    assert modes["growth"][fastest] > 0.0
    assert modes["frequency"][fastest] < 1e-9
    assert modes["wave_number"][fastest] == 3
    spikes = simulate_seeded(case, 1).spikes
    study = case.study
    seen = observe_sheet("own", places_of(case), [spikes], study.analysis, study.excerpt)["waves"]
    assert seen["wave_number"][0] == pytest.approx(3, abs=0.5)  # of a vector of whole numbers
    assert seen["wave_frequency"][0] < 5.0  # the resolution of segments of 0.2 s
    assert seen["share"][0] > 0.1


def test_what_theory_or_a_receptor_cannot_take_is_refused_by_name():
    case = case_of("own", block(GABOR, 0.3, "gaussian", 0.2))
    tables, refused = predict(case, ("rates", "modes", "rate_elasticities"))
    assert tables["rates"]["nu"] == pytest.approx(10.0, rel=1e-3)  # the wanted rate
    assert "weights that follow Gabor" in refused["modes"]
    assert "weights that follow a kernel (weight_kernel)" in refused["rate_elasticities"]
    with pytest.raises(ParameterError, match=r"from E to E: weights that follow a gabor add up to"):
        case_of("own", block(GABOR | {"phase_deg": 90.0}))
    with pytest.raises(ParameterError, match="a gabor has the keys sigma, frequency, theta, phase"):
        case_of("own", block({**HAT, "shape": "gabor"}))
    with pytest.raises(ParameterError, match=r"of one sign each; .* gabor change"):
        DescribedNetwork.from_config(block(GABOR) | {"lfp": {"targets": ["E"]}}).check()
    with pytest.raises(ParameterError, match="weight_kernel needs a profile, and takes neither"):
        case_of("own", block(HAT, weight_cv=0.1))
