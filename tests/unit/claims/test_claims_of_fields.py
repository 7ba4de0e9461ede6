"""Fields: a number changed by hand in a table changes the sentences that rest on it."""

import numpy as np
from saying import said

from cortex.claims import lfp


def ways(late=1e-9):
    time = np.linspace(1e-4, 0.2, 200)
    simulated = np.sin(80.0 * time)
    transient = 1e-4 * np.exp(-time / 5e-3)
    traces = {"time": time, "simulated": simulated, "bare": 1.2 * simulated}
    traces["from_spikes"] = simulated + transient + late * np.where(time > 0.1, 1.0, 0.0)
    f = np.array([0.0, 10.0, 100.0])
    return traces, {"frequency": f, "simulated": np.ones(3), "bare": np.array([1.0, 0.9, 2.0])}


def test_two_lfps_are_the_same_where_spikes_before_the_record_are_forgotten(root):
    line, against = said(root, "lfp_ways", lfp.ways(*ways()))
    assert "in the first half 2·10⁻⁵" in line
    assert "its spectrum 0.9 to 2 times as high" in line
    assert against == set()
    line, against = said(root, "lfp_ways", lfp.ways(*ways(late=1e-3)))
    assert "is 1·10⁻³ of its size away" in line
    assert against == {"same_lfp"}
