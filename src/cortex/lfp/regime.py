"""Conditions of the weighted-sum method; who leaves them is told by a RegimeWarning.

The method rests on one dominating population of pyramidal cells with AMPA and GABA
synapses apart, enough activity that currents overlap, and electrodes away from the depth
at which the field inverts (Mazzoni, Linden et al. 2015).
"""

import numpy as np

from cortex.errors import ParameterError
from cortex.lfp.geometry import Coordinates
from cortex.params.arrays import finite
from cortex.regime import warn_regime
from cortex.typing import FloatArray, IntArray

LEAST_SEPARATION = 150e-6  # m between the centres of AMPA and GABA synapses
LEAST_OVERLAP = 1.0  # presynaptic spikes per target neuron within one decay of the current
INVERSION_SHARE = 0.1  # of the mean absolute amplitude, of half a dipole: below, at the inversion


def warn_separation(ampa_centre: float, gaba_centre: float) -> None:
    """Warn if the centres of AMPA and GABA synapses (m) are closer than 150 µm."""
    apart = abs(ampa_centre - gaba_centre)
    if apart < LEAST_SEPARATION:
        msg = (
            f"AMPA and GABA synapses are centred {apart * 1e6:.0f} µm apart; below "
            f"{LEAST_SEPARATION * 1e6:.0f} µm there is no dipole and weighted sums of "
            "currents are no proxy of the LFP"
        )
        warn_regime(msg)


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
        warn_regime(msg)


def inverting_electrodes(amplitude: FloatArray, at: Coordinates | None = None) -> IntArray:
    """Return the electrodes at the inversion depth, and warn if there are any.

    There the contributions of the cells cancel, or those of the two ends of one dipole; what
    is left depends on details the method does not know.

    Parameters
    ----------
    amplitude : ndarray of shape (n_electrodes, n_sources)
        From `cortex.lfp.amplitude_matrix`.
    at : Coordinates, optional
        The same electrodes seen from the dipoles, from `cortex.lfp.cylindrical`. A single
        dipole (`cortex.lfp.population_source`) inverts at its own centre, which its amplitude
        does not tell from far away: without the coordinates that is not seen.

    Returns
    -------
    ndarray of int, shape (n_inverting,)
        Electrodes whose mean amplitude is below 10 % of their mean absolute amplitude, or
        whose mean distance along the axis from the dipoles is below 10 % of half a dipole.

    Raises
    ------
    ParameterError
        Amplitudes and coordinates of different electrodes or sources.

    Warns
    -----
    RegimeWarning
        There are such electrodes.

    References
    ----------
    Definition.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings(action="ignore"):
    ...     inverting_electrodes(np.array([[1.0, -1.0], [1.0, 0.9]])).tolist()
    [0]
    """
    amplitude = finite("amplitude", amplitude, 2)
    size = np.abs(amplitude).mean(axis=1)
    inverting = (np.abs(amplitude.mean(axis=1)) < INVERSION_SHARE * size) & (size > 0.0)
    if at is not None:
        if at.d.shape != amplitude.shape:
            msg = f"amplitude has shape {amplitude.shape}, the coordinates {at.d.shape}; equal ones"
            raise ParameterError(msg)
        inverting |= np.mean(np.abs(at.d) / (0.5 * at.length), axis=1) < INVERSION_SHARE
    found = np.flatnonzero(inverting)
    if len(found):
        msg = (
            f"electrodes {found.tolist()} lie at the inversion depth, where the sources cancel; "
            "proxies are not reliable there"
        )
        warn_regime(msg)
    return found
