"""Networks on a sheet, as their file states them: in-degrees, reach, delays by distance."""

from typing import Any

import numpy as np
import pytest

from cortex.connectivity import Projection, distance_delays, places
from cortex.connectivity.space import displacements
from cortex.errors import ParameterError
from cortex.lfp.delays import pair_shares
from cortex.meanfield.response.delays import delay_transform
from cortex.meanfield.response.spatial_profiles import space_factor
from cortex.networks.case import case_of
from cortex.params.description.study import DescribedNetwork
from cortex.spiking import draw_source_lists, draw_wiring, lay_out, simulate
from cortex.steps.lfp import synthesise_lfp
from cortex.steps.observe import observe
from cortex.steps.predict import predict
from cortex.steps.simulate import simulate_seeded

EXC = {"source": "E", "target": "all", "in_degree": 40, "J_mV": 0.4, "delay_ms": 0.5}
INH = {"source": "I", "target": "all", "in_degree": 10, "J_mV": -2.0, "delay_ms": 0.3}


def block(positions="grid", **space):
    """Return a file of 900 + 100 neurons on 1 x 1 mm."""
    cells = {"tau_m_ms": 10.0, "tau_ref_ms": 2.0, "V_th_mV": 15.0, "V_reset_mV": 0.0}
    exc = {**EXC, "receptor": "psc", "profile": "gaussian", "width_mm": 0.1, "speed_m_per_s": 0.2}
    inh = {**INH, "receptor": "psc", "profile": "boxcar", "width_mm": 0.4}
    return {
        "populations": {"E": {"size": 900, **cells}, "I": {"like": "E", "size": 100}},
        "receptors": {"psc": {"tau_s_ms": 1.0}},
        "space": {"extent_mm": [1.0, 1.0], "positions": positions, **space},
        "projections": {"from_E": exc, "from_I": inh},
        "drive": {"bg": {"target": "all", "rate_Hz": 4500.0, "J_mV": 0.4, "receptor": "psc"}},
        "simulation": {"dt_ms": 0.1, "warm_up_s": 0.1, "duration_s": 0.2, "precision": "float64"},
        "analysis": {"segment_ms": 100.0},
        "excerpt": {"duration_s": 0.05},
    }


def synapses(network, lists):
    """Source, target, distance (m) and delay (steps) of every synapse."""
    source = np.repeat(np.arange(lists.n_neurons), np.diff(lists.start))
    target = lists.targets.astype(int)
    at: Any = [
        places(network.space, name, size).coordinates
        for name, size in zip(network.names, network.sizes.tolist(), strict=True)
    ]
    at = np.concatenate(at)
    d = displacements(at[source], at[target], network.space.period)
    return source, target, np.hypot(*d.T), lists.delays.astype(int)


@pytest.mark.parametrize("positions", ["grid", "jittered", "random"])
def test_in_degrees_reach_and_delays_are_those_of_the_file(positions):
    """Oracle: distances of the places by brute force; delay d0 + r/v, rounded to the step."""
    network = case_of("sheet", block(positions)).network
    lists = draw_source_lists(network, seed=3, dt=1e-4)
    source, target, r, delay = synapses(network, lists)
    excites = source < 900
    assert np.all(np.bincount(target[excites], minlength=1000) == 40)
    assert np.all(np.bincount(target[~excites], minlength=1000) == 10)
    assert not np.any(source == target)
    assert r[~excites].max() <= 0.4e-3 * (1 + 1e-9)
    np.testing.assert_array_equal(delay[~excites], 3)
    np.testing.assert_array_equal(delay[excites], np.floor(5 + r[excites] / 0.2 / 1e-4 + 0.5))
    # The mean distance of a Gaussian sheet is sigma sqrt(pi/2), onto I, where no autapse is left
    # out: four standard errors. Random places are drawn once, so that their 900 count.
    onto = r[excites & (target >= 900)]
    n = 900 if positions == "random" else onto.size
    assert onto.mean() == pytest.approx(1e-4 * np.sqrt(np.pi / 2), abs=4 * onto.std() / np.sqrt(n))


