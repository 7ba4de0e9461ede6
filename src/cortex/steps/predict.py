"""Everything that theory says of a network, before anything is simulated."""

from collections.abc import Callable, Collection
from dataclasses import asdict
from functools import cache
from typing import Final

import numpy as np

from cortex.errors import CortexError, ParameterError
from cortex.inverse.elasticities import Elasticities
from cortex.inverse.tables import elasticities_of, mode_columns, rate_columns
from cortex.lfp.theory import LEAST_CV, rws_spectrum
from cortex.meanfield.fluctuations.modes import eigenmodes, sensitivities
from cortex.meanfield.fluctuations.rate_course import rate_course
from cortex.meanfield.fluctuations.recurrent_noise import RecurrentNoise, recurrent_noise
from cortex.meanfield.fluctuations.spectra import (
    pooled_spectrum,
    population_spectra,
    power_spectra,
)
from cortex.meanfield.patterns.ring_patterns import spiking_dispersion
from cortex.meanfield.response.connectivity_matrix import effective_connectivity
from cortex.meanfield.response.mapping import fit_rate_model
from cortex.meanfield.stability.eigenvalues import leading_eigenvalues, leading_mode
from cortex.meanfield.stability.verdict import WHOLE, Mode, judge, of_population
from cortex.meanfield.stationary.cv import population_cv
from cortex.meanfield.stationary.quenched import neuron_rates
from cortex.meanfield.stationary.working_point import WorkingPoint
from cortex.networks.case import NetworkCase, sought
from cortex.networks.courses import as_recorded, courses_of
from cortex.steps.columns import Columns, Tables, labelled, stacked, transposed
from cortex.steps.finite import finite_course, finite_spectra
from cortex.steps.kernels import kernels_of, lies_on_sheet
from cortex.typing import ComplexArray, FloatArray

SPECTRAL: Final = ("spectra", "eigenvalues", "sensitivity", "lfp")
ELASTIC: Final = ("rate_elasticities", "mode_elasticities")
POOLED: Final = WHOLE
FINITE: Final = ("finite", "finite_course")
PREDICTIONS: Final = (
    "rates", "neurons", "verdict", "kernels", "modes", "response", "course", *FINITE, *ELASTIC,
    *SPECTRAL,
)  # fmt: skip
"""Tables that theory gives, cheap ones first."""
REACHED: Final = {
    "working_point": PREDICTIONS[:1],
    "rates": PREDICTIONS[:4],
    "modes": PREDICTIONS[:11],
    "spectra": PREDICTIONS,
}
"""Depth of the theory -> tables."""
SCATTERED: Final = ("", "scatters {value:.0f} of its parameters: theory takes its mean neuron")
LOWEST_FITTED: Final = 1.0  # Hz
REAL_LOW_RING: Final = -300.0  # 1/s; modes that decay faster are of no interest


def working_point(case: NetworkCase) -> WorkingPoint:
    """Return the working point of a case while recorded; see `cortex.networks.case.sought`."""
    case = as_recorded(case)
    return sought(case.network, case.study.theory, case.wanted)


def frequencies(case: NetworkCase) -> FloatArray:
    """Return the frequencies of the predictions, Hz, from zero: measured ones and between them."""
    bins, refine = case.study.analysis, case.study.theory.refine
    rate = 1.0 / bins.rate_bin  # inverted twice, as in SciPy, to the last bit
    f = np.fft.rfftfreq(round(bins.segment / bins.rate_bin) * refine, 1.0 / rate)
    return np.asarray(f[f <= bins.max_frequency])


