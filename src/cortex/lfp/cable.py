"""Ground truth for the proxies: LFP of a passive ball-and-stick population.

Every cell is the same straight cable. Synaptic currents enter at their place, spread by
the cable equation, leave through the membrane; the potential of the transmembrane
currents is averaged over cells spread evenly in a disc, on whose axis the electrodes lie.
The cable is linear, so the population mean of the currents determines the mean LFP.
"""

from dataclasses import dataclass

import numpy as np

from cortex.errors import ParameterError
from cortex.lfp.grid import even_step
from cortex.lfp.recorded import SynapticCurrents
from cortex.lfp.regime import warn_separation
from cortex.params.arrays import finite, instance
from cortex.params.lfp import BallAndStickParams
from cortex.typing import ComplexArray, FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CableTransfer:
    """Transfer from the mean synaptic current of a cell to the LFP.

    V_z(f) = sum_k residues[k, z] / (rates[k] + 2 pi i f), a sum of first-order filters.

    Parameters
    ----------
    rates : ndarray of shape (n_modes,)
        Decay rates of the electrotonic modes, 1/s; the slowest is 1 / (R_m C_m).
    ampa, gaba : ndarray of shape (n_modes, n_depths)
        Residues for current into the AMPA and GABA synapses, V/(A s) per cell.
    """

    rates: FloatArray
    ampa: FloatArray
    gaba: FloatArray

    def at(self, f: FloatArray) -> tuple[ComplexArray, ComplexArray]:
        """Return the transfer of AMPA and GABA at frequencies `f` (Hz), (n_freqs, n_depths)."""
        poles = np.reciprocal(self.rates[None, :] + 2j * np.pi * f[:, None]).astype(np.complex128)
        ampa: ComplexArray = poles @ self.ampa
        gaba: ComplexArray = poles @ self.gaba
        return ampa, gaba


def cable_transfer(cell: BallAndStickParams, depths: FloatArray) -> CableTransfer:
    """Return the transfer from synaptic currents to the potential on the axis.

    Parameters
    ----------
    cell : BallAndStickParams
        Morphology, membrane, medium, placement of the synapses.
    depths : ndarray of shape (n_depths,)
        Electrodes on the axis of the disc, m from the somata, positive towards the apex.

    Notes
    -----
    With membrane areas A, axial conductance matrix G and injected current I:
    (C_m A d/dt + A/R_m + G) V = I, transmembrane current -G V (outward). In the basis that
    diagonalises A^{-1/2} G A^{-1/2} each mode is one exponential. A point source at
    distance h from a disc of radius R gives [sqrt(R^2 + h^2) - h] / (2 pi sigma R^2) on
    average (V/A). AMPA and GABA centres closer than 150 µm raise a `RegimeWarning`.

    References
    ----------
    Cable equation, Rall (1962), Ann. N. Y. Acad. Sci. 96:1071; disc average by integration.

    Examples
    --------
    >>> from cortex.params.lfp import BallAndStickParams
    >>> transfer = cable_transfer(BallAndStickParams(), np.array([-2e-4, 6e-4]))
    >>> transfer.ampa.shape == (len(transfer.rates), 2)
    True
    """
    instance("cell", cell, BallAndStickParams)
    at = finite("depths", depths, 1)
    z, area, G = compartments(cell)
    root = np.sqrt(area)
    eigenvalues, modes = np.linalg.eigh(G / root[:, None] / root[None, :])
    rates = (1.0 / cell.R_m + np.maximum(eigenvalues, 0.0)) / cell.C_m
    h = np.abs(at[:, None] - z[None, :])
    R = cell.disc_radius
    potential = (np.sqrt(R**2 + h**2) - h) / (2.0 * np.pi * cell.conductivity * R**2)
    read_out = -(potential @ G) @ (modes / root[:, None]) / cell.C_m
    dendrite = np.pi * _diameters(cell, z) * cell.compartment
    placed = {
        kind: _spread(z, dendrite, getattr(cell, f"{kind}_from"), getattr(cell, f"{kind}_to"), kind)
        for kind in ("ampa", "gaba")
    }
    warn_separation(float(z @ placed["ampa"]), float(z @ placed["gaba"]))
    driven = {kind: (modes / root[:, None]).T @ place for kind, place in placed.items()}
    return CableTransfer(
        rates=rates,
        ampa=driven["ampa"][:, None] * read_out.T,
        gaba=driven["gaba"][:, None] * read_out.T,
    )


