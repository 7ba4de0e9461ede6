"""Every row of the acceptance table of network dynamics passes."""

import numpy as np
import pytest

from cortex.acceptance.meanfield_dynamics import measure_all
from cortex.acceptance.table import judge, read_checks
from cortex.params.brunel import BrunelParams
from cortex.params.lif import LIFParams
from cortex.params.microcircuit import MicrocircuitParams
from cortex.params.senk import SenkParams


@pytest.mark.slow
def test_every_published_or_independent_number_is_met(root):
    brunel = BrunelParams(
        neuron=LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01),
        n_exc=10000,
        n_inh=2500,
        in_degree_exc=1000,
        in_degree_inh=250,
        J=1e-4,
        g=5.0,
        nu_ext_ratio=2.0,
        delay=1.5e-3,
        multapses=False,
    )
    got = measure_all(brunel, SenkParams(), MicrocircuitParams.bos2016())
    checks = read_checks(root / "config" / "acceptance" / "meanfield_dynamics.tsv")
    table = judge(checks, got)
    failed = [check.check_id for check in checks if not check.passes(got[check.check_id])]
    assert failed == []
    assert len(table["check_id"]) == len(checks) > 100
    assert np.all(np.isfinite(list(got.values())))
