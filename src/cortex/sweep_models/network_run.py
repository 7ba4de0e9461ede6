"""One point of a sweep over any network: the steps of the chain, and what they say of it."""

from typing import Any

import numpy as np

from cortex.analysis.population import RateSpectrum, rate_spectrum
from cortex.analysis.regimes import CRITERIA, Regime
from cortex.errors import SimulationError
from cortex.io.listed import lists_of
from cortex.io.recorded import spikes_of
from cortex.lfp.theory import power_ratio
from cortex.networks.case import NetworkCase, case_of
from cortex.spiking.result import SpikingRun
from cortex.steps.columns import Columns, Tables, labelled, stacked
from cortex.steps.compare import spread_distance
from cortex.steps.lfp import currents_of, signal_of
from cortex.steps.observe import observe
from cortex.steps.predict import POOLED, predict
from cortex.steps.simulate import needs_currents, simulate_seeded
from cortex.sweep_models.network import NOTHING, NetworkPoint, TheoryPoint
from cortex.typing import FloatArray

WANTED = ("rates", "neurons", "verdict", "modes", "finite", "spectra", "lfp")
BANDS = ((4.0, 20.0), (20.0, 100.0), (100.0, 300.0))  # Hz


def evaluate(params: NetworkPoint, seed: int) -> dict[str, Any]:
    """Return what one network shows, and what theory says of it where it says anything."""
    case = case_of("network", params.to_config())
    predicted, _ = predict(case, WANTED)
    run = simulate_seeded(case, seed, recorded=spikes_of(case), listed=lists_of(case))
    spikes = run.spikes
    observed = observe(case, [spikes])
    row = {name: values[0] for name, values in observed["network"].items()}
    shown = ("nu", "cv", "correlation", "rate_std_ratio", "synchrony", "peak_frequency", "regime")
    told = _of_theory(predicted)
    signals = _signals(case, run)
    spectra = _lfp_spectra(case, signals, predicted)
    return {
        **{name: row[name] for name in shown},
        **{f"{name}_theory": told[name] for name in ("nu", "cv", "nu_sd", "regime")},
        **{name: told[name] for name in ("growth", "frequency", "unmet", "other_states")},
        **_of_neurons(case, observed, predicted),
        **_of_lfp(signals),
        "lfp_power_ratio": _power_ratio(spectra),
        "populations": _populations(observed, predicted),
        "spectrum": _spectrum(observed, predicted),
        "bands": _bands(observed, predicted),
        "lfp_spectrum": spectra,
        "raster": _columns(observed["raster"], "time", "row", "population", "excitatory"),
    }


def evaluate_theory(params: TheoryPoint, _: int) -> dict[str, Any]:
    """Return working point, leading mode and spectra.

    Raises
    ------
    SimulationError
        Theory gives no working point; the message says why.
    """
    case = case_of("network", params.to_config())
    predicted, refused = predict(case, WANTED)
    if "rates" not in predicted:
        raise SimulationError(refused["rates"])
    pooled, lfp = _pooled(predicted), predicted.get("lfp", _NO_LFP)
    return {
        **_of_theory(predicted),
        "populations": _columns(predicted["rates"], "population", "nu", "mu", "sigma", "cv"),
        "spectrum": pooled,
        "lfp_spectrum": {
            "frequency": lfp["frequency"], "signal": lfp["signal"], "lfp_power": lfp["power"]
        },
    }  # fmt: skip


_NO_LFP: Columns = {name: np.empty(0) for name in ("frequency", "signal", "power")}


def _of_theory(predicted: Tables) -> dict[str, Any]:
    """Return rate and CV of all neurons, the leading mode and the regime; nan where unknown.

    Notes
    -----
    Regimes are named as in `cortex.analysis.regimes`, after Brunel (2000), J. Comput. Neurosci.
    8:183: a working point with a small CV is driven by its mean and fires regularly,
    synchronously so where delays are equal (SR); an irregular one is asynchronous if it is
    stable (AI), and else oscillates, fast by inhibition and delay, slow by excitation (SI).
    """
    nu = cv = growth = frequency = float("nan")
    rates, modes = predicted.get("rates"), predicted.get("modes")
    if rates is not None:
        share = rates["size"] / rates["size"].sum()
        nu, cv = float(share @ rates["nu"]), float(share @ rates["cv"])
    if modes is not None and not np.all(np.isnan(modes["growth"])):
        leading = int(np.nanargmax(modes["growth"]))
        growth, frequency = (float(modes[name][leading]) for name in ("growth", "frequency"))
    regime = _regime(nu, cv, growth, frequency)
    if modes is None and regime == "AI":
        regime = "undetermined"
    found = {"nu": nu, "cv": cv, "growth": growth, "frequency": frequency, "regime": regime}
    return {**found, "nu_sd": _spread(predicted.get("neurons"), rates), **_of_verdict(predicted)}


def _of_verdict(predicted: Tables) -> dict[str, Any]:
    """Return the conditions that do not hold, and how many other states are stable."""
    verdict = predicted.get("verdict")
    if verdict is None:
        unmet = "rates" if "rates" not in predicted else "undetermined"
        return {"unmet": unmet, "other_states": float("nan")}
    failing = dict.fromkeys(verdict["aspect"][~verdict["holds"].astype(bool)])
    others = verdict["value"][verdict["aspect"] == "states"]
    return {"unmet": ", ".join(failing) or NOTHING, "other_states": float(others[0])}


