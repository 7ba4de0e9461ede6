"""Time course of a synaptic current after one spike, in one place for spikes and simulations."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from cortex.arguments import guarded
from cortex.errors import ParameterError
from cortex.params.lfp import KernelParams
from cortex.typing import ComplexArray, FloatArray

Norm = Literal["area", "peak", "difference", "cascade"]
LONGEST = 1.0  # s; time constants and delays beyond it are milliseconds


@guarded
@dataclass(frozen=True, slots=True, kw_only=True)
class SynapticKernel:
    """Current after one presynaptic spike of unit weight.

    k(t) = A [exp(-t/tau_decay) - exp(-t/tau_rise)] for t >= 0, else 0.

    Parameters
    ----------
    tau_decay, tau_rise : float
        Time constants, s; ``tau_rise = 0`` is a jump followed by one exponential.
    norm : {"area", "peak", "difference", "cascade"}
        What the weight of a synapse means, hence A:

        ``"area"``
            the charge: integral of k is 1 (k in 1/s);
        ``"peak"``
            the largest current: maximum of k is 1;
        ``"difference"``
            A = 1, the bare difference of exponentials;
        ``"cascade"``
            the increment of s in the simulated pair dI/dt = (s - I)/tau_decay,
            ds/dt = -s/tau_rise: A = tau_rise / (tau_decay - tau_rise).

    Notes
    -----
    Currents derived from spikes equal simulated ones only with the norm of the
    simulation. With ``"difference"`` on currents simulated by the cascade, AMPA (2, 0.4 ms)
    is 4 and GABA (5, 0.25 ms) 19 times too large, which changes their balance.

    Raises
    ------
    ParameterError
        Time constants that are exchanged, not finite or in ms; an unknown or impossible norm.

    Examples
    --------
    >>> k = SynapticKernel(tau_decay=2e-3, tau_rise=4e-4, norm="cascade")
    >>> round(k.amplitude, 6), round(k.area / 4e-4, 6)
    (0.25, 1.0)
    """

    tau_decay: float
    tau_rise: float
    norm: Norm = "area"

    def __post_init__(self) -> None:
        """Refuse time constants that make no kernel."""
        finite = np.isfinite(self.tau_decay) and np.isfinite(self.tau_rise)
        if not finite or self.tau_rise < 0.0 or self.tau_decay <= self.tau_rise:
            msg = (
                f"SynapticKernel: tau_decay = {self.tau_decay} s and tau_rise = {self.tau_rise} s "
                "must satisfy tau_decay > tau_rise >= 0; are the two exchanged, or in ms?"
            )
            raise ParameterError(msg)
        if self.tau_decay > LONGEST:
            msg = (
                f"SynapticKernel: tau_decay = {self.tau_decay} s exceeds {LONGEST} s; is it in ms?"
            )
            raise ParameterError(msg)
        if self.norm not in {"area", "peak", "difference", "cascade"}:
            msg = f"SynapticKernel: norm = {self.norm!r} is none of area, peak, difference, cascade"
            raise ParameterError(msg)
        if self.norm == "cascade" and self.tau_rise == 0.0:
            msg = "SynapticKernel: norm 'cascade' needs tau_rise > 0; use 'peak' or 'area'"
            raise ParameterError(msg)

    @classmethod
    def of(cls, params: KernelParams, norm: Norm = "area") -> "SynapticKernel":
        """Return the kernel of a parameter block.

        Parameters
        ----------
        params : KernelParams
            Time constants.
        norm : {"area", "peak", "difference", "cascade"}
            What the weight of a synapse means, see the class.

        Returns
        -------
        SynapticKernel
            The kernel with these time constants.
        """
        return cls(tau_decay=params.tau_decay, tau_rise=params.tau_rise, norm=norm)

    @property
    def peak_time(self) -> float:
        """Time of the maximum, s: tau_1 tau_2 / (tau_1 - tau_2) ln(tau_1 / tau_2)."""
        if self.tau_rise == 0.0:
            return 0.0
        difference = self.tau_decay - self.tau_rise
        ratio = np.log(self.tau_decay / self.tau_rise)
        return float(self.tau_decay * self.tau_rise / difference * ratio)

    @property
    def amplitude(self) -> float:
        """Prefactor A of the difference of exponentials."""
        match self.norm:
            case "area":
                return 1.0 / (self.tau_decay - self.tau_rise)
            case "peak":
                return 1.0 / float(self._difference(np.array(self.peak_time)))
            case "cascade":
                return self.tau_rise / (self.tau_decay - self.tau_rise)
            case _:
                return 1.0

    @property
    def area(self) -> float:
        """Integral over time, s times the unit of A: A (tau_decay - tau_rise)."""
        return self.amplitude * (self.tau_decay - self.tau_rise)

    def __call__(self, t: FloatArray) -> FloatArray:
        """Return k(t) at times `t` (s, any shape); zero before the spike."""
        return np.where(t >= 0.0, self.amplitude * self._difference(np.maximum(t, 0.0)), 0.0)

    def spectrum(self, f: FloatArray) -> ComplexArray:
        """Return the Fourier transform of the kernel.

        Parameters
        ----------
        f : ndarray of any shape
            Frequencies, Hz.

        Returns
        -------
        ndarray of complex, shape of `f`
            k(f) = A [tau_1 / (1 + i w tau_1) - tau_2 / (1 + i w tau_2)] with w = 2 pi f, in s
            times the unit of A; at f = 0 the area.
        """
        omega = 2.0 * np.pi * np.asarray(f)
        slow = self.tau_decay / (1.0 + 1j * omega * self.tau_decay)
        fast = self.tau_rise / (1.0 + 1j * omega * self.tau_rise)
        return np.asarray(self.amplitude * (slow - fast), dtype=np.complex128)

    def _difference(self, t: FloatArray) -> FloatArray:
        slow = np.exp(-t / self.tau_decay)
        return np.asarray(slow - np.exp(-t / self.tau_rise) if self.tau_rise else slow)
