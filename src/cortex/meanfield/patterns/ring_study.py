"""Growth rates of a ring over wave numbers and from rate to spiking model, as columns."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from cortex.meanfield.patterns.interpolation import follow_by_integration, follow_by_solving
from cortex.meanfield.patterns.onset import onset_line, rate_family, spiking_family
from cortex.meanfield.patterns.ring_patterns import (
    RateApproximation,
    first_wave,
    most_unstable,
    rate_approximation,
    rate_characteristic_at,
    rate_dispersion,
    ring_of,
    spiking_dispersion,
)
from cortex.meanfield.response.connectivity_matrix import spiking_characteristic
from cortex.meanfield.stability.continuation import Curve
from cortex.meanfield.stationary.external_drive import Held, hold_input
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.params.network import PopulationNetwork
from cortex.params.senk import SenkParams
from cortex.params.stability import RingPatterns
from cortex.typing import AnyArray, ComplexArray, FloatArray

Columns = dict[str, AnyArray]


def held_at(study: RingPatterns, model: SenkParams) -> Held:
    """Return a ring whose external rates hold the input of the study."""
    return hold_input(model.network(), study.input_mean, study.input_noise)


def wave_numbers(study: RingPatterns) -> FloatArray:
    """Return the angular wave numbers of a study, 1/m."""
    return 1e3 * study.wave_number.values()


def branches_of(study: RingPatterns) -> AnyArray:
    """Return the branches of the Lambert W function: conjugate pairs around zero."""
    return np.arange(-study.branch_pairs, study.branch_pairs)


def approximate(study: RingPatterns, held: Held) -> RateApproximation:
    """Return the rate model fitted from 1 Hz to the highest frequency of the study, by 1 Hz."""
    frequencies = np.arange(1.0, study.fit_max_frequency + 0.5)
    return rate_approximation(held.network, held.point, frequencies)


def dispersion_columns(study: RingPatterns, model: SenkParams) -> Iterator[Columns]:
    """Yield growth rates of the rate model on all branches, and of the spiking model."""
    k = wave_numbers(study)
    for g in study.g:
        held = held_at(study, model.at(g))
        network, point, rate = held.network, held.point, approximate(study, held)
        lam = rate_dispersion(rate, ring_of(network), k, branches_of(study))
        for branch, row in zip(branches_of(study), lam, strict=True):
            yield _columns("rate", g, int(branch), k, row)
        few = k[:: study.spiking_stride]
        modes = spiking_dispersion(network, point, few, variance=False, real_low=study.real_low)
        for wave_number, roots in zip(few, modes, strict=True):
            for rank, value in enumerate(roots.lam):
                at = np.array([wave_number])
                yield _columns("spiking", g, rank, at, np.array([value]))


def _columns(model: str, g: float, branch: int, k: FloatArray, lam: ComplexArray) -> Columns:
    return {
        "model": np.full(k.size, model, dtype=object),
        "g": np.full(k.size, g),
        "branch": np.full(k.size, branch),
        "wave_number": k,
        "growth": lam.real,
        "frequency": lam.imag / (2.0 * np.pi),
    }


def blend_columns(study: RingPatterns, model: SenkParams) -> Iterator[Columns]:
    """Yield every branch at the fastest-growing wave number from the rate to the spiking model."""
    alphas = np.linspace(0.0, 1.0, study.alphas)
    for g in study.g:
        held = held_at(study, model.at(g))
        network, point, rate = held.network, held.point, approximate(study, held)
        k = wave_numbers(study)
        lam = rate_dispersion(rate, ring_of(network), k, branches_of(study))
        best = most_unstable(lam)[1]
        at_rate = rate_characteristic_at(rate, ring_of(network), float(k[best]))
        spiking = spiking_characteristic(network, point, variance=False, wave_number=float(k[best]))
        solved = follow_by_solving(at_rate, spiking, lam[:, best], alphas)
        integrated = follow_by_integration(at_rate, spiking, lam[:, best], alphas)
        for i, branch in enumerate(branches_of(study)):
            yield {
                "g": np.full(alphas.size, g),
                "branch": np.full(alphas.size, branch),
                "alpha": alphas,
                "growth_solved": solved[:, i].real,
                "frequency_solved": solved[:, i].imag / (2.0 * np.pi),
                "growth_integrated": integrated[:, i].real,
                "frequency_integrated": integrated[:, i].imag / (2.0 * np.pi),
            }


def onset_curves(study: RingPatterns, model: SenkParams) -> dict[str, Curve]:
    """Return the onset of waves over (g, delay) for the rate model and the spiking model.

    The working point is held, so that the response of the neurons is the same everywhere.
    Holding it can take a negative external rate at small g; the onsets of the published ring
    lie above. The line of the rate model starts from its closed form at the delay of the
    study, that of the spiking model from the line of the rate model.

    Raises
    ------
    ConvergenceError
        There are no waves at that delay, or the spiking model has none near those of the rate
        model.
    """
    held = held_at(study, model)
    rate = approximate(study, held)
    delays = (study.delay_low, study.delay_high)

    def ring_at(g: float, delay: float) -> PopulationNetwork:
        return replace(model, g=g, delay=delay).network()

    def spiking_at(g: float, delay: float) -> tuple[PopulationNetwork, WorkingPoint]:
        return ring_at(g, delay), held.point

    delay = float(np.clip(model.delay, *delays))
    start = first_wave(rate, ring_at, delay)
    limits = (min(1.0, 0.5 * start[0]), max(12.0, 2.0 * start[0]))
    curves = {}
    for name, family in (
        ("rate", rate_family(rate, ring_at)),
        ("spiking", spiking_family(spiking_at, variance=False)),
    ):
        curve = onset_line(family, start, g_limits=limits, delay_limits=delays, max_step=0.2)
        curves[name] = curve
        start = curve.points[np.argmin(np.abs(curve.points[:, 1] - delay))]
    return curves
