"""Ring and microcircuit: simulated waves and rates, and what theory says of them."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cortex.typing import AnyArray

CASES = ("g5", "g6")


def measure(
    _config: Mapping[str, Any], tables: Mapping[str, Mapping[str, AnyArray]]
) -> dict[str, float]:
    """Return what the simulations of a run gave; without one, nothing."""
    if not tables:
        return {}
    waves = measure_ring(tables["ring"], tables["waves"], tables["modes"])
    return waves | measure_circuit(tables["circuit"])


def measure_ring(
    observed: Mapping[str, AnyArray],
    waves: Mapping[str, AnyArray],
    modes: Mapping[str, AnyArray],
) -> dict[str, float]:
    """Return wave number, frequency and rate of each case, mean over networks.

    A case that was not simulated has no values: its rows of the acceptance table fail.

    Parameters
    ----------
    observed, waves, modes : tables `network_observed`, `network_waves` and
        `network_predicted_modes`, SI columns.
    """
    got: dict[str, float] = {}
    for case in CASES:
        if case not in observed["state"] or case not in modes["state"]:
            continue
        mine = (waves["state"] == case) & (waves["population"] == "E")
        numbers = waves["wave_number"][mine]
        frequency = float(np.mean(waves["wave_frequency"][mine]))
        predicted = _fastest_growing(modes, case)
        got |= {
            f"spiking.ring.fewest_waves.{case}": float(numbers.min()),
            f"spiking.ring.most_waves.{case}": float(numbers.max()),
            f"spiking.ring.frequency.{case}": frequency,
            f"spiking.ring.frequency_over_theory.{case}": frequency / predicted["frequency"],
            f"spiking.ring.predicted_waves.{case}": predicted["wave_number"],
            f"spiking.ring.predicted_frequency.{case}": predicted["frequency"],
            f"spiking.ring.rate.{case}": float(np.mean(observed["nu"][observed["state"] == case])),
        }
    return got


def _fastest_growing(modes: Mapping[str, AnyArray], case: str) -> dict[str, float]:
    """Return wave number and frequency of the mode of a case that grows fastest."""
    mine = np.flatnonzero(modes["state"] == case)
    fastest = mine[np.nanargmax(modes["growth"][mine])]
    return {name: float(modes[name][fastest]) for name in ("wave_number", "frequency")}


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
