"""Proxies judged on the cable ground truth, placement by placement of the synapses."""

from dataclasses import dataclass

import numpy as np

from cortex.lfp.cable import cable_lfp, cable_transfer
from cortex.lfp.grid import even_step
from cortex.lfp.proxies import NetworkSignals, weighted_sum
from cortex.lfp.recorded import SynapticCurrents
from cortex.lfp.validation import FittedSum, fit_weighted_sum, judge_proxies
from cortex.params.lfp import RWS, BallAndStickParams
from cortex.params.lfp_study import GroundTruthParams
from cortex.typing import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judgement:
    """One placement of synapses.

    Parameters
    ----------
    truth : ndarray of shape (n_steps, n_depths)
        LFP of the cable, V per cell.
    r_squared : dict of str to ndarray of shape (n_depths,)
        Explained variance of each proxy, "WS" for the fitted sum.
    fit : FittedSum
        The best weighted sum.
    rws, ws : ndarray of shape (n_steps,)
        Reference and fitted weighted sum, A.
    """

    truth: FloatArray
    r_squared: dict[str, FloatArray]
    fit: FittedSum
    rws: FloatArray
    ws: FloatArray


def judge_placement(
    cell: BallAndStickParams,
    currents: SynapticCurrents,
    params: GroundTruthParams,
    *,
    nu_ext: float | None = None,
) -> Judgement:
    """Return how well each proxy of the currents follows the LFP of the cable.

    Parameters
    ----------
    cell : BallAndStickParams
        Morphology and placement of the synapses.
    currents : SynapticCurrents
        Mean currents per cell, 1-D, on an even grid.
    params : GroundTruthParams
        Depths, candidates of the fit, discarded transient.
    nu_ext : float, optional
        External rate per neuron, Hz; with it ERWS2 is judged too.

    Raises
    ------
    ParameterError
        See `cortex.lfp.judge_proxies`.
    """
    truth = cable_lfp(cable_transfer(cell, params.depths()), currents)
    fit = fit_weighted_sum(
        currents,
        truth,
        delays_ampa=params.delays(),
        delays_gaba=params.delays(),
        alphas=params.alphas(),
        discard=params.discard,
    )
    found = judge_proxies(currents, truth, discard=params.discard, nu_ext=nu_ext)
    dt = even_step(currents.time)
    signals = NetworkSignals(dt=dt, ampa=currents.ampa[:, None], gaba=currents.gaba[:, None])
    return Judgement(
        truth=truth,
        r_squared={**{str(name): r for name, r in found.items()}, "WS": fit.r_squared},
        fit=fit,
        rws=weighted_sum(signals, RWS, boundary="hold"),
        ws=weighted_sum(signals, fit.weighting, boundary="hold"),
    )


def scaled_to(signal: FloatArray, truth: FloatArray) -> FloatArray:
    """Return the multiple of `signal` closest to `truth`, both about their means.

    The best affine map without its constant: of mean zero, in the unit of `truth`; zero for
    a constant signal. All arrays are of shape (n_steps,).
    """
    x, y = signal - signal.mean(), truth - truth.mean()
    power = float(x @ x)
    slope = float(x @ y) / power if power > 0.0 else 0.0
    return np.asarray(slope * x, dtype=np.float64)
