"""Every row of the LFP is measured, from tables as they are."""

import numpy as np
import pytest
from checks import read_checks
from lfp import measure_currents, measure_definitions, measure_ground_truth, measure_spectra

from cortex.config.presets import read_config
from cortex.networks.case import read_case


@pytest.mark.parametrize("name", ["config.yaml", "test.yaml"])
def test_synapses_of_the_demonstration_carry_the_charges_of_its_source(name, root):
    # wslfp's README: increments of 0.07 and -0.28 nA of currents with 0.4 and 0.25 ms of rise
    block = read_config([root / "config" / name])["networks"]["lfp_demonstration"]
    case = read_case("lfp_demonstration", block, "default")
    J, C = case.network.synapses.J[0], case.study.lfp.synapses.capacitance
    assert C * J[0] == pytest.approx(0.07e-9 * 0.4e-3)
    assert C * J[1] == pytest.approx(-0.28e-9 * 0.25e-3)


def judged(*variants):
    """Return a table of explained variances for these placements."""
    return {
        "variant": np.repeat(np.array(variants, dtype=object), 2),
        "proxy": np.array(["RWS", "WS"] * len(variants), dtype=object),
        "r_squared": np.full(2 * len(variants), 0.9),
    }


def test_placements_that_the_table_does_not_know_are_shown_and_not_judged():
    rows = {check.check_id for check in read_checks("lfp")}
    got = measure_ground_truth(judged("mine", "apical"))
    assert set(got) == {"lfp.ground_truth.RWS_apical", "lfp.ground_truth.WS_apical"}
    assert set(got) <= rows


def test_every_row_is_measured():
    proxies = judged("apical", "everywhere", "short", "spread_gaba")
    t = np.arange(10.0)
    currents = {"time": t, "gaba": -t, "gaba_simulated": -t, "gaba_rebuilt": -t}
    spectrum = {
        "state": np.array(["C"] * 9, dtype=object),
        "frequency": np.linspace(20.0, 240.0, 9),
        "power": np.exp(-t[:9]),
    }
    got = measure_definitions() | measure_ground_truth(proxies)
    got |= measure_spectra(spectrum, spectrum)
    got |= measure_currents({**currents, "gaba_unscaled": -19.0 * t}, 0.0)
    assert set(got) == {check.check_id for check in read_checks("lfp")}
    assert got["lfp.currents.unscaled_ratio"] == pytest.approx(19.0)
    assert got["lfp.spectrum.shape.C"] == pytest.approx(1.0)
    assert measure_spectra({**spectrum, "state": np.array(["D"] * 9, dtype=object)}, spectrum) == {}
