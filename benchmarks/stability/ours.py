"""Figure 6 of Senk et al. (2020), g = 5, end to end with cortex."""

import time

START = time.process_time(), time.perf_counter()

import numpy as np  # noqa: E402

from benchmarks.stability.timing import report, write  # noqa: E402
from cortex.meanfield.patterns.interpolation import follow_by_integration, follow_by_solving  # noqa: E402
from cortex.meanfield.patterns.ring_patterns import (  # noqa: E402
    most_unstable,
    rate_approximation,
    rate_characteristic_at,
    rate_dispersion,
    ring_of,
)
from cortex.meanfield.response.connectivity_matrix import spiking_characteristic  # noqa: E402
from cortex.meanfield.stationary.external_drive import hold_input  # noqa: E402
from cortex.params.senk import SenkParams  # noqa: E402

K = np.arange(1000.0, 99501.0, 500.0)
ALPHAS = np.linspace(0.0, 1.0, 5)


def figure_6() -> dict[str, list[float]]:
    """External rates, working point, fit, eigenvalues over k, both ways to the spiking model."""
    held = hold_input(SenkParams(g=5.0).network(), 0.01, 0.01)
    network, point = held.network, held.point
    model = rate_approximation(network, point, np.arange(1.0, 200.0))
    lam = rate_dispersion(model, ring_of(network), K, np.arange(-3, 3))
    best = most_unstable(lam)[1]
    rate = rate_characteristic_at(model, ring_of(network), K[best])
    spiking = spiking_characteristic(network, point, variance=False, wave_number=K[best])
    solved = follow_by_solving(rate, spiking, lam[:, best], ALPHAS)
    integrated = follow_by_integration(rate, spiking, lam[:, best], ALPHAS)
    return {
        "k_star": [K[best]],
        "rate": [lam[3, best].real, lam[3, best].imag],
        "solved": [solved[-1, 3].real, solved[-1, 3].imag],
        "integrated": [integrated[-1, 3].real, integrated[-1, 3].imag],
    }


if __name__ == "__main__":
    figure_6()
    write(
        "cold start: import, then figure 6 once, compiled code on disk",
        time.process_time() - START[0],
        time.perf_counter() - START[1],
    )
    report("figure 6 end to end", figure_6)
