"""Rows of the tables on the page of a network, and its findings, as text."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from cortex.networks.case import NetworkCase
from cortex.steps.select import Table

LARGE: Final = 10.0
"""Ratio from which on a factor says more than per cent."""


def driven(case: NetworkCase) -> list[list[str]]:
    """Return a row per population: its name, its Poisson inputs, its constant drive."""
    network, drive, body = case.network, case.network.drive, []
    for a, name in enumerate(network.names):
        inputs = []
        for i in np.flatnonzero(drive.rate[a]):
            g, jump = drive.g[a, i], drive.J[a, i]
            size = f"{1e9 * g:.3g} nS" if g > 0.0 else f"{1e3 * jump:+.3g} mV"
            wanted = case.wanted.get((name, int(i)))
            why = "" if wanted is None else f", found for {wanted:.3g} Hz"
            why += ", changes in time" if (name, int(i)) in case.courses else ""
            inputs.append(f"{drive.rate[a, i]:,.5g} Hz × {size}{why}")
        constant = f"{1e3 * drive.mu_dc[a]:.4g} mV" if drive.mu_dc[a] else "–"
        constant += ", changes in time" if (name, -1) in case.courses else ""
        body.append([name, "; ".join(inputs) or "–", constant])
    return body


def beside(part: Table, i: int) -> list[str]:
    """Return prediction, simulation with its error, and the difference, as text."""
    told, seen, error = (float(part[k][i]) for k in ("predicted", "simulated", "standard_error"))
    measured = f"{seen:.3g}" if np.isfinite(seen) else "–"
    measured += f" ± {error:.1g}" if np.isfinite(error) else ""
    difference = "–"
    if seen > 0.0 and np.isfinite(told):
        ratio = told / seen
        difference = f"×{ratio:.3g}" if ratio > LARGE else f"{100 * (ratio - 1):+.1f} %"
    return [f"{told:.3g}" if np.isfinite(told) else "–", measured, difference]


def furthest_off(part: Table) -> str:
    """Return how far predictions lie from simulations at most, as text; empty where none can.

    Examples
    --------
    >>> furthest_off({"predicted": np.array([4.0, 9.0]), "simulated": np.array([4.4, 9.1])})
    '9.1 %'
    >>> furthest_off({"predicted": np.array([4.0]), "simulated": np.array([0.5])})
    'a factor of 8'
    """
    told, seen = (np.asarray(part[name], dtype=float) for name in ("predicted", "simulated"))
    known = np.isfinite(told) & (told > 0.0) & (seen > 0.0)
    if not known.any():
        return ""
    ratio = told[known] / seen[known]
    factor = float(np.exp(np.abs(np.log(ratio)).max()))
    per_cent = 100.0 * float(np.abs(ratio - 1.0).max())
    if factor > 2.0:
        return f"a factor of {factor:.2g}" if factor < 100.0 else f"a factor of {factor:.0f}"
    return f"{per_cent:.2g} %"


def alike(sentences: Sequence[str], names: Sequence[str]) -> str:
    """Return sentences on several populations as one, where a name and a number alone differ.

    Parameters
    ----------
    sentences : sequence of str
        Findings of one aspect.
    names : sequence of str
        The population that each is about, at its beginning; empty where it is about none.

    Examples
    --------
    >>> alike(["E gets 34% of its noise.", "I gets 9% of its noise.", "It is stable."],
    ...       ["E", "I", ""])
    'E gets 34% of its noise; likewise I 9%. It is stable.'
    """
    said: dict[tuple[str, ...], list[tuple[str, str, str]]] = {}
    for sentence, name in dict.fromkeys(zip(map(str.strip, sentences), names, strict=True)):
        words = sentence.split()
        at = next((i for i, w in enumerate(words) if i and w[:1].isdigit()), 0)
        about = bool(name) and sentence.startswith(f"{name} ") and at > 0
        key = ("", *words[1:at], "", *words[at + 1 :]) if about else tuple(words)
        said.setdefault(key, []).append((name, words[at].rstrip(".,;:"), sentence))
    lines = []
    for (_, _, first), *others in said.values():
        likewise = ", ".join(f"{name} {number}" for name, number, _ in others)
        lines.append(f"{first.removesuffix('.')}; likewise {likewise}." if others else first)
    return " ".join(lines)
