"""Amplitude of the LFP around a dipole, as closed forms of the cylindrical coordinates.

All profiles are odd in d, continuous, and finite at r = d = 0. A positive weighted sum
(current into the apical dendrite, out of the soma) is negative above the centre (d > 0)
and positive below.

=====================  =======  ====================================================
profile                unit     meaning
=====================  =======  ====================================================
mazzoni_population     V        per standard deviation of the population's weighted sum
mazzoni_neuron         V        the same for one cell, rescaled
aussel                 V/A      far field of a dipole of length L
aussel_modified        V/A      slower decay 1/(distance * 1 µm)
two_monopole           V/A      source at the soma, sink at the apex
=====================  =======  ====================================================
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from cortex.errors import ParameterError
from cortex.lfp.geometry import Coordinates, Sources, cylindrical
from cortex.params.arrays import instance
from cortex.params.lfp import CONDUCTIVITIES
from cortex.typing import FloatArray

Profile = Callable[[Coordinates], FloatArray]

CONDUCTIVITY: Final = 0.3  # S/m, extracellular medium of grey matter
AUSSEL_CURRENT: Final = 2.1e-14  # A; scales `aussel` to the amplitudes of Mazzoni (2015)
AUSSEL_MODIFIED_CURRENT: Final = 1e-12  # A; the same for `aussel_modified`

# Gamma-shaped fits per lateral distance to Fig. 2B of Mazzoni, Linden et al. (2015):
# |amplitude| = exp(ln_a + p ln(d / 100 µm) - d / s) µV; zero from 875 µm on.
SLICES_R: Final = np.array([0.0, 125.0, 250.0, 375.0, 500.0, 625.0, 750.0, 875.0]) * 1e-6
SLICES_LN_A: Final = np.array(
    [
        -1.533979190215,
        -1.721615714073,
        -2.337750397129,
        -3.615101029078,
        -4.679171475256,
        -5.059505546201,
        -5.748849954665,
        -np.inf,
    ]
)
SLICES_P: Final = np.array(
    [
        1.081282795744,
        1.014616979427,
        1.058707878865,
        1.00160497152,
        0.9020406986101,
        1.668794536434,
        9.547117522117,
        1.0,
    ]
)
SLICES_S: Final = 1e-6 * np.array(
    [
        114.4648074776,
        122.3604002203,
        135.2847496683,
        207.5308092157,
        350.1352889625,
        180.7793649726,
        30.96953086657,
        100.0,
    ]
)
NEURON_SCALE: Final = (1.31724, 1.22438, 1.82849)  # of r, d and the amplitude


def mazzoni_population(at: Coordinates) -> FloatArray:
    """Return the profile of a population of radius 250 µm (Mazzoni, Linden et al. 2015).

    Parameters
    ----------
    at : Coordinates
        Electrodes about the centre of the population.

    Returns
    -------
    ndarray of shape (n_electrodes, n_sources)
        Amplitude, V per standard deviation of the weighted sum; at most 0.096 µV.

    Notes
    -----
    Gamma functions of the distance along the axis on slices of r, joined linearly in r,
    zero from r = 875 µm on. Fitted to the apical side of Fig. 2B and mirrored (the figure
    itself is up to 3 % asymmetric); dendrite length and conductivity are the paper's.

    Examples
    --------
    >>> from cortex.lfp.geometry import cell_sources, cylindrical
    >>> at = cylindrical([[0.0, 0.0, -1e-4]], cell_sources([[0.0, 0.0, 0.0]], located="centre"))
    >>> (1e6 * mazzoni_population(at)).round(4).tolist()
    [[0.09]]
    """
    instance("at", at, Coordinates)
    depth = np.abs(at.d)
    with np.errstate(divide="ignore"):
        log_depth = np.log(depth / 100e-6)
    left = np.clip(np.searchsorted(SLICES_R, at.r, side="right") - 1, 0, len(SLICES_R) - 2)
    share = np.clip((at.r - SLICES_R[left]) / np.diff(SLICES_R)[left], 0.0, 1.0)
    near, far = (
        np.exp(SLICES_LN_A[i] + SLICES_P[i] * log_depth - depth / SLICES_S[i])
        for i in (left, left + 1)
    )
    amplitude = -1e-6 * np.sign(at.d) * ((1.0 - share) * near + share * far)
    return np.asarray(amplitude, dtype=np.float64)


def mazzoni_neuron(at: Coordinates) -> FloatArray:
    """Return the profile of one cell: `mazzoni_population` rescaled.

    Parameters
    ----------
    at : Coordinates
        Electrodes about the dipole of each cell.

    Returns
    -------
    ndarray of shape (n_electrodes, n_sources)
        Amplitude, V per standard deviation of the weighted sum of the population.

    Notes
    -----
    1.82849 f(1.31724 r, 1.22438 d) of the population profile f. Averaged over a disc of 250 µm
    it is within 15 % of the peak of f. The three factors are those of wslfp 0.2.3 (Johnsen et
    al.), which fitted them to one random draw of 4000 cells.

    References
    ----------
    wslfp 0.2.3 (Johnsen et al.), for the factors; else as for `mazzoni_population`.

    Examples
    --------
    >>> from cortex.lfp.geometry import cell_sources, cylindrical
    >>> at = cylindrical([[0.0, 0.0, -1e-4]], cell_sources([[0.0, 0.0, 0.0]], located="centre"))
    >>> (1e6 * mazzoni_neuron(at)).round(4).tolist()
    [[0.1684]]
    """
    instance("at", at, Coordinates)
    scale_r, scale_d, scale = NEURON_SCALE
    scaled = Coordinates(r=scale_r * at.r, d=scale_d * at.d, length=at.length)
    return scale * mazzoni_population(scaled)


def aussel(
    at: Coordinates, *, conductivity: float = CONDUCTIVITY, radius: float = 1e-6
) -> FloatArray:
    """Return the far field of a current dipole (Aussel et al. 2018).

    Parameters
    ----------
    at : Coordinates
        Electrodes about the dipoles.
    conductivity : float
        Of the extracellular medium, S/m.
    radius : float
        Distance at which the far field ends, m; closer, the distance is held there, so the
        amplitude falls linearly to zero at the centre.

    Returns
    -------
    ndarray of shape (n_electrodes, n_sources)
        Amplitude, V/A; times 0.021 pA (`AUSSEL_CURRENT`) it has the size of Mazzoni's profile.

    Notes
    -----
    -L cos(theta) / (4 pi sigma x^2) at distance x (J. Comput. Neurosci. 45:207).

    Examples
    --------
    >>> from cortex.lfp.geometry import cell_sources, cylindrical
    >>> at = cylindrical([[0.0, 0.0, -1e-3]], cell_sources([[0.0, 0.0, 0.0]], located="centre"))
    >>> aussel(at).round(2).tolist()
    [[66.31]]
    """
    CONDUCTIVITIES.check("conductivity", conductivity)
    instance("at", at, Coordinates)
    distance = np.maximum(np.hypot(at.r, at.d), radius)
    return -at.length * at.d / (4.0 * np.pi * conductivity * distance**3)


def aussel_modified(
    at: Coordinates, *, conductivity: float = CONDUCTIVITY, radius: float = 1e-6
) -> FloatArray:
    """Return the dipole with one power of the distance replaced by 1 µm.

    Parameters
    ----------
    at, conductivity, radius
        See `aussel`.

    Returns
    -------
    ndarray of shape (n_electrodes, n_sources)
        Amplitude, V/A; times 1 pA (`AUSSEL_MODIFIED_CURRENT`) it is the profile of wslfp.

    Notes
    -----
    -L cos(theta) / (4 pi sigma x 1µm). A heuristic with a wider reach, not a solution of the
    field equation.

    References
    ----------
    wslfp 0.2.3 (Johnsen et al.), after Aussel et al. (2018), J. Comput. Neurosci. 45:207.

    Examples
    --------
    >>> from cortex.lfp.geometry import cell_sources, cylindrical
    >>> at = cylindrical([[0.0, 0.0, -1e-3]], cell_sources([[0.0, 0.0, 0.0]], located="centre"))
    >>> aussel_modified(at).round(2).tolist()
    [[66314.56]]
    """
    CONDUCTIVITIES.check("conductivity", conductivity)
    distance = np.maximum(np.hypot(at.r, at.d), radius)
    return -at.length * at.d / (4.0 * np.pi * conductivity * 1e-6 * distance**2)


def two_monopole(
    at: Coordinates, *, conductivity: float = CONDUCTIVITY, radius: float = 5e-6
) -> FloatArray:
    """Return the field of a source at the soma and a sink at the apex.

    Parameters
    ----------
    at : Coordinates
        Electrodes about the dipoles.
    conductivity : float
        Of the extracellular medium, S/m.
    radius : float
        Smallest distance from either end, m; closer, the distance is held there.

    Returns
    -------
    ndarray of shape (n_electrodes, n_sources)
        Amplitude, V/A.

    Notes
    -----
    [1/|x - x_soma| - 1/|x - x_apex|] / (4 pi sigma) with the two L apart; `aussel` is its limit
    far from the cell.

    References
    ----------
    Coulomb's law in a conductor.

    Examples
    --------
    >>> from cortex.lfp.geometry import cell_sources, cylindrical
    >>> at = cylindrical([[0.0, 0.0, -1e-3]], cell_sources([[0.0, 0.0, 0.0]], located="centre"))
    >>> two_monopole(at).round(2).tolist()
    [[67.37]]
    """
    CONDUCTIVITIES.check("conductivity", conductivity)
    instance("at", at, Coordinates)
    half = 0.5 * at.length
    to_soma = np.maximum(np.hypot(at.r, at.d + half), radius)
    to_apex = np.maximum(np.hypot(at.r, at.d - half), radius)
    return np.asarray((1.0 / to_soma - 1.0 / to_apex) / (4.0 * np.pi * conductivity))


def disc_average(
    profile: Profile, at: Coordinates, radius: float, *, n_rings: int = 24, n_angles: int = 24
) -> FloatArray:
    """Return the mean amplitude of equal cells spread evenly in a disc.

    Parameters
    ----------
    profile : callable
        Amplitude of one cell.
    at : Coordinates
        Electrodes about the axis of the disc.
    radius : float
        Radius of the disc, m.
    n_rings, n_angles : int
        Gauss-Legendre nodes in the squared radius, and midpoints in the angle.

    Returns
    -------
    ndarray of the shape of `at.r`
        Unit of the profile.
    """
    nodes, weights = np.polynomial.legendre.leggauss(n_rings)
    rings = radius * np.sqrt(0.5 * (nodes + 1.0))
    angles = np.pi * (np.arange(n_angles) + 0.5) / n_angles
    mean = np.zeros(np.shape(at.r))
    for ring, weight in zip(rings, weights, strict=True):
        for angle in angles:
            r = np.sqrt(at.r**2 + ring**2 - 2.0 * at.r * ring * np.cos(angle))
            shifted = Coordinates(r=r, d=at.d, length=at.length)
            mean += 0.5 * weight / n_angles * profile(shifted)
    return mean


PROFILES: Final[dict[str, Profile]] = {
    "mazzoni_population": mazzoni_population,
    "mazzoni_neuron": mazzoni_neuron,
    "aussel": aussel,
    "aussel_modified": aussel_modified,
    "two_monopole": two_monopole,
}


REFERENCE_CURRENTS: Final = {
    "mazzoni_population": 1.0,
    "mazzoni_neuron": 1.0,
    "aussel": AUSSEL_CURRENT,
    "aussel_modified": AUSSEL_MODIFIED_CURRENT,
    "two_monopole": AUSSEL_CURRENT,
}
"""Currents (A) that bring the profiles to one scale; 1 for those already in V."""


def amplitude_matrix(
    electrodes: ArrayLike, sources: Sources, profile: Profile = mazzoni_neuron
) -> FloatArray:
    """Return the amplitude of every source at every electrode.

    Parameters
    ----------
    electrodes : array of shape (n_electrodes, 3)
        Contact positions, m.
    sources : Sources
        Dipoles of the cells or of the population.
    profile : callable
        One of this module, or any function of `Coordinates`.

    Returns
    -------
    ndarray of shape (n_electrodes, n_sources)
        In the unit of the profile: V or V/A.

    Raises
    ------
    ParameterError
        Electrodes of a wrong shape or unit, or inside a soma; a profile that returns another
        shape or values that are not finite.

    References
    ----------
    Definition, by any profile.

    Examples
    --------
    >>> from cortex.lfp import cell_sources
    >>> cells = cell_sources([[0.0, 0.0, 0.0], [1e-4, 0.0, 0.0]])
    >>> amplitude_matrix([[0.0, 0.0, 3e-4]], cells).shape
    (1, 2)
    """
    at = cylindrical(electrodes, sources)
    amplitude = np.asarray(profile(at), dtype=np.float64)
    if amplitude.shape != at.r.shape or not np.all(np.isfinite(amplitude)):
        msg = (
            f"the profile returned shape {amplitude.shape} with "
            f"{np.count_nonzero(~np.isfinite(amplitude))} values that are not finite; "
            f"needs {at.r.shape}, all finite"
        )
        raise ParameterError(msg)
    return amplitude