def predict(
    case: NetworkCase, wanted: Collection[str] = PREDICTIONS
) -> tuple[Tables, dict[str, str]]:
    """Return the predictions of one case, and what theory refuses with its reason.

    Parameters
    ----------
    case : NetworkCase
        The network; `theory.depth` of its file says how far to go.
    wanted : collection of str
        Tables asked for.

    Returns
    -------
    tables : dict
        ``rates``, ``neurons``, ``verdict``, ``modes``, ``spectra``, ``response``,
        ``eigenvalues``, ``sensitivity``, ``rate_elasticities``, ``mode_elasticities`` and, with
        an LFP, ``lfp``, with drives that change, ``course``, on a sheet ``kernels``, as
        `cortex.io.schemas.network.PREDICTED` says; a table that theory refuses is missing.
    refused : dict of str to str
        Table -> the sentence of the error.
    """
    case, depth = as_recorded(case), case.study.theory.depth
    absent = {"lfp": case.study.lfp is None, "course": not case.courses}
    absent |= {"finite": not case.study.theory.finite, "kernels": not lies_on_sheet(case)}
    absent |= {"finite_course": absent["course"] or absent["finite"]}
    wanted = [name for name in wanted if not absent.get(name)]
    reached = [name for name in wanted if name in REACHED[depth]]
    said = f"`theory.depth: {depth}` leaves it out"
    refused = {name: said for name in wanted if name not in REACHED[depth]}
    try:
        point = working_point(case)
    except CortexError as error:
        return {}, {"rates": str(error)}
    f, tables = frequencies(case), Tables()
    _attempt("modes", lambda: _modes(case, point), tables, refused, reached)
    grows = bool(np.any(tables.get("modes", {}).get("growth", np.zeros(0)) >= 0.0))
    noise = None
    if case.study.theory.noise == "recurrent" and not grows:
        noise = recurrent_noise(case.network, point, rules=case.rule, check=False)
    moved = cache(lambda: elasticities_of(case, point))
    parts: dict[str, Callable[[], Columns]] = {
        "rates": lambda: _rates(case, point, noise),
        "kernels": lambda: kernels_of(case),
        "neurons": lambda: _neurons(case, point, noise),
        "verdict": lambda: _verdict(case, point, tables.get("modes")),
        "response": lambda: _response(case, point, f[f >= LOWEST_FITTED]),
        "course": lambda: _course(case, point, shown=not grows),
        "finite": lambda: finite_spectra(case, point),
        "finite_course": lambda: finite_course(case, point),
        "rate_elasticities": lambda: rate_columns(case, moved()),
        "mode_elasticities": lambda: _mode_elasticities(case, moved(), tables.get("modes", {})),
    }
    for name, part in parts.items():
        _attempt(name, part, tables, refused, reached)
    spectral, variance = [n for n in SPECTRAL if n in reached], case.network.is_delta
    if not spectral:
        return tables, refused
    try:
        M = effective_connectivity(case.network, point, f, variance=variance)
        C = population_spectra(case.network, point, f, variance=variance, check=False, noise=noise)
    except CortexError as error:
        return tables, refused | dict.fromkeys(spectral, str(error))
    shown = case.study.theory.spectra_beside_modes or not grows
    parts = {
        "spectra": lambda: _spectra(case, point, f, C, shown=shown),
        "eigenvalues": lambda: _eigenvalues(case, f, M),
        "sensitivity": lambda: _sensitivity(case, f, M),
        "lfp": lambda: _lfp(case, point, f, C, shown=shown),
    }
    for name, part in parts.items():
        _attempt(name, part, tables, refused, reached)
    return tables, refused


def _attempt(
    name: str,
    part: Callable[[], Columns],
    tables: Tables,
    refused: dict[str, str],
    reached: Collection[str],
) -> None:
    if name not in reached:
        return
    try:
        tables[name] = part()
    except CortexError as error:
        refused[name] = str(error)


def _rates(case: NetworkCase, point: WorkingPoint, noise: RecurrentNoise | None) -> Columns:
    """Return the working point; rates and CVs in recurrent noise where that was asked for."""
    columns = {
        "population": np.array(case.network.names, dtype=object),
        "size": case.network.sizes,
        "nu": point.nu if noise is None else noise.nu,
        "mu": point.mu,
        "sigma": point.sigma,
        "cv": population_cv(case.network, point) if noise is None else noise.cv,
    }
    return labelled(columns, state=case.state)


