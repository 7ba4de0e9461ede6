"""Deterministic networks of the reference files, as cortex inputs."""

import json
from pathlib import Path

import numpy as np

from cortex.connectivity.projection import Projection
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons
from cortex.params.network import PopulationNetwork
from cortex.params.simulation import SimulationParams
from cortex.params.synapses import Synapses
from cortex.spiking import Inputs, SourceLists, SpikeInputs

DATA = Path(__file__).parents[2] / "data" / "brunel"


def load(case):
    return json.loads((DATA / f"{case}.json").read_text())


def network(ref):
    """Two populations with the parameters of the file; potentials relative to rest."""
    p, n_exc = ref["parameters"], ref["n_exc"]
    tau = np.array([p.get("tau_syn_ex", 0.0), p.get("tau_syn_in", 0.0)]) * 1e-3
    nothing = np.zeros((2, 0))
    resistance = p["tau_m"] / p["C_m"]  # GOhm = mV / pA
    return PopulationNetwork(
        names=("E", "I"),
        sizes=np.array([n_exc, ref["N"] - n_exc]),
        neurons=LIFNeurons(
            tau_m=p["tau_m"] * 1e-3,
            tau_ref=p["t_ref"] * 1e-3,
            V_th=(p["V_th"] - p["E_L"]) * 1e-3,
            V_reset=(p["V_reset"] - p["E_L"]) * 1e-3,
        ),
        synapses=Synapses(in_degrees=1, J=[1e-3, -1e-3], tau_s=tau, delay=ref["dt_ms"] * 1e-3),
        drive=Drive(rate=nothing, J=0.0, tau_s=0.0, mu_dc=p["I_e"] * resistance * 1e-3),
    )


def jump(ref, weights):
    """Weight of the file as a jump of V: itself (mV), or tau_s w / C of a current (pA)."""
    p, w = ref["parameters"], np.asarray(weights)
    if "tau_syn_ex" not in p:
        return w * 1e-3 / p["C_m"]
    return np.where(w < 0, p["tau_syn_in"], p["tau_syn_ex"]) * w / p["C_m"] * 1e-3


def wiring(ref):
    source, target, weight, delay = np.array(ref["connections"]["list"]).T
    return SourceLists.from_connections(
        source.astype(int),
        target.astype(int),
        n_neurons=ref["N"],
        delays=delay.astype(int),
        weights=jump(ref, weight),
    )


def projection(ref):
    """Return the same connections in the currency of `cortex.connectivity`: delays in s."""
    source, target, weight, delay = np.array(ref["connections"]["list"]).T
    return Projection.from_pairs(
        source, target, n_sources=ref["N"], n_targets=ref["N"],
        weights=jump(ref, weight), delays=delay * ref["dt_ms"] * 1e-3, same_population=True,
    )  # fmt: skip


def inputs(ref):
    steps, targets, weights = [], [], []
    trains = ref["inputs"]["spike_steps"]
    for source, target, weight, delay in ref["inputs"]["connections"]:
        arrivals = np.array(trains[int(source)]) + int(delay)
        steps.append(arrivals)
        targets.append(np.full(arrivals.size, int(target)))
        weights.append(np.full(arrivals.size, weight))
    events = SpikeInputs(
        steps=np.concatenate(steps).astype(int),
        targets=np.concatenate(targets),
        weights=jump(ref, np.concatenate(weights)),
    )
    return Inputs(V0=(np.array(ref["V0"]) - ref["parameters"]["E_L"]) * 1e-3, events=events)


def settings(ref, duration=None):
    return SimulationParams(
        dt=ref["dt_ms"] * 1e-3,
        warm_up=0.0,
        duration=(ref["T_ms"] if duration is None else duration) * 1e-3,
        precision="float64",
    )
