"""Ring and microcircuit: simulated waves and rates, and what theory says of them."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cortex.typing import AnyArray

CASES = ("g5", "g6")
STATIC = 0.1  # Hz; a mode below does not oscillate


def measure(
    _config: Mapping[str, Any], tables: Mapping[str, Mapping[str, AnyArray]]
) -> dict[str, float]:
    """Return what the simulations of a run gave; without one, nothing."""
    if not tables:
        return {}
    waves = measure_ring(*(tables[name] for name in ("ring", "waves", "modes", "space_time")))
    return waves | measure_circuit(tables["circuit"])


def measure_ring(
    observed: Mapping[str, AnyArray],
    waves: Mapping[str, AnyArray],
    modes: Mapping[str, AnyArray],
    space_time: Mapping[str, AnyArray],
) -> dict[str, float]:
    """Return waves, their frequency and rate of each case, and the static pattern that grows.

    A case that was not simulated has no values: its rows of the acceptance table fail.

    Parameters
    ----------
    observed, waves, modes, space_time : tables `network_observed`, `network_waves`,
        `network_predicted_modes` and `network_space_time`, SI columns.
    """
    got: dict[str, float] = {}
    for case in CASES:
        if case not in observed["state"] or case not in modes["state"]:
            continue
        mine = (waves["state"] == case) & (waves["population"] == "E")
        numbers = waves["wave_number"][mine]
        frequency = float(np.mean(waves["wave_frequency"][mine]))
        told = {
            name: _fastest_growing(modes, modes["state"] == case, name)
            for name in ("wave_number", "frequency")
        }
        got |= {
            f"spiking.ring.fewest_waves.{case}": float(numbers.min()),
            f"spiking.ring.most_waves.{case}": float(numbers.max()),
            f"spiking.ring.frequency.{case}": frequency,
            f"spiking.ring.frequency_over_theory.{case}": frequency / told["frequency"],
            f"spiking.ring.predicted_waves.{case}": told["wave_number"],
            f"spiking.ring.predicted_frequency.{case}": told["frequency"],
            f"spiking.ring.rate.{case}": float(np.mean(observed["nu"][observed["state"] == case])),
        }
        still = (modes["state"] == case) & (modes["frequency"] < STATIC) & (modes["growth"] > 0.0)
        if np.any(still):
            seen = _static_patterns(space_time, case)
            number = _fastest_growing(modes, still, "wave_number")
            got |= {
                f"spiking.ring.fewest_static.{case}": float(seen.min()),
                f"spiking.ring.most_static.{case}": float(seen.max()),
                f"spiking.ring.predicted_static.{case}": number,
            }
    return got


def _static_patterns(space_time: Mapping[str, AnyArray], case: str) -> AnyArray:
    """Return the cycles per ring with most power at frequency zero, one per network."""
    mine = (space_time["state"] == case) & (space_time["population"] == "E")
    mine &= space_time["frequency"] == 0.0
    found = []
    for seed in dict.fromkeys(space_time["seed"][mine]):
        here = mine & (space_time["seed"] == seed)
        numbers = np.abs(space_time["wave_number"][here]).astype(int)
        power = np.bincount(numbers, space_time["power"][here])
        found.append(1 + int(np.argmax(power[1:])))
    return np.array(found)


def _fastest_growing(modes: Mapping[str, AnyArray], kept: AnyArray, name: str) -> float:
    """Return the wave number or frequency of the mode that grows fastest of those kept."""
    mine = np.flatnonzero(kept)
    return float(modes[name][mine[np.nanargmax(modes["growth"][mine])]])


def measure_circuit(rates: Mapping[str, AnyArray]) -> dict[str, float]:
    """Return the simulated rate of each population, mean over networks.

    Parameters
    ----------
    rates : table `network_observed_populations`, SI columns.
    """
    return {
        f"spiking.circuit.rate.{name}": float(np.mean(rates["nu"][rates["population"] == name]))
        for name in dict.fromkeys(rates["population"])
    }
