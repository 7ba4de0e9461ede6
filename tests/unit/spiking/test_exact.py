"""Every spike of deterministic networks equals that of NEST 3.10, V within 1e-9 mV."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import exact

from cortex.spiking import Recorder, simulate

CASES = sorted(path.stem for path in exact.DATA.glob("exact_*.json"))


@pytest.mark.parametrize("form", [exact.wiring, exact.projection])
@pytest.mark.parametrize("case", CASES)
def test_every_spike_equals_nest_and_potentials_agree_to_a_billionth(case, form):
    ref = exact.load(case)
    traced = ref["V_trace"]["neurons"]
    run = simulate(
        exact.network(ref),
        exact.settings(ref),
        seed=0,
        wiring=form(ref),
        inputs=exact.inputs(ref),
        record=Recorder(voltages=traced),
    )
    steps = [run.spikes.steps[run.spikes.neurons == n] + 1 for n in range(ref["N"])]
    assert run.spikes.steps.size == ref["n_spikes"]
    assert [s.tolist() for s in steps] == ref["spike_steps"]
    expected = np.array(ref["V_trace"]["V"]).T - ref["parameters"]["E_L"]
    # the file holds ten digits after the point; nothing but rounding may differ
    np.testing.assert_allclose(run.traces["V"][: len(expected)] * 1e3, expected, atol=1e-9, rtol=0)
