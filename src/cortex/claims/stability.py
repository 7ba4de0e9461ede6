"""What is said under the figures of stability."""

from collections.abc import Iterable, Mapping

import numpy as np

from cortex.claims.compare import Table
from cortex.claims.value import Facts, Value
from cortex.steps.select import groups, rows
from cortex.typing import AnyArray

EXACT = 1e-4  # 1/s and Hz; two ways from the rate model to the spiking one
STATIC = 2.0  # Hz, below which the last step of a line has come to its end of frequency zero
SLOW = 100.0  # Hz, between the slow and the fast oscillation
REGULAR = 400.0  # Hz, above the fast one
REFERENCE = 1.5e-3  # s, the delay of the published ring
LOW_GAMMA = 150.0  # Hz
MAKER = 0.3  # share of the largest size of a sensitivity from which a connection makes a mode
OWN = 0.8  # share of a sensitivity that one population alone has


def lines(lines: Table, plane: Table) -> Facts:
    """Say how many lines divide the plane, and where the slow oscillation ends."""
    del plane
    found = [(str(part["kind"][0]), part) for _, part in groups(lines, "line")]
    onsets = [part for kind, part in found if kind == "hopf"]
    slow = [part for part in onsets if np.max(part["frequency"]) < SLOW]
    loop = max(slow, key=lambda part: part["x"].size, default=None)
    fast = [part for part in onsets if SLOW < np.max(part["frequency"]) < REGULAR]
    regular = [part for part in onsets if np.max(part["frequency"]) >= REGULAR]
    ends = [] if loop is None else [loop["x"][i] for i in (0, -1) if loop["frequency"][i] < STATIC]
    return {
        "n_folds": _word(sum(kind == "fold" for kind, _ in found)),
        "n_onsets": _word(bool(slow) + bool(fast) + bool(regular)),
        "loop_ends": " and ".join(sorted(f"{x:.2f}" for x in ends)) or "none",
        "fast": _frequencies(fast),
        "regular": _frequencies(regular),
        "all_onsets": bool(slow) and bool(fast) and bool(regular),
        "ends_on_fold": len(ends) == 2,
        "sliver": len(slow) > 1,
    }


def _frequencies(lines: Iterable[Mapping[str, AnyArray]]) -> Value:
    return Value.span([f for line in lines for f in line["frequency"]], "Hz", ".0f")


def _word(n: int) -> str:
    return ("no", "one", "two", "three", "four")[n] if n < 5 else str(n)


def dispersion(dispersion: Table, blend: Table) -> Facts:
    """Say how the modes of the spiking network lie to those of the rate model."""
    stronger, slower, static = [], [], []
    for g in np.unique(dispersion["g"]):
        spiking, rate = (rows(dispersion, g=g, model=model) for model in ("spiking", "rate"))
        i, j = (int(np.argmax(part["growth"])) for part in (spiking, rate))
        stronger.append(spiking["growth"][i] > rate["growth"][j] > 0.0)
        slower.append(abs(spiking["frequency"][i]) < abs(rate["frequency"][j]))
        still = np.abs(spiking["frequency"]) < 0.1
        static.append((float(g), float(np.max(spiking["growth"][still], initial=-np.inf))))
    apart = max(
        float(np.max(np.abs(blend[f"{name}_solved"] - blend[f"{name}_integrated"])))
        for name in ("growth", "frequency")
    )
    growing = [f"{g:g}" for g, growth in static if growth > 0.0]
    return {
        "apart": Value.of(apart, "per_s", ".0e"),
        "static_at": ", ".join(growing) or "none",
        "static_growth": Value.of(
            max((growth for _, growth in static), default=np.nan), "per_s", ".1f"
        ),
        "spiking_stronger": all(stronger),
        "spiking_slower": all(slower),
        "ways_coincide": apart < EXACT,
        "static_grows": bool(growing),
    }


def onset(onset: Table) -> Facts:
    """Say what sets frequency and wave number of the first wave."""
    spiking = rows(onset, model="spiking")
    order = np.argsort(spiking["delay"])
    f, k = spiking["frequency"][order], spiking["wave_number"][order]
    rate = rows(onset, model="rate")
    by_delay = np.argsort(rate["delay"])
    inside = (spiking["delay"] >= rate["delay"].min()) & (spiking["delay"] <= rate["delay"].max())
    delay = spiking["delay"][inside]
    told = np.interp(delay, rate["delay"][by_delay], rate["g"][by_delay])
    later = np.sort(delay[spiking["g"][inside] >= told])
    shorter = delay[delay < later[0]] if later.size else delay
    return {
        "frequencies": Value.span(f, "Hz", ".0f"),
        "wave_numbers": Value.span(k, "per_mm", ".1f"),
        "delays": Value.span(spiking["delay"], "ms", ".1f"),
        "delay_sets_time": len(f) > 1 and bool(np.all(np.diff(f) < 0.0)),
        "profile_sets_number": float(np.ptp(k) / np.mean(k)) < 0.5 * float(np.ptp(f) / np.mean(f)),
        "g_rate": Value.of(_at(rate, "g", REFERENCE), form=".3f"),
        "g_spiking": Value.of(_at(spiking, "g", REFERENCE), form=".3f"),
        "k_rate": Value.of(_at(rate, "wave_number", REFERENCE), "per_mm", ".2f"),
        "k_spiking": Value.of(_at(spiking, "wave_number", REFERENCE), "per_mm", ".2f"),
        "f_spiking": Value.of(_at(spiking, "frequency", REFERENCE), "Hz", ".0f"),
        "up_to": Value.of(float(np.max(shorter, initial=-np.inf)), "ms", ".1f"),
        "spiking_earlier": shorter.size > 1,
        "later_at_long": later.size > 0,
    }


