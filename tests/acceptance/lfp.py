"""LFP proxies: definitions, amplitudes, kernels, ground truth, predicted spectra."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cortex.lfp.amplitude import mazzoni_population
from cortex.lfp.currents import lfp_from_currents
from cortex.lfp.geometry import Coordinates
from cortex.lfp.kernels import SynapticKernel
from cortex.lfp.proxies import erws2
from cortex.lfp.recorded import SynapticCurrents
from cortex.lfp.theory import BAND, power_ratio
from cortex.networks.case import case_of
from cortex.params.description.states import ALONE, part_of
from cortex.params.lfp import AMPA, GABA, KernelParams
from cortex.typing import AnyArray, FloatArray

PLACEMENTS = ("apical", "everywhere", "short", "spread_gaba")  # rows of the table
RESONANCE = 80.0  # Hz, above the low-frequency power of the LFP


def measure(
    config: Mapping[str, Any], tables: Mapping[str, Mapping[str, AnyArray]]
) -> dict[str, float]:
    """Return what has a definition and, of a run, what its currents, proxies and spectra give."""
    if not tables:
        return measure_definitions()
    block = part_of(config["networks.lfp_demonstration"], ALONE, ())
    settle = case_of("lfp_demonstration", block).study.analysis.settle
    return {
        **measure_definitions(),
        **measure_currents(tables["currents"], settle),
        **measure_ground_truth(tables["proxies"]),
        **measure_spectra(tables["predicted"], tables["simulated"]),
    }


def measure_definitions() -> dict[str, float]:
    """Return delays and weights of impulses, kernel areas and scales, amplitudes."""
    return {**_impulses(), **_kernels(), **_amplitudes(), **_fitted_proxies()}


def measure_ground_truth(proxies: Mapping[str, AnyArray]) -> dict[str, float]:
    """Return the median explained variance of RWS and of the fitted sum, per known placement.

    A placement that the configuration adds has no row to be held to, one that it leaves out no
    value.
    """
    found = {}
    for variant in (name for name in PLACEMENTS if name in set(proxies["variant"])):
        for kind in ("RWS", "WS"):
            rows = (proxies["variant"] == variant) & (proxies["proxy"] == kind)
            median = float(np.median(proxies["r_squared"][rows]))
            found[f"lfp.ground_truth.{kind}_{variant}"] = median
    return found


def measure_currents(currents: Mapping[str, AnyArray], settle: float) -> dict[str, float]:
    """Return how far currents from spikes are from the simulated ones, after `settle` s."""
    late = currents["time"] >= settle
    simulated = currents["gaba_simulated"][late]
    error = np.abs(currents["gaba_rebuilt"][late] - simulated).max() / np.abs(simulated).max()
    ratio = currents["gaba_unscaled"][late] @ simulated / (currents["gaba"][late] @ simulated)
    return {
        "lfp.currents.rebuilt_error": float(error),
        "lfp.currents.unscaled_ratio": float(ratio),
    }


def measure_spectra(
    predicted: Mapping[str, AnyArray], simulated: Mapping[str, AnyArray]
) -> dict[str, float]:
    """Return simulated over predicted LFP power of the asynchronous state, and where it peaks.

    A configuration without that state, C, has no values.

    Parameters
    ----------
    predicted, simulated : tables `network_predicted_lfp` and `network_lfp_spectra`, SI columns.
    """
    told, seen = (table["state"] == "C" for table in (predicted, simulated))
    if not (np.any(told) and np.any(seen)):
        return {}
    f, expected = predicted["frequency"][told], predicted["power"][told]
    power = simulated["power"][seen].reshape(-1, len(f)).mean(axis=0)
    band = (f >= BAND[0]) & (f <= BAND[1])
    f, power, expected = f[band], power[band], expected[band]
    high = f >= RESONANCE
    peaks = [float(f[high][np.argmax(each[high])]) for each in (power, expected)]
    return {
        "lfp.spectrum.power_ratio.C": power_ratio(f, power, expected),
        "lfp.spectrum.peak_ratio.C": peaks[0] / peaks[1],
        "lfp.spectrum.shape.C": float(np.corrcoef(np.log(power), np.log(expected))[0, 1]),
    }


def _impulses() -> dict[str, float]:
    found = {}
    time: FloatArray = 1e-4 * np.arange(200, dtype=np.float64)
    quiet = np.zeros((200, 1))
    for kind, sign in (("ampa", 1.0), ("gaba", -1.0)):
        pulse = quiet.copy()
        pulse[50] = sign
        given = {"ampa": quiet, "gaba": quiet, kind: pulse}
        currents = SynapticCurrents(time=time, **given)
        lfp = lfp_from_currents(np.ones((1, 1)), currents, boundary="zero")[:, 0]
        at = int(np.argmax(lfp))
        found[f"lfp.rws.delay.{kind}"] = 1e3 * float(time[at] - time[50])
        found[f"lfp.rws.weight.{kind}"] = float(lfp[at])
        found[f"lfp.rws.elsewhere.{kind}"] = float(np.abs(np.delete(lfp, at)).max())
    return found


def _kernels() -> dict[str, float]:
    found = {}
    for name, params in (("ampa", AMPA), ("gaba", GABA)):
        found[f"lfp.kernel.area.{name}"] = 1e3 * _numerical_area(params)
        found[f"lfp.kernel.cascade.{name}"] = SynapticKernel.of(params, "cascade").amplitude
    return found


def _numerical_area(params: KernelParams) -> float:
    """Return the integral of the bare difference of exponentials by Simpson's rule, s."""
    kernel = SynapticKernel.of(params, "difference")
    t = np.linspace(0.0, 40.0 * params.tau_decay, 40_001)
    weights = np.full(len(t), 2.0)
    weights[1::2] = 4.0
    weights[[0, -1]] = 1.0
    return float(weights @ kernel(t)) * float(t[1]) / 3.0


def _amplitudes() -> dict[str, float]:
    d = np.linspace(1e-7, 1e-3, 10_000)
    axis = _profile(np.zeros_like(d), d)
    r = np.linspace(0.0, 1e-3, 41)
    odd = _profile(r, np.full(41, 1e-4)) + _profile(r, np.full(41, -1e-4))
    node = _profile(np.zeros(1), np.array([122.4489795918e-6]))
    return {
        "lfp.amplitude.largest": 1e6 * float(np.abs(axis).max()),
        "lfp.amplitude.depth": 1e6 * float(d[np.argmax(np.abs(axis))]),
        "lfp.amplitude.even_part": 1e6 * float(np.abs(odd).max()),
        "lfp.amplitude.node": 1e6 * float(node[0]),
    }


def _profile(r: FloatArray, d: FloatArray) -> FloatArray:
    return mazzoni_population(Coordinates(r=r, d=d, length=np.array(250e-6)))


def _fitted_proxies() -> dict[str, float]:
    weighting = erws2(1500.0)
    return {
        "lfp.erws2.alpha": weighting.alpha,
        "lfp.erws2.delay_ampa": 1e3 * weighting.delay_ampa,
        "lfp.erws2.delay_gaba": 1e3 * weighting.delay_gaba,
    }
