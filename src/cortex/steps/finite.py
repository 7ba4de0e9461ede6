"""What populations on a grid of the potential show: spectra and courses, nothing linear."""

import numpy as np

from cortex.analysis.population import rate_spectrum
from cortex.errors import ParameterError
from cortex.meanfield.fluctuations.finite_size import finite_size_rates
from cortex.meanfield.stability.verdict import WHOLE
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.networks.case import NetworkCase
from cortex.networks.courses import courses_of
from cortex.steps.columns import Columns, labelled, stacked


def finite_spectra(case: NetworkCase, point: WorkingPoint) -> Columns:
    """Return one-sided spectra of the rates of one realisation, and its mean rates.

    Bins and segments are those of the observation, so that both are filtered alike.
    """
    bins, sizes = case.study.analysis, case.network.sizes
    n = max(round(case.study.theory.finite / bins.rate_bin), round(bins.segment / bins.rate_bin))
    nu = finite_size_rates(case.network, point, bins.rate_bin, n, step=case.study.simulation.dt)
    rates = {WHOLE: nu @ sizes / np.sum(sizes)} | dict(zip(case.network.names, nu.T, strict=True))
    parts = []
    for name, rate in rates.items():
        spectrum = rate_spectrum(rate, bins.rate_bin, segment=bins.segment)
        kept = spectrum.frequency <= bins.max_frequency
        columns = {"frequency": spectrum.frequency[kept], "power": spectrum.density[kept]}
        labels = {"state": case.state, "population": name, "nu": float(rate.mean())}
        parts.append(labelled(columns, **labels))
    return stacked(parts)


def finite_course(case: NetworkCase, point: WorkingPoint) -> Columns:
    """Return the rates of infinite populations while drives change."""
    courses = courses_of(case)
    if courses is None:
        msg = f"no drive of network {case.name} has a course"
        raise ParameterError(msg)
    given = courses.rates if courses.rates is not None else courses.mu_dc
    nu = finite_size_rates(
        case.network,
        point,
        courses.interval,
        0 if given is None else len(given),
        rates=courses.rates,
        mu_dc=courses.mu_dc,
        seed=None,
        step=case.study.simulation.dt,
        warm_up=0.0,
    )[courses.n_before :]
    time = (np.arange(len(nu)) + 0.5) * courses.interval
    return stacked(
        labelled({"time": time, "rate": rate}, state=case.state, population=name)
        for name, rate in zip(case.network.names, nu.T, strict=True)
    )