def _neurons(case: NetworkCase, point: WorkingPoint, noise: RecurrentNoise | None) -> Columns:
    """Return the share of neurons at every rate that a recording can show."""
    duration = case.study.simulation.duration
    spread = None if noise is None else noise.neurons
    if spread is None:
        spread = neuron_rates(case.network, point, case.rule)
    shares = zip(case.network.names, spread.counts(duration), strict=True)
    return stacked(
        labelled(
            {"rate": np.arange(len(share)) / duration, "share": share},
            state=case.state,
            population=name,
        )
        for name, share in shares
    )


def _verdict(case: NetworkCase, point: WorkingPoint, modes: Columns | None) -> Columns:
    """Return how far the working point may be trusted, aspect by aspect."""
    mode = None
    if modes is not None:
        growth = modes["growth"]
        i = 0 if np.all(np.isnan(growth)) else int(np.nanargmax(growth))
        f, k = float(modes["frequency"][i]), int(modes["wave_number"][i])
        mode = Mode(growth=float(growth[i]), frequency=f, wave_number=k)
    coloured = case.study.theory.noise == "recurrent" and not (mode and mode.growth >= 0.0)
    found = judge(case.network, point, mode, coloured=coloured)
    found += [
        of_population("scatter", name, float(len(each.spread)), 0.0, SCATTERED, holds=False)
        for name, (each, _) in case.scatter.items()
    ]
    return labelled(transposed(map(asdict, found)), state=case.state)


def _modes(case: NetworkCase, point: WorkingPoint) -> Columns:
    """Return the least damped modes: of the network, on a ring of each wave number."""
    network, n = case.network, case.study.theory.modes
    if network.space is None:
        return _ranked(case, 0, _leading(case, point), n)
    number = np.arange(case.study.theory.max_wave_number + 1)
    k = 2.0 * np.pi * number.astype(np.float64) / network.space.extent[0]
    roots = spiking_dispersion(network, point, k, variance=network.is_delta, real_low=REAL_LOW_RING)
    return stacked(
        _ranked(case, int(i), each.lam, n) for i, each in zip(number, roots, strict=True)
    )


def _leading(case: NetworkCase, point: WorkingPoint) -> ComplexArray:
    """Return growth rates, 1/s, largest first; the first one as `leading_mode` finds it."""
    network, variance = case.network, case.network.is_delta
    first = leading_mode(network, point, variance=variance)
    if case.study.theory.modes == 1 or np.isnan(first):
        return np.array([first])
    try:
        more = leading_eigenvalues(network, point, variance=variance).lam
    except CortexError:
        return np.array([first])  # the search that `leading_mode` falls back on finds one alone
    return np.array([first, *more[1:]])


def _ranked(case: NetworkCase, wave_number: int, lam: ComplexArray, n: int) -> Columns:
    found = np.append(lam, complex(np.nan, np.nan))[: min(n, max(len(lam), 1))]
    columns = {
        "wave_number": np.full(len(found), wave_number),
        "rank": np.arange(len(found)),
        "growth": found.real,
        "frequency": np.abs(found.imag) / (2.0 * np.pi),
    }
    return labelled(columns, state=case.state)


def _mode_elasticities(case: NetworkCase, moved: Elasticities, modes: Columns) -> Columns:
    if not modes:
        msg = "the modes are not known"
        raise ParameterError(msg)
    known = (modes[name] for name in ("wave_number", "growth", "frequency"))
    return mode_columns(case, moved, *known)


