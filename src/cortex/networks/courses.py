"""Inputs of a network that change in time: the same intervals for theory and simulation."""

from dataclasses import dataclass, replace

import numpy as np

from cortex.errors import ParameterError
from cortex.networks.case import NetworkCase
from cortex.typing import FloatArray
from cortex.units import GRID_TOLERANCE


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Courses:
    """All drives of a case in intervals, from the first step of the network on.

    Parameters
    ----------
    interval : float
        Length of the intervals, s: the finest resolution of all courses.
    n_before : int
        Intervals before the recording.
    rates : ndarray of shape (n_intervals, n_pops, n_inputs), optional
        Poisson rates, Hz; None where none of them changes.
    mu_dc : ndarray of shape (n_intervals, n_pops), optional
        Constant drive, V; None where it does not change.
    """

    interval: float
    n_before: int
    rates: FloatArray | None
    mu_dc: FloatArray | None


def as_recorded(case: NetworkCase) -> NetworkCase:
    """Return the case as it is while it is recorded: drives that no longer change as they are then.

    A drive that starts a network and ends with the warm-up is none of the recorded network.
    """
    network, courses = case.network, dict(case.courses)
    rate, mu_dc = network.drive.rate.copy(), network.drive.mu_dc.copy()
    for (name, slot), course in case.courses.items():
        n = max(1, round(case.study.simulation.duration / course.resolution))
        middle = np.linspace(0.5, n - 0.5, n) * course.resolution
        values = course.relative(middle)
        if np.ptp(values) == 0.0:
            place = network.names.index(name)
            changed = mu_dc[place : place + 1] if slot < 0 else rate[place, slot : slot + 1]
            changed *= values[0]
            del courses[name, slot]
    drive = replace(network.drive, rate=rate, mu_dc=mu_dc)
    return replace(case, network=replace(network, drive=drive), courses=courses)


def courses_of(case: NetworkCase) -> Courses | None:
    """Return the drives of a case in intervals, or None where none changes.

    A drive holds its value at the middle of each interval of its course.

    Raises
    ------
    ParameterError
        A Poisson rate would become negative; the warm-up is no whole number of intervals; or the
        network is scaled down: what replaces its lost input does not change.
    """
    if not case.courses:
        return None
    if case.study.scale < 1.0:
        msg = f"drive: courses need the whole network, scale = {case.study.scale:g}; take scale 1"
        raise ParameterError(msg)
    drive, settings = case.network.drive, case.study.simulation
    interval = min(course.resolution for course in case.courses.values())
    n_before = round(settings.warm_up / interval)
    if abs(n_before * interval - settings.warm_up) > GRID_TOLERANCE * interval * max(1, n_before):
        msg = (
            f"simulation.warm_up_s = {settings.warm_up:g} s must be a whole number of intervals of "
            f"{1e3 * interval:g} ms; change it or the course's resolution_ms"
        )
        raise ParameterError(msg)
    n = n_before + int(np.ceil(settings.duration / interval * (1.0 - GRID_TOLERANCE)))
    middle = (np.arange(n) - n_before + 0.5) * interval
    rates = np.repeat(drive.rate[np.newaxis], n, axis=0)
    mu_dc = np.repeat(drive.mu_dc[np.newaxis], n, axis=0)
    for (name, slot), course in case.courses.items():
        of_own = (np.floor(middle / course.resolution) + 0.5) * course.resolution
        place = case.network.names.index(name)
        changed = mu_dc[:, place] if slot < 0 else rates[:, place, slot]
        changed *= course.relative(of_own)
        if slot >= 0 and np.any(changed < 0.0):
            msg = (
                f"drive: the course of an input of {name} (amplitude {course.amplitude:g}) takes "
                f"its rate down to {changed.min():g} Hz; no rate is negative, lower the amplitude"
            )
            raise ParameterError(msg)
    slots = [slot for _, slot in case.courses]
    return Courses(
        interval=interval,
        n_before=n_before,
        rates=rates if max(slots) >= 0 else None,
        mu_dc=mu_dc if min(slots) < 0 else None,
    )
