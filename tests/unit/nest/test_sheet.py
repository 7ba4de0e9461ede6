"""Sheets in NEST: the same spikes where nothing is drawn, the same statistics where inputs are.

Places, distances and delays d0 + r/v are ours; NEST hears the synapses and runs them.
"""

import needs
import numpy as np
import pytest

from cortex.config.presets import with_presets
from cortex.io.listed import lists_of
from cortex.networks.case import case_of, read_case
from cortex.params.description.overrides import deep_merge
from cortex.steps.observe import observe
from cortex.steps.simulate import simulate

pytestmark = needs.NEST

FALL = "fall of the correlation over half a sheet"
CELLS = {"tau_m_ms": 10.0, "tau_ref_ms": 2.0, "V_th_mV": 15.0, "V_reset_mV": 0.0}
SHEET = {
    "populations": {"E": {"size": 400, **CELLS}, "I": {"like": "E", "size": 100}},
    "receptors": {"fast": {"tau_s_ms": 1.0}},
    "space": {"extent_mm": [1.0, 1.0], "positions": "jittered"},
    "projections": {
        "e": {"source": "E", "target": "all", "in_degree": 40, "J_mV": 0.3, "receptor": "fast",
              "delay_ms": 0.5, "profile": "gaussian", "width_mm": 0.2, "speed_m_per_s": 0.2},
        "i": {"source": "I", "target": "all", "in_degree": 10, "J_mV": -1.5, "receptor": "fast",
              "delay_ms": 0.3, "profile": "boxcar", "width_mm": 0.4, "speed_m_per_s": 0.3},
    },
    "drive": {"dc": {"target": "all", "mu_mV": 18.0}},
    "simulation": {"dt_ms": 0.1, "warm_up_s": 0.1, "duration_s": 0.3, "precision": "float64"},
    "analysis": {"segment_ms": 100.0, "n_space": 5, "rate_bin_ms": 1.0, "wave_segment_ms": 50.0},
    "excerpt": {"duration_s": 0.1},
}  # fmt: skip


def both(block, **how):
    """Return the spikes of one network in cortex and in NEST."""
    return [
        simulate(case_of("sheet", {**block, "backend": backend}), seed=5, **how).spikes
        for backend in ("cortex", "nest")
    ]


HAT = {"weight_kernel": {"shape": "mexican_hat", "sigma_mm": 0.15}}


@pytest.mark.parametrize(
    "own",
    [
        {},
        {"space": {"positions": "random"}},
        {"space": {"periodic": False}},
        {"projections": {"e": HAT}, "wiring": {"rule": "fixed_out_degree"}},
    ],
    ids=["jittered", "random", "open", "hat"],
)
def test_every_spike_of_a_sheet_with_distance_delays_is_that_of_nest(own):
    ours, theirs = both(deep_merge(SHEET, own))
    assert len(ours) > 2000
    np.testing.assert_array_equal(ours.steps, theirs.steps)
    np.testing.assert_array_equal(ours.neurons, theirs.neurons)


def test_every_spike_of_a_sheet_with_listed_synapses_is_that_of_nest(tmp_path):
    rng = np.random.default_rng(3)
    n = 4000
    rows = [rng.integers(0, 400, n), rng.integers(0, 100, n), rng.uniform(0.5, 1.5, n),
            rng.integers(1, 40, n) / 10.0]  # fmt: skip
    table = tmp_path / "synapses.csv"
    np.savetxt(table, np.stack(rows, axis=1), delimiter=",", comments="",
               header="source,target,weight,delay_ms")  # fmt: skip
    listed = {"source": "E", "target": "I", "list": {"file": str(table)}}
    e = SHEET["projections"]["e"]
    own = {key: value for key, value in e.items() if key != "in_degree"} | listed
    block = deep_merge(SHEET, {"projections": {"e": {"target": "E"}, "listed": own}})
    block = with_presets({"networks": {"sheet": block}})["networks"]["sheet"]
    ours, theirs = both(block, listed=lists_of(read_case("sheet", block, "default")))
    assert len(ours) > 2000
    np.testing.assert_array_equal(ours.steps, theirs.steps)
    np.testing.assert_array_equal(ours.neurons, theirs.neurons)


@pytest.mark.slow
def test_statistics_of_a_sheet_lie_within_the_bands_of_seeds_of_nest():
    """Eight networks each; the band is four standard errors of the difference of means.

    Bins of 5 ms make correlations of 0.17, which fall by a half within half a sheet. A sheet whose
    excitatory cells reach 2.5 times as far is told apart by that fall.
    """
    noise = {"bg": {"target": "all", "rate_Hz": 4500.0, "J_mV": 0.3, "receptor": "fast"}}
    bins = {"rate_bin_ms": 5.0, "max_frequency_Hz": 100.0, "wave_segment_ms": 100.0}
    block = deep_merge(SHEET, {"simulation": {"duration_s": 2.0}, "analysis": bins})
    block = {**block, "drive": noise}
    wide = deep_merge(block, {"projections": {"e": {"width_mm": 0.5}}})
    seen = {}
    for name, own in {"cortex": block, "nest": {**block, "backend": "nest"}, "wide": wide}.items():
        case = case_of("sheet", own)
        # NEST draws another input for the same network; ours takes networks of its own
        first = 0 if name == "nest" else 10
        runs = [simulate(case, seed=5, number=first + i).spikes for i in range(8)]
        tables = observe(case, runs)
        pops, near = tables["populations"], tables["distances"]
        correlation = near["correlation"][near["population"] == "E"].reshape(8, -1)
        values = {
            f"{what} {name}": pops[what][pops["population"] == name]
            for what in ("nu", "cv")
            for name in ("E", "I")
        }
        values["correlation of neighbouring cells"] = correlation[:, 0]
        seen[name] = values | {FALL: correlation[:, 0] - correlation[:, -1]}

    def apart(what, name):
        ours, theirs = seen[name][what], seen["nest"][what]
        band = 4.0 * np.sqrt((ours.var(ddof=1) + theirs.var(ddof=1)) / 8.0)
        return abs(ours.mean() - theirs.mean()) / band, band / abs(theirs.mean())

    for what in seen["nest"]:
        off, width = apart(what, "cortex")
        assert off < 1.0, what
        # rates or CVs 30 % off, and correlations a half off, would be told apart
        share = 0.5 if "correlation" in what else 0.3
        assert width < share, f"{what}: the band says nothing"
    assert apart(FALL, "wide")[0] > 1.0
