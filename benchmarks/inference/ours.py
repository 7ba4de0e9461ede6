"""Error and coverage of inference on held-out Brunel networks.

``python -m benchmarks.inference.ours [N [DURATION_S [SHARE]]]`` draws N networks (240) from the
prior and simulates each for DURATION_S (5 s) at SHARE (0.1) of the published size and in-degrees,
weights larger by the inverse; each is inferred by a fit to four fifths of the others. It prints
one JSON line. The published size is ``240 10 1.0``.
"""

import json
import sys
import time
import warnings

import numpy as np
from scipy.stats import qmc

from cortex.errors import RegimeWarning
from cortex.inverse.posterior import Runs, calibrate
from cortex.inverse.search import Search
from cortex.inverse.summaries import names_of
from cortex.launch.infer import spread_over, summaries_of, to_box, told_at
from cortex.networks.case import case_of
from cortex.params.description.overrides import lay_over
from cortex.steps.simulate import simulate_seeded

SOLVED = 300


def block_of(duration: float, share: float) -> dict[str, object]:
    """Return the Brunel network at a share of its size, weights larger by the inverse."""
    J = 0.1 / share  # 1 at the default share
    return {
        "model": "brunel",
        "neuron": {"tau_m_ms": 20.0, "tau_ref_ms": 2.0, "V_th_mV": 20.0, "V_reset_mV": 10.0},
        "n_exc": round(10_000 * share),
        "n_inh": round(2500 * share),
        "in_degree_exc": round(1000 * share),
        "in_degree_inh": round(250 * share),
        "J_mV": 0.2 * J,
        "g": 5.0,
        "nu_ext_ratio": 2.0,
        "delay_ms": 1.5,
        "simulation": {
            "dt_ms": 0.1, "warm_up_s": 0.3, "duration_s": duration, "precision": "float32",
        },
        "free": [
            {"key": "g", "low": 4.5, "high": 8.0},
            {"key": "nu_ext_ratio", "low": 1.5, "high": 3.5},
            {"key": "J_mV", "low": 0.12 * J, "high": 0.3 * J},
        ],
    }  # fmt: skip


def main() -> None:
    """Simulate, infer, print."""
    given = [float(word) for word in sys.argv[1:]] + [240, 5.0, 0.1][len(sys.argv) - 1 :]
    n, duration, share = int(given[0]), given[1], given[2]
    warnings.simplefilter("ignore", RegimeWarning)
    block = block_of(duration, share)
    case = case_of("brunel", block)
    free, start = case.study.free, time.process_time()
    bounds = np.array([[each.low, each.high] for each in free])
    keys = qmc.scale(qmc.LatinHypercube(len(free), rng=7).random(n), *bounds.T)
    summaries = []
    for i, at in enumerate(keys):
        named = {each.key: float(v) for each, v in zip(free, at, strict=True)}
        one = case_of("brunel", lay_over(block, named))
        summaries.append(summaries_of(one, simulate_seeded(one, 1000 + i).spikes))
    simulated = time.process_time() - start
    search, points = Search("brunel", block, free, ()), spread_over(free, SOLVED)
    names = names_of(case.network.names, case.study.analysis)
    made = Runs(
        x=to_box(free, keys),
        summaries=np.array(summaries),
        theory_x=to_box(free, points),
        theory=np.array([told_at(search, at, names) for at in points]),
    )
    found = calibrate(made, np.random.default_rng(1))
    error = np.abs(found.error * np.diff(bounds).T[0]) / keys
    result = {
        "keys": [each.key for each in free],
        "median_error": np.median(error, axis=0).round(4).tolist(),
        "coverage_90": found.coverage().round(3).tolist(),
        "p_uniform": found.uniform().round(3).tolist(),
        "simulation_cpu_s": round(simulated),
        "cpu_s": round(time.process_time() - start),
    }
    sys.stdout.write(f"{json.dumps(result)}\n")


if __name__ == "__main__":
    main()
