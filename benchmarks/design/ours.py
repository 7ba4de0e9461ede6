"""Targets made by theory at hidden parameters, designed and confirmed by simulation.

``python -m benchmarks.design.ours [N [DURATION_S]]`` draws N (50) hidden vectors of a network of
E, PV and SST cells: rates of 2 to 15 Hz, a weight of inhibition; unstable states and those without
a slow rhythm are drawn again, nothing else is. Rates and frequency of the rhythm are the target,
the drives and the weight are free, and every design is simulated for DURATION_S (10 s). It prints
a JSON line per target and one of the sum.
"""

import json
import sys
import time
import warnings
from typing import Any

import numpy as np

from cortex.errors import CortexError, RegimeWarning
from cortex.inverse.goals import Theory
from cortex.inverse.search import Search
from cortex.launch.design import design
from cortex.meanfield.stability.eigenvalues import count_growing_modes
from cortex.networks.case import case_of
from cortex.params.description.overrides import lay_over
from cortex.params.description.target import FreeParams

CELL = {"tau_m_ms": 20.0, "tau_ref_ms": 2.0, "V_th_mV": 15.0, "V_reset_mV": 0.0}
SIZES = {"E": 800, "PV": 100, "SST": 100}
WEIGHT = "projections.from_PV.J_mV"
ANY = FreeParams(key=WEIGHT, low=-2.0, high=-0.1)
STARTS = np.add.outer([-60.0, -20.0], 2j * np.pi * np.array([8.0, 12.0, 20.0, 30.0])).ravel()


def network(duration: float) -> dict[str, Any]:
    """Return the circuit, its drives left to theory."""
    made = {"probability": 0.3, "delay_ms": 1.0, "receptor": "psc"}
    return {
        "populations": {name: {"size": size, **CELL} for name, size in SIZES.items()},
        "receptors": {"psc": {"tau_s_ms": 0.5}},
        "projections": {
            "from_E": {"source": "E", "target": "all", **made, "probability": 0.1, "J_mV": 0.15},
            "from_PV": {"source": "PV", "target": "all", **made, "J_mV": -0.6},
            "from_SST": {"source": "SST", "target": ["E", "PV"], **made, "J_mV": -0.5},
        },
        "simulation": {
            "dt_ms": 0.1, "warm_up_s": 0.5, "duration_s": duration, "precision": "float32",
        },
        "analysis": {"segment_ms": 2048.0},  # rhythms of 5 to 30 Hz
        "seeds": 1,
    }  # fmt: skip


def driven(block: dict[str, Any], rates: dict[str, float], key: str) -> dict[str, Any]:
    """Return the circuit with drives, by their own or by the wanted rates."""
    drives = {
        f"to_{name}": {"target": name, key: float(rate), "J_mV": 0.2, "receptor": "psc"}
        for name, rate in rates.items()
    }
    return {**block, "drive": drives}


def target_at(
    block: dict[str, Any], rng: np.random.Generator
) -> tuple[dict[str, Any], dict[str, float]] | None:
    """Return target and hidden drives of one vector; None where theory has no rhythm."""
    rates = {name: float(np.exp(rng.uniform(np.log(2.0), np.log(15.0)))) for name in SIZES}
    weight = -float(np.exp(rng.uniform(np.log(0.35), np.log(1.1))))
    case = case_of("hidden", lay_over(driven(block, rates, "wanted_rate_Hz"), {WEIGHT: weight}))
    point = Search("hidden", case.block, (ANY,), ()).point(case)
    if count_growing_modes(case.network, point, variance=False):
        return None
    lam = Theory(case, point, (WEIGHT,)).moved.roots(STARTS)
    lam = lam[(lam.imag > 30.0) & (lam.real > -60.0)]
    if not lam.size:
        return None
    rhythm = float(lam[np.argmax(lam.real)].imag / (2.0 * np.pi))
    wanted = {
        "populations": {name: {"rate_Hz": rate} for name, rate in rates.items()},
        "mode": {"frequency_Hz": rhythm},
    }
    hidden = dict(zip(case.network.names, case.network.drive.rate[:, 0].tolist(), strict=True))
    return wanted, hidden


def main() -> None:
    """Design every target, print what came of it."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    block = network(float(sys.argv[2]) if len(sys.argv) > 2 else 10.0)
    warnings.simplefilter("ignore", RegimeWarning)
    rng, done, confirmed, start = np.random.default_rng(5), 0, 0, time.process_time()
    while done < n:
        try:
            drawn = target_at(block, rng)
        except CortexError:  # no drive gives these rates
            continue
        if drawn is None:
            continue
        done += 1
        wanted, hidden = drawn
        free = [
            {"key": f"drive.to_{name}.rate_Hz", "low": rate / 2.0, "high": rate * 2.5}
            for name, rate in hidden.items()
        ] + [{"key": WEIGHT, "low": -1.4, "high": -0.25}]
        middle = {name: 1.1 * rate for name, rate in hidden.items()}
        asked = {**driven(block, middle, "rate_Hz"), "free": free, "target": wanted}
        words: dict[str, Any]
        try:
            found = design("target", asked, seed=done)
            words = {"confirmed": found.last.confirmed, "rounds": len(found.rounds)}
            words |= {"wanted": [round(g.wanted, 2) for g in found.goals]}
            words |= {"seen": found.last.seen.round(2).tolist()}
            confirmed += found.last.confirmed
        except CortexError as error:
            words = {"confirmed": False, "refused": str(error)}
        sys.stdout.write(f"{json.dumps(words)}\n")
        sys.stdout.flush()
    cpu = round(time.process_time() - start)
    sys.stdout.write(f"{json.dumps({'targets': n, 'confirmed': confirmed, 'cpu_s': cpu})}\n")


if __name__ == "__main__":
    main()
