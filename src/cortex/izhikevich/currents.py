"""Synaptic currents behind recorded potentials and conductances."""

import numpy as np

from cortex.errors import ParameterError
from cortex.izhikevich.simulation import Traces
from cortex.params.izhikevich import RECEPTORS, ReceptorParams
from cortex.typing import FloatArray


def nmda_gate(v: FloatArray) -> FloatArray:
    """Return q/(1 + q), q = (max(v + 80 mV, 0)/60 mV)^2, for `v` of any shape (V).

    Examples
    --------
    >>> nmda_gate(np.array([-0.09, -0.08, -0.02])).tolist()
    [0.0, 0.0, 0.5]
    """
    q = np.square(np.maximum(v + 80e-3, 0.0) / 60e-3)
    return np.asarray(q / (1.0 + q))


def receptor_currents(traces: Traces, receptors: ReceptorParams) -> dict[str, FloatArray]:
    """Return the current through each receptor, A, outward positive, shapes of the traces.

    I = g (v - E), for NMDA times its gate.

    Raises
    ------
    ParameterError
        The potential or a conductance was not recorded.
    """
    missing = [name for name in ("v", *RECEPTORS) if name not in traces.values]
    if missing:
        msg = f"receptor currents need traces of {missing}; record v and all four receptors"
        raise ParameterError(msg)
    v = traces.values["v"]
    currents = {
        name: traces.values[name] * (v - E) for name, E in zip(RECEPTORS, receptors.E, strict=True)
    }
    return currents | {"nmda": currents["nmda"] * nmda_gate(v)}
