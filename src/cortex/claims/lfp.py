"""What is said under the figures of the LFP."""

from collections.abc import Mapping

import numpy as np

from cortex.claims.compare import Table, band_ratio, within
from cortex.claims.value import Facts, Value
from cortex.lfp.theory import BAND
from cortex.steps.select import groups, rows
from cortex.typing import AnyArray

LOW = (4.0, 10.0)  # Hz
NEAR = 150e-6  # m below the centre, where maps are one
GOOD = 0.8  # share of explained variance that is called good
SAME = 1e-6  # relative difference of two equal currents
SCALE_SHOWS = 0.05  # relative root mean square that is seen in a trace
NODE = 0.15e-3  # m, from the inversion depth


def amplitude(amplitude: Table) -> Facts:
    """Say how far the mean cell of a disc is from the population profile."""
    maps = {str(name): part for name, part in groups(amplitude, "profile")}
    population, disc, dipole = (_relative(maps, name) for name in
                                ("mazzoni_population", "neuron_over_disc", "aussel"))  # fmt: skip
    on_axis = maps["mazzoni_population"]["r"] == 0.0
    gap = float(np.max(np.abs(disc - population)))
    near = on_axis & (np.abs(maps["mazzoni_population"]["d"]) < 2.0 * NEAR)
    steep = [float(np.nanmax(np.abs(each[near]))) for each in (dipole, population)]
    peaks = [
        float(np.max(np.abs(maps[name]["amplitude"])))
        for name in ("neuron_over_disc", "mazzoni_population")
    ]
    return {
        "unit_at": Value.of(NEAR, "um", ".0f"),
        "gap": Value.of(gap, "percent", ".0f"),
        "peaks": Value.of(abs(peaks[0] / peaks[1] - 1.0), "percent", ".0f"),
        "steep": Value.of(steep[0] / steep[1], form=".0f"),
        "disc_is_population": gap < GOOD * 0.2,
        "dipole_too_steep": steep[0] > 2.0 * steep[1],
    }


def _relative(maps: Mapping[str, Mapping[str, AnyArray]], name: str) -> AnyArray:
    """Return a map over its value on the axis at `NEAR` below the centre."""
    own = maps[name]
    at = np.argmin(np.hypot(own["r"], own["d"] + NEAR))
    relative: AnyArray = own["amplitude"] / np.abs(own["amplitude"][at])
    return relative


def demonstration(raster: Table, cells: Table, electrodes: Table, traces: Table) -> Facts:
    """Say where one dipole for all and a dipole per cell agree."""
    del raster
    first = rows(electrodes, x=np.min(electrodes["x"]))
    same, inverted = {}, []
    for contact, depth, amplitude in zip(
        first["electrode"], first["z"], first["amplitude"], strict=True
    ):
        trace = rows(traces, electrode=contact)
        same[float(depth)] = float(trace["population"].std() / trace["per_neuron"].std())
        inverted.append((abs(float(amplitude)), float(depth)))
    node = min(inverted)[1]
    far = [ratio for depth, ratio in same.items() if abs(depth - node) > 2.0 * NODE]
    near = [ratio for depth, ratio in same.items() if abs(depth - node) <= NODE]
    return {
        "n_contacts": str(len(electrodes["electrode"])),
        "n_cells": str(len(cells["x"])),
        "node": Value.of(node, "um", ".0f"),
        "far": Value.span(far, form=".1f"),
        "near": Value.of(max(near, default=np.nan), form=".0f"),
        "largest": Value.of(float(np.max(np.abs(traces["per_neuron"]))), "uV", ".2f"),
        "largest_physical": Value.of(float(np.max(np.abs(traces["physical"]))), "uV", ".0f"),
        "agree_far": bool(far) and all(within(ratio, 1.5) for ratio in far),
        "apart_near": bool(near) and max(near) > 2.0,
    }


def currents(currents: Table, spectra: Table, electrodes: Table) -> Facts:
    """Say what the scale of a kernel makes of the currents."""
    del spectra, electrodes
    late = currents["time"] > 0.05 * float(np.max(currents["time"]))
    seen = currents["gaba_simulated"][late]
    error = float(np.max(np.abs(currents["gaba_rebuilt"][late] - seen)) / np.max(np.abs(seen)))
    gaba = float(
        currents["gaba_unscaled"] @ currents["gaba"] / (currents["gaba"] @ currents["gaba"])
    )
    return {
        "error": Value.of(error, form=".0e"),
        "times_gaba": Value.of(gaba, form=".0f"),
        "same_currents": error < SAME,
        "scale_matters": gaba > 2.0,
    }