def _at(onset: Table, name: str, delay: float) -> float:
    """Return a column of an onset at one delay."""
    order = np.argsort(onset["delay"])
    return float(np.interp(delay, onset["delay"][order], onset[name][order]))


def circuit(spectra: Table, eigenvalues: Table) -> Facts:
    """Say which peaks the spectra have and which eigenvalues make them."""
    distance = np.hypot(eigenvalues["real"] - 1.0, eigenvalues["imag"])
    close = {}
    for mode, part in groups({**eigenvalues, "distance": distance}, "mode"):
        i = int(np.argmin(part["distance"]))
        close[mode] = (
            float(part["distance"][i]),
            float(part["frequency"][i]),
            float(part["real"][i]),
        )
    first = sorted(close.values())[:3]
    peaks = {}
    for population, part in groups(spectra, "population"):
        excess = part["power"] / part["shot_noise"]
        low = part["frequency"] < LOW_GAMMA
        inner = np.flatnonzero((excess[1:-1] > excess[:-2]) & (excess[1:-1] > excess[2:])) + 1
        gamma = [float(part["frequency"][i]) for i in inner if low[i]]
        high = [float(part["frequency"][i]) for i in inner if not low[i] and excess[i] > 1.0]
        peaks[str(population)] = (gamma, high)
    own = {name: found for name, found in peaks.items() if name != "all"}
    common = [gamma[0] for gamma, _ in own.values() if gamma]
    high = [f for _, found in own.values() for f in found]
    near = [min(abs(f - each[1]) for each in close.values()) for f in (*common, *high)]
    beyond = [f for _, f, real in first if real > 1.0]
    return {
        "gamma": Value.span(common, "Hz", ".0f"),
        "high": Value.span(high, "Hz", ".0f"),
        "closest": ", ".join(f"{f:.0f}" for _, f, _ in sorted(first, key=lambda each: each[1]))
        + " Hz",
        "beyond": ", ".join(f"{f:.0f}" for f in beyond) + " Hz" if beyond else "none",
        "farthest": Value.of(max(near, default=np.nan), "Hz", ".0f"),
        "gamma_common": len(common) == len(own) and float(np.ptp(common)) < 2.0,
        "peaks_are_modes": bool(near) and max(near) < 10.0,
        "one_grows": bool(beyond),
    }


def sensitivity(sensitivity: Table) -> Facts:
    """Say which populations make the modes."""
    gamma_makers: set[str] = set()
    alone, singles = [], []
    for _, part in groups(sensitivity, "rank"):
        size = np.hypot(part["along"], part["across"])
        top = int(np.argmax(size))
        makers = {str(name).removesuffix("E").removesuffix("I") for name, value in
                  zip(part["target"], size, strict=True) if value >= MAKER * size[top]}  # fmt: skip
        if part["frequency"][0] < LOW_GAMMA:
            gamma_makers |= makers
            continue
        name = str(part["target"][top])
        singles.append(f"{name} at {float(part['frequency'][0]):.0f} Hz")
        itself = name == part["source"][top] and name.endswith("I")
        alone.append(itself and size[top] > OWN * np.sum(size))
    return {
        "gamma_layers": " and ".join(sorted(gamma_makers)).replace("23", "2/3") or "none",
        "singles": ", ".join(singles) or "none",
        "layers_together": gamma_makers == {"23", "4"},
        "single_inhibitory": bool(alone) and all(alone),
    }


def rings(rings: Table) -> Facts:
    """Say which periods delayed inhibition makes."""
    f = rings["frequency"]
    turns = f * rings["delay"]
    return {
        "shortest": Value.of(1.0 / float(np.max(turns)), form=".1f"),
        "longest": Value.of(1.0 / float(np.min(turns)), form=".1f"),
        "between": float(np.min(turns)) > 0.25 and float(np.max(turns)) < 0.5,
        "harder_at_short": bool(
            np.all(np.diff(rings["J0_oscillation"][np.argsort(rings["delay"])]) > 0.0)
        ),
    }
