"""One neuron at one input, its synaptic filter treated in one of four ways."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from cortex.meanfield.density.receptors import (
    Receptors,
    receptor_cv,
    receptor_rate,
    receptor_response,
)
from cortex.meanfield.exponents import angular
from cortex.meanfield.response.transfer import linear_response
from cortex.meanfield.stationary.cv import isi_cv
from cortex.meanfield.stationary.derivatives import rate_slopes
from cortex.params.lif import LIFParams
from cortex.typing import ComplexArray, FloatArray

Treatment = Literal["white", "shift", "taylor", "nodes"]
HIGHEST: Final = 3.0
"""Times 1/(2 pi tau_s), up to which nodes resolve a response."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TreatedNeuron:
    """What a treatment says of a neuron.

    Parameters
    ----------
    nu, cv : float
        Stationary rate, Hz, and coefficient of variation of the intervals.
    slope : float
        Derivative of the rate by the mean of the input, found by itself, Hz/V.
    frequency : ndarray of shape (n_freqs,)
        Hz.
    H_mu, H_variance : complex ndarray of shape (n_freqs,)
        Response to the mean, Hz/V, and to the variance, Hz/V^2.
    """

    nu: float
    cv: float
    slope: float
    frequency: FloatArray
    H_mu: ComplexArray
    H_variance: ComplexArray


def treat(
    treatment: Treatment,
    mu: float,
    sigma: float,
    neuron: LIFParams,
    *,
    tau_s: float,
    frequency: FloatArray,
) -> TreatedNeuron:
    """Return rate, irregularity and linear response of a neuron.

    Parameters
    ----------
    treatment : {"white", "shift", "taylor", "nodes"}
        No filter, shifted boundaries, first order in the root of the time constants, or the
        filtered noise itself on nodes.
    mu, sigma : float
        Mean and standard deviation of the input, V.
    neuron : LIFParams
        The neuron.
    tau_s : float
        Synaptic time constant, s.
    frequency : ndarray of shape (n_freqs,)
        Hz; nodes leave out those above `HIGHEST`.

    Notes
    -----
    Schuecker, Diesmann & Helias (2015), Phys. Rev. E 92:052119 (shifted boundaries); nodes:
    `cortex.meanfield.density.receptors`.

    Examples
    --------
    >>> lif = LIFParams(tau_m=0.02, tau_ref=0.0, V_th=0.02, V_reset=0.015)
    >>> at = {"tau_s": 5e-4, "frequency": np.array([1.0])}
    >>> [round(treat(name, 0.01642, 4e-3, lif, **at).nu, 1) for name in ("white", "shift", "nodes")]
    [13.4, 10.2, 10.3]
    """
    if treatment == "nodes":
        receptors = Receptors(mu, np.array([sigma**2]), np.array([tau_s]), neuron)
        frequency = frequency[frequency <= HIGHEST / (2.0 * np.pi * tau_s)]
        on_nodes, found = receptor_rate(receptors), receptor_response(receptors, angular(frequency))
        return TreatedNeuron(
            nu=float(on_nodes.nu),
            cv=receptor_cv(receptors),
            slope=float(on_nodes.by_mu),
            frequency=frequency,
            H_mu=found.H_mu,
            H_variance=found.H_variance[:, 0],
        )
    filtered = 0.0 if treatment == "white" else tau_s
    method: Literal["shift", "taylor"] = "taylor" if treatment == "taylor" else "shift"
    slopes = rate_slopes(mu, sigma, neuron, tau_s=filtered, method=method)
    response = linear_response(angular(frequency), mu, sigma, neuron, tau_s=filtered, method=method)
    return TreatedNeuron(
        nu=float(slopes.nu),
        cv=float(isi_cv(mu, sigma, neuron, tau_s=filtered)),
        slope=float(slopes.by_mu),
        frequency=frequency,
        H_mu=response.H_mu,
        H_variance=response.H_sigma2,
    )