def _spread(neurons: Columns | None, rates: Columns | None) -> float:
    """Return the standard deviation of the rates of all neurons, counting included."""
    if neurons is None or rates is None:
        return float("nan")
    share = rates["size"] / rates["size"].sum()
    first = second = 0.0
    for name, weight in zip(rates["population"], share, strict=True):
        own = neurons["population"] == name
        rate, part = neurons["rate"][own], weight * neurons["share"][own]
        first, second = first + float(part @ rate), second + float(part @ rate**2)
    return float(np.sqrt(max(second - first**2, 0.0)))


def _of_neurons(case: NetworkCase, observed: Tables, predicted: Tables) -> dict[str, float]:
    """Return the spread of rates over neurons, and its distance from the predicted one."""
    sizes, seen = case.network.sizes, observed["neurons"]
    named = {"population": np.array(case.network.names, dtype=object), "size": sizes}
    distance = float("nan")
    if "neurons" in predicted:
        told = predicted["neurons"]
        distance = max(spread_distance(told, seen, name) for name in case.network.names)
    return {"nu_sd": _spread(seen, named), "spread_distance": distance}


def _regime(nu: float, cv: float, growth: float, frequency: float) -> Regime:
    if np.isnan(nu):
        return "undetermined"
    if nu < CRITERIA.silent_rate:
        return "silent"
    if cv < CRITERIA.regular_cv:
        return "SR"
    if not growth > 0.0:
        return "AI"
    return "SI fast" if frequency > CRITERIA.fast_frequency else "SI slow"


def _populations(observed: Tables, predicted: Tables) -> Columns:
    seen = observed["populations"]
    unknown = np.full(len(seen["nu"]), np.nan)
    told = predicted.get("rates", {"nu": unknown, "cv": unknown})
    return {
        "population": seen["population"],
        "nu": seen["nu"],
        "nu_theory": told["nu"],
        "cv": seen["cv"],
        "cv_theory": told["cv"],
    }


def _pooled(tables: Tables, kind: str = "spectra") -> Columns:
    """Return the spectrum of all neurons without the frequency zero; empty where there is none."""
    if kind not in tables:
        return {"frequency": np.empty(0), "power": np.empty(0)}
    spectra = tables[kind]
    own = (spectra["population"] == POOLED) & (spectra["frequency"] > 0.0)
    return {name: spectra[name][own] for name in ("frequency", "power")}


def _spectrum(observed: Tables, predicted: Tables) -> Columns:
    seen, told = _pooled(observed), _pooled(predicted)
    return {**seen, "power_theory": _at(seen["frequency"], told)}


def _bands(observed: Tables, predicted: Tables) -> Columns:
    """Return predicted over simulated power in each band; nan where one of them is missing."""
    seen = _pooled(observed)
    f, (low, high) = seen["frequency"], np.array(BANDS).T
    inside = np.array([(f >= a) & (f < b) for a, b in BANDS], dtype=float)
    power = inside @ seen["power"]
    power[power == 0.0] = np.nan  # silent, or no bin in the band
    linear, finite = (inside @ _at(f, _pooled(predicted, kind)) for kind in ("spectra", "finite"))
    return {
        "low": low,
        "high": high,
        "power_ratio": linear / power,
        "power_ratio_finite": finite / power,
    }


def _at(f: FloatArray, told: Columns) -> FloatArray:
    """Return a predicted spectrum at measured frequencies; nan where there is none."""
    if not told["frequency"].size:
        return np.full(len(f), np.nan)
    return np.interp(f, told["frequency"], told["power"])


def _signals(case: NetworkCase, run: SpikingRun) -> dict[str, tuple[FloatArray, RateSpectrum]]:
    """Return the settled LFP and its spectrum, by signal."""
    if case.study.lfp is None:
        return {}
    bins, found, spikes = case.study.analysis, {}, run.spikes
    currents = currents_of(case, run) if needs_currents(case) else None
    for name, targets in case.study.lfp.signals().items():
        settled = signal_of(case, spikes, targets, currents)[round(bins.settle / spikes.dt) :]
        found[name] = (settled, rate_spectrum(settled, spikes.dt, segment=bins.segment))
    return found


def _of_lfp(signals: dict[str, tuple[FloatArray, RateSpectrum]]) -> dict[str, float]:
    for trace, spectrum in signals.values():
        mean, sd = float(trace.mean()), float(trace.std())
        return {"lfp_mean": mean, "lfp_sd": sd, "lfp_peak_frequency": spectrum.peak()}
    return dict.fromkeys(("lfp_mean", "lfp_sd", "lfp_peak_frequency"), float("nan"))


def _power_ratio(spectra: Columns) -> float:
    """Return predicted over simulated power of the first signal; nan where one is missing."""
    if not spectra["signal"].size:
        return float("nan")
    own = spectra["signal"] == spectra["signal"][0]
    names = ("frequency", "lfp_power_theory", "lfp_power")
    f, told, seen = (spectra[name][own] for name in names)
    return power_ratio(f, told, seen)


def _lfp_spectra(
    case: NetworkCase, signals: dict[str, tuple[FloatArray, RateSpectrum]], predicted: Tables
) -> Columns:
    told = predicted.get("lfp", _NO_LFP)
    parts: list[Columns] = [
        dict.fromkeys(("frequency", "lfp_power", "lfp_power_theory"), np.empty(0))
    ]
    parts[0]["signal"] = np.empty(0, dtype=object)
    for name, (_, spectrum) in signals.items():
        f = spectrum.frequency
        kept = (f > 0.0) & (f <= case.study.analysis.max_frequency)
        own = {key: values[told["signal"] == name] for key, values in told.items()}
        columns = {"frequency": f[kept], "lfp_power": spectrum.density[kept]}
        columns["lfp_power_theory"] = _at(f[kept], own)
        parts.append(labelled(columns, signal=name))
    return stacked(parts)


def _columns(table: Columns, *names: str) -> Columns:
    return {name: table[name] for name in names}