def test_neurons_sit_in_the_same_places_for_every_seed_and_wiring_differs():
    network = case_of("sheet", block("random")).network
    E = [places(network.space, "E", 900).coordinates for _ in range(2)]
    np.testing.assert_array_equal(*E)
    one, two = (draw_source_lists(network, seed=seed, dt=1e-4) for seed in (1, 2))
    assert np.mean(one.targets[:2000] == two.targets[:2000]) < 0.1


def test_a_projection_made_by_hand_over_the_places_gives_the_spikes_of_the_drawn_one():
    case = case_of("sheet", block())
    network, settings = case.network, case.study.simulation
    drawn = draw_wiring(network, settings, seed=5)
    source, target, _, _ = synapses(network, drawn)

    wiring, at = {}, {}
    for name, size in zip(network.names, network.sizes.tolist(), strict=True):
        at[name] = places(network.space, name, size)
    first = dict(zip(network.names, network.first.tolist(), strict=False))
    for a in network.names:
        for b in network.names:
            mine = (target < 900) == (a == "E")
            mine &= (source < 900) == (b == "E")
            n_b, n_a = at[b].n, at[a].n
            p = Projection.from_pairs(
                source[mine] - first[b], target[mine] - first[a], n_sources=n_b, n_targets=n_a
            )
            if b == "E":
                p = distance_delays(p, at[b], at[a], offset=5e-4, speed=0.2)
            wiring[a, b] = p
    laid_out = lay_out(network, wiring, seed=1, dt=1e-4)
    np.testing.assert_array_equal(laid_out.start, drawn.start)
    runs = [simulate(network, settings, seed=5, wiring=each).spikes for each in (drawn, wiring)]
    assert len(runs[0]) > 200
    np.testing.assert_array_equal(runs[0].steps, runs[1].steps)
    np.testing.assert_array_equal(runs[0].neurons, runs[1].neurons)


def test_an_open_sheet_and_a_ring_of_gaussians_run():
    for space in ({"periodic": False}, {"extent_mm": [1.0]}):
        run = simulate_seeded(case_of("sheet", block(**space)), 1)
        assert run.spikes.mean_rates().min() > 1.0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"space": {"extent_mm": [1.0] * 4}}, "two of a sheet or three of a volume, not 4"),
        (
            {"space": {"extent_mm": [1.0] * 3}},
            r"E: 900 neurons fill no grid of cubes .* 1000 \(10 x 10 x 10\) do; or take random",
        ),
        (
            {"space": None},
            "every projection needs profile and width_mm, and the network a `space:`",
        ),
        (
            {"space": {"extent_mm": [1.0, 0.7]}},
            r"I: 100 neurons fill no grid .* 96 \(12 x 8\) do; or take",
        ),
    ],
)
def test_a_space_that_cannot_be_is_refused_with_what_would_do(change, said):
    with pytest.raises(ParameterError, match=said):
        case_of("sheet", {key: each for key, each in (block() | change).items() if each})


def test_delays_follow_their_law_and_grow_with_distance():
    """Oracles: distance over speed by brute force; what theory and LFP make of such delays."""
    spread = block()
    spread["projections"]["from_E"] |= {"delay_sd_ms": 0.4, "delay_law": "lognormal", "delay_ms": 1}
    network = case_of("sheet", spread).network
    lists = draw_source_lists(network, seed=3, dt=1e-4)
    source, target, r, delay = synapses(network, lists)
    excites = source < 900
    np.testing.assert_array_equal(delay[~excites], 3)
    law = delay[excites] - np.floor(r[excites] / 0.2 / 1e-4 + 0.5)
    # four standard errors of 40,000 draws; rounding to steps adds 1/12 to the variance
    assert law.mean() == pytest.approx(10.0, abs=4 * 4.0 / 200)
    assert law.std() == pytest.approx(np.sqrt(16.0 + 1 / 12), rel=0.03)
    assert abs(np.corrcoef(law, r[excites])[0, 1]) < 4 / 200
    onto_I = excites & (target >= 900)
    shares = pair_shares(network, (1, 0), 1e-4)
    late = shares.first + 1e-4 * np.arange(len(shares.shares))
    for f in (20.0, 100.0):
        lam = np.array([2j * np.pi * f])
        D = delay_transform(lam, 1e-3, 4e-4, "lognormal")[0][0]
        theory = D * space_factor(network.space, 0.0)(lam)[0][0, 1, 0]
        drawn = np.exp(-lam * 1e-4 * delay[onto_I]).mean()
        assert drawn == pytest.approx(theory, abs=4 / np.sqrt(onto_I.sum()))
        assert np.sum(shares.shares * np.exp(-lam * late)) == pytest.approx(theory, abs=2e-3)