def ways(traces: Table, spectra: Table) -> Facts:
    """Say how far the LFP of spikes is from that of simulated currents, and from a misread one.

    Spikes before the record are known to the simulation alone: what they leave has decayed in the
    second half of the traces.
    """
    late = traces["time"] > 0.5 * np.max(traces["time"])
    apart = {
        f"{name}{when}": _apart(traces[name][at], traces["simulated"][at])
        for name in ("from_spikes", "bare")
        for when, at in (("", late), ("_at_first", ~late))
    }
    seen = spectra["frequency"] > 0.0
    ratio = spectra["bare"][seen] / spectra["simulated"][seen]
    return {
        "error": Value.of(apart["from_spikes"], form=".0e"),
        "at_first": Value.of(apart["from_spikes_at_first"], form=".0e"),
        "misread": Value.of(apart["bare"], "percent", ".0f"),
        "ratio": Value.span(ratio, form=".2g"),
        "same_lfp": apart["from_spikes"] < SAME,
        "scale_matters": apart["bare"] > SCALE_SHOWS,
    }


def _apart(one: AnyArray, other: AnyArray) -> float:
    """Return the root mean square of a difference over that of the second."""
    return float(np.sqrt(np.mean((one - other) ** 2) / np.mean(other**2)))


def ground_truth(proxies: Table, fits: Table, surface: Table, traces: Table) -> Facts:
    """Say how much of the cable's LFP the proxies explain."""
    del surface, traces
    worst = [
        float(np.min(rows(proxies, variant=v, proxy="RWS")["r_squared"]))
        for v in dict.fromkeys(proxies["variant"])
    ]
    depths = rows(proxies, variant=fits["variant"][0])
    turns = float(
        depths["depth"][np.argmin(np.where(depths["proxy"] == "RWS", depths["r_squared"], 2.0))]
    )
    cells = fits["r_squared_rws"]
    return {
        "rws": Value.span(cells, "percent", ".0f"),
        "fitted": Value.span(fits["r_squared"], "percent", ".1f"),
        "alpha": Value.span(fits["alpha"], form=".2g"),
        "worst": Value.span(worst, "percent", ".0f"),
        "turns": Value.of(turns, "um", ".0f"),
        "table": _by_placement(proxies),
        "rws_good": float(np.min(cells)) > GOOD,
        "fitted_better": bool(np.all(fits["r_squared"] > cells)),
        "fails_at_inversion": min(worst) < 0.1,
    }


KINDS = {
    "RWS": "RWS",
    "abs_I": "sum abs I",
    "I": "sum I",
    "AMPA": "AMPA",
    "GABA": "GABA",
    "WS": "fitted sum",
}
PLACES = {
    "apical": "AMPA apical, GABA at the soma",
    "everywhere": "AMPA everywhere",
    "short": "short apical dendrite",
    "spread_gaba": "GABA everywhere",
}


def _by_placement(proxies: Table) -> str:
    """Return the median explained variance over depth as a table in Markdown."""
    head = ["placement of synapses", *KINDS.values()]
    lines = [head, ["---"] * len(head)]
    for variant in dict.fromkeys(proxies["variant"]):
        medians = [
            float(np.median(rows(proxies, variant=variant, proxy=kind)["r_squared"]))
            for kind in KINDS
        ]
        lines.append([PLACES.get(variant, variant), *(f"{each:.2f}" for each in medians)])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _by_rate(states: Table, proxies: Table) -> str:
    """Return the explained variance by external rate as a table in Markdown."""
    kinds = {**{k: v for k, v in KINDS.items() if k != "I"}, "ERWS1": "`ERWS1`"}
    head = ["external rate, kHz", "firing rate, Hz", "correlation", *kinds.values()]
    lines = [head, ["---"] * len(head)]
    for drive in np.unique(states["drive_background_rate"]):
        state = rows(states, drive_background_rate=drive)
        part = rows(proxies, drive_background_rate=drive, variant=proxies["variant"][0])
        scores = [float(np.mean(rows(part, proxy=kind)["r_squared"])) for kind in kinds]
        means = [float(np.nanmean(state[name])) for name in ("nu", "correlation")]
        numbers = [f"{1e-3 * drive:g}", f"{means[0]:.1f}", f"{means[1]:.2f}"]
        lines.append([*numbers, *(f"{each:.2f}" for each in scores)])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def states(states: Table, proxies: Table) -> Facts:
    """Say at which rates proxies are good."""
    first = str(proxies["variant"][0])
    rates: list[float] = []
    scores: dict[str, list[float]] = {}
    for drive in np.unique(states["drive_background_rate"]):
        rates.append(float(np.nanmean(rows(states, drive_background_rate=drive)["nu"])))
        for kind in ("RWS", "WS"):
            part = rows(proxies, drive_background_rate=drive, variant=first, proxy=kind)
            scores.setdefault(kind, []).append(float(np.mean(part["r_squared"])))
    rws, fitted = (np.array(scores[kind]) for kind in ("RWS", "WS"))
    best = int(np.argmax(rws))
    good = np.array(rates)[rws > GOOD]
    return {
        "table": _by_rate(states, proxies),
        "rates": Value.span(rates, "Hz", ".3g"),
        "best_rate": Value.of(rates[best], "Hz", ".1f"),
        "best": Value.of(float(rws[best]), "percent", ".0f"),
        "good": Value.of(GOOD, "percent", ".0f"),
        "good_rates": Value.span(good, "Hz", ".0f"),
        "least_fitted": Value.of(float(fitted.min()), "percent", ".0f"),
        "peaks_inside": 0 < best < len(rates) - 1,
        "fitted_holds": float(fitted.min()) > GOOD - 0.01,
    }