def _response(case: NetworkCase, point: WorkingPoint, f: FloatArray) -> Columns:
    """Return the response of each rate to the mean current, and its low-pass fit."""
    model = fit_rate_model(case.network, point, f)
    return stacked(
        labelled(
            {"frequency": f, "real": response.real, "imag": response.imag},
            state=case.state,
            population=name,
            gain=float(model.fit.h0[i]),
            tau=float(model.fit.tau[i]),
        )
        for i, (name, response) in enumerate(zip(case.network.names, model.response.T, strict=True))
    )


def _spectra(
    case: NetworkCase, point: WorkingPoint, f: FloatArray, C: ComplexArray, *, shown: bool
) -> Columns:
    """Return one-sided spectra of all rates; nan where a mode grows."""
    sizes = case.network.sizes
    power = {POOLED: pooled_spectrum(C, sizes)}
    power |= dict(zip(case.network.names, power_spectra(C).T, strict=True))
    noise = {POOLED: float(point.nu @ sizes / np.sum(sizes) ** 2)}
    noise |= dict(zip(case.network.names, (point.nu / sizes).tolist(), strict=True))
    return stacked(
        labelled(
            {"frequency": f, "power": 2.0 * density if shown else np.full_like(f, np.nan)},
            state=case.state,
            population=name,
            shot_noise=2.0 * noise[name],
        )
        for name, density in power.items()
    )


def _course(case: NetworkCase, point: WorkingPoint, *, shown: bool) -> Columns:
    """Return the rates while drives change; nan where a mode grows."""
    courses = courses_of(case)
    if courses is None:
        msg = f"no drive of network {case.name} has a course"
        raise ParameterError(msg)
    nu = rate_course(
        case.network,
        point,
        courses.interval,
        rates=courses.rates,
        mu_dc=courses.mu_dc,
        variance=case.network.is_delta,
        check=False,
    )[courses.n_before :]
    time = (np.arange(len(nu)) + 0.5) * courses.interval
    return stacked(
        labelled(
            {"time": time, "rate": rate if shown else np.full_like(rate, np.nan)},
            state=case.state,
            population=name,
        )
        for name, rate in zip(case.network.names, nu.T, strict=True)
    )


def _eigenvalues(case: NetworkCase, f: FloatArray, M: ComplexArray) -> Columns:
    return stacked(
        labelled(
            {"mode": np.full(len(f), mode), "frequency": f, "real": z.real, "imag": z.imag},
            state=case.state,
        )
        for mode, z in enumerate(eigenmodes(M).values.T)
    )


def _sensitivity(case: NetworkCase, f: FloatArray, M: ComplexArray) -> Columns:
    names, n = np.array(case.network.names, dtype=object), case.network.n_pops
    pairs = {"target": np.repeat(names, n), "source": np.tile(names, n)}
    return stacked(
        labelled(
            {
                "rank": np.full(n * n, rank),
                "frequency": np.full(n * n, mode.frequency),
                **pairs,
                "along": mode.along.ravel(),
                "across": mode.across.ravel(),
            },
            state=case.state,
        )
        for rank, mode in enumerate(sensitivities(M, f)[: case.study.theory.modes])
    )


def _lfp(
    case: NetworkCase, point: WorkingPoint, f: FloatArray, C: ComplexArray, *, shown: bool
) -> Columns:
    """Return the one-sided spectrum of every signal; nan beside growing modes, regular spikes."""
    lfp, parts = case.study.lfp, []
    if lfp is None:
        msg = f"network {case.name} has no `lfp:` block"
        raise ParameterError(msg)
    irregular = float(np.max(population_cv(case.network, point))) >= LEAST_CV
    C, f = C[f > 0.0], f[f > 0.0]
    for name, targets in lfp.signals().items():
        power = 2.0 * rws_spectrum(
            C,
            case.network,
            f,
            targets=targets,
            synapses=lfp.synapses,
            weighting=lfp.weighting,
        )
        columns = {
            "frequency": f,
            "power": power if shown and irregular else np.full_like(f, np.nan),
        }
        parts.append(labelled(columns, state=case.state, signal=name))
    return stacked(parts)