def compartments(cell: BallAndStickParams) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return positions (m), membrane areas (m^2) and the axial conductance matrix (S).

    The soma adds its surface half to the compartments on either side of 0. Neighbours are
    joined by half the axial resistance of each.
    """
    n_basal = round(cell.basal_length / cell.compartment)
    n_apical = round(cell.apical_length / cell.compartment)
    z = cell.compartment * (np.arange(-n_basal, n_apical, dtype=np.float64) + 0.5)
    diameter = _diameters(cell, z)
    area = np.pi * diameter * cell.compartment
    area[n_basal - 1 : n_basal + 1] += 0.5 * np.pi * cell.soma_diameter**2
    half = 2.0 * cell.R_i * cell.compartment / (np.pi * diameter**2)
    links = np.diff(np.eye(len(z)), axis=0)
    G: FloatArray = links.T @ (links / (half[1:] + half[:-1])[:, None])
    return z, area, G


def cable_lfp(
    transfer: CableTransfer, currents: SynapticCurrents, *, n_cells: int = 1
) -> FloatArray:
    """Return the LFP of a population whose cells receive the given mean currents.

    Parameters
    ----------
    transfer : CableTransfer
        From `cable_transfer`.
    currents : SynapticCurrents
        Mean currents per cell, 1-D, on an even grid, A; straight lines between samples, the
        cell at rest at the first one.
    n_cells : int
        Cells in the disc.

    Returns
    -------
    ndarray of shape (n_steps, n_depths)
        LFP, V.

    Raises
    ------
    ParameterError
        Currents that are not 1-D or not on the grid of `currents.time`, or an uneven grid.

    References
    ----------
    As for `cable_transfer`.

    Examples
    --------
    >>> from cortex.lfp.recorded import SynapticCurrents
    >>> from cortex.params.lfp import BallAndStickParams
    >>> transfer = cable_transfer(BallAndStickParams(), np.array([-2e-4, 6e-4]))
    >>> t = 1e-4 * np.arange(100)
    >>> currents = SynapticCurrents(time=t, ampa=1e-11 * (t > 0.002), gaba=0.0 * t)
    >>> lfp = cable_lfp(transfer, currents)[-1]
    >>> bool(lfp[1] < 0.0 < lfp[0])  # the current enters near the apex
    True
    """
    instance("transfer", transfer, CableTransfer)
    instance("currents", currents, SynapticCurrents)
    if not (currents.ampa.shape == currents.gaba.shape == (len(currents.time),)):
        msg = (
            f"mean currents must be 1-D with {len(currents.time)} samples, got "
            f"{currents.ampa.shape} and {currents.gaba.shape}"
        )
        raise ParameterError(msg)
    dt = even_step(currents.time)
    response = _relax(transfer.rates, currents.ampa, dt) @ transfer.ampa
    response += _relax(transfer.rates, currents.gaba, dt) @ transfer.gaba
    lfp: FloatArray = n_cells * response
    return lfp


def _relax(rates: FloatArray, current: FloatArray, dt: float) -> FloatArray:
    """Solve dx/dt = -rate x + current exactly for straight lines between samples, x = 0 at first.

    Over a step h, x gains phi u_0 + psi (u_1 - u_0), phi = (1 - e^{-rate h})/rate and
    psi = (1 - phi/h)/rate. Shape (n_steps, n_modes).
    """
    from scipy.signal import lfilter  # noqa: PLC0415  # slow to import, and few callers need it

    x = np.empty((len(current), len(rates)))
    for k, rate in enumerate(rates):
        phi = -np.expm1(-rate * dt) / rate
        psi = (1.0 - phi / dt) / rate
        start = np.array([-psi * current[0]])
        x[:, k] = lfilter([psi, phi - psi], [1.0, -np.exp(-rate * dt)], current, zi=start)[0]
    return x


def _diameters(cell: BallAndStickParams, z: FloatArray) -> FloatArray:
    """Return the diameter of the dendrite at `z`, m."""
    return np.where(z < 0.0, cell.basal_diameter, cell.diameter)


def _spread(z: FloatArray, area: FloatArray, low: float, high: float, kind: str) -> FloatArray:
    """Return the share of the synapses in each compartment: as dense as the membrane there."""
    inside = np.where((z > low) & (z < high), area, 0.0)
    if not np.any(inside):
        msg = f"no compartment between {low} and {high} m for {kind}; shorten the compartments"
        raise ParameterError(msg)
    share: FloatArray = inside / inside.sum()
    return share
