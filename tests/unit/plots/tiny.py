"""Tiny tables of a network of two populations, in the columns of its schemas."""

import numpy as np

from cortex.io.network import empty
from cortex.io.schemas.network import COMPARED, LFP, OBSERVED, PREDICTED
from cortex.steps.columns import labelled, stacked

NAMES = ("E", "I")
F = np.linspace(0.0, 500.0, 26)
SEEDS = (0, 1)


def text(*values):
    return np.array(values, dtype=object)


def rates(state="C", nu=(38.0, 38.0), cv=(0.7, 0.7)):
    columns = {
        "population": text(*NAMES),
        "size": np.array([800, 200]),
        "nu": np.array(nu),
        "mu": np.full(2, 0.02),
        "sigma": np.full(2, 0.01),
        "cv": np.array(cv),
    }
    return labelled(columns, state=state)


def observed(state="C", nu=40.0, cv=0.4, seeds=SEEDS):
    return stacked(
        labelled(
            {
                "population": text(*NAMES),
                "nu": np.full(2, nu + seed),
                "nu_sd": np.ones(2),
                "silent": np.zeros(2),
                "cv": np.full(2, cv),
                "fano": np.ones(2),
            },
            state=state,
            seed=seed,
        )
        for seed in seeds
    )


def predicted_spectra(state="C", level=2.0):
    return stacked(
        labelled(
            {"frequency": F, "power": np.full(F.size, level), "shot_noise": np.ones(F.size)},
            state=state,
            population=name,
        )
        for name in ("all", *NAMES)
    )


def spectra(state="C", level=1.0, seeds=SEEDS):
    return stacked(
        labelled(
            {"frequency": F, "power": np.full(F.size, level + 0.1 * seed)},
            state=state,
            seed=seed,
            population=name,
        )
        for seed in seeds
        for name in ("all", *NAMES)
    )


def lfp_spectra(state="C"):
    parts = (
        labelled({"frequency": F[1:], "power": np.full(25, 1e-24)}, state=state, seed=s, signal="E")
        for s in SEEDS
    )
    return stacked(parts)


def predicted_lfp(state="C"):
    return labelled({"frequency": F[1:], "power": np.full(25, 2e-24)}, state=state, signal="E")


def modes(state="C", growth=-130.0, frequency=124.0):
    columns = {
        "wave_number": np.array([0]),
        "rank": np.array([0]),
        "growth": np.array([growth]),
        "frequency": np.array([frequency]),
    }
    return labelled(columns, state=state)


def ring_modes(state="g6"):
    """Return waves that grow fastest at n = 3, static patterns at n = 11."""
    n = np.arange(16)
    static = n > 7
    growth = np.where(static, 10.0 - 30.0 * (n - 11) ** 2, 140.0 - 60.0 * (n - 3) ** 2)
    columns = {
        "wave_number": n,
        "rank": np.zeros(16, int),
        "growth": growth.astype(float),
        # a solver returns a tiny frequency for what stands
        "frequency": np.where(static, 1e-12, 200.0),
    }
    return labelled(columns, state=state)


def space_time(state="g6"):
    """Return power with a wave at n = -3, 200 Hz and a static pattern at n = 11, half as strong."""
    f, k = np.arange(0.0, 401.0, 100.0), np.arange(-15, 16)
    power = np.full((f.size, k.size), 0.01)
    power[2, k == -3] = 100.0
    power[0, np.abs(k) == 11] = 25.0
    ff, kk = np.meshgrid(f, k, indexing="ij")
    columns = {"frequency": ff.ravel(), "wave_number": kk.ravel(), "power": power.ravel()}
    return stacked(labelled(columns, state=state, seed=s, population="E") for s in SEEDS)


def raster(state="C", n=40, end=0.2):
    rng = np.random.default_rng(0)
    row = rng.integers(0, 10, n)
    exciting = row >= 2
    columns = {
        "time": np.sort(rng.uniform(0.0, end, n)),
        "row": row,
        "place": row / 10.0,
        "population": np.where(exciting, "E", "I").astype(object),
        "excitatory": exciting,
    }
    return labelled(columns, state=state)


