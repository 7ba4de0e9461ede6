"""Deterministic cells and networks of the reference files, as cortex inputs."""

import json
from pathlib import Path

import numpy as np

from cortex.cells.adex import AdExCell, AdExNeurons
from cortex.cells.eif import EIFCell, EIFNeurons
from cortex.cells.lif import LIFCell
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons
from cortex.params.network import PopulationNetwork
from cortex.params.simulation import SimulationParams
from cortex.params.synapses import Synapses
from cortex.spiking import Inputs, SourceLists, SpikeInputs

DATA = Path(__file__).parents[2] / "data" / "cells"
UNITS = {"C_m": "C_pF", "g_L": "g_L_nS", "E_L": "E_L_mV", "V_th": "V_th_mV",
         "V_reset": "V_reset_mV", "t_ref": "tau_ref_ms", "Delta_T": "Delta_T_mV",
         "V_peak": "V_peak_mV", "tau_w": "tau_w_ms", "a": "a_nS", "b": "b_pA"}  # fmt: skip


def load(name):
    return json.loads((DATA / f"{name}.json").read_text())["cases"]


def leak(p):
    """Leak conductance, nS."""
    return p.get("g_L", p["C_m"] / p.get("tau_m", 1.0))


def neurons(case):
    """Neurons of a case: EIF and AdEx by their keys, else LIF."""
    p = {**case["params"], "g_L": leak(case["params"])}
    keys = {UNITS[name]: value for name, value in p.items() if name in UNITS}
    if "Delta_T" not in p:
        return LIFNeurons(**LIFCell.from_config(keys).normal())
    if p["a"] == p["b"] == 0.0:
        for key in ("tau_w_ms", "a_nS", "b_pA"):
            del keys[key]
        return EIFNeurons(**EIFCell.from_config(keys).normal())
    return AdExNeurons(**AdExCell.from_config(keys).normal())


def port(rise, decay):
    """(rise, decay, integral of a kernel whose peak is one); ms in, s out."""
    rise, decay = rise * 1e-3, decay * 1e-3
    if rise == 0.0:
        return rise, decay, decay
    if rise == decay:
        return rise, decay, np.e * decay
    t = np.log(decay / rise) * rise * decay / (decay - rise)
    return rise, decay, (decay - rise) / (np.exp(-t / decay) - np.exp(-t / rise))


def ports(case):
    """Kernels and reversal potentials of all receptors; excitatory and inhibitory, or as listed."""
    p, model = case["params"], case["model"]
    if "multi" in model:
        return [port(*each) for each in zip(p["tau_rise"], p["tau_decay"], strict=True)], p["E_rev"]
    reversal = [p.get(f"E_{sign}", p["E_L"]) for sign in ("ex", "in")]
    if "delta" in model:
        return [(0.0, 0.0, 1.0)] * 2, reversal
    decays = [p.get(f"tau_syn_{sign}", p.get(f"tau_decay_{sign}")) for sign in ("ex", "in")]
    rises = [p.get(f"tau_rise_{sign}", 0.0) for sign in ("ex", "in")]
    rises = decays if "alpha" in model else rises
    return [port(*each) for each in zip(rises, decays, strict=True)], reversal


def size(case, weights, receptor=None):
    """Weights of the file (mV, pA, nS) as J (V) or g: integrals over C."""
    w, (kernels, _) = np.asarray(weights, dtype=float), ports(case)
    p, model = case["params"], case["model"]
    if "delta" in model:
        return w * 1e-3
    integral = np.array([kernel[2] for kernel in kernels])
    over_C = integral[(w < 0).astype(int) if receptor is None else receptor] / (p["C_m"] * 1e-12)
    return np.abs(w) * 1e-9 * over_C if "cond" in model else w * 1e-12 * over_C


def network(case, sizes):
    """Return populations E and I; one input onto each receptor."""
    p, (kernels, reversal) = case["params"], ports(case)
    is_cond, n = "cond" in case["model"], len(kernels)
    sign = np.where(np.arange(n) == n - 1, -1.0, 1.0)
    of_inputs = {
        "tau_rise": np.array([each[0] for each in kernels]),
        "tau_s": np.array([each[1] for each in kernels]),
        "E_rev": (np.array(reversal) - p["E_L"]) * 1e-3 * is_cond,
        "g": np.full(n, 0.1 * is_cond),
        "J": 1e-4 * sign * (not is_cond),
    }
    of_synapses = {name: values[[0, -1]] for name, values in of_inputs.items()}
    stp = case.get("synapse", {}).get("params", {})
    plastic = {
        "U": [stp.get("U", 1.0), 1.0],
        "tau_rec": [stp.get("tau_rec", 0.0) * 1e-3, 0.0],
        "tau_fac": [stp.get("tau_fac", 0.0) * 1e-3, 0.0],
    }
    return PopulationNetwork(
        names=("E", "I"),
        sizes=np.array(sizes),
        neurons=neurons(case),
        synapses=Synapses(in_degrees=1.0, delay=1e-3, **of_synapses, **plastic),
        drive=Drive(rate=np.zeros(n), mu_dc=p["I_e"] / leak(p) * 1e-3, **of_inputs),
    )


def settings(dt, duration, integration="accurate"):
    return SimulationParams(
        dt=dt * 1e-3, warm_up=0.0, duration=duration * 1e-3, precision="float64",
        integration=integration,
    )  # fmt: skip


def wiring(case, dt):
    source, target, weight, delay = np.array(case["connections"]).T
    return SourceLists.from_connections(
        source.astype(int),
        target.astype(int),
        n_neurons=case["N"],
        delays=np.rint(delay / dt).astype(int),
        weights=size(case, weight),
    )


def inputs_of_network(case, dt):
    n, times = case["N"], case["external_spike_times_ms"]
    steps = [np.rint((np.array(each) + case["external_delay_ms"]) / dt) for each in times]
    weights = np.repeat(case["external_weight"], [len(each) for each in times])
    events = SpikeInputs(
        steps=np.concatenate(steps).astype(int),
        targets=np.repeat(np.arange(n), [len(each) for each in times]),
        weights=size(case, weights),
        inputs=np.zeros(len(weights), dtype=int),
    )
    return Inputs(V0=(np.array(case["V0_mV"]) - case["params"]["E_L"]) * 1e-3, events=events)


def inputs_of_cell(case, dt):
    """Return steps of current and spike trains of the first of two neurons."""
    p, trains = case["params"], case["input_trains"]
    current = np.full(round(case["T_ms"] / dt), float(p["I_e"]))
    for step in case["step_current"]:
        current[round(step["current_on_from_ms"] / dt) :] = step["amplitude_pA"] + p["I_e"]
    parts = []
    for train in trains:
        receptor = train.get("receptor", 2 if train["weight"] < 0 else 1) - 1
        steps = np.rint((np.array(train["times_ms"]) + train["delay_ms"]) / dt).astype(int)
        weight = size(case, [train["weight"]], [receptor])[0]
        parts.append([steps, np.full(len(steps), weight), np.full(len(steps), receptor)])
    events = None
    if parts:
        steps, weights, receptors = (np.concatenate(each) for each in zip(*parts, strict=True))
        events = SpikeInputs(
            steps=steps, targets=np.zeros(len(steps), int), weights=weights, inputs=receptors
        )
    return Inputs(
        V0=np.full(2, (case["V0_mV"] - p["E_L"]) * 1e-3),
        events=events,
        mu_dc=np.repeat(current[:, None], 2, axis=1) / leak(p) * 1e-3,
        mu_dc_interval=dt * 1e-3,
    )