def test_a_profile_of_ones_own_joins_by_its_table():
    """Oracle: shares of the sources by distance of a table that is a ring-shaped plateau."""
    own = block(profiles={"annulus": [0.0, 0.0, 2.0, 2.0, 0.0]})
    own["projections"]["from_E"] |= {"profile": "annulus", "width_mm": 0.4}
    network = case_of("sheet", own).network
    lists = draw_source_lists(network, seed=3, dt=1e-4)
    source, _, r, _ = synapses(network, lists)
    near = r[source < 900] * 1e3
    edges = np.array([0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4])
    fine = np.linspace(0.1, 0.4, 30_001)
    height = np.interp(fine, [0.1, 0.2, 0.3, 0.4], [0.0, 1.0, 1.0, 0.0]) * fine
    below = np.interp(edges, fine, np.cumsum(height) / height.sum())
    assert near.min() > 0.1
    assert near.max() < 0.4 + 1e-9
    found = np.histogram(near, edges)[0] / near.size
    # neighbours of a grid sit at few distances: its rings, 0.033 mm apart, fall on either side
    np.testing.assert_allclose(found, np.diff(below), atol=0.03)
    assert np.isfinite(predict(case_of("sheet", own), ("modes",))[0]["modes"]["growth"]).any()
    own["projections"]["from_I"]["profile"] = "annulu"
    with pytest.raises(ParameterError, match=r"profile: no annulu; there are: boxcar, .*annulus"):
        case_of("sheet", own)


@pytest.mark.parametrize("rule", ["fixed_out_degree", "fixed_total_number", "pairwise_bernoulli"])
def test_every_rule_may_stand_in_a_file_and_keeps_reach_and_number(rule):
    ruled = block() | {"wiring": {"rule": rule}}
    case = case_of("sheet", ruled)
    lists = draw_source_lists(case.network, seed=3, dt=1e-4, rule=case.rule)
    source, target, r, _ = synapses(case.network, lists)
    excites = source < 900
    n_E = np.bincount(source[excites], minlength=900)
    in_E = np.bincount(target[excites], minlength=1000)
    # binomials of 40 onto each of 1,000: the total scatters by 200 where only chances are fixed
    slack = {"pairwise_bernoulli": 4 * 200}.get(rule, 4)
    assert n_E.sum() == pytest.approx(40_000, abs=slack)
    assert np.ptp(n_E) <= 2 or rule != "fixed_out_degree"
    assert np.ptp(in_E) > 10
    assert r[~excites].max() <= 0.4e-3 * (1 + 1e-9)
    onto = r[excites & (target >= 900)]
    assert onto.mean() == pytest.approx(1e-4 * np.sqrt(np.pi / 2), abs=4e-4 / np.sqrt(onto.size))
    assert simulate_seeded(case, 1).spikes.mean_rates().min() > 1.0