def kernels(kernels: Table, traces: Table, scores: Table) -> Facts:
    """Say what population kernels and unitary LFPs explain."""
    del kernels
    least = int(np.argmin(scores["convolved"]))
    others = np.delete(scores["convolved"], least)
    fits = scores["unitary_shifted"] > GOOD
    return {
        "at_inversion": Value.of(float(scores["convolved"][least]), "percent", ".0f"),
        "inversion": Value.of(float(scores["depth"][least]), "um", ".0f"),
        "elsewhere": Value.of(float(np.min(others, initial=1.0)), "percent", ".1f"),
        "largest": Value.of(float(np.max(np.abs(traces["cells"]))), "uV", ".0f"),
        "unitary": Value.span(scores["unitary"][fits], "percent", ".0f"),
        "moved": Value.span(scores["unitary_shifted"][fits], "percent", ".0f"),
        "shift": Value.span(scores["shift"][fits], "ms", ".1f"),
        "where": Value.span(scores["depth"][fits], "um", ".0f"),
        "bad": ", ".join(Value.of(z, "um", ".0f").number for z in scores["depth"][~fits]) + " µm",
        "kernels_suffice": float(np.min(others, initial=0.0 if others.size == 0 else 1.0)) > 0.99,
        "unitary_late": bool(np.any(fits)) and bool(np.all(scores["shift"][fits] > 0.0)),
        "unitary_fails": bool(np.any(~fits)),
    }


def spectra(predicted: Table, spectra: Table, modes: Table) -> Facts:
    """Say where the predicted LFP spectrum has the right level."""
    told, seen = rows(predicted, state="C"), rows(spectra, state="C")
    middle, low = band_ratio(told, seen, *BAND), band_ratio(told, seen, *LOW)
    growing = sorted({str(state) for state in modes["state"][modes["growth"] >= 0.0]})
    return {
        "band": Value.span(BAND, "Hz", ".0f"),
        "middle": Value.of(middle, form=".2f"),
        "low": Value.span(LOW, "Hz", ".0f"),
        "low_ratio": Value.of(low, form=".2g"),
        "growing": ", ".join(growing) or "none",
        "level_right": within(middle),
        "low_wrong": not within(low),
    }


def circuit(predicted: Table, spectra: Table) -> Facts:
    """Say how far linear response gives the LFP of each layer."""
    bands = {
        "slow": (4.0, 20.0),
        "gamma": (55.0, 75.0),
        "between": (85.0, 115.0),
        "fast": (270.0, 300.0),
    }
    names = list(dict.fromkeys(predicted["signal"]))
    ratios = {
        name: [
            band_ratio(rows(predicted, signal=each), rows(spectra, signal=each), *band)
            for each in names
        ]
        for name, band in bands.items()
    }
    return {
        **{f"{name}_band": Value.span(band, "Hz", ".0f") for name, band in bands.items()},
        **{name: Value.span(found, form=".2g") for name, found in ratios.items()},
        "slow_right": all(within(ratio) for ratio in ratios["slow"]),
        "fast_too_large": min(ratios["fast"], default=np.nan) > 2.0,
        "between_too_small": max(ratios["between"], default=np.nan) < 0.75,
    }


def plane(plane: Table, spectra: Table) -> Facts:
    """Say where in the plane linear response has the power within a factor of two."""
    del spectra
    ratio, growth = plane["lfp_power_ratio_mean"], plane["growth_mean"]
    known = np.isfinite(ratio)
    firm = known & (growth < np.nanmedian(growth[known], keepdims=True))
    firm_ratio, loose = ratio[firm], ratio[known & ~firm]
    return {
        "band": Value.span(BAND, "Hz", ".0f"),
        "firm": Value.span(firm_ratio, form=".1f"),
        "loose": Value.span(loose, form=".1f"),
        "right_inside": firm_ratio.size > 0 and bool(np.all([within(each) for each in firm_ratio])),
        "overestimates": loose.size > 0 and float(np.median(loose)) > 2.0,
        "largest": Value.of(float(np.max(ratio[known], initial=-np.inf)), form=".0f"),
    }
