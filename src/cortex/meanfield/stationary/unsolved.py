"""Rates that lead to no working point."""

import numpy as np

from cortex.meanfield.stationary import _loops_working_point as loops
from cortex.typing import FloatArray


def run_away(nu: FloatArray) -> bool:
    """Tell whether rates, Hz, left what any neuron can fire."""
    return not np.max(np.abs(nu)) < loops.RUNAWAY


def reason(nu: FloatArray, residual: float, n_iterations: int) -> str:
    """Return why no state was reached: the rates run away, or the steps did not do."""
    if run_away(nu):
        return (
            f"the rates run away (past {np.max(np.abs(nu)):.3g} Hz): without a refractory "
            "time nothing bounds them where the recurrent excitation outweighs inhibition and "
            "leak, sum_b K_ab J_ab nu_b > (V_th - V_reset) nu_a; give the neurons tau_ref > 0, "
            "or raise the inhibition"
        )
    return (
        f"no working point within {n_iterations} steps: residual {residual:.3g} Hz "
        f"at rates {nu} Hz; try another nu_start or a larger max_steps"
    )
