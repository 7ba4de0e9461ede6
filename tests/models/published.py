"""Networks as published, for tests that need one."""

from cortex.params.brunel import BrunelParams
from cortex.params.lif import LIFParams

LIF = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01)
BRUNEL = BrunelParams(g=5.0, nu_ext_ratio=2.0)
"""Network of Brunel (2000), J. Comput. Neurosci. 8:183, at g = 5, twice the threshold rate."""
