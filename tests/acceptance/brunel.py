"""Brunel network: predicted rates and CVs, simulated statistics."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cortex.meanfield.stationary.cv import population_cv
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.params.brunel import BrunelParams
from cortex.params.description.states import part_of
from cortex.params.description.study import split
from cortex.typing import AnyArray

STATES = {"A": (3.0, 2.0), "B": (6.0, 4.0), "C": (5.0, 2.0), "D": (4.5, 0.9)}
POINTS = ((6, 2), (8, 2), (4.5, 2), (5, 1), (5, 4), (4, 2), (4, 1.1))


def measure(
    config: Mapping[str, Any], tables: Mapping[str, Mapping[str, AnyArray]]
) -> dict[str, float]:
    """Return what theory says and, of a run, what its simulation gave."""
    block = split(part_of(config["networks.brunel"], "C", ()))[1]
    got = measure_theory(BrunelParams.from_config(block))
    return got | (measure_simulation(tables["observed"]) if tables else {})


def measure_theory(model: BrunelParams) -> dict[str, float]:
    """Return predicted rates (Hz) and CVs at the points of the acceptance table."""
    places = STATES | {f"g{g}_x{x}": (g, x) for g, x in POINTS}
    networks = {name: model.at(g, ratio).network() for name, (g, ratio) in places.items()}
    solved = {name: solve_working_point(network) for name, network in networks.items()}
    rates = {f"brunel.rate.{name}": float(point.nu[0]) for name, point in solved.items()}
    published = {f"brunel.rate.published_{name}": rates[f"brunel.rate.{name}"] for name in "BCD"}
    cvs = {
        f"brunel.cv.{name}": float(population_cv(networks[name], solved[name])[0])
        for name in STATES
    }
    return {**rates, **published, **cvs, "brunel.threshold_rate": model.nu_threshold}


def measure_simulation(states: Mapping[str, AnyArray]) -> dict[str, float]:
    """Return means over networks of the simulated statistics, from `network_observed`."""

    def mean(quantity: str, name: str) -> float:
        return float(np.mean(states[quantity][states["state"] == name]))

    rates = {name: mean("nu", name) for name in STATES}
    return {
        **{f"brunel.simulation.rate.{name}": rate for name, rate in rates.items()},
        **{f"brunel.simulation.published_rate.{name}": rates[name] for name in "BCD"},
        **{f"brunel.simulation.cv.{name}": mean("cv_1s", name) for name in "BCD"},
        **{f"brunel.simulation.peak.{name}": mean("peak_frequency", name) for name in "BD"},
        "brunel.simulation.rate_std_ratio.C": mean("rate_std_ratio", "C"),
    }
