"""Simulate the response of an EIF neuron to a sinusoid in its mean input; print the JSON beside.

Run as ``python simulate_eif_response.py > eif_response.json`` (about a minute of one core).
Steps of 0.02 ms: leak, drive and noise by Euler, the upswing exactly, so that the time of a
spike within its step is known. Spikes are projected on the sinusoid; the standard error follows
from their number.
"""

import json
import sys

import numpy as np
from numba import njit

CELL = {"tau_m_ms": 20.0, "tau_ref_ms": 2.0, "V_th_mV": 15.0, "Delta_T_mV": 1.5}
CELL |= {"V_peak_mV": 45.0, "V_reset_mV": 5.0}
MU, SIGMA, DT = 16.0, 4.0, 0.02  # mV, mV, ms
# frequency (Hz), amplitude of the input (mV), seconds of one neuron
RUNS = ((10.0, 1.5, 14_000.0), (40.0, 3.0, 11_000.0), (125.0, 7.0, 17_000.0))
WARM = 500.0  # ms


@njit
def project(  # noqa: PLR0917
    rng, cell, mu, sigma, dt, amplitude, frequency, n_steps, n_warm
):
    """Return the number of spikes and their sums with cosine and sine; frequency in 1/ms."""
    tau_m, tau_ref, V_th, Delta_T, V_peak, V_reset = cell
    noise, step, omega = sigma * np.sqrt(dt / tau_m), dt / tau_m, 2.0 * np.pi * frequency
    period = round(1.0 / frequency / dt)
    cosine = np.cos(2.0 * np.pi * np.arange(period) / period)
    last = np.exp((V_th - V_peak) / Delta_T)
    V, free, count, real, imag = V_reset, 0.0, 0, 0.0, 0.0
    for t in range(n_steps + n_warm):
        if (t + 0.5) * dt < free:
            continue
        V += step * (mu + amplitude * cosine[t % period] - V) + noise * rng.standard_normal()
        if V_th - 12.0 * Delta_T > V:
            continue
        # dV/dt = Delta_T exp((V - V_th)/Delta_T)/tau_m: exp(-(V - V_th)/Delta_T) falls linearly
        left = np.exp((V_th - V) / Delta_T)
        if left - last > step:
            V = V_th - Delta_T * np.log(left - step)
            continue
        at = (t + max(left - last, 0.0) / step) * dt
        V, free = V_reset, at + tau_ref
        if t >= n_warm:
            count += 1
            real += np.cos(omega * at)
            imag -= np.sin(omega * at)
    return count, real, imag


def main() -> None:
    """Simulate and print."""
    rng, points = np.random.default_rng(20), []
    for frequency, amplitude, seconds in RUNS:
        n_steps = round(1e3 * seconds / DT)
        count, real, imag = project(
            rng,
            tuple(CELL.values()),
            MU,
            SIGMA,
            DT,
            amplitude,
            1e-3 * frequency,
            n_steps,
            round(WARM / DT),
        )
        scale = 2.0 / seconds / amplitude
        points.append(
            {
                "frequency_Hz": frequency,
                "amplitude_mV": amplitude,
                "rate_Hz": count / seconds,
                "response_Hz_per_mV": [scale * real, scale * imag],
                "se_Hz_per_mV": float(np.sqrt(2.0 * count) / seconds / amplitude),
            }
        )
    out = {"cell": CELL, "mu_mV": MU, "sigma_mV": SIGMA, "dt_ms": DT, "points": points}
    json.dump(out, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