def activity(state="C"):
    return labelled({"time": (np.arange(40) + 0.5) * 5e-3, "rate": np.full(40, 40.0)}, state=state)


def traces(state="C", signals=("E",)):
    time = (np.arange(100) + 0.5) * 1e-3
    return stacked(
        labelled(
            {"time": time, "lfp": 1e-9 * np.sin(2 * np.pi * 50 * time)}, state=state, signal=name
        )
        for name in signals
    )


def eigenvalues(state="C", n=5):
    """Return circles that come close to 1 at 100 Hz; the last one never leaves zero."""
    turn = np.exp(2j * np.pi * (F - 100.0) / 500.0)
    return stacked(
        labelled(
            {
                "mode": np.full(F.size, i),
                "frequency": F,
                "real": (z := turn * (0.9 - 0.1 * i if i < n - 1 else 0.0)).real,
                "imag": z.imag,
            },
            state=state,
        )
        for i in range(n)
    )


def sensitivity(state="C", rank=0):
    columns = {
        "rank": np.full(4, rank),
        "frequency": np.full(4, 124.0),
        "target": text("E", "E", "I", "I"),
        "source": text("E", "I", "E", "I"),
        "along": np.array([1.0, -2.0, 3.0, 0.0]),
        "across": np.array([0.0, 1.0, -1.0, 2.0]),
    }
    return labelled(columns, state=state)


def response(state="C", gains=(2e3, 1e3)):
    f = F[1:]
    return stacked(
        labelled(
            {
                "frequency": f,
                "real": (h := gain / (1 + 2j * np.pi * f * 2e-3)).real,
                "imag": h.imag,
                "gain": gain,
                "tau": 2e-3,
            },
            state=state,
            population=name,
        )
        for name, gain in zip(NAMES, gains, strict=True)
    )


def points(state="C", **keys):
    keys = keys or {"g": 5.0, "nu_ext_ratio": 2.0}
    columns = {"key": text(*keys), "value": np.array(list(keys.values()))}
    return labelled(columns, state=state, title="asynchronous irregular")


def network(state="C"):
    table = empty(OBSERVED["network"])
    return {name: np.full(2, 139.0) for name in table} | {
        "state": text(state, state),
        "seed": np.arange(2),
        "regime": text("AI", "AI"),
    }


def lines():
    return {
        "line": np.array([0, 0, 1, 1, 2, 2]),
        "kind": text("fold", "fold", "hopf", "hopf", "hopf", "hopf"),
        "x": np.array([3.0, 4.0, 4.0, 5.0, 5.0, 6.0]),
        "y": np.array([0.8, 0.84, 0.85, 0.9, 4.0, 3.2]),
        "nu": np.full(6, 10.0),
        "frequency": np.array([0.0, 0.0, 5.0, 27.0, 184.0, 176.0]),
    }


def rows_of(table, population):
    """Return the rows of one population."""
    kept = table["population"] == population
    return {name: values[kept] for name, values in table.items()}


def nothing(table):
    """Return the same columns without rows."""
    return {name: values[:0] for name, values in table.items()}


def tables():
    """Return every table of a network of one state without space, by ``{step}_{kind}``."""
    full = {
        f"{step}_{kind}": empty(schema)
        for step, kinds in (
            ("predicted", PREDICTED),
            ("observed", OBSERVED),
            ("lfp", LFP),
            ("network", COMPARED),
        )
        for kind, schema in kinds.items()
    }
    return full | {
        "predicted_rates": rates(),
        "predicted_modes": modes(),
        "predicted_spectra": predicted_spectra(),
        "predicted_eigenvalues": eigenvalues(),
        "predicted_sensitivity": sensitivity(),
        "predicted_response": response(),
        "predicted_lfp": predicted_lfp(),
        "observed_network": network(),
        "observed_populations": observed(),
        "observed_spectra": spectra(),
        "observed_raster": raster(),
        "observed_activity": activity(),
        "lfp_traces": traces(),
        "lfp_spectra": lfp_spectra(),
        "network_points": points(),
    }
