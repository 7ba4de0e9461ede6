r"""The LFP over a sheet from the spikes on it: contacts at every place, at any height.

Dipoles stand upright, as dense as their neurons, and connections are as frequent as their law of
distance says. Then the weighted sum of a wave of rates exp(i k.x) is the wave times the transfer
of `rate_to_rws` at |k|, and its potential at a height z over the somata is the wave times the
transform of two monopoles a dendrite L apart (soma below),

    A(k, z) = [exp(-k |z|) - exp(-k |z - L|)] / (2 sigma k),

since 1/(4 pi sigma r) on a plane at a distance z has the transform exp(-k |z|)/(2 sigma k). So
neither synapses nor cells are visited one by one, and a sheet of any size costs what its map does.
Which neurons are joined is averaged over, as in `cortex.lfp.population_currents`.
"""

from dataclasses import dataclass

import numpy as np

from cortex.errors import ParameterError
from cortex.lfp.grid import checked_step
from cortex.lfp.theory import rate_to_rws
from cortex.params.description.lfp import LfpParams, SheetElectrodes
from cortex.params.network import PopulationNetwork
from cortex.typing import FloatArray

PAD = 0.1
"""s of silence behind the maps, so that what leaves at the end does not enter at the start."""
ROUNDED = 9
"""Decimals up to which the lengths of two wave vectors times the first side are the same."""


def dipole_transform(
    k: FloatArray, height: float, *, length: float, conductivity: float
) -> FloatArray:
    """Return the potential of upright dipoles whose current is a plane wave.

    Parameters
    ----------
    k : ndarray of any shape
        Angular wave numbers, 1/m; at zero the limit.
    height : float
        Of the contact over the somata, m.
    length : float
        From the soma to the apex above it, m.
    conductivity : float
        S/m.

    Returns
    -------
    ndarray of the shape of `k`
        V per A/m^2: multiplies the current of the dipoles per area.

    Examples
    --------
    >>> dipole_transform(np.array([0.0, 2e3]), 0.0, length=2.5e-4, conductivity=0.3).round(6)
    array([0.000417, 0.000328])
    """
    soma, apex = abs(height), abs(height - length)
    safe = np.where(k > 0.0, k, 1.0)
    waves = (np.exp(-safe * soma) - np.exp(-safe * apex)) / safe
    return np.asarray(np.where(k > 0.0, waves, apex - soma) / (2.0 * conductivity))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DipoleMaps:
    """Weighted sums of the currents of the cells of a sheet, per area.

    Parameters
    ----------
    somata : tuple of float
        Height of the somata of each target, m.
    currents : ndarray, shape (n_targets, n_times, ny, nx)
        A/m^2.
    extent : ndarray, shape (2,)
        Sides of the sheet, m.
    electrodes : SheetElectrodes
        Length of the dendrites, conductivity.
    """

    somata: tuple[float, ...]
    currents: FloatArray
    extent: FloatArray
    electrodes: SheetElectrodes

    def potential(self, height: float) -> FloatArray:
        """Return the potential at one height over every cell of the maps.

        Parameters
        ----------
        height : float
            m, counted as the heights of the somata.

        Returns
        -------
        ndarray, shape (n_times, ny, nx)
            V.
        """
        own = self.electrodes
        k = wave_numbers(self.currents.shape[2:], self.extent)
        total = np.zeros(self.currents.shape[1:], dtype=np.complex128)
        for soma, currents in zip(self.somata, self.currents, strict=True):
            over_soma = height - soma
            total += np.fft.fft2(currents) * dipole_transform(
                k, over_soma, length=own.length, conductivity=own.conductivity
            )
        return np.asarray(np.fft.ifft2(total).real)


def wave_numbers(shape: tuple[int, ...], extent: FloatArray) -> FloatArray:
    """Return the lengths of the wave vectors of maps, 1/m, shape (ny, nx)."""
    axes = [
        2.0 * np.pi * np.fft.fftfreq(m, side / m)
        for m, side in zip(shape[::-1], extent, strict=True)
    ]
    return np.asarray(np.hypot(*np.meshgrid(*axes)))


def dipole_maps(
    rates: FloatArray, network: PopulationNetwork, lfp: LfpParams, *, dt: float
) -> DipoleMaps:
    """Return the weighted sums of the currents over a sheet.

    Parameters
    ----------
    rates : ndarray, shape (n_pops, n_times, ny, nx)
        Maps of the rate per neuron, Hz, of all populations (`cortex.analysis.sheets.sheet_rate`).
    network : PopulationNetwork
        On a periodic sheet: profiles, in-degrees, jumps and delays.
    lfp : LfpParams
        Which populations carry dipoles, their currents, and the electrodes.
    dt : float
        Bin of the maps, s.

    Raises
    ------
    ParameterError
        The network lies on no periodic sheet, or there are no electrodes.

    Notes
    -----
    A bin is a moment: frequencies near 1/(2 dt) and wave lengths near two cells are not kept.
    Spikes before the first bin are unknown, so the first tens of milliseconds are a transient.
    """
    space = network.space
    if space is None or space.dim != 2 or not space.periodic or lfp.electrodes is None:
        msg = "the LFP over a sheet needs a network on a periodic sheet, and `lfp.electrodes`"
        raise ParameterError(msg)
    n = rates.shape[1]
    padded = n + round(PAD / checked_step(dt))
    f = np.asarray(np.fft.rfftfreq(padded, dt), dtype=np.float64)
    k = wave_numbers(rates.shape[2:], space.extent)
    waves = np.fft.fft2(np.fft.rfft(rates, padded, axis=1))
    sums = np.empty((len(lfp.targets), *waves.shape[1:]), dtype=np.complex128)
    alike = np.round(k * float(space.extent[0]), ROUNDED)
    for value in np.unique(alike):
        here = alike == value
        for a, name in enumerate(lfp.targets):
            q = rate_to_rws(
                network,
                f,
                targets=(name,),
                synapses=lfp.synapses,
                weighting=lfp.weighting,
                wave_number=float(k[here][0]),
            )
            sums[a][:, here] = np.einsum("fb,bfw->fw", q, waves[:, :, here])
    rows = [network.names.index(name) for name in lfp.targets]
    density = network.sizes[rows] / float(np.prod(space.extent))
    currents = np.fft.irfft(np.fft.ifft2(sums), padded, axis=1)[:, :n]
    return DipoleMaps(
        somata=tuple(lfp.soma_of(name) for name in lfp.targets),
        currents=currents * density[:, np.newaxis, np.newaxis, np.newaxis],
        extent=space.extent,
        electrodes=lfp.electrodes,
    )


def current_source_density(
    potential: FloatArray, spacing: float, conductivity: float
) -> FloatArray:
    """Return the current source density of contacts above each other, by second differences.

    Parameters
    ----------
    potential : ndarray, shape (n_times, n_heights)
        V, lowest contact first.
    spacing : float
        Distance of neighbours, m.
    conductivity : float
        S/m.

    Returns
    -------
    ndarray, shape (n_times, n_heights - 2)
        -sigma d^2 phi/dz^2 at the inner contacts, A/m^3: sources positive. What the potential
        changes along the layers is left out, as ever with one shaft (Nicholson & Freeman 1975,
        J. Neurophysiol. 38:356).
    """
    return np.asarray(-conductivity * np.diff(potential, 2, axis=1) / spacing**2)
