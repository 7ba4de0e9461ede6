"""Conditions of the weighted-sum method; who leaves them is told by a RegimeWarning.

The method rests on one dominating population of pyramidal cells with AMPA and GABA
synapses apart, enough activity that currents overlap, and electrodes away from the depth
at which the field inverts (Mazzoni, Linden et al. 2015).
"""

import warnings

import numpy as np

from cortex.errors import RegimeWarning
from cortex.typing import FloatArray, IntArray

LEAST_SEPARATION = 150e-6  # m between the centres of AMPA and GABA synapses
LEAST_OVERLAP = 1.0  # presynaptic spikes per target neuron within one decay of the current
INVERSION_SHARE = 0.1  # of the largest amplitude; electrodes below lie at the inversion


def warn_separation(ampa_centre: float, gaba_centre: float) -> None:
    """Warn if the centres of AMPA and GABA synapses (m) are closer than 150 µm."""
    apart = abs(ampa_centre - gaba_centre)
    if apart < LEAST_SEPARATION:
        msg = (
            f"AMPA and GABA synapses are centred {apart * 1e6:.0f} µm apart; below "
            f"{LEAST_SEPARATION * 1e6:.0f} µm there is no dipole and weighted sums of "
            "currents are no proxy of the LFP"
        )
        warnings.warn(msg, RegimeWarning, stacklevel=3)


def warn_activity(rate: float, in_degree: float, tau_decay: float) -> None:
    """Warn if the currents of a target neuron are separate events rather than a sum.

    Parameters
    ----------
    rate : float
        Mean rate of a source neuron, Hz.
    in_degree : float
        Synapses per target neuron.
    tau_decay : float
        Decay of the current, s.
    """
    overlap = rate * in_degree * tau_decay
    if overlap < LEAST_OVERLAP:
        msg = (
            f"{overlap:.2g} presynaptic spikes per neuron within {tau_decay * 1e3:g} ms: the "
            "activity is too low for the fixed weights of the reference weighted sum"
        )
        warnings.warn(msg, RegimeWarning, stacklevel=3)


def inverting_electrodes(amplitude: FloatArray) -> IntArray:
    """Return the electrodes at the inversion depth, and warn if there are any.

    Parameters
    ----------
    amplitude : ndarray of shape (n_electrodes, n_sources)
        From `cortex.lfp.amplitude_matrix`.

    Returns
    -------
    ndarray of int
        Electrodes whose mean amplitude is below 10 % of their mean absolute amplitude:
        sources cancel, and what is left depends on details the method does not know.
    """
    size = np.abs(amplitude).mean(axis=1)
    share = np.divide(
        np.abs(amplitude.mean(axis=1)), size, out=np.zeros(len(size)), where=size > 0.0
    )
    found = np.flatnonzero((share < INVERSION_SHARE) & (size > 0.0))
    if len(found):
        msg = (
            f"electrodes {found.tolist()} lie at the inversion depth, where the sources cancel; "
            "proxies are not reliable there"
        )
        warnings.warn(msg, RegimeWarning, stacklevel=2)
    return found
