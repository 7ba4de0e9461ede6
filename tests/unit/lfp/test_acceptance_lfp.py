"""The acceptance rows that need no simulation hold, and every row is measured."""

from pathlib import Path

import numpy as np
import pytest

from cortex.acceptance.lfp import (
    measure_currents,
    measure_definitions,
    measure_ground_truth,
    measure_spectra,
)
from cortex.acceptance.table import read_checks

TABLE = Path(__file__).parents[3] / "config" / "acceptance" / "lfp.tsv"


def test_definitions_hold():
    checks = {check.check_id: check for check in read_checks(TABLE)}
    for name, got in measure_definitions().items():
        check = checks[name]
        assert check.deviation(got) <= check.tolerance, (name, got)


def test_every_row_is_measured():
    variants = ("apical", "everywhere", "short", "spread_gaba")
    proxies = {
        "variant": np.repeat(np.array(variants, dtype=object), 2),
        "proxy": np.array(["RWS", "WS"] * 4, dtype=object),
        "r_squared": np.full(8, 0.9),
    }
    t = np.arange(10.0)
    currents = {"time": t, "gaba": -t, "gaba_simulated": -t, "gaba_rebuilt": -t}
    states = {
        "state": np.array(["C"] * 9, dtype=object),
        "frequency": np.linspace(20.0, 240.0, 9),
        "simulated": np.exp(-t[:9]),
        "predicted": np.exp(-t[:9]),
    }
    got = measure_definitions() | measure_ground_truth(proxies) | measure_spectra(states)
    got |= measure_currents({**currents, "gaba_unscaled": -19.0 * t}, 0.0)
    assert set(got) == {check.check_id for check in read_checks(TABLE)}
    assert got["lfp.currents.unscaled_ratio"] == pytest.approx(19.0)
    assert got["lfp.spectrum.shape.C"] == pytest.approx(1.0)
