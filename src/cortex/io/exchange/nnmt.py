"""Networks as parameter files of the Neuronal Network Meanfield Toolbox (NNMT 1.3).

Names and units are those that its models take: rates, in-degrees and jumps per pair
``[target][source]``, potentials, delays; a number with a unit is ``{val: ..., unit: ...}``.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from cortex.errors import ParameterError, TableError
from cortex.networks.case import NetworkCase
from cortex.params.network import PopulationNetwork
from cortex.typing import FloatArray
from cortex.units import UNITS, array_from_si, array_to_si, from_si

LONG: Final = {
    "millivolt": "mV", "volt": "V", "millisecond": "ms", "second": "s", "picoampere": "pA",
    "ampere": "A", "picofarad": "pF", "farad": "F", "hertz": "Hz", "millimeter": "mm",
}  # fmt: skip
C: Final = 250e-12  # F; only the product with the current counts
READ: Final = frozenset({
    "label", "populations", "N", "C", "tau_m", "tau_r", "tau_s", "V_0_abs", "V_th_abs", "V_0_rel",
    "V_th_rel", "K", "J", "W", "w", "g", "Delay", "Delay_sd", "D_mean", "D_std", "d_e", "d_i",
    "d_e_sd", "d_i_sd", "delay_dist", "K_ext", "nu_ext", "J_ext", "W_ext", "w_ext", "I_ext",
    "dimension", "j", "tau_m_ext",
})  # fmt: skip


def to_nnmt(case: NetworkCase) -> tuple[dict[str, Any], list[str]]:
    """Return the parameters of a network by NNMT's names, and what they leave out.

    Raises
    ------
    ParameterError
        Neurons of another model; several synaptic time constants onto one population.
    """
    network = case.network
    lif, synapses, drive = network.lif, network.synapses, network.drive
    exist = synapses.exist
    content: dict[str, Any] = {
        "label": case.name,
        "populations": list(network.names),
        "N": network.sizes.tolist(),
        "tau_m": _with_unit(lif.tau_m, "ms"),
        "tau_r": _with_unit(lif.tau_ref, "ms"),
        "tau_s": _with_unit(_tau_s(network), "ms"),
        "V_0_rel": _with_unit(lif.V_reset, "mV"),
        "V_th_rel": _with_unit(lif.V_th, "mV"),
        "K": synapses.in_degrees.tolist(),
        "J": _with_unit(np.where(exist, synapses.J, 0.0), "mV"),
        "Delay": _with_unit(synapses.delay, "ms"),
        "Delay_sd": _with_unit(synapses.delay_sd, "ms"),
        "delay_dist": synapses.delay_distribution,
    }
    nu = np.max(drive.rate, axis=0, initial=0.0)
    shares = np.divide(drive.rate, nu, out=np.zeros_like(drive.rate), where=nu > 0.0)
    content |= {
        "K_ext": shares.tolist(),
        "J_ext": _with_unit(drive.J, "mV"),
        "nu_ext": _with_unit(nu, "Hz"),
    }
    if np.any(drive.mu_dc):
        content["C"] = _with_unit(np.full(network.n_pops, C), "pF")
        content["I_ext"] = _with_unit(drive.mu_dc * C / lif.tau_m, "pA")
    return content, _left_out(case)


def _left_out(case: NetworkCase) -> list[str]:
    """Return what theory of populations does not see of a network, in words."""
    network = case.network
    found = {
        "scatter of weights (weight_cv)": bool(np.any(network.synapses.J_cv > 0.0)),
        "scatter of neurons": bool(case.scatter),
        "how synapses fall on neurons (wiring)": True,
        "courses of drives": bool(case.courses),
        "times of recorded spikes; their mean rate stands in nu_ext": bool(case.recorded),
        "places of neurons and profiles of projections": network.space is not None,
        "what is run on it (simulation, analysis, lfp, states)": True,
    }
    return [what for what, is_there in found.items() if is_there]


def _tau_s(network: PopulationNetwork) -> FloatArray:
    """Return the one synaptic time constant of each population, s."""
    synapses, drive = network.synapses, network.drive
    used = np.hstack([synapses.exist, drive.rate > 0.0])
    tau_s, found = np.hstack([synapses.tau_s, drive.tau_s]), np.zeros(network.n_pops)
    for i, name in enumerate(network.names):
        own = np.unique(tau_s[i, used[i]])
        if own.size > 1:
            listed = ", ".join(f"{1e3 * tau:g}" for tau in own)
            msg = f"NNMT takes one synaptic time constant of {name}, the network has {listed} ms"
            raise ParameterError(msg)
        found[i] = own[0] if own.size else 0.0
    return found


def _with_unit(values: FloatArray, unit: str) -> dict[str, Any]:
    return {"val": array_from_si(values, unit).round(12).tolist(), "unit": unit}


def from_nnmt(content: Mapping[str, Any], source: str) -> tuple[dict[str, Any], list[str]]:
    """Return the keys of a network file for parameters of NNMT, and what is not in them.

    Parameters
    ----------
    content : mapping
        Network parameters by NNMT's names, with matrices or in the short form of its
        microcircuit (w, g, d_e, d_i).
    source : str
        Where they were read, for messages.

    Raises
    ------
    TableError
        A parameter is missing, has no unit that is known, or does not fit the populations.
    """
    names = content.get("populations")
    if not isinstance(names, list) or "N" not in content or "K" not in content:
        msg = f"{source}: parameters of NNMT need populations, N and K"
        raise TableError(msg)
    read = _Reader(content, len(names), source)
    names, renamed = _named([str(name) for name in names], source)
    tau_s = read.vector("tau_s", 0.0)
    block: dict[str, Any] = {
        "title": str(content.get("label", source)),
        "populations": {name: read.neuron(i) for i, name in enumerate(names)},
        "receptors": _receptors(names, tau_s),
        "projections": {
            f"{names[b]}_to_{names[a]}": {
                "source": names[b],
                "target": names[a],
                **read.projection(a, b),
                "receptor": _receptor(names[a], tau_s, a),
            }
            for a, b in np.argwhere(read.K > 0.0).tolist()
        },
        "drive": {},
    }
    for a, name in enumerate(names):
        drives = read.drives(a, {"target": name, "receptor": _receptor(name, tau_s, a)})
        block["drive"] |= {f"{key}_to_{name}": keys for key, keys in drives.items()}
    missing = [] if "nu_ext" in content else ["external rates (nu_ext): the network has no input"]
    unread = sorted(set(content) - READ)
    notes = [f"renamed: {', '.join(renamed)}"] if renamed else []
    notes += missing + ([f"not read: {', '.join(unread)}"] if unread else [])
    return block, notes


def _named(names: Sequence[str], source: str) -> tuple[list[str], list[str]]:
    """Return names that a network file may use, and which of them are new, in words."""
    ours = [re.sub(r"\W", "_", name) for name in names]
    ours = [name if name[:1].isalpha() else f"L{name}" for name in ours]
    if len(set(ours)) < len(ours):
        msg = f"{source}: populations {', '.join(names)} have no different names without signs"
        raise TableError(msg)
    return ours, [f"{a} -> {b}" for a, b in zip(names, ours, strict=True) if a != b]


def _receptors(names: Sequence[str], tau_s: FloatArray) -> dict[str, Any]:
    if len(set(tau_s.tolist())) == 1:
        return {"psc": {"tau_s_ms": from_si(tau_s[0], "ms")}}
    return {f"psc_{n}": {"tau_s_ms": from_si(t, "ms")} for n, t in zip(names, tau_s, strict=True)}


def _receptor(name: str, tau_s: FloatArray, target: int) -> str:
    return "psc" if np.all(tau_s == tau_s[target]) else f"psc_{name}"


class _Reader:
    """Parameters of NNMT in SI, of one number, a vector or a matrix of populations each."""

    def __init__(self, content: Mapping[str, Any], n: int, source: str) -> None:
        self.content, self.n, self.source = content, n, source
        self.K = self.matrix("K")
        self.tau_m, self.tau_s = self.vector("tau_m"), self.vector("tau_s", 0.0)
        self.V_reset, self.V_th = self._potentials()
        self.J = self._jumps()
        self.delay, self.delay_sd = self._delays("", 1e-3), self._delays("_sd", 0.0)
        self.law = str(content.get("delay_dist", "none"))

    def si(self, name: str) -> FloatArray:
        """Return a parameter in SI."""
        if name not in self.content:
            msg = f"{self.source}: {name} is missing"
            raise TableError(msg)
        given = self.content[name]
        unit = "1"
        if isinstance(given, Mapping):
            unit, given = str(given.get("unit")), given.get("val")
        unit = LONG.get(unit, unit)
        try:
            values = np.asarray(given, dtype=np.float64)
        except (TypeError, ValueError):
            values = np.array(np.nan)
        if unit not in UNITS or not np.all(np.isfinite(values)):
            msg = f"{self.source}: {name} = {self.content[name]!r}: numbers with a unit such as mV"
            raise TableError(msg)
        return array_to_si(values, unit)

    def vector(self, name: str, default: float | None = None) -> FloatArray:
        """Return one number per population."""
        if default is not None and name not in self.content:
            return np.full(self.n, default)
        return self._shaped(name, self.si(name), (self.n,))

    def matrix(self, name: str) -> FloatArray:
        """Return one number per pair of populations, [target, source]."""
        return self._shaped(name, self.si(name), (self.n, self.n))

    def _shaped(self, name: str, values: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        try:
            return np.broadcast_to(values, shape)
        except ValueError:
            msg = f"{self.source}: {name} has shape {values.shape}, needs {shape}"
            raise TableError(msg) from None

    def _potentials(self) -> tuple[FloatArray, FloatArray]:
        if "V_th_rel" in self.content:
            return self.vector("V_0_rel"), self.vector("V_th_rel")
        reset = self.vector("V_0_abs")  # rest, too
        return np.zeros(self.n), self.vector("V_th_abs") - reset

    def _per_current(self) -> FloatArray:
        return self.tau_s / self.vector("C")

    def _jumps(self) -> FloatArray:
        """Return the jumps, V; currents (W, w) make J = tau_s W / C."""
        if "J" in self.content:
            return self.matrix("J")
        if "W" in self.content:
            return self.matrix("W") * self._per_current()[:, np.newaxis]
        w, g = float(self.si("w")), float(self.si("g"))
        W = np.where(np.arange(self.n) % 2 == 0, w, -g * w) * np.ones((self.n, 1))
        if self.n == MICROCIRCUIT:
            W[0, 2] *= 2.0  # 4E onto 2/3E, Potjans & Diesmann (2014), table 5
        jumps: FloatArray = W * self._per_current()[:, np.newaxis]
        return jumps

    def _delays(self, spread: str, default: float) -> FloatArray:
        for name in (f"Delay{spread}", "D_std" if spread else "D_mean"):
            if name in self.content:
                return self.matrix(name)
        if f"d_e{spread}" in self.content:
            both = float(self.si(f"d_e{spread}")), float(self.si(f"d_i{spread}"))
            of_sources: FloatArray = np.where(np.arange(self.n) % 2 == 0, *both)
            return np.broadcast_to(of_sources, (self.n, self.n))
        return np.full((self.n, self.n), default)

    def neuron(self, i: int) -> dict[str, Any]:
        """Return the keys of a population."""
        values = {
            "tau_m_ms": (self.tau_m, "ms"),
            "tau_ref_ms": (self.vector("tau_r", 0.0), "ms"),
            "V_th_mV": (self.V_th, "mV"),
            "V_reset_mV": (self.V_reset, "mV"),
        }
        keys = {key: from_si(float(v[i]), unit) for key, (v, unit) in values.items()}
        return {"size": int(self.vector("N")[i]), **keys}

    def projection(self, a: int, b: int) -> dict[str, Any]:
        """Return number, weight and delay of the synapses of a pair."""
        keys: dict[str, Any] = {
            "in_degree": float(self.K[a, b]),
            "J_mV": from_si(float(self.J[a, b]), "mV"),
            "delay_ms": from_si(float(self.delay[a, b]), "ms"),
        }
        if self.law != "none" and self.delay_sd[a, b] > 0.0:
            keys |= {"delay_sd_ms": from_si(float(self.delay_sd[a, b]), "ms")}
            keys |= {"delay_law": self.law}
        return keys

    def drives(self, a: int, common: Mapping[str, str]) -> dict[str, dict[str, Any]]:
        """Return the external inputs of a population."""
        found: dict[str, dict[str, Any]] = {}
        if "nu_ext" in self.content:
            nu = np.atleast_1d(self.si("nu_ext"))
            K = self._external("K_ext", nu.size)
            J = self._external_jumps(nu.size)
            for p in np.flatnonzero(K[a] * nu > 0.0).tolist():
                rate = {"rate_Hz": float(K[a, p] * nu[p])}
                found[f"external_{p}"] = {**common, **rate, "J_mV": from_si(float(J[a, p]), "mV")}
        if "I_ext" in self.content and np.any(self.vector("I_ext")):
            mu = self.vector("I_ext") * self.tau_m / self.vector("C")
            found["current"] = {"target": common["target"], "mu_mV": from_si(float(mu[a]), "mV")}
        return found

    def _external(self, name: str, n_inputs: int) -> FloatArray:
        values = self.si(name)
        if values.ndim == 1 and values.size == self.n:
            values = values[:, np.newaxis]
        return self._shaped(name, values, (self.n, n_inputs))

    def _external_jumps(self, n_inputs: int) -> FloatArray:
        if "J_ext" in self.content:
            return self._external("J_ext", n_inputs)
        name = "W_ext" if "W_ext" in self.content else "w_ext"
        return self._external(name, n_inputs) * self._per_current()[:, np.newaxis]


MICROCIRCUIT: Final = 8  # populations of the circuit that NNMT writes in short
