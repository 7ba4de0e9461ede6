"""Stored numbers of NNMT 1.3.0 with their independent checks, and slow 30-digit oracles."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import mpmath as mp
import numpy as np
import pytest
from scipy import integrate, special

from cortex.meanfield import firing_rate, linear_response
from cortex.params.brunel import BrunelParams
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons
from cortex.params.network import PopulationNetwork
from cortex.params.synapses import Synapses

DATA = Path(__file__).parents[2] / "data" / "nnmt"


def plain(quantity):
    """Return a stored quantity as an array; complex numbers are stored as [re, im]."""
    if not isinstance(quantity, dict) or "value" not in quantity:
        return quantity
    value = quantity["value"]
    try:
        array = np.array(value, dtype=object).astype(float)
    except (ValueError, TypeError):
        return value
    return array[..., 0] + 1j * array[..., 1] if quantity.get("complex") else array


def case(raw):
    """Return inputs (i), outputs (o) and independent checks (check) of one stored case."""
    parts = {}
    for short, long in (("i", "inputs"), ("o", "outputs"), ("check", "independent_check")):
        parts[short] = {key: plain(value) for key, value in raw.get(long, {}).items()}
    return SimpleNamespace(id=raw["id"], raw=raw, **parts)


@pytest.fixture(scope="session")
def brunel():
    """Return model A of Brunel (2000) in its state C, g = 5 at twice the threshold rate."""
    return BrunelParams(g=5.0, nu_ext_ratio=2.0)


@pytest.fixture(scope="session")
def winding_number():
    """Return a function that counts the turns of a phase along the border of a rectangle.

    From the phase alone, sampled ever more finely until it turns by less than half a radian.
    """

    def count(phase, region):
        total = 0.0
        for a, b in pairwise(region.corners):
            t = np.linspace(0.0, 1.0, 33)
            values = phase(a + (b - a) * t)
            while np.any(rough := np.abs(np.angle(np.exp(1j * np.diff(values)))) > 0.5):
                middle = 0.5 * (t[1:] + t[:-1])[rough]
                at = np.flatnonzero(rough) + 1
                t = np.insert(t, at, middle)
                values = np.insert(values, at, phase(a + (b - a) * middle))
            total += np.sum(np.angle(np.exp(1j * np.diff(values))))
        return round(total / (2.0 * np.pi))

    return count


@pytest.fixture(scope="session")
def stored():
    """Return a function that gives the cases of one file of stored numbers."""

    def read(name):
        text = (DATA / f"{name}.json").read_text(encoding="utf-8")
        return [case(raw) for raw in json.loads(text)["cases"]]

    return read


def neuron_of(i):
    """Return the neurons of stored inputs."""
    return LIFNeurons(
        tau_m=i["tau_m"], tau_ref=i["tau_r"], V_th=i["V_th_rel"], V_reset=i["V_0_rel"]
    )


@pytest.fixture(scope="session")
def neuron():
    """Return `neuron_of`."""
    return neuron_of


@pytest.fixture(scope="session")
def network_of():
    """Return a function that builds a network from stored inputs, with one tau_s for all."""

    def build(i, tau_s=0.0, mu_dc=0.0):
        K = np.atleast_2d(i["K"])
        n = len(K)
        J_ext = np.reshape(i["J_ext"], (n, -1))
        rate_ext = np.reshape(i["K_ext"], (n, -1)) * np.asarray(i["nu_ext"])
        tau = np.broadcast_to(tau_s, (n,))[:, None]
        return PopulationNetwork(
            names=tuple(f"p{a}" for a in range(n)),
            sizes=np.full(n, 100),
            neurons=neuron_of(i),
            synapses=Synapses(in_degrees=K, J=i["J"], tau_s=tau, delay=1e-3),
            drive=Drive(rate=rate_ext, J=J_ext, tau_s=tau, mu_dc=mu_dc),
        )

    return build


@pytest.fixture(scope="session")
def peer_response():
    """Return the response with tau_ref in the rate but not in the denominator, as NNMT has it."""

    def respond(lam, point, cell):
        mu, sigma, tau_s = point.mu, point.sigma, point.tau_s
        alive = replace(cell, tau_ref=0.0)
        nu, nu_alive = firing_rate(mu, sigma, cell), firing_rate(mu, sigma, alive)
        if point.method == "shift":
            nu, nu_alive = (firing_rate(mu, sigma, a, tau_s=tau_s) for a in (cell, alive))
            return linear_response(lam, mu, sigma, alive, tau_s=tau_s).H_mu * nu / nu_alive
        white = linear_response(lam, mu, sigma, alive).H_mu / nu_alive
        first = linear_response(lam, mu, sigma, alive, tau_s=tau_s, method="taylor").H_mu
        rise, rise_alive = (
            firing_rate(mu, sigma, a, tau_s=tau_s, method="taylor") - firing_rate(mu, sigma, a)
            for a in (cell, alive)
        )
        return nu * (first - rise_alive * white) / nu_alive + rise * white

    return respond


def kummer(a, b, z):
    """Return the confluent hypergeometric function by its power series."""
    total = term = mp.mpc(1)
    n = 0
    while n <= max(abs(a), abs(z)) or abs(term) > abs(total) * mp.mpf(10) ** (-mp.mp.dps):
        term *= (a + n) / (b + n) * z / (n + 1)
        total += term
        n += 1
    return total


def psi(q, x):
    """Return exp(x^2/4) U(q - 1/2, -x) from its even and odd parts (DLMF 12.4)."""
    half, z = mp.mpf(1) / 2, x * x / 2
    even = mp.rgamma((1 + q) * half) * kummer(q * half, half, z)
    odd = mp.rgamma(q * half) * kummer((1 + q) * half, 3 * half, z)
    return mp.sqrt(mp.pi) * mp.mpf(2) ** (-q * half) * (even + mp.sqrt(2) * x * odd)


def boundaries(mu, sigma, neuron, shift):
    """Return tau_m, tau_ref and the two boundaries y; neuron is (tau_m, tau_ref, V_th, V_reset)."""
    tau_m, tau_ref, V_th, V_reset = map(mp.mpf, neuron)
    y = [(V - mp.mpf(mu)) / mp.mpf(sigma) + mp.mpf(shift) for V in (V_reset, V_th)]
    return tau_m, tau_ref, y


def siegert_primitive(y):
    """Return int_0^y exp(u^2) (1 + erf u) du in closed form."""
    return mp.sqrt(mp.pi) / 2 * mp.erfi(y) + y * y / mp.sqrt(mp.pi) * mp.hyp2f2(
        1, 1, mp.mpf(3) / 2, 2, y * y
    )


def digits_for(mu, sigma, neuron, shift):
    """Return the digits needed where even and odd parts cancel like exp(-y^2)."""
    _, _, (a, b) = boundaries(mu, sigma, neuron, shift)
    return 40 + int(0.9 * float(max(abs(a), abs(b)) ** 2))


def rate(mu, sigma, neuron, shift=0.0):
    """Return the Siegert rate from the closed form of its integral."""
    with mp.workdps(digits_for(mu, sigma, neuron, shift)):
        tau_m, tau_ref, (a, b) = boundaries(mu, sigma, neuron, shift)
        integral = siegert_primitive(b) - siegert_primitive(a)
        return 1 / (tau_ref + tau_m * mp.sqrt(mp.pi) * integral)


def response(lam, mu, sigma, neuron, shift=0.0):
    """Return H_mu and H_sigma2 from differences of psi, as in the papers."""
    nu = rate(mu, sigma, neuron, shift)
    digits = digits_for(mu, sigma, neuron, shift) + int(1.5 * abs(lam) * neuron[0])
    with mp.workdps(digits):
        tau, ref, y = boundaries(mu, sigma, neuron, shift)
        lam = mp.mpc(lam)
        p = lam * tau
        r, t = (mp.sqrt(2) * v for v in y)
        entry = psi(p, t) - mp.exp(-lam * ref) * psi(p, r)
        by_mean = p * (psi(p + 1, t) - psi(p + 1, r)) / (1 + p) / entry
        by_variance = p * (p + 1) * (psi(p + 2, t) - psi(p + 2, r)) / (2 + p) / entry
        scale = nu / mp.mpf(sigma)
        return complex(mp.sqrt(2) * scale * by_mean), complex(scale / mp.mpf(sigma) * by_variance)


def squared_cv(mu, sigma, neuron, shift=0.0):
    """Return CV^2 as the double integral of Brunel (2000), by nested adaptive quadrature."""
    tau, _, (a, b) = boundaries(mu, sigma, neuron, shift)
    a, b = float(a), float(b)

    def inner(x):
        def integrand(u):
            return special.erfcx(-u) ** 2 * np.exp(x * x - u * u)

        points = [x - 8.0, x - 2.0, x - 0.5, x - 0.05, x]
        return sum(
            integrate.quad(integrand, *pair, epsabs=0.0, epsrel=1e-12)[0]
            for pair in pairwise([-np.inf, *points])
        )

    total = sum(
        integrate.quad(inner, *pair, epsabs=0.0, epsrel=1e-11)[0]
        for pair in pairwise(np.linspace(a, b, 5))
    )
    return 2.0 * np.pi * (float(rate(mu, sigma, neuron, shift)) * float(tau)) ** 2 * total


@pytest.fixture(scope="session")
def exact():
    """Return the oracles and what they are made of."""
    parts = {"boundaries": boundaries, "psi": psi, "siegert_primitive": siegert_primitive}
    return SimpleNamespace(rate=rate, response=response, squared_cv=squared_cv, mp=mp, **parts)