def test_a_volume_is_wired_predicted_and_simulated():
    """Oracle: distances of the places by brute force; mean distance 2 sigma sqrt(2/pi)."""
    own = block(positions="random", extent_mm=[1.0] * 3, profiles={"ball": [1.0, 0.5]})
    own["projections"]["from_I"] |= {"profile": "ball", "width_mm": 0.45}
    kernel = {"shape": "gaussian", "sigma_mm": 0.2}
    own["projections"]["from_E"] |= {"width_mm": 0.15, "weight_kernel": kernel}
    case = case_of("volume", own)
    lists = draw_source_lists(case.network, seed=3, dt=1e-4, rule=case.rule)
    source, target = np.repeat(np.arange(1000), np.diff(lists.start)), lists.targets.astype(int)
    of = [places(case.network.space, *each).coordinates for each in (("E", 900), ("I", 100))]
    at = np.concatenate(of)
    r = np.linalg.norm(displacements(at[source], at[target], case.network.space.period), axis=1)
    excites = source < 900
    assert np.all(np.bincount(target[excites], minlength=1000) == 40)
    assert r[~excites].max() <= 0.45e-3 * (1 + 1e-9)
    np.testing.assert_array_equal(
        lists.delays[excites], np.floor(5 + r[excites] / 0.2 / 1e-4 + 0.5).astype(int)
    )
    np.testing.assert_allclose(
        lists.weights[excites], 4e-4 * np.exp(-(r[excites] ** 2) / (2 * 0.2e-3**2)), rtol=1e-5
    )
    onto = r[excites & (target >= 900)]  # 900 places, drawn once
    assert onto.mean() == pytest.approx(3e-4 * np.sqrt(2 / np.pi), abs=4 * onto.std() / 30)
    modes = predict(case, ("modes",))[0]["modes"]
    assert np.isfinite(modes["growth"][modes["rank"] == 0][:5]).all()
    run = simulate_seeded(case, 1)
    assert run.spikes.mean_rates().min() > 1.0
    assert "film" not in observe(case, [run.spikes])


def test_a_speed_needs_a_profile():
    wrong = block()
    del wrong["space"]
    for each in wrong["projections"].values():
        each.pop("profile")
        each.pop("width_mm")
    with pytest.raises(ParameterError, match=r"speed_m_per_s = 0\.2 .* needs a profile"):
        case_of("sheet", wrong)


@pytest.mark.parametrize(
    ("profile", "integral"),
    # pi w^2, 2 pi sigma^2 and 2 pi l^2, mm^2
    [("boxcar", np.pi * 0.01), ("gaussian", 2 * np.pi * 0.01), ("exponential", 2 * np.pi * 0.01)],
)
def test_an_in_degree_beyond_the_sources_in_reach_is_refused_as_the_file_is_read(profile, integral):
    """Oracle: p = K / (density x integral), 900 neurons per mm^2."""
    crowded = block()
    K = int(1.2 * 900 * integral)
    crowded["projections"]["from_E"] |= {"profile": profile, "width_mm": 0.1, "in_degree": K}
    said = rf"in-degree of {K} needs the connection probability {K / (900 * integral):.3g} at"
    with pytest.raises(ParameterError, match=said):
        DescribedNetwork.from_config(crowded).check()
    crowded["projections"]["from_E"]["wiring"] = {"multapses": True}
    DescribedNetwork.from_config(crowded).check()


def test_a_file_with_electrodes_gives_the_lfp_over_its_sheet_and_nothing_else_has_them():
    lfp = {"targets": ["E"], "electrodes": {"height_mm": 0.1, "shaft_mm": [0.0, 0.1, 0.2, 0.3]}}
    small = {"rate_bin_ms": 1.0, "segment_ms": 100.0, "settle_ms": 20.0, "n_space": 10, "wave_segment_ms": 50.0}  # fmt: skip # noqa: E501
    case = case_of("sheet", block() | {"lfp": lfp, "analysis": small})
    runs = [simulate_seeded(case, seed).spikes for seed in (1, 2)]
    tables = synthesise_lfp(case, runs)
    distances, shaft, responses = (tables[name] for name in ("distances", "shaft", "responses"))
    assert set(distances["kind"]) == {"lfp", "spikes"}
    assert set(distances["seed"]) == {0, 1}
    near = distances["distance"] == distances["distance"].min()
    lfp_near, spikes_near = (
        distances["correlation"][near & (distances["kind"] == kind)].mean()
        for kind in ("lfp", "spikes")
    )
    assert lfp_near > 0.5 > 10.0 * spikes_near  # contacts 0.1 mm apart share their dipoles
    assert np.isnan(shaft["csd"]).sum() == len(shaft["csd"]) // 2  # two of four heights are ends
    # no current before a spike, but for the ringing of a band that ends
    early = responses["time"] < -1e-3
    assert np.abs(responses["lfp"][early]).max() < 0.05 * np.abs(responses["lfp"]).max()
    with pytest.raises(ParameterError, match=r"lfp\.electrodes lie over a periodic sheet"):
        DescribedNetwork.from_config(block(extent_mm=[1.0]) | {"lfp": lfp}).check()
